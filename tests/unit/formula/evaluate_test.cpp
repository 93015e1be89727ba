#include "formula/evaluate.hpp"
#include "core/error.hpp"
#include "data/date.hpp"
#include "data/frame.hpp"
#include "formula/parse.hpp"

#include <catch2/catch.hpp>

#include <limits>

using data::Column;
using data::ColumnPtr;
using data::Type;

namespace {

const double nan = std::numeric_limits<double>::quiet_NaN();

/// Two cities over four years with a gap (city b has no 2012), every type of column, a hole in most.
data::Frame cities() {
  data::Frame frame("cities");
  frame = frame.with("city", Column::texts({"a", "a", "a", "a", "b", "b", "b"}));
  frame = frame.with("year", Column::integers({2010, 2011, 2012, 2013, 2010, 2011, 2013}));
  frame = frame.with("x", Column::reals({1, 2, nan, 4, -1, 0, 10}));
  frame = frame.with("z", Column::reals({2, 2, 2, 2, 4, 4, 4}));
  frame = frame.with("k", Column::integers({1, 2, 3, data::missing_integer, 5, 6, 7}));
  frame = frame.with("treat", Column::booleans({0, 0, 1, 1, 0, data::missing_boolean, 1}));
  frame = frame.with("name", Column::texts({"Hefei", "Hefei", "", "Wuhu", "Ningbo", "杭州", "Ningbo"}));
  const auto levels = std::make_shared<std::vector<std::string>>(std::vector<std::string>{"low", "mid", "high"});
  frame = frame.with("size", Column::categories({0, 1, 2, -1, 0, 1, 2}, levels, {10, 20, 30}));
  frame = frame.with("plain", Column::categories({0, 1, 2, 0, 0, 1, 2}, levels));
  std::vector<std::int64_t> days(7, data::days_from_civil({2020, 3, 15}));
  days[1] = data::days_from_civil({2021, 12, 1});
  days[2] = data::missing_integer;
  frame = frame.with("when", Column::dates(std::move(days)));
  frame = frame.with("产值", Column::reals({1, 2, 3, 4, 5, 6, 7}));
  frame = frame.with("odd name", Column::reals({1, 1, 1, 1, 1, 1, 1}));
  return frame.with_panel("city", "year");
}

ColumnPtr value(const std::string& text) { return formula::evaluate(formula::parse(text), cities()); }

/// The column as people read it, missing as ".".
std::string shown(const ColumnPtr& column) {
  std::string out;
  for (std::size_t i = 0; i < column->size(); ++i)
    out += (i ? " " : "") + (column->missing(i) ? std::string(".") : column->text(i));
  return out;
}
std::string shown(const std::string& text) { return shown(value(text)); }

struct Complaint {
  std::string message, marked, hint;
};
Complaint complaint(const std::string& text) {
  try {
    value(text);
  } catch (const core::Error& error) {
    const core::Caret* caret = error.caret();
    return {error.message(), caret ? caret->text.substr(caret->offset, caret->length) : "",
            error.hints().empty() ? "" : error.hints().front()};
  }
  return {"no error", "", ""};
}

}  // namespace

TEST_CASE("arithmetic: missing in, missing out") {
  CHECK(shown("x + z") == "3 4 . 6 3 4 14");
  CHECK(shown("x*z - 1") == "1 3 . 7 -5 -1 39");
  CHECK(shown("z/x") == "2 1 . 0.5 -4 . 0.4");
  CHECK(shown("-x^2") == "-1 -4 . -16 -1 0 -100");
  CHECK(shown("`odd name` + 产值") == "2 3 4 5 6 7 8");
  CHECK(shown("x^0") == "1 1 . 1 1 1 1");
  CHECK(shown("year - 2010") == "0 1 2 3 0 1 3");
  CHECK(value("year - 2010")->type() == Type::integer);
  CHECK(value("k*2 + treat")->type() == Type::integer);
  CHECK(shown("k*2 + treat") == "2 4 7 . 10 . 15");
  CHECK(value("year/1")->type() == Type::real);
  CHECK(value("k^2")->type() == Type::real);
  CHECK(value("year")->type() == Type::integer);
  CHECK(value("3")->size() == 7);
  CHECK(shown("size + 0.5") == "10.5 20.5 30.5 . 10.5 20.5 30.5");
  CHECK(shown("I(x + 1)*2") == "4 6 . 10 0 2 22");
}

TEST_CASE("integers that do not fit become doubles") {
  data::Frame frame;
  const std::int64_t big = 4'000'000'000'000'000'000;
  frame = frame.with("id", Column::integers({big, 1}));
  const ColumnPtr sum = formula::evaluate(formula::parse("id + id + id"), frame);
  CHECK(sum->type() == Type::real);
  CHECK(sum->number(0) == 1.2e19);
  CHECK(sum->number(1) == 3);
  const ColumnPtr near = formula::evaluate(formula::parse("id == id - 1"), frame);  // one apart beyond 2^53
  CHECK(near->booleans()[0] == 0);
}

TEST_CASE("functions give missing where they are undefined") {
  CHECK(shown("log(x)") == shown("ln(x)"));
  CHECK(shown("log(x/x)") == "0 0 . 0 0 . 0");
  CHECK(value("log(x)")->missing(4));
  CHECK(value("log(x)")->missing(5));
  CHECK(value("exp(x*1000)")->missing(0));
  CHECK(shown("abs(x)") == "1 2 . 4 1 0 10");
  CHECK(shown("sign(x)") == "1 1 . 1 -1 0 1");
  CHECK(shown("floor(x/4)") == "0 0 . 1 -1 0 2");
  CHECK(shown("round(x/3, 2)") == "0.33 0.67 . 1.33 -0.33 0 3.33");
  CHECK(shown("round(year, -1)") == "2010 2010 2010 2010 2010 2010 2010");
  CHECK(shown("mod(k, 3)") == "1 2 0 . 2 0 1");
  CHECK(shown("mod(-k, 3)") == "2 1 0 . 1 0 2");
  CHECK(shown("mod(x, 0)") == ". . . . . . .");
  CHECK(shown("k % 2") == "1 0 1 . 1 0 1");
  CHECK(shown("min(x, z)") == "1 2 . 2 -1 0 4");
  CHECK(shown("max(k, 3, treat)") == "3 3 3 . 5 . 7");
  CHECK(shown("cond(x > 1, z, 0)") == "0 2 . 2 0 0 4");
  CHECK(shown("ifelse(treat, 'yes', 'no')") == "no no yes yes no . yes");
  CHECK(value("normal(1.959963984540054)")->number(0) == Approx(0.975).epsilon(1e-12));
  CHECK(value("logistic(0)")->number(0) == 0.5);
}

TEST_CASE("comparisons and logic have three values") {
  CHECK(shown("x > 1") == "false true . true false false true");
  CHECK(value("x > 1")->type() == Type::boolean);
  CHECK(shown("treat == 1") == "false false true true false . true");
  CHECK(shown("treat and x > 1") == "false false . true false false true");
  CHECK(shown("treat or x > 1") == "false true true true false . true");
  CHECK(shown("not treat") == "true true false false true . false");
  CHECK(shown("missing(x)") == "false false true false false false false");
  CHECK(shown("missing(x, name, size)") == "false false true true false false false");
  CHECK(shown("year in {2010, 2013}") == "true false false true true false true");
  CHECK(shown("x in {1, 10}") == "true false . false false false true");
  CHECK(shown("year not in {2010, 2013}") == "false true true false false true false");
  CHECK(formula::rows_where(formula::parse("x > 1"), cities()) == std::vector<std::uint32_t>{1, 3, 6});
  CHECK(formula::rows_where(formula::parse("x"), cities()) == std::vector<std::uint32_t>{0, 1, 3, 4, 6});
  CHECK(formula::rows_where(formula::parse("k"), cities()).size() == 6);
}

TEST_CASE("text, categories and dates compare by what they say") {
  CHECK(shown("name == 'Ningbo'") == "false false . false true false true");
  CHECK(shown("'Ningbo' != name") == "true true . true false true false");
  CHECK(shown("name in {'Hefei', '杭州'}") == "true true . false false true false");
  CHECK(shown("name < 'I'") == "true true . false false false false");
  CHECK(shown("name == city") == "false false . false false false false");
  CHECK(shown("size == 'mid'") == "false true false . false true false");
  CHECK(shown("size >= 20") == "false true true . false true true");
  CHECK(shown("plain > 'low'") == "false true true false false true true");
  CHECK(shown("when > '2020-12-31'") == "false true . false false false false");
  CHECK(shown("when in {'2021-12-01'}") == "false true . false false false false");
  CHECK(shown("year(when)") == "2020 2021 . 2020 2020 2020 2020");
  CHECK(shown("month(when) + day(when)") == "18 13 . 18 18 18 18");
  CHECK(shown("quarter(when)") == "1 4 . 1 1 1 1");
  CHECK(value("when + 1")->type() == Type::date);
  CHECK(value("when - when")->type() == Type::integer);
  CHECK(shown("date(year, 2, 29)") == ". . 2012-02-29 . . . .");
}

TEST_CASE("text functions work on characters") {
  CHECK(shown("length(name)") == "5 5 . 4 6 2 6");
  CHECK(shown("upper(name)") == "HEFEI HEFEI . WUHU NINGBO 杭州 NINGBO");
  CHECK(shown("substr(name, 2, 1)") == "e e . u i 州 i");
  CHECK(shown("substr(name, -2)") == "ei ei . hu bo 杭州 bo");
  CHECK(shown("contains(name, 'i')") == "true true . false true false true");
  CHECK(shown("starts_with(name, '杭')") == "false false . false false true false");
  CHECK(shown("ends_with(name, 'o')") == "false false . false true false true");
  CHECK(shown("concat(city, '-', year)") == "a-2010 a-2011 a-2012 a-2013 b-2010 b-2011 b-2013");
  CHECK(shown("number(text(year)) + 1") == "2011 2012 2013 2014 2011 2012 2014");
  CHECK(shown("number(city)") == ". . . . . . .");
}

TEST_CASE("lags follow the panel and never cross a gap") {
  CHECK(shown("L.z") == ". 2 2 2 . 4 .");
  CHECK(shown("L2.x") == ". . 1 2 . . 0");
  CHECK(shown("F.year") == "2011 2012 2013 . 2011 . .");
  CHECK(shown("D.year") == ". 1 1 1 . 1 .");
  CHECK(value("D.year")->type() == Type::integer);
  CHECK(shown("D2.year") == ". . 0 0 . . .");
  CHECK(shown("S2.year") == ". . 2 2 . . 2");
  CHECK(shown("L(x, 2)") == shown("L2.x"));
  CHECK(shown("L(x, -1)") == shown("F.x"));
  CHECK(shown("L.D.year") == ". . 1 1 . . .");
  CHECK(shown("L.name") == ". Hefei Hefei . . Ningbo .");
  CHECK(shown("D.log(z)") == ". 0 0 0 . 0 .");
}

TEST_CASE("column statistics ignore missing values") {
  CHECK(shown("mean(z)").substr(0, 8) == "2.857142");
  CHECK(shown("x - mean(x)*3") == "-7 -6 . -4 -9 -8 2");
  CHECK(shown("sum(k)") == "24 24 24 24 24 24 24");
  CHECK(value("sum(k)")->type() == Type::integer);
  CHECK(shown("count(x)") == "6 6 6 6 6 6 6");
  CHECK(shown("n()") == "7 7 7 7 7 7 7");
  CHECK(value("sd(产值)")->number(0) == Approx(2.160246899469287).epsilon(1e-14));
  CHECK(value("var(产值)")->number(0) == Approx(14.0 / 3).epsilon(1e-14));
  CHECK(shown("median(x)") == "1.5 1.5 1.5 1.5 1.5 1.5 1.5");
  CHECK(shown("p25(产值)") == "2 2 2 2 2 2 2");
  CHECK(shown("min(x)") == "-1 -1 -1 -1 -1 -1 -1");
  CHECK(shown("max(when)").substr(0, 10) == "2021-12-01");
  CHECK(shown("first(name)") == "Hefei Hefei Hefei Hefei Hefei Hefei Hefei");
  CHECK(shown("rank(z)") == "2.5 2.5 2.5 2.5 6 6 6");
  CHECK(shown("cumsum(x)") == "1 3 3 7 6 6 16");
  CHECK(shown("_n") == "1 2 3 4 5 6 7");
  CHECK(shown("_N") == "7 7 7 7 7 7 7");
  CHECK(shown("group(city, treat)") == "1 1 2 2 3 . 4");
}

TEST_CASE("column statistics within groups") {
  const data::Frame frame = cities();
  const data::Grouping by = data::group(*frame.at("city"));
  const auto within = [&](const std::string& text) {
    return shown(formula::evaluate(formula::parse(text), frame, by));
  };
  CHECK(within("mean(x)") == "2.3333333333333335 2.3333333333333335 2.3333333333333335 2.3333333333333335 3 3 3");
  CHECK(within("_n") == "1 2 3 4 1 2 3");
  CHECK(within("_N") == "4 4 4 4 3 3 3");
  CHECK(within("max(x)") == "4 4 4 4 10 10 10");
  CHECK(within("last(name)") == "Wuhu Wuhu Wuhu Wuhu Ningbo Ningbo Ningbo");
  CHECK(within("cumsum(x)") == "1 3 3 7 -1 -1 9");
  CHECK(within("rank(x)") == "1 2 . 3 1 2 3");
  CHECK(within("median(x)") == "2 2 2 2 0 0 0");
  CHECK(within("sum(k)") == "6 6 6 6 18 18 18");
  const data::Grouping holes = data::group(*frame.at("size"));
  CHECK(shown(formula::evaluate(formula::parse("count(z)"), frame, holes)) == "2 2 2 . 2 2 2");
}

TEST_CASE("errors of evaluation blame their place") {
  const auto complains = [](const std::string& text, const std::string& message, const std::string& marked) {
    const Complaint found = complaint(text);
    CHECK(found.message == message);
    CHECK(found.marked == marked);
  };
  complains("x + yaer", "no column 'yaer' in frame 'cities'", "yaer");
  complains("lgo(x)", "unknown function 'lgo'", "lgo(x)");
  complains("x + name*2", "'name' is text, but arithmetic needs a number", "name");
  complains("plain + 1", "'plain' is a category, but arithmetic needs a number", "plain");
  complains("name == 5", "'name' is text, but the comparison with 5 needs a number", "name");
  complains("x == 'a'", "'a' is text, but the comparison with x needs a number", "'a'");
  complains("log(x, 2)", "'log' takes 1 argument, not 2", "log(x, 2)");
  complains("log(x, base=2)", "'log' has no option 'base'", "log(x, base=2)");
  complains("name and x", "'name' is text, not a condition", "name");
  complains("i.year", "'i.year' is a factor, which belongs to the right side of a formula", "i.year");
  complains("x:z", "an interaction stands where a column's values are needed", "x:z");
  complains("x == .", "a comparison with missing is never true", ".");
  complains("L(x, 1.5)", "the lag must be a whole number, not 1.5", "1.5");
  complains("plain > 'lwo'", "'lwo' is not a level", "'lwo'");
  complains("x in {1, 'a'}", "a list after 'in' mixes numbers and texts", "{1, 'a'}");
  complains("year(x)", "'x' is not a date", "year(x)");
  complains("upper(x)", "'x' is a number, but upper() needs text", "x");
  complains("when > 'soon'", "'soon' is no date", "'soon'");
  CHECK(complaint("yaer").hint.substr(0, 19) == "did you mean 'year'");
  CHECK(complaint("lgo(x)").hint.substr(0, 18) == "did you mean 'log'");

  data::Frame flat = data::Frame("flat").with("x", Column::reals({1, 2}));
  CHECK_THROWS_WITH(formula::evaluate(formula::parse("L.x"), flat), "'L.x' needs a panel");
  CHECK_THROWS_WITH(formula::evaluate_numbers(formula::parse("city"), cities()),
                    "'city' is text; a number is needed here");
  CHECK_THROWS_WITH(formula::rows_where(formula::parse("name"), cities()), "'name' is text, not a condition");
}

TEST_CASE("evaluation gives the same digits over many blocks") {
  const std::size_t n = 300'001;
  std::vector<double> x(n);
  std::vector<std::int64_t> k(n);
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = static_cast<double>(i % 1000) / 7;
    k[i] = static_cast<std::int64_t>(i % 13);
  }
  data::Frame frame;
  frame = frame.with("x", Column::reals(x)).with("k", Column::integers(k));
  const std::vector<double> out = formula::evaluate_numbers(formula::parse("log(x + 1) + k*x - x/(k + 1)"), frame);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double want = std::log(x[i] + 1) + static_cast<double>(k[i]) * x[i] - x[i] / static_cast<double>(k[i] + 1);
    wrong += out[i] != want ? 1 : 0;
  }
  CHECK(wrong == 0);
}
