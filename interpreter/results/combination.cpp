#include "results/combination.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"

#include <fast_float/fast_float.h>

#include <cctype>

namespace results {
namespace {

using numerics::Index;
using numerics::Vector;

bool name_byte(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80) != 0; }

/// Recursive descent over one side of an equation: sum of products with at most one factor that holds coefficients.
class Reader {
 public:
  Reader(const std::string& text, const std::vector<std::string>& names, const std::vector<std::string>& dropped)
      : text_(text), names_(names), dropped_(dropped) {}

  Combination sum() {
    Combination total = product();
    while (true) {
      const char sign = peek();
      if (sign != '+' && sign != '-') return total;
      ++at_;
      const Combination term = product();
      total.weights += (sign == '+' ? 1 : -1) * term.weights;
      total.constant += (sign == '+' ? 1 : -1) * term.constant;
    }
  }
  /// The next byte that is not a space, or 0 at the end.
  char peek() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  void skip() { ++at_; }
  [[noreturn]] void fail(const std::string& message, std::size_t begin, std::size_t length = 1) const {
    throw core::Error(message).at({text_, begin, length});
  }
  [[noreturn]] void unexpected() {
    const char c = peek();
    if (c == '\0') fail("the combination ends too early", text_.size());
    fail(std::string("unexpected '") + c + "'", at_);
  }

 private:
  Combination number(double value) const { return {Vector::Zero(static_cast<Index>(names_.size())), value}; }

  Combination product() {
    Combination left = factor();
    while (true) {
      const char c = peek();
      const std::size_t begin = at_;
      if (c == '*' || c == '/')
        ++at_;
      else if (!starts_factor(c))  // "2 x" is 2 * x
        return left;
      const Combination right = factor();
      const bool left_number = left.weights.isZero(0), right_number = right.weights.isZero(0);
      if (c == '/') {
        if (!right_number) fail("a combination is linear: it cannot divide by a coefficient", begin);
        if (right.constant == 0) fail("division by zero", begin);
        left.weights /= right.constant;
        left.constant /= right.constant;
      } else if (right_number) {
        left.weights *= right.constant;
        left.constant *= right.constant;
      } else if (left_number) {
        left = {right.weights * left.constant, right.constant * left.constant};
      } else {
        fail("a combination is linear: it cannot multiply two coefficients", begin);
      }
    }
  }

  static bool starts_factor(char c) { return c == '(' || c == '[' || c == '`' || c == '.' || name_byte(c); }

  Combination factor() {
    const char c = peek();
    if (c == '-' || c == '+') {
      ++at_;
      Combination out = factor();
      if (c == '-') {
        out.weights = -out.weights;
        out.constant = -out.constant;
      }
      return out;
    }
    if (const Index known = longest_name(); known >= 0) return coefficient(known);
    if (c == '(') {
      ++at_;
      Combination out = sum();
      if (peek() != ')') unexpected();
      ++at_;
      return out;
    }
    if (c == '[' || c == '`') return quoted(c == '[' ? ']' : '`');
    if (std::isdigit(static_cast<unsigned char>(c)) || c == '.') return literal();
    if (!name_byte(c)) unexpected();
    unknown();
  }

  Combination coefficient(Index i) const {
    Combination out = number(0);
    out.weights[i] = 1;
    return out;
  }

  /// Where the text has passed over `name`, blanks in either not counting; npos when it does not continue with it.
  std::size_t end_of(const std::string& name) const {
    std::size_t at = at_;
    char last = ' ';
    bool blank = true;  // a blank may stand here: none may come into the middle of a word
    for (const char c : name) {
      if (c == ' ') {
        blank = true;
        continue;
      }
      blank = at > at_ && (blank || !name_byte(last) || !name_byte(c));
      while (blank && at < text_.size() && text_[at] == ' ') ++at;
      if (at == text_.size() || text_[at] != c) return std::string::npos;
      ++at;
      last = c;
      blank = false;
    }
    return at;
  }

  /// The longest coefficient name that the text continues with and that does not end within a word; −1 for none.
  Index longest_name() {
    Index best = -1;
    std::size_t length = 0;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::string& name = names_[i];
      const std::size_t after = end_of(name);
      if (after == std::string::npos || after - at_ <= length) continue;
      if (after < text_.size() && name_byte(name.back()) && name_byte(text_[after])) continue;
      best = static_cast<Index>(i);
      length = after - at_;
    }
    at_ += length;
    return best;
  }

  Combination quoted(char close) {
    const std::size_t begin = at_ + 1, end = text_.find(close, begin);
    if (end == std::string::npos) fail(std::string("no closing '") + close + "'", at_);
    const std::string name(core::trim(std::string_view(text_).substr(begin, end - begin)));
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (core::same_but_spaces(names_[i], name)) {
        at_ = end + 1;
        return coefficient(static_cast<Index>(i));
      }
    no_coefficient(name, begin);
  }

  Combination literal() {
    double value = 0;
    const auto [end, code] = fast_float::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (code != std::errc()) unexpected();
    at_ = static_cast<std::size_t>(end - text_.data());
    return number(value);
  }

  /// Blames the word at the reader's place, up to an operator outside parentheses.
  [[noreturn]] void unknown() const {
    std::size_t end = at_;
    for (int depth = 0; end < text_.size(); ++end) {
      const char c = text_[end];
      if (depth == 0 && std::string_view(" \t+-*/=)").find(c) != std::string_view::npos) break;
      depth += (c == '(') - (c == ')');
    }
    no_coefficient(text_.substr(at_, end - at_), at_);
  }
  [[noreturn]] void no_coefficient(const std::string& name, std::size_t begin) const {
    for (const std::string& gone : dropped_)
      if (gone == name) fail("no coefficient '" + name + "': it was dropped as collinear", begin, name.size());
    throw core::Error("no coefficient '" + name + "'")
        .hint(core::did_you_mean(name, names_, "coefficients"))
        .at({text_, begin, name.size()});
  }

  const std::string& text_;
  const std::vector<std::string>& names_;
  const std::vector<std::string>& dropped_;
  std::size_t at_ = 0;
};

}  // namespace

Combination parse_combination(const std::string& text, const std::vector<std::string>& names,
                              const std::vector<std::string>& dropped) {
  Reader reader(text, names, dropped);
  Combination out = reader.sum();
  if (reader.peek() != '\0') reader.unexpected();
  return out;
}

std::vector<Combination> parse_hypothesis(const std::string& text, const std::vector<std::string>& names,
                                          const std::vector<std::string>& dropped) {
  Reader reader(text, names, dropped);
  std::vector<Combination> sides = {reader.sum()};
  while (reader.peek() == '=') {
    reader.skip();
    if (reader.peek() == '=') reader.skip();  // == as in conditions
    sides.push_back(reader.sum());
  }
  if (reader.peek() != '\0') reader.unexpected();
  if (sides.size() == 1) sides.push_back({Vector::Zero(static_cast<Index>(names.size())), 0});
  std::vector<Combination> out;
  for (std::size_t i = 1; i < sides.size(); ++i) {
    out.push_back({sides[i - 1].weights - sides[i].weights, sides[i - 1].constant - sides[i].constant});
    if (out.back().weights.isZero(0)) reader.fail("the hypothesis holds no coefficient", 0, text.size());
  }
  return out;
}

}  // namespace results
