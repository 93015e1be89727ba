// log_t, convergence_clubs: Phillips and Sul's test and clubs.
#include "measures/clubs.hpp"
#include "bindings/measures.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;

/// x of every complete unit: units × periods.
struct Series {
  MeasureRows rows;
  std::string text, unit, time;
  numerics::Matrix x;
  std::vector<std::string> units, periods;
  data::ColumnPtr period_values;
  std::vector<std::vector<std::uint32_t>> unit_rows;  ///< rows in use of each unit
  std::vector<std::string> notes;
};

Series series_of(const Arguments& a) {
  Series s;
  s.rows = measure_rows(a);
  const data::Panel* panel = s.rows.box->frame.panel();
  s.unit = a.has("unit") ? a.column_names("unit").at(0) : panel ? panel->unit : "";
  s.time = a.has("time") ? a.column_names("time").at(0) : panel ? panel->time : "";
  if (s.unit.empty() || s.time.empty())
    throw core::Error("the units and their time are not known")
        .word(a.command().record.name)
        .hint("declare them with panel(unit, time), or give unit= and time=");
  const MeasureInput input = measure_input(a, s.rows);
  s.text = input.text;
  std::vector<std::uint32_t> all(s.rows.frame.rows());
  for (std::uint32_t row = 0; row < all.size(); ++row) all[row] = row;
  group_values(input, s.rows, all, measures::Domain::positive);  // throws for values that are not positive
  const data::ColumnPtr time = s.rows.frame.at(s.time), unit = s.rows.frame.at(s.unit);
  const data::Grouping times = data::sorted(data::group(*time), *time), units = data::group(*unit);
  const auto T = static_cast<std::size_t>(times.levels()), N = static_cast<std::size_t>(units.levels());
  s.period_values = time->take(times.first);
  for (const std::uint32_t row : times.first) s.periods.push_back(time->text(row));
  numerics::Matrix full =
      numerics::Matrix::Constant(static_cast<numerics::Index>(N), static_cast<numerics::Index>(T), std::nan(""));
  std::vector<std::vector<std::uint32_t>> rows_of(N);
  for (std::size_t row = 0; row < input.x.size(); ++row) {
    if (times.codes[row] < 0 || units.codes[row] < 0) continue;
    double& cell = full(units.codes[row], times.codes[row]);
    if (!std::isnan(cell))
      throw core::Error("unit " + unit->text(row) + " has two rows in " + s.time + " " + time->text(row)).word(s.unit);
    cell = input.x[row];
    rows_of[static_cast<std::size_t>(units.codes[row])].push_back(static_cast<std::uint32_t>(row));
  }
  std::vector<numerics::Index> complete;
  std::vector<std::string> dropped;
  for (std::size_t u = 0; u < N; ++u) {
    const auto index = static_cast<numerics::Index>(u);
    if (full.row(index).array().isNaN().any()) {
      dropped.push_back(unit->text(units.first[u]));
      continue;
    }
    complete.push_back(index);
    s.units.push_back(unit->text(units.first[u]));
    s.unit_rows.push_back(rows_of[u]);
  }
  if (complete.size() < 2)
    throw core::Error(core::counted(static_cast<long long>(complete.size()), "unit") + " has a value in each of the " +
                      std::to_string(T) + " periods; two are needed")
        .word(s.text)
        .hint("where= chooses periods that more units have");
  s.x = full(complete, Eigen::all);
  if (!dropped.empty()) {
    const std::size_t count = dropped.size();
    if (count > 5) dropped.resize(5);
    s.notes.push_back(core::counted(static_cast<long long>(count), "unit") +
                      " with missing periods left out: " + core::join(dropped, ", ") + (count > 5 ? ", …" : ""));
  }
  if (a.text("filter", "none") == "hp") {
    const double smoothing = a.number("smoothing", 400);
    s.x = measures::hp_trend(s.x, smoothing);
    if (!(s.x.minCoeff() > 0)) throw core::Error("the filtered trend is not positive everywhere").word(s.text);
    s.notes.push_back("Trend of the Hodrick-Prescott filter, smoothing " + core::shortest(smoothing));
  } else if (a.has("smoothing")) {
    throw core::Error("smoothing= belongs to filter=\"hp\"").word("smoothing");
  }
  return s;
}

measures::LogTOptions log_t_options(const Arguments& a) {
  measures::LogTOptions options;
  options.trim = a.number("trim", options.trim);
  options.long_run =
      a.text("hac", "phillips_sul") == "andrews" ? measures::LongRun::andrews : measures::LongRun::phillips_sul;
  return options;
}

std::string periods_note(const Series& s, const measures::LogT& test) {
  return core::counted(static_cast<long long>(s.units.size()), "unit") + ", " + std::to_string(s.periods.size()) +
         " periods; the regression uses " + s.periods[static_cast<std::size_t>(test.first - 1)] + " to " +
         s.periods.back();
}

int log_t(lua_State* L, Arguments& a) {
  const Series s = series_of(a);
  std::vector<std::uint32_t> all(s.units.size());
  for (std::uint32_t u = 0; u < all.size(); ++u) all[u] = u;
  const measures::LogT test = measures::log_t(s.x, all, log_t_options(a));
  report::Table table;
  table.title = "Log t test of convergence of " + s.text;
  table.header.push_back(header_row({"", "b", "Std. error", "t", "p"}));
  table.body.push_back(text_row(
      {"log t", statistic_text(test.b, 5), statistic_text(test.se, 4), core::fixed(test.t, 3), p_value_text(test.p)}));
  table.notes.push_back(test.t < -1.65 ? "t < -1.65: convergence of all units is rejected at 5%"
                                       : "t >= -1.65: convergence is not rejected at 5% (one-sided)");
  table.notes.push_back(periods_note(s, test));
  for (const std::string& note : s.notes) table.notes.push_back(note);
  lua_newtable(L);
  std::vector<std::string> names;
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, double>>{{"b", test.b},
                                                   {"se", test.se},
                                                   {"t", test.t},
                                                   {"p", test.p},
                                                   {"units", static_cast<double>(s.units.size())}}) {
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name.c_str());
    names.push_back(name);
  }
  push_frame(L, data::Frame().with(s.time, s.period_values).with("H", data::Column::reals(test.H)));
  lua_setfield(L, -2, "frame");
  if (a.has("file")) report::save(table, a.text("file"));
  seal_reported(L, std::move(table), names, "field");
  return 1;
}

std::vector<std::string> unit_names(const Series& s, const std::vector<std::uint32_t>& units) {
  std::vector<std::string> names;
  names.reserve(units.size());
  for (const std::uint32_t unit : units) names.push_back(s.units[unit]);
  return names;
}

void push_texts(lua_State* L, const std::vector<std::string>& texts) {
  lua_createtable(L, static_cast<int>(texts.size()), 0);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    push_text(L, texts[i]);
    lua_rawseti(L, -2, static_cast<lua_Integer>(i) + 1);
  }
}

/// The club of each unit as a column over the rows in use; divergent units are 0.
std::vector<double> club_column(const Series& s, const measures::Clubs& clubs) {
  std::vector<double> values(s.rows.frame.rows(), std::nan(""));
  const auto set = [&](const std::vector<std::uint32_t>& units, double value) {
    for (const std::uint32_t unit : units)
      for (const std::uint32_t row : s.unit_rows[unit]) values[row] = value;
  };
  for (std::size_t c = 0; c < clubs.merged.size(); ++c) set(clubs.merged[c].units, static_cast<double>(c + 1));
  set(clubs.divergent, 0);
  return values;
}

int convergence_clubs(lua_State* L, Arguments& a) {
  const Series s = series_of(a);
  measures::ClubOptions options;
  options.log_t = log_t_options(a);
  options.sieve = a.number("sieve", 0);
  options.raise = a.boolean("raise", true);
  options.merge = a.boolean("merge", true);
  options.last_share = a.number("order_by_last", 0);
  if (a.has("name")) NewColumns(a, s.rows).claim(a.text("name"));
  const measures::Clubs clubs = measures::convergence_clubs(s.x, options);
  if (a.has("name")) {
    NewColumns columns(a, s.rows);
    columns.add(a.text("name"), club_column(s, clubs), "Convergence club (0: divergent)");
    columns.store();
  }
  report::Table table;
  table.title = "Convergence clubs of " + s.text;
  table.header.push_back(header_row({"Club", "Units", "b", "Std. error", "t", "Made of"}));
  table.align = {report::Align::left,  report::Align::right, report::Align::right,
                 report::Align::right, report::Align::right, report::Align::left};
  table.notes.push_back("All units: t = " + core::fixed(clubs.all.t, 3) + ". A club converges when t > -1.65");
  table.notes.push_back(periods_note(s, clubs.all));
  lua_newtable(L);
  std::vector<std::string> names;
  for (std::size_t c = 0; c < clubs.merged.size(); ++c) {
    const measures::Club& club = clubs.merged[c];
    std::vector<std::string> parts;
    for (const int part : club.joined) parts.push_back(std::to_string(part));
    const std::string name = "club" + std::to_string(c + 1);
    table.body.push_back(
        text_row({std::to_string(c + 1), std::to_string(club.units.size()), statistic_text(club.test.b, 5),
                  statistic_text(club.test.se, 4), core::fixed(club.test.t, 3),
                  parts.size() > 1 ? "clubs " + core::join(parts, ", ") : ""}));
    lua_newtable(L);
    for (const auto& [field, value] :
         std::vector<std::pair<std::string, double>>{{"b", club.test.b},
                                                     {"se", club.test.se},
                                                     {"t", club.test.t},
                                                     {"size", static_cast<double>(club.units.size())}}) {
      lua_pushnumber(L, value);
      lua_setfield(L, -2, field.c_str());
    }
    push_texts(L, unit_names(s, club.units));
    lua_setfield(L, -2, "units");
    seal_named(L, {"b", "se", "t", "size", "units"}, "field");
    lua_setfield(L, -2, name.c_str());
    names.push_back(name);
  }
  if (!clubs.divergent.empty()) {
    table.body.push_back(text_row({"divergent", std::to_string(clubs.divergent.size()), "", "", "", ""}));
    table.notes.push_back("Divergent: " + core::join(unit_names(s, clubs.divergent), ", "));
  }
  for (const std::string& note : s.notes) table.notes.push_back(note);
  push_texts(L, unit_names(s, clubs.divergent));
  lua_setfield(L, -2, "divergent");
  lua_pushinteger(L, static_cast<lua_Integer>(clubs.merged.size()));
  lua_setfield(L, -2, "clubs");
  names.insert(names.end(), {"divergent", "clubs"});
  if (a.has("file")) report::save(table, a.text("file"));
  seal_reported(L, std::move(table), names, "field");
  return 1;
}

}  // namespace

void add_club_commands(Registry& registry) {
  const core::ArgSpec x{.name = "x", .kind = Kind::expression, .doc = "positive values, known in every period"};
  const std::vector<core::OptionSpec> shared = {
      {.name = "trim",
       .kind = Kind::number,
       .doc = "share of the first periods that the regression leaves out; 0.3 for T up to 50, 0.2 for 100",
       .default_text = "0.3",
       .min = 0,
       .max = 0.95},
      {.name = "hac",
       .kind = Kind::text,
       .doc = "long-run variance as in Phillips and Sul's own program, or Andrews (1991) by the book",
       .default_text = "phillips_sul",
       .one_of = {"phillips_sul", "andrews"}},
      {.name = "filter",
       .kind = Kind::text,
       .doc = "take the trend of each unit first",
       .default_text = "none",
       .one_of = {"none", "hp"}},
      {.name = "smoothing", .kind = Kind::number, .doc = "of filter=\"hp\"", .default_text = "400", .min = 1e-6},
      {.name = "unit", .kind = Kind::column, .doc = "units", .default_text = "the panel's"},
      {.name = "time", .kind = Kind::column, .doc = "periods", .default_text = "the panel's"},
      file_option()};
  registry.add({{.name = "log_t",
                 .topic = "measures",
                 .summary = "Phillips and Sul's log t test that all units converge",
                 .args = {x},
                 .options = shared,
                 .source = "Phillips & Sul (2007), Econometrica 75(6)",
                 .example = "log_t(lngdp, trim=0.3, filter=\"hp\")"},
                log_t});
  std::vector<core::OptionSpec> own = {
      {.name = "sieve",
       .kind = Kind::number,
       .doc = "a unit joins the core when t of core and unit exceeds this",
       .default_text = "0",
       .min = -1.65,
       .max = 3},
      {.name = "raise",
       .kind = Kind::boolean,
       .doc = "raise the sieve by 0.1, up to 3, while the club as a whole fails the test",
       .default_text = "true"},
      {.name = "merge",
       .kind = Kind::boolean,
       .doc = "join neighbouring clubs that converge together (Phillips & Sul 2009)",
       .default_text = "true"},
      {.name = "order_by_last",
       .kind = Kind::number,
       .doc = "order units by their mean over this last share of periods; 0: by the last period",
       .default_text = "0",
       .min = 0,
       .max = 1},
      name_option("also make a column with each unit's club, 0 for divergent units"),
      replace_option()};
  own.insert(own.end(), shared.begin(), shared.end());
  registry.add({{.name = "convergence_clubs",
                 .topic = "measures",
                 .summary = "Finds clubs of units that converge among themselves",
                 .args = {x},
                 .options = own,
                 .source = "Phillips & Sul (2007), Econometrica 75(6); (2009), Journal of Applied Econometrics 24(7)",
                 .example = "convergence_clubs(lngdp, name=\"club\")"},
                convergence_clubs});
}

}  // namespace bindings
