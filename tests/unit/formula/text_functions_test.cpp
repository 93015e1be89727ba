// Functions of texts and dates in data expressions.
#include "core/error.hpp"
#include "data/date.hpp"
#include "data/frame.hpp"
#include "formula/evaluate.hpp"
#include "formula/parse.hpp"

#include <catch2/catch.hpp>

#include <string>

using data::Column;

namespace {

data::Frame places() {
  data::Frame frame("places");
  frame = frame.with("name", Column::texts(std::vector<std::string>{" Lu'an  city", "École", "", "杭州市 西湖区"}));
  frame = frame.with("code", Column::texts(std::vector<std::string>{"a-12", "b-7", "x", "2020-03-15"}));
  frame = frame.with("day", Column::dates({data::days_from_civil({2020, 2, 29}), data::days_from_civil({2019, 12, 31}),
                                           data::missing_integer, data::days_from_civil({2021, 7, 1})}));
  frame = frame.with("k", Column::integers({1, 12, data::missing_integer, -1}));
  frame = frame.with("y", Column::reals({2020, 2021, 2022.5, 2023}));
  return frame;
}

std::string shown(const std::string& text) {
  const data::ColumnPtr column = formula::evaluate(formula::parse(text), places());
  std::string out;
  for (std::size_t i = 0; i < column->size(); ++i)
    out += (i ? "|" : "") + (column->missing(i) ? std::string(".") : column->text(i));
  return out;
}
std::string complaint(const std::string& text) {
  try {
    return "no error: " + shown(text);
  } catch (const core::Error& error) {
    return error.message();
  }
}

}  // namespace

TEST_CASE("texts change case and blanks by characters", "[texts]") {
  CHECK(shown("upper(name)") == " LU'AN  CITY|ÉCOLE|.|杭州市 西湖区");
  CHECK(shown("lower(name)") == " lu'an  city|école|.|杭州市 西湖区");
  CHECK(shown("proper(name)") == " Lu'an  City|École|.|杭州市 西湖区");
  CHECK(shown("fold(name)") == " lu'an  city|ecole|.|杭州市 西湖区");
  CHECK(shown("strtrim(name)") == "Lu'an  city|École|.|杭州市 西湖区");
  CHECK(shown("itrim(trim(name))") == "Lu'an city|École|.|杭州市 西湖区");
  CHECK(shown("rtrim(ltrim(name))") == shown("trim(name)"));
  CHECK(shown("word(name, 1)") == "Lu'an|École|.|杭州市");
  CHECK(shown("word(name, -1)") == "city|École|.|西湖区");
  CHECK(shown("word(name, 3)") == ".|.|.|.");
  CHECK(shown("wordcount(name)") == "2|1|.|2");
  CHECK(shown("lpad(code, 6, '0')") == "00a-12|000b-7|00000x|2020-03-15");
  CHECK(shown("rpad(code, 5, '西湖')") == "a-12西|b-7西湖|x西湖西湖|2020-03-15");
}

TEST_CASE("texts are searched and replaced", "[texts]") {
  CHECK(shown("strpos(name, '西')") == "0|0|.|5");
  CHECK(shown("find(name, 'cole')") == "0|2|.|0");
  CHECK(shown("subinstr(code, '-', '')") == "a12|b7|x|20200315");
  CHECK(shown("replace(code, '-', '/', 1)") == "a/12|b/7|x|2020/03-15");
  CHECK(shown("regexm(code, '^[a-z]-\\\\d+$')") == "true|true|false|false");
  CHECK(shown("regex_extract(code, '(\\\\d+)$')") == "12|7|.|15");
  CHECK(shown("regex_extract(code, '(\\\\w)-(\\\\d)', 2)") == "1|7|.|0");
  CHECK(shown("regex_extract(name, '\\\\p{Han}+')") == ".|.|.|杭州市");
  CHECK(shown("regex_replace(code, '[0-9]', '#')") == "a-##|b-#|x|####-##-##");
}

TEST_CASE("a hostile pattern costs no more than the text's length", "[texts]") {
  // Backtracking matchers need 2^40 steps here.
  const std::string many(40, 'a');
  data::Frame frame;
  frame = frame.with("s", Column::texts(std::vector<std::string>{many + "!"}));
  const auto found = formula::evaluate(formula::parse("regexm(s, '^(a+)+$')"), frame);
  CHECK(found->booleans()[0] == 0);
  CHECK_THROWS_AS(formula::evaluate(formula::parse("regexm(s, '((a{1000}){1000}){1000}')"), frame), core::Error);
}

TEST_CASE("dates come out of texts and numbers", "[dates]") {
  CHECK(shown("date(code)") == ".|.|.|2020-03-15");
  CHECK(shown("date(code, 'ymd')") == ".|.|.|2020-03-15");
  CHECK(shown("ymd(code)") == ".|.|.|2020-03-15");
  CHECK(shown("dmy('15.3.2020')") == "2020-03-15|2020-03-15|2020-03-15|2020-03-15");
  CHECK(shown("ymd(y, k, 1)") == "2020-01-01|2021-12-01|.|.");
  CHECK(shown("mdy(2, 29, y)") == "2020-02-29|.|.|.");
  CHECK(shown("td(15mar2020)") == "2020-03-15|2020-03-15|2020-03-15|2020-03-15");
}

TEST_CASE("months, quarters and weeks count from 1960 as in Stata", "[dates]") {
  CHECK(shown("ym(y, 3)") == "722|734|.|758");  // 12 · 60 + 2, …
  CHECK(shown("yq(y, 4)") == "243|247|.|255");
  CHECK(shown("yq(y, 5)") == ".|.|.|.");
  CHECK(shown("yw(y, 52)") == "3171|3223|.|3327");
  CHECK(shown("mofd(day)") == "721|719|.|738");
  CHECK(shown("qofd(day)") == "240|239|.|246");
  CHECK(shown("hofd(day)") == "120|119|.|123");
  CHECK(shown("wofd(day)") == "3128|3119|.|3197");  // 29 February is in the 9th week, 31 December in the 52nd
  CHECK(shown("yofd(day)") == "2020|2019|.|2021");
  CHECK(shown("dofm(mofd(day))") == "2020-02-01|2019-12-01|.|2021-07-01");
  CHECK(shown("dofw(wofd(day))") == "2020-02-26|2019-12-24|.|2021-06-25");  // its day 176 begins the 26th week
  CHECK(shown("dofq(-1)") == "1959-10-01|1959-10-01|1959-10-01|1959-10-01");
  CHECK(shown("monthly('2015m3')") == "662|662|662|662");
  CHECK(shown("monthly('March 2015', 'MY')") == "662|662|662|662");
  CHECK(shown("quarterly('3/2015', 'QY')") == "222|222|222|222");
  CHECK(shown("ym('201503') == tm(2015m3)") == "true|true|true|true");
  CHECK(shown("tq(2015q1) - tq(2014q3)") == "2|2|2|2");
  CHECK(shown("cofd(td(02jan1960))") == "86400000|86400000|86400000|86400000");
  CHECK(shown("dofc(86400000.0)") == "1960-01-02|1960-01-02|1960-01-02|1960-01-02");
  CHECK_THROWS_WITH(shown("tm(2015m13)"), Catch::Contains("no period of tm()"));
  CHECK_THROWS_WITH(shown("year(ym(y, 3))"), Catch::Contains("is not a date"));
}

TEST_CASE("dates have parts, periods and arithmetic", "[dates]") {
  CHECK(shown("week(day)") == "9|1|.|26");
  CHECK(shown("isoyear(day)") == "2020|2020|.|2021");
  CHECK(shown("weekday(day)") == "6|2|.|4");
  CHECK(shown("dow(day)") == "6|2|.|4");
  CHECK(shown("doy(day)") == "60|365|.|182");
  CHECK(shown("halfyear(day)") == "1|2|.|2");
  CHECK(shown("days_in_month(day)") == "29|31|.|31");
  CHECK(shown("start_of(day, 'quarter')") == "2020-01-01|2019-10-01|.|2021-07-01");
  CHECK(shown("end_of(day, 'month')") == "2020-02-29|2019-12-31|.|2021-07-31");
  CHECK(shown("start_of(day, 'week')") == "2020-02-24|2019-12-30|.|2021-06-28");
  CHECK(shown("add_months(day, k)") == "2020-03-29|2020-12-31|.|2021-06-01");
  CHECK(shown("add_years(day, 1)") == "2021-02-28|2020-12-31|.|2022-07-01");
  CHECK(shown("months_between(day, date('2021-03-01'))") == "12|14|.|-4");
  CHECK(shown("years_between('2000-03-01', day)") == "19|19|.|21");
  CHECK(shown("day + 1") == "2020-03-01|2020-01-01|.|2021-07-02");
  CHECK(shown("format(day, '%Y年%m月')") == "2020年02月|2019年12月|.|2021年07月");
  CHECK(shown("date(format(day, '%d/%m/%Y'), 'dmy') == day") == "true|true|.|true");
}

TEST_CASE("wrong arguments of text and date functions are named", "[texts]") {
  CHECK(complaint("regexm(code, '(')").find("is no regular expression") != std::string::npos);
  CHECK(complaint("regexm(code, name)") == "the pattern is a text like 'city'");
  CHECK(complaint("regex_extract(code, 'a', 1)") == "the pattern has 0 groups, not a group 1");
  CHECK(complaint("regex_replace(code, 'a', '\\\\1')").find("cannot replace a match") != std::string::npos);
  CHECK(complaint("upper(k)") == "'k' is a number, but upper() needs text");
  CHECK(complaint("word(code, 0)") == "words count from 1, or back from -1");
  CHECK(complaint("lpad(code, 1e6)") == "the width is 10000 characters at most");
  CHECK(complaint("lpad(code, 5, '')") == "the filling is empty");
  CHECK(complaint("subinstr(code, '', 'x')") == "what is replaced is empty");
  CHECK(complaint("year(code)") == "'code' is not a date");
  CHECK(complaint("date(code, 'md')") == "'md' has no year");
  CHECK(complaint("date(code, '%V')").find("is for writing dates") != std::string::npos);
  CHECK(complaint("date(k)") == "'k' is a number, but date(x) reads text");
  CHECK(complaint("start_of(day, 'decade')").find("'week', 'month'") != std::string::npos);
  CHECK(complaint("add_months(day, y)") == "'y' must hold whole numbers");
  CHECK(complaint("format(day, '%Q')") == "'%Q' is no sign of a date");
  CHECK(shown("add_months(day, 100000000000)") == ".|.|.|.");
}
