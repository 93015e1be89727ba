// Command statements as text: where one can stand, and where it ends.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace language {

/// A part of a command statement: text, or the Lua expression of {=…}.
struct Piece {
  bool is_lua = false;
  std::string text;
};

struct StatementText {
  std::vector<Piece> pieces;  ///< without comments and continuation marks
  std::size_t end = 0;        ///< offset after the statement, before its newline
  bool unfinished = false;    ///< ends in a continuation mark at the end of the script
};

/// A mistake in a statement: a part of the script and what is wrong with it.
struct Fault {
  std::string what;
  std::size_t offset = 0, length = 1;
  std::vector<std::string> hints = {};
};

/// Does the script make the name a variable of its own? Then Lua's reading of it stands.
bool declares(std::string_view script, std::string_view name);
using Declared = std::function<bool(std::string_view)>;

/// Is the text from the name [begin, end) on a command statement, which no plain Lua program has at the start of a
/// statement? Forms that Lua can read (`display "a" x`, `collapse (mean) x`, `quietly: use "x"`) count only for the
/// commands that are written so, in scripts that never declare the name themselves.
bool is_statement(std::string_view script, std::size_t begin, std::size_t end, const Declared& declared);

/// Reads the statement that begins at `begin`. In a block that opened on the same line, `end` and the like close it.
/// Throws Fault: brackets and quotes that do not match, macros, loops in braces.
StatementText read_statement(std::string_view script, std::size_t begin, bool in_one_line_block);

/// The end of a comment that begins at `at` with //, /* or * (the caller knows that it is one); continuation marks
/// carry // and * comments on to the next line.
std::size_t comment_end(std::string_view script, std::size_t at);

/// After `x = a` on the line before: can the line that begins with the star at `at` only be a comment? `* Table 2` can.
bool is_star_comment(std::string_view script, std::size_t at);

}  // namespace language
