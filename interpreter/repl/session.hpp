// Runs what the program was asked to run: scripts, and the interactive session.
#pragma once

#include "bindings/interpreter.hpp"
#include "repl/options.hpp"
#include "repl/prompt.hpp"

namespace repl {

/// Runs each -e and the script; prints errors to standard error. The exit status: 0, 1 after an error, 130 after
/// Ctrl-C, or what the script gave to os.exit. `leave` is set when os.exit was called.
int run_scripts(bindings::Interpreter& interpreter, const Options& options, bool& leave);

/// Reads, runs and prints until Ctrl-D or os.exit; the exit status.
int run_session(bindings::Interpreter& interpreter, Prompt& prompt);

}  // namespace repl
