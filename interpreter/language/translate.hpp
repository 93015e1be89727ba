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
  /// For each line the names whose truth or equality Lua asks for (`a and …`, `not a`, `if a then`, `a == 1`), "L."
  /// with a field after it, and the word that asks. A column's symbol cannot answer.
  std::map<int, std::map<std::string, std::string>> tested;
};

/// `commands` are names of commands and of methods that show their value. Where one line calls such a name both as a
/// statement and otherwise (`x = did(a) did(b)`), the statement is rewritten to __shown(did)(b), or __shown(m,
/// "plot")() for a method, and its name is left out of statement_calls for that line. What the runtime provides:
/// __kw(names, table), __ia, __shown, __statement(text, value, text, …), __exit, help,
/// search. A first line that begins "#!" or
/// "# " is kept as it is; only luaL_loadfile skips it. Throws core::Error with message "script.mt:4:17: positional
/// argument after a keyword" (chunk name, line, column), hints, and a caret of the source line.
Translation translate(std::string_view script, const std::string& chunk_name,
                      const std::set<std::string>& commands = {});

/// For the REPL: does the text end inside an open bracket, string, comment, block, or after an operator?
bool incomplete(std::string_view script);

/// For the prompt: does the text begin with a command statement of one of these names, though it may also read as an
/// expression (`summarize, detail`, `gsort -year`)?
bool is_statement_input(std::string_view text, const std::set<std::string>& commands);

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
