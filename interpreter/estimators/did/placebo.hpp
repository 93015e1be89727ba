// Placebo runs: the estimate against those of randomly reassigned treatments.
#pragma once

#include "core/record.hpp"
#include "estimators/did/assignment.hpp"
#include "formula/tree.hpp"
#include "results/fit.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace estimators {

struct PlaceboOptions {
  int reps = 500;
  AssignmentDesign design;
  bool cross_section = false;         ///< no periods: each row (or level of design.level) is a unit
  std::string treatment;              ///< its coefficient; "": find_treatment's choice
  std::optional<std::uint64_t> seed;  ///< empty: a fresh one, which the result names
};

struct Placebo {
  std::string command, depvar, treatment, vcov_label;
  AssignmentDesign design;
  double estimate = 0, se = 0, t = 0, nobs = 0;
  std::vector<double> draws;     ///< coefficient of each draw; NaN where it was not identified
  std::vector<double> se_draws;  ///< by the vcov of the fit
  std::vector<double> p_draws;   ///< two-sided, of each draw alone
  double p = 1;                  ///< (1 + #{|b*| ≥ |b|}) / (R + 1), two-sided
  double p_t = 1;                ///< the same by |t|
  std::uint64_t seed = 0;
  std::vector<std::string> notes;
};

/// Reassigns the treatment of a linear fit `reps` times and estimates again.
/// unit: whole treatment histories (adoption dates) change places between units, so that the number of treated units
/// and their dates are kept. time: the treated units stay, their dates are drawn anew, uniformly from the periods after
/// the first (or those of the design; units that share one date keep sharing one), or change places among them. both:
/// first units change places, then dates are drawn.
/// Terms that hold the treatment (did:x) or a part of it (treat beside treat:post) are rebuilt with it (Companions).
/// The other columns are absorbed once; each draw absorbs its own only (Frisch–Waugh–Lovell). Draw r uses the random
/// stream (seed, r): results do not depend on threads or blocks. Reports progress, stops on Ctrl-C. Throws core::Error:
/// instruments, no 0/1 treatment, treatment that ends again with random dates, terms of the treatment that cannot be
/// rebuilt, units that cannot change places, hc2, hc3 or hc4.
/// Source: Fisher (1935); Chetty, Looney & Kroft (2009), section III; p-value: Phipson & Smyth (2010).
Placebo placebo(const results::Fit& fit, const PlaceboOptions& options);

/// What the command `placebo` says of itself.
core::Record placebo_record();

}  // namespace estimators
