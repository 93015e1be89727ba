// Script text → Lua text, line for line. Knows text only.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace language {

struct Translation {
  std::string lua;  ///< as many lines as the script; byte-identical when the script is plain Lua
  /// For each line where a call stands as a statement: the names of what is called last in it ("did", "plot"), as
  /// debug.getinfo's `name` gives them. The runtime shows a command's value only when its caller stands here; lines are
  /// those of the call's first token.
  std::map<int, std::set<std::string>> statement_calls;
};

/// Throws core::Error with message "script.mt:4:17: positional argument after a keyword" (chunk name, line, column),
/// hints, and a caret of the source line.
Translation translate(std::string_view script, const std::string& chunk_name);

/// For the REPL: does the text end inside an open bracket, string, comment, block, or after an operator?
bool incomplete(std::string_view script);

enum class TokenKind { name, keyword, number, string, comment, symbol, space, end };
struct Token {
  TokenKind kind;
  std::size_t offset, length;
  int line, column;  ///< from 1; column in bytes
};
/// The tokens of a script, comments and space included, so that their texts joined are the script. An unfinished string
/// or comment is one token to the end.
std::vector<Token> tokens(std::string_view script);

}  // namespace language
