#include "data/verbs/reshape.hpp"
#include "core/error.hpp"
#include "data/date.hpp"
#include "data/verbs/fillin.hpp"
#include "data/verbs/picked.hpp"
#include "data/verbs/rows.hpp"

#include <catch2/catch.hpp>

#include <random>

using Catch::Matchers::Contains;
using data::Column;
using data::Frame;
using Words = std::vector<std::string>;

namespace {

const double hole = std::numeric_limits<double>::quiet_NaN();

Frame wide() {
  return Frame("wide")
      .with("id", Column::integers({7, 3, 5}))
      .with("sex", Column::texts(Words{"f", "m", "f"}))
      .with("inc80", Column::integers({5000, 2000, 3000}))
      .with("inc82", Column::reals({5500, 2200.5, hole}))
      .with("ue80", Column::booleans({0, 1, 0}));
}

void check_same(const Frame& a, const Frame& b) {
  REQUIRE(a.rows() == b.rows());
  REQUIRE(a.names() == b.names());
  for (const std::string& name : a.names()) {
    INFO(name);
    for (std::size_t r = 0; r < a.rows(); ++r) CHECK(data::same_value(*a.at(name), r, *b.at(name), r));
    CHECK(a.at(name)->label() == b.at(name)->label());
  }
}

}  // namespace

TEST_CASE("long data hold each value where its name says", "[reshape]") {
  const data::Reshaped out = data::reshape_long(wide(), {.stubs = {"inc", "ue"}, .i = {"id"}, .j = "year"});
  CHECK(out.frame.names() == Words{"id", "year", "sex", "inc", "ue"});
  CHECK(out.frame.rows() == 6);
  CHECK(out.values == Words{"80", "82"});
  CHECK(out.frame.at("year")->integers()[1] == 82);
  CHECK(out.frame.at("inc")->number(3) == 2200.5);
  CHECK(out.frame.at("ue")->missing(1));  // there is no ue82
  CHECK(out.notes.size() == 1);
  CHECK(out.frame.at("sex")->text(3) == "m");
}

TEST_CASE("wide of long is the data again", "[reshape]") {
  std::mt19937 random(3);
  for (int round = 0; round < 10; ++round) {
    const std::size_t units = 1 + random() % 30;
    Frame frame("f");
    std::vector<std::int64_t> id(units);
    for (std::size_t u = 0; u < units; ++u) id[u] = static_cast<std::int64_t>(units - u) * 3;
    frame = frame.with("id", Column::integers(id));
    for (int year = 2010; year < 2014; ++year) {
      std::vector<double> x(units);
      std::vector<std::string> t(units);
      for (std::size_t u = 0; u < units; ++u) {
        x[u] = random() % 5 ? static_cast<double>(random()) / 7 : hole;
        t[u] = random() % 4 ? "w" + std::to_string(random() % 6) : "";
      }
      frame = frame.with("x" + std::to_string(year), Column::reals(x)->labelled(std::to_string(year) + " Output"));
      frame = frame.with("t" + std::to_string(year), Column::texts(t));
    }
    const data::ReshapeOptions options{.stubs = {"x", "t"}, .i = {"id"}, .j = "year"};
    const Frame tall = data::reshape_long(frame, options).frame;
    CHECK(tall.rows() == units * 4);
    CHECK(tall.at("x")->label() == "Output");
    const Frame again = data::reshape_wide(tall, options).frame;
    check_same(again.selected(frame.names()), frame);
    check_same(data::reshape_long(again, options).frame.selected(tall.names()), tall);
  }
}

TEST_CASE("text j, stubs with a tail, separators", "[reshape]") {
  const Frame f = Frame()
                      .with("id", Column::integers({1, 2}))
                      .with("gdp_old_pc", Column::reals({1, 2}))
                      .with("gdp_new_pc", Column::reals({3, 4}));
  const data::ReshapeOptions options{.stubs = {"gdp@_pc"}, .i = {"id"}, .j = "when", .text_j = true, .separator = "_"};
  const Frame tall = data::reshape_long(f, options).frame;
  CHECK(tall.names() == Words{"id", "when", "gdp_pc"});
  CHECK(tall.at("when")->text(0) == "new");
  CHECK(tall.at("gdp_pc")->number(1) == 1);
  check_same(data::reshape_wide(tall, options).frame.selected(f.names()), f);
}

TEST_CASE("what cannot be reshaped is named", "[reshape]") {
  const data::ReshapeOptions options{.stubs = {"inc"}, .i = {"id"}, .j = "year"};
  const Frame twice = wide().take(std::vector<std::uint32_t>{0, 1, 0});
  CHECK_THROWS_WITH(data::reshape_long(twice, options), Contains("id = 7 stands in rows 1 and 3"));
  CHECK_THROWS_WITH(data::reshape_long(wide(), {.stubs = {"income"}, .i = {"id"}, .j = "year"}),
                    Contains("no column is 'income' and a whole number"));
  CHECK_THROWS_WITH(data::reshape_long(wide(), {.stubs = {"inc"}, .i = {"id"}, .j = "sex"}),
                    Contains("already a column 'sex'"));
  const Frame tall = Frame("t")
                         .with("id", Column::integers({1, 1, 2, 2}))
                         .with("year", Column::integers({1, 2, 1, 1}))
                         .with("z", Column::integers({5, 6, 7, 7}))
                         .with("inc", Column::reals({1, 2, 3, 4}));
  CHECK_THROWS_WITH(data::reshape_wide(tall, options), Contains("id = 2, year = 1 stands in rows 3 and 4"));
  CHECK_THROWS_WITH(data::reshape_wide(tall.take(std::vector<std::uint32_t>{0, 1, 2}), options),
                    Contains("'z' varies within id = 1: 5 in row 1, 6 in row 2"));
  const Frame no_j = tall.with("year", Column::integers({1, data::missing_integer, 1, 2}));
  CHECK_THROWS_WITH(data::reshape_wide(no_j, options), Contains("'year' is missing in row 2"));
  std::vector<std::int64_t> many(40'000), ones(40'000, 1);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<std::int64_t>(i);
  const Frame absurd = Frame()
                           .with("id", Column::integers(ones))
                           .with("year", Column::integers(many))
                           .with("inc", Column::integers(many));
  CHECK_THROWS_WITH(data::reshape_wide(absurd, options), Contains("reshape would make 40,000 columns"));
}

TEST_CASE("fillin gives every combination once, and adds nothing where nothing is missing", "[fillin]") {
  const Frame f = Frame()
                      .with("a", Column::integers({2, 1, 2, 1}))
                      .with("b", Column::texts(Words{"x", "x", "y", "x"}))
                      .with("v", Column::reals({1, 2, 3, 4}));
  const Words by = {"a", "b"};
  const data::Filled out = data::fillin(f, by);
  CHECK(out.frame.rows() == 5);
  CHECK(out.count == 1);
  CHECK(out.frame.at("a")->integers()[0] == 1);
  CHECK(out.frame.at("v")->number(1) == 4);
  CHECK(out.added == std::vector<std::uint8_t>{0, 0, 1, 0, 0});
  CHECK(out.frame.at("b")->text(2) == "y");
  CHECK(data::fillin(out.frame, by).count == 0);
}

TEST_CASE("the missing periods of a panel are filled, within units or for all", "[fillin]") {
  const Frame f = Frame()
                      .with("id", Column::texts(Words{"b", "a", "b", "a"}))
                      .with("t", Column::integers({2005, 2001, 2001, 2003}))
                      .with("v", Column::reals({1, 2, 3, 4}))
                      .with_panel("id", "t");
  const data::Filled within = data::fill_times(f, false);
  CHECK(within.frame.rows() == 5);  // step 2: b 2001 2003 2005, a 2001 2003
  CHECK(within.count == 1);
  CHECK(within.frame.panel() != nullptr);
  const data::Filled full = data::fill_times(f, true);
  CHECK(full.frame.rows() == 6);
  CHECK(full.frame.panel()->balanced);
  CHECK(data::fill_times(full.frame, true).count == 0);
  CHECK(data::fill_times(full.frame, false).count == 0);
  // Monthly dates on the last day of each month.
  const auto day = [](std::int64_t y, int m, int d) { return data::days_from_civil({y, m, d}); };
  const Frame months = Frame()
                           .with("id", Column::integers({1, 1, 1}))
                           .with("t", Column::dates({day(2020, 1, 31), day(2020, 2, 29), day(2020, 4, 30)}))
                           .with_panel("id", "t");
  const data::Filled monthly = data::fill_times(months, false);
  REQUIRE(monthly.frame.rows() == 4);
  CHECK(monthly.frame.at("t")->text(2) == "2020-03-31");
  CHECK_THROWS_WITH(data::fill_times(f.selected(Words{"id", "v"}), false), Contains("no panel is declared"));
}

TEST_CASE("contract counts, expand undoes it", "[rows]") {
  const Frame f = Frame().with("a", Column::integers({2, 1, 2, 2})).with("b", Column::texts(Words{"x", "x", "x", "y"}));
  const Words by = {"a", "b"};
  const data::Contracted out = data::contract(f, by, {}, false);
  CHECK(out.counts == std::vector<double>{1, 2, 1});
  CHECK(data::contract(f, by, {}, true).counts == std::vector<double>{1, 0, 2, 1});
  const std::vector<std::int64_t> times(out.counts.begin(), out.counts.end());
  const Frame back = out.frame.take(data::expanded_rows(times, 2));
  CHECK(data::contract(back, by, {}, false).counts == out.counts);
  const data::Copies copies = data::copies(f, {});
  CHECK(copies.surplus == 1);
  CHECK_THROWS_AS(data::expanded_rows(std::vector<std::int64_t>{std::int64_t{1} << 40}, 3), core::Error);
}

TEST_CASE("transposing twice is the data again", "[rows]") {
  const Frame f = Frame()
                      .with("name", Column::texts(Words{"p", "q"}))
                      .with("x", Column::reals({1, 2}))
                      .with("y", Column::integers({3, 4}));
  const Frame t = data::transposed(f, "name");
  CHECK(t.names() == Words{"variable", "p", "q"});
  CHECK(t.at("q")->number(0) == 2);
  CHECK(data::transposed(t, "variable").at("y")->number(1) == 4);
  CHECK_THROWS_WITH(data::transposed(f, ""), Contains("'name' is a string column"));
}
