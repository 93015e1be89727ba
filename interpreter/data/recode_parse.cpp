#include "core/error.hpp"
#include "core/text.hpp"
#include "data/recode.hpp"

#include <charconv>
#include <cmath>
#include <limits>

namespace data {
namespace {

struct Token {
  enum class Kind { word, quoted, open, close, equal, slash, end } kind = Kind::end;
  std::string text;
  std::size_t offset = 0, length = 1;
};

class RuleReader {
 public:
  RuleReader(const std::string& text, bool text_source) : text_(text), text_source_(text_source) {
    for (std::size_t at = 0; at < text.size();) at = next_token(at);
    tokens_.push_back({.kind = Token::Kind::end, .text = "", .offset = text.size(), .length = 1});
  }

  std::vector<RecodeRule> rules() {
    std::vector<RecodeRule> out;
    while (peek().kind != Token::Kind::end) out.push_back(rule());
    if (out.empty()) throw core::Error("there is no rule").hint("write \"1/3=1 4=. else=0\"");
    return out;
  }

 private:
  using Kind = Token::Kind;

  std::size_t next_token(std::size_t at) {
    const char c = text_[at];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',') return at + 1;
    if (c == '\'' || c == '"') {
      const std::size_t end = text_.find(c, at + 1);
      if (end == std::string::npos)
        throw core::Error("the quote is not closed").at({.text = text_, .offset = at, .length = text_.size() - at});
      tokens_.push_back({Kind::quoted, text_.substr(at + 1, end - at - 1), at, end - at + 1});
      return end + 1;
    }
    const std::string_view signs = "()=/";
    if (signs.find(c) != std::string_view::npos) {
      const Kind kind = c == '(' ? Kind::open : c == ')' ? Kind::close : c == '=' ? Kind::equal : Kind::slash;
      tokens_.push_back({kind, std::string(1, c), at, 1});
      return at + 1;
    }
    std::size_t end = at;
    while (end < text_.size() && std::string_view(" \t\r\n,()=/'\"").find(text_[end]) == std::string_view::npos) ++end;
    tokens_.push_back({Kind::word, text_.substr(at, end - at), at, end - at});
    return end;
  }

  const Token& peek(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  Token take() {
    Token token = peek();
    if (token.kind != Kind::end) ++at_;
    return token;
  }
  [[noreturn]] void fail(const Token& token, const std::string& message) const {
    throw core::Error(message).at({.text = text_, .offset = token.offset, .length = token.length});
  }

  double number_of(const Token& token) const {
    const std::string word = core::lower(token.text);
    if (word == "min") return -std::numeric_limits<double>::infinity();
    if (word == "max") return std::numeric_limits<double>::infinity();
    double value = 0;
    const char* begin = token.text.data();
    const char* end = begin + token.text.size();
    if (begin != end && *begin == '+') ++begin;
    const auto [stop, status] = std::from_chars(begin, end, value);
    if (token.kind != Kind::word || status != std::errc() || stop != end || std::isnan(value))
      fail(token, "'" + token.text + "' is no number (texts stand in quotes)");
    return value;
  }

  void value_into(RecodeRule& rule) {
    const Token token = take();
    if (token.kind == Kind::quoted) {
      rule.words.push_back(token.text);
      return;
    }
    if (token.kind != Kind::word) fail(token, "a rule is VALUES=NEW, such as 1/3=1");
    const std::string word = core::lower(token.text);
    if (word == "." || word == "missing" || word == "miss") {
      rule.missing = true;
    } else if (word == "nonmissing" || word == "nonmiss") {
      rule.nonmissing = true;
    } else if (word == "else" || word == "*") {
      rule.otherwise = true;
    } else {
      const double low = number_of(token);
      double high = low;
      if (peek().kind == Kind::slash) {
        take();
        const Token last = take();
        high = number_of(last);
        if (high < low) fail(last, "the range " + token.text + "/" + last.text + " is empty");
      } else if (std::isinf(low)) {
        fail(token, "'" + token.text + "' is an end of a range: min/5, 5/max");
      }
      rule.ranges.emplace_back(low, high);
    }
  }

  void target_into(RecodeRule& rule, bool enclosed) {
    const Token token = take();
    if (token.kind == Kind::quoted) {
      rule.becomes = token.text.empty() ? RecodeRule::Becomes::missing : RecodeRule::Becomes::text;
      rule.text = token.text;
      return;
    }
    if (token.kind != Kind::word) fail(token, "after = stands the new value");
    const std::string word = core::lower(token.text);
    if (word == "." || word == "missing") return;
    if (word == "copy") {
      rule.becomes = RecodeRule::Becomes::itself;
      return;
    }
    rule.becomes = RecodeRule::Becomes::number;
    rule.number = number_of(token);
    if (std::isinf(rule.number)) fail(token, "the new value is a number");
    if (peek().kind != Kind::quoted) return;
    if (enclosed || (!text_source_ && peek(1).kind != Kind::equal)) rule.text = take().text;
  }

  RecodeRule rule() {
    const bool enclosed = peek().kind == Kind::open;
    if (enclosed) take();
    const std::size_t begin = peek().offset;
    RecodeRule out;
    while (peek().kind != Kind::equal) value_into(out);
    const Token equal = take();
    if (out.ranges.empty() && out.words.empty() && !out.missing && !out.nonmissing && !out.otherwise)
      fail(equal, "before = stand the values");
    target_into(out, enclosed);
    const Token& next = peek();
    if (enclosed && next.kind != Kind::close) fail(next, "a ) is missing");
    if (enclosed) take();
    out.written = std::string(core::trim(text_.substr(begin, next.offset - begin)));
    return out;
  }

  const std::string& text_;
  bool text_source_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<RecodeRule> parse_recode(const std::string& text, bool text_source) {
  return RuleReader(text, text_source).rules();
}

}  // namespace data
