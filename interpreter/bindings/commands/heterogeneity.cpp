// mediate, heterogeneity, split_test, moderate, ame, spec_curve.
#include "bindings/analysis.hpp"
#include "bindings/measures.hpp"
#include "bindings/open.hpp"
#include "core/text.hpp"
#include "estimators/glm/logit.hpp"
#include "estimators/heterogeneity/stacked.hpp"
#include "estimators/mediation/mediation.hpp"
#include "inference/tests.hpp"
#include "report/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;

/// The regression options of the call as an estimator gets them.
estimators::Request request_of(lua_State* L, const Arguments& a) {
  estimators::Request request;
  request.formula = a.tree("formula");
  request.frame = a.box()->frame;
  for (const OptionSpec& option : estimators::common_options())
    if (option.name != "data" && a.has(option.name))
      request.options.set(option.name, a.value(option.name, option.kind));
  request.call = call_text(L, a.command().record.name);
  return request;
}

std::vector<OptionSpec> with_common(std::vector<OptionSpec> own) {
  for (OptionSpec& option : estimators::common_options()) {
    const bool taken = std::any_of(own.begin(), own.end(), [&](const OptionSpec& o) { return o.name == option.name; });
    if (!taken && option.name != "split") own.push_back(std::move(option));
  }
  return own;
}

std::string interval_text(const estimators::Interval& i) {
  return std::isnan(i.low) ? "." : "[" + estimate_text(i.low) + ", " + estimate_text(i.high) + "]";
}

int mediate(lua_State* L, Arguments& a) {
  estimators::MediationOptions options;
  options.mediator = a.tree("mediator");
  options.x = a.text("x");
  options.reps = static_cast<int>(a.integer("reps", 1000));
  options.level = a.number("level", 0.95);
  options.seed = seed_of(a);
  options.cluster = a.tree("resample");
  const estimators::Mediation m = estimators::mediate(request_of(L, a), options);
  Analysis out;
  out.what = "a mediation";
  out.table.title = "Mediation: " + m.x + " on " + m.total->depvar + " through " + m.mediator;
  out.table.header.push_back(header_row({"", "(1) " + m.total->depvar, "(2) " + m.mediator, "(3) " + m.total->depvar}));
  const auto cell = [](const results::Fit& fit, const std::string& name) {
    const results::CoefficientRow row = results::coefficient_table(fit)[static_cast<std::size_t>(fit.position(name))];
    const double p = row.estimate.p;
    return std::make_pair(report::Cell{.text = estimate_text(row.estimate.value),
                                       .stars = p < 0.01   ? "***"
                                                : p < 0.05 ? "**"
                                                : p < 0.1  ? "*"
                                                           : ""},
                          "(" + estimate_text(row.estimate.se) + ")");
  };
  const auto three = [&](const std::string& name, bool mediator) {
    report::Row top{{{.text = name}}}, under{{{.text = ""}}};
    const FitRef fits[] = {m.total, m.first, m.direct};
    for (int f = 0; f < 3; ++f) {
      if (mediator && f < 2) {
        top.cells.push_back({.text = ""});
        under.cells.push_back({.text = ""});
        continue;
      }
      const auto [estimate, se] = cell(*fits[f], name);
      top.cells.push_back(estimate);
      under.cells.push_back({.text = se});
    }
    out.table.body.push_back(std::move(top));
    out.table.body.push_back(std::move(under));
  };
  three(m.x, false);
  three(m.mediator, true);
  report::Row n = text_row({"Observations", core::grouped(static_cast<long long>(m.total->nobs)),
                            core::grouped(static_cast<long long>(m.first->nobs)),
                            core::grouped(static_cast<long long>(m.direct->nobs))});
  n.rule_above = true;
  out.table.body.push_back(std::move(n));
  const auto line = [&](const std::string& label, const std::string& value) {
    out.table.body.push_back(text_row({label, value, "", ""}));
  };
  line("Indirect effect a·b", estimate_text(m.indirect));
  line("Share of the total", core::fixed(m.indirect / m.total_effect, 3));
  const auto z_line = [&](const std::string& name, double z) {
    line(name,
         std::isnan(z) ? "." : core::fixed(z, 3) + " (p " + p_text(2 * inference::normal_cdf(-std::abs(z))) + ")");
  };
  z_line("Sobel z", m.z_sobel);
  z_line("Aroian z", m.z_aroian);
  z_line("Goodman z", m.z_goodman);
  if (options.reps > 0) {
    line("Bootstrap s.e.", estimate_text(m.se_bootstrap));
    line("Percentile interval", interval_text(m.percentile));
    line("Bias-corrected interval", interval_text(m.bc));
    line("BCa interval", interval_text(m.bca));
    out.note(core::counted(options.reps, "draw") + " of " +
             (m.resampled == "rows" ? "rows" : "clusters of " + m.resampled) + "; seed " +
             std::to_string(options.seed));
  }
  for (const std::string& note : m.notes) out.note(note);
  out.note("standard errors: " + m.total->vcov.label + "; one sample for the three equations");
  out.note("a·b is the effect through " + m.mediator + " only if nothing unobserved moves " + m.mediator + " and " +
           m.total->depvar + " together, given " + m.x + " and the controls: randomising " + m.x +
           " does not make it so");
  for (const auto& [name, value] : NamedNumbers{{"total", m.total_effect},
                                                {"direct", m.direct_effect},
                                                {"indirect", m.indirect},
                                                {"a", m.a},
                                                {"b", m.b},
                                                {"se_a", m.se_a},
                                                {"se_b", m.se_b},
                                                {"se_sobel", m.se_sobel},
                                                {"sobel_z", m.z_sobel},
                                                {"sobel_z_aroian", m.z_aroian},
                                                {"sobel_z_goodman", m.z_goodman},
                                                {"share", m.indirect / m.total_effect},
                                                {"se_bootstrap", m.se_bootstrap},
                                                {"low", m.percentile.low},
                                                {"high", m.percentile.high},
                                                {"bc_low", m.bc.low},
                                                {"bc_high", m.bc.high},
                                                {"bca_low", m.bca.low},
                                                {"bca_high", m.bca.high},
                                                {"acceleration", m.acceleration},
                                                {"seed", static_cast<double>(options.seed)}})
    out.number(name, value);
  out.results = {{"result", m.direct}, {"fit_total", m.total}, {"fit_first", m.first}, {"fit_direct", m.direct}};
  out.lists.emplace_back("draws", m.draws);
  if (options.reps > 0)
    out.plots.push_back({"density", [draws = m.draws, at = m.indirect](const report::PlotText& text) {
                           report::PlotText own = text;
                           if (own.x_label.empty()) own.x_label = "Indirect effect";
                           return report::density_plot(draws, at, std::nan(""), own);
                         }});
  return push_analysis(L, a, std::move(out));
}

/// The effect in each group with the interval of its own estimate.
report::Figure groups_plot(const estimators::Heterogeneity& h, const report::PlotText& text) {
  report::Figure figure;
  const double level = h.fits.front()->level;
  figure.title = text.title;
  figure.x_label =
      text.x_label.empty() ? "Effect of " + h.term + ", " + core::shortest(100 * level) + "% interval" : text.x_label;
  figure.y_label = text.y_label.empty() ? h.by : text.y_label;
  figure.note = text.note;
  report::Series bars{.mark = report::Mark::errorbars, .label = "", .horizontal = true};
  for (std::size_t g = 0; g < h.fits.size(); ++g) {
    const results::Fit& fit = *h.fits[g];
    const inference::Estimate e =
        results::coefficient_table(fit)[static_cast<std::size_t>(fit.position(h.term))].estimate;
    const auto y = static_cast<double>(h.fits.size() - g);
    bars.x.push_back(e.value);
    bars.y.push_back(y);
    bars.low.push_back(e.low);
    bars.high.push_back(e.high);
    figure.y_ticks.emplace_back(y, h.levels[g]);
  }
  figure.series = {bars};
  figure.guides = {{.at = 0}};
  figure.y_range = {{0.4, static_cast<double>(h.fits.size()) + 0.6}};
  return figure;
}

int push_heterogeneity(lua_State* L, Arguments& a, const estimators::SplitFits& parts) {
  const std::uint64_t seed = seed_of(a);
  const int reps = static_cast<int>(a.integer("reps", 0));
  const estimators::Heterogeneity h = estimators::heterogeneity(parts, a.text("x"), reps, seed);
  Analysis out;
  out.what = "a comparison of groups";
  out.table.title = "Heterogeneity of " + h.term + " by " + h.by;
  out.table.header.push_back(header_row({h.by, "Estimate", "Std. error", "p", "N"}));
  NamedNumbers estimates, errors;
  for (std::size_t g = 0; g < h.fits.size(); ++g) {
    const auto i = static_cast<results::Index>(g);
    const results::Fit& fit = *h.fits[g];
    const double p = results::coefficient_table(fit)[static_cast<std::size_t>(fit.position(h.term))].estimate.p;
    out.table.body.push_back(text_row({h.levels[g], estimate_text(h.estimate[i]), estimate_text(h.se[i]), p_text(p),
                                       core::grouped(static_cast<long long>(fit.nobs))}));
    estimates.emplace_back(h.levels[g], h.estimate[i]);
    errors.emplace_back(h.levels[g], h.se[i]);
    out.results.emplace_back("fit_" + h.levels[g], h.fits[g]);
  }
  report::Row test =
      text_row({"All equal", "chi2(" + core::shortest(h.df) + ") = " + core::fixed(h.wald, 2), "", p_text(h.p), ""});
  test.rule_above = true;
  out.table.body.push_back(std::move(test));
  if (reps > 0) out.table.body.push_back(text_row({"All equal, permutation", "", "", p_text(h.p_permutation), ""}));
  for (const std::string& note : h.notes) out.note(note);
  out.note("test: stacked scores, " + h.fits[0]->vcov.label +
           " within groups; clusters in several groups count as dependent");
  if (reps > 0)
    out.note(std::string(h.by_units ? "groups change places among units" : "groups change places among rows") + ", " +
             std::to_string(reps) + " draws; seed " + std::to_string(seed));
  out.groups = {{"estimates", estimates}, {"se", errors}};
  for (const auto& [name, value] : NamedNumbers{{"wald", h.wald},
                                                {"df", h.df},
                                                {"p", h.p},
                                                {"difference", h.difference},
                                                {"p_permutation", h.p_permutation}})
    out.number(name, value);
  out.lists.emplace_back("draws", h.draws);
  out.plots.push_back({"groups", [h](const report::PlotText& text) { return groups_plot(h, text); }});
  if (!h.draws.empty() && h.fits.size() == 2)
    out.plots.push_back({"draws", [h](const report::PlotText& text) {
                           return report::placebo_histogram(h.draws, h.difference, h.p_permutation, text);
                         }});
  return push_analysis(L, a, std::move(out));
}

int heterogeneity(lua_State* L, Arguments& a) {
  if (!a.has("by"))
    throw core::Error("option 'by' is missing").word("heterogeneity").hint("heterogeneity(y ~ x, by=region)");
  return push_heterogeneity(L, a, estimators::fit_parts(request_of(L, a), a.tree("by"), estimators::fit_feols));
}

/// The same of a list that split= made, whatever the estimator.
int split_test(lua_State* L, Arguments& a) {
  a.push("results");
  const SplitFitsRef* parts = split_fits_at(L, lua_gettop(L));
  if (parts == nullptr)
    throw core::Error("split_test takes the list that split= makes of one formula")
        .hint("m = feols(y ~ x, split=region); split_test(m, x=\"x\")")
        .word("split_test");
  return push_heterogeneity(L, a, **parts);
}

int moderate(lua_State* L, Arguments& a) {
  for (const char* option : {"x", "z"})
    if (!a.has(option))
      throw core::Error(std::string("option '") + option + "' is missing")
          .word("moderate")
          .hint("moderate(y ~ controls, x=did, z=lngdp)");
  estimators::ModerationOptions options;
  options.x = a.tree("x");
  options.z = a.tree("z");
  const std::string scale = a.text("scale", "centre");
  options.centre = scale == "centre";
  options.standardise = scale == "standardise";
  options.at = a.numbers("at");
  options.level = a.number("level", 0.95);
  const estimators::Moderation m = estimators::moderate(request_of(L, a), options);
  Analysis out;
  out.what = "a moderation";
  out.table.title = "Slope of " + m.x + " on " + m.fit->depvar + " by " + m.z;
  out.table.header.push_back(header_row({m.z + " at", "Value", "Slope", "Std. error", "t", "p"}));
  NamedNumbers slopes;
  for (const estimators::Slope& s : m.slopes) {
    out.table.body.push_back(text_row(
        {s.where, estimate_text(s.at), estimate_text(s.slope), estimate_text(s.se), core::fixed(s.t, 2), p_text(s.p)}));
    slopes.emplace_back(s.where, s.slope);
  }
  report::Row product =
      text_row({m.x + ":" + m.z_used, "", estimate_text(m.interaction), "", "", p_text(m.interaction_p)});
  product.rule_above = true;
  out.table.body.push_back(std::move(product));
  out.note(scale == "standardise" ? m.z_used + " = (" + m.z + " - " + core::significant(m.centre, 6) + ")/" +
                                        core::significant(m.scale, 6) + ", mean and standard deviation of the sample"
           : scale == "centre"
               ? m.z_used + " = " + m.z + " - " + core::significant(m.centre, 6) + ", the mean of the sample"
               : m.z + " as it is: the coefficient of " + m.x + " is the slope at 0");
  out.note("Johnson-Neyman: the slope differs from 0 at " + core::shortest(100 * m.level) + "% where " + m.region +
           "; that holds in " + core::fixed(100 * m.inside, 1) + "% of the rows (" + m.z + " from " +
           core::significant(m.z_low, 5) + " to " + core::significant(m.z_high, 5) + ")");
  out.note("standard errors: " + m.fit->vcov.label);
  out.groups.emplace_back("slopes", slopes);
  out.lists.emplace_back("bounds", m.bounds);
  for (const auto& [name, value] : NamedNumbers{{"interaction", m.interaction},
                                                {"interaction_p", m.interaction_p},
                                                {"centre", m.centre},
                                                {"scale", m.scale},
                                                {"inside", m.inside}})
    out.number(name, value);
  out.texts.emplace_back("region", m.region);
  out.results.emplace_back("result", m.fit);
  out.plots.push_back({"slopes", [m](const report::PlotText& text) {
                         report::Figure figure;
                         figure.title = text.title;
                         figure.x_label = text.x_label.empty() ? m.z : text.x_label;
                         figure.y_label = text.y_label.empty() ? "Slope of " + m.x : text.y_label;
                         figure.note = text.note.empty() ? "Band: " + core::shortest(100 * m.level) +
                                                               "% interval; dashed: Johnson-Neyman bounds"
                                                         : text.note;
                         report::Series band{.mark = report::Mark::band, .label = "", .color = 0},
                             line{.mark = report::Mark::line, .label = "", .color = 0};
                         for (const estimators::Slope& s : m.curve) {
                           band.x.push_back(s.at);
                           band.y.push_back(s.slope);
                           band.low.push_back(s.low);
                           band.high.push_back(s.high);
                           line.x.push_back(s.at);
                           line.y.push_back(s.slope);
                         }
                         figure.series = {band, line};
                         figure.guides = {{.at = 0, .vertical = false, .dashed = false}};
                         for (const double bound : m.bounds)
                           if (bound > m.z_low && bound < m.z_high) figure.guides.push_back({.at = bound});
                         return figure;
                       }});
  return push_analysis(L, a, std::move(out));
}

int ame(lua_State* L, Arguments& a) {
  const FitRef fit = a.result("m");
  const std::vector<estimators::MarginalEffect> effects = estimators::marginal_effects(*fit, a.texts("variables"));
  results::Fit out;
  out.command = "ame";
  out.title = "Average marginal effects after " + fit->command;
  out.depvar = "Pr(" + fit->depvar + ")";
  out.coef.resize(static_cast<results::Index>(effects.size()));
  out.vcov.matrix = results::Matrix::Zero(out.coef.size(), out.coef.size());
  std::vector<std::string> discrete;
  for (std::size_t j = 0; j < effects.size(); ++j) {
    const auto i = static_cast<results::Index>(j);
    out.names.push_back(effects[j].name);
    out.coef[i] = effects[j].effect;
    out.vcov.matrix(i, i) = effects[j].se * effects[j].se;
    if (effects[j].discrete) discrete.push_back(effects[j].name);
  }
  out.vcov.df_t = std::numeric_limits<double>::infinity();
  out.vcov.label = "delta method, " + fit->vcov.label;
  out.nobs = fit->nobs;
  out.rank = out.coef.size();
  if (!discrete.empty()) out.notes.push_back("0 to 1: " + core::join(discrete, ", "));
  push_value<FitRef>(L, std::make_shared<const results::Fit>(std::move(out)));
  return 1;
}

/// Estimates in order of size with 95% intervals, hollow where p ≥ 0.05. Few enough to be named, they stand under each
/// other beside their labels.
report::Figure curve_plot(const std::string& term, const std::vector<std::string>& labels,
                          const std::vector<double>& estimate, const std::vector<double>& low,
                          const std::vector<double>& high, const std::vector<double>& p, const report::PlotText& text) {
  constexpr std::size_t most_names = 40;
  std::vector<std::size_t> order(estimate.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) { return estimate[x] < estimate[y]; });
  const bool lying = order.size() <= most_names;
  const std::string effect = "Effect of " + term + ", 95% interval";
  report::Figure figure;
  figure.title = text.title;
  figure.x_label = text.x_label.empty() && lying ? effect : text.x_label;
  figure.y_label = text.y_label.empty() && !lying ? effect : text.y_label;
  figure.note = text.note.empty() ? "Filled: p < 0.05" : text.note;
  report::Series bars{.mark = report::Mark::errorbars, .label = "", .color = 0, .horizontal = lying},
      rings{.mark = report::Mark::points, .label = "", .color = 0, .hollow = true};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t at = order[i];
    const auto place = static_cast<double>(i + 1);
    bars.x.push_back(lying ? estimate[at] : place);
    bars.y.push_back(lying ? place : estimate[at]);
    bars.low.push_back(low[at]);
    bars.high.push_back(high[at]);
    if (p[at] >= 0.05) {
      rings.x.push_back(bars.x.back());
      rings.y.push_back(bars.y.back());
    }
    if (lying) figure.y_ticks.emplace_back(place, labels[at]);
  }
  figure.series = {bars};
  if (!rings.x.empty()) figure.series.push_back(rings);
  figure.guides = {{.at = 0, .vertical = lying, .dashed = false}};
  (lying ? figure.y_range : figure.x_range) = {{0.4, static_cast<double>(order.size()) + 0.6}};
  return figure;
}

int spec_curve(lua_State* L, Arguments& a) {
  const std::vector<FitRef> fits = a.results("results");
  if (fits.empty()) throw core::Error("spec_curve needs results").hint("spec_curve(m1, m2, x=\"did\")");
  const std::string term = a.text("x", fits.front()->names.front());
  std::vector<std::string> labels = a.texts("labels");
  if (!labels.empty() && labels.size() != fits.size())
    throw core::Error(std::to_string(fits.size()) + " results, but " + std::to_string(labels.size()) + " labels")
        .word("labels");
  for (std::size_t i = labels.size(); i < fits.size(); ++i) labels.push_back(std::to_string(i + 1));
  Analysis out;
  out.what = "a specification curve";
  out.table.title = a.text("title", "Specifications: " + term);
  out.table.header.push_back(header_row({"Specification", "Outcome", "Estimate", "Std. error", "p", "N"}));
  out.table.align = {report::Align::left,  report::Align::left,  report::Align::right,
                     report::Align::right, report::Align::right, report::Align::right};
  std::vector<double> estimate, low, high, p, nobs;
  std::vector<std::string> outcomes;
  for (std::size_t i = 0; i < fits.size(); ++i) {
    const results::Fit& fit = *fits[i];
    const inference::Estimate e =
        results::coefficient_table(fit)[static_cast<std::size_t>(fit.position(term))].estimate;
    report::Row row = text_row({labels[i], fit.depvar, estimate_text(e.value), estimate_text(e.se), p_text(e.p),
                                core::grouped(static_cast<long long>(fit.nobs))});
    row.cells[2].stars = e.p < 0.01 ? "***" : e.p < 0.05 ? "**" : e.p < 0.1 ? "*" : "";
    out.table.body.push_back(std::move(row));
    estimate.push_back(e.value);
    low.push_back(e.low);
    high.push_back(e.high);
    p.push_back(e.p);
    nobs.push_back(fit.nobs);
    outcomes.push_back(fit.depvar);
  }
  std::vector<double> sorted = estimate;
  std::sort(sorted.begin(), sorted.end());
  const double median = (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
  double positive = 0, significant = 0;
  for (std::size_t i = 0; i < estimate.size(); ++i) {
    positive += estimate[i] > 0;
    significant += p[i] < 0.05;
  }
  out.note("median " + estimate_text(median) + ", from " + estimate_text(sorted.front()) + " to " +
           estimate_text(sorted.back()) + "; " + core::shortest(positive) + " of " + std::to_string(fits.size()) +
           " positive, " + core::shortest(significant) + " with p < 0.05");
  out.number("median", median);
  out.number("positive", positive);
  out.number("significant", significant);
  out.lists = {{"estimates", estimate}, {"p", p}};
  out.frames.emplace_back("frame", data::Frame("specifications")
                                       .with("specification", data::Column::texts(labels))
                                       .with("outcome", data::Column::texts(outcomes))
                                       .with("estimate", data::Column::reals(estimate))
                                       .with("low", data::Column::reals(low))
                                       .with("high", data::Column::reals(high))
                                       .with("p", data::Column::reals(p))
                                       .with("n", data::Column::reals(nobs)));
  out.plots.push_back(
      {"curve", [=](const report::PlotText& text) { return curve_plot(term, labels, estimate, low, high, p, text); }});
  return push_analysis(L, a, std::move(out));
}

}  // namespace

void add_mediation_commands(Registry& registry) {
  registry.add(
      {{.name = "mediate",
        .topic = "mediation",
        .summary = "Mediation by three equations on one sample, with Sobel tests and bootstrap intervals",
        .args = {{.name = "formula", .kind = Kind::formula, .doc = "the total equation: y ~ x + controls | fe"}},
        .options = with_common(
            {{.name = "mediator",
              .kind = Kind::expression,
              .doc = "the variable that x works through",
              .default_text = ""},
             {.name = "x", .kind = Kind::text, .doc = "the coefficient of interest", .default_text = "the first"},
             {.name = "reps",
              .kind = Kind::integer,
              .doc = "bootstrap draws; 0: none",
              .default_text = "1000",
              .min = 0},
             {.name = "resample",
              .kind = Kind::expression,
              .doc = "clusters that the bootstrap draws",
              .default_text = "those of the vcov, else rows"},
             seed_option(),
             file_option()}),
        .source = "Baron & Kenny (1986); Sobel (1982); Efron (1987); Imai, Keele & Tingley (2010)",
        .example = "mediate(ser ~ did + lngdp, mediator=lnpatent, fe=\"city + year\", vcov=cluster(city), seed=1)"},
       mediate});
}

void add_heterogeneity_commands(Registry& registry) {
  registry.add({{.name = "heterogeneity",
                 .topic = "heterogeneity",
                 .summary = "One coefficient in several groups, with tests that all are equal",
                 .args = {{.name = "formula", .kind = Kind::formula, .doc = "y ~ x + controls | fe"}},
                 .options = with_common(
                     {{.name = "by",
                       .kind = Kind::expression,
                       .doc = "groups: a column, or an expression such as x > median(x)",
                       .default_text = ""},
                      {.name = "x", .kind = Kind::text, .doc = "the coefficient", .default_text = "the first"},
                      {.name = "reps",
                       .kind = Kind::integer,
                       .doc = "permutations of the groups",
                       .default_text = "0",
                       .min = 0},
                      seed_option(),
                      file_option()}),
                 .source = "Weesie (1999); Cleary (1999), J. of Finance 54(2)",
                 .example = "heterogeneity(ser ~ did + lngdp, by=province, fe=\"city + year\", vcov=cluster(city))"},
                heterogeneity});
  registry.add({{.name = "split_test",
                 .topic = "heterogeneity",
                 .summary = "Is a coefficient the same in the parts that split= made, whatever the estimator?",
                 .args = {{.name = "results", .kind = Kind::list, .doc = "what an estimator with split= returned"}},
                 .options = {{.name = "x", .kind = Kind::text, .doc = "the coefficient", .default_text = "the first"},
                             {.name = "reps",
                              .kind = Kind::integer,
                              .doc = "permutations of the groups",
                              .default_text = "0",
                              .min = 0},
                             seed_option(),
                             file_option()},
                 .source = "Weesie (1999); Cleary (1999), J. of Finance 54(2)",
                 .example = "split_test(did(ser ~ treat*post, fe=\"city + year\", split=province), x=\"did\")"},
                split_test,
                false});
  registry.add(
      {{.name = "moderate",
        .topic = "heterogeneity",
        .summary = "A moderator: simple slopes and Johnson-Neyman bounds",
        .args = {{.name = "formula", .kind = Kind::formula, .doc = "y ~ controls | fe; x, z and x:z are added"}},
        .options = with_common(
            {{.name = "x", .kind = Kind::expression, .doc = "the variable whose slope changes", .default_text = ""},
             {.name = "z", .kind = Kind::expression, .doc = "the moderator", .default_text = ""},
             {.name = "scale",
              .kind = Kind::text,
              .doc = "z less its mean, standardised, or as it is",
              .default_text = "centre",
              .one_of = {"centre", "standardise", "none"}},
             {.name = "at",
              .kind = Kind::numbers,
              .doc = "values of z",
              .default_text = "mean and a standard deviation to each side"},
             file_option()}),
        .source = "Johnson & Neyman (1936); Bauer & Curran (2005)",
        .example = "moderate(ser ~ lnedu, x=did, z=lngdp, fe=\"city + year\", vcov=cluster(city)):plot()"},
       moderate});
  registry.add(
      {{.name = "ame",
        .topic = "estimation",
        .summary = "Average marginal effects after logit and probit",
        .args = {{.name = "m", .kind = Kind::result, .doc = "of logit or probit"},
                 {.name = "variables", .kind = Kind::texts, .doc = "coefficients; all by default", .optional = true}},
        .source = "the mean over the sample of the derivative, or of the difference from 0 to 1; delta method",
        .example = "ame(m)"},
       ame});
  registry.add(
      {{.name = "spec_curve",
        .topic = "heterogeneity",
        .summary = "One coefficient over many specifications: a table and a curve",
        .args =
            {{.name = "results", .kind = Kind::result, .doc = "results that hold the coefficient", .repeated = true}},
        .options = {{.name = "x",
                     .kind = Kind::text,
                     .doc = "the coefficient",
                     .default_text = "the first of the first result"},
                    {.name = "labels", .kind = Kind::texts, .doc = "one a result", .default_text = "1, 2, …"},
                    {.name = "title", .kind = Kind::text, .doc = "above the table", .default_text = ""},
                    file_option()},
        .source = "Simonsohn, Simmons & Nelson (2020), Nature Human Behaviour 4",
        .example = "spec_curve(m1, m2, m3, x=\"did\"):plot(file=\"curve.svg\")"},
       spec_curve});
}

}  // namespace bindings
