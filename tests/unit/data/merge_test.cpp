#include "data/verbs/merge.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "data/verbs/append.hpp"
#include "data/verbs/cross.hpp"
#include "data/verbs/picked.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <set>

using Catch::Matchers::Contains;
using data::Column;
using data::Frame;
using data::Origin;

namespace {

const double hole = std::numeric_limits<double>::quiet_NaN();

data::MergeOptions on(std::vector<std::string> keys) {
  data::MergeOptions options;
  options.left = options.right = std::move(keys);
  return options;
}

std::string message_of(const Frame& a, const Frame& b, data::Pairing pairing, const data::MergeOptions& options) {
  try {
    data::merge(a, b, pairing, options);
  } catch (const core::Error& error) {
    return error.message();
  }
  return "no error";
}

std::vector<double> numbers(const Frame& frame, const std::string& name) { return frame.at(name)->numbers(); }

}  // namespace

TEST_CASE("a merge keeps every row, in order, with what belongs to it", "[merge]") {
  const Frame master = Frame("cities")
                           .with("city", Column::texts(std::vector<std::string>{"B", "A", "C", "A"}))
                           .with("x", Column::integers({1, 2, 3, 4}));
  const Frame other = Frame("areas")
                          .with("city", Column::texts(std::vector<std::string>{"A", "D", "B"}))
                          .with("area", Column::reals({10, 40, 20}));
  const data::Merged m = data::merge(master, other, data::Pairing::many_to_one, on({"city"}));
  REQUIRE(m.frame.rows() == 5);
  CHECK(m.frame.at("city")->text(4) == "D");
  CHECK(m.origin ==
        std::vector<Origin>{Origin::matched, Origin::matched, Origin::master, Origin::matched, Origin::other});
  CHECK(m.frame.at("area")->number(0) == 20);
  CHECK(m.frame.at("area")->missing(2));
  CHECK(m.frame.at("area")->number(4) == 40);
  CHECK(m.frame.at("x")->type() == data::Type::integer);
  CHECK(m.frame.at("x")->missing(4));
  CHECK(m.counts[1] == 1);
  CHECK(m.counts[2] == 1);
  CHECK(m.counts[3] == 3);
  CHECK_THAT(message_of(master, other, data::Pairing::one_to_one, on({"city"})),
             Contains("not unique in 'cities' (master): city = A stands in rows 2 and 4"));
  // The other way round: 1:m keeps the using rows' order within the key.
  const data::Merged back = data::merge(other, master, data::Pairing::one_to_many, on({"city"}));
  REQUIRE(back.frame.rows() == 5);
  CHECK(back.frame.at("x")->text(0) == "2");
  CHECK(back.frame.at("x")->text(1) == "4");
}

TEST_CASE("every row of both frames is accounted for, whatever the order of rows", "[merge]") {
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::int64_t> a(60), b;
    for (std::int64_t& key : a) key = static_cast<std::int64_t>(random() % 40);
    std::set<std::int64_t> seen;
    for (int i = 0; i < 30; ++i)
      if (const auto key = static_cast<std::int64_t>(random() % 50); seen.insert(key).second) b.push_back(key);
    std::vector<std::int64_t> id(a.size()), value(b.size());
    for (std::size_t i = 0; i < id.size(); ++i) id[i] = static_cast<std::int64_t>(i);
    for (std::size_t i = 0; i < value.size(); ++i) value[i] = b[i] * 100;
    const Frame master = Frame().with("k", Column::integers(a)).with("id", Column::integers(id));
    const Frame other = Frame().with("k", Column::integers(b)).with("v", Column::integers(value));
    const data::Merged m = data::merge(master, other, data::Pairing::many_to_one, on({"k"}));
    CHECK(m.counts[1] + m.counts[3] == a.size());
    const std::set<std::int64_t> in_a(a.begin(), a.end());
    std::size_t only_b = 0;
    for (const std::int64_t key : b) only_b += in_a.count(key) == 0 ? 1 : 0;
    CHECK(m.counts[2] == only_b);
    for (std::size_t r = 0; r < m.frame.rows(); ++r) {
      const std::int64_t key = m.frame.at("k")->integers()[r];
      CHECK(m.frame.at("v")->missing(r) == (seen.count(key) == 0));
      if (seen.count(key)) CHECK(m.frame.at("v")->integers()[r] == key * 100);
    }
    // Turned around, the rows are the same set.
    std::vector<std::uint32_t> turned(a.size());
    for (std::size_t i = 0; i < turned.size(); ++i) turned[i] = static_cast<std::uint32_t>(a.size() - 1 - i);
    const data::Merged t = data::merge(master.take(turned), other, data::Pairing::many_to_one, on({"k"}));
    std::multiset<std::string> one, two;
    const auto rows_of = [](const Frame& f, std::multiset<std::string>& out) {
      for (std::size_t r = 0; r < f.rows(); ++r)
        out.insert(f.at("k")->text(r) + "|" + f.at("id")->text(r) + "|" + f.at("v")->text(r));
    };
    rows_of(m.frame, one);
    rows_of(t.frame, two);
    CHECK(one == two);
  }
}

TEST_CASE("update fills, replace overrules, and both say what they did", "[merge]") {
  const Frame master = Frame()
                           .with("k", Column::integers({1, 2, 3}))
                           .with("x", Column::reals({hole, 5, 7}))
                           .with("m", Column::integers({1, 1, 1}));
  const Frame other = Frame().with("k", Column::integers({1, 2, 3, 4})).with("x", Column::reals({1, 6, hole, 9}));
  data::MergeOptions options = on({"k"});
  data::Merged m = data::merge(master, other, data::Pairing::one_to_one, options);
  CHECK(std::isnan(numbers(m.frame, "x")[0]));  // the master's values stay
  CHECK(numbers(m.frame, "x")[3] == 9);         // but rows that are only there hold theirs
  CHECK_FALSE(m.notes.empty());
  options.update = true;
  m = data::merge(master, other, data::Pairing::one_to_one, options);
  CHECK(m.origin == std::vector<Origin>{Origin::updated, Origin::conflict, Origin::matched, Origin::other});
  CHECK(numbers(m.frame, "x") == std::vector<double>{1, 5, 7, 9});
  options.replace = true;
  m = data::merge(master, other, data::Pairing::one_to_one, options);
  CHECK(numbers(m.frame, "x") == std::vector<double>{1, 6, 7, 9});
  options = on({"k"});
  options.suffix = "_u";
  m = data::merge(master, other, data::Pairing::one_to_one, options);
  CHECK(numbers(m.frame, "x_u")[1] == 6);
}

TEST_CASE("keys of different kinds are explained, and kinds that go together meet", "[merge]") {
  const Frame numbers = Frame("n").with("k", Column::integers({1, 2}));
  const Frame reals = Frame("r").with("k", Column::reals({2, 1})).with("v", Column::reals({20, 10}));
  const Frame texts = Frame("t").with("k", Column::texts(std::vector<std::string>{"1", "2"}));
  const Frame dates = Frame("d").with("k", Column::dates({1, 2}));
  CHECK(data::merge(numbers, reals, data::Pairing::one_to_one, on({"k"})).frame.at("v")->number(0) == 10);
  CHECK_THAT(message_of(numbers, texts, data::Pairing::one_to_one, on({"k"})),
             Contains("the key 'k' is a number (integer) in 'n', and 'k' is a string in 't'"));
  CHECK_THAT(message_of(numbers, dates, data::Pairing::one_to_one, on({"k"})), Contains("a date in 'd'"));
  const auto levels = std::make_shared<std::vector<std::string>>(std::vector<std::string>{"1", "2"});
  const Frame categories =
      Frame("c").with("k", Column::categories({1, 0}, levels, {2, 1})).with("v", Column::reals({2, 1}));
  CHECK(data::merge(texts, categories, data::Pairing::one_to_one, on({"k"})).counts[3] == 2);
  CHECK(data::merge(numbers, categories, data::Pairing::one_to_one, on({"k"})).frame.at("v")->number(0) == 2);
  // Missing keys match missing keys, as in Stata.
  const Frame with_hole = Frame().with("k", Column::reals({hole, 1}));
  const Frame with_value = Frame().with("k", Column::reals({1, hole})).with("v", Column::reals({10, 99}));
  CHECK(data::merge(with_hole, with_value, data::Pairing::one_to_one, on({"k"})).frame.at("v")->number(0) == 99);
  CHECK_THROWS_AS(data::merge(numbers, Frame().with("k", Column::reals({1e300})), data::Pairing::one_to_one, on({"z"})),
                  core::Error);
}

TEST_CASE("join makes every pair within a key", "[merge]") {
  const Frame a = Frame().with("k", Column::integers({1, 1, 2, 3})).with("a", Column::integers({1, 2, 3, 4}));
  const Frame b =
      Frame().with("k", Column::integers({1, 1, 1, 2, 9})).with("b", Column::integers({10, 20, 30, 40, 50}));
  data::MergeOptions options = on({"k"});
  options.keep = {true, false, false, true, true, true};
  const data::Merged m = data::join(a, b, options);
  CHECK(m.frame.rows() == 2 * 3 + 1);
  CHECK(m.frame.at("b")->text(1) == "20");
  CHECK(m.frame.at("a")->text(3) == "2");
  options.keep = {true, true, true, true, true, true};
  CHECK(data::join(a, b, options).frame.rows() == 9);
}

TEST_CASE("the panel index stays with a merge that keeps units and times apart", "[merge]") {
  const Frame master = Frame()
                           .with("id", Column::integers({1, 1, 2, 2}))
                           .with("t", Column::integers({1, 2, 1, 2}))
                           .with_panel("id", "t");
  const Frame other = Frame().with("id", Column::integers({1, 2, 3})).with("v", Column::integers({5, 6, 7}));
  data::MergeOptions options = on({"id"});
  options.keep = {true, true, false, true, true, true};
  CHECK(data::merge(master, other, data::Pairing::many_to_one, options).frame.panel() != nullptr);
  options.keep[2] = true;  // unit 3 has no time
  const data::Merged m = data::merge(master, other, data::Pairing::many_to_one, options);
  CHECK(m.frame.panel() == nullptr);
  REQUIRE(m.notes.size() == 1);
  CHECK_THAT(m.notes.front(), Contains("the panel index id × t is dropped"));
}

TEST_CASE("append goes by name, widens types and keeps labels", "[append]") {
  const auto levels = [](std::vector<std::string> words) {
    return std::make_shared<std::vector<std::string>>(std::move(words));
  };
  const Frame a = Frame("a")
                      .with("x", Column::integers({1, 2})->labelled("Output"))
                      .with("c", Column::categories({0, 1}, levels({"low", "high"}), {1, 2}))
                      .with("only_a", Column::booleans({1, 0}));
  const Frame b = Frame("b")
                      .with("c", Column::categories({0, 1}, levels({"none", "HIGH"}), {0, 2}))
                      .with("x", Column::reals({2.5, hole}))
                      .with("only_b", Column::texts(std::vector<std::string>{"u", "v"}));
  const std::vector<Frame> others = {b};
  const data::Appended out = data::append(a, others, {}, false);
  CHECK(out.frame.rows() == 4);
  CHECK(out.frame.at("x")->type() == data::Type::real);
  CHECK(out.frame.at("x")->label() == "Output");
  CHECK(out.frame.at("only_a")->missing(2));
  CHECK(out.frame.at("only_b")->missing(1));
  // By value: 2 is 'high' in both, the first label stays; 0 comes before 1.
  CHECK(out.frame.at("c")->text(3) == "high");
  CHECK(out.frame.at("c")->number(2) == 0);
  CHECK(out.frame.at("c")->dictionary()->front() == "none");
  CHECK(out.notes.size() == 2);
  const std::vector<Frame> clash = {Frame("b").with("x", Column::texts(std::vector<std::string>{"one"}))};
  CHECK_THROWS_WITH(data::append(a, clash, {}, false),
                    Contains("'x' is an integer column in 'a' and a string column in 'b'"));
  CHECK(data::append(a, clash, {}, true).frame.at("x")->missing(2));
  const std::vector<Frame> big = {Frame("b").with("y", Column::reals({0.5}))};
  const Frame exact = Frame("a").with("y", Column::integers({(std::int64_t{1} << 53) + 1}));
  CHECK_THROWS_WITH(data::append(exact, big, {}, false), Contains("too many digits"));
}

TEST_CASE("cross makes every pair; dyads count n(n−1), half of it, and n more with self", "[cross]") {
  const Frame a = Frame().with("x", Column::integers({1, 2, 3}));
  const Frame b = Frame().with("y", Column::integers({1, 2}));
  CHECK(data::cross(a, b).rows() == 6);
  CHECK(data::cross(a, b).at("y")->text(1) == "2");
  CHECK_THROWS_AS(data::cross(a, a), core::Error);
  const Frame cities = Frame()
                           .with("city", Column::texts(std::vector<std::string>{"Hangzhou", "Ningbo", "Wenzhou"}))
                           .with("lon", Column::reals({120.155, 121.55, 120.67}))
                           .with("lat", Column::reals({30.274, 29.875, 28.0}));
  data::DyadOptions options{.unit = "city", .longitude = "lon", .latitude = "lat", .distance = "km"};
  const data::Dyads all = data::dyads(cities, options);
  CHECK(all.frame.rows() == 6);
  CHECK(all.frame.names()[0] == "city_i");
  CHECK(all.frame.at("km")->number(0) == all.frame.at("km")->number(2));  // there and back
  options.directed = false;
  CHECK(data::dyads(cities, options).frame.rows() == 3);
  options.self = true;
  const data::Dyads with_self = data::dyads(cities, options);
  CHECK(with_self.frame.rows() == 6);
  CHECK(with_self.frame.at("km")->number(0) == 0);
  // A quarter of the equator, and from pole to pole.
  CHECK(data::great_circle_km(0, 0, 90, 0) == Approx(6371.01 * std::acos(-1.0) / 2).epsilon(1e-14));
  CHECK(data::great_circle_km(0, 90, 0, -90) == Approx(6371.01 * std::acos(-1.0)).epsilon(1e-14));
}

TEST_CASE("a result that cannot be is refused before it is made", "[cross]") {
  const Frame big = Frame().with("x", Column::integers(std::vector<std::int64_t>(100'000, 1)));
  const Frame other = Frame().with("y", Column::integers(std::vector<std::int64_t>(100'000, 1)));
  CHECK_THROWS_WITH(data::cross(big, other), Contains("would make 10,000,000,000 rows"));
}
