// oster, sensitivity: what an omitted variable would have to be like.
#include "estimators/inference/sensitivity.hpp"
#include "bindings/analysis.hpp"
#include "bindings/measures.hpp"
#include "bindings/open.hpp"
#include "core/text.hpp"

#include <cmath>

namespace bindings {
namespace {

using core::Kind;

const core::ArgSpec analysed_result{
    .name = "m", .kind = Kind::result, .doc = "a least-squares result with all controls"};
const core::ArgSpec term_argument{.name = "term", .kind = Kind::text, .doc = "the coefficient of interest"};

int oster(lua_State* L, Arguments& a) {
  estimators::OsterOptions options;
  options.r2_max = a.number("rmax", 0);
  options.target = a.number("beta", 0);
  options.delta = a.number("delta", 1);
  options.keep = a.texts("keep");
  options.keep_fe = a.boolean("keep_fe");
  const estimators::Oster o = estimators::oster(*a.result("m"), a.text("term"), options);
  Analysis out;
  out.what = "an Oster test";
  out.table.title = "Oster: selection on unobservables, " + o.term;
  out.table.header.push_back(header_row({"", "Coefficient", "R²"}));
  out.table.body.push_back(text_row({"Without controls", estimate_text(o.short_coef), core::fixed(o.short_r2, 4)}));
  out.table.body.push_back(text_row({"With controls", estimate_text(o.coef), core::fixed(o.r2, 4)}));
  report::Row bias =
      text_row({"Bias-adjusted, delta = " + core::shortest(o.at), estimate_text(o.beta), core::fixed(o.r2_max, 4)});
  bias.rule_above = true;
  out.table.body.push_back(std::move(bias));
  out.table.body.push_back(
      text_row({"delta for beta = " + core::shortest(o.target), estimate_text(o.delta), core::fixed(o.r2_max, 4)}));
  out.note("Rmax = " + core::significant(o.r2_max, 4) +
           (a.has("rmax") ? "" : ", 1.3 times the R² with controls, at most 1"));
  if (!o.kept.empty()) out.note("in both regressions, taken out of everything first: " + core::join(o.kept, ", "));
  if (!o.others.empty()) {
    std::vector<std::string> texts;
    for (const double root : o.others) texts.push_back(estimate_text(root));
    out.note("further solutions for the adjusted coefficient: " + core::join(texts, ", "));
  }
  out.note("delta is how much more unobservables would have to select than the controls do; Oster reads 1 as a bound");
  for (const auto& [name, value] : NamedNumbers{{"delta", o.delta},
                                                {"beta", o.beta},
                                                {"short_coef", o.short_coef},
                                                {"short_r2", o.short_r2},
                                                {"coef", o.coef},
                                                {"r2", o.r2},
                                                {"rmax", o.r2_max},
                                                {"tau", o.tau},
                                                {"var_x", o.var_x},
                                                {"var_y", o.var_y}})
    out.number(name, value);
  out.lists.emplace_back("others", o.others);
  return push_analysis(L, a, std::move(out));
}

/// Partial R² with the outcome that gives the adjusted estimate `level`, for one with the treatment.
double outcome_r2(const estimators::Sensitivity& s, double level, double r2_treatment) {
  const double bias = (std::abs(s.estimate) - std::copysign(1.0, s.estimate) * level) / (s.se * std::sqrt(s.df));
  return bias * bias * (1 - r2_treatment) / r2_treatment;
}

report::Figure contour(const estimators::Sensitivity& s, const report::PlotText& text) {
  double top = 0.4;
  for (const estimators::Bound& b : s.bounds) top = std::max({top, 1.25 * b.r2_treatment, 1.25 * b.r2_outcome});
  top = std::min(top, 1.0);
  report::Figure figure;
  figure.title = text.title;
  figure.x_label = text.x_label.empty() ? "Partial R² of the confounder with the treatment" : text.x_label;
  figure.y_label = text.y_label.empty() ? "Partial R² of the confounder with the outcome" : text.y_label;
  figure.note = text.note.empty()
                    ? "Lines: 75, 50, 25, 0 and -50% of the estimate of " + s.term + " are left after such a confounder"
                    : text.note;
  figure.x_range = figure.y_range = {{0, top}};
  int color = 0;
  for (const double share : {0.75, 0.5, 0.25, 0.0, -0.5}) {
    const double level = share * s.estimate;
    report::Series line{.mark = report::Mark::line,
                        .label = share == 0 || share == 0.5 ? core::significant(level, 3) : "",
                        .color = share == 0 ? 1 : color % 8,
                        .dashed = share != 0};
    if (share != 0) color += color == 0 ? 2 : 1;
    for (int i = 1; i <= 400; ++i) {
      const double r = top * i / 400;
      const double y = r < 1 ? outcome_r2(s, level, r) : 0;
      if (!(y <= top)) continue;
      line.x.push_back(r);
      line.y.push_back(y);
    }
    if (!line.x.empty()) figure.series.push_back(std::move(line));
  }
  if (!s.bounds.empty()) {
    report::Series points{.mark = report::Mark::points, .label = "benchmarks", .color = 0, .size = 1.3};
    for (const estimators::Bound& b : s.bounds) {
      points.x.push_back(b.r2_treatment);
      points.y.push_back(b.r2_outcome);
    }
    figure.series.push_back(std::move(points));
  }
  return figure;
}

int sensitivity(lua_State* L, Arguments& a) {
  std::vector<double> kd = a.numbers("kd");
  if (kd.empty()) kd = {1, 2, 3};
  const estimators::Sensitivity s = estimators::sensitivity(*a.result("m"), a.text("term"), a.texts("benchmark"), kd,
                                                            a.numbers("ky"), a.number("q", 1), a.number("alpha", 0.05));
  Analysis out;
  out.what = "a sensitivity analysis";
  out.table.title = "Sensitivity to omitted variables: " + s.term;
  out.table.header.push_back(
      header_row({"", "Estimate", "Std. error", "t", "Partial R², treatment", "Partial R², outcome"}));
  out.table.body.push_back(text_row({"As estimated", estimate_text(s.estimate), estimate_text(s.se),
                                     core::fixed(s.t, 2), "", core::fixed(s.partial_r2, 4)}));
  NamedNumbers r2d, r2y, estimates;
  for (const estimators::Bound& b : s.bounds) {
    const std::string label =
        core::shortest(b.kd) + (b.ky != b.kd ? "/" + core::shortest(b.ky) : "") + "x " + b.benchmark;
    out.table.body.push_back(text_row({label, estimate_text(b.estimate), estimate_text(b.se), core::fixed(b.t, 2),
                                       core::fixed(b.r2_treatment, 4), core::fixed(b.r2_outcome, 4)}));
    r2d.emplace_back(label, b.r2_treatment);
    r2y.emplace_back(label, b.r2_outcome);
    estimates.emplace_back(label, b.estimate);
  }
  out.note("robustness value, q = " + core::shortest(s.q) + ": " + core::fixed(s.rv, 4) +
           "; for p = " + core::shortest(s.alpha) + ": " + core::fixed(s.rv_alpha, 4));
  out.note(
      "a confounder that explains less than that share of what is left of treatment and outcome cannot take away " +
      (s.q == 1 ? std::string("the whole estimate") : core::shortest(100 * s.q) + "% of the estimate"));
  if (!s.bounds.empty()) out.note("rows kx z: after a confounder k times as strong as z beside the other terms");
  out.note("standard errors of homoskedastic errors, " + core::shortest(s.df) + " degrees of freedom");
  for (const auto& [name, value] : NamedNumbers{{"estimate", s.estimate},
                                                {"se", s.se},
                                                {"t", s.t},
                                                {"df", s.df},
                                                {"partial_r2", s.partial_r2},
                                                {"rv", s.rv},
                                                {"rv_alpha", s.rv_alpha}})
    out.number(name, value);
  out.groups = {{"r2_treatment", r2d}, {"r2_outcome", r2y}, {"adjusted", estimates}};
  out.plots.push_back({"contour", [s](const report::PlotText& text) { return contour(s, text); }});
  return push_analysis(L, a, std::move(out));
}

}  // namespace

void add_sensitivity_commands(Registry& registry) {
  registry.add(
      {{.name = "oster",
        .topic = "inference",
        .summary = "Coefficient stability: Oster's delta and bias-adjusted coefficient",
        .args = {analysed_result, term_argument},
        .options = {{.name = "rmax",
                     .kind = Kind::number,
                     .doc = "R² with the unobservables too",
                     .default_text = "1.3 times that of the result, at most 1",
                     .min = 0,
                     .max = 1},
                    {.name = "beta",
                     .kind = Kind::number,
                     .doc = "the coefficient that delta would give",
                     .default_text = "0"},
                    {.name = "delta",
                     .kind = Kind::number,
                     .doc = "proportional selection for the adjusted coefficient",
                     .default_text = "1"},
                    {.name = "keep", .kind = Kind::texts, .doc = "terms in both regressions", .default_text = ""},
                    {.name = "keep_fe",
                     .kind = Kind::boolean,
                     .doc = "fixed effects in both regressions",
                     .default_text = "false"},
                    file_option()},
        .source = "Oster (2019), Journal of Business & Economic Statistics 37(2)",
        .example = "oster(m, \"did\", rmax=0.9)"},
       oster});
  registry.add(
      {{.name = "sensitivity",
        .topic = "inference",
        .summary = "Robustness values and bounds by benchmark covariates (Cinelli and Hazlett)",
        .args = {analysed_result, term_argument},
        .options =
            {{.name = "benchmark",
              .kind = Kind::texts,
              .doc = "covariates to compare a confounder with",
              .default_text = ""},
             {.name = "kd",
              .kind = Kind::numbers,
              .doc = "times as strong for the treatment",
              .default_text = "1, 2, 3"},
             {.name = "ky", .kind = Kind::numbers, .doc = "times as strong for the outcome", .default_text = "kd"},
             {.name = "q",
              .kind = Kind::number,
              .doc = "share of the estimate to be taken away",
              .default_text = "1",
              .min = 0},
             {.name = "alpha",
              .kind = Kind::number,
              .doc = "level of the test",
              .default_text = "0.05",
              .min = 1e-6,
              .max = 0.5},
             file_option()},
        .source = "Cinelli & Hazlett (2020), Journal of the Royal Statistical Society B 82(1)",
        .example = "sensitivity(m, \"did\", benchmark=\"lngdp\"):plot(file=\"contour.svg\")"},
       sensitivity});
}

}  // namespace bindings
