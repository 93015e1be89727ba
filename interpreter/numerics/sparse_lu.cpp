#include "numerics/sparse_lu.hpp"

#include "numerics/sparse_cholesky.hpp"

#include <algorithm>
#include <cmath>

namespace numerics {
namespace {

/// The lower triangle of the pattern of A + A'.
SparsePattern both_triangles(const SparseRows& rows) {
  const std::size_t n = rows.size();
  std::vector<std::vector<int>> below(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t e = rows.starts[i]; e < rows.starts[i + 1]; ++e) {
      const auto j = static_cast<std::size_t>(rows.columns[e]);
      below[std::min(i, j)].push_back(static_cast<int>(std::max(i, j)));
    }
  SparsePattern out;
  out.starts.push_back(0);
  for (std::vector<int>& column : below) {
    std::sort(column.begin(), column.end());
    column.erase(std::unique(column.begin(), column.end()), column.end());
    out.rows.insert(out.rows.end(), column.begin(), column.end());
    out.starts.push_back(static_cast<int>(out.rows.size()));
  }
  return out;
}

}  // namespace

SparseLU::SparseLU(SparseRows rows) : rows_(std::move(rows)) {
  const SparsePattern pattern = both_triangles(rows_);
  const std::size_t n = rows_.size();
  order_ = elimination_order(pattern);
  place_.resize(n);
  for (std::size_t k = 0; k < n; ++k) place_[static_cast<std::size_t>(order_[k])] = static_cast<int>(k);
  // Row by row of the factor L: the entries of the row and, up the elimination tree, what they fill in (Liu 1990).
  std::vector<std::vector<int>> before(n);  // entries left of the diagonal, in the order of elimination
  for (std::size_t j = 0; j < n; ++j)
    for (int e = pattern.starts[j]; e < pattern.starts[j + 1]; ++e) {
      const int a = place_[j], b = place_[static_cast<std::size_t>(pattern.rows[static_cast<std::size_t>(e)])];
      if (a != b) before[static_cast<std::size_t>(std::max(a, b))].push_back(std::min(a, b));
    }
  std::vector<int> parent(n, -1), mark(n, -1);
  std::vector<std::vector<int>> reached(n);
  std::vector<std::size_t> count(n, 0);
  for (std::size_t k = 0; k < n; ++k) {
    mark[k] = static_cast<int>(k);
    for (const int entry : before[k])
      for (int j = entry; mark[static_cast<std::size_t>(j)] != static_cast<int>(k);
           j = parent[static_cast<std::size_t>(j)]) {
        const auto at = static_cast<std::size_t>(j);
        if (parent[at] < 0) parent[at] = static_cast<int>(k);
        mark[at] = static_cast<int>(k);
        reached[k].push_back(j);
        ++count[at];
      }
    std::sort(reached[k].begin(), reached[k].end());
  }
  lower_.push_back(0);
  upper_.push_back(0);
  for (std::size_t k = 0; k < n; ++k) {
    lower_columns_.insert(lower_columns_.end(), reached[k].begin(), reached[k].end());
    lower_.push_back(lower_columns_.size());
    upper_.push_back(upper_.back() + count[k]);
  }
  upper_columns_.resize(upper_.back());
  std::vector<std::size_t> next(upper_.begin(), upper_.end() - 1);
  for (std::size_t k = 0; k < n; ++k)  // the pattern of U is that of L'
    for (const int j : reached[k]) upper_columns_[next[static_cast<std::size_t>(j)]++] = static_cast<int>(k);
}

std::optional<double> SparseLU::log_abs_det(const std::vector<double>& values) const {
  const std::size_t n = rows_.size();
  std::vector<double> upper(upper_.back()), pivot(n), row(n, 0.0);
  double sum = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const auto r = static_cast<std::size_t>(order_[k]);
    for (std::size_t e = rows_.starts[r]; e < rows_.starts[r + 1]; ++e)
      row[static_cast<std::size_t>(place_[static_cast<std::size_t>(rows_.columns[e])])] += values[e];
    for (std::size_t e = lower_[k]; e < lower_[k + 1]; ++e) {
      const auto j = static_cast<std::size_t>(lower_columns_[e]);
      const double factor = row[j] / pivot[j];
      row[j] = 0;
      if (factor == 0) continue;
      const int* column = upper_columns_.data();
      for (std::size_t u = upper_[j]; u < upper_[j + 1]; ++u)
        row[static_cast<std::size_t>(column[u])] -= factor * upper[u];
    }
    pivot[k] = row[k];
    row[k] = 0;
    if (!std::isfinite(pivot[k]) || pivot[k] == 0) return std::nullopt;
    sum += std::log(std::abs(pivot[k]));
    for (std::size_t u = upper_[k]; u < upper_[k + 1]; ++u) {
      const auto j = static_cast<std::size_t>(upper_columns_[u]);
      upper[u] = row[j];
      row[j] = 0;
    }
  }
  return sum;
}

}  // namespace numerics
