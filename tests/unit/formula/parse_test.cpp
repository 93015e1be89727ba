#include "formula/parse.hpp"
#include "core/error.hpp"
#include "formula/tree.hpp"

#include <catch2/catch.hpp>

#include <random>

using formula::Op;
using formula::parse;
using formula::print;
using formula::Tree;

namespace {

std::string again(const std::string& text) { return print(parse(text)); }

struct Complaint {
  std::string message, marked, hint;
};
Complaint complaint(const std::string& text) {
  try {
    parse(text);
  } catch (const core::Error& error) {
    Complaint out;
    out.message = error.message();
    if (error.caret()) {
      const core::Caret& caret = *error.caret();
      REQUIRE(caret.text == text);
      REQUIRE(caret.offset <= text.size());
      out.marked = caret.offset == text.size() ? "<end>" : text.substr(caret.offset, caret.length);
    }
    if (!error.hints().empty()) out.hint = error.hints().front();
    return out;
  }
  return {"no error: " + print(parse(text)), "", ""};
}

/// A random tree of any kind the grammar knows.
class RandomTrees {
 public:
  explicit RandomTrees(unsigned seed) : random_(seed) {}

  Tree make(int depth) {
    if (depth == 0 || pick(6) == 0) return leaf();
    switch (pick(10)) {
      case 0:
        return formula::call(word(), children(depth, pick(3)), keywords(depth));
      case 1:
        return formula::prefix(pick(2) == 0 ? "L2" : "i", make(depth - 1));
      case 2:
        return formula::node(Op::list, children(depth, pick(3)));
      case 3:
        return formula::node(pick(2) == 0 ? Op::slopes : Op::slopes_only, children(depth, 2 + pick(2)));
      case 4: {
        const Op unary[] = {Op::negate, Op::negation, Op::tilde};
        return formula::node(unary[pick(3)], {make(depth - 1)});
      }
      case 5:
        return formula::node(Op::member, {make(depth - 1), formula::node(Op::list, children(depth, 2))});
      default: {
        const Op binary[] = {Op::plus,     Op::minus,         Op::times,       Op::divide,  Op::power,
                             Op::interact, Op::cross,         Op::tilde,       Op::bar,     Op::equal,
                             Op::unequal,  Op::less,          Op::plus,        Op::greater, Op::less_equal,
                             Op::interact, Op::greater_equal, Op::conjunction, Op::power,   Op::disjunction};
        return formula::node(binary[pick(20)], {make(depth - 1), make(depth - 1)});
      }
    }
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  std::string word() {
    const char* words[] = {"x", "lngdp", "L", "i", "产值", "D", "_n", "treat"};
    return words[pick(8)];
  }
  Tree leaf() {
    switch (pick(6)) {
      case 0: {
        const double values[] = {0, 1, -1, 2014, 0.5, -1e-7, 1e22, 123456.789};
        return formula::number(values[pick(8)]);
      }
      case 1: {
        const char* texts[] = {"", "Anhui", "it's", "a\\b\n\t\"", "杭州"};
        return formula::text(texts[pick(5)]);
      }
      case 2: {
        const char* names[] = {"odd name", "log.gdp", "L.x", "in", "2x", "back`tick", "and"};
        return formula::name(names[pick(7)]);
      }
      case 3:
        return formula::truth(pick(2) == 0);
      default:
        return formula::name(word());
    }
  }
  std::vector<Tree> children(int depth, int count) {
    std::vector<Tree> out;
    for (int i = 0; i < count; ++i) out.push_back(make(depth - 1));
    return out;
  }
  std::vector<std::pair<std::string, Tree>> keywords(int depth) {
    if (pick(2) == 0) return {};
    return {{"ref", make(depth - 1)}};
  }
  std::mt19937 random_;
};

}  // namespace

TEST_CASE("operators bind as the grammar says") {
  const auto grouped = [](const std::string& text, const std::string& meant) {
    INFO(text << " parses as " << again(text));
    CHECK(formula::same(parse(text), parse(meant)));
  };
  grouped("y ~ x + a*b | g | d ~ z", "(((y ~ (x + (a*b))) | g) | (d ~ z))");
  grouped("a*b:c", "a*(b:c)");
  grouped("a:b:c", "(a:b):c");
  grouped("a#b##c", "(a#b)##c");
  grouped("a##b*c", "(a##b)*c");
  grouped("-x^2", "-(x^2)");
  grouped("2^-x^3", "2^(-(x^3))");
  grouped("a - b - c", "(a - b) - c");
  grouped("a - -1", "a - (-1)");
  grouped("x^2:z", "(x^2):z");
  grouped("a:b^2:c", "(a:(b^2)):c");
  grouped("x^2##z", "(x^2)##z");
  grouped("a:b^c", "(a:b)^c");
  grouped("a^b:c", "a^(b:c)");
  grouped("a^2^b", "a^(2^b)");
  grouped("x == 1 and y > 2 or not z < 3", "((x == 1) and (y > 2)) or (not (z < 3))");
  grouped("!x == 1", "not (x == 1)");
  grouped("a & b && c", "(a and b) and c");
  grouped("a || b", "a or b");
  grouped("x not in {1, 2}", "not (x in {1, 2})");
  grouped("x ~= 1", "x != 1");
  grouped("x % 2", "mod(x, 2)");
  grouped("L2D.x", "L2.D.x");
  grouped("city^year[trend]", "city^(year[trend])");
  grouped("a + b > c", "(a + b) > c");
  CHECK_FALSE(formula::same(parse("a - b - c"), parse("a - (b - c)")));
}

TEST_CASE("a bar binds loosest, so that between conditions it is 'or'") {
  CHECK(formula::parse("a | b and c")->op == Op::bar);
  CHECK(formula::parse("a & b | c")->op == Op::bar);
  CHECK(formula::parse("not a | b")->op == Op::bar);
  CHECK(formula::parse("y ~ x | f | d ~ z")->op == Op::bar);
  CHECK(formula::print(formula::parse("(a | b) and c")) == "(a | b) and c");
}

TEST_CASE("leaves of every kind") {
  CHECK(parse("1e-3")->number == 0.001);
  CHECK(parse(".5")->number == 0.5);
  CHECK(parse("5.")->number == 5.0);
  CHECK(parse("-2")->op == Op::number);
  CHECK(parse("-2")->number == -2.0);
  CHECK(parse("'it\\'s'")->text == "it's");
  CHECK(parse("\"杭州\"")->text == "杭州");
  CHECK(parse("产值")->op == Op::name);
  CHECK(parse("`odd name`")->text == "odd name");
  CHECK(parse("log.gdp")->text == "log.gdp");
  CHECK(parse("true")->op == Op::truth);
  CHECK(parse("D")->op == Op::name);
  CHECK(parse("D.x")->op == Op::prefix);
  CHECK(parse("L.`odd name`")->children[0]->text == "odd name");
  CHECK(parse("i.year")->text == "i");
  CHECK(parse("i(x, y, ref=-1)")->keywords[0].second->number == -1.0);
  CHECK(parse("fe[[x, z]]")->op == Op::slopes_only);
  CHECK(parse("fe[x]")->op == Op::slopes);
}

TEST_CASE("print writes the fewest parentheses") {
  for (const std::string text : {"lngdp + log(z):treat",
                                 "y ~ x + a*b | city + year | d ~ z",
                                 "-x^2",
                                 "(-x)^2",
                                 "a - (b - c)",
                                 "a - b - c",
                                 "(a + b)*c",
                                 "2^-x",
                                 "x in {1, 2}",
                                 "not (a and b)",
                                 "i(year, ref={1, 2})",
                                 "L.D.x",
                                 "fe[[x, z]]",
                                 "x^2:z",
                                 "I(x*z)",
                                 "`odd name` + log.gdp",
                                 "-(-x)",
                                 "x == 'a'",
                                 "a - -1",
                                 "(-2)^2",
                                 "~ x",
                                 "L.(a + b)",
                                 "L.log(x)"})
    CHECK(again(text) == text);
  CHECK(print(formula::number(2014)) == "2014");
  CHECK(print(formula::number(1e-7)) == "1e-07");
}

TEST_CASE("a printed tree parses back to itself") {
  RandomTrees trees(20240611);
  for (int i = 0; i < 20'000; ++i) {
    const Tree tree = trees.make(1 + i % 5);
    const std::string text = print(tree);
    INFO(text);
    REQUIRE(formula::same(parse(text), tree));
  }
}

TEST_CASE("dropping any pair of printed parentheses changes the tree") {
  RandomTrees trees(7);
  int dropped = 0;
  for (int i = 0; i < 3'000; ++i) {
    const Tree tree = trees.make(3);
    const std::string text = print(tree);
    if (text.find_first_of("'`\"") != std::string::npos || text.find("-(-") != std::string::npos) continue;
    std::vector<std::size_t> open;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '(') open.push_back(at);
      if (text[at] != ')') continue;
      const std::size_t begin = open.back();
      open.pop_back();
      const char before = begin == 0 ? ' ' : text[begin - 1];
      if (std::isalnum(static_cast<unsigned char>(before)) || before == '_' || static_cast<unsigned char>(before) > 127)
        continue;  // a call
      std::string less = text;
      less[at] = ' ';
      less[begin] = ' ';
      ++dropped;
      bool unchanged = false;
      try {
        unchanged = formula::same(parse(less), tree);
      } catch (const core::Error&) {
        unchanged = false;
      }
      INFO(text);
      CHECK_FALSE(unchanged);
    }
  }
  CHECK(dropped > 100);
}

TEST_CASE("every error marks its place") {
  const auto marks = [](const std::string& text, const std::string& message, const std::string& marked) {
    const Complaint found = complaint(text);
    CHECK(found.message == message);
    CHECK(found.marked == marked);
  };
  marks("x + ", "expected an expression after '+'", "<end>");
  marks("x + * y", "expected an expression after '+', found '*'", "*");
  marks("(x + y", "'(' is never closed", "(");
  marks("log(x", "'(' is never closed", "(");
  marks("fe[[x]", "'[[' is never closed", "[[");
  marks("x)", "unexpected ')' after 'x'", ")");
  marks("x y", "unexpected 'y' after 'x'", "y");
  marks("treat = 1", "unexpected '=' after 'treat'", "=");
  marks("1 < x < 3", "comparisons do not chain", "<");
  marks("x in 3", "expected a list like {1, 2} after 'in'", "3");
  marks("'abc", "unfinished string", "'abc");
  marks("`abc", "unfinished backquoted name", "`abc");
  marks("2x + 1", "a number runs into a name", "2x");
  marks("x ? y", "unexpected '?'", "?");
  marks("x，y", "'，' is not the ASCII character", "，");
  marks("产值＋x", "'＋' is not the ASCII character", "＋");
  marks("i(x, ref=1, y)", "a positional argument after a keyword", "y");
  marks("i(x, ref=1, ref=2)", "'ref' is given twice", "ref");
  marks("x ** 2", "'**' is not an operator", "**");
  marks("'a\\qb'", "unknown escape in a string", "\\q");
  marks("and x", "expected an expression, found 'and'", "and");
  CHECK(complaint("treat = 1").hint == "equality is written '=='");
  CHECK(complaint("").message == "an empty expression");
  CHECK(complaint("2x").hint == "a column name that starts with a digit goes in backquotes: `2x`");
}

TEST_CASE("deep nesting is an error, not a crash") {
  const std::string many(100'000, '(');
  CHECK(complaint(many + "x").message == "brackets or signs are nested too deeply");
  CHECK(complaint(std::string(100'000, '-') + "x").message == "brackets or signs are nested too deeply");
  CHECK(complaint(std::string(100'000, '{')).message == "brackets or signs are nested too deeply");
  std::string chain = "x";
  for (int i = 0; i < 100'000; ++i) chain += "+x";
  CHECK(complaint(chain).message == "the expression is nested over 2500 levels deep");
  std::string hats = "x";
  for (int i = 0; i < 100'000; ++i) hats += "^x";
  CHECK(complaint(hats).message == "brackets or signs are nested too deeply");
  CHECK(again(std::string(150, '(') + "x" + std::string(150, ')')) == "x");
}

TEST_CASE("names and positions of a tree") {
  CHECK(formula::names_in(parse("y ~ a*b + log(a) | city^year")) ==
        std::vector<std::string>{"y", "a", "b", "city", "year"});
  const Tree tree = parse("y ~ log(gdp) + x");
  const Tree& log = tree->children[1]->children[0];
  CHECK(log->offset == 4);
  CHECK(log->length == 8);
  const core::Error error = formula::error_at(log, "wrong");
  REQUIRE(error.caret());
  CHECK(error.caret()->offset == 4);
  CHECK(formula::error_at(formula::name("gdp"), "wrong").word() == "gdp");
}
