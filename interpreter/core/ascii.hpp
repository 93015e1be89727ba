// Classes of ASCII characters, free of the locale.
#pragma once

namespace core {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// What may begin a name: a letter or an underscore.
constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
constexpr bool is_newline(char c) { return c == '\n' || c == '\r'; }
/// A byte of a character beyond ASCII in UTF-8.
constexpr bool is_foreign(char c) { return static_cast<unsigned char>(c) >= 0x80; }

}  // namespace core
