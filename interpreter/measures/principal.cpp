#include "measures/principal.hpp"

#include "core/error.hpp"
#include "core/numbers.hpp"
#include "measures/describe.hpp"
#include "measures/moments.hpp"

#include "numerics/dense.hpp"
#include "numerics/distributions.hpp"

#include <cassert>
#include <cmath>
#include <limits>

namespace measures {
namespace {

using core::nan;
using numerics::DoubleDouble;
using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

/// n × k deviations from the mean; over the standard deviation when `standardised`.
Matrix deviations(const std::vector<std::vector<double>>& columns, bool standardised) {
  const auto n = static_cast<Index>(columns.front().size());
  Matrix Z(n, static_cast<Index>(columns.size()));
  for (std::size_t j = 0; j < columns.size(); ++j) {
    const Description d = describe(columns[j]);
    if (!(d.sd > 0))
      throw core::Error("indicator " + std::to_string(j + 1) + " has the same value in every row in use")
          .hint("leave it out: it cannot tell the rows apart");
    for (Index i = 0; i < n; ++i)
      Z(i, static_cast<Index>(j)) = (columns[j][static_cast<std::size_t>(i)] - d.mean) / (standardised ? d.sd : 1.0);
  }
  return Z;
}

Matrix moments_of(const Matrix& Z) {
  Matrix S(Z.cols(), Z.cols());
  for (Index a = 0; a < Z.cols(); ++a)
    for (Index b = 0; b <= a; ++b)
      S(a, b) = S(b, a) = static_cast<double>(exact_sum(static_cast<std::size_t>(Z.rows()),
                                                        [&](std::size_t i) {
                                                          const auto row = static_cast<Index>(i);
                                                          return numerics::two_product(Z(row, a), Z(row, b));
                                                        })) /
                          static_cast<double>(Z.rows() - 1);
  return S;
}

void test_correlations(const Matrix& R, double n, PrincipalComponents& out) {
  const Index k = R.rows();
  const auto size = static_cast<double>(k);
  out.bartlett_df = size * (size - 1) / 2;
  out.kmo = out.bartlett = out.bartlett_p = nan;
  out.msa.assign(static_cast<std::size_t>(k), nan);
  const Vector eigenvalues = numerics::symmetric_eigen(R).values;
  // A correlation matrix with an eigenvalue at rounding level is singular: no inverse, no determinant.
  if (eigenvalues.minCoeff() < 1e-12 * size) return;
  out.bartlett = -(n - 1 - (2 * size + 5) / 6) * eigenvalues.array().log().sum();
  if (out.bartlett >= 0) out.bartlett_p = numerics::chi2_upper(out.bartlett, out.bartlett_df);
  const Matrix inverse = numerics::inverse_spd(R, "correlations");
  double r2 = 0, q2 = 0;
  for (Index a = 0; a < k; ++a) {
    double r = 0, q = 0;
    for (Index b = 0; b < k; ++b) {
      if (a == b) continue;
      r += R(a, b) * R(a, b);
      q += inverse(a, b) * inverse(a, b) / (inverse(a, a) * inverse(b, b));
    }
    out.msa[static_cast<std::size_t>(a)] = r / (r + q);
    r2 += r;
    q2 += q;
  }
  out.kmo = r2 / (r2 + q2);
}

}  // namespace

PrincipalComponents principal_components(const std::vector<std::vector<double>>& columns, bool correlation) {
  assert(columns.size() >= 2);
  if (columns.front().size() < 2)
    throw core::Error("principal components need at least two rows without missing values");
  const Matrix standardised = deviations(columns, true);
  const Matrix R = moments_of(standardised);
  const Matrix Z = correlation ? standardised : deviations(columns, false);
  const numerics::SymmetricEigen eigen = numerics::symmetric_eigen(correlation ? R : moments_of(Z));
  PrincipalComponents out;
  out.eigenvalues = eigen.values.reverse().cwiseMax(0.0);
  out.shares = out.eigenvalues / out.eigenvalues.sum();
  out.loadings = eigen.vectors.rowwise().reverse();
  for (Index j = 0; j < out.loadings.cols(); ++j)
    if (out.loadings.col(j).sum() < 0) out.loadings.col(j) *= -1;
  out.scores = numerics::product(Z, out.loadings);
  test_correlations(R, static_cast<double>(columns.front().size()), out);
  return out;
}

}  // namespace measures
