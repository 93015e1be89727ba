#include "bindings/mark.hpp"

#include <catch2/catch.hpp>

using bindings::find_mark;

namespace {

/// What is marked, and how often the same stands before it in the text.
std::string marked(const core::Error& error, const std::string& text, int line = 1) {
  const auto mark = find_mark(error, text, line, false);
  if (!mark) return "nothing";
  return text.substr(0, mark->begin) + "[" + text.substr(mark->begin, mark->end - mark->begin) + "]";
}

}  // namespace

TEST_CASE("a word is marked where it is meant") {
  const core::Error unknown = core::Error("unknown name 'x'").word("x");
  CHECK(marked(unknown, "gen(x = x + 1)") == "gen(x = [x]");
  CHECK(marked(unknown, "gen(max = x)") == "gen(max = [x]");
  CHECK(marked(unknown, "reg(y ~ z) -- x") == "nothing");
  CHECK(marked(unknown, "f = 1\nreg(y ~\n  x)", 2) == "f = 1\nreg(y ~\n  [x]");
  CHECK(marked(core::Error("unknown option 'x'; options: …").word("x"), "reg(y ~ x, x=1)") == "reg(y ~ x, [x]");
  CHECK(marked(core::Error("no column '人'").word("人"), "su 人均 人") == "su 人均 [人]");
}

TEST_CASE("the call and the option that a message names are marked before others") {
  core::Error twice = core::Error("no column 'l2'").word("l2");
  twice.in_command("gen");
  CHECK(marked(twice, "summarize(l2); gen(x = l2)") == "summarize(l2); gen(x = [l2]");
  CHECK(marked(core::Error("the weight y is negative in row 1: -1").word("y"), "reg(y ~ x, weights=fw(y))") ==
        "reg(y ~ x, weights=fw([y]");
  CHECK(marked(core::Error("option 'reps' must be 1 or more, not -5"), "placebo(m, reps=-5, seed=1)") ==
        "placebo(m, reps=[-5]");
  CHECK(marked(core::Error("no ssc preset 'fixst'"), "reg(y ~ x, ssc=\"fixst\")") == "reg(y ~ x, ssc=[\"fixst\"]");
  CHECK(marked(core::Error("'x' takes no level 2050"), "reg(y ~ i(x))") == "reg(y ~ i([x]");
}

TEST_CASE("a caret's text is a whole string before it is a part of one, or a word") {
  const auto at = [](const std::string& text, std::size_t offset, std::size_t length) {
    return core::Error("no column").at({text, offset, length});
  };
  CHECK(marked(at("a", 0, 1), R"(reg(tax ~ a1, fe="a"))") == R"(reg(tax ~ a1, fe="[a])");
  CHECK(marked(at("a", 0, 1), R"(f("ab", "a"))") == R"(f("ab", "[a])");
  CHECK(marked(at("y ~ x", 4, 1), R"(reg("y ~ x", note="y"))") == R"(reg("y ~ [x])");
  CHECK(marked(at("y ~ x", 4, 1), R"(reg(made))") == "nothing");
}

TEST_CASE("a statement that gives a name its value is told from others") {
  CHECK(bindings::gives_value("gen(x = 1, y = x)", 1, "gen", "x"));
  CHECK_FALSE(bindings::gives_value("gen(y = x == 1)", 1, "gen", "x"));
  CHECK_FALSE(bindings::gives_value("reg(y ~ z, x = 1)", 1, "gen", "x"));
}
