// The estimators for staggered adoption side by side, and why they differ.
#pragma once

#include "estimators/did/decomposition.hpp"

#include <memory>
#include <string>
#include <vector>

namespace estimators {

struct ComparedDid {
  struct Entry {
    std::string name;  ///< "two-way fixed effects"
    double att = 0, se = 0, low = 0, high = 0, p = 1;
    FitPtr fit;  ///< with the average effect as its coefficient `coefficient`; null: it failed
    std::string coefficient;
    FitPtr events;        ///< by event time; null: there is none
    std::string failure;  ///< why it could not be estimated
  };
  std::vector<Entry> entries;  ///< two-way fixed effects first
  std::string depvar;
  std::vector<std::string> reading;  ///< in plain words
};

/// Runs two-way fixed effects, att_gt, sunab, imputation, gardner, etwfe, dcdh and stacked (with window=) on one
/// formula, with the same units, cohorts, rows and clusters, and reads the weights of two-way fixed effects. An
/// estimator that fails is reported with its reason.
ComparedDid compare_did(const Request& request);

}  // namespace estimators
