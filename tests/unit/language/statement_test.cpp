#include "language/statement.hpp"

#include <catch2/catch.hpp>

#include "language/statement_text.hpp"

using language::parse_statement;
using language::Statement;
using Words = std::vector<std::string>;

namespace {

std::string fault(const std::string& text) {
  try {
    parse_statement(text);
  } catch (const language::Fault& f) {
    return f.what + " | " + text.substr(f.offset, f.length);
  }
  return "";
}

}  // namespace

TEST_CASE("a statement in its parts") {
  const Statement s = parse_statement(
      "merge m:1 id x using \"a b.dta\" if y > 1 & z in {1, 2} in 1/10 [aw=pop / 2], keep(a b) nogen title(\"x, "
      "(y)\")");
  CHECK(s.name == "merge");
  CHECK(s.body == "m:1 id x");
  CHECK(s.file == "a b.dta");
  CHECK(s.condition == "y > 1 & z in {1, 2}");
  CHECK(s.range == "1/10");
  CHECK(s.weight_kind == "aw");
  CHECK(s.weight == "pop / 2");
  REQUIRE(s.options.size() == 3);
  CHECK(s.options[0].name == "keep");
  CHECK(s.options[0].value == "a b");
  CHECK_FALSE(s.options[1].has_value);
  CHECK(s.options[2].value == "\"x, (y)\"");
}

TEST_CASE("clauses come in any order, and words that look like them stay words") {
  const Statement s = parse_statement("list x in -5/l if year > 2012, clean");
  CHECK(s.body == "x");
  CHECK(s.range == "-5/l");
  CHECK(s.condition == "year > 2012");
  CHECK(parse_statement("gen y = cond(a, b, c) if d").body == "y = cond(a, b, c)");
  CHECK(parse_statement("gen y = x in {1, 2}").body == "y = x in {1, 2}");
  CHECK(parse_statement("list inside ifx L.if").body == "inside ifx L.if");
  CHECK(parse_statement("gen y = x[_n-1]").body == "y = x[_n-1]");
  CHECK(parse_statement("display \"if in, using\"").body == "\"if in, using\"");
  CHECK(parse_statement("reg y x[pw = w]").weight.empty());
  CHECK(parse_statement("reg y x [pweight = w]").weight_kind == "pw");
}

TEST_CASE("prefixes stand before the command, outermost first") {
  const Statement s = parse_statement("cap qui: by g (t), sort: gen n = _n");
  CHECK(s.prefixes == Words{"capture", "quietly", "by g (t), sort"});
  CHECK(s.name == "gen");
  CHECK(parse_statement("eststo m1, title(a: b): reg y x").prefixes == Words{"eststo m1, title(a: b)"});
  CHECK(parse_statement("eststo clear").name == "eststo");
  CHECK(fault("quietly") == "'quietly' needs a command after it | quietly");
  CHECK(fault("bysort x gen y") == "'bysort' has no colon before the command | bysort");
  CHECK(fault("capture: , x") == "a statement begins with the name of a command | ,");
}

TEST_CASE("options without a name or with an equals sign are refused") {
  CHECK(fault("reg y x, (a)") == "an option begins with a name, not with '(' | (");
  CHECK(fault("reg y x, vce = r") == "an option begins with a name, not with '=' | =");
  CHECK(fault("reg y x, vce=r") == "an option's value stands in brackets | =");
  CHECK(fault("reg y if") == "no condition after 'if' | if");
  CHECK(fault("append using, gen(x)") == "no file after 'using' | using");
}

TEST_CASE("words keep what is in brackets and quotes together") {
  CHECK(language::statement_words("y L(1/3).x (d = z w)  \"a b\" i.(a b)#c.x") ==
        Words{"y", "L(1/3).x", "(d = z w)", "\"a b\"", "i.(a b)#c.x"});
  CHECK(language::statement_words("  ").empty());
  CHECK(language::unquoted("\"a b\"") == "a b");
  CHECK(language::unquoted("a\"") == "a\"");
}

TEST_CASE("the sign of an assignment is no comparison and stands outside brackets") {
  CHECK(language::assignment_sign("y = x") == 2);
  CHECK(language::assignment_sign("double y=x==1") == 8);
  CHECK(language::assignment_sign("a == b") == std::string::npos);
  CHECK(language::assignment_sign("a >= b != c ~= d <= e") == std::string::npos);
  CHECK(language::assignment_sign("y (d = z)") == std::string::npos);
}
