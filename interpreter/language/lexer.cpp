#include "language/lexer.hpp"

#include <algorithm>
#include <array>

#include "core/ascii.hpp"
#include "core/unicode.hpp"

namespace language {
namespace {

constexpr std::array<std::string_view, 22> keywords = {
    "and", "break", "do",  "else", "elseif", "end",    "false",  "for",  "function", "goto",  "if",
    "in",  "local", "nil", "not",  "or",     "repeat", "return", "then", "true",     "until", "while"};
constexpr std::array<std::string_view, 11> long_symbols = {
    "...", "..", "==", "~=", "<=", ">=", "//", "<<", ">>", "::", "##"};

// ASCII only and free of the locale, as lctype.h.
using core::is_alpha;
using core::is_digit;
bool is_name(char c) { return is_alpha(c) || is_digit(c); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
using core::is_newline;
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
using core::is_foreign;

}  // namespace

Lexer::Lexer(std::string_view script, bool blanks) : script_(script), blanks_(blanks) {}

// A script that the shell starts ("#!moontide"), or "# text": Lua skips such a line in files.
bool Lexer::is_first_line_comment() const { return peek(0) == '#' && (peek(1) == '!' || peek(1) == ' '); }

std::size_t Lexer::line_end(std::size_t from) const {
  while (from < script_.size() && !is_newline(script_[from])) ++from;
  return from;
}

void Lexer::move_to(std::size_t stop) {
  while (at_ < stop) {  // "\r\n" and "\n\r" are one newline
    const char c = script_[at_++];
    if (!is_newline(c)) continue;
    if (at_ < stop && is_newline(script_[at_]) && script_[at_] != c) ++at_;
    ++line_;
    line_start_ = at_;
  }
}

void Lexer::take(TokenKind kind, std::size_t length) {
  if (blanks_ || (kind != TokenKind::space && kind != TokenKind::comment))
    out_->push_back({kind, at_, length, line_, column()});
  if (kind != TokenKind::space && kind != TokenKind::comment && kind != TokenKind::string) {
    at_ += length;  // no newline inside
  } else {
    move_to(at_ + length);
  }
}

bool Lexer::next(std::vector<Token>& out) {
  out_ = &out;
  const std::size_t before = out.size();
  if (at_ == 0 && script_.substr(0, 3) == "\xEF\xBB\xBF") take(TokenKind::space, 3);  // a mark, as luaL_loadfile
  if ((at_ == 0 || (at_ == 3 && line_ == 1 && script_[0] == '\xEF')) && is_first_line_comment())
    take(TokenKind::comment, line_end(at_) - at_);
  while (at_ < script_.size() && out.size() == before) cut();
  return out.size() > before;
}

void Lexer::continue_at(const Token& token, std::size_t offset) {
  at_ = token.offset;
  line_ = token.line;
  line_start_ = token.offset - static_cast<std::size_t>(token.column - 1);
  unclosed_ = unfinished_ = false;
  move_to(offset);
}

void Lexer::cut() {
  const char c = peek(0);
  if (is_space(c)) return take(TokenKind::space, span(is_space));
  if (const std::size_t length = is_digit(c) ? 0 : name()) {
    const bool keyword = std::find(keywords.begin(), keywords.end(), script_.substr(at_, length)) != keywords.end();
    return take(keyword ? TokenKind::keyword : TokenKind::name, length);
  }
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return take(TokenKind::number, number());
  if (c == '"' || c == '\'') return take(TokenKind::string, short_string());
  if (c == '[' && (peek(1) == '[' || peek(1) == '=')) {
    if (const std::size_t length = long_bracket(0)) return take(TokenKind::string, length);
  }
  if (c == '-' && peek(1) == '-') return take(TokenKind::comment, comment());
  if (is_foreign(c)) return take(TokenKind::symbol, span(is_foreign));
  for (const std::string_view symbol : long_symbols)
    if (script_.substr(at_, symbol.size()) == symbol) return take(TokenKind::symbol, symbol.size());
  take(TokenKind::symbol, 1);
}

template <class Test>
std::size_t Lexer::span(Test test) const {
  std::size_t stop = at_;
  while (stop < script_.size() && test(script_[stop])) ++stop;
  return stop - at_;
}

std::size_t Lexer::name() const {
  std::size_t stop = at_;
  while (stop < script_.size()) {
    const std::size_t length = is_name(script_[stop]) ? 1 : core::foreign_letter(script_.substr(stop));
    if (length == 0) break;
    stop += length;
  }
  return stop - at_;
}

std::size_t Lexer::number() const {
  const bool hex = peek(0) == '0' && (peek(1) == 'x' || peek(1) == 'X');
  std::size_t stop = hex ? 2 : 0;
  for (;;) {
    const char c = peek(stop);
    if (hex ? c == 'p' || c == 'P' : c == 'e' || c == 'E') {
      ++stop;
      if (peek(stop) == '+' || peek(stop) == '-') ++stop;
    } else if (is_hex(c) || c == '.') {
      ++stop;
    } else {
      break;
    }
  }
  while (is_name(peek(stop))) ++stop;  // "3x" is a malformed number to Lua, not a number and a name
  return stop;
}

// To the closing quote; to the end of the script when there is none on the line.
std::size_t Lexer::short_string() {
  std::size_t i = at_ + 1;
  for (; i < script_.size() && script_[i] != script_[at_] && !is_newline(script_[i]); ++i) {
    if (script_[i] != '\\') continue;
    ++i;
    if (i < script_.size() && script_[i] == 'z') {
      while (i + 1 < script_.size() && is_space(script_[i + 1])) ++i;
    } else if (i + 1 < script_.size() && is_newline(script_[i]) && is_newline(script_[i + 1]) &&
               script_[i] != script_[i + 1]) {
      ++i;
    }
  }
  if (i < script_.size() && script_[i] == script_[at_]) return i + 1 - at_;
  // Only a string that ends in a backslash and a newline, or in \z, goes on in the next line.
  const std::size_t tail = script_.find_last_not_of(" \t\v\f\r\n");
  unclosed_ = true;
  unfinished_ = i >= script_.size() && tail > at_ && tail + 1 < script_.size() &&
                (script_[tail] == '\\' || (script_[tail] == 'z' && script_[tail - 1] == '\\'));
  return script_.size() - at_;
}

// The length of [==[ … ]==] that begins `skip` bytes on; 0 when none begins there.
std::size_t Lexer::long_bracket(std::size_t skip) {
  std::size_t level = 0;
  while (peek(skip + 1 + level) == '=') ++level;
  if (peek(skip) != '[' || peek(skip + 1 + level) != '[') return 0;
  for (std::size_t i = at_ + skip + level + 2; i < script_.size();) {
    i = script_.find(']', i);
    if (i == std::string_view::npos) break;
    std::size_t equals = 0;
    while (i + 1 + equals < script_.size() && script_[i + 1 + equals] == '=') ++equals;
    i += 1 + equals;
    if (equals == level && i < script_.size() && script_[i] == ']') return i + 1 - at_;
  }
  unclosed_ = unfinished_ = true;
  return script_.size() - at_;
}

std::size_t Lexer::comment() {
  if (const std::size_t length = long_bracket(2)) return length;
  return line_end(at_) - at_;
}

std::vector<Token> tokens(std::string_view script) {
  Lexer lexer(script, true);
  std::vector<Token> out;
  while (lexer.next(out)) {
  }
  out.push_back({TokenKind::end, lexer.offset(), 0, lexer.line(), lexer.column()});
  return out;
}

}  // namespace language
