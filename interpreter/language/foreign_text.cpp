// Characters beyond ASCII outside strings and comments: Lua has none, and would name a single byte of them. Full-width
// punctuation from an input method and curly quotes from a word processor are the everyday cases.
#include "language/reader.hpp"

namespace language {
namespace {

/// One UTF-8 character at the start of `text`: its code point and length; length 0 when it is not UTF-8.
struct Character {
  char32_t code = 0;
  std::size_t length = 0;
};
Character decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || lead >= 0xF5 || text.size() < length) return {};
  char32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (next & 0x3FU);
  }
  return {code, length};
}

/// The ASCII character that was meant, or 0.
char plain(char32_t code) {
  if (code >= 0xFF01 && code <= 0xFF5E) return static_cast<char>(code - 0xFEE0);  // full-width forms
  switch (code) {
    case 0x201C:
    case 0x201D:
      return '"';
    case 0x2018:
    case 0x2019:
      return '\'';
    case 0x3001:
      return ',';
    case 0x2212:
    case 0x2013:
      return '-';
    case 0x00D7:
      return '*';
    case 0x00A0:
    case 0x3000:
      return ' ';
    default:
      return 0;
  }
}

}  // namespace

void Reader::foreign_text() {
  const std::string_view run = text();
  std::size_t name_length = 0;
  while (name_length < run.size()) {
    const Character next = decode(run.substr(name_length));
    const bool is_ascii = static_cast<unsigned char>(run[name_length]) < 0x80;
    if (next.length == 0 && !is_ascii) return stop();  // not UTF-8: Lua's message is as good as any
    if (!is_ascii && plain(next.code) != 0) break;
    name_length += is_ascii ? 1 : next.length;
  }
  if (name_length == 0) {
    const Character first = decode(run);
    const char meant = plain(first.code);
    fail(at_, "'" + std::string(run.substr(0, first.length)) + "' cannot stand here",
         {meant == ' ' ? "write an ordinary space" : std::string("did you mean '") + meant + "'?"}, first.length);
  }
  const std::string name(run.substr(0, name_length));
  fail(at_, "'" + name + "' cannot be a name in a script",
       {"names are made of ASCII letters, digits and _; for a column write col\"" + name + "\""}, name_length);
}

}  // namespace language
