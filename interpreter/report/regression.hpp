// Fit → tables: the summary of one fit, and etable of several.
#pragma once

#include "report/table.hpp"
#include "results/fit.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace report {

/// One fit as printed after the command: title, formula, sample, coefficient table, statistics, notes.
std::string summary(const results::Fit& fit, const TextStyle& style = {}, double level = 0.95);
/// The coefficient table alone.
Table coefficient_table(const results::Fit& fit, double level = 0.95);

struct EtableOptions {
  std::vector<std::string> headers;               ///< one per column; default (1), (2), …
  bool depvar = true;                             ///< a row with the dependent variables
  std::vector<std::string> keep, drop, order;     ///< patterns over coefficient names: a name, or with * as a wildcard
  std::map<std::string, std::string> labels;      ///< coefficient, variable and fixed-effect labels
  std::string below = "se";                       ///< se, t, p, ci
  std::vector<double> stars = {0.1, 0.05, 0.01};  ///< thresholds for *, **, ***; empty: none
  int digits = 4;                                 ///< decimals of estimates
  std::vector<std::string> stats = {};            ///< default nobs, r2, r2_within where fitting; names of Fit::stats
  bool fe_rows = true;                            ///< Yes/No rows of fixed effects
  bool vcov_row = true;
  std::vector<std::pair<std::string, std::vector<std::string>>> extra;  ///< custom rows
  std::vector<std::string> notes;
  std::string title, label;
  double level = 0.95;
};
Table etable(const std::vector<std::shared_ptr<const results::Fit>>& fits, const EtableOptions& options);

}  // namespace report
