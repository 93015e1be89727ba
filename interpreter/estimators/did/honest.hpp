// Sensitivity of an event study to differences in trends: intervals over restrictions, and where they reach zero.
#pragma once

#include "estimators/did/honest_intervals.hpp"

#include <string>
#include <vector>

namespace estimators {

struct HonestOptions {
  RestrictionSet set;
  std::string method = "auto";  ///< auto, flci, conditional, c-lf
  std::vector<double> M;        ///< empty: chosen
  Vector weights;               ///< of the effects after the reference period
  double alpha = 0.05;
  bool breakdown = true;
  ConditionalOptions tests;
};

struct HonestDid {
  double estimate = 0, se = 0;
  HonestInterval original;
  struct Row {
    double M = 0;
    HonestInterval interval;
  };
  std::vector<Row> rows;  ///< by M
  /// The largest M at which the interval leaves out 0: 0 when that at M = 0 holds it, infinite when none does.
  double breakdown = 0;
  bool fixed_length = false, simulated = false;
};

/// Throws core::Error: flci beyond plain smoothness, negative M, too few periods.
HonestDid honest_did(const EventPath& path, HonestOptions options);

}  // namespace estimators
