#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "bindings/interpreter.hpp"

TEST_CASE("plain Lua programs mean in a script what they mean in Lua") {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TESTS_DIR "/language/plain")) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    // As a file, so that a first line for the shell is skipped; with .mt, so that it is translated.
    const std::filesystem::path script =
        std::filesystem::temp_directory_path() / (entry.path().stem().string() + std::to_string(getpid()) + ".mt");
    std::ofstream(script, std::ios::binary) << text.str();
    bindings::Interpreter interpreter;
    const bindings::Outcome outcome = interpreter.run_file(script.string(), {});
    std::filesystem::remove(script);
    INFO(entry.path() << "\n" << outcome.error);
    CHECK(outcome.ok);
    CHECK(outcome.exit_status == 0);
    ++files;
  }
  CHECK(files == 4);
}
