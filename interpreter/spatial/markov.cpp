#include "spatial/markov.hpp"

#include "core/error.hpp"
#include "numerics/dense.hpp"
#include "numerics/distributions.hpp"

#include <cmath>

namespace spatial {
namespace {

Matrix shares(const Matrix& counts) {
  Matrix P = counts;
  for (Index i = 0; i < P.rows(); ++i)
    if (const double sum = counts.row(i).sum(); sum > 0) P.row(i) /= sum;
  return P;
}

void test(Markov& m) {
  const Index k = m.counts.rows();
  for (Index i = 0; i < k; ++i) {
    double classes = 0, neighbours = 0;
    for (Index j = 0; j < k; ++j) classes += m.probabilities(i, j) > 0;
    for (const Matrix& counts : m.counts_given) neighbours += counts.row(i).sum() > 0;
    if (classes > 0 && neighbours > 0) m.df += (classes - 1) * (neighbours - 1);
    for (std::size_t l = 0; l < m.given.size(); ++l) {
      const double n = m.counts_given[l].row(i).sum();
      for (Index j = 0; j < k; ++j) {
        const double p = m.probabilities(i, j), q = m.given[l](i, j);
        if (p > 0 && n > 0) m.Q += n * (q - p) * (q - p) / p;
        if (q > 0) m.LR += 2 * m.counts_given[l](i, j) * std::log(q / p);
      }
    }
  }
  if (!(m.df > 0)) return;
  m.Q_p = numerics::chi2_upper(m.Q, m.df);
  m.LR_p = numerics::chi2_upper(m.LR, m.df);
}

}  // namespace

Vector ergodic(const Matrix& P) {
  const Index k = P.rows();
  for (Index i = 0; i < k; ++i)
    if (!(P.row(i).sum() > 0)) return {};
  Matrix A = Matrix::Identity(k, k) - P.transpose();
  A.row(k - 1).setOnes();
  Vector one = Vector::Zero(k);
  one[k - 1] = 1;
  try {
    const Vector p = numerics::solve(A, one, "the long run").col(0);
    return p.minCoeff() > -1e-9 ? p : Vector();
  } catch (const core::Error&) {  // several closed sets of classes: no single long run
    return {};
  }
}

Markov spatial_markov(const std::vector<std::vector<int>>& own, const std::vector<std::vector<int>>& lag, int k) {
  Markov m;
  m.counts = Matrix::Zero(k, k);
  m.counts_given.assign(static_cast<std::size_t>(k), Matrix::Zero(k, k));
  for (std::size_t t = 0; t + 1 < own.size(); ++t)
    for (std::size_t i = 0; i < own[t].size(); ++i) {
      const int from = own[t][i], to = own[t + 1][i], near = lag[t][i];
      if (from < 0 || to < 0 || near < 0) continue;
      m.counts(from, to) += 1;
      m.counts_given[static_cast<std::size_t>(near)](from, to) += 1;
    }
  m.probabilities = shares(m.counts);
  m.ergodic = ergodic(m.probabilities);
  for (const Matrix& counts : m.counts_given) {
    m.given.push_back(shares(counts));
    m.ergodic_given.push_back(ergodic(m.given.back()));
  }
  test(m);
  return m;
}

}  // namespace spatial
