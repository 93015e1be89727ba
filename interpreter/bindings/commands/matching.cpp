// match: treated rows and comparable untreated ones.
#include "bindings/commands/matched_sample.hpp"
#include "bindings/open.hpp"
#include "core/text.hpp"
#include "estimators/glm/binary.hpp"
#include "formula/evaluate.hpp"
#include "inference/tests.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;
using estimators::Estimand;
using estimators::MatchMethod;
using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

Estimand estimand_of(const Arguments& a) {
  const std::string word = a.text("estimand", "att");
  return word == "ate" ? Estimand::ate : word == "atc" ? Estimand::atc : Estimand::att;
}

/// Densities of the score among treated and controls, before and after.
report::Figure support_plot(const Vector& score, const Vector& treat, const Vector& weights,
                            const report::PlotText& text) {
  report::Figure figure;
  figure.title = text.title;
  figure.x_label = text.x_label.empty() ? "Propensity score" : text.x_label;
  figure.y_label = text.y_label.empty() ? "Share of the group" : text.y_label;
  figure.note = text.note;
  constexpr int bins = 20;
  const char* names[] = {"controls", "treated", "controls, matched"};
  for (int g = 0; g < 3; ++g) {
    std::vector<double> share(bins, 0);
    double total = 0;
    for (Index i = 0; i < score.size(); ++i) {
      if (treat[i] != (g == 1 ? 1 : 0)) continue;
      const double w = g == 2 ? weights[i] : 1;
      share[static_cast<std::size_t>(std::clamp(static_cast<int>(score[i] * bins), 0, bins - 1))] += w;
      total += w;
    }
    report::Series line{.mark = report::Mark::line,
                        .label = names[g],
                        .color = g == 1   ? 0
                                 : g == 0 ? 1
                                          : 2,
                        .dashed = g == 2};
    for (int b = 0; b < bins; ++b) {
      line.x.push_back((b + 0.5) / bins);
      line.y.push_back(total > 0 ? share[static_cast<std::size_t>(b)] / total : 0);
    }
    figure.series.push_back(line);
  }
  figure.x_range = {{0, 1}};
  return figure;
}

/// Strata of exact values, or of bins of numeric columns: `cutpoints` bins of equal width, or Sturges' number.
numerics::Codes strata_of(const Arguments& a, const MatchSample& s, bool coarsened, std::vector<std::string>& notes) {
  std::vector<data::Grouping> groupings;
  std::map<std::string, double> bins;
  for (const std::string& text : a.texts("cutpoints")) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) throw core::Error("cutpoints= takes texts like \"age=5\"").word("cutpoints");
    bins[std::string(core::trim(text.substr(0, equals)))] = std::strtod(text.c_str() + equals + 1, nullptr);
  }
  for (const formula::Term& term : s.parts.exogenous) {
    if (term.factors.size() != 1)
      throw core::Error("'" + term.label + "' is an interaction: exact matching takes columns").word(term.label);
    const formula::Tree& factor = term.factors[0];
    const bool prefixed = factor->op == formula::Op::prefix;
    const data::ColumnPtr column = formula::evaluate(prefixed ? factor->children[0] : factor, s.rows.frame);
    const bool numeric = column->is_numeric() && !(prefixed && factor->text == "i");
    if (!coarsened || !numeric) {
      groupings.push_back(data::group(*column, s.use));
      continue;
    }
    double low = INFINITY, high = -INFINITY;
    std::vector<double> distinct;
    for (const std::uint32_t row : s.use) {
      low = std::min(low, column->number(row));
      high = std::max(high, column->number(row));
    }
    const auto given = bins.find(term.label);
    const double count =
        given != bins.end() ? given->second : std::ceil(std::log2(static_cast<double>(s.use.size())) + 1);
    if (given != bins.end()) bins.erase(given);
    if (!(count >= 1))
      throw core::Error("cutpoints of '" + term.label + "' are not a number of bins").word("cutpoints");
    std::vector<double> codes;
    for (const std::uint32_t row : s.use) {
      const double position = high > low ? (column->number(row) - low) / (high - low) * count : 0;
      codes.push_back(std::clamp(std::floor(position + 1e-12 * count), 0.0, count - 1));
    }
    groupings.push_back(data::group(*data::Column::reals(std::move(codes))));
    notes.push_back(term.label + " in " + core::shortest(count) + " bins of equal width");
  }
  if (!bins.empty())
    throw core::Error("cutpoints name '" + bins.begin()->first + "', which is no numeric covariate").word("cutpoints");
  data::Grouping all = groupings.at(0);
  for (std::size_t j = 1; j < groupings.size(); ++j) all = data::combine(all, groupings[j]);
  return all.codes;
}

/// What the call asks for.
struct MatchCall {
  std::string method, order;
  bool strata = false;  ///< exact, cem, subclass
  bool scored = false;  ///< a propensity score is estimated
  bool linear = false;  ///< distances between its index, not between probabilities
  estimators::Link link = estimators::Link::logit;
  estimators::MatchRules rules;
  bool nearest() const { return !strata && rules.method == MatchMethod::nearest; }
};

/// An option that the method has no use for is an error, not silence.
void refuse_unused(const Arguments& a, const MatchCall& c) {
  const bool by_rows = !c.strata, nearest = c.nearest();
  const bool kernel = by_rows && c.rules.method == MatchMethod::kernel;
  const std::vector<std::pair<const char*, bool>> used = {
      {"distance", by_rows && c.method != "mahalanobis"},
      {"link", c.scored},
      {"linear", c.scored},
      {"common", c.scored},
      {"k", nearest},
      {"replace", nearest || a.has("name")},
      {"ties", nearest},
      {"order", nearest},
      {"caliper", by_rows && !kernel},
      {"caliper_unit", a.has("caliper")},
      {"kernel", kernel},
      {"bandwidth", kernel},
      {"subclasses", c.method == "subclass"},
      {"cutpoints", c.method == "cem"},
      {"nn", a.has("y")},
      {"adjust", a.has("y")},
  };
  for (const auto& [name, useful] : used) {
    if (useful || !a.has(name)) continue;
    const std::string option = name;
    if (option == "caliper_unit") throw core::Error("caliper_unit= goes with caliper=").word(option);
    if (option == "nn" || option == "adjust")
      throw core::Error(option + "= is for the standard error of an effect: give y=").word(option);
    throw core::Error(option + "= means nothing for method=\"" + c.method + "\"" +
                      (by_rows && !c.scored ? " on these distances" : ""))
        .word(option);
  }
}

MatchCall read_call(const Arguments& a) {
  MatchCall c;
  c.method = a.text("method", "nearest");
  c.order = a.text("order", "largest");
  c.strata = c.method == "exact" || c.method == "cem" || c.method == "subclass";
  c.scored = c.method == "subclass" ||
             (!c.strata && a.text("distance", c.method == "mahalanobis" ? c.method : "score") != "mahalanobis");
  c.linear = a.boolean("linear");
  if (a.text("link", "logit") == "probit") c.link = estimators::Link::probit;
  c.rules.estimand = estimand_of(a);
  c.rules.k = static_cast<int>(a.integer("k", 1));
  c.rules.replace = a.boolean("replace", c.rules.estimand == Estimand::ate);
  c.rules.all_ties = a.boolean("ties");
  c.rules.seed = seed_of(a);
  c.rules.order = c.order == "smallest" ? estimators::MatchOrder::smallest
                  : c.order == "data"   ? estimators::MatchOrder::data
                  : c.order == "random" ? estimators::MatchOrder::random
                                        : estimators::MatchOrder::largest;
  c.rules.kernel = a.text("kernel", "epanechnikov");
  c.rules.bandwidth = a.number("bandwidth", 0.06);
  c.rules.method = c.method == "kernel"   ? MatchMethod::kernel
                   : c.method == "radius" ? MatchMethod::radius
                                          : MatchMethod::nearest;
  refuse_unused(a, c);
  return c;
}

struct Score {
  std::optional<estimators::Binary> model;
  Matrix Z;             ///< regressors with the constant
  Vector value, index;  ///< empty when distances are not of scores
  const Vector& distance(const MatchCall& c) const { return c.linear ? index : value; }
};

Score score_of(const MatchSample& s, const MatchCall& c) {
  Score score;
  score.Z = s.design.X;
  if (!c.scored) return score;
  score.model = estimators::fit_binary(s.treat, score.Z, {}, {.link = c.link});
  if (!score.model->separated.empty())
    throw core::Error("the propensity score predicts " +
                      core::counted(static_cast<long long>(score.model->separated.size()), "row") +
                      " perfectly: treated and untreated rows do not overlap")
        .hint("drop covariates from the score, or match by method=\"cem\"");
  score.value = score.model->fitted;
  score.index = score.model->index;
  return score;
}

/// Leaves out rows whose score the other group does not reach; gives their number.
Index keep_support(MatchSample& s, Score& score, std::vector<std::string>& notes) {
  double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
  for (Index i = 0; i < score.value.size(); ++i) {
    const int group = s.treat[i] == 1;
    low[group] = std::min(low[group], score.value[i]);
    high[group] = std::max(high[group], score.value[i]);
  }
  const double from = std::max(low[0], low[1]), to = std::min(high[0], high[1]);
  std::vector<Index> keep;
  std::vector<std::uint32_t> use;
  for (Index i = 0; i < score.value.size(); ++i) {
    if (score.value[i] < from || score.value[i] > to) continue;
    keep.push_back(i);
    use.push_back(s.use[static_cast<std::size_t>(i)]);
  }
  const Index off = score.value.size() - static_cast<Index>(keep.size());
  notes.push_back(core::counted(off, "row") + " off common support [" + core::significant(from, 4) + ", " +
                  core::significant(to, 4) + "] left out");
  if (off == 0) return 0;
  s.use = std::move(use);
  s.treat = Vector(s.treat(keep));
  s.X = Matrix(s.X(keep, Eigen::all));
  if (s.has_y()) s.y = Vector(s.y(keep));
  score.Z = Matrix(score.Z(keep, Eigen::all));
  score.value = Vector(score.value(keep));
  score.index = Vector(score.index(keep));
  return off;
}

double sd_of(const Vector& x) {
  return std::sqrt((x.array() - x.mean()).square().sum() / static_cast<double>(x.size() - 1));
}

/// The caliper in units of the distance. `all`: distances of every row, before common support.
double caliper_of(const Arguments& a, const MatchCall& c, const Vector& all) {
  if (c.method == "radius" && !(a.number("caliper", 0) > 0))
    throw core::Error("radius matching needs a caliper")
        .hint("match(…, method=\"radius\", caliper=0.1)")
        .word("caliper");
  if (!a.has("caliper")) return c.rules.caliper;
  const std::string unit = a.text("caliper_unit", "sd");
  if (!c.scored && unit == "sd")
    throw core::Error("a caliper on Mahalanobis distances is in their own units")
        .hint("caliper_unit=\"raw\"")
        .word("caliper");
  return a.number("caliper") * (unit == "sd" ? sd_of(all) : 1);
}

estimators::Matched matched(const Arguments& a, const MatchCall& c, const MatchSample& s, const Score& score,
                            const Matrix& points, std::vector<std::string>& notes) {
  estimators::Matched m;
  if (c.method == "subclass")
    m = estimators::match_strata(
        s.treat,
        estimators::score_classes(s.treat, score.distance(c), static_cast<int>(a.integer("subclasses", 6)),
                                  c.rules.estimand),
        c.rules.estimand);
  else if (c.strata)
    m = estimators::match_strata(s.treat, strata_of(a, s, c.method == "cem", notes), c.rules.estimand);
  else
    m = estimators::match_rows(s.treat, points, c.rules);
  if (m.treated == 0 || m.controls == 0)
    throw core::Error("no treated row found a match").hint("widen the caliper, or coarsen the covariates");
  return m;
}

void add_counts(Analysis& out, const MatchCall& c, const MatchSample& s, const estimators::Matched& m) {
  const double n1 = s.treat.sum(), n0 = static_cast<double>(s.treat.size()) - n1;
  report::Row counts = text_row({"Rows", core::shortest(n1), core::shortest(n0), "", core::grouped(m.treated),
                                 core::grouped(m.controls), "", ""});
  counts.rule_above = true;
  out.table.body.push_back(std::move(counts));
  const bool of_controls = c.rules.estimand == Estimand::atc;
  const double lost = of_controls ? n0 - static_cast<double>(m.controls) : n1 - static_cast<double>(m.treated);
  const double effective = estimators::effective_size(m.weights, s.treat, 0);
  out.number("treated", static_cast<double>(m.treated));
  out.number("controls", static_cast<double>(m.controls));
  out.number("unmatched", lost);
  out.number("ess_control", effective);
  out.number("ess_treated", estimators::effective_size(m.weights, s.treat, 1));
  out.note("effective controls " + core::fixed(effective, 1) + "; " + core::shortest(lost) +
           (of_controls ? " untreated" : " treated") + " rows without a match");
  if (c.rules.caliper > 0) out.note("caliper " + core::significant(c.rules.caliper, 4) + " in units of the distance");
  if (c.nearest())
    out.note(std::string(c.rules.replace ? "with" : "without") + " replacement, " + std::to_string(c.rules.k) +
             " to 1" + (c.rules.replace ? "" : ", " + c.order + " score first"));
  if (!c.strata && c.rules.method == MatchMethod::kernel)
    out.note(c.rules.kernel + " kernel, bandwidth " + core::shortest(c.rules.bandwidth));
  if (c.rules.order == estimators::MatchOrder::random) out.note("seed " + std::to_string(c.rules.seed));
}

/// Takes what the estimated score changes into the standard error.
void adjust_for_score(estimators::MatchEffect& effect, const MatchCall& c, const MatchSample& s, const Score& score,
                      std::vector<std::string>& notes) {
  if (!c.scored || !c.nearest() || !c.rules.replace || c.rules.estimand == Estimand::atc)
    throw core::Error(
        "the correction for an estimated score is for nearest neighbours with replacement on a propensity score")
        .word("adjust");
  Vector density(score.value.size());
  for (Index i = 0; i < density.size(); ++i) density[i] = estimators::link_density(score.index[i], c.link);
  const double change =
      estimators::score_adjustment(s.treat, s.y, Matrix(score.Z(Eigen::all, score.model->kept)), score.value, density,
                                   score.model->expected_bread, effect.estimate, c.rules.estimand);
  const double variance = effect.se * effect.se + change;
  if (variance > 0) {
    effect.se = std::sqrt(variance);
    effect.how += ", corrected for the estimated score (2016)";
  } else {
    notes.emplace_back("the correction for the estimated score leaves no positive variance, and is left out");
  }
}

void add_effect(Analysis& out, const MatchCall& c, const MatchSample& s, const estimators::MatchEffect& effect,
                double nobs) {
  const char* estimand = c.rules.estimand == Estimand::att ? "ATT" : c.rules.estimand == Estimand::ate ? "ATE" : "ATC";
  report::Row row = text_row({estimand + (" on " + s.y_name), estimate_text(effect.estimate),
                              "(" + estimate_text(effect.se) + ")", "", "", "", "", ""});
  row.rule_above = true;
  out.table.body.push_back(std::move(row));
  out.note("standard error: " + effect.how);
  const double z = effect.estimate / effect.se;
  out.number("estimate", effect.estimate);
  out.number("se", effect.se);
  out.number("z", z);
  out.number("p", inference::t_two_sided(z, std::numeric_limits<double>::infinity()));
  results::Fit fit;
  fit.command = "match";
  fit.title = out.table.title;
  fit.depvar = s.y_name;
  fit.names = {s.treat_name};
  fit.coef = Vector::Constant(1, effect.estimate);
  fit.vcov.matrix = Matrix::Constant(1, 1, effect.se * effect.se);
  fit.vcov.df_t = std::numeric_limits<double>::infinity();
  fit.vcov.label = effect.how;
  fit.nobs = nobs;
  fit.rank = 1;
  out.results.emplace_back("result", std::make_shared<const results::Fit>(std::move(fit)));
}

/// Who with whom, by row of the frame.
data::Frame pairs_of(const MatchSample& s, const estimators::Matched& m) {
  std::vector<double> row, partner, share;
  for (std::size_t i = 0; i < m.partners.size(); ++i)
    for (const auto& [j, part] : m.partners[i]) {
      row.push_back(s.rows.origin[s.use[i]] + 1.0);
      partner.push_back(s.rows.origin[s.use[static_cast<std::size_t>(j)]] + 1.0);
      share.push_back(part);
    }
  return data::Frame("pairs")
      .with("row", data::Column::reals(row))
      .with("partner", data::Column::reals(partner))
      .with("share", data::Column::reals(share));
}

int match(lua_State* L, Arguments& a) {
  MatchCall c = read_call(a);
  MatchSample s = match_sample(a, a.tree("formula"), a.tree("y"), "match");
  std::vector<std::string> notes = s.notes;
  Score score = score_of(s, c);
  if (!c.strata) c.rules.caliper = caliper_of(a, c, score.distance(c));
  const Index off_support = a.boolean("common") ? keep_support(s, score, notes) : 0;
  Matrix points;
  if (!c.strata) points = c.scored ? Matrix(score.distance(c)) : estimators::mahalanobis_points(s.treat, s.X);
  const estimators::Matched m = matched(a, c, s, score, points, notes);

  Analysis out;
  out.what = "a match";
  out.table.title = "Matching (" + c.method;
  if (c.scored && !c.strata)
    out.table.title += std::string(", propensity score by ") + (c.link == estimators::Link::logit ? "logit" : "probit");
  out.table.title += "): " + s.treat_name;
  const BalanceRows balance = balance_rows(s, m.weights, score.distance(c), c.rules.estimand);
  add_balance(out, balance);
  add_counts(out, c, s, m);
  out.number("off_support", static_cast<double>(off_support));
  if (s.has_y()) {
    estimators::MatchEffect effect =
        estimators::match_effect(s.treat, s.y, points, m, c.rules, static_cast<int>(a.integer("nn", 1)));
    if (a.boolean("adjust")) adjust_for_score(effect, c, s, score, notes);
    add_effect(out, c, s, effect, static_cast<double>(m.treated + m.controls));
  }
  for (const std::string& note : notes) out.note(note);
  store_match_columns(a, s, m.weights, score.value);
  out.frames.emplace_back("frame", matched_frame(s, m.weights, score.value));
  if (!m.partners.empty()) out.frames.emplace_back("pairs", pairs_of(s, m));
  out.lists.emplace_back("weights", std::vector<double>(m.weights.data(), m.weights.data() + m.weights.size()));
  out.plots.push_back({"love", [balance](const report::PlotText& text) { return love_plot(balance, text); }});
  if (c.scored) {
    out.lists.emplace_back("pscore", std::vector<double>(score.value.data(), score.value.data() + score.value.size()));
    out.plots.push_back({"support", [score = score.value, treat = s.treat, w = m.weights](
                                        const report::PlotText& text) { return support_plot(score, treat, w, text); }});
  }
  return push_analysis(L, a, std::move(out));
}

}  // namespace

void add_matching_commands(Registry& registry) {
  const core::Record record{
      .name = "match",
      .topic = "matching",
      .summary = "Matching on a propensity score, on distances or in strata, with balance and the effect",
      .args = {{.name = "formula", .kind = Kind::formula, .doc = "treat ~ x1 + x2"}},
      .options =
          {match_outcome_option(),
           {.name = "method",
            .kind = Kind::text,
            .doc = "how rows are matched",
            .default_text = "nearest",
            .one_of = {"nearest", "kernel", "radius", "mahalanobis", "cem", "subclass", "exact"}},
           {.name = "distance",
            .kind = Kind::text,
            .doc = "what nearest means",
            .default_text = "score",
            .one_of = {"score", "mahalanobis"}},
           score_link_option(),
           {.name = "linear",
            .kind = Kind::boolean,
            .doc = "distances of the index x'b instead of the probability",
            .default_text = "false"},
           {.name = "k", .kind = Kind::integer, .doc = "neighbours", .default_text = "1", .min = 1},
           {.name = "replace",
            .kind = Kind::boolean,
            .doc = "rows may be used again",
            .default_text = "false; true for ate"},
           {.name = "ties",
            .kind = Kind::boolean,
            .doc = "with replacement, all rows at the k-th distance share the match",
            .default_text = "false"},
           {.name = "order",
            .kind = Kind::text,
            .doc = "without replacement, who chooses first, by score",
            .default_text = "largest",
            .one_of = {"largest", "smallest", "data", "random"}},
           {.name = "caliper", .kind = Kind::number, .doc = "largest distance", .default_text = "", .min = 0},
           {.name = "caliper_unit",
            .kind = Kind::text,
            .doc = "standard deviations of the distance, or its own units",
            .default_text = "sd",
            .one_of = {"sd", "raw"}},
           {.name = "kernel",
            .kind = Kind::text,
            .doc = "weight by distance",
            .default_text = "epanechnikov",
            .one_of = {"epanechnikov", "normal", "biweight", "tricube", "uniform"}},
           {.name = "bandwidth", .kind = Kind::number, .doc = "of the kernel", .default_text = "0.06", .min = 1e-9},
           {.name = "subclasses", .kind = Kind::integer, .doc = "classes of the score", .default_text = "6", .min = 2},
           {.name = "cutpoints",
            .kind = Kind::texts,
            .doc = "bins of covariates for cem: {\"age=5\", \"educ=4\"}",
            .default_text = "Sturges' number"},
           {.name = "common",
            .kind = Kind::boolean,
            .doc = "only rows on common support: between the larger minimum and the smaller maximum of the score",
            .default_text = "false"},
           {.name = "estimand",
            .kind = Kind::text,
            .doc = "the effect on the treated, on all, on the controls",
            .default_text = "att",
            .one_of = {"att", "ate", "atc"}},
           {.name = "nn",
            .kind = Kind::integer,
            .doc = "neighbours of one's own group for the conditional variance",
            .default_text = "1",
            .min = 1},
           {.name = "adjust",
            .kind = Kind::boolean,
            .doc = "correct the standard error for the estimated score (Abadie and Imbens 2016)",
            .default_text = "false"},
           name_option("also make columns of weights, and NAME_ps of scores"),
           seed_option(),
           file_option()},
      .source = "Rosenbaum & Rubin (1983); Abadie & Imbens (2006, 2016); Iacus, King & Porro (2012)",
      .example = "match(treat ~ lngdp + lnedu, y=ser, k=1, replace=true)"};
  registry.add({record, match});
}

}  // namespace bindings
