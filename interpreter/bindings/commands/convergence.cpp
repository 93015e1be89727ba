// sigma_convergence, beta_convergence.
#include "measures/convergence.hpp"
#include "bindings/measures.hpp"
#include "bindings/weights.hpp"
#include "core/text.hpp"
#include "estimators/estimator.hpp"
#include "formula/evaluate.hpp"
#include "inference/tests.hpp"
#include "measures/growth_between.hpp"
#include "measures/inequality.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace bindings {
namespace {

using core::Kind;
using measures::Domain;
using SpeedFields = std::vector<std::pair<std::string, double>>;

/// Column names of the units and their time: unit= and time=, else the panel's.
struct PanelNames {
  std::string unit, time;
};
PanelNames panel_names(const Arguments& a, const MeasureRows& rows) {
  const data::Panel* panel = rows.box->frame.panel();
  PanelNames names;
  names.unit = a.has("unit") ? a.column_names("unit").at(0) : panel ? panel->unit : "";
  names.time = a.has("time") ? a.column_names("time").at(0) : panel ? panel->time : "";
  if (names.unit.empty() || names.time.empty())
    throw core::Error("the units and their time are not known")
        .word(a.command().record.name)
        .hint("declare them with panel(unit, time), or give unit= and time=");
  return names;
}

int sigma_convergence(lua_State* L, Arguments& a) {
  const MeasureRows rows = measure_rows(a);
  const data::Panel* panel = rows.box->frame.panel();
  if (!a.has("time") && !panel)
    throw core::Error("the time is not known")
        .word("sigma_convergence")
        .hint("declare it with panel(unit, time), or give time=");
  const std::string time = a.has("time") ? a.column_names("time").at(0) : panel->time;
  const MeasureInput input = measure_input(a, rows);
  const std::vector<double> times = numbers_of(rows.frame, time);
  std::map<double, std::vector<std::uint32_t>> periods;
  std::vector<std::string> notes;
  std::size_t left_out = 0;
  for (std::size_t row = 0; row < times.size(); ++row) {
    if (std::isnan(times[row]) || std::isnan(input.x[row])) {
      ++left_out;
    } else {
      periods[times[row]].push_back(static_cast<std::uint32_t>(row));
    }
  }
  if (periods.size() < 3)
    throw core::Error("a trend needs three periods, and " + time + " has " + std::to_string(periods.size())).word(time);
  const bool logs = a.text("cv", "levels") == "logs";
  std::vector<std::string> names;
  std::vector<Statistics> statistics;
  std::vector<double> at, sd, cv;
  std::vector<std::uint32_t> first;
  for (const auto& [period, group] : periods) {
    measures::Values values = group_values(input, rows, group, Domain::positive);
    const double level_cv = measures::variation(values, false);
    for (double& x : values.x) x = std::log(x);
    const measures::Description d = measures::describe_values(values, {});
    at.push_back(period);
    first.push_back(group.front());
    sd.push_back(d.sd);
    cv.push_back(logs ? measures::variation(values, false) : level_cv);
    names.push_back(rows.frame.at(time)->text(group.front()));
    statistics.push_back({{"sd_log", "Sd of ln", d.sd}, {"cv", logs ? "CV of ln" : "CV", cv.back()}, {"n", "N", d.n}});
  }
  report::Table table;
  table.title = "Sigma convergence of " + input.text;
  const auto trend_note = [&](const measures::Trend& t, const std::string& of) {
    notes.push_back("Trend of " + of + ": " + core::significant(t.slope, 5) + " a period (s.e. " +
                    core::significant(t.se, 4) + "), t(" + core::shortest(t.n - 2) + ") = " + core::fixed(t.t, 2) +
                    ", p = " + core::fixed(t.p, 3) +
                    (t.slope < 0 && t.p < 0.05   ? ": dispersion falls"
                     : t.slope > 0 && t.p < 0.05 ? ": dispersion rises"
                                                 : ""));
  };
  const measures::Trend sd_trend = measures::trend(at, sd), cv_trend = measures::trend(at, cv);
  trend_note(sd_trend, "the standard deviation of ln " + input.text);
  trend_note(cv_trend, std::string("the coefficient of variation of ") + (logs ? "ln " : "") + input.text);
  note_left_out(left_out, notes, "without a value or a time");
  table.notes = notes;
  push_by_rows(L, a, std::move(table), time, names, statistics,
               {{"sd_slope", sd_trend.slope},
                {"sd_se", sd_trend.se},
                {"sd_t", sd_trend.t},
                {"sd_p", sd_trend.p},
                {"cv_slope", cv_trend.slope},
                {"cv_se", cv_trend.se},
                {"cv_t", cv_trend.t},
                {"cv_p", cv_trend.p}},
               rows.frame.at(time)->take(first));
  return 1;
}

const char* const growth_name = "growth";
const char* const initial_name = "ln_initial";

/// The regression of a beta test, one row a unit (of a panel: a pair of neighbouring periods).
struct GrowthData {
  data::Frame frame;
  double periods = 1;  ///< over which growth a period is measured
  std::vector<std::string> notes;
};

/// Rows of growth.start or .end, with growth, initial value and controls (taken at the start) as columns.
data::Frame growth_frame(const MeasureRows& rows, const measures::Growth& g, const std::vector<std::string>& controls,
                         bool at_end) {
  data::Frame frame = rows.frame.take(at_end ? g.end : g.start);
  const data::Frame start = rows.frame.take(g.start);
  for (const std::string& name : controls) frame = frame.with(name, start.at(name));
  return frame.with(growth_name, data::Column::reals(g.growth)).with(initial_name, data::Column::reals(g.initial));
}

GrowthData between_two_periods(const Arguments& a, const MeasureRows& rows, const MeasureInput& input,
                               const PanelNames& names, const std::vector<std::string>& controls) {
  const std::vector<double> times = numbers_of(rows.frame, names.time);
  double from = std::nan(""), to = std::nan("");
  for (std::size_t row = 0; row < times.size(); ++row) {
    if (std::isnan(times[row]) || std::isnan(input.x[row])) continue;
    from = std::isnan(from) ? times[row] : std::min(from, times[row]);
    to = std::isnan(to) ? times[row] : std::max(to, times[row]);
  }
  if (a.has("from")) from = a.number("from");
  if (a.has("to")) to = a.number("to");
  if (!(to > from))
    throw core::Error("growth needs two periods, not from " + core::shortest(from) + " to " + core::shortest(to))
        .word("to");
  const data::Grouping units = data::group(*rows.frame.at(names.unit));
  const measures::Growth g = measures::growth_between(input.x, times, units, from, to);
  if (g.growth.empty())
    throw core::Error("no unit has values at both " + core::shortest(from) + " and " + core::shortest(to))
        .word(names.time);
  GrowthData out{growth_frame(rows, g, controls, false), to - from, {}};
  const bool mean = a.text("controls_at", "start") == "mean";
  if (mean) {
    for (const std::string& name : controls) {
      const std::vector<double> means = measures::unit_means(numbers_of(rows.frame, name), times, units, from, to);
      std::vector<double> values;
      for (const std::uint32_t row : g.start) values.push_back(means[static_cast<std::size_t>(units.codes[row])]);
      out.frame = out.frame.with(name, data::Column::reals(std::move(values)));
    }
  }
  out.notes.push_back(
      "Growth of ln " + input.text + " a period, from " + core::shortest(from) + " to " + core::shortest(to) +
      (controls.empty() ? std::string() : std::string("; controls ") + (mean ? "at their mean" : "at the start")));
  if (g.left_out)
    out.notes.push_back(core::counted(static_cast<long long>(g.left_out), "unit") + " without both values left out");
  return out;
}

GrowthData from_period_to_period(const Arguments& a, const MeasureRows& rows, const MeasureInput& input,
                                 const PanelNames& names, const std::vector<std::string>& controls) {
  for (const char* option : {"from", "to", "controls_at"})
    if (a.has(option))
      throw core::Error(std::string(option) + "= belongs to method=\"cross\"")
          .word(option)
          .hint("where= chooses periods");
  const data::Panel panel =
      rows.frame.panel() && rows.frame.panel()->unit == names.unit && rows.frame.panel()->time == names.time
          ? *rows.frame.panel()
          : data::make_panel(*rows.frame.at(names.unit), *rows.frame.at(names.time), names.unit, names.time);
  const measures::Growth g = measures::growth_by_period(input.x, panel);
  if (g.growth.empty()) throw core::Error("no unit has values in two neighbouring periods").word(names.time);
  GrowthData out{growth_frame(rows, g, controls, true), static_cast<double>(panel.step), {}};
  out.notes.push_back("Growth of ln " + input.text + " from each period to the next" +
                      (controls.empty() ? "" : "; controls at the start of each"));
  if (g.left_out)
    out.notes.push_back(core::counted(static_cast<long long>(g.left_out), "pair") +
                        " of periods without both values left out");
  return out;
}

FitRef fit_growth(const Arguments& a, const GrowthData& data, const std::vector<std::string>& controls,
                  const PanelNames& names, bool panel) {
  formula::Tree right = formula::name(initial_name);
  for (const std::string& control : controls) right = formula::node(formula::Op::plus, {right, formula::name(control)});
  estimators::Request request;
  request.frame = data.frame;
  request.formula = formula::node(formula::Op::tilde, {formula::name(growth_name), right});
  if (a.has("vcov")) request.options.set("vcov", *a.vcov());
  if (a.has("fe")) {
    request.options.set("fe", a.tree("fe"));
  } else if (panel) {
    request.options.set("fe", formula::node(formula::Op::plus, {formula::name(names.unit), formula::name(names.time)}));
  }
  std::string wanted = a.has("fe") || panel ? "feols" : "ols";
  if (const WeightsRef W = weights_of(a)) {
    wanted = a.text("model", "sar");
    request.args = {W};
  } else if (a.has("model")) {
    throw core::Error("model= chooses a spatial model: it needs W=").word("model");
  }
  for (const estimators::Estimator* estimator : estimators::registry())
    if (estimator->record.name == wanted) return std::make_shared<const results::Fit>(estimator->fit(request));
  throw core::Error("there is no estimator " + wanted);
}

std::string interval_text(double value, double low, double high, double level) {
  return core::significant(value, 5) + " (" + core::shortest(100 * level) + "% interval " + core::significant(low, 4) +
         " to " + core::significant(high, 4) + ")";
}

std::vector<std::string> speed_notes(const measures::Speed& s, double b, double periods, double level) {
  if (!s.defined)
    return {"warning: 1 + T beta = " + core::significant(1 + periods * b, 4) +
            " is not positive: speed and half-life are not defined"};
  std::vector<std::string> notes = {
      "Speed -ln(1 + T beta)/T = " + interval_text(s.speed, s.speed_low, s.speed_high, level) +
      " a period, T = " + core::shortest(periods)};
  notes.push_back(
      s.converges ? "Half-life ln 2/speed = " + interval_text(s.half_life, s.half_life_low, s.half_life_high, level) +
                        " periods; intervals by the delta method"
                  : "beta is not negative: no convergence, and no half-life");
  return notes;
}

int beta_convergence(lua_State* L, Arguments& a) {
  const MeasureRows rows = measure_rows(a);
  const PanelNames names = panel_names(a, rows);
  const MeasureInput input = measure_input(a, rows);
  const std::vector<std::string> controls = a.column_names("controls");
  for (const std::string& name : controls)
    if (name == growth_name || name == initial_name)
      throw core::Error("a control cannot be called '" + name + "': the regression has a column of that name")
          .word(name)
          .hint("rename(" + name + " = \"…\")");
  std::vector<std::uint32_t> all(rows.frame.rows());
  for (std::uint32_t row = 0; row < all.size(); ++row) all[row] = row;
  group_values(input, rows, all, Domain::positive);  // throws where a log is not defined
  const bool panel = a.text("method", "cross") == "panel";
  const GrowthData data = panel ? from_period_to_period(a, rows, input, names, controls)
                                : between_two_periods(a, rows, input, names, controls);
  const FitRef fit = fit_growth(a, data, controls, names, panel);
  const results::Index at = fit->position(initial_name);
  const double level = a.number("level", 0.95);
  const double b = fit->coef[at], se = fit->se(at), df = fit->vcov.df_of(at);
  const inference::Estimate e = inference::estimate(b, se, df, level);
  const measures::Speed s = measures::convergence_speed(b, se, data.periods, df, level);
  report::Table table;
  table.title = std::string(controls.empty() ? "Absolute" : "Conditional") + " beta convergence of " + input.text +
                (panel ? ", panel" : "") + (a.has("W") ? ", " + fit->title : "");
  table.header.push_back(header_row({growth_name, "Coefficient", "Std. error", std::isinf(df) ? "z" : "t", "p"}));
  for (results::Index i = 0; i < fit->coef.size(); ++i) {
    const inference::Estimate one = inference::estimate(fit->coef[i], fit->se(i), df, level);
    table.body.push_back(text_row({fit->names[static_cast<std::size_t>(i)], statistic_text(one.value, 5),
                                   statistic_text(one.se, 4), core::fixed(one.t, 2), p_value_text(one.p)}));
  }
  table.notes = speed_notes(s, b, data.periods, level);
  for (const std::string& note : data.notes) table.notes.push_back(note);
  const double r2 = fit->stat(a.has("W") ? "r2_squared_correlation" : "r2");
  table.notes.push_back("N = " + core::shortest(fit->nobs) + ", R² = " + core::fixed(r2, 4) +
                        (a.has("W") ? " (squared correlation of outcome and fit)" : "") +
                        ". Standard errors: " + fit->vcov.label);
  for (const std::string& note : fit->notes) table.notes.push_back(note);
  const std::vector<std::pair<std::string, double>> fields = {{"beta", b},
                                                              {"se", se},
                                                              {"t", e.t},
                                                              {"p", e.p},
                                                              {"speed", s.speed},
                                                              {"speed_se", s.speed_se},
                                                              {"speed_low", s.speed_low},
                                                              {"speed_high", s.speed_high},
                                                              {"half_life", s.half_life},
                                                              {"half_life_se", s.half_life_se},
                                                              {"half_life_low", s.half_life_low},
                                                              {"half_life_high", s.half_life_high},
                                                              {"periods", data.periods},
                                                              {"nobs", fit->nobs},
                                                              {"r2", r2}};
  if (a.has("file")) report::save(table, a.text("file"));
  lua_newtable(L);
  std::vector<std::string> known;
  for (const auto& [name, value] : fields) {
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name.c_str());
    known.push_back(name);
  }
  push_value<FitRef>(L, fit);
  lua_setfield(L, -2, "fit");
  seal_reported(L, std::move(table), known, "field");
  return 1;
}

}  // namespace

void add_convergence_commands(Registry& registry) {
  const core::ArgSpec x{.name = "x", .kind = Kind::expression, .doc = "positive levels: a column or an expression"};
  const core::OptionSpec time{.name = "time", .kind = Kind::column, .doc = "periods", .default_text = "the panel's"};
  const core::OptionSpec unit{.name = "unit", .kind = Kind::column, .doc = "units", .default_text = "the panel's"};
  registry.add(
      {{.name = "sigma_convergence",
        .topic = "measures",
        .summary = "Dispersion by period, and whether it falls: sd of logs, coefficient of variation, trend test",
        .args = {x},
        .options = {time,
                    {.name = "cv",
                     .kind = Kind::text,
                     .doc = "coefficient of variation of the levels, or of their logs",
                     .default_text = "levels",
                     .one_of = {"levels", "logs"}},
                    weights_option(),
                    file_option()},
        .source = "Barro & Sala-i-Martin (1992), Journal of Political Economy 100(2)",
        .example = "sigma_convergence(gdp_pc, time=year)"},
       sigma_convergence});
  registry.add(
      {{.name = "beta_convergence",
        .topic = "measures",
        .summary = "Do poorer units grow faster? Absolute or conditional, with speed and half-life",
        .args = {x},
        .options =
            {{.name = "controls",
              .kind = Kind::columns,
              .doc = "conditional convergence: other determinants of growth",
              .default_text = {}},
             {.name = "method",
              .kind = Kind::text,
              .doc = "growth between two periods, one row a unit; or from each period to the next with fixed effects",
              .default_text = "cross",
              .one_of = {"cross", "panel"}},
             {.name = "from", .kind = Kind::number, .doc = "first period", .default_text = "the first of the data"},
             {.name = "to", .kind = Kind::number, .doc = "last period", .default_text = "the last of the data"},
             {.name = "controls_at",
              .kind = Kind::text,
              .doc = "controls of method=\"cross\": at the first period, or their mean over the periods",
              .default_text = "start",
              .one_of = {"start", "mean"}},
             {.name = "fe",
              .kind = Kind::terms,
              .doc = "fixed effects to absorb",
              .default_text = "none; unit + time of method=\"panel\""},
             {.name = "W",
              .kind = Kind::spatial,
              .doc = "spatial convergence: weights between the units",
              .default_text = "none"},
             {.name = "model",
              .kind = Kind::text,
              .doc = "with W=, the spatial model of growth",
              .default_text = "sar",
              .one_of = {"sar", "sem", "sac", "sdm", "sdem", "slx", "gns", "mess"}},
             {.name = "vcov", .kind = Kind::vcov, .doc = "covariance of the estimates", .default_text = "as ols"},
             {.name = "level",
              .kind = Kind::number,
              .doc = "of the intervals",
              .default_text = "0.95",
              .min = 0.5,
              .max = 0.9999},
             unit,
             time,
             file_option()},
        .source = "Barro & Sala-i-Martin (1992), Journal of Political Economy 100(2); Rey & Montouri (1999) with W=",
        .example = "beta_convergence(gdp_pc, controls={human, open}, vcov=\"hetero\")"},
       beta_convergence});
}

}  // namespace bindings
