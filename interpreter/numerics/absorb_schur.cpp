#include "numerics/absorb_schur.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <mutex>
#include <numeric>

namespace numerics::absorption {
namespace {

/// Sums entries by column and lists the columns met since `begin`.
class Accumulator {
 public:
  explicit Accumulator(Index size) : entries_(std::size_t(size)) {}
  void begin() {
    ++stamp_;
    met.clear();
  }
  void add(std::int32_t column, double value) {
    Entry& entry = entries_[std::size_t(column)];
    if (entry.stamp == stamp_) {
      entry.sum += value;
    } else {
      entry = {value, stamp_};
      met.push_back(column);
    }
  }
  double sum(std::int32_t column) const { return entries_[std::size_t(column)].sum; }

  std::vector<std::int32_t> met;

 private:
  struct Entry {
    double sum = 0;
    std::int64_t stamp = 0;
  };
  std::vector<Entry> entries_;
  std::int64_t stamp_ = 0;
};

/// Accumulators that blocks of a parallel loop borrow; as many are made as threads work.
class Accumulators {
 public:
  explicit Accumulators(Index size) : size_(size) {}
  std::unique_ptr<Accumulator> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<Accumulator>(size_);
    std::unique_ptr<Accumulator> one = std::move(free_.back());
    free_.pop_back();
    return one;
  }
  void give(std::unique_ptr<Accumulator> one) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(one));
  }

 private:
  Index size_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Accumulator>> free_;
};

/// C scaled to B^−½ C D by rows (levels of an eliminated layer), columns ascending, in blocks of rows.
struct Rows {
  struct Block {
    Integers columns;
    Vector values;
    std::vector<std::int32_t> starts, borders;  ///< of each row, and end; where its border columns begin
  };
  std::size_t count = 0, block_rows = 0;
  std::vector<Block> blocks;
};

Rows eliminated_rows(const Reduced& reduced, const Vector& scale, Index inner) {
  const auto& starts = reduced.starts();
  const std::size_t levels = starts.size() - 1;
  Rows rows;
  rows.count = levels * reduced.own().size();
  rows.block_rows = rows.count / 64 + 64;
  rows.blocks.resize((rows.count + rows.block_rows - 1) / rows.block_rows);
  Accumulators pool(reduced.size());
  core::for_blocks(rows.count, rows.block_rows, [&](std::size_t begin, std::size_t end) {
    std::unique_ptr<Accumulator> scratch = pool.take();
    Rows::Block& block = rows.blocks[begin / rows.block_rows];
    Index most = 0;
    for (std::size_t row = begin; row < end; ++row)
      most += std::min(Index(starts[row % levels + 1] - starts[row % levels]) * Index(reduced.others().size()),
                       reduced.size());
    block.columns.resize(most);
    block.values.resize(most);
    std::int32_t place = 0;
    for (std::size_t row = begin; row < end; ++row) {
      const Reduced::Part& own = reduced.own()[row / levels];
      const std::size_t level = row % levels;
      scratch->begin();
      for (auto i = std::size_t(starts[level]); i < std::size_t(starts[level + 1]); ++i) {
        const double weight = reduced.weight(i) * own.value(i);
        for (const Reduced::Part& other : reduced.others())
          scratch->add(std::int32_t(other.offset) + other.codes[i], weight * other.value(i));
      }
      std::sort(scratch->met.begin(), scratch->met.end());
      const double root = std::sqrt(reduced.inverse(own)[Index(level)]);
      block.starts.push_back(place);
      const auto border = std::lower_bound(scratch->met.begin(), scratch->met.end(), std::int32_t(inner));
      block.borders.push_back(place + std::int32_t(border - scratch->met.begin()));
      for (const std::int32_t column : scratch->met) {
        block.columns[place] = column;
        block.values[place++] = scratch->sum(column) * root * scale[column];
      }
    }
    block.starts.push_back(place);
    pool.give(std::move(scratch));
  });
  return rows;
}

/// For each of the first columns, where its entries are: their row, and their place in that row's block.
struct Places {
  struct Place {
    std::int32_t row, place;
  };
  std::vector<std::int64_t> starts;
  std::vector<Place> places;
};
Places by_column(const Rows& rows, Index columns) {
  Places result;
  std::vector<std::int64_t>& starts = result.starts;
  starts.assign(std::size_t(columns) + 1, 0);
  const auto each = [&](const auto& body) {
    std::int32_t row = 0;
    for (const Rows::Block& block : rows.blocks)
      for (std::size_t r = 0; r < block.borders.size(); ++r, ++row)
        for (std::int32_t p = block.starts[r]; p < block.borders[r]; ++p) body(std::size_t(block.columns[p]), row, p);
  };
  each([&](std::size_t column, std::int32_t, std::int32_t) { ++starts[column + 1]; });
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  result.places.resize(std::size_t(starts.back()));
  each([&](std::size_t column, std::int32_t row, std::int32_t p) {
    result.places[std::size_t(starts[column]++)] = {row, p};
  });
  std::rotate(starts.begin(), starts.end() - 1, starts.end());  // each had moved on to the next one's start
  starts[0] = 0;
  return result;
}

/// Sorted rows of each coefficient of one layer, in a list by coefficient.
struct RowLists {
  std::vector<std::int32_t> starts, rows;
};
RowLists rows_by_level(const Reduced::Part& part, Index levels, Index n) {
  RowLists lists;
  lists.starts.assign(std::size_t(levels) + 1, 0);
  for (Index i = 0; i < n; ++i) ++lists.starts[std::size_t(part.codes[i]) + 1];
  std::partial_sum(lists.starts.begin(), lists.starts.end(), lists.starts.begin());
  std::vector<std::int32_t> next(lists.starts.begin(), lists.starts.end() - 1);
  lists.rows.resize(std::size_t(n));
  for (Index i = 0; i < n; ++i) lists.rows[std::size_t(next[std::size_t(part.codes[i])]++)] = std::int32_t(i);
  return lists;
}

/// A's entries in the border, scaled. Layers of one dimension are orthogonal: only different dimensions cross.
void set_border(const Reduced& reduced, Schur& S) {
  S.B = Matrix::Zero(S.border, S.inner);
  S.E = Matrix::Zero(S.border, S.border);
  const auto& others = reduced.others();
  for (std::size_t p = 0; p < others.size(); ++p)
    for (std::size_t q = 0; q < p && others[p].offset >= S.inner; ++q) {
      if (reduced.dimension(others[p]) == reduced.dimension(others[q])) continue;
      const bool inside = others[q].offset < S.inner;
      Matrix& to = inside ? S.B : S.E;
      const Index row = others[p].offset - S.inner, column = others[q].offset - (inside ? 0 : S.inner);
      for (Index i = 0; i < reduced.rows(); ++i) {
        const auto at = std::size_t(i);
        to(row + others[p].codes[i], column + others[q].codes[i]) +=
            reduced.weight(at) * others[p].value(at) * others[q].value(at);
      }
    }
  for (Index j = 0; j < S.inner; ++j) S.B.col(j).array() *= S.scale.tail(S.border).array() * S.scale[j];
  for (Index j = 0; j < S.border; ++j) {
    S.E.col(j).array() *= S.scale.tail(S.border).array() * S.scale[S.inner + j];
    S.E(j, j) = S.scale[S.inner + j] > 0 ? 1 : 0;
  }
}

/// E −= C'B⁻¹C over the border, by blocks of rows with sums of their own.
void eliminate_from_border(const Rows& rows, Schur& S) {
  if (S.border == 0) return;
  const std::size_t blocks = rows.blocks.size();
  const auto parts = std::size_t(std::clamp<Index>(Index(rows.count) / (4 * S.border), 1, 8));
  std::vector<Matrix> partial(parts);
  core::for_blocks(parts, 1, [&](std::size_t part, std::size_t) {
    Matrix& mine = partial[part] = Matrix::Zero(S.border, S.border);
    for (std::size_t b = blocks * part / parts; b < blocks * (part + 1) / parts; ++b) {
      const Rows::Block& block = rows.blocks[b];
      for (std::size_t r = 0; r < block.borders.size(); ++r)
        for (std::int32_t p = block.borders[r]; p < block.starts[r + 1]; ++p) {
          double* column = &mine(0, block.columns[p] - S.inner);
          const double value = block.values[p];
          for (std::int32_t q = p; q < block.starts[r + 1]; ++q)
            column[block.columns[q] - S.inner] += value * block.values[q];
        }
    }
  });
  for (const Matrix& mine : partial) S.E -= mine;
}

}  // namespace

Index inner_size(const Reduced& reduced, Index most) {
  Index inner = reduced.size();
  most = std::min(most, reduced.size() / 3);
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

double sampled_density(const Reduced& reduced, Index inner) {
  constexpr Index most = 16;
  if (inner == 0) return 1;
  const Index step = std::max<Index>(inner / most, 1);
  std::vector<std::uint16_t> name(std::size_t(inner), 0), met(std::size_t(inner), 0);
  Index sampled = 0;
  for (Index j = step / 2; j < inner && sampled < most; j += step)
    name[std::size_t(j)] = std::uint16_t(1U << sampled++);
  for (std::size_t level = 0; level + 1 < reduced.starts().size(); ++level) {
    const auto first = std::size_t(reduced.starts()[level]), last = std::size_t(reduced.starts()[level + 1]);
    unsigned here = 0;
    for (const Reduced::Part& part : reduced.others())
      for (std::size_t i = first; part.offset < inner && i < last; ++i)
        here |= name[std::size_t(part.offset + part.codes[i])];
    if (here == 0) continue;
    for (const Reduced::Part& part : reduced.others())
      for (std::size_t i = first; part.offset < inner && i < last; ++i) {
        std::uint16_t& bits = met[std::size_t(part.offset + part.codes[i])];
        bits = std::uint16_t(bits | here);
      }
  }
  double filled = 0;
  for (unsigned bits : met)
    for (; bits; bits &= bits - 1) ++filled;
  return filled / (double(inner) * double(sampled));
}

Schur schur_complement(const Reduced& reduced, Index inner) {
  Schur S;
  S.inner = inner;
  S.border = reduced.size() - inner;
  S.scale = reduced.gram().unaryExpr([](double g) { return g > 0 ? 1 / std::sqrt(g) : 0.0; });
  const Rows rows = eliminated_rows(reduced, S.scale, inner);
  core::poll();
  set_border(reduced, S);
  eliminate_from_border(rows, S);
  core::poll();
  const Places places = by_column(rows, inner);
  core::poll();

  const auto& others = reduced.others();
  std::vector<RowLists> lists;  // where two dimensions cross within the sparse part
  for (const Reduced::Part& part : others)
    if (part.offset < inner) lists.push_back(rows_by_level(part, reduced.levels(part), reduced.rows()));
  if (!lists.empty() && reduced.dimension(others[0]) == reduced.dimension(others[lists.size() - 1])) lists.clear();

  const auto columns = std::size_t(inner);
  const std::size_t block_columns = columns / 64 + 16;
  struct Block {
    std::vector<std::int32_t> lengths, rows;
    std::vector<double> values;
  };
  std::vector<Block> blocks((columns + block_columns - 1) / block_columns);
  Accumulators pool(inner);
  core::for_blocks(columns, block_columns, [&](std::size_t begin, std::size_t end) {
    std::unique_ptr<Accumulator> scratch = pool.take();
    Block& block = blocks[begin / block_columns];
    for (std::size_t j = begin; j < end; ++j) {
      const auto column = Index(j);
      double* border = S.border > 0 ? &S.B(0, column) : nullptr;
      scratch->begin();
      scratch->add(std::int32_t(j), S.scale[column] > 0 ? 1 : 0);
      for (std::int64_t e = places.starts[j]; e < places.starts[j + 1]; ++e) {
        const auto [row, place] = places.places[std::size_t(e)];
        const Rows::Block& source = rows.blocks[std::size_t(row) / rows.block_rows];
        const std::size_t r = std::size_t(row) % rows.block_rows;
        const double minus = -source.values[place];
        for (std::int32_t p = place; p < source.borders[r]; ++p)
          scratch->add(source.columns[p], minus * source.values[p]);
        for (std::int32_t p = source.borders[r]; p < source.starts[r + 1]; ++p)
          border[source.columns[p] - inner] += minus * source.values[p];
      }
      for (std::size_t p = 0; p < lists.size(); ++p) {
        const Index level = column - others[p].offset;
        if (level < 0 || level >= reduced.levels(others[p])) continue;
        for (auto at = std::size_t(lists[p].starts[std::size_t(level)]);
             at < std::size_t(lists[p].starts[std::size_t(level) + 1]); ++at) {
          const auto i = std::size_t(lists[p].rows[at]);
          const double weight = reduced.weight(i) * others[p].value(i) * S.scale[column];
          for (std::size_t q = p + 1; q < lists.size(); ++q) {
            if (reduced.dimension(others[p]) == reduced.dimension(others[q])) continue;
            const auto row = std::int32_t(others[q].offset) + others[q].codes[i];
            scratch->add(row, weight * others[q].value(i) * S.scale[row]);
          }
        }
      }
      std::sort(scratch->met.begin(), scratch->met.end());
      for (const std::int32_t row : scratch->met) {
        block.rows.push_back(row);
        block.values.push_back(scratch->sum(row));
      }
      block.lengths.push_back(std::int32_t(scratch->met.size()));
    }
    pool.give(std::move(scratch));
  });
  core::poll();
  std::int64_t total = 0;
  for (const Block& block : blocks) total += std::int64_t(block.rows.size());
  if (total > std::numeric_limits<std::int32_t>::max())
    throw core::Error("these fixed effects are too densely connected to factorise")
        .hint("leave the strategy to 'automatic'");
  S.rows.reserve(std::size_t(total));
  S.values.reserve(std::size_t(total));
  S.starts.push_back(0);
  for (Block& block : blocks) {
    for (const std::int32_t length : block.lengths) S.starts.push_back(S.starts.back() + length);
    S.rows.insert(S.rows.end(), block.rows.begin(), block.rows.end());
    S.values.insert(S.values.end(), block.values.begin(), block.values.end());
    block = {};
  }
  return S;
}

}  // namespace numerics::absorption
