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

constexpr Index draws_at_once = 32, rows_at_once = 512;

/// Draws begin … end − 1 of b*: one stream for each draw, 64 signs a number of it, so that blocks never matter.
void draw(const Matrix& psi, std::uint64_t seed, Index begin, Index end, Matrix& out) {
  const Index count = end - begin, n = psi.rows();
  std::vector<numerics::Random> streams;
  for (Index b = begin; b < end; ++b) streams.emplace_back(seed, static_cast<std::uint64_t>(b));
  Matrix signs(count, rows_at_once), sum = Matrix::Zero(count, psi.cols());
  for (Index at = 0; at < n; at += rows_at_once) {
    if (core::interrupt_requested()) return;
    const Index rows = std::min(rows_at_once, n - at);
    for (Index b = 0; b < count; ++b) {
      for (Index i = 0; i < rows; i += 64) {
        std::uint64_t bits = streams[static_cast<std::size_t>(b)].bits();
        const Index stop = std::min(rows, i + 64);
        for (Index j = i; j < stop; ++j, bits >>= 1) signs(b, j) = (bits & 1) != 0 ? 1.0 : -1.0;
      }
    }
    sum.noalias() += signs.leftCols(rows) * psi.middleRows(at, rows);
  }
  out.middleRows(begin, count) = sum;
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
  Matrix draws(reps, k);
  core::for_blocks(static_cast<std::size_t>(reps), draws_at_once, [&](std::size_t begin, std::size_t end) {
    draw(rows, seed, static_cast<Index>(begin), static_cast<Index>(end), draws);
  });
  core::poll();
  draws /= static_cast<double>(psi.rows());
  Multiplier out{Vector::Zero(k), 0};
  const double width = inference::normal_quantile(0.75) - inference::normal_quantile(0.25);
  std::vector<double> column(static_cast<std::size_t>(reps)), largest(static_cast<std::size_t>(reps), 0);
  for (Index j = 0; j < k; ++j) {
    for (Index b = 0; b < reps; ++b) column[static_cast<std::size_t>(b)] = draws(b, j);
    std::sort(column.begin(), column.end());
    const double se = (upper_quantile(column, 0.75) - upper_quantile(column, 0.25)) / width;
    if (!(se > 0)) continue;
    out.se[j] = se;
    for (Index b = 0; b < reps; ++b) {
      double& most = largest[static_cast<std::size_t>(b)];
      most = std::max(most, std::abs(draws(b, j)) / se);
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
