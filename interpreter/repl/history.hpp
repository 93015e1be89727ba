// What was typed, kept across runs: one input a line, its newlines and backslashes escaped.
#pragma once

#include <string>
#include <vector>

namespace repl {

class History {
 public:
  /// ${XDG_STATE_HOME:-~/.local/state}/moontide/history, or "" when there is no home.
  static std::string default_path();

  /// An empty path keeps nothing.
  explicit History(std::string path) : path_(std::move(path)) {}

  /// The inputs kept, oldest first, at most `most`. A file much longer than that is cut to its end. A file that cannot
  /// be read counts as empty.
  std::vector<std::string> load(std::size_t most = 2000) const;
  /// Appends one input in one write under a lock, so that sessions at the same time do not mix. A folder that cannot be
  /// written to is no reason to stop anyone's work: nothing is kept then.
  void append(const std::string& input) const;

 private:
  std::string path_;
};

}  // namespace repl
