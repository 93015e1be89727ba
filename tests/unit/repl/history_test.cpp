#include "repl/history.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace {

/// A folder of its own for each test, removed at the end.
struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "moontide_historyXXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file() const { return (path / "state" / "moontide" / "history").string(); }
};

}  // namespace

TEST_CASE("history keeps inputs of several lines across runs") {
  const Folder folder;
  const std::vector<std::string> inputs = {"x = 1", "f = function()\n  return \"a\\n\"\nend", "城市 -- \\", ""};
  for (const std::string& input : inputs) repl::History(folder.file()).append(input);
  CHECK(repl::History(folder.file()).load() == inputs);
  CHECK(repl::History(folder.file()).load(2) == std::vector<std::string>{"城市 -- \\", ""});
}

TEST_CASE("history survives sessions that write at once, a torn line, and no folder") {
  const Folder folder;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer)
    writers.emplace_back([&, writer] {
      for (int i = 0; i < 50; ++i)
        repl::History(folder.file()).append(std::string(200, static_cast<char>('a' + writer)));
    });
  for (std::thread& writer : writers) writer.join();
  const std::vector<std::string> kept = repl::History(folder.file()).load();
  CHECK(kept.size() == 200);
  for (const std::string& input : kept) CHECK(input == std::string(200, input.front()));

  std::ofstream(folder.file(), std::ios::app) << "torn";
  CHECK(repl::History(folder.file()).load().size() == 200);
  CHECK(repl::History("/proc/none/history").load().empty());
  repl::History("/proc/none/history").append("x");
  CHECK(repl::History("").load().empty());
}

TEST_CASE("a long history is cut to its end") {
  const Folder folder;
  const repl::History history(folder.file());
  for (int i = 0; i < 25; ++i) history.append(std::to_string(i));
  CHECK(history.load(20).size() == 20);
  CHECK(history.load(100).size() == 25);
  CHECK(history.load(10).front() == "15");
  CHECK(history.load(100).size() == 10);  // more than twice 10: the file was cut
  history.append("25");
  CHECK(history.load(100).back() == "25");
}

TEST_CASE("history lies where XDG says") {
  setenv("XDG_STATE_HOME", "/s", 1);
  CHECK(repl::History::default_path() == "/s/moontide/history");
  unsetenv("XDG_STATE_HOME");
  setenv("HOME", "/h", 1);
  CHECK(repl::History::default_path() == "/h/.local/state/moontide/history");
  unsetenv("HOME");
  CHECK(repl::History::default_path().empty());
}
