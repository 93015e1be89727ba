// Recursive descent over the levels of parse.hpp, one function per level.
#include "formula/parse.hpp"

#include "core/error.hpp"
#include "formula/lex.hpp"

#include <utility>

namespace formula {
namespace {

constexpr int deepest = 800;  // about 200 brackets within brackets; chains of operators are limited by max_depth

class Parser {
 public:
  explicit Parser(std::string_view text) : source_(std::make_shared<const std::string>(text)), tokens_(lex(*source_)) {}

  Tree run() {
    if (now().kind == TokenKind::end)
      throw core::Error("an empty expression").hint("write a formula like \"y ~ x\" or a condition like \"x > 1\"");
    Tree tree = bar();
    if (now().kind != TokenKind::end) fail_here("unexpected " + shown(now()) + after_last());
    return tree;
  }

 private:
  // Tokens
  const Token& now() const { return tokens_[at_]; }
  const Token& ahead() const { return tokens_[at_ + 1 < tokens_.size() ? at_ + 1 : at_]; }
  bool is(std::string_view sign) const { return now().kind == TokenKind::symbol && now().text == sign; }
  bool is_word(std::string_view word) const { return now().kind == TokenKind::name && now().text == word; }
  bool take(std::string_view sign) {
    if (!is(sign)) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view word) {
    if (!is_word(word)) return false;
    ++at_;
    return true;
  }
  static std::string shown(const Token& token) {
    switch (token.kind) {
      case TokenKind::end:
        return "end";
      case TokenKind::text:
        return "text '" + token.text + "'";
      case TokenKind::prefix:
        return "'" + token.text + ".'";
      default:
        return "'" + token.text + "'";
    }
  }
  std::string after_last() const { return at_ == 0 ? "" : " after " + shown(tokens_[at_ - 1]); }

  // Errors
  [[noreturn]] void fail(const std::string& message, std::size_t offset, std::size_t length,
                         const std::string& hint = "") const {
    throw core::Error(message).at({*source_, offset, length}).hint(hint);
  }
  [[noreturn]] void fail_here(const std::string& message, const std::string& hint = "") const {
    std::string more = hint;
    if (hint.empty() && is("=")) more = "equality is written '=='";
    const auto word = [](const Token& token) { return token.kind == TokenKind::name; };
    if (more.empty() && at_ > 0 && word(now()) && word(tokens_[at_ - 1]))
      more = "terms are joined by '+': " + tokens_[at_ - 1].text + " + " + now().text;
    fail(message, now().offset, now().length, more);
  }
  void expect(std::string_view sign, const std::string& opened, std::size_t offset) {
    if (take(sign)) return;
    if (now().kind == TokenKind::end)
      fail("'" + opened + "' is never closed", offset, opened.size(), "add '" + std::string(sign) + "'");
    fail_here("expected '" + std::string(sign) + "'" + after_last() + ", found " + shown(now()));
  }

  // Trees with their place in the text
  Tree spanning(const Tree& tree, std::size_t begin) const {
    const Token& last = tokens_[at_ - 1];
    return placed(tree, source_, begin, last.offset + last.length - begin);
  }
  Tree binary(Op op, const Tree& left, const Tree& right, std::size_t begin) const {
    return spanning(node(op, {left, right}), begin);
  }
  struct Nesting {
    explicit Nesting(Parser& parser) : depth(parser.depth_) {
      if (++depth > deepest) {
        --depth;
        parser.fail_here("brackets or signs are nested too deeply", "200 brackets within brackets are the limit");
      }
    }
    ~Nesting() { --depth; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    int& depth;
  };

  // The grammar
  Tree bar() {
    const Nesting guard(*this);
    const std::size_t begin = now().offset;
    Tree left = disjunction();
    while (take("|")) left = binary(Op::bar, left, disjunction(), begin);
    return left;
  }

  Tree disjunction() {
    const std::size_t begin = now().offset;
    Tree left = conjunction();
    while (take_word("or") || take("||")) left = binary(Op::disjunction, left, conjunction(), begin);
    return left;
  }

  Tree conjunction() {
    const std::size_t begin = now().offset;
    Tree left = inversion();
    while (take_word("and") || take("&&") || take("&")) left = binary(Op::conjunction, left, inversion(), begin);
    return left;
  }

  Tree inversion() {
    const Nesting guard(*this);
    const std::size_t begin = now().offset;
    if (take_word("not") || take("!")) return spanning(node(Op::negation, {inversion()}), begin);
    return tilde();
  }

  Tree tilde() {
    const std::size_t begin = now().offset;
    Tree left = take("~") ? spanning_later(Op::tilde, comparison(), begin) : comparison();
    while (take("~")) left = binary(Op::tilde, left, comparison(), begin);
    return left;
  }
  Tree spanning_later(Op op, const Tree& child, std::size_t begin) const { return spanning(node(op, {child}), begin); }

  static bool comparison_of(const Token& token, Op& op) {
    if (token.kind != TokenKind::symbol) return false;
    constexpr std::pair<std::string_view, Op> known[] = {
        {"==", Op::equal},      {"!=", Op::unequal},       {"~=", Op::unequal}, {"<", Op::less},
        {"<=", Op::less_equal}, {">=", Op::greater_equal}, {">", Op::greater},
    };
    for (const auto& [sign, found] : known)
      if (token.text == sign) {
        op = found;
        return true;
      }
    return false;
  }

  Tree comparison() {
    const std::size_t begin = now().offset;
    Tree left = sum();
    Op op{};
    if (comparison_of(now(), op)) {
      ++at_;
      left = binary(op, left, sum(), begin);
      if (comparison_of(now(), op))
        fail_here("comparisons do not chain", "write two comparisons joined by 'and': 1 < x and x < 3");
      return left;
    }
    const bool negated = is_word("not") && ahead().kind == TokenKind::name && ahead().text == "in";
    if (!negated && !is_word("in")) return left;
    at_ += negated ? 2 : 1;
    if (!is("{")) fail_here("expected a list like {1, 2} after 'in'");
    left = binary(Op::member, left, primary(), begin);
    return negated ? spanning(node(Op::negation, {left}), begin) : left;
  }

  Tree sum() {
    const std::size_t begin = now().offset;
    Tree left = product();
    while (is("+") || is("-")) {
      const Op op = is("+") ? Op::plus : Op::minus;
      ++at_;
      left = binary(op, left, product(), begin);
    }
    return left;
  }

  Tree product() {
    const std::size_t begin = now().offset;
    Tree left = unary();
    while (is("*") || is("/") || is("%")) {
      const char sign = now().text[0];
      ++at_;
      const Tree right = unary();
      if (sign == '%')
        left = spanning(call("mod", {left, right}), begin);
      else
        left = binary(sign == '*' ? Op::times : Op::divide, left, right, begin);
    }
    return left;
  }

  Tree unary() {
    const Nesting guard(*this);
    const std::size_t begin = now().offset;
    if (take("-")) return spanning(node(Op::negate, {unary()}), begin);
    if (take("+")) return unary();
    return power();
  }

  Tree power() {
    const std::size_t begin = now().offset;
    const Tree base = cross();
    if (!take("^")) return base;
    return binary(Op::power, base, unary(), begin);
  }

  Tree cross() {
    const std::size_t begin = now().offset;
    Tree left = interaction();
    while (take("##")) left = binary(Op::cross, left, interaction(), begin);
    return left;
  }

  Tree interaction() {
    const std::size_t begin = now().offset;
    Tree left = operand();
    while (is(":") || is("#")) {
      ++at_;
      left = binary(Op::interact, left, operand(), begin);
    }
    return left;
  }

  /// x^2:z is (x^2):z and a:b^2 is a:(b^2), as one would say them; other exponents bind looser than ':'.
  Tree operand() {
    const std::size_t begin = now().offset;
    const Tree left = postfix();
    if (!is("^") || ahead().kind != TokenKind::number) return left;
    const Token& after = tokens_[at_ + 2];
    if (after.kind == TokenKind::symbol && (after.text == "^" || after.text == "[")) return left;
    ++at_;
    return binary(Op::power, left, primary(), begin);
  }

  Tree postfix() {
    const std::size_t begin = now().offset;
    Tree left = primary();
    while (is("[")) {
      const std::size_t opened = now().offset;
      ++at_;
      const bool only = is("[") && now().offset == opened + 1;
      if (only) ++at_;
      std::vector<Tree> children = {left};
      do children.push_back(bar());
      while (take(","));
      expect("]", only ? "[[" : "[", opened);
      if (only) expect("]", "[[", opened);
      left = spanning(node(only ? Op::slopes_only : Op::slopes, std::move(children)), begin);
    }
    return left;
  }

  Tree primary() {
    const Nesting guard(*this);
    const Token token = now();
    switch (token.kind) {
      case TokenKind::number:
        ++at_;
        return spanning(number(token.number), token.offset);
      case TokenKind::text:
        ++at_;
        return spanning(text(token.text), token.offset);
      case TokenKind::quoted_name:
        ++at_;
        return spanning(name(token.text), token.offset);
      case TokenKind::prefix:
        ++at_;
        return spanning(prefix(token.text, primary()), token.offset);
      case TokenKind::name:
        return word();
      default:
        return bracketed();
    }
  }

  Tree word() {
    const Token token = now();
    if (token.text == "true" || token.text == "false") {
      ++at_;
      return spanning(truth(token.text == "true"), token.offset);
    }
    if (!is_plain_name(token.text) && token.text.find('.') == std::string::npos)
      fail_here("expected an expression" + after_last() + ", found " + shown(token));
    ++at_;
    if (is("(")) return arguments(token);
    return spanning(name(token.text), token.offset);
  }

  Tree arguments(const Token& function) {
    const std::size_t opened = now().offset;
    ++at_;
    std::vector<Tree> children;
    std::vector<std::pair<std::string, Tree>> keywords;
    if (!is(")")) {
      do {
        const Token key = now();
        if (key.kind == TokenKind::name && ahead().kind == TokenKind::symbol && ahead().text == "=") {
          for (const auto& [given, value] : keywords)
            if (given == key.text) fail_here("'" + key.text + "' is given twice");
          at_ += 2;
          keywords.emplace_back(key.text, bar());
        } else {
          if (!keywords.empty()) fail_here("a positional argument after a keyword");
          children.push_back(bar());
        }
      } while (take(","));
    }
    expect(")", "(", opened);
    return spanning(call(function.text, std::move(children), std::move(keywords)), function.offset);
  }

  Tree bracketed() {
    const Token token = now();
    if (take("(")) {
      Tree inside = bar();
      expect(")", "(", token.offset);
      return inside;
    }
    if (take("{")) {
      std::vector<Tree> items;
      if (!is("}")) {
        do items.push_back(bar());
        while (take(",") && !is("}"));
      }
      expect("}", "{", token.offset);
      return spanning(node(Op::list, std::move(items)), token.offset);
    }
    fail_here("expected an expression" + after_last() +
              (token.kind == TokenKind::end || at_ == 0 ? "" : ", found " + shown(token)));
  }

  std::shared_ptr<const std::string> source_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Tree parse(std::string_view text) { return Parser(text).run(); }

}  // namespace formula
