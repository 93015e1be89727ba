#include "estimators/synth/counterfactual.hpp"

#include "core/error.hpp"
#include "estimators/synth/counterfactual_parts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace estimators {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

Split split(const PanelMatrix& panel, const std::vector<Index>& start, const std::string& command) {
  Split out;
  const Index T = panel.Y.cols();
  out.first = T;
  for (std::size_t i = 0; i < start.size(); ++i) {
    (start[i] < T ? out.treated : out.controls).push_back(static_cast<Index>(i));
    out.first = std::min(out.first, start[i]);
  }
  if (out.treated.empty()) throw core::Error("no unit is treated").word("treat");
  if (out.controls.size() < 2) throw core::Error(command + " needs at least two units that are never treated");
  if (out.first < 3)
    throw core::Error(command + " needs at least three periods before treatment")
        .hint("the first treated period is " + panel.periods[static_cast<std::size_t>(out.first)]);
  return out;
}

void summarise(const PanelMatrix& panel, const std::vector<Index>& start, Counterfactual& c) {
  const Index T = panel.Y.cols();
  std::vector<double> sum(static_cast<std::size_t>(2 * T), 0), count(static_cast<std::size_t>(2 * T), 0);
  double total = 0, cells = 0;
  for (std::size_t i = 0; i < start.size(); ++i) {
    if (start[i] == T) continue;
    for (Index s = 0; s < T; ++s) {
      const double gap = panel.Y(static_cast<Index>(i), s) - c.fitted(static_cast<Index>(i), s);
      const auto e = static_cast<std::size_t>(s - start[i] + T);
      sum[e] += gap;
      count[e] += 1;
      if (s >= start[i]) {
        total += gap;
        cells += 1;
      }
    }
  }
  c.att = total / cells;
  c.event_times.clear();
  c.event_effects.clear();
  for (std::size_t e = 0; e < sum.size(); ++e)
    if (count[e] > 0) {
      c.event_times.push_back(static_cast<double>(e) - static_cast<double>(T));
      c.event_effects.push_back(sum[e] / count[e]);
    }
}

double att_of(const Matrix& Y, const Matrix& fitted, const std::vector<Index>& start) {
  double sum = 0, n = 0;
  for (std::size_t i = 0; i < start.size(); ++i)
    for (Index s = start[i]; s < Y.cols(); ++s) {
      sum += Y(static_cast<Index>(i), s) - fitted(static_cast<Index>(i), s);
      n += 1;
    }
  return sum / n;
}

double sd(const std::vector<double>& x) {
  double mean = 0, square = 0, n = 0;
  for (const double v : x)
    if (!std::isnan(v)) {
      mean += v;
      n += 1;
    }
  mean /= n;
  for (const double v : x)
    if (!std::isnan(v)) square += (v - mean) * (v - mean);
  return n > 1 ? std::sqrt(square / (n - 1)) : std::nan("");
}

Matrix pick(const Matrix& A, const std::vector<Index>& rows) { return A(rows, Eigen::all); }

std::vector<Index> until(Index end) {
  std::vector<Index> out(static_cast<std::size_t>(end));
  std::iota(out.begin(), out.end(), Index{0});
  return out;
}

}  // namespace estimators
