#include "formula/lex.hpp"

#include "core/ascii.hpp"
#include "core/error.hpp"
#include "formula/tree.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace formula {
namespace {

using core::is_digit;
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_name_part(char c) { return starts_name(c) || is_digit(c); }

/// Punctuation that a Chinese keyboard or a word processor leaves behind, and what was meant.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> lookalikes{{
    {"\uFF08", "("}, {"\uFF09", ")"}, {"\uFF0C", ","}, {"\uFF0B", "+"}, {"\uFF0D", "-"},
    {"\u2212", "-"}, {"\u2013", "-"}, {"\uFF0A", "*"}, {"\u00D7", "*"}, {"\uFF5E", "~"},
    {"\uFF1A", ":"}, {"\uFF1D", "="}, {"\u201C", "'"}, {"\u201D", "'"}, {"\u2018", "'"},
    {"\u2019", "'"}, {"\uFF5C", "|"}, {"\uFF1E", ">"}, {"\uFF1C", "<"}, {"\u3001", ","},
}};

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  std::vector<Token> run() {
    while (skip_space()) {
      const char c = source_[at_];
      refuse_lookalike();
      if (is_digit(c) || (c == '.' && is_digit(peek(1))))
        number();
      else if (starts_name(c))
        word();
      else if (c == '\'' || c == '"')
        quoted(TokenKind::text, c, "string");
      else if (c == '`')
        quoted(TokenKind::quoted_name, c, "backquoted name");
      else
        symbol();
    }
    out_.push_back({TokenKind::end, "", 0, source_.size(), 1});
    return std::move(out_);
  }

 private:
  char peek(std::size_t by) const { return at_ + by < source_.size() ? source_[at_ + by] : '\0'; }

  bool skip_space() {
    while (at_ < source_.size()) {
      if (is_space(source_[at_]))
        ++at_;
      else if (source_.substr(at_, 2) == "\u00A0")
        at_ += 2;
      else if (source_.substr(at_, 3) == "\u3000")
        at_ += 3;
      else
        return true;
    }
    return false;
  }

  [[noreturn]] void fail(const std::string& message, std::size_t offset, std::size_t length,
                         const std::string& hint = "") const {
    throw core::Error(message).at({std::string(source_), offset, length}).hint(hint);
  }

  void refuse_lookalike() const {
    for (const auto& [found, meant] : lookalikes)
      if (source_.substr(at_, found.size()) == found)
        fail("'" + std::string(found) + "' is not the ASCII character", at_, found.size(),
             "write " + (meant == "'" ? "\"'\"" : "'" + std::string(meant) + "'"));
  }

  void push(TokenKind kind, std::string text, std::size_t length, double value = 0) {
    out_.push_back({kind, std::move(text), value, at_, length});
    at_ += length;
  }

  void number() {
    double value = 0;
    const char* begin = source_.data() + at_;
    const auto [end, status] = std::from_chars(begin, source_.data() + source_.size(), value);
    auto length = static_cast<std::size_t>(end - begin);
    if (status == std::errc::result_out_of_range) {
      const std::string_view digits(begin, length);
      const std::size_t exponent = digits.find_first_of("eE");
      const bool tiny = exponent != std::string_view::npos && digits.substr(exponent + 1, 1) == "-";
      value = tiny ? 0 : std::numeric_limits<double>::infinity();
    }
    if (peek(length) != '\0' && starts_name(peek(length))) {
      std::size_t stop = length;
      while (is_name_part(peek(stop))) ++stop;
      fail("a number runs into a name", at_, stop,
           "a column name that starts with a digit goes in backquotes: `" + std::string(source_.substr(at_, stop)) +
               "`");
    }
    push(TokenKind::number, std::string(source_.substr(at_, length)), length, value);
  }

  /// L2D.x is L2.D.x; false when the word is no chain of prefixes.
  static bool split_prefixes(const std::string& word, std::vector<std::string>& parts) {
    for (std::size_t i = 0; i < word.size();) {
      std::size_t stop = i + 1;
      while (stop < word.size() && is_digit(word[stop])) ++stop;
      parts.push_back(word.substr(i, stop - i));
      if (!is_lag_word(parts.back())) return false;
      i = stop;
    }
    return true;
  }

  void word() {
    std::size_t length = 0;
    while (is_name_part(peek(length))) {
      ++length;
      if (static_cast<unsigned char>(peek(length)) >= 0x80 && stops_name(length)) break;
    }
    std::string text(source_.substr(at_, length));
    const char after = peek(length + 1);
    if (peek(length) == '.' && (starts_name(after) || after == '`' || after == '(')) {
      std::vector<std::string> parts;
      if (is_prefix_word(text)) {
        push(TokenKind::prefix, text, length + 1);
        return;
      }
      if (split_prefixes(text, parts)) {
        for (std::size_t i = 0; i < parts.size(); ++i) {
          const std::size_t own = parts[i].size() + (i + 1 == parts.size() ? 1 : 0);
          push(TokenKind::prefix, parts[i], own);
        }
        return;
      }
    }
    // A dot inside a name, as R exports them: log.gdp, x.1
    while (peek(length) == '.' && is_name_part(peek(length + 1))) {
      ++length;
      while (is_name_part(peek(length))) ++length;
    }
    const bool of_period = is_period_word(source_.substr(at_, length));
    push(TokenKind::name, std::string(source_.substr(at_, length)), length);
    if (of_period) period();
  }

  static bool is_period_word(std::string_view word) {
    return word.size() == 2 && word[0] == 't' && std::string_view("dwmqhy").find(word[1]) != std::string_view::npos;
  }

  /// What stands in tm(2015m3), td(15mar2020): no number and no name, but a text.
  void period() {
    if (peek(0) != '(') return;
    std::size_t first = 1;
    while (is_space(peek(first))) ++first;
    const std::size_t close = source_.find(')', at_);
    if (!is_digit(peek(first)) || close == std::string_view::npos) return;
    push(TokenKind::symbol, "(", first);
    std::string_view inside = source_.substr(at_, close - at_);
    while (!inside.empty() && is_space(inside.back())) inside.remove_suffix(1);
    push(TokenKind::text, std::string(inside), close - at_);
  }

  bool stops_name(std::size_t by) const {
    const std::string_view rest = source_.substr(at_ + by);
    if (rest.substr(0, 2) == "\u00A0" || rest.substr(0, 3) == "\u3000") return true;
    for (const auto& [found, meant] : lookalikes)
      if (rest.substr(0, found.size()) == found) return true;
    return false;
  }

  void quoted(TokenKind kind, char mark, const char* what) {
    std::string text;
    std::size_t i = at_ + 1;
    for (; i < source_.size() && source_[i] != mark; ++i) {
      if (source_[i] != '\\' || i + 1 >= source_.size()) {
        text += source_[i];
        continue;
      }
      const char c = source_[++i];
      if (c == 'n')
        text += '\n';
      else if (c == 't')
        text += '\t';
      else if (c == '\\' || c == '\'' || c == '"' || c == '`')
        text += c;
      else
        fail("unknown escape in a string", i - 1, 2, "known: \\n \\t \\\\ \\' \\\"; write \\\\ for a backslash");
    }
    if (i >= source_.size())
      fail(std::string("unfinished ") + what, at_, source_.size() - at_, std::string("close it with ") + mark);
    if (kind == TokenKind::quoted_name && text.empty()) fail("empty backquoted name", at_, 2);
    push(kind, std::move(text), i + 1 - at_);
  }

  void symbol() {
    const char c = source_[at_];
    const std::string_view two = source_.substr(at_, 2);
    for (const std::string_view sign : {"==", "~=", "!=", "<=", ">=", "&&", "||", "##"})
      if (two == sign) return push(TokenKind::symbol, std::string(sign), 2);
    if (two == "**") fail("'**' is not an operator", at_, 2, "a power is written '^'");
    if (two == "..") fail("'..' is not an operator here", at_, 2, "join texts with concat(a, b)");
    if (c == '.') return push(TokenKind::number, ".", 1, std::numeric_limits<double>::quiet_NaN());
    if (std::string_view("+-*/^:#~|<>=!&()[]{},%").find(c) != std::string_view::npos)
      return push(TokenKind::symbol, std::string(1, c), 1);
    const std::string shown =
        static_cast<unsigned char>(c) < 0x20 ? "a control character" : "'" + std::string(1, c) + "'";
    fail("unexpected " + shown, at_, 1);
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::vector<Token> out_;
};

}  // namespace

std::vector<Token> lex(std::string_view source) { return Lexer(source).run(); }

}  // namespace formula
