#include "numerics/sum.hpp"

#include "core/parallel.hpp"

#include <vector>

namespace numerics {
namespace {

constexpr std::size_t block_rows = 1 << 14;

/// Adds up `term(i)` (a double-double) over rows in blocks of fixed size.
template <class Term>
double blocked(Index n, const Term& term) {
  const auto rows = static_cast<std::size_t>(n);
  std::vector<DoubleDouble> parts((rows + block_rows - 1) / block_rows);
  core::for_blocks(rows, block_rows, [&](std::size_t begin, std::size_t end) {
    double s = 0, c = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const DoubleDouble t = term(static_cast<Index>(i));
      const DoubleDouble u = two_sum(s, t.hi);
      s = u.hi;
      c += u.lo + t.lo;
    }
    parts[begin / block_rows] = two_sum(s, c);
  });
  DoubleDouble total;
  for (const DoubleDouble& part : parts) total += part;
  return static_cast<double>(total);
}

}  // namespace

double sum(const Eigen::Ref<const Vector>& x) {
  return blocked(x.size(), [&](Index i) { return DoubleDouble(x[i]); });
}

double dot(const Eigen::Ref<const Vector>& x, const Eigen::Ref<const Vector>& y) {
  return blocked(x.size(), [&](Index i) { return two_product(x[i], y[i]); });
}

double weighted_dot(const Vector& w, const Eigen::Ref<const Vector>& x, const Eigen::Ref<const Vector>& y) {
  if (w.size() == 0) return dot(x, y);
  return blocked(x.size(), [&](Index i) { return two_product(x[i], y[i]) * w[i]; });
}

}  // namespace numerics
