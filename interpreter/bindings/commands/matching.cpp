// match, ebalance, teffects: treated and comparable untreated rows.
#include "estimators/matching/matching.hpp"
#include "bindings/analysis.hpp"
#include "bindings/measures.hpp"
#include "bindings/open.hpp"
#include "core/text.hpp"
#include "estimators/glm/binary.hpp"
#include "estimators/inference/clusters.hpp"
#include "estimators/matching/weighting.hpp"
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
using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

/// Treatment, covariates and outcome over the complete rows in use.
struct Sample {
  MeasureRows rows;
  formula::Design design;  ///< y: the treatment; X with _cons last
  formula::Parts parts;
  std::vector<std::uint32_t> use;  ///< rows of `rows.frame`
  Vector treat, y;
  Matrix X;  ///< without the constant
  std::vector<std::string> names;
  std::string treat_name, y_name;
  std::vector<std::string> notes;
  bool has_y() const { return y.size() > 0; }
};

Sample sample_of(const Arguments& a, const formula::Tree& formula, const formula::Tree& outcome,
                 const std::string& command) {
  Sample s;
  s.rows = measure_rows(a);
  s.parts = formula::split(formula);
  if (s.parts.lhs.size() != 1 || !s.parts.fe.empty() || !s.parts.endogenous.empty())
    throw core::Error(command + " takes treat ~ x1 + x2").hint("fixed effects go in as factors: i.city");
  formula::DesignOptions options;
  if (outcome) options.complete = {outcome};
  s.design = formula::design(s.parts, s.rows.frame, options);
  s.use = s.design.rows;
  s.treat = s.design.y;
  s.treat_name = s.design.y_name;
  for (const double value : s.treat)
    if (value != 0 && value != 1)
      throw core::Error("the treatment '" + s.treat_name + "' is not 0 or 1: it holds " + core::shortest(value))
          .word(s.treat_name);
  if (s.treat.sum() == 0 || s.treat.sum() == static_cast<double>(s.treat.size()))
    throw core::Error("'" + s.treat_name + "' is the same for every row: there is nobody to compare")
        .word(s.treat_name);
  const Index k = s.design.X.cols() - (s.design.constant ? 1 : 0);
  s.X = s.design.X.leftCols(k);
  s.names.assign(s.design.names.begin(), s.design.names.begin() + static_cast<std::ptrdiff_t>(k));
  for (const formula::Dropped& dropped : s.design.dropped)
    if (dropped.rows > 0)
      s.notes.push_back(core::counted(static_cast<long long>(dropped.rows), "row") + " dropped: " + dropped.reason);
  if (outcome) {
    s.y_name = formula::print(outcome);
    const std::vector<double> all = formula::evaluate_numbers(outcome, s.rows.frame);
    s.y.resize(s.treat.size());
    for (std::size_t i = 0; i < s.use.size(); ++i) s.y[static_cast<Index>(i)] = all[s.use[i]];
  }
  return s;
}

Estimand estimand_of(const Arguments& a) {
  const std::string word = a.text("estimand", "att");
  return word == "ate" ? Estimand::ate : word == "atc" ? Estimand::atc : Estimand::att;
}

OptionSpec estimand_option(bool atc) {
  OptionSpec option{.name = "estimand",
                    .kind = Kind::text,
                    .doc = "the effect on the treated, on all",
                    .default_text = "att",
                    .one_of = {"att", "ate"}};
  if (atc) option.one_of.push_back("atc");
  return option;
}

/// Rows of the frame that are in the matched sample, with what matching says of them.
data::Frame matched_frame(const Sample& s, const Vector& weights, const Vector& score) {
  std::vector<std::uint32_t> rows;
  std::vector<double> w, p;
  for (std::size_t i = 0; i < s.use.size(); ++i) {
    if (!(weights[static_cast<Index>(i)] > 0)) continue;
    rows.push_back(s.use[i]);
    w.push_back(weights[static_cast<Index>(i)]);
    if (score.size() > 0) p.push_back(score[static_cast<Index>(i)]);
  }
  data::Frame frame = s.rows.frame.take(rows).with("_weight", data::Column::reals(std::move(w)));
  return score.size() > 0 ? frame.with("_pscore", data::Column::reals(std::move(p))) : frame;
}

/// The columns that name= asks for, in the whole frame.
void store_columns(const Arguments& a, const Sample& s, const Vector& weights, const Vector& score) {
  if (!a.has("name")) return;
  NewColumns columns(a, s.rows);
  const auto full = [&](const Vector& x) {
    std::vector<double> out(s.rows.frame.rows(), std::nan(""));
    for (std::size_t i = 0; i < s.use.size(); ++i) out[s.use[i]] = x[static_cast<Index>(i)];
    return out;
  };
  const std::string name = a.text("name");
  columns.claim(name);
  if (score.size() > 0) columns.claim(name + "_ps");
  columns.add(name, full(weights), "Weight of the match");
  if (score.size() > 0) columns.add(name + "_ps", full(score), "Propensity score");
  columns.store();
}

struct BalanceRows {
  std::vector<std::string> names;
  std::vector<estimators::Balance> before, after;
};

BalanceRows balance_rows(const Sample& s, const Vector& weights, const Vector& distance, Estimand estimand) {
  BalanceRows out;
  const auto add = [&](const std::string& name, const Vector& x) {
    out.names.push_back(name);
    out.before.push_back(estimators::balance_of(x, s.treat, {}, estimand));
    out.after.push_back(estimators::balance_of(x, s.treat, weights, estimand));
  };
  if (distance.size() > 0) add("distance", distance);
  for (Index j = 0; j < s.X.cols(); ++j) add(s.names[static_cast<std::size_t>(j)], s.X.col(j));
  return out;
}

void add_balance(Analysis& out, const BalanceRows& rows) {
  out.table.header.push_back(header_row({"Balance", "Treated", "Control", "Std. diff.", "Treated, matched",
                                         "Control, matched", "Std. diff.", "Var. ratio"}));
  const auto number = [](double x) { return std::isnan(x) ? std::string("") : core::fixed(x, 3); };
  for (std::size_t j = 0; j < rows.names.size(); ++j) {
    const estimators::Balance &b = rows.before[j], &m = rows.after[j];
    out.table.body.push_back(text_row({rows.names[j], estimate_text(b.mean_treated), estimate_text(b.mean_control),
                                       number(b.difference), estimate_text(m.mean_treated),
                                       estimate_text(m.mean_control), number(m.difference), number(m.variance_ratio)}));
    const auto fields = [](const estimators::Balance& x) {
      return NamedNumbers{{"mean_treated", x.mean_treated}, {"mean_control", x.mean_control},
                          {"difference", x.difference},     {"variance_ratio", x.variance_ratio},
                          {"ecdf_mean", x.ecdf_mean},       {"ecdf_max", x.ks}};
    };
    NamedNumbers both;
    for (const auto& [key, value] : fields(b)) both.emplace_back("before_" + key, value);
    for (const auto& [key, value] : fields(m)) both.emplace_back(key, value);
    out.groups.emplace_back(rows.names[j], both);
  }
}

report::Figure love_plot(const BalanceRows& rows, const report::PlotText& text) {
  report::Figure figure;
  figure.title = text.title;
  figure.x_label = text.x_label.empty() ? "Standardised difference of means" : text.x_label;
  figure.y_label = text.y_label;
  figure.note = text.note.empty() ? "Dashed: 0.1 standard deviations" : text.note;
  report::Series before{.mark = report::Mark::points, .label = "before", .color = 1, .hollow = true},
      after{.mark = report::Mark::points, .label = "matched", .color = 0};
  const std::size_t n = rows.names.size();
  for (std::size_t j = 0; j < n; ++j) {
    const double y = static_cast<double>(n - j);
    before.x.push_back(rows.before[j].difference);
    before.y.push_back(y);
    after.x.push_back(rows.after[j].difference);
    after.y.push_back(y);
    figure.y_ticks.emplace_back(y, rows.names[j]);
  }
  figure.series = {before, after};
  figure.guides = {{.at = 0, .dashed = false}, {.at = -0.1}, {.at = 0.1}};
  figure.y_range = {{0.4, static_cast<double>(n) + 0.6}};
  figure.height_in = std::clamp(1.5 + 0.25 * static_cast<double>(n), 2.6, 9.0);
  return figure;
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
numerics::Codes strata_of(const Arguments& a, const Sample& s, bool coarsened, std::vector<std::string>& notes) {
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

double pooled_sd(const Vector& x) {
  return std::sqrt((x.array() - x.mean()).square().sum() / static_cast<double>(x.size() - 1));
}

int match(lua_State* L, Arguments& a) {
  Sample s = sample_of(a, a.tree("formula"), a.tree("y"), "match");
  const std::string method = a.text("method", "nearest");
  const std::string distance_word = a.text("distance", method == "mahalanobis" ? "mahalanobis" : "score");
  estimators::MatchRules rules;
  rules.estimand = estimand_of(a);
  rules.k = static_cast<int>(a.integer("k", 1));
  rules.replace = a.boolean("replace", rules.estimand == Estimand::ate);
  rules.all_ties = a.boolean("ties");
  rules.seed = seed_of(a);
  const std::string order = a.text("order", "largest");
  rules.order = order == "smallest" ? estimators::MatchOrder::smallest
                : order == "data"   ? estimators::MatchOrder::data
                : order == "random" ? estimators::MatchOrder::random
                                    : estimators::MatchOrder::largest;
  rules.kernel = a.text("kernel", "epanechnikov");
  rules.bandwidth = a.number("bandwidth", 0.06);
  const bool strata = method == "exact" || method == "cem" || method == "subclass";
  const bool scored = !(strata && method != "subclass") && distance_word != "mahalanobis";
  const estimators::Link link =
      a.text("link", "logit") == "probit" ? estimators::Link::probit : estimators::Link::logit;
  std::vector<std::string> notes = s.notes;
  Vector score, index;
  std::optional<estimators::Binary> binary;
  Matrix Z = s.design.X;
  if (scored) {
    binary = estimators::fit_binary(s.treat, Z, {}, {.link = link});
    if (!binary->separated.empty())
      throw core::Error("the propensity score predicts " +
                        core::counted(static_cast<long long>(binary->separated.size()), "row") +
                        " perfectly: treated and untreated rows do not overlap")
          .hint("drop covariates from the score, or match by method=\"cem\"");
    score = binary->fitted;
    index = binary->index;
  }
  const bool linear = a.boolean("linear");
  const Vector distance = !scored ? Vector() : linear ? index : score;
  Matrix points;
  if (!strata) {
    points = scored ? Matrix(distance) : estimators::mahalanobis_points(s.treat, s.X);
    if (a.has("caliper")) {
      const std::string unit = a.text("caliper_unit", "sd");
      if (!scored && unit == "sd")
        throw core::Error("a caliper on Mahalanobis distances is in their own units")
            .hint("caliper_unit=\"raw\"")
            .word("caliper");
      rules.caliper = a.number("caliper") * (unit == "sd" ? pooled_sd(distance) : 1);
    }
  }
  rules.method = method == "kernel"   ? estimators::MatchMethod::kernel
                 : method == "radius" ? estimators::MatchMethod::radius
                                      : estimators::MatchMethod::nearest;
  if (method == "radius" && rules.caliper <= 0)
    throw core::Error("radius matching needs a caliper")
        .hint("match(…, method=\"radius\", caliper=0.1)")
        .word("caliper");
  Index off_support = 0;
  Vector support = Vector::Ones(s.treat.size());
  if (a.boolean("common") && scored) {
    double low = INFINITY, high = -INFINITY, low1 = INFINITY, high1 = -INFINITY;
    for (Index i = 0; i < score.size(); ++i) {
      double& lo = s.treat[i] == 1 ? low1 : low;
      double& hi = s.treat[i] == 1 ? high1 : high;
      lo = std::min(lo, score[i]);
      hi = std::max(hi, score[i]);
    }
    for (Index i = 0; i < score.size(); ++i)
      if (score[i] < std::max(low, low1) || score[i] > std::min(high, high1)) {
        support[i] = 0;
        ++off_support;
      }
    notes.push_back(core::counted(off_support, "row") + " off common support [" +
                    core::significant(std::max(low, low1), 4) + ", " + core::significant(std::min(high, high1), 4) +
                    "] left out");
    if (off_support > 0) {  // keep the rows on support only
      std::vector<Index> keep;
      std::vector<std::uint32_t> use;
      for (Index i = 0; i < support.size(); ++i)
        if (support[i] == 1) {
          keep.push_back(i);
          use.push_back(s.use[static_cast<std::size_t>(i)]);
        }
      s.use = use;
      s.treat = Vector(s.treat(keep));
      s.X = Matrix(s.X(keep, Eigen::all));
      Z = Matrix(Z(keep, Eigen::all));
      if (s.has_y()) s.y = Vector(s.y(keep));
      score = Vector(score(keep));
      index = Vector(index(keep));
      points = Matrix(points(keep, Eigen::all));
    }
  }
  estimators::Matched m;
  if (method == "subclass") {
    m = estimators::match_strata(
        s.treat,
        estimators::score_classes(s.treat, distance, static_cast<int>(a.integer("subclasses", 6)), rules.estimand),
        rules.estimand);
  } else if (strata) {
    m = estimators::match_strata(s.treat, strata_of(a, s, method == "cem", notes), rules.estimand);
  } else {
    m = estimators::match_rows(s.treat, points, rules);
  }
  if (m.treated == 0 || m.controls == 0)
    throw core::Error("no treated row found a match").hint("widen the caliper, or coarsen the covariates");
  const double n1 = s.treat.sum(), n0 = static_cast<double>(s.treat.size()) - n1;
  Analysis out;
  out.what = "a match";
  out.table.title = "Matching (" + method +
                    (scored && method != "subclass" ? std::string(", propensity score by ") +
                                                          (link == estimators::Link::logit ? "logit" : "probit")
                                                    : "") +
                    "): " + s.treat_name;
  const Vector shown_distance = !scored ? Vector() : linear ? index : score;
  const BalanceRows balance = balance_rows(s, m.weights, shown_distance, rules.estimand);
  add_balance(out, balance);
  report::Row counts = text_row({"Rows", core::shortest(n1), core::shortest(n0), "", core::grouped(m.treated),
                                 core::grouped(m.controls), "", ""});
  counts.rule_above = true;
  out.table.body.push_back(std::move(counts));
  const double lost =
      rules.estimand == Estimand::atc ? n0 - static_cast<double>(m.controls) : n1 - static_cast<double>(m.treated);
  out.number("treated", static_cast<double>(m.treated));
  out.number("controls", static_cast<double>(m.controls));
  out.number("unmatched", lost);
  out.number("off_support", static_cast<double>(off_support));
  out.number("ess_control", estimators::effective_size(m.weights, s.treat, 0));
  out.number("ess_treated", estimators::effective_size(m.weights, s.treat, 1));
  out.note("effective controls " + core::fixed(estimators::effective_size(m.weights, s.treat, 0), 1) + "; " +
           core::shortest(lost) + (rules.estimand == Estimand::atc ? " untreated" : " treated") +
           " rows without a match");
  if (rules.caliper > 0) out.note("caliper " + core::significant(rules.caliper, 4) + " in units of the distance");
  if (!strata && rules.method == estimators::MatchMethod::nearest)
    out.note(std::string(rules.replace ? "with" : "without") + " replacement, " + std::to_string(rules.k) + " to 1" +
             (rules.replace ? "" : ", " + order + " score first"));
  if (rules.method == estimators::MatchMethod::kernel)
    out.note(rules.kernel + " kernel, bandwidth " + core::shortest(rules.bandwidth));
  if (rules.order == estimators::MatchOrder::random) out.note("seed " + std::to_string(rules.seed));
  if (s.has_y()) {
    estimators::MatchEffect effect =
        estimators::match_effect(s.treat, s.y, points, m, rules, static_cast<int>(a.integer("nn", 1)));
    const bool adjustable = scored && !strata && rules.method == estimators::MatchMethod::nearest && rules.replace &&
                            rules.estimand != Estimand::atc;
    const bool adjust = a.boolean("adjust", false);
    if (adjust && !adjustable)
      throw core::Error(
          "the correction for an estimated score is for nearest neighbours with replacement on a propensity score")
          .word("adjust");
    if (adjust) {
      Vector density(score.size());
      for (Index i = 0; i < score.size(); ++i) density[i] = estimators::link_density(index[i], link);
      const double change =
          estimators::score_adjustment(s.treat, s.y, Matrix(Z(Eigen::all, binary->kept)), score, density,
                                       binary->expected_bread, effect.estimate, rules.estimand);
      const double variance = effect.se * effect.se + change;
      if (variance > 0) {
        effect.se = std::sqrt(variance);
        effect.how += ", corrected for the estimated score (2016)";
      } else {
        notes.emplace_back("the correction for the estimated score leaves no positive variance, and is left out");
      }
    }
    report::Row row =
        text_row({std::string(rules.estimand == Estimand::att   ? "ATT"
                              : rules.estimand == Estimand::ate ? "ATE"
                                                                : "ATC") +
                      " on " + s.y_name,
                  estimate_text(effect.estimate), "(" + estimate_text(effect.se) + ")", "", "", "", "", ""});
    row.rule_above = true;
    out.table.body.push_back(std::move(row));
    out.note("standard error: " + effect.how);
    const double p = 2 * inference::normal_cdf(-std::abs(effect.estimate / effect.se));
    for (const auto& [name, value] :
         NamedNumbers{{"estimate", effect.estimate}, {"se", effect.se}, {"z", effect.estimate / effect.se}, {"p", p}})
      out.number(name, value);
    results::Fit fit;
    fit.command = "match";
    fit.title = out.table.title;
    fit.depvar = s.y_name;
    fit.names = {s.treat_name};
    fit.coef = Vector::Constant(1, effect.estimate);
    fit.vcov.matrix = Matrix::Constant(1, 1, effect.se * effect.se);
    fit.vcov.df_t = std::numeric_limits<double>::infinity();
    fit.vcov.label = effect.how;
    fit.nobs = static_cast<double>(m.treated + m.controls);
    fit.rank = 1;
    out.results.emplace_back("result", std::make_shared<const results::Fit>(std::move(fit)));
  }
  for (const std::string& note : notes) out.note(note);
  store_columns(a, s, m.weights, score);
  out.frames.emplace_back("frame", matched_frame(s, m.weights, score));
  if (!m.partners.empty()) {  // who with whom, by row of the frame
    std::vector<double> row, partner, share;
    for (std::size_t i = 0; i < m.partners.size(); ++i)
      for (const auto& [j, part] : m.partners[i]) {
        row.push_back(s.rows.origin[s.use[i]] + 1.0);
        partner.push_back(s.rows.origin[s.use[static_cast<std::size_t>(j)]] + 1.0);
        share.push_back(part);
      }
    out.frames.emplace_back("pairs", data::Frame("pairs")
                                         .with("row", data::Column::reals(row))
                                         .with("partner", data::Column::reals(partner))
                                         .with("share", data::Column::reals(share)));
  }
  std::vector<double> weights(m.weights.data(), m.weights.data() + m.weights.size());
  out.lists.emplace_back("weights", weights);
  out.plots.push_back({"love", [balance](const report::PlotText& text) { return love_plot(balance, text); }});
  if (scored) {
    out.lists.emplace_back("pscore", std::vector<double>(score.data(), score.data() + score.size()));
    out.plots.push_back({"support", [score, treat = s.treat, w = m.weights](const report::PlotText& text) {
                           return support_plot(score, treat, w, text);
                         }});
  }
  return push_analysis(L, a, std::move(out));
}

int ebalance(lua_State* L, Arguments& a) {
  const Sample s = sample_of(a, a.tree("formula"), a.tree("y"), "ebalance");
  const Matrix C = estimators::moments(s.X, static_cast<int>(a.integer("moments", 1)), a.boolean("products"));
  const estimators::EntropyWeights e = estimators::entropy_balance(s.treat, C, {}, a.number("tol", 1e-10));
  Analysis out;
  out.what = "an entropy balance";
  out.table.title = "Entropy balancing: " + s.treat_name;
  const BalanceRows balance = balance_rows(s, e.weights, {}, Estimand::att);
  add_balance(out, balance);
  out.note(core::counted(C.cols(), "moment") + " balanced to " + core::significant(e.worst, 2) +
           " standard deviations in " + core::counted(e.iterations, "step"));
  out.note("effective controls " + core::fixed(estimators::effective_size(e.weights, s.treat, 0), 1) +
           "; weights of controls sum to the number of treated rows");
  if (s.has_y()) {
    double y1 = 0, y0 = 0;
    const double n1 = s.treat.sum();
    for (Index i = 0; i < s.y.size(); ++i) (s.treat[i] == 1 ? y1 : y0) += e.weights[i] * s.y[i] / n1;
    report::Row row = text_row({"ATT on " + s.y_name, estimate_text(y1 - y0), "", "", "", "", "", ""});
    row.rule_above = true;
    out.table.body.push_back(std::move(row));
    out.note("for its standard error: reg(y ~ " + s.treat_name + ", data=e.frame, weights=pw(_weight))");
    out.number("estimate", y1 - y0);
  }
  for (const std::string& note : s.notes) out.note(note);
  out.number("worst", e.worst);
  out.number("iterations", e.iterations);
  out.number("ess_control", estimators::effective_size(e.weights, s.treat, 0));
  store_columns(a, s, e.weights, {});
  out.frames.emplace_back("frame", matched_frame(s, e.weights, {}));
  out.lists.emplace_back("weights", std::vector<double>(e.weights.data(), e.weights.data() + e.weights.size()));
  out.plots.push_back({"love", [balance](const report::PlotText& text) { return love_plot(balance, text); }});
  return push_analysis(L, a, std::move(out));
}

int teffects(lua_State* L, Arguments& a) {
  const std::string method = a.text("method", "aipw");
  const formula::Tree outcome = a.tree("outcome");
  const formula::Parts parts = formula::split(outcome);
  if (parts.lhs.size() != 1)
    throw core::Error("teffects takes the outcome's formula first").hint("teffects(y ~ x1 + x2, treat ~ x1 + x2)");
  const Sample s = sample_of(a, a.tree("treatment"), parts.lhs[0], "teffects");
  // Outcome regressors over the same rows.
  formula::DesignOptions same;
  std::vector<std::uint8_t> in(s.rows.frame.rows(), 0);
  for (const std::uint32_t row : s.use) in[row] = 1;
  const data::Frame frame = s.rows.frame.with("__in", data::Column::booleans(in));
  same.where = formula::name("__in");
  const formula::Design design = formula::design(parts, frame, same);
  if (design.rows.size() != s.use.size())
    throw core::Error("outcome regressors are missing in " +
                      core::counted(static_cast<long long>(s.use.size() - design.rows.size()), "row") +
                      " that the treatment model uses")
        .hint("keep complete rows with where=");
  numerics::Codes clusters;
  if (a.has("cluster")) {
    clusters = formula::group_of(a.tree("cluster"), s.rows.frame, s.use).codes;
    for (const std::int32_t code : clusters)
      if (code < 0) throw core::Error("the cluster variable is missing in rows in use").word("cluster");
  }
  const estimators::EffectMethod kind = method == "ra"      ? estimators::EffectMethod::ra
                                        : method == "ipw"   ? estimators::EffectMethod::ipw
                                        : method == "ipwra" ? estimators::EffectMethod::ipwra
                                                            : estimators::EffectMethod::aipw;
  const estimators::Link link =
      a.text("link", "logit") == "probit" ? estimators::Link::probit : estimators::Link::logit;
  const std::string word = a.text("estimand", "ate");
  const Estimand estimand = word == "att" ? Estimand::att : Estimand::ate;
  const estimators::TreatmentEffect e =
      estimators::treatment_effect(kind, estimand, s.treat, s.y, design.X, s.design.X, link, clusters);
  results::Fit fit;
  fit.command = "teffects";
  fit.title = "Treatment effect by " + std::string(method == "ra"     ? "regression adjustment"
                                                   : method == "ipw"  ? "inverse probability weighting"
                                                   : method == "aipw" ? "augmented inverse probability weighting"
                                                                      : "weighted regression adjustment");
  fit.depvar = s.y_name;
  fit.formula = formula::print(outcome) + ", " + formula::print(a.tree("treatment"));
  fit.call = call_text(L, "teffects");
  fit.names = {estimand == Estimand::att ? "ATT" : "ATE", "mean without treatment"};
  fit.coef.resize(2);
  fit.coef << e.estimate, e.mean0;
  fit.vcov.matrix = Matrix::Zero(2, 2);
  fit.vcov.matrix(0, 0) = e.se * e.se;
  fit.vcov.matrix(1, 1) = e.mean0_se * e.mean0_se;
  fit.vcov.df_t = std::numeric_limits<double>::infinity();
  fit.vcov.label =
      clusters.empty() ? "robust, of the stacked moment conditions" : "clustered, of the stacked moment conditions";
  fit.nobs = static_cast<double>(s.y.size());
  fit.rank = 2;
  fit.notes = s.notes;
  fit.set_stat("treated", s.treat.sum());
  push_value<FitRef>(L, std::make_shared<const results::Fit>(std::move(fit)));
  return 1;
}

const OptionSpec y_option{
    .name = "y", .kind = Kind::expression, .doc = "an outcome: gives the effect", .default_text = ""};
const OptionSpec link_option{.name = "link",
                             .kind = Kind::text,
                             .doc = "of the propensity score",
                             .default_text = "logit",
                             .one_of = {"logit", "probit"}};

}  // namespace

void add_matching_commands(Registry& registry) {
  const core::Record record{
      .name = "match",
      .topic = "matching",
      .summary = "Matching on a propensity score, on distances or in strata, with balance and the effect",
      .args = {{.name = "formula", .kind = Kind::formula, .doc = "treat ~ x1 + x2"}},
      .options =
          {y_option,
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
           link_option,
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
           estimand_option(true),
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
  registry.add({{.name = "ebalance",
                 .topic = "matching",
                 .summary = "Entropy balancing: weights of controls that equalise moments",
                 .args = {{.name = "formula", .kind = Kind::formula, .doc = "treat ~ x1 + x2"}},
                 .options = {y_option,
                             {.name = "moments",
                              .kind = Kind::integer,
                              .doc = "1 means, 2 variances too, 3 skewness too",
                              .default_text = "1",
                              .min = 1,
                              .max = 3},
                             {.name = "products",
                              .kind = Kind::boolean,
                              .doc = "products of two covariates too",
                              .default_text = "false"},
                             {.name = "tol",
                              .kind = Kind::number,
                              .doc = "largest gap left, in standard deviations",
                              .default_text = "1e-10",
                              .min = 1e-14},
                             name_option("also make a column of weights"),
                             replace_option(),
                             file_option()},
                 .source = "Hainmueller (2012), Political Analysis 20(1)",
                 .example = "e = ebalance(treat ~ lngdp + lnedu, moments=2)"},
                ebalance});
  registry.add(
      {{.name = "teffects",
        .topic = "matching",
        .summary = "Treatment effects by regression adjustment, inverse probability weighting, or both",
        .args = {{.name = "outcome", .kind = Kind::formula, .doc = "y ~ x1 + x2, by treatment"},
                 {.name = "treatment", .kind = Kind::formula, .doc = "treat ~ z1 + z2"}},
        .options =
            {{.name = "method",
              .kind = Kind::text,
              .doc = "ra, ipw (normalised weights), aipw (doubly robust), ipwra",
              .default_text = "aipw",
              .one_of = {"ra", "ipw", "aipw", "ipwra"}},
             {.name = "estimand",
              .kind = Kind::text,
              .doc = "the effect on all, or on the treated",
              .default_text = "ate",
              .one_of = {"ate", "att"}},
             link_option,
             {.name = "cluster", .kind = Kind::expression, .doc = "clustered standard errors", .default_text = ""}},
        .source = "Robins, Rotnitzky & Zhao (1994); Wooldridge (2010), chapter 21",
        .example = "teffects(ser ~ lngdp, treat ~ lngdp + lnedu, method=\"aipw\")"},
       teffects});
}

}  // namespace bindings
