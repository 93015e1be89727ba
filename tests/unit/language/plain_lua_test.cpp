#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "language/translate.hpp"

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("plain Lua programs go through the translator byte for byte") {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TESTS_DIR "/language/plain")) {
    const std::string script = read(entry.path());
    INFO(entry.path());
    CHECK(language::translate(script, "x").lua == script);
    CHECK_FALSE(language::incomplete(script));
    // The translator followed the whole file: what comes after it is still translated.
    const std::string body = script.substr(script.rfind("#!", 0) == 0 ? script.find('\n') : 0);
    const std::string wrapped = "do " + body + "\nend f(a:b, k=1)";
    CHECK(language::translate(wrapped, "x").lua == "do " + body + "\nend f(a^__ia^b, __kw(\"k\", {k=1}))");
    ++files;
  }
  CHECK(files == 4);
}
