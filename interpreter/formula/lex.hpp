// Text of a formula or expression → tokens. Only parse.cpp reads this.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace formula {

enum class TokenKind { number, text, name, quoted_name, prefix, symbol, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;  ///< the name, the text without quotes, the sign; "L2" for the prefix L2.
  double number = 0;
  std::size_t offset = 0, length = 0;
};

/// The tokens of `source`, the last of kind end. Throws core::Error with a caret for an unfinished string, an unknown
/// character (full-width punctuation is named), a number that runs into a name.
std::vector<Token> lex(std::string_view source);

}  // namespace formula
