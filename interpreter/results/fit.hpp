// Fit: what every estimator returns. Plain data: coefficients, scores, bread, degrees of freedom, sample, notes,
// provenance. Inference is a separate step on it: vcov_as() puts another covariance on the same fit.
#pragma once

#include "inference/tests.hpp"
#include "inference/vcov.hpp"
#include "numerics/types.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace results {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

/// Looks things up in the estimation sample for inference after the fit (estimators/pipeline implements it on the
/// frame).
class Sample {
 public:
  virtual ~Sample() = default;
  /// Everything `spec` needs over the rows in use. Throws core::Error for unknown columns, missing cluster values, no
  /// panel.
  virtual inference::VcovData vcov_data(const inference::VcovSpec& spec) const = 0;
};

struct AbsorbedEffect {
  std::string name;  ///< "city", "province^year", "city[trend]"
  std::vector<std::string> level_names;
  double levels = 0;     ///< parameters
  double redundant = 0;  ///< given earlier dimensions
  bool nestable = true;  ///< intercept only
  double slopes = 0;     ///< of `levels`, slopes: levels × slope variables
};

/// An ordered list of named numbers: what tables, json and m.NAME read.
using Stats = std::vector<std::pair<std::string, double>>;

struct Fit {
  // what was asked
  std::string command;  ///< "feols", "did"
  std::string title;    ///< "OLS, 2 absorbed fixed effects"
  std::string depvar;
  std::string formula;      ///< as printed from the tree
  std::string call;         ///< the statement in the script, when known
  std::string split_by;     ///< what split= split the sample by; empty: it did not
  std::string split_level;  ///< and the part that this fit is of
  // what came out
  std::vector<std::string> names;     ///< k
  Vector coef;                        ///< k
  Vector p_values;                    ///< k: by permutation; empty: those of t
  Matrix scores;                      ///< n×k
  Matrix bread;                       ///< k×k
  Vector residuals, fitted, weights;  ///< n; weights may be empty
  bool frequency_weights = false;
  double nobs = 0;          ///< observations (sum of frequency weights)
  double rss = 0;           ///< Σ w u²
  double level = 0.95;      ///< confidence level of the intervals it shows
  bool likelihood = false;  ///< maximum likelihood: bread is the inverse information
  Index rank = 0;           ///< coefficients estimated (k)
  Index constant = -1;
  std::vector<AbsorbedEffect> fe;
  bool fe_rank_exact = true;
  std::function<Vector()> leverage;  ///< h_i with the fixed effects included; for hc2, hc3, hc4
  /// n×q basis of the hat matrix, small when fixed effects are nested in the clusters given; for cr2, cr3.
  std::function<Matrix(const inference::Codes&)> hat_basis;
  inference::Vcov vcov;                ///< in force
  inference::Ssc ssc;                  ///< preset in force
  Stats stats;                         ///< r2, r2_adj, r2_within, …, in printing order
  std::vector<inference::Test> tests;  ///< first-stage F, Sargan, …
  std::vector<std::string> notes;  ///< rows dropped, singletons, collinear terms, convergence; printed under the table
  std::vector<std::string> collinear;  ///< dropped terms
  /// Event studies: event time of each coefficient (NaN: not one of those), and the one they are compared with, whose
  /// effect is 0 by definition (NaN: there is none). Empty otherwise.
  std::vector<double> event_times;
  double event_reference = 0;
  std::vector<double> further_references;  ///< more event times whose effect is 0 by definition
  // where it came from
  std::vector<std::uint32_t> rows;  ///< the frame's rows in use
  std::size_t frame_rows = 0;
  std::string frame_name;
  std::shared_ptr<const Sample> sample;
  std::vector<std::shared_ptr<const Fit>> first_stages;
  std::map<std::string, std::string> provenance;  ///< version, data fingerprint, seed, conventions in force

  double stat(const std::string& name) const;  ///< NaN when there is none
  void set_stat(const std::string& name, double value);
  Index position(const std::string& coefficient) const;  ///< throws core::Error "no coefficient 'x'" with near names
  double se(Index i) const;
};

/// Joint test that every coefficient but the constant is zero, by the vcov in force, into the statistics F, F_df1,
/// F_df2 and F_p. F is chi2/df1 and F_df2 infinite where the vcov's t is normal. Nothing when there is no such
/// coefficient, or when their covariance is zero.
void set_overall_test(Fit& fit);

/// Re-does inference without refitting: standard errors, and the overall F when the fit has one. Other tests stay those
/// of the vcov at estimation, and a note says so. The rules in force stay unless others are given. Throws core::Error
/// when the sample lacks what `spec` needs.
Fit vcov_as(const Fit& fit, const inference::VcovSpec& spec);
Fit vcov_as(const Fit& fit, const inference::VcovSpec& spec, const inference::Ssc& ssc);

/// Degrees of freedom of t for c'b: Satterthwaite's under cr2 and cr3, found anew from the sample; else those in force.
double degrees_of_freedom(const Fit& fit, const Vector& c);

struct CoefficientRow {
  std::string name;
  inference::Estimate estimate;
};
/// `level`: the fit's own unless given.
std::vector<CoefficientRow> coefficient_table(const Fit& fit, std::optional<double> level = {});
/// What the vcov of a fit is made of; refers to the fit.
inference::Sandwich sandwich(const Fit& fit);

/// H0 in words: "x = z", "x" (= 0), "x + 2*z = 1", "x = z = 0"; several at once are joint. Throws with carets.
inference::Test test(const Fit& fit, const std::vector<std::string>& hypotheses);
inference::Estimate lincom(const Fit& fit, const std::string& combination, std::optional<double> level = {});

/// Every number at full precision, the call, the conventions in force, as JSON.
std::string json(const Fit& fit);

}  // namespace results
