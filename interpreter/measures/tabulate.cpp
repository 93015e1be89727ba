#include "measures/tabulate.hpp"

#include "core/error.hpp"
#include "core/numbers.hpp"
#include "core/text.hpp"
#include "data/display_format.hpp"

#include "numerics/distributions.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace measures {
namespace {

using core::nan;
using numerics::Index;

/// Codes of a column in sorted order with their texts; with `missing`, an own last level for missing values.
struct Levels {
  std::vector<std::int32_t> codes;
  std::vector<std::string> names;
};

Levels levels_of(const data::Column& column, bool missing) {
  data::Grouping grouping = data::sorted(data::group(column), column);
  Levels out;
  for (const std::uint32_t row : grouping.first)
    out.names.push_back(data::formatted_text(column, row).value_or(column.text(row)));
  // A format that writes different values alike is no help here.
  if (std::set<std::string>(out.names.begin(), out.names.end()).size() < out.names.size())
    for (std::size_t i = 0; i < out.names.size(); ++i) out.names[i] = column.text(grouping.first[i]);
  const auto last = grouping.levels();
  if (missing && std::find(grouping.codes.begin(), grouping.codes.end(), -1) != grouping.codes.end()) {
    std::replace(grouping.codes.begin(), grouping.codes.end(), -1, last);
    out.names.emplace_back();
  }
  out.codes = std::move(grouping.codes);
  return out;
}

double weight_at(std::span<const double> weights, std::size_t row, Weighting weighting) {
  if (weights.empty()) return 1;
  const double w = weights[row];
  if (std::isnan(w)) return 0;
  if (w < 0) throw core::Error("a weight is negative: " + core::shortest(w) + " in row " + std::to_string(row + 1));
  if (weighting == Weighting::frequency && w != std::floor(w))
    throw core::Error("frequency weights must be whole numbers; row " + std::to_string(row + 1) + " has " +
                      core::shortest(w));
  return w;
}

/// Drops rows and columns of a table that hold nothing (levels only of rows that were left out).
void drop_empty(TwoWayTable& table) {
  const auto keep = [](const numerics::Vector& totals, std::vector<std::string>& names) {
    std::vector<Index> kept;
    std::vector<std::string> kept_names;
    for (Index i = 0; i < totals.size(); ++i)
      if (totals[i] > 0) {
        kept.push_back(i);
        kept_names.push_back(names[static_cast<std::size_t>(i)]);
      }
    names = std::move(kept_names);
    return kept;
  };
  const std::vector<Index> rows = keep(table.counts.rowwise().sum(), table.rows);
  const std::vector<Index> columns = keep(table.counts.colwise().sum().transpose(), table.columns);
  table.counts = numerics::Matrix(table.counts(rows, columns));
}

void test_independence(TwoWayTable& table) {
  const auto smaller = static_cast<double>(std::min(table.rows.size(), table.columns.size())) - 1;
  table.df = (static_cast<double>(table.rows.size()) - 1) * (static_cast<double>(table.columns.size()) - 1);
  table.chi2 = table.p = table.cramers_v = nan;
  if (!(table.df > 0)) return;
  const numerics::Matrix expected = table.row_totals * table.column_totals.transpose() / table.total;
  table.chi2 = ((table.counts - expected).array().square() / expected.array()).sum();
  table.p = numerics::chi2_upper(table.chi2, table.df);
  table.cramers_v = std::sqrt(table.chi2 / (table.total * smaller));
}

}  // namespace

numerics::Matrix TwoWayTable::row_shares() const { return row_totals.cwiseInverse().asDiagonal() * counts; }
numerics::Matrix TwoWayTable::column_shares() const { return counts * column_totals.cwiseInverse().asDiagonal(); }
numerics::Matrix TwoWayTable::shares() const { return counts / total; }

OneWayTable tabulate(const data::Column& x, std::span<const double> weights, const TabulateOptions& options) {
  assert((options.weighting == Weighting::none) == weights.empty() && (weights.empty() || weights.size() == x.size()));
  Levels levels = levels_of(x, options.missing);
  std::vector<double> sums(levels.names.size());
  double rows = 0;
  double total = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double w = weight_at(weights, i, options.weighting);
    if (levels.codes[i] < 0 || w == 0) continue;
    sums[static_cast<std::size_t>(levels.codes[i])] += w;
    total += w;
    ++rows;
  }
  OneWayTable out;
  const double scale = options.weighting == Weighting::analytic && total > 0 ? rows / total : 1;
  out.total = total * scale;
  double below = 0;
  for (std::size_t k = 0; k < sums.size(); ++k) {
    if (sums[k] == 0) continue;
    below += sums[k];
    out.levels.push_back(std::move(levels.names[k]));
    out.counts.push_back(sums[k] * scale);
    out.shares.push_back(sums[k] / total);
    out.cumulative.push_back(below / total);
  }
  return out;
}

TwoWayTable tabulate(const data::Column& row, const data::Column& column, std::span<const double> weights,
                     const TabulateOptions& options) {
  assert(row.size() == column.size());
  assert((options.weighting == Weighting::none) == weights.empty() &&
         (weights.empty() || weights.size() == row.size()));
  Levels down = levels_of(row, options.missing);
  Levels across = levels_of(column, options.missing);
  TwoWayTable out;
  constexpr std::size_t most_cells = std::size_t{1} << 24;
  if (down.names.size() * across.names.size() > most_cells)
    throw core::Error("a table of " + core::grouped(static_cast<long long>(down.names.size())) + " × " +
                      core::grouped(static_cast<long long>(across.names.size())) + " levels is too large")
        .hint("group the values first");
  out.counts = numerics::Matrix::Zero(static_cast<Index>(down.names.size()), static_cast<Index>(across.names.size()));
  double rows = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const double w = weight_at(weights, i, options.weighting);
    if (down.codes[i] < 0 || across.codes[i] < 0 || w == 0) continue;
    out.counts(down.codes[i], across.codes[i]) += w;
    ++rows;
  }
  if (options.weighting == Weighting::analytic && rows > 0) out.counts *= rows / out.counts.sum();
  out.rows = std::move(down.names);
  out.columns = std::move(across.names);
  drop_empty(out);
  out.row_totals = out.counts.rowwise().sum();
  out.column_totals = out.counts.colwise().sum().transpose();
  out.total = out.row_totals.sum();
  test_independence(out);
  if (options.weighting == Weighting::analytic) out.chi2 = out.p = out.cramers_v = nan;
  return out;
}

}  // namespace measures
