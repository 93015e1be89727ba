// Reads lines from whoever types them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bindings/interpreter.hpp"

namespace repl {

struct Line {
  enum class End { entered, interrupted, closed } end = End::entered;  ///< Enter, Ctrl-C, Ctrl-D
  std::string text;
};

class Prompt {
 public:
  using Completer = std::function<bindings::Interpreter::Completion(const std::string& text, std::size_t cursor)>;
  virtual ~Prompt() = default;
  /// One line. `before` holds the lines typed so far of an input that goes on, for completion.
  virtual Line read(const std::string& prompt, const std::string& before) = 0;
  /// An input that Up brings back.
  virtual void remember(const std::string& input) = 0;
};

/// Lines as they come, no editing: for input that is not a terminal, and for builds without Readline.
std::unique_ptr<Prompt> plain_prompt();
/// GNU Readline: editing, history, Tab.
std::unique_ptr<Prompt> readline_prompt(Prompt::Completer completer, std::function<void(int)> on_width);
/// The best one that this build and standard input have.
std::unique_ptr<Prompt> make_prompt(Prompt::Completer completer, std::function<void(int)> on_width);

/// The longest text that all `words` begin with.
std::string common_head(const std::vector<std::string>& words);

}  // namespace repl
