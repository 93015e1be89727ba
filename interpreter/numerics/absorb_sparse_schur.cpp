#include "numerics/absorb_sparse_schur.hpp"

#include "core/interrupt.hpp"
#include "core/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace numerics::absorption {
namespace {

/// C scaled to B^−½ C D, by rows (levels of an eliminated layer), columns ascending.
struct Rows {
  std::vector<std::int64_t> starts;
  std::vector<std::int32_t> columns;
  std::vector<double> values;
};

Vector scales(const Reduced& reduced) {
  return reduced.gram().unaryExpr([](double g) { return g > 0 ? 1 / std::sqrt(g) : 0.0; });
}

double value_of(const Reduced::Part& part, std::size_t cell) { return part.values.empty() ? 1.0 : part.values[cell]; }

/// Scratch that sums entries by column and lists the columns met.
struct Accumulator {
  explicit Accumulator(Index size) : sum(std::size_t(size), 0.0), met_at(std::size_t(size), -1) {}
  void add(std::int32_t column, double value, std::int64_t stamp) {
    if (met_at[std::size_t(column)] != stamp) {
      met_at[std::size_t(column)] = stamp;
      sum[std::size_t(column)] = 0;
      met.push_back(column);
    }
    sum[std::size_t(column)] += value;
  }
  std::vector<double> sum;
  std::vector<std::int64_t> met_at;
  std::vector<std::int32_t> met;
};

Rows eliminated_rows(const Reduced& reduced, const Vector& scale) {
  const auto levels = std::size_t(reduced.starts().size() - 1), owns = reduced.own().size();
  const std::size_t row_count = levels * owns, block = row_count / 64 + 64;
  struct Part {
    std::vector<std::int32_t> lengths, columns;
    std::vector<double> values;
  };
  std::vector<Part> parts((row_count + block - 1) / block);
  core::for_blocks(row_count, block, [&](std::size_t begin, std::size_t end) {
    Accumulator scratch(reduced.size());
    Part& part = parts[begin / block];
    for (std::size_t row = begin; row < end; ++row) {
      const Reduced::Part& own = reduced.own()[row / levels];
      const std::size_t level = row % levels;
      scratch.met.clear();
      for (auto i = std::size_t(reduced.starts()[level]); i < std::size_t(reduced.starts()[level + 1]); ++i) {
        const double weight = (reduced.weights().empty() ? 1.0 : reduced.weights()[i]) * value_of(own, i);
        for (const Reduced::Part& other : reduced.others())
          scratch.add(other.column[i], weight * value_of(other, i), std::int64_t(row));
      }
      std::sort(scratch.met.begin(), scratch.met.end());
      const double root = std::sqrt(reduced.inverse(own)[Index(level)]);
      for (const std::int32_t column : scratch.met) {
        part.columns.push_back(column);
        part.values.push_back(scratch.sum[std::size_t(column)] * root * scale[column]);
      }
      part.lengths.push_back(std::int32_t(scratch.met.size()));
    }
  });
  Rows result;
  result.starts.push_back(0);
  for (const Part& part : parts)
    for (const std::int32_t length : part.lengths) result.starts.push_back(result.starts.back() + length);
  result.columns.reserve(std::size_t(result.starts.back()));
  result.values.reserve(std::size_t(result.starts.back()));
  for (Part& part : parts) {
    result.columns.insert(result.columns.end(), part.columns.begin(), part.columns.end());
    result.values.insert(result.values.end(), part.values.begin(), part.values.end());
    part = {};
  }
  return result;
}

/// For each column, where its entries are: their row and their place in Rows.
struct Places {
  std::vector<std::int64_t> starts;
  std::vector<std::int32_t> rows;
  std::vector<std::int64_t> places;
};
Places by_column(const Rows& rows, Index columns) {
  Places result;
  result.starts.assign(std::size_t(columns) + 1, 0);
  for (const std::int32_t column : rows.columns) ++result.starts[std::size_t(column) + 1];
  std::partial_sum(result.starts.begin(), result.starts.end(), result.starts.begin());
  std::vector<std::int64_t> next(result.starts.begin(), result.starts.end() - 1);
  result.rows.resize(rows.columns.size());
  result.places.resize(rows.columns.size());
  for (std::size_t row = 0; row + 1 < rows.starts.size(); ++row)
    for (std::int64_t p = rows.starts[row]; p < rows.starts[row + 1]; ++p) {
      const std::int64_t to = next[std::size_t(rows.columns[std::size_t(p)])]++;
      result.rows[std::size_t(to)] = std::int32_t(row);
      result.places[std::size_t(to)] = p;
    }
  return result;
}

/// Cells of each coefficient of one layer, in a list by coefficient.
struct CellLists {
  std::vector<std::int32_t> starts, cells;
};
CellLists cells_by_column(const Reduced::Part& part, Index levels) {
  CellLists lists;
  lists.starts.assign(std::size_t(levels) + 1, 0);
  const auto offset = std::int32_t(part.offset);
  for (const std::int32_t column : part.column) ++lists.starts[std::size_t(column - offset) + 1];
  std::partial_sum(lists.starts.begin(), lists.starts.end(), lists.starts.begin());
  std::vector<std::int32_t> next(lists.starts.begin(), lists.starts.end() - 1);
  lists.cells.resize(part.column.size());
  for (std::size_t i = 0; i < part.column.size(); ++i)
    lists.cells[std::size_t(next[std::size_t(part.column[i] - offset)]++)] = std::int32_t(i);
  return lists;
}

/// A's entries between the border and everything before it, scaled.
void add_border_crossings(const Reduced& reduced, const Vector& scale, SparseSchur& S) {
  const auto& others = reduced.others();
  for (std::size_t p = 0; p < others.size(); ++p) {
    if (others[p].offset < S.inner) continue;
    for (std::size_t q = 0; q < p; ++q) {
      if (reduced.dimension(others[p]) == reduced.dimension(others[q])) continue;
      for (std::size_t i = 0; i < std::size_t(reduced.cells()); ++i) {
        const std::int32_t row = others[p].column[i], column = others[q].column[i];
        const double value = (reduced.weights().empty() ? 1.0 : reduced.weights()[i]) * value_of(others[p], i) *
                             value_of(others[q], i) * scale[row] * scale[column];
        if (others[q].offset < S.inner)
          S.B(row - S.inner, column) += value;
        else
          S.E(row - S.inner, column - S.inner) += value;
      }
    }
  }
}

}  // namespace

Index inner_size(const Reduced& reduced) {
  Index inner = reduced.size();
  const Index most = std::min(most_border, reduced.size() / 3);
  const auto& others = reduced.others();
  for (std::size_t p = others.size(); p-- > 0 && reduced.size() - others[p].offset <= most;)
    if (p == 0 || reduced.dimension(others[p]) != reduced.dimension(others[p - 1])) inner = others[p].offset;
  return inner;
}

double assembly_products(const Reduced& reduced) {
  double products = 0;
  for (std::size_t level = 0; level + 1 < reduced.starts().size(); ++level) {
    const double met =
        std::min(double(reduced.starts()[level + 1] - reduced.starts()[level]) * double(reduced.others().size()),
                 double(reduced.size()));
    products += met * met / 2;
  }
  return products * double(reduced.own().size());
}

double sampled_density(const Reduced& reduced) {
  constexpr Index most = 16;
  const Index inner = inner_size(reduced), step = std::max<Index>(inner / most, 1);
  std::vector<std::int8_t> name(std::size_t(inner), -1);
  Index sampled = 0;
  for (Index j = step / 2; j < inner && sampled < most; j += step) name[std::size_t(j)] = std::int8_t(sampled++);
  std::vector<std::uint16_t> met(std::size_t(inner), 0);
  for (std::size_t level = 0; level + 1 < reduced.starts().size(); ++level) {
    const auto first = std::size_t(reduced.starts()[level]), last = std::size_t(reduced.starts()[level + 1]);
    std::uint16_t here = 0;
    for (const Reduced::Part& part : reduced.others())
      if (part.offset < inner)
        for (std::size_t i = first; i < last; ++i)
          if (const std::int8_t s = name[std::size_t(part.column[i])]; s >= 0) here |= std::uint16_t(1U << s);
    if (here == 0) continue;
    for (const Reduced::Part& part : reduced.others())
      if (part.offset < inner)
        for (std::size_t i = first; i < last; ++i) met[std::size_t(part.column[i])] |= here;
  }
  double filled = 0;
  for (std::uint16_t bits : met)
    for (; bits; bits = std::uint16_t(bits & (bits - 1))) ++filled;
  return filled / (double(inner) * double(sampled));
}

SparseSchur sparse_schur(const Reduced& reduced) {
  const Vector scale = scales(reduced);
  const Rows rows = eliminated_rows(reduced, scale);
  core::poll();
  const Places places = by_column(rows, reduced.size());
  core::poll();
  SparseSchur S;
  S.inner = inner_size(reduced);
  S.border = reduced.size() - S.inner;
  S.B = Matrix::Zero(S.border, S.inner);
  S.E = Matrix::Zero(S.border, S.border);
  add_border_crossings(reduced, scale, S);
  for (Index j = 0; j < S.border; ++j) S.E(j, j) += scale[S.inner + j] > 0 ? 1 : 0;
  core::poll();

  std::vector<CellLists> lists;  // for crossings of two dimensions within the sparse part
  const auto& others = reduced.others();
  const bool crossed = std::any_of(others.begin(), others.end(), [&](const Reduced::Part& part) {
    return part.offset < S.inner && reduced.dimension(part) != reduced.dimension(others[0]);
  });
  if (crossed)
    for (const Reduced::Part& part : others)
      if (part.offset < S.inner) lists.push_back(cells_by_column(part, reduced.inverse(part).size()));

  const auto columns = std::size_t(reduced.size());
  const std::size_t block = columns / 64 + 16;
  struct Part {
    std::vector<std::int32_t> lengths, rows;
    std::vector<double> values;
  };
  std::vector<Part> parts((columns + block - 1) / block);
  core::for_blocks(columns, block, [&](std::size_t begin, std::size_t end) {
    Accumulator scratch(reduced.size());
    Part& part = parts[begin / block];
    for (std::size_t j = begin; j < end; ++j) {
      const auto column = Index(j), stamp = Index(j);
      scratch.met.clear();
      scratch.add(std::int32_t(j), scale[column] > 0 ? 1 : 0, stamp);
      for (std::int64_t e = places.starts[j]; e < places.starts[j + 1]; ++e) {
        const auto place = std::size_t(places.places[std::size_t(e)]);
        const auto row_end = std::size_t(rows.starts[std::size_t(places.rows[std::size_t(e)]) + 1]);
        const double minus = -rows.values[place];
        for (std::size_t p = place; p < row_end; ++p) scratch.add(rows.columns[p], minus * rows.values[p], stamp);
      }
      for (std::size_t p = 0; p < lists.size(); ++p) {
        const auto level = std::int64_t(j) - others[p].offset;
        if (level < 0 || level + 1 >= std::int64_t(lists[p].starts.size())) continue;
        for (std::int32_t at = lists[p].starts[std::size_t(level)]; at < lists[p].starts[std::size_t(level) + 1];
             ++at) {
          const auto i = std::size_t(lists[p].cells[std::size_t(at)]);
          const double weight =
              (reduced.weights().empty() ? 1.0 : reduced.weights()[i]) * value_of(others[p], i) * scale[column];
          for (std::size_t q = p + 1; q < lists.size(); ++q)
            if (reduced.dimension(others[p]) != reduced.dimension(others[q]))
              scratch.add(others[q].column[i], weight * value_of(others[q], i) * scale[others[q].column[i]], stamp);
        }
      }
      std::sort(scratch.met.begin(), scratch.met.end());
      std::int32_t length = 0;
      for (const std::int32_t row : scratch.met) {
        const double value = scratch.sum[std::size_t(row)];
        if (row < S.inner) {
          part.rows.push_back(row);
          part.values.push_back(value);
          ++length;
        } else if (column < S.inner) {
          S.B(row - S.inner, column) += value;
        } else if (row != column) {
          S.E(row - S.inner, column - S.inner) += value;
        } else {
          S.E(row - S.inner, column - S.inner) += value - (scale[column] > 0 ? 1 : 0);  // its 1 is there already
        }
      }
      if (column < S.inner) part.lengths.push_back(length);
    }
  });
  core::poll();
  S.starts.push_back(0);
  for (const Part& part : parts)
    for (const std::int32_t length : part.lengths) S.starts.push_back(S.starts.back() + length);
  S.rows.reserve(std::size_t(S.starts.back()));
  S.values.reserve(std::size_t(S.starts.back()));
  for (Part& part : parts) {
    S.rows.insert(S.rows.end(), part.rows.begin(), part.rows.end());
    S.values.insert(S.values.end(), part.values.begin(), part.values.end());
    part = {};
  }
  return S;
}

}  // namespace numerics::absorption
