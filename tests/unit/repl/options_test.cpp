#include "repl/options.hpp"

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "repl/prompt.hpp"

namespace {

repl::Options parse(std::vector<const char*> words) {
  words.insert(words.begin(), "moontide");
  return repl::parse_options(static_cast<int>(words.size()), words.data());
}

}  // namespace

TEST_CASE("the command line: options, then a script with its own arguments") {
  const repl::Options none = parse({});
  CHECK((none.script.empty() && none.code.empty() && !none.stay && none.answer.empty()));
  const repl::Options script = parse({"-i", "a.mt", "-e", "x", "--help", "-"});
  CHECK(script.stay);
  CHECK(script.script == "a.mt");
  CHECK(script.arguments == std::vector<std::string>{"-e", "x", "--help", "-"});
  CHECK(script.code.empty());
  const repl::Options code = parse({"-e", "x = 1", "-e", "print(x)", "-"});
  CHECK(code.code == std::vector<std::string>{"x = 1", "print(x)"});
  CHECK(code.script == "-");
  CHECK(parse({"--version"}).answer == "Moontide " MOONTIDE_VERSION "\n");
  CHECK(parse({"--help"}).answer.find("moontide [options] [file [arguments…]]") != std::string::npos);
}

TEST_CASE("an unknown option names the nearest") {
  try {
    parse({"--vresion"});
    FAIL("no error");
  } catch (const core::Error& error) {
    CHECK(error.message() == "moontide: unknown option '--vresion'");
    CHECK(error.hints().front().find("did you mean '--version'?") == 0);
  }
  CHECK_THROWS_AS(parse({"-e"}), core::Error);
}

TEST_CASE("completion types what all candidates share, whole characters only") {
  CHECK(repl::common_head({}).empty());
  CHECK(repl::common_head({"placebo"}) == "placebo");
  CHECK(repl::common_head({"placebo", "placement", "place"}) == "place");
  CHECK(repl::common_head({"ab", "cd"}).empty());
  CHECK(repl::common_head({"x城市", "x城镇"}) == "x城");
  CHECK(repl::common_head({"x市", "x帀"}) == "x");
}
