#include "repl/history.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>

namespace repl {
namespace {

/// An open file with an exclusive lock, both given back at the end.
class Locked {
 public:
  Locked(const std::string& path, int flags) : descriptor_(open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (descriptor_ >= 0) flock(descriptor_, LOCK_EX);
  }
  ~Locked() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  std::string read_all() const {
    std::string text;
    std::array<char, 65536> buffer{};
    for (ssize_t got = 0; (got = read(descriptor_, buffer.data(), buffer.size())) > 0;)
      text.append(buffer.data(), static_cast<std::size_t>(got));
    return text;
  }
  bool write_all(const std::string& text) const {
    return write(descriptor_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  }
  void replace(const std::string& text) const {
    if (ftruncate(descriptor_, 0) == 0 && lseek(descriptor_, 0, SEEK_SET) == 0) write_all(text);
  }

 private:
  int descriptor_;
};

std::string escaped(const std::string& input) {
  std::string line;
  for (const char c : input) {
    if (c == '\\') {
      line += "\\\\";
    } else if (c == '\n') {
      line += "\\n";
    } else {
      line += c;
    }
  }
  return line + "\n";
}

std::vector<std::string> unescaped(const std::string& text) {
  std::vector<std::string> inputs(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      inputs.emplace_back();
    } else if (text[i] == '\\' && i + 1 < text.size()) {
      inputs.back() += text[++i] == 'n' ? '\n' : text[i];
    } else {
      inputs.back() += text[i];
    }
  }
  inputs.pop_back();  // after the last newline; a line without one was not written whole
  return inputs;
}

}  // namespace

std::string History::default_path() {
  const char* const state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::string(state) + "/moontide/history";
  const char* const home = std::getenv("HOME");
  return home != nullptr && *home != '\0' ? std::string(home) + "/.local/state/moontide/history" : "";
}

std::vector<std::string> History::load(std::size_t most) const {
  if (path_.empty()) return {};
  const Locked file(path_, O_RDWR);
  if (!file.is_open()) return {};
  std::vector<std::string> inputs = unescaped(file.read_all());
  if (inputs.size() > 2 * most) {
    inputs.erase(inputs.begin(), inputs.end() - static_cast<std::ptrdiff_t>(most));
    std::string text;
    for (const std::string& input : inputs) text += escaped(input);
    file.replace(text);
  }
  if (inputs.size() > most) inputs.erase(inputs.begin(), inputs.end() - static_cast<std::ptrdiff_t>(most));
  return inputs;
}

void History::append(const std::string& input) const {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), ignored);
  const Locked file(path_, O_WRONLY | O_CREAT | O_APPEND);
  if (file.is_open()) file.write_all(escaped(input));
}

}  // namespace repl
