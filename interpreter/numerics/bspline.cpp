// The recursion of Cox and de Boor over knots t, the ends repeated:
//   B_{i,0}(x) = 1 where t_i ≤ x < t_{i+1},
//   B_{i,d}(x) = (x − t_i)/(t_{i+d} − t_i) B_{i,d−1}(x) + (t_{i+d+1} − x)/(t_{i+d+1} − t_{i+1}) B_{i+1,d−1}(x),
//   B'_{i,d}(x) = d (B_{i,d−1}(x)/(t_{i+d} − t_i) − B_{i+1,d−1}(x)/(t_{i+d+1} − t_{i+1})), 0/0 = 0.
// Source: de Boor (1978), A Practical Guide to Splines, ch. IX and X.
#include "numerics/bspline.hpp"

#include <algorithm>
#include <cassert>

namespace numerics {
namespace {

double ratio(double a, double b) { return b > 0 ? a / b : 0; }

std::vector<double> all_knots(const BSpline& s) {
  std::vector<double> t(static_cast<std::size_t>(s.degree) + 1, s.low);
  t.insert(t.end(), s.knots.begin(), s.knots.end());
  t.insert(t.end(), static_cast<std::size_t>(s.degree) + 1, s.high);
  return t;
}

/// B_{i,degree}(x) for every i. The last interval is closed.
std::vector<double> basis(const std::vector<double>& t, int degree, double x) {
  std::vector<double> b(t.size() - 1, 0);
  auto at = static_cast<std::size_t>(std::upper_bound(t.begin(), t.end(), x) - t.begin());
  if (at == t.size()) at = static_cast<std::size_t>(std::lower_bound(t.begin(), t.end(), t.back()) - t.begin());
  assert(at > 0);
  b[at - 1] = 1;
  for (std::size_t d = 1; d <= static_cast<std::size_t>(degree); ++d)
    for (std::size_t i = 0; i + d + 1 < t.size(); ++i)
      b[i] = ratio(x - t[i], t[i + d] - t[i]) * b[i] + ratio(t[i + d + 1] - x, t[i + d + 1] - t[i + 1]) * b[i + 1];
  b.resize(t.size() - 1 - static_cast<std::size_t>(degree));
  return b;
}

}  // namespace

Matrix values(const BSpline& spline, const Vector& x) {
  const std::vector<double> t = all_knots(spline);
  Matrix out(x.size(), spline.size());
  for (Index r = 0; r < x.size(); ++r) {
    const std::vector<double> b = basis(t, spline.degree, x[r]);
    for (Index i = 0; i < out.cols(); ++i) out(r, i) = b[static_cast<std::size_t>(i)];
  }
  return out;
}

Matrix slopes(const BSpline& spline, const Vector& x) {
  const std::vector<double> t = all_knots(spline);
  const auto d = static_cast<std::size_t>(spline.degree);
  Matrix out(x.size(), spline.size());
  for (Index r = 0; r < x.size(); ++r) {
    const std::vector<double> b = basis(t, spline.degree - 1, x[r]);
    for (std::size_t i = 0; i < static_cast<std::size_t>(out.cols()); ++i)
      out(r, static_cast<Index>(i)) =
          static_cast<double>(d) * (ratio(b[i], t[i + d] - t[i]) - ratio(b[i + 1], t[i + d + 1] - t[i + 1]));
  }
  return out;
}

}  // namespace numerics
