// Figures of results: event studies, placebo draws, coefficients.
#pragma once

#include "report/figure.hpp"
#include "results/fit.hpp"

#include <limits>
#include <map>
#include <string>
#include <vector>

namespace report {

struct EventPoint {
  double time = 0;  ///< periods since treatment
  double estimate = 0, low = 0, high = 0;
  bool reference = false;  ///< the period the others are compared with: a ring at 0
  std::string side = {};   ///< "≤ " or "≥ ": the periods beyond share this coefficient
};

struct PlotText {
  std::string title = {}, x_label = {}, y_label = {}, note = {};  ///< "": the plot's own words
};

/// Estimates with intervals by event time, a zero line, a dashed line between −1 and 0. Points are drawn by time.
Figure event_study_plot(std::vector<EventPoint> points, double level = 0.95, const PlotText& text = {});

/// The same of a fit that has event times. Throws core::Error when it has none.
Figure event_study_plot(const results::Fit& fit, std::optional<double> level = {}, const PlotText& text = {});

/// Kernel density of draws, with the estimate marked; the note states kernel, bandwidth and number of draws.
/// `p` is the permutation p-value, NaN: not stated.
Figure density_plot(const std::vector<double>& draws, double estimate,
                    double p = std::numeric_limits<double>::quiet_NaN(), const PlotText& text = {});

/// P-values of draws against their estimates, a horizontal line at
/// `threshold`, the estimate marked. Sizes of the two vectors agree.
Figure placebo_scatter(const std::vector<double>& draws, const std::vector<double>& p_values, double estimate,
                       double threshold = 0.1, const PlotText& text = {});

struct CoefplotOptions {
  std::vector<std::string> keep, drop, order;  ///< patterns, as for etable
  std::map<std::string, std::string> labels;
  std::optional<double> level = {};  ///< the fit's own
  bool constant = false;             ///< show _cons
  bool vertical = false;             ///< coefficients along the x axis
  bool joined = false;               ///< a line through the estimates of a result
  bool intervals = true;
  bool legend = true;  ///< where there are several results
  std::vector<double> value_lines = {},
                      coefficient_lines = {};  ///< across the estimates (beside 0); between coefficients
  PlotText text = {};
};
/// Estimates with intervals, one row per coefficient, the first on top. Throws core::Error when none is left.
Figure coefplot(const results::Fit& fit, const CoefplotOptions& options = {});

struct NamedFit {
  const results::Fit* fit = nullptr;
  std::string label = {};
};
/// The same of several results, side by side at each coefficient. A coefficient is shown where any of them has it.
Figure coefplot(const std::vector<NamedFit>& fits, const CoefplotOptions& options = {});

}  // namespace report
