#include "repl/session.hpp"

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <iterator>

#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "language/translate.hpp"
#include "repl/signals.hpp"

namespace repl {
namespace {

void print_error(const bindings::Outcome& outcome) {
  std::fflush(stdout);
  if (outcome.ok) return;
  if (outcome.interrupted && isatty(STDERR_FILENO) != 0) std::fputc('\r', stderr);  // over the terminal's own "^C"
  std::fputs(outcome.error.c_str(), stderr);
  if (!outcome.error.empty() && outcome.error.back() != '\n') std::fputc('\n', stderr);
}

std::string standard_input() { return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()}; }

}  // namespace

int run_scripts(bindings::Interpreter& interpreter, const Options& options, bool& leave) {
  const auto status = [&](const bindings::Outcome& outcome) {
    print_error(outcome);
    leave = outcome.leave;
    return outcome.interrupted ? 130 : outcome.exit_status;
  };
  for (const std::string& code : options.code) {
    const int result = status(interpreter.run_text(code, "-e"));
    if (result != 0 || leave) return result;
  }
  if (options.script.empty()) return 0;
  if (options.script == "-") return status(interpreter.run_standard_input(standard_input(), options.arguments));
  return status(interpreter.run_file(options.script, options.arguments));
}

int run_session(bindings::Interpreter& interpreter, Prompt& prompt) {
  std::string input;
  for (;;) {
    const Line line = prompt.read(input.empty() ? "> " : "  > ", input);
    if (line.end == Line::End::closed) return 0;
    if (line.end == Line::End::interrupted) {
      input.clear();
      continue;
    }
    input += line.text;
    if (core::trim(input).empty()) {
      input.clear();
      continue;
    }
    if (language::incomplete(input)) {
      input += '\n';
      continue;
    }
    prompt.remember(input);
    forget_signals();
    // Statements, though they also read as expressions.
    const bool is_statement = core::trim(input) == "help" || language::is_statement_input(input, {"exit", "quit"});
    const bindings::Outcome outcome = interpreter.run_text(input, "stdin", !is_statement);
    print_error(outcome);
    if (outcome.leave) return outcome.exit_status;
    forget_signals();
    input.clear();
  }
}

}  // namespace repl
