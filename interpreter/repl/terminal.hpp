// What standard output can show.
#pragma once

namespace repl {

/// Columns of the terminal that standard output (else standard error) is; else COLUMNS, else `otherwise`.
int terminal_width(int otherwise);
/// Standard output is a terminal, where wide tables fold.
bool has_width();
/// Standard output is a terminal that shows colour, and NO_COLOR is not set.
bool shows_color();

}  // namespace repl
