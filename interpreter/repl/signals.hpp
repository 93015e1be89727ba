// Ctrl-C and other signals of a terminal.
#pragma once

namespace repl {

enum class Signal { none, interrupt, resized, continued };

/// Ctrl-C asks the running work to stop (core::request_interrupt). In a script a second one, before the first was
/// heeded, ends the program; a session only ever asks.
void catch_interrupts(bool session);

/// Waits until there is something to read from `descriptor` (returns none) or a signal came; signals are kept until
/// they are waited for, whichever thread they reached. catch_interrupts(true) first.
Signal wait_for_input(int descriptor);
/// Drops the signals that came while work was running.
void forget_signals();

}  // namespace repl
