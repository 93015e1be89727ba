// Runs gnuplot. Script and answers travel through unnamed temporary files: a pipe could fill, or break.
#include "report/gnuplot.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <vector>

namespace report {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

File temporary() {
  File file(std::tmpfile());
  if (!file) throw core::Error("cannot make a temporary file: " + std::generic_category().message(errno));
  return file;
}

std::string content(std::FILE* file) {
  std::rewind(file);
  std::string out;
  std::array<char, 65536> buffer{};
  std::size_t got = 0;
  while ((got = std::fread(buffer.data(), 1, buffer.size(), file)) > 0) out.append(buffer.data(), got);
  return out;
}

/// The user's environment without what would change a figure: language and gnuplot's own settings.
std::vector<std::string> environment() {
  std::vector<std::string> out = {"LC_ALL=C.UTF-8"};
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string text = *entry;
    if (core::starts_with(text, "LC_") || core::starts_with(text, "LANG") || core::starts_with(text, "GNUTERM=") ||
        core::starts_with(text, "GNUPLOT_"))
      continue;
    out.push_back(text);
  }
  return out;
}

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  void put(std::FILE* file, int descriptor) { posix_spawn_file_actions_adddup2(&actions_, fileno(file), descriptor); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// gnuplot's complaint without the script line it repeats and the caret under it.
std::string complaint(const std::string& errors) {
  for (const std::string& line : core::split(errors, '\n')) {
    const std::size_t at = line.find(": ");
    if (core::starts_with(core::trim(line), "line ") && at != std::string::npos) return line.substr(at + 2);
  }
  return std::string(core::trim(errors));
}

}  // namespace

std::string run_gnuplot(const std::string& script) {
  const File in = temporary(), out = temporary(), errors = temporary();
  if (std::fwrite(script.data(), 1, script.size(), in.get()) != script.size() || std::fflush(in.get()) != 0)
    throw core::Error("cannot write a temporary file: " + std::generic_category().message(errno));
  std::rewind(in.get());

  FileActions actions;
  actions.put(in.get(), STDIN_FILENO);
  actions.put(out.get(), STDOUT_FILENO);
  actions.put(errors.get(), STDERR_FILENO);
  std::string name = "gnuplot", defaults = "-d", from_input = "-";
  std::array<char*, 4> arguments{name.data(), defaults.data(), from_input.data(), nullptr};
  std::vector<std::string> settings = environment();
  std::vector<char*> entries;
  entries.reserve(settings.size() + 1);
  for (std::string& setting : settings) entries.push_back(setting.data());
  entries.push_back(nullptr);

  pid_t child = 0;
  const int failed = posix_spawnp(&child, name.c_str(), actions.get(), nullptr, arguments.data(), entries.data());
  if (failed == ENOENT)
    throw core::Error("gnuplot, which draws the figures, is not installed")
        .hint("Debian and Ubuntu: apt install gnuplot-nox; macOS: brew install gnuplot");
  if (failed) throw core::Error("cannot start gnuplot: " + std::generic_category().message(failed));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw core::Error("lost gnuplot: " + std::generic_category().message(errno));
  }
  core::poll();

  std::string drawn = content(out.get());
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || drawn.empty()) {
    const std::string said = complaint(content(errors.get()));
    throw core::Error("gnuplot could not draw the figure" + (said.empty() ? std::string() : ": " + said));
  }
  return drawn;
}

}  // namespace report
