#include "estimators/did/multiplier.hpp"

#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "inference/tests.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace estimators {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

constexpr Index draws_at_once = 256;

/// Σ ± ψ_i for all signs of 8 units: column m has + where bit i of m is 1. psi: k×n, units from `at`, at most 8 of
/// them.
void signed_sums(const Matrix& psi, Index at, Index units, Matrix& out) {
  out.col(0) = -psi.middleCols(at, units).rowwise().sum();
  for (Index bit = 0; bit < units; ++bit) {
    const Index first = Index{1} << bit;
    out.middleCols(first, first) = out.leftCols(first).colwise() + 2 * psi.col(at + bit);
  }
}

/// Draws begin … end − 1 of b*, columns of `out`: one stream for each draw, 64 signs a number of it, so that blocks
/// never matter. 8 units at a time: their 256 signed sums serve all draws.
void draw(const Matrix& psi, std::uint64_t seed, Index begin, Index end, Matrix& out) {
  const Index count = end - begin, n = psi.cols();
  std::vector<numerics::Random> streams;
  for (Index b = begin; b < end; ++b) streams.emplace_back(seed, static_cast<std::uint64_t>(b));
  std::vector<std::uint64_t> bits(static_cast<std::size_t>(count));
  Matrix sums = Matrix::Zero(psi.rows(), count), table(psi.rows(), 256);
  for (Index at = 0; at < n; at += 64) {
    if (core::interrupt_requested()) return;
    for (std::size_t b = 0; b < bits.size(); ++b) bits[b] = streams[b].bits();
    for (Index i = at; i < std::min(n, at + 64); i += 8) {
      const Index units = std::min<Index>(8, n - i);
      const std::uint64_t mask = (std::uint64_t{1} << units) - 1;
      signed_sums(psi, i, units, table);
      for (Index b = 0; b < count; ++b)
        sums.col(b) += table.col(static_cast<Index>(bits[static_cast<std::size_t>(b)] >> (i - at) & mask));
    }
  }
  out.middleCols(begin, count) = sums;
}

/// Quantile of type 1: the smallest value with at least that share at or below it.
double upper_quantile(std::vector<double>& sorted, double share) {
  const double at = std::ceil(share * static_cast<double>(sorted.size()) - 1e-9);
  return sorted[static_cast<std::size_t>(std::clamp(at, 1.0, static_cast<double>(sorted.size()))) - 1];
}

}  // namespace

Multiplier multiplier_bootstrap(const Matrix& psi, const numerics::Codes& groups, int reps, std::uint64_t seed,
                                double level) {
  const Index k = psi.cols();
  const Index count = groups.empty() ? psi.rows() : *std::max_element(groups.begin(), groups.end()) + 1;
  const Matrix summed = groups.empty() ? Matrix() : numerics::group_sums(psi, groups, count);
  const Matrix& rows = groups.empty() ? psi : summed;
  const Matrix by_unit = rows.transpose();
  Matrix draws(k, reps);
  core::for_blocks(static_cast<std::size_t>(reps), draws_at_once, [&](std::size_t begin, std::size_t end) {
    draw(by_unit, seed, static_cast<Index>(begin), static_cast<Index>(end), draws);
  });
  core::poll();
  draws /= static_cast<double>(psi.rows());
  Multiplier out{Vector::Zero(k), 0};
  const double width = inference::normal_quantile(0.75) - inference::normal_quantile(0.25);
  std::vector<double> column(static_cast<std::size_t>(reps)), largest(static_cast<std::size_t>(reps), 0);
  for (Index j = 0; j < k; ++j) {
    for (Index b = 0; b < reps; ++b) column[static_cast<std::size_t>(b)] = draws(j, b);
    std::sort(column.begin(), column.end());
    const double se = (upper_quantile(column, 0.75) - upper_quantile(column, 0.25)) / width;
    if (!(se > 0)) continue;
    out.se[j] = se;
    for (Index b = 0; b < reps; ++b) {
      double& most = largest[static_cast<std::size_t>(b)];
      most = std::max(most, std::abs(draws(j, b)) / se);
    }
  }
  std::sort(largest.begin(), largest.end());
  out.critical = std::max(upper_quantile(largest, level), inference::normal_quantile(0.5 + level / 2));
  return out;
}

core::OptionSpec multiplier_reps(const std::string& usual) {
  return {.name = "reps",
          .kind = core::Kind::integer,
          .doc = "draws of the multiplier bootstrap; 0: analytic standard errors",
          .default_text = usual,
          .min = 0,
          .max = 1e6};
}

core::OptionSpec multiplier_seed(const std::string& usual) {
  return {.name = "seed", .kind = core::Kind::integer, .doc = "seed of the draws", .default_text = usual};
}

}  // namespace estimators
