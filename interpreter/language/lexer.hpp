// The tokens of a script, by Lua 5.4's own rules (llex.c's grammar: Lua 5.4 reference manual, section 3.1).
#pragma once

#include <string_view>
#include <vector>

#include "language/translate.hpp"

namespace language {

struct Lexed {
  std::vector<Token> tokens;
  bool unclosed = false;    ///< the last token is a string or comment without its end
  bool unfinished = false;  ///< and further lines could finish it
};

/// With `blanks`, space and comments too, so that the texts joined are the script; without, only what Lua's parser
/// sees.
Lexed lex(std::string_view script, bool blanks);

inline std::string_view text_of(std::string_view script, const Token& token) {
  return script.substr(token.offset, token.length);
}

}  // namespace language
