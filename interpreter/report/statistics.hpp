// The numbers of a fit by name, with the words and decimals they are printed with.
#pragma once

#include "results/fit.hpp"

#include <string>
#include <vector>

namespace report {

/// "r2_within" → "Within R²"; a name without words of its own stays as it is.
std::string statistic_label(const std::string& name);
/// Counts with thousands separators, shares with `digits` decimals, F and information criteria with two, p-values with
/// three; "" for NaN.
std::string statistic_text(const std::string& name, double value, int digits);
/// nobs, clusters, df_t, depvar_mean, depvar_sd or one of fit.stats; NaN when this fit has no such number.
double statistic(const results::Fit& fit, const std::string& name);
/// Every name that statistic() answers for this fit.
std::vector<std::string> statistic_names(const results::Fit& fit);

/// "F(2, 40) = 5.67" with the distribution's own letters.
std::string test_text(const inference::Test& test);
/// The covariance in a table cell: "IID", "by city, year", "HC1".
std::string vcov_short(const inference::VcovSpec& spec);

}  // namespace report
