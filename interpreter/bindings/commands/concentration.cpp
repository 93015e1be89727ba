// cr, top_share, hhi, ellison_glaeser.
#include "measures/concentration.hpp"
#include "bindings/measures.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;
using measures::Domain;
using measures::Values;

/// Makes the statistics of each group's values and pushes the report.
template <class Make>
int by_groups(lua_State* L, const Arguments& a, const std::string& title, std::vector<std::string> notes,
              const Make& make) {
  const MeasureRows rows = measure_rows(a);
  const MeasureGroups groups = measure_groups(a, rows.frame);
  const MeasureInput input = measure_input(a, rows);
  if (a.has("name")) NewColumns(a, rows).claim(a.text("name"));
  std::vector<Statistics> statistics;
  std::size_t left_out = 0;
  for (const auto& group : groups.rows) {
    const Values values = group_values(input, rows, group, Domain::nonnegative);
    left_out += values.left_out;
    statistics.push_back(make(values));
  }
  note_left_out(left_out, notes);
  push_by_groups(L, a, rows, groups, title + " of " + input.text, input.text, statistics, std::move(notes));
  return 1;
}

int cr(lua_State* L, Arguments& a) {
  std::vector<double> counts = a.numbers("n");
  if (counts.empty()) counts = {4};
  for (const double n : counts)
    if (!(n >= 1) || n != std::floor(n) || n > 1e9)
      throw core::Error("CR(n) takes whole numbers of units from 1 on, not " + core::shortest(n)).word("n");
  return by_groups(L, a, "Concentration ratios", {"CR(n): share of the n largest rows"}, [&](const Values& values) {
    Statistics s;
    for (const double n : counts)
      s.push_back({"cr" + core::shortest(n), "CR" + core::shortest(n),
                   measures::concentration_ratio(values, static_cast<std::size_t>(n))});
    s.push_back({"n", "N", values.count()});
    return s;
  });
}

int top_share(lua_State* L, Arguments& a) {
  std::vector<double> percents = a.numbers("top");
  if (percents.empty()) percents = {10};
  for (const double p : percents)
    if (!(p > 0 && p <= 100))
      throw core::Error("top= takes percents above 0 up to 100, not " + core::shortest(p)).word("top");
  return by_groups(L, a, "Top shares", {"The row at the border counts in part"}, [&](const Values& values) {
    Statistics s;
    for (const double p : percents)
      s.push_back({"top" + core::shortest(p), "Top " + core::shortest(p) + "%", measures::top_share(values, p / 100)});
    s.push_back({"n", "N", values.count()});
    return s;
  });
}

int hhi(lua_State* L, Arguments& a) {
  const bool normalised = a.boolean("normalised");
  const double scale = a.text("scale", "one") == "points" ? 1e4 : 1;
  std::vector<std::string> notes;
  if (scale > 1) notes.emplace_back("Shares in percent: 10,000 is a monopoly");
  return by_groups(L, a, "Herfindahl-Hirschman index", notes, [&](const Values& values) {
    const measures::Herfindahl h = measures::herfindahl(values);
    const Statistic raw{"hhi", "HHI", h.hhi * scale}, scaled{"normalised", "Normalised", h.normalised * scale};
    return Statistics{
        normalised ? scaled : raw, normalised ? raw : scaled, {"equivalent", "1/HHI", h.equivalent}, {"n", "N", h.n}};
  });
}

/// Employment of each industry by region, and each industry's Herfindahl index.
struct IndustryTable {
  std::vector<std::vector<double>> by_region;  ///< industry → region
  std::vector<double> all;                     ///< region
  std::vector<double> herfindahl;
  std::size_t left_out = 0;
};

[[noreturn]] void differing(const std::string& name, const std::string& industry, double one, double other) {
  throw core::Error("'" + name + "' has different values in industry " + industry + ": " + core::shortest(one) +
                    " and " + core::shortest(other))
      .word(name)
      .hint("herfindahl= is one number an industry");
}

/// The one value of a column that all rows of an industry share.
double common_value(const std::vector<double>& column, const std::vector<std::uint32_t>& rows, const std::string& name,
                    const std::string& industry) {
  double value = std::nan("");
  for (const std::uint32_t row : rows) {
    if (std::isnan(column[row])) continue;
    if (!std::isnan(value) && value != column[row]) differing(name, industry, value, column[row]);
    value = column[row];
  }
  if (!std::isnan(value) && !(value >= 0 && value <= 1))
    throw core::Error("a Herfindahl index lies between 0 and 1, not at " + core::shortest(value)).word(name);
  return value;
}

IndustryTable industry_table(const Arguments& a, const MeasureRows& rows, const MeasureInput& employment,
                             const MeasureGroups& industries, const MeasureGroups& regions) {
  IndustryTable t;
  t.all.assign(regions.rows.size(), 0);
  std::vector<std::int64_t> region(rows.frame.rows(), -1);
  for (std::size_t r = 0; r < regions.rows.size(); ++r)
    for (const std::uint32_t row : regions.rows[r]) region[row] = static_cast<std::int64_t>(r);
  std::vector<double> given;
  const std::string herfindahl = a.has("herfindahl") ? a.column_names("herfindahl").at(0) : "";
  if (!herfindahl.empty()) given = numbers_of(rows.frame, herfindahl);
  for (std::size_t i = 0; i < industries.rows.size(); ++i) {
    std::vector<std::uint32_t> known;
    for (const std::uint32_t row : industries.rows[i])
      if (region[row] >= 0) known.push_back(row);
    const Values plants = group_values(employment, rows, known, Domain::nonnegative);
    t.left_out += plants.left_out + industries.rows[i].size() - known.size();
    std::vector<double> of(regions.rows.size(), 0);
    for (const std::uint32_t row : known) {
      if (std::isnan(employment.x[row])) continue;
      of[static_cast<std::size_t>(region[row])] += employment.x[row];
      t.all[static_cast<std::size_t>(region[row])] += employment.x[row];
    }
    t.by_region.push_back(std::move(of));
    if (!herfindahl.empty()) {
      t.herfindahl.push_back(common_value(given, industries.rows[i], herfindahl, industries.names[i]));
    } else {
      const bool empty = std::none_of(plants.x.begin(), plants.x.end(), [](double x) { return x > 0; });
      t.herfindahl.push_back(empty ? std::nan("") : measures::herfindahl(plants).hhi);
    }
  }
  return t;
}

int ellison_glaeser(lua_State* L, Arguments& a) {
  for (const char* option : {"industry", "region"})
    if (!a.has(option))
      throw core::Error(std::string("option '") + option + "' is missing")
          .word("ellison_glaeser")
          .hint("ellison_glaeser(workers, industry=sector, region=city)");
  const MeasureRows rows = measure_rows(a);
  const MeasureInput employment = measure_input(a, rows, "employment");
  MeasureGroups industries = measure_groups(a, rows.frame, "industry");
  const MeasureGroups regions = measure_groups(a, rows.frame, "region");
  const IndustryTable t = industry_table(a, rows, employment, industries, regions);
  std::vector<Statistics> statistics;
  for (std::size_t i = 0; i < industries.rows.size(); ++i) {
    const measures::EllisonGlaeser e = measures::ellison_glaeser(t.by_region[i], t.all, t.herfindahl[i]);
    statistics.push_back({{"gamma", "gamma", e.gamma},
                          {"G", "G", e.raw},
                          {"herfindahl", "H", e.herfindahl},
                          {"n", "Rows", static_cast<double>(industries.rows[i].size())}});
  }
  std::vector<std::string> notes = {
      a.has("herfindahl") ? "H of plants is given" : "H is taken over the rows: each row is one plant",
      "Regions: " + core::join(regions.columns, ", ") + " (" + std::to_string(regions.rows.size()) +
          "); their shares of all employment are those of the rows in use"};
  note_left_out(t.left_out, notes, "without a value or a region");
  push_by_groups(L, a, rows, industries, "Ellison-Glaeser index of agglomeration of " + employment.text,
                 employment.text, statistics, notes);
  return 1;
}

}  // namespace

void add_concentration_commands(Registry& registry) {
  const core::ArgSpec x{.name = "x", .kind = Kind::expression, .doc = "non-negative sizes, one row a unit"};
  const core::OptionSpec name = name_option("also make a column of each group's first number");
  registry.add(
      {{.name = "cr",
        .topic = "measures",
        .summary = "Concentration ratios: the share of the n largest",
        .args = {x},
        .options = {{.name = "n", .kind = Kind::numbers, .doc = "how many: one number or a list", .default_text = "4"},
                    by_option(),
                    name,
                    replace_option(),
                    file_option()},
        .example = "cr(sales, n={4, 8}, by=year)"},
       cr});
  registry.add(
      {{.name = "top_share",
        .topic = "measures",
        .summary = "Share of the total that the top percents hold",
        .args = {x},
        .options =
            {{.name = "top", .kind = Kind::numbers, .doc = "percents: one number or a list", .default_text = "10"},
             by_option(),
             weights_option(),
             name,
             replace_option(),
             file_option()},
        .example = "top_share(income, top={1, 10}, by=year)"},
       top_share});
  registry.add({{.name = "hhi",
                 .topic = "measures",
                 .summary = "Herfindahl-Hirschman index, raw and normalised",
                 .args = {x},
                 .options = {{.name = "normalised",
                              .kind = Kind::boolean,
                              .doc = "put the normalised index first, and into name=",
                              .default_text = "false"},
                             {.name = "scale",
                              .kind = Kind::text,
                              .doc = "shares of one, or in percent (an index up to 10,000)",
                              .default_text = "one",
                              .one_of = {"one", "points"}},
                             by_option(),
                             name,
                             replace_option(),
                             file_option()},
                 .source = "Herfindahl (1950); Hirschman (1964), American Economic Review 54(5)",
                 .example = "hhi(sales, by=year)"},
                hhi});
  registry.add(
      {{.name = "ellison_glaeser",
        .topic = "measures",
        .summary = "Ellison-Glaeser index of each industry's geographic concentration",
        .args = {{.name = "employment", .kind = Kind::expression, .doc = "of a plant, or of a region's industry"}},
        .options = {{.name = "industry", .kind = Kind::columns, .doc = "the industries", .default_text = {}},
                    {.name = "region", .kind = Kind::columns, .doc = "the regions", .default_text = {}},
                    {.name = "herfindahl",
                     .kind = Kind::column,
                     .doc = "each industry's index over plants, when rows are no plants",
                     .default_text = "that of the rows"},
                    name,
                    replace_option(),
                    file_option()},
        .source = "Ellison & Glaeser (1997), Journal of Political Economy 105(5)",
        .example = "ellison_glaeser(workers, industry=sector, region=city)"},
       ellison_glaeser});
}

}  // namespace bindings
