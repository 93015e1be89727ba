// synth, sdid, panel_approach, mcpanel, gsynth: what treated units would have been, from units that were not.
#include "bindings/analysis.hpp"
#include "bindings/measures.hpp"
#include "bindings/open.hpp"
#include "core/text.hpp"
#include "estimators/synth/counterfactual.hpp"
#include "estimators/synth/sdid.hpp"
#include "estimators/synth/synth.hpp"
#include "inference/tests.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;
using estimators::PanelMatrix;
using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

const core::ArgSpec formula_argument{
    .name = "formula", .kind = Kind::formula, .doc = "y ~ x1 + x2; without covariates y ~ 1"};
const OptionSpec unit_option{.name = "unit", .kind = Kind::column, .doc = "units", .default_text = "those of panel(…)"};
const OptionSpec time_option{
    .name = "time", .kind = Kind::column, .doc = "periods", .default_text = "those of panel(…)"};
const OptionSpec treat_option{.name = "treat",
                              .kind = Kind::expression,
                              .doc = "0/1: treated in this period; it does not end again",
                              .default_text = ""};

std::string column_of(const Arguments& a, const std::string& name) {
  const std::vector<std::string> names = a.column_names(name);
  return names.empty() ? "" : names[0];
}

PanelMatrix panel_of(const Arguments& a, const std::string& command, const data::Frame& frame) {
  return estimators::panel_matrix(a.tree("formula"), frame, column_of(a, "unit"), column_of(a, "time"), command);
}

std::vector<double> listed(const Vector& x) { return {x.data(), x.data() + x.size()}; }

/// Time on the axis: numbers where the periods are numbers.
void time_axis(report::Figure& figure, const PanelMatrix& panel) {
  bool numeric = true;
  for (std::size_t s = 0; s < panel.periods.size(); ++s)
    numeric = numeric && panel.periods[s] == core::shortest(panel.times[s]);
  if (numeric) return;
  const std::size_t step = std::max<std::size_t>(1, panel.periods.size() / 10);
  for (std::size_t s = 0; s < panel.periods.size(); s += step)
    figure.x_ticks.emplace_back(panel.times[s], panel.periods[s]);
}

report::Figure paths(const PanelMatrix& panel, const std::vector<report::Series>& lines, Index start,
                     const std::string& y_label, const report::PlotText& text) {
  report::Figure figure;
  figure.title = text.title;
  figure.x_label = text.x_label.empty() ? panel.time : text.x_label;
  figure.y_label = text.y_label.empty() ? y_label : text.y_label;
  figure.note = text.note;
  figure.series = lines;
  figure.guides = {
      {.at = (panel.times[static_cast<std::size_t>(start)] + panel.times[static_cast<std::size_t>(start - 1)]) / 2}};
  time_axis(figure, panel);
  return figure;
}

report::Series line(const PanelMatrix& panel, const Vector& y, const std::string& label, int color,
                    bool dashed = false) {
  report::Series out{.mark = report::Mark::line, .label = label, .color = color, .dashed = dashed};
  out.x.assign(panel.times.begin(), panel.times.begin() + y.size());
  out.y = listed(y);
  return out;
}

data::Frame path_frame(const PanelMatrix& panel, const Vector& actual, const Vector& synthetic) {
  return data::Frame("paths")
      .with(panel.time, data::Column::texts(panel.periods))
      .with("actual", data::Column::reals(listed(actual)))
      .with("synthetic", data::Column::reals(listed(synthetic)))
      .with("gap", data::Column::reals(listed(actual - synthetic)));
}

NamedNumbers weights_by_unit(const PanelMatrix& panel, const std::vector<Index>& units, const Vector& w) {
  NamedNumbers out;
  for (std::size_t j = 0; j < units.size(); ++j)
    out.emplace_back(panel.units[static_cast<std::size_t>(units[j])], w[static_cast<Index>(j)]);
  return out;
}

/// The first period of `at`: a number or a text.
Index start_of(const Arguments& a, const PanelMatrix& panel, const std::string& option) {
  return estimators::period_called(panel, a.text(option));
}

int synth(lua_State* L, Arguments& a) {
  const data::Frame frame = a.frame();
  const PanelMatrix panel = panel_of(a, "synth", frame);
  for (const char* option : {"treated", "at"})
    if (!a.has(option))
      throw core::Error(std::string("option '") + option + "' is missing")
          .word("synth")
          .hint("synth(y ~ x, treated=\"California\", at=1989)");
  estimators::SynthOptions options;
  options.treated = estimators::unit_called(panel, a.text("treated"));
  options.start = start_of(a, panel, "at");
  options.nested = a.boolean("nested", true);
  options.placebo = a.boolean("placebo", true);
  options.leave_one_out = a.boolean("leave_one_out", true);
  if (a.has("placebo_at")) options.placebo_start = start_of(a, panel, "placebo_at");
  std::vector<Index> lags;
  for (const std::string& period : a.texts("lags")) lags.push_back(estimators::period_called(panel, period));
  const Index from = a.has("from") ? start_of(a, panel, "from") : 0;
  const std::vector<estimators::SynthPredictor> predictors =
      estimators::synth_predictors(panel, options.start, lags, from);
  const estimators::Synth s = estimators::synth(panel, predictors, options);
  const std::string& unit = panel.units[static_cast<std::size_t>(options.treated)];
  Analysis out;
  out.what = "a synthetic control";
  out.table.title = "Synthetic control: " + unit + " from " + panel.periods[static_cast<std::size_t>(options.start)] +
                    ", " + panel.y_name;
  out.table.header.push_back(header_row({"Predictor", unit, "Synthetic", "Mean of donors", "V"}));
  for (std::size_t r = 0; r < predictors.size(); ++r) {
    const auto i = static_cast<Index>(r);
    out.table.body.push_back(
        text_row({predictors[r].name, estimate_text(s.predictors(i, 0)), estimate_text(s.predictors(i, 1)),
                  estimate_text(s.predictors(i, 2)), core::fixed(s.fit.v[i], 4)}));
  }
  std::vector<std::pair<double, std::string>> donors;
  for (const auto& [name, w] : weights_by_unit(panel, s.fit.donors, s.fit.weights))
    if (w > 0) donors.emplace_back(-w, name);
  std::sort(donors.begin(), donors.end());
  std::vector<std::string> texts;
  for (const auto& [w, name] : donors) texts.push_back(name + " " + core::fixed(-w, 3));
  out.note("donors: " + core::join(texts, ", "));
  out.note("mean gap after " + estimate_text(s.fit.effect) + "; RMSPE before " +
           core::significant(s.fit.rmspe_before, 4) + ", after " + core::significant(s.fit.rmspe_after, 4) +
           ", ratio " + core::significant(s.fit.ratio(), 4));
  if (options.placebo) {
    out.note("placebo in space: p of the ratio " + core::fixed(s.p, 4) + ", " + std::to_string(panel.units.size()) +
             " units, the treated one among the donors of the others");
    out.number("p", s.p);
    out.lists.emplace_back("p_period", s.p_period);
    NamedNumbers ratios, effects;
    for (const estimators::SynthFit& fit : s.placebos) {
      ratios.emplace_back(panel.units[static_cast<std::size_t>(fit.unit)], fit.ratio());
      effects.emplace_back(panel.units[static_cast<std::size_t>(fit.unit)], fit.effect);
    }
    out.groups.emplace_back("placebo_ratio", ratios);
    out.groups.emplace_back("placebo_effect", effects);
  }
  if (!s.without.empty()) {
    double low = INFINITY, high = -INFINITY;
    for (const estimators::SynthFit& fit : s.without) {
      low = std::min(low, fit.effect);
      high = std::max(high, fit.effect);
    }
    out.note("leaving out one donor: mean gap " + estimate_text(low) + " to " + estimate_text(high));
    out.number("without_min", low);
    out.number("without_max", high);
  }
  if (options.placebo_start >= 0) {
    const Index at = options.placebo_start;
    out.note("placebo in time, " + panel.periods[static_cast<std::size_t>(at)] + ": mean gap " +
             estimate_text(s.in_time.effect) + ", RMSPE ratio " + core::significant(s.in_time.ratio(), 4));
    out.number("placebo_time_effect", s.in_time.effect);
  }
  out.note(options.nested ? "V chosen so that the outcome before is matched best (nested, Nelder-Mead from two starts)"
                          : "V from the regression of the outcome before on the predictors");
  for (const std::string& note : panel.notes) out.note(note);
  for (const auto& [name, value] : NamedNumbers{{"estimate", s.fit.effect},
                                                {"rmspe_before", s.fit.rmspe_before},
                                                {"rmspe_after", s.fit.rmspe_after},
                                                {"ratio", s.fit.ratio()}})
    out.number(name, value);
  out.groups.emplace_back("weights", weights_by_unit(panel, s.fit.donors, s.fit.weights));
  NamedNumbers v;
  for (std::size_t r = 0; r < predictors.size(); ++r)
    v.emplace_back(predictors[r].name, s.fit.v[static_cast<Index>(r)]);
  out.groups.emplace_back("v", v);
  out.lists.emplace_back("gap", listed(s.fit.gap));
  const Vector actual = panel.Y.row(options.treated).transpose();
  out.frames.emplace_back("frame", path_frame(panel, actual, s.fit.path));
  const Index start = options.start;
  out.plots.push_back(
      {"path", [=](const report::PlotText& text) {
         return paths(panel, {line(panel, actual, unit, 0), line(panel, s.fit.path, "synthetic " + unit, 1, true)},
                      start, panel.y_name, text);
       }});
  out.plots.push_back({"gap", [=](const report::PlotText& text) {
                         report::Figure figure =
                             paths(panel, {line(panel, s.fit.gap, unit, 0)}, start, "Gap in " + panel.y_name, text);
                         figure.guides.push_back({.at = 0, .vertical = false, .dashed = false});
                         return figure;
                       }});
  if (options.placebo)
    out.plots.push_back({"placebo", [=](const report::PlotText& text) {
                           std::vector<report::Series> lines;
                           int left_out = 0;
                           for (const estimators::SynthFit& fit : s.placebos) {
                             if (fit.rmspe_before > 5 * s.fit.rmspe_before) {
                               ++left_out;
                               continue;
                             }
                             lines.push_back(line(panel, fit.gap, "", -1));
                             lines.back().size = 0.5;
                           }
                           lines.push_back(line(panel, s.fit.gap, unit, 1));
                           lines.back().size = 2;
                           report::PlotText own = text;
                           if (own.note.empty())
                             own.note = std::to_string(left_out) +
                                        " donors whose RMSPE before is over five times as large are left out";
                           report::Figure figure = paths(panel, lines, start, "Gap in " + panel.y_name, own);
                           figure.guides.push_back({.at = 0, .vertical = false, .dashed = false});
                           return figure;
                         }});
  if (!s.without.empty())
    out.plots.push_back({"leave_one_out", [=](const report::PlotText& text) {
                           std::vector<report::Series> lines = {line(panel, actual, unit, 0)};
                           for (const estimators::SynthFit& fit : s.without)
                             lines.push_back(line(panel, fit.path, "", -1));
                           lines.push_back(line(panel, s.fit.path, "synthetic " + unit, 1, true));
                           return paths(panel, lines, start, panel.y_name, text);
                         }});
  return push_analysis(L, a, std::move(out));
}

int sdid(lua_State* L, Arguments& a) {
  const data::Frame frame = a.frame();
  const PanelMatrix panel = panel_of(a, "sdid", frame);
  if (!a.has("treat")) throw core::Error("option 'treat' is missing").word("sdid").hint("sdid(y ~ 1, treat=did)");
  const std::vector<Index> start = estimators::adoption(panel, estimators::cells(panel, a.tree("treat"), frame));
  estimators::SdidOptions options;
  const std::string method = a.text("method", "sdid"), vce = a.text("vce", "placebo");
  options.method = method == "sc"    ? estimators::SdidMethod::sc
                   : method == "did" ? estimators::SdidMethod::did
                                     : estimators::SdidMethod::sdid;
  options.error = vce == "jackknife"   ? estimators::SdidError::jackknife
                  : vce == "bootstrap" ? estimators::SdidError::bootstrap
                  : vce == "none"      ? estimators::SdidError::none
                                       : estimators::SdidError::placebo;
  options.reps = static_cast<int>(a.integer("reps", 200));
  options.seed = seed_of(a);
  const estimators::Sdid s = estimators::sdid(panel, start, options);
  Analysis out;
  out.what = "a synthetic difference-in-differences";
  const std::string name = method == "sc"    ? "Synthetic control"
                           : method == "did" ? "Difference-in-differences"
                                             : "Synthetic difference-in-differences";
  out.table.title = name + ": " + panel.y_name;
  const double z = inference::normal_quantile(0.975), p = 2 * inference::normal_cdf(-std::abs(s.estimate / s.se));
  out.row("ATT", estimate_text(s.estimate));
  out.row("Std. error (" + vce + ")", estimate_text(s.se));
  out.row("p", p_text(p));
  out.row("95% interval",
          "[" + estimate_text(s.estimate - z * s.se) + ", " + estimate_text(s.estimate + z * s.se) + "]");
  std::size_t treated = 0;
  NamedNumbers cohorts;
  for (const estimators::SdidCohort& cohort : s.cohorts) {
    treated += cohort.treated.size();
    const std::string& period = panel.periods[static_cast<std::size_t>(cohort.start)];
    cohorts.emplace_back(period, cohort.estimate);
    if (s.cohorts.size() > 1)
      out.row("Adopting in " + period + " (" + std::to_string(cohort.treated.size()) + ")",
              estimate_text(cohort.estimate));
    const std::string suffix = s.cohorts.size() > 1 ? "_" + period : "";
    out.groups.emplace_back("omega" + suffix, weights_by_unit(panel, s.controls, cohort.omega));
    NamedNumbers lambda;
    for (Index t = 0; t < cohort.start; ++t)
      lambda.emplace_back(panel.periods[static_cast<std::size_t>(t)], cohort.lambda[t]);
    out.groups.emplace_back("lambda" + suffix, lambda);
  }
  out.row("Treated units", std::to_string(treated));
  out.row("Control units", std::to_string(s.controls.size()));
  for (const std::string& note : s.notes) out.note(note);
  if (s.cohorts.size() > 1) out.note("cohorts weighted by their treated unit-periods");
  if (vce == "placebo" || vce == "bootstrap")
    out.note(std::to_string(options.reps) + " draws; seed " + std::to_string(options.seed));
  out.number("estimate", s.estimate);
  out.number("se", s.se);
  out.number("p", p);
  out.number("zeta", s.cohorts[0].zeta);
  out.groups.emplace_back("cohorts", cohorts);
  out.lists.emplace_back("draws", s.draws);
  const estimators::SdidCohort& first = s.cohorts[0];
  Vector actual = Vector::Zero(panel.Y.cols()), synthetic = Vector::Zero(panel.Y.cols());
  for (const Index i : first.treated) actual += s.Y.row(i).transpose() / static_cast<double>(first.treated.size());
  for (std::size_t j = 0; j < s.controls.size(); ++j)
    synthetic += first.omega[static_cast<Index>(j)] * s.Y.row(s.controls[j]).transpose();
  if (options.method != estimators::SdidMethod::sc)
    synthetic.array() += (actual - synthetic).head(first.start).dot(first.lambda);
  out.frames.emplace_back("frame", path_frame(panel, actual, synthetic));
  out.plots.push_back(
      {"path", [=](const report::PlotText& text) {
         return paths(panel, {line(panel, actual, "treated", 0), line(panel, synthetic, "synthetic, shifted", 1, true)},
                      first.start, panel.y_name, text);
       }});
  out.plots.push_back({"gap", [=](const report::PlotText& text) {
                         report::Figure figure = paths(panel, {line(panel, actual - synthetic, "gap", 0)}, first.start,
                                                       "Gap in " + panel.y_name, text);
                         figure.guides.push_back({.at = 0, .vertical = false, .dashed = false});
                         return figure;
                       }});
  results::Fit fit;
  fit.command = "sdid";
  fit.title = name;
  fit.depvar = panel.y_name;
  fit.names = {formula::print(a.tree("treat"))};
  fit.coef = Vector::Constant(1, s.estimate);
  fit.vcov.matrix = Matrix::Constant(1, 1, s.se * s.se);
  fit.vcov.df_t = std::numeric_limits<double>::infinity();
  fit.vcov.label = vce;
  fit.nobs = static_cast<double>(panel.Y.size());
  fit.rank = 1;
  fit.notes = out.table.notes;
  out.results.emplace_back("result", std::make_shared<const results::Fit>(std::move(fit)));
  return push_analysis(L, a, std::move(out));
}

/// What the three counterfactual methods share: table, numbers, plots.
int push_counterfactual(lua_State* L, const Arguments& a, const PanelMatrix& panel, const std::vector<Index>& start,
                        const estimators::Counterfactual& c, const std::string& title) {
  Analysis out;
  out.what = "a counterfactual";
  out.table.title = title + ": " + panel.y_name;
  const double z = inference::normal_quantile(0.975);
  out.row("ATT", estimate_text(c.att));
  out.number("estimate", c.att);
  if (!std::isnan(c.se)) {
    const double p = 2 * inference::normal_cdf(-std::abs(c.att / c.se));
    out.row("Std. error", estimate_text(c.se));
    out.row("p", p_text(p));
    out.row("95% interval", "[" + estimate_text(c.att - z * c.se) + ", " + estimate_text(c.att + z * c.se) + "]");
    out.number("p", p);
  }
  out.number("se", c.se);
  for (const auto& [name, value] : c.numbers) {
    out.row(name, core::significant(value, 5));
    out.number(core::lower(name), value);
  }
  for (const std::string& note : c.notes) out.note(note);
  for (const std::string& note : panel.notes) out.note(note);
  NamedNumbers by_event;
  std::vector<report::EventPoint> points;
  for (std::size_t e = 0; e < c.event_times.size(); ++e) {
    by_event.emplace_back(core::shortest(c.event_times[e]), c.event_effects[e]);
  }
  out.groups.emplace_back("effects", by_event);
  if (!c.weights.empty()) out.groups.emplace_back("weights", c.weights);
  Index first = panel.Y.cols();
  for (const Index s : start) first = std::min(first, s);
  Vector actual = Vector::Zero(panel.Y.cols()), fitted = actual;
  double n = 0;
  for (std::size_t i = 0; i < start.size(); ++i)
    if (start[i] < panel.Y.cols()) {
      actual += panel.Y.row(static_cast<Index>(i)).transpose();
      fitted += c.fitted.row(static_cast<Index>(i)).transpose();
      n += 1;
    }
  actual /= n;
  fitted /= n;
  out.frames.emplace_back("frame", path_frame(panel, actual, fitted));
  out.plots.push_back({"path", [=](const report::PlotText& text) {
                         return paths(
                             panel, {line(panel, actual, "treated", 0), line(panel, fitted, "counterfactual", 1, true)},
                             first, panel.y_name, text);
                       }});
  out.plots.push_back({"effects", [=](const report::PlotText& text) {
                         report::Figure figure;
                         figure.title = text.title;
                         figure.x_label = text.x_label.empty() ? "Periods since treatment" : text.x_label;
                         figure.y_label = text.y_label.empty() ? "Effect on " + panel.y_name : text.y_label;
                         figure.note = text.note;
                         report::Series s{.mark = report::Mark::line, .label = "", .color = 0};
                         s.x = c.event_times;
                         s.y = c.event_effects;
                         figure.series = {s};
                         figure.guides = {{.at = -0.5}, {.at = 0, .vertical = false, .dashed = false}};
                         return figure;
                       }});
  return push_analysis(L, a, std::move(out));
}

struct Given {
  data::Frame frame;
  PanelMatrix panel;
  std::vector<Index> start;
};

Given given(const Arguments& a, const std::string& command) {
  Given g;
  g.frame = a.frame();
  g.panel = panel_of(a, command, g.frame);
  if (!a.has("treat"))
    throw core::Error("option 'treat' is missing").word(command).hint(command + "(y ~ 1, treat=did)");
  g.start = estimators::adoption(g.panel, estimators::cells(g.panel, a.tree("treat"), g.frame));
  return g;
}

int panel_approach(lua_State* L, Arguments& a) {
  const Given g = given(a, "panel_approach");
  const estimators::Counterfactual c =
      estimators::panel_approach(g.panel, g.start, a.text("select", "aicc"), static_cast<int>(a.integer("max", 0)));
  return push_counterfactual(L, a, g.panel, g.start, c, "Panel data approach (Hsiao, Ching and Wan)");
}

int mcpanel(lua_State* L, Arguments& a) {
  const Given g = given(a, "mcpanel");
  estimators::CompletionOptions options;
  options.lambda = a.number("lambda", -1);
  options.folds = static_cast<int>(a.integer("folds", 5));
  options.reps = static_cast<int>(a.integer("reps", 0));
  options.seed = seed_of(a);
  return push_counterfactual(L, a, g.panel, g.start, estimators::matrix_completion(g.panel, g.start, options),
                             "Matrix completion");
}

int gsynth(lua_State* L, Arguments& a) {
  const Given g = given(a, "gsynth");
  estimators::FactorOptions options;
  options.factors = static_cast<int>(a.integer("factors", -1));
  options.most = static_cast<int>(a.integer("max_factors", 5));
  options.reps = static_cast<int>(a.integer("reps", 200));
  options.seed = seed_of(a);
  return push_counterfactual(L, a, g.panel, g.start, estimators::generalised_synth(g.panel, g.start, options),
                             "Generalised synthetic control");
}

}  // namespace

void add_synthetic_commands(Registry& registry) {
  /// Units and periods are named by text or by number.
  const auto text = [](const std::string& name, const std::string& doc, const std::string& fallback = {}) {
    return OptionSpec{.name = name, .kind = Kind::any, .doc = doc, .default_text = fallback};
  };
  registry.add(
      {{.name = "synth",
        .topic = "synth",
        .summary = "Synthetic control for one treated unit, with placebos in space and time",
        .args = {formula_argument},
        .options =
            {text("treated", "the treated unit"),
             text("at", "its first treated period"),
             {.name = "lags",
              .kind = Kind::texts,
              .doc = "periods whose outcome is a predictor: {\"1975\", \"1988\"}",
              .default_text = "all before, when there are no covariates"},
             text("from", "covariates are averaged from this period on", "the first"),
             {.name = "nested",
              .kind = Kind::boolean,
              .doc = "choose V by the fit before; false: by regression",
              .default_text = "true"},
             {.name = "placebo", .kind = Kind::boolean, .doc = "every donor as if treated", .default_text = "true"},
             text("placebo_at", "a placebo in time: an earlier start"),
             {.name = "leave_one_out",
              .kind = Kind::boolean,
              .doc = "again without each donor that has weight",
              .default_text = "true"},
             unit_option,
             time_option,
             file_option()},
        .source = "Abadie, Diamond & Hainmueller (2010); Abadie (2021)",
        .example = "synth(cigsale ~ 1, treated=\"California\", at=1989)"},
       synth});
  registry.add({{.name = "sdid",
                 .topic = "synth",
                 .summary = "Synthetic difference-in-differences, for one or several adoption dates",
                 .args = {formula_argument},
                 .options = {treat_option,
                             {.name = "method",
                              .kind = Kind::text,
                              .doc = "sdid, or its corners: synthetic control, difference-in-differences",
                              .default_text = "sdid",
                              .one_of = {"sdid", "sc", "did"}},
                             {.name = "vce",
                              .kind = Kind::text,
                              .doc = "standard error",
                              .default_text = "placebo",
                              .one_of = {"placebo", "bootstrap", "jackknife", "none"}},
                             reps_option("200"),
                             seed_option(),
                             unit_option,
                             time_option,
                             file_option()},
                 .source = "Arkhangelsky, Athey, Hirshberg, Imbens & Wager (2021); Clarke et al. (2023)",
                 .example = "sdid(ser ~ 1, treat=did, seed=1)"},
                sdid});
  registry.add({{.name = "panel_approach",
                 .topic = "synth",
                 .summary = "Hsiao, Ching and Wan: the counterfactual by regression on other units",
                 .args = {formula_argument},
                 .options = {treat_option,
                             {.name = "select",
                              .kind = Kind::text,
                              .doc = "which controls",
                              .default_text = "aicc",
                              .one_of = {"aicc", "aic", "bic", "lasso", "all"}},
                             {.name = "max",
                              .kind = Kind::integer,
                              .doc = "most controls",
                              .default_text = "periods before, less 4",
                              .min = 1},
                             unit_option,
                             time_option,
                             file_option()},
                 .source = "Hsiao, Ching & Wan (2012), J. of Applied Econometrics 27(5)",
                 .example = "panel_approach(gdp ~ 1, treat=did)"},
                panel_approach});
  registry.add(
      {{.name = "mcpanel",
        .topic = "synth",
        .summary = "Matrix completion with nuclear norm, unit and period effects",
        .args = {formula_argument},
        .options =
            {treat_option,
             {.name = "lambda",
              .kind = Kind::number,
              .doc = "penalty",
              .default_text = "by cross-validation",
              .min = 0},
             {.name = "folds", .kind = Kind::integer, .doc = "of the cross-validation", .default_text = "5", .min = 2},
             {.name = "reps",
              .kind = Kind::integer,
              .doc = "bootstrap draws of units for the standard error",
              .default_text = "0",
              .min = 0},
             seed_option(),
             unit_option,
             time_option,
             file_option()},
        .source = "Athey, Bayati, Doudchenko, Imbens & Khosravi (2021), J. American Statistical Assoc. 116",
        .example = "mcpanel(ser ~ 1, treat=did, seed=1)"},
       mcpanel});
  registry.add(
      {{.name = "gsynth",
        .topic = "synth",
        .summary = "Interactive fixed effects: factors of the controls, loadings of the treated",
        .args = {formula_argument},
        .options = {treat_option,
                    {.name = "factors",
                     .kind = Kind::integer,
                     .doc = "how many",
                     .default_text = "by cross-validation",
                     .min = 0},
                    {.name = "max_factors", .kind = Kind::integer, .doc = "most to try", .default_text = "5", .min = 0},
                    {.name = "reps",
                     .kind = Kind::integer,
                     .doc = "bootstrap draws; 0: none",
                     .default_text = "200",
                     .min = 0},
                    seed_option(),
                    unit_option,
                    time_option,
                    file_option()},
        .source = "Bai (2009), Econometrica 77(4); Xu (2017), Political Analysis 25(1)",
        .example = "gsynth(ser ~ 1, treat=did, seed=1)"},
       gsynth});
}

}  // namespace bindings
