#include "bindings/commands/matched_sample.hpp"

#include "core/text.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {

using core::Kind;
using core::OptionSpec;
using estimators::Estimand;
using numerics::Index;
using numerics::Vector;

MatchSample match_sample(const Arguments& a, const formula::Tree& formula, const formula::Tree& outcome,
                         const std::string& command) {
  MatchSample s;
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

data::Frame matched_frame(const MatchSample& s, const Vector& weights, const Vector& score) {
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

void store_match_columns(const Arguments& a, const MatchSample& s, const Vector& weights, const Vector& score) {
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

BalanceRows balance_rows(const MatchSample& s, const Vector& weights, const Vector& distance, Estimand estimand) {
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

OptionSpec match_outcome_option() {
  return {.name = "y", .kind = Kind::expression, .doc = "an outcome: gives the effect", .default_text = ""};
}

OptionSpec score_link_option() {
  return {.name = "link",
          .kind = Kind::text,
          .doc = "of the propensity score",
          .default_text = "logit",
          .one_of = {"logit", "probit"}};
}

}  // namespace bindings
