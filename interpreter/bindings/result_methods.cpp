// m:summary(), m:test("x = z"), m:vcov_as(cluster(city)), …: what can be asked of a result.
#include "bindings/drawn.hpp"
#include "bindings/named.hpp"
#include "bindings/result.hpp"
#include "core/text.hpp"
#include "data/column.hpp"
#include "estimators/predict.hpp"
#include "estimators/sample.hpp"
#include "estimators/settings.hpp"
#include "estimators/spatial/prediction.hpp"
#include "report/plots.hpp"
#include "report/regression.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;

OptionSpec level_option() {
  return {.name = "level",
          .kind = Kind::number,
          .doc = "confidence level",
          .default_text = "that of the fit",
          .min = 0.5,
          .max = 0.9999};
}

int summary(lua_State* L, Arguments& a, const FitRef& fit) {
  push_text(L, report::summary(*fit, text_style(L), a.number("level", fit->level)));
  return 1;
}

int json(lua_State* L, Arguments&, const FitRef& fit) {
  push_text(L, results::json(*fit));
  return 1;
}

int confint(lua_State* L, Arguments& a, const FitRef& fit) {
  lua_newtable(L);
  for (const results::CoefficientRow& row : results::coefficient_table(*fit, a.number("level", fit->level))) {
    push_numbers(L, {"low", "high"}, {row.estimate.low, row.estimate.high}, "bound");
    lua_setfield(L, -2, row.name.c_str());
  }
  seal_named(L, fit->names, "coefficient");
  return 1;
}

int test(lua_State* L, Arguments& a, const FitRef& fit) {
  push_test(L, results::test(*fit, a.texts("hypotheses")));
  return 1;
}

int lincom(lua_State* L, Arguments& a, const FitRef& fit) {
  const double level = a.number("level", fit->level);
  const std::string combination = a.texts("combination").at(0);
  push_estimate(L, combination, results::lincom(*fit, combination, level), level);
  return 1;
}

/// ssc = "fixest, g_df=conventional" or {g_df = "conventional"}.
std::string ssc_text(lua_State* L, Arguments& a) {
  a.push("ssc");
  const int at = lua_gettop(L);
  if (lua_type(L, at) == LUA_TSTRING) return text_at(L, at);
  if (!lua_istable(L, at))
    throw core::Error("option 'ssc' takes a string or a table, not " + described(L, at)).word("ssc");
  std::vector<std::string> parts;
  for (lua_pushnil(L); lua_next(L, at); lua_pop(L, 1)) {
    const int value = lua_gettop(L);
    lua_pushvalue(L, value - 1);
    const std::string key = printed_at(L, -1);
    lua_pop(L, 1);
    parts.push_back(key + "=" + printed_at(L, value));
  }
  std::sort(parts.begin(), parts.end());
  return core::join(parts, ", ");
}

int vcov_as(lua_State* L, Arguments& a, const FitRef& fit) {
  std::optional<inference::VcovSpec> spec = a.vcov("vcov");
  if (spec->first_effects > 0)
    spec = estimators::with_clusters(*spec, estimators::context_of(*fit, "vcov_as").parts.fe);
  if (!a.has("ssc")) {
    push_value<FitRef>(L, std::make_shared<const results::Fit>(results::vcov_as(*fit, *spec)));
    return 1;
  }
  const inference::Ssc rules = estimators::parse_ssc(ssc_text(L, a), fit->ssc);
  push_value<FitRef>(L, std::make_shared<const results::Fit>(results::vcov_as(*fit, *spec, rules)));
  return 1;
}

/// The rows of the frame a fit came from.
data::RowIds rows_of(const results::Fit& fit) {
  const auto* context = dynamic_cast<const estimators::Context*>(fit.sample.get());
  return context ? context->frame.row_ids() : data::RowIds{};
}

/// Values over the sample as a column of the frame: missing in rows that were not used.
int push_sample_column(lua_State* L, const results::Fit& fit, const results::Vector& values, const std::string& name) {
  if (values.size() != static_cast<results::Index>(fit.rows.size()))
    throw core::Error("'" + fit.command + "' has no " + name + " by row");
  std::vector<double> column(fit.frame_rows, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < fit.rows.size(); ++i) column[fit.rows[i]] = values[static_cast<results::Index>(i)];
  push_value(L, ColumnValue{data::Column::reals(std::move(column)), name, rows_of(fit)});
  return 1;
}

int residuals(lua_State* L, Arguments&, const FitRef& fit) {
  return push_sample_column(L, *fit, fit->residuals, "residuals");
}

int fitted(lua_State* L, Arguments&, const FitRef& fit) { return push_sample_column(L, *fit, fit->fitted, "fitted"); }

int table(lua_State* L, Arguments& a, const FitRef& fit) {
  report::Table made = report::coefficient_table(*fit, a.number("level", fit->level));
  if (made.notes.empty()) {
    if (!fit->vcov.label.empty()) made.notes.push_back("Standard errors: " + fit->vcov.label);
    for (const std::vector<std::string>* notes : {&fit->notes, &fit->vcov.notes})
      made.notes.insert(made.notes.end(), notes->begin(), notes->end());
  }
  push_value<TableRef>(L, std::make_shared<const report::Table>(std::move(made)));
  return 1;
}

int predict(lua_State* L, Arguments& a, const FitRef& fit) {
  if (estimators::predicts_spatially(*fit)) {
    if (a.has("data"))
      throw core::Error("after a spatial model predictions are for its own sample: others have other neighbours")
          .word("data");
    return push_sample_column(L, *fit, estimators::spatial_prediction(*fit, a.text("what", "fitted")), "prediction");
  }
  const estimators::Prediction what = estimators::parse_prediction(a.text("what", "fitted"));
  std::vector<double> values;
  data::RowIds rows = rows_of(*fit);
  if (a.has("data")) {
    const data::Frame frame = a.box()->frame;
    rows = frame.row_ids();
    values = estimators::predict(*fit, what, &frame);
  } else {
    values = estimators::predict(*fit, what);
  }
  push_value(L, ColumnValue{data::Column::reals(std::move(values)), "prediction", std::move(rows)});
  return 1;
}

/// {city = {["1"] = …}, ["city[trend]"] = {…}}; with slopes, each level is a table by variable.
int fixed_effects(lua_State* L, Arguments&, const FitRef& fit) {
  std::vector<std::string> dimensions;
  lua_newtable(L);
  for (const estimators::EffectValues& effect : estimators::fixed_effects(*fit)) {
    const bool single = effect.columns.size() == 1;
    std::vector<std::string> columns = effect.columns;
    for (std::string& column : columns)
      if (column.empty()) column = "_cons";
    lua_createtable(L, 0, static_cast<int>(effect.levels.size()));
    for (std::size_t i = 0; i < effect.levels.size(); ++i) {
      const results::Vector row = effect.values.row(static_cast<results::Index>(i)).transpose();
      if (single) {
        lua_pushnumber(L, row[0]);
      } else {
        push_numbers(L, columns, {row.data(), row.data() + row.size()}, "slope");
      }
      lua_setfield(L, -2, effect.levels[i].c_str());
    }
    seal_named(L, effect.levels, "level");
    lua_setfield(L, -2, effect.name.c_str());
    dimensions.push_back(effect.name);
  }
  seal_named(L, std::move(dimensions), "fixed effect");
  return 1;
}

report::Figure figure_of(Arguments& a, const results::Fit& fit) {
  const double level = a.number("level", fit.level);
  const report::PlotText text = plot_text(a);
  if (!fit.event_times.empty() && !a.has("keep") && !a.has("drop")) return report::event_study_plot(fit, level, text);
  report::CoefplotOptions options;
  options.keep = a.texts("keep");
  options.drop = a.texts("drop");
  options.order = a.texts("order");
  options.level = level;
  options.constant = a.boolean("constant");
  options.text = text;
  return report::coefplot(fit, options);
}

int plot(lua_State* L, Arguments& a, const FitRef& fit) { return push_figure(L, a, figure_of(a, *fit)); }

OptionSpec patterns(const std::string& name, const std::string& doc) {
  return {.name = name, .kind = Kind::texts, .doc = doc, .default_text = ""};
}

}  // namespace

const std::vector<Method<FitRef>>& result_methods() {
  const auto record = [](const std::string& name, const std::string& summary) {
    return core::Record{.name = name, .topic = "results", .summary = summary};
  };
  const auto with = [](core::Record made, std::vector<core::ArgSpec> args, std::vector<OptionSpec> options = {}) {
    made.args = std::move(args);
    made.options = std::move(options);
    return made;
  };
  static const std::vector<Method<FitRef>> all = {
      {with(record("summary", "The result as printed"), {}, {level_option()}), summary},
      {record("json", "Every number at full precision, the call and the conventions in force"), json},
      {with(record("confint", "Confidence intervals"), {}, {level_option()}), confint},
      {with(record("test", "Joint Wald test of linear hypotheses"),
            {{.name = "hypotheses", .kind = Kind::texts, .doc = "\"x = z\", \"x + 2*z = 1\"", .repeated = true}}),
       test},
      {with(record("lincom", "A linear combination of coefficients"),
            {{.name = "combination", .kind = Kind::texts, .doc = "\"x + 2*z\""}}, {level_option()}),
       lincom},
      {with(record("vcov_as", "The same fit with another covariance, without refitting"),
            {{.name = "vcov", .kind = Kind::vcov}},
            {{.name = "ssc", .kind = Kind::any, .doc = "small-sample rules", .default_text = "those in force"}}),
       vcov_as},
      {with(record("predict", "Predictions as a column, missing where a term is missing"),
            {{.name = "what",
              .kind = Kind::text,
              .doc = "fitted (with the fixed effects), xb, fe, residuals; after spatial models xb, trend, signal, TS, "
                     "TC",
              .optional = true}},
            {{.name = "data", .kind = Kind::frame, .doc = "rows to predict", .default_text = "those of the fit"}}),
       predict},
      {record("residuals", "Residuals as a column, missing in rows that were not used"), residuals},
      {record("fitted", "Fitted values as a column, missing in rows that were not used"), fitted},
      {record("fe", "Estimated fixed effects by dimension and level"), fixed_effects},
      {with(record("table", "The coefficient table"), {}, {level_option()}), table},
      {with(record("plot", "Estimates with intervals as a figure; by event time after event_study"), {},
            plot_options({patterns("keep", "coefficients to show; * is a wildcard"),
                          patterns("drop", "coefficients to leave out"),
                          patterns("order", "coefficients to put first"),
                          level_option(),
                          {.name = "constant", .kind = Kind::boolean, .doc = "show _cons", .default_text = "false"}})),
       plot},
  };
  return all;
}

}  // namespace bindings
