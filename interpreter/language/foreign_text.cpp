// What is beyond ASCII outside strings and comments. Lua's names are ASCII: a global or column 人均 becomes
// _ENV["人均"], a field t["人均"]. Full-width punctuation from an input method and curly quotes from a word processor
// are explained.
#include <algorithm>
#include <array>
#include <utility>

#include "core/unicode.hpp"
#include "language/reader.hpp"

namespace language {
namespace {

/// What was meant by characters that are no letters.
constexpr std::array<std::pair<char32_t, std::string_view>, 17> lookalikes{{
    {U'\u201C', "\""},
    {U'\u201D', "\""},
    {U'\u2018', "'"},
    {U'\u2019', "'"},
    {U'\u3001', ","},
    {U'\u3002', "."},
    {U'\u2212', "-"},
    {U'\u2013', "-"},
    {U'\u00D7', "*"},
    {U'\u00F7', "/"},
    {U'\u2264', "<="},
    {U'\u2265', ">="},
    {U'\u2260', "~="},
    {U'\u00B2', "^2"},
    {U'\u00B3', "^3"},
    {U'\u2026', "..."},
    {U'\u00B7', "*"},
}};

std::string meant_by(char32_t point) {
  if (point >= 0xFF01 && point <= 0xFF5E) return {static_cast<char>(point - 0xFEE0)};  // full-width forms
  for (const auto& [found, meant] : lookalikes)
    if (found == point) return std::string(meant);
  return "";
}

}  // namespace

bool Reader::is_foreign(std::size_t ahead) {
  if (kind(ahead) != TokenKind::name) return false;
  const std::string_view name = text(ahead);
  return std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

void Reader::rewrite_foreign(std::string_view before, std::string_view after, std::size_t ahead) {
  if (!is_foreign(ahead)) return;
  const Token& name = token(at_ + ahead);
  edits_.push_back(
      {name.offset, name.length, std::string(before) + '"' + std::string(text(ahead)) + '"' + std::string(after)});
}

void Reader::require_ascii(std::size_t ahead, std::string_view what) {
  if (!is_foreign(ahead)) return;
  const std::string name(text(ahead));
  std::string hint = "columns, fields, options and global variables may have such names";
  if (what == "a local variable") hint += ": without local it can";
  if (what == "a function so defined") hint = "write " + name + " = function(…) … end";
  fail(at_ + ahead, "'" + name + "' cannot name " + std::string(what) + ": Lua takes ASCII letters, digits and _ there",
       {hint});
}

void Reader::foreign_text() {
  const std::string_view run = text();
  const char32_t point = core::code_points(run).front();
  if (point >= 0x110000) return stop();  // not UTF-8: Lua's message is as good as any
  const std::size_t length = core::utf8({point}).size();
  const std::string found = "'" + std::string(run.substr(0, length)) + "' cannot stand here", meant = meant_by(point);
  const bool blank = point == 0x00A0 || point == 0x3000;
  if (blank) fail(at_, found, {"write an ordinary space"}, length);
  if (meant.empty()) fail(at_, found, {"in a name only letters, digits and _ can stand"}, length);
  fail(at_, found, {"did you mean '" + meant + "'?"}, length);
}

}  // namespace language
