// What match, ebalance and teffects share: treatment, covariates and outcome over complete rows; balance; what is kept.
#pragma once

#include "bindings/analysis.hpp"
#include "bindings/measures.hpp"
#include "estimators/matching/matching.hpp"
#include "formula/design.hpp"

#include <string>
#include <vector>

namespace bindings {

/// Treatment, covariates and outcome over the complete rows in use.
struct MatchSample {
  MeasureRows rows;
  formula::Design design;  ///< y: the treatment; X with _cons last
  formula::Parts parts;
  std::vector<std::uint32_t> use;  ///< rows of `rows.frame`
  numerics::Vector treat, y;
  numerics::Matrix X;  ///< without the constant
  std::vector<std::string> names;
  std::string treat_name, y_name;
  std::vector<std::string> notes;
  bool has_y() const { return y.size() > 0; }
};

/// Throws core::Error: a treatment that is not 0/1 or never varies, fixed effects or instruments in the formula.
MatchSample match_sample(const Arguments& a, const formula::Tree& formula, const formula::Tree& outcome,
                         const std::string& command);

/// Rows of the frame that are in the matched sample, with what matching says of them.
data::Frame matched_frame(const MatchSample& s, const numerics::Vector& weights, const numerics::Vector& score);
/// The columns that name= asks for, in the whole frame.
void store_match_columns(const Arguments& a, const MatchSample& s, const numerics::Vector& weights,
                         const numerics::Vector& score);

struct BalanceRows {
  std::vector<std::string> names;
  std::vector<estimators::Balance> before, after;
};

BalanceRows balance_rows(const MatchSample& s, const numerics::Vector& weights, const numerics::Vector& distance,
                         estimators::Estimand estimand);
void add_balance(Analysis& out, const BalanceRows& rows);
report::Figure love_plot(const BalanceRows& rows, const report::PlotText& text);

core::OptionSpec match_outcome_option();  // y=
core::OptionSpec score_link_option();     // link=

}  // namespace bindings
