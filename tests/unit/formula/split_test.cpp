#include "core/error.hpp"
#include "core/text.hpp"
#include "formula/design.hpp"
#include "formula/parse.hpp"

#include <catch2/catch.hpp>

using formula::parse;
using formula::Parts;

namespace {

std::string labels(const std::vector<formula::Term>& terms) {
  std::vector<std::string> out;
  for (const formula::Term& term : terms) out.push_back(term.label);
  return core::join(out, " ");
}
std::string labels(const std::vector<formula::Tree>& trees) {
  std::vector<std::string> out;
  for (const formula::Tree& tree : trees) out.push_back(print(tree));
  return core::join(out, " ");
}
std::string terms(const std::string& right) { return labels(formula::split(parse("y ~ " + right)).exogenous); }
bool constant(const std::string& right) { return formula::split(parse("y ~ " + right)).constant; }
std::string effects(const std::string& fe) { return labels(formula::split(parse("y ~ x | " + fe)).fe); }

struct Complaint {
  std::string message, marked, hint;
};
Complaint complaint(const std::string& text) {
  try {
    formula::split(parse(text));
  } catch (const core::Error& error) {
    const core::Caret* caret = error.caret();
    return {error.message(), caret ? caret->text.substr(caret->offset, caret->length) : "",
            error.hints().empty() ? "" : error.hints().front()};
  }
  return {"no error", "", ""};
}

}  // namespace

TEST_CASE("operators expand into terms") {
  CHECK(terms("a + b") == "a b");
  CHECK(terms("a*b") == "a b a:b");
  CHECK(terms("a##b") == "a b a:b");
  CHECK(terms("a*b*c") == "a b a:b c a:c b:c a:b:c");
  CHECK(terms("(a + b)*c") == "a b c a:c b:c");
  CHECK(terms("(a + b):c") == "a:c b:c");
  CHECK(terms("(a + b):(c + d)") == "a:c a:d b:c b:d");
  CHECK(terms("a:b + b:a") == "a:b");
  CHECK(terms("a + b + a + a:b + a*b") == "a b a:b");
  CHECK(terms("a*b - a:b") == "a b");
  CHECK(terms("a + b - a") == "b");
  CHECK(terms("a*b + -a") == "b a:b");
  CHECK(terms("{a, b}") == "a b");
  CHECK(terms("x + c.x") == "x");
  CHECK(terms("i.f + i(f)") == "i.f");
  CHECK(terms("log(z):x^2 + I(x*z)") == "log(z):x^2 I(x*z)");
  CHECK(terms("pop/1000 + (year > 2010):treat") == "pop/1000 (year > 2010):treat");
  CHECK(terms("1").empty());
}

TEST_CASE("the constant") {
  CHECK(constant("x"));
  CHECK(constant("x + 1"));
  CHECK_FALSE(constant("x - 1"));
  CHECK_FALSE(constant("-1 + x"));
  CHECK_FALSE(constant("x + 0"));
  CHECK_FALSE(constant("0 + x"));
  CHECK(constant("x - 0"));
  CHECK(constant("x - 1 + 1"));
}

TEST_CASE("lags of several orders") {
  CHECK(terms("L(x, 1, 3)") == "L.x L2.x L3.x");
  CHECK(terms("L(x, -1, 1)") == "F.x x L.x");
  CHECK(terms("F(x, 1, 2)") == "F.x F2.x");
  CHECK(terms("L(x, {1, 4})") == "L.x L4.x");
  CHECK(terms("L(x) + D(x) + D(x, 2) + S(x, 4)") == "L.x D.x D2.x S4.x");
  CHECK(terms("L(x, 1, 2):z") == "L.x:z L2.x:z");
  CHECK(terms("L.x + L(x, 0, 1)") == "L.x x");
}

TEST_CASE("parts between bars") {
  const Parts parts = formula::split(parse("log(y) ~ x | city + year | d ~ z + w"));
  CHECK(labels(parts.lhs) == "log(y)");
  CHECK(labels(parts.exogenous) == "x");
  CHECK(labels(parts.fe) == "city year");
  CHECK(labels(parts.endogenous) == "d");
  CHECK(labels(parts.instruments) == "z w");

  const Parts without = formula::split(parse("y ~ x | d ~ z"));
  CHECK(without.fe.empty());
  CHECK(labels(without.endogenous) == "d");
  CHECK(formula::split(parse("y ~ x | 0")).fe.empty());
  CHECK(formula::split(parse("x + z")).lhs.empty());
  CHECK(labels(formula::split(parse("~ x + z")).exogenous) == "x z");
  CHECK(labels(formula::split(parse("y ~ x | city"), parse("year + city")).fe) == "city year");
  CHECK(labels(formula::split(parse("y ~ x"), parse("~ city + year")).fe) == "city year");
}

TEST_CASE("adding to a formula adds to its right side") {
  const formula::Tree base = parse("y ~ x | g");
  const formula::Tree z = formula::name("z");
  const Parts more = formula::split(formula::node(formula::Op::plus, {base, z}));
  CHECK(labels(more.exogenous) == "x z");
  CHECK(labels(more.fe) == "g");
  CHECK(labels(formula::split(parse("(y ~ x + z) - x")).exogenous) == "z");
  const Parts nested = formula::split(parse("y ~ (x | g)"));
  CHECK(labels(nested.exogenous) == "x");
  CHECK(labels(nested.fe) == "g");
}

TEST_CASE("fixed effects in every spelling") {
  CHECK(effects("city + city^year + firm[trend] + firm2[[trend, x]]") ==
        "city city^year firm[trend] firm2[[trend, x]]");
  CHECK(effects("city^year[trend]") == "(city^year)[trend]");
  CHECK(effects("i.city + city#year + firm#c.x + state##c.x") == "city city^year firm[[x]] state[x]");
  CHECK(effects("city + city[trend]") == "city[trend]");
  CHECK(effects("city[trend] + city[[x]]") == "city[trend, x]");
  CHECK(effects("city + city") == "city");
  CHECK(effects("{city, year}") == "city year");
}

TEST_CASE("errors of formulas mark their part") {
  const auto complains = [](const std::string& text, const std::string& message, const std::string& marked) {
    const Complaint found = complaint(text);
    CHECK(found.message == message);
    CHECK(found.marked == marked);
  };
  complains("y ~ 2*x", "a number cannot be interacted", "2");
  complains("y ~ x + 3", "the number 3 is no term in the right side of a formula", "3");
  complains("y ~ x*x", "'x*x' interacts a term with itself", "x*x");
  complains("y ~ x - z", "'z' is removed but was not there", "z");
  complains("y ~ (a + b)^2", "'a + b' inside '(a + b)^2' may mean arithmetic or terms", "(a + b)^2");
  complains("y ~ x + year >= 2014", "'x + year' inside 'x + year >= 2014' may mean arithmetic or terms",
            "x + year >= 2014");
  complains("y ~ 'x'", "'x' is no term in the right side of a formula", "'x'");
  complains("y ~ x ~ z", "two '~' in one part", "y ~ x");
  complains("y ~ x[z]", "varying slopes in the right side of a formula", "x[z]");
  complains("y ~ x | a | b", "two parts of fixed effects", "b");
  complains("y ~ x | d ~ z | a", "the instrument part comes last: y ~ x | fe | d ~ z", "a");
  complains("y ~ x + d | d ~ z", "'d' is both endogenous and exogenous", "d ~ z");
  complains("y ~ y + x", "'y' stands on both sides of the formula", "y");
  complains("3 ~ x", "the left side of the formula is 3", "3");
  complains("y ~ x | a*b", "'a*b' is no fixed effect", "a*b");
  complains("y ~ x | c.a", "'c.a' is no fixed effect", "c.a");
  complains("y ~ L(x, 3, 1)", "the lags run backwards", "L(x, 3, 1)");
  CHECK(complaint("y ~ 2*x").hint == "for the product write I(2*x)");
  CHECK(complaint("y ~ x*x").hint == "the square is x^2");
  CHECK(complaint("y ~ x | a*b").hint == "the combined fixed effect is a^b");
}
