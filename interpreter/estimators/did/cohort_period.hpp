// Regressions with a dummy for each cohort and period (or event time), and averages of their coefficients: what
// sunab and etwfe share.
#pragma once

#include "estimators/did/staggered.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace estimators {

/// A cell with a coefficient: the cohort as the number in its column, and the event time.
struct CohortCell {
  double cohort = 0;
  std::int64_t event = 0;
  bool operator<(const CohortCell& other) const {
    return cohort != other.cohort ? cohort < other.cohort : event < other.event;
  }
};

/// Sums over the rows of the sample in a cell.
struct CellSums {
  double weight = 0;
  std::string cohort_name, period_name;
  std::vector<double> interactions;  ///< Σ w·(covariate minus its mean in the cohort), for each covariate
};

struct CohortDesign {
  formula::Tree cohort;
  std::string time;
  std::map<CohortCell, CellSums> cells;
  std::vector<std::string> covariates;          ///< columns interacted with the dummies (etwfe)
  std::map<double, std::vector<double>> means;  ///< of the covariates, by cohort
};

/// "event::-3:cohort::2016".
std::string cell_name(const CohortCell& cell, const CellSums& sums);
/// Adds the dummies (and their interactions) to a frame.
data::Frame with_cells(const CohortDesign& design, data::Frame frame);

/// The same covariance for A b instead of b: scores S B A'(A B A')⁻¹ and bread A B A', so that any vcov follows. Rows
/// of A must be linearly independent. names: of the rows.
results::Fit combine(results::Fit fit, const Matrix& A, std::vector<std::string> names);

enum class CellAverage { none, period, cohort, calendar, all };
CellAverage cell_average(const std::string& word);
core::OptionSpec agg_option();  ///< agg=: its words

/// Averages of the cells' coefficients by sample weights (taken as fixed): by event time, cohort, calendar period, all
/// after treatment. Other coefficients stay when `keep_others`. Sets event times by period.
results::Fit average_cells(results::Fit fit, const CohortDesign& design, CellAverage by, bool keep_others);

/// Without fixed effects given, those of the panel (or of unit= and time=): unit and time. Returns what was taken.
std::string take_unit_and_time(const Request& request, Settings& settings, formula::Parts& parts);

}  // namespace estimators
