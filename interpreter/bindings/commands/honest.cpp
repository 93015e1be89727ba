// honest_did(m): how large a difference in trends an event study survives.
#include "bindings/commands/honest.hpp"
#include "bindings/analysis.hpp"
#include "bindings/measures.hpp"
#include "bindings/open.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/did/honest.hpp"

#include <cmath>

namespace bindings {
namespace {

using core::Kind;
using estimators::Direction;
using estimators::EventPath;
using estimators::HonestDid;
using estimators::HonestOptions;
using estimators::TrendRestriction;

Direction direction_of(const std::string& word) {
  return word == "none" ? Direction::none : word == "positive" ? Direction::positive : Direction::negative;
}

TrendRestriction restriction_of(const std::string& word) {
  if (word == "sd") return TrendRestriction::smoothness;
  return word == "sdrm" ? TrendRestriction::relative_smoothness : TrendRestriction::relative;
}

estimators::Vector weights_of(const EventPath& path, const Arguments& a) {
  const std::vector<double> given = a.numbers("l");
  if (given.empty()) return estimators::effect_weights(path, a.text("effect", "first"));
  if (a.has("effect")) throw core::Error("give effect= or l=, not both").word("l");
  if (given.size() != static_cast<std::size_t>(path.after))
    throw core::Error("l takes one weight for each of the " + std::to_string(path.after) +
                      " effects after the reference period, not " + std::to_string(given.size()))
        .word("l");
  estimators::Vector weights(path.after);
  for (std::size_t i = 0; i < given.size(); ++i) weights[static_cast<estimators::Index>(i)] = given[i];
  if (!weights.allFinite() || weights.cwiseAbs().maxCoeff() == 0)
    throw core::Error("l takes numbers that are not all 0").word("l");
  return weights;
}

std::string effect_name(const EventPath& path, const estimators::Vector& weights) {
  std::vector<std::string> events;
  double share = 0;
  bool equal = true;
  for (estimators::Index t = 0; t < weights.size(); ++t) {
    if (weights[t] == 0) continue;
    events.push_back(core::shortest(path.events[static_cast<std::size_t>(path.before + t)]));
    if (share != 0) equal = equal && std::abs(weights[t] - share) < 1e-12;
    share = weights[t];
  }
  if (events.size() == 1 && share == 1) return "effect at event time " + events.front();
  return std::string(equal && std::abs(share * static_cast<double>(events.size()) - 1) < 1e-12 ? "average effect"
                                                                                               : "weighted effect") +
         ", event times " + events.front() + " to " + events.back();
}

std::string restriction_words(const HonestOptions& options) {
  std::string words;
  switch (options.set.kind) {
    case TrendRestriction::smoothness:
      words = "smoothness, SD(M): the slope of the difference in trends changes by at most M from period to period";
      break;
    case TrendRestriction::relative:
      words =
          "relative magnitudes, RM(M): after treatment trends part by at most M times the largest step before it, from "
          "period to period";
      break;
    case TrendRestriction::relative_smoothness:
      words = "SDRM(M): the slope of the difference in trends changes by at most M times its largest change before";
  }
  const auto sign = [](Direction d, const char* up, const char* down) { return d == Direction::positive ? up : down; };
  if (options.set.bias != Direction::none)
    words += std::string("; the bias is ") + sign(options.set.bias, "not negative", "not positive");
  if (options.set.trend != Direction::none)
    words += std::string("; the difference ") + sign(options.set.trend, "never falls", "never rises");
  return words;
}

report::Figure sensitivity_figure(const HonestDid& honest, const std::string& effect, double level,
                                  const report::PlotText& text) {
  report::Figure figure;
  figure.title = text.title;
  figure.x_label = text.x_label.empty() ? "M" : text.x_label;
  figure.y_label = text.y_label.empty() ? core::shortest(100 * level) + "% interval" : text.y_label;
  figure.note = text.note.empty() ? effect : text.note;
  figure.guides = {{.at = 0, .vertical = false, .dashed = false}};
  report::Series original{.mark = report::Mark::errorbars, .label = "Original", .color = 1},
      robust{.mark = report::Mark::errorbars, .label = "Robust", .color = 0};
  const auto put = [](report::Series& series, double x, const estimators::HonestInterval& one) {
    if (!std::isfinite(one.low) || !std::isfinite(one.high)) return;
    series.x.push_back(x);
    series.y.push_back((one.low + one.high) / 2);
    series.low.push_back(one.low);
    series.high.push_back(one.high);
  };
  put(original, 0, honest.original);
  figure.x_ticks.emplace_back(0, "original");
  for (std::size_t i = 0; i < honest.rows.size(); ++i) {
    const auto x = static_cast<double>(i + 1);
    put(robust, x, honest.rows[i].interval);
    figure.x_ticks.emplace_back(x, core::significant(honest.rows[i].M, 3));
  }
  figure.series = {original, robust};
  figure.x_range = {{-0.6, static_cast<double>(honest.rows.size()) + 0.6}};
  return figure;
}

std::string end_text(double value) {
  if (std::isnan(value)) return "none";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  return estimate_text(value);
}

void note_breakdown(Analysis& out, const HonestDid& honest) {
  if (std::isnan(honest.breakdown)) return;
  if (std::isinf(honest.breakdown))
    out.note("breakdown value: none found; 0 is left out however large M");
  else if (honest.breakdown == 0)
    out.note("breakdown value 0: the interval holds 0 already at M = 0");
  else
    out.note("breakdown value: the interval leaves out 0 up to M = " + core::significant(honest.breakdown, 3));
}

int honest_did(lua_State* L, Arguments& a) {
  std::optional<double> reference;
  if (a.has("ref")) reference = a.number("ref");
  const auto fit = a.result("m");
  const EventPath path = estimators::event_path(*fit, reference);
  HonestOptions options;
  options.set = {restriction_of(a.text("restriction", "rm")), direction_of(a.text("bias", "none")),
                 direction_of(a.text("trend", "none"))};
  options.method = a.text("method", "auto");
  options.M = a.numbers("M");
  options.weights = weights_of(path, a);
  const double level = a.number("level", 0.95);
  options.alpha = 1 - level;
  options.breakdown = a.boolean("breakdown", true);
  options.tests.draws = static_cast<int>(a.integer("draws", 1000));
  options.tests.grid = static_cast<int>(a.integer("grid", 1000));
  options.tests.seed = seed_of(a);
  if (a.has("range")) {
    const std::vector<double> ends = a.numbers("range");
    if (ends.size() != 2 || !(ends[0] < ends[1]))
      throw core::Error("range takes two numbers, the lower first: range={-1, 2}").word("range");
    options.tests.range = estimators::HonestInterval{ends[0], ends[1]};
  }
  const HonestDid honest = estimators::honest_did(path, options);

  const std::string effect = effect_name(path, options.weights);
  Analysis out;
  out.what = "a sensitivity analysis";
  out.table.title = "Sensitivity to differences in trends: " + effect;
  out.table.header.push_back(header_row({"M", "Low", "High", core::shortest(100 * level) + "% interval"}));
  out.table.align = {report::Align::left, report::Align::right, report::Align::right, report::Align::left};
  out.table.body.push_back(
      text_row({"original", end_text(honest.original.low), end_text(honest.original.high), "parallel trends, normal"}));
  const std::string method = honest.fixed_length               ? "fixed length"
                             : options.method == "conditional" ? "conditional"
                                                               : "hybrid (C-LF)";
  std::vector<double> M, low, high;
  bool empty = false;
  std::vector<std::string> gaps;
  for (const HonestDid::Row& row : honest.rows) {
    out.table.body.push_back(
        text_row({core::significant(row.M, 4), end_text(row.interval.low), end_text(row.interval.high), method}));
    out.table.body.back().rule_above = M.empty();
    M.push_back(row.M);
    low.push_back(row.interval.low);
    high.push_back(row.interval.high);
    empty = empty || std::isnan(row.interval.low);
    if (row.interval.gaps) gaps.push_back(core::significant(row.M, 4));
  }
  note_breakdown(out, honest);
  out.note(restriction_words(options));
  out.note(std::to_string(path.before) + " effects before and " + std::to_string(path.after) +
           " after the reference period " + core::shortest(path.reference) + "; " + fit->vcov.label);
  if (honest.simulated)
    out.note("critical values of the first stage from " + core::grouped(options.tests.draws) + " draws, seed " +
             std::to_string(options.tests.seed));
  if (empty) out.note("none: every value is rejected, so the restriction itself is at odds with the estimates");
  if (!gaps.empty())
    out.note("M = " + core::join(gaps, ", ") +
             ": values between the ends are rejected, too; shown are the least and the largest that are not");
  for (const std::string& note : path.notes) out.note(note);
  for (const auto& [name, value] : NamedNumbers{{"breakdown", honest.breakdown},
                                                {"estimate", honest.estimate},
                                                {"se", honest.se},
                                                {"original_low", honest.original.low},
                                                {"original_high", honest.original.high}})
    out.number(name, value);
  out.lists = {{"M", M}, {"low", low}, {"high", high}};
  out.frames.emplace_back("frame", data::Frame("sensitivity")
                                       .with("M", data::Column::reals(M))
                                       .with("low", data::Column::reals(low))
                                       .with("high", data::Column::reals(high)));
  out.plots.push_back(
      {"sensitivity", [=](const report::PlotText& text) { return sensitivity_figure(honest, effect, level, text); }});
  return push_analysis(L, a, std::move(out));
}

}  // namespace

void add_honest_command(Registry& registry) {
  registry.add(
      {{.name = "honest_did",
        .topic = "did",
        .summary = "How large a difference in trends an event study survives (Rambachan and Roth)",
        .args = {{.name = "m", .kind = Kind::result, .doc = "an event study"}},
        .options = {{.name = "restriction",
                     .kind = Kind::text,
                     .doc = "relative magnitudes (rm), smoothness (sd), relative smoothness (sdrm)",
                     .default_text = "rm",
                     .one_of = {"rm", "sd", "sdrm"}},
                    {.name = "M",
                     .kind = Kind::numbers,
                     .doc = "bounds on the difference in trends",
                     .default_text = "rm, sdrm: 0, 0.5, 1, 1.5, 2; sd: up to what the periods before treatment show",
                     .aliases = {"Mbar", "mvec"}},
                    {.name = "effect",
                     .kind = Kind::text,
                     .doc = "first (event time 0), average, or an event time",
                     .default_text = "first"},
                    {.name = "l",
                     .kind = Kind::numbers,
                     .doc = "weights of the effects after the reference period instead",
                     .default_text = ""},
                    {.name = "bias",
                     .kind = Kind::text,
                     .doc = "sign of the difference in trends after treatment",
                     .default_text = "none",
                     .one_of = {"none", "positive", "negative"}},
                    {.name = "trend",
                     .kind = Kind::text,
                     .doc = "positive: the difference never falls; negative: never rises",
                     .default_text = "none",
                     .one_of = {"none", "positive", "negative"}},
                    {.name = "method",
                     .kind = Kind::text,
                     .doc = "fixed-length (flci), conditional, or hybrid (c-lf) intervals",
                     .default_text = "sd without signs: flci; else c-lf",
                     .one_of = {"auto", "flci", "conditional", "c-lf"}},
                    {.name = "breakdown",
                     .kind = Kind::boolean,
                     .doc = "search the largest M that leaves out 0",
                     .default_text = "true"},
                    {.name = "ref",
                     .kind = Kind::number,
                     .doc = "event time to take as zero, for results that have none",
                     .default_text = "the result's"},
                    {.name = "grid",
                     .kind = Kind::integer,
                     .doc = "points of the scan for conditional and hybrid intervals",
                     .default_text = "1000",
                     .min = 10,
                     .max = 1'000'000},
                    {.name = "range",
                     .kind = Kind::numbers,
                     .doc = "its ends: {-1, 2}",
                     .default_text = "20 standard errors around 0 and the estimate, wider where needed"},
                    {.name = "draws",
                     .kind = Kind::integer,
                     .doc = "draws of the hybrid's first critical value",
                     .default_text = "1000",
                     .min = 100,
                     .max = 10'000'000},
                    seed_option(),
                    confidence_option(),
                    file_option()},
        .source = "Rambachan & Roth (2023), Review of Economic Studies 90(5)",
        .example = "honest_did(event_study(ser ~ 1, cohort=cohort), restriction=\"rm\"):plot(file=\"honest.svg\")"},
       honest_did});
}

}  // namespace bindings
