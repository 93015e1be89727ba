// A running Moontide: the Lua state with its commands, frames and scripts. What repl/ and the tests drive.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct lua_State;

namespace bindings {

/// How one piece of code ended.
struct Outcome {
  bool ok = true;
  bool interrupted = false;
  bool leave = false;   ///< os.exit was called: the program should end with exit_status
  int exit_status = 0;  ///< 1 after an error; os.exit's code when a script asked to leave
  std::string error;    ///< as printed: message, script line with carets, hints, traceback in script positions
};

struct InterpreterOptions {
  bool color = false;  ///< ANSI in shown values and errors
  int width = 80;      ///< columns for shown values
  bool fold = false;   ///< wide tables are shown in parts of that width
};

class Interpreter {
 public:
  explicit Interpreter(InterpreterOptions options = {});
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  /// Runs a script file (.mt is translated; .lua is not). `arg` holds the arguments.
  Outcome run_file(const std::string& path, const std::vector<std::string>& arguments);
  /// Runs the text of standard input as a script file would run.
  Outcome run_standard_input(const std::string& text, const std::vector<std::string>& arguments);
  /// Runs script text under a chunk name ("stdin", "-e"). With `interactive`, an expression shows its value as in the
  /// REPL, and locals of earlier inputs are not seen (as in Lua's own prompt).
  Outcome run_text(const std::string& text, const std::string& chunk_name, bool interactive = false);

  /// What may stand at the cursor (byte offset) of the text typed so far: the whole words, and where the word begins.
  struct Completion {
    std::size_t begin = 0;
    std::vector<std::string> words;
    std::string closing = {};  ///< follows the word when it is the only one: the quote of an open string
  };
  Completion complete(const std::string& text, std::size_t cursor) const;

  /// Printed by `help NAME` / `?NAME`; "" name: topics.
  std::string help(const std::string& name) const;

  void set_width(int columns);
  lua_State* state() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bindings
