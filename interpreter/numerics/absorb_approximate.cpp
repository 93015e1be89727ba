// Approximate Cholesky of the graph that the eliminated dimension lays over each other one.
// Eliminating a level joins its neighbours in a clique; a random tree-like sample of that clique keeps the expected
// Laplacian and the number of edges from growing.
// Source: Gao, Kyng & Spielman (2023), Robust and practical solution of Laplacian equations by approximate elimination.
// Variant: levels in the order of their first degree, parallel edges merged at elimination.
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "numerics/absorb_cholesky.hpp"
#include "numerics/absorb_preconditioner.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace numerics::absorption {
namespace {

/// Uniform numbers that are a function of the vertex and the draw (splitmix64), so that results are the same each time.
class Draws {
 public:
  explicit Draws(std::uint64_t vertex) : state_(vertex * 0x9e3779b97f4a7c15U + 0x2545f4914f6cdd1dU) {}
  double uniform() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return double((z ^ (z >> 31U)) >> 11U) * 0x1p-53;
  }

 private:
  std::uint64_t state_;
};

struct Neighbour {
  std::int32_t vertex;
  double weight;
};

/// Calls edge(i, j, weight) for a sample of the clique among the neighbours of an eliminated vertex.
template <class Edge>
void sample_clique(std::vector<Neighbour>& neighbours, std::uint64_t vertex, const Edge& edge) {
  if (neighbours.size() < 2) return;
  std::sort(neighbours.begin(), neighbours.end(), [](const Neighbour& a, const Neighbour& b) {
    return a.weight < b.weight || (a.weight == b.weight && a.vertex < b.vertex);
  });
  static thread_local std::vector<double> cumulative;
  cumulative.clear();
  double total = 0;
  for (const Neighbour& one : neighbours) cumulative.push_back(total += one.weight);
  Draws draws(vertex);
  for (std::size_t i = 0; i + 1 < neighbours.size(); ++i) {
    const double rest = total - cumulative[i];
    const double at = cumulative[i] + draws.uniform() * rest;
    const auto found = std::upper_bound(cumulative.begin() + std::ptrdiff_t(i) + 1, cumulative.end() - 1, at);
    const auto j = std::size_t(found - cumulative.begin());
    edge(neighbours[i].vertex, neighbours[j].vertex, neighbours[i].weight * rest / total);
  }
}

/// Edges kept at the end that is eliminated first, in lists through one array.
class Graph {
 public:
  explicit Graph(std::vector<std::int32_t> position) : position_(std::move(position)), heads_(position_.size(), -1) {}
  void add(std::int32_t i, std::int32_t j, double weight) {
    if (position_[std::size_t(i)] > position_[std::size_t(j)]) std::swap(i, j);
    std::int32_t& head = heads_[std::size_t(i)];
    const std::int32_t place = free_ >= 0 ? std::exchange(free_, edges_[std::size_t(free_)].next) : grown();
    edges_[std::size_t(place)] = {j, head, weight};
    head = place;
  }
  /// The later neighbours of a vertex, parallel edges merged, in the order of their positions; its edges are dropped.
  void take(std::int32_t vertex, std::vector<Neighbour>& neighbours) {
    neighbours.clear();
    for (std::int32_t& head = heads_[std::size_t(vertex)]; head >= 0;) {
      Edge& edge = edges_[std::size_t(head)];
      neighbours.push_back({edge.to, edge.weight});
      const std::int32_t next = std::exchange(edge.next, free_);
      free_ = std::exchange(head, next);
    }
    std::sort(neighbours.begin(), neighbours.end(), [&](const Neighbour& a, const Neighbour& b) {
      const std::int32_t left = position_[std::size_t(a.vertex)], right = position_[std::size_t(b.vertex)];
      return left < right || (left == right && a.weight < b.weight);
    });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < neighbours.size(); ++i) {
      if (kept > 0 && neighbours[kept - 1].vertex == neighbours[i].vertex)
        neighbours[kept - 1].weight += neighbours[i].weight;
      else
        neighbours[kept++] = neighbours[i];
    }
    neighbours.resize(kept);
  }
  std::int32_t position(std::int32_t vertex) const { return position_[std::size_t(vertex)]; }

 private:
  struct Edge {
    std::int32_t to, next;
    double weight;
  };
  std::int32_t grown() {
    edges_.push_back({});
    return std::int32_t(edges_.size()) - 1;
  }
  std::vector<std::int32_t> position_, heads_;
  std::vector<Edge> edges_;
  std::int32_t free_ = -1;
};

/// The levels that one eliminated level meets in a layer, with their total weights.
void meetings(const Reduced& reduced, const Reduced::Part& part, std::size_t level, std::vector<Neighbour>& met) {
  met.clear();
  for (auto i = std::size_t(reduced.starts()[level]); i < std::size_t(reduced.starts()[level + 1]); ++i)
    met.push_back({part.codes[i], reduced.weight(i)});
  std::stable_sort(met.begin(), met.end(), [](const Neighbour& a, const Neighbour& b) { return a.vertex < b.vertex; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < met.size(); ++i) {
    if (kept > 0 && met[kept - 1].vertex == met[i].vertex)
      met[kept - 1].weight += met[i].weight;
    else
      met[kept++] = met[i];
  }
  met.resize(kept);
}

SparseFactor approximate_factor(const Reduced& reduced, const Reduced::Part& part) {
  const auto levels = std::size_t(reduced.levels(part)), eliminated = reduced.starts().size() - 1;
  std::vector<Neighbour> met;
  std::vector<std::int32_t> degree(levels, 0);
  for (std::size_t level = 0; level < eliminated; ++level) {
    meetings(reduced, part, level, met);
    for (const Neighbour& one : met) degree[std::size_t(one.vertex)] += met.size() > 1;
  }
  core::poll();
  SparseFactor factor;
  factor.order.resize(levels);
  std::iota(factor.order.begin(), factor.order.end(), 0);
  std::stable_sort(factor.order.begin(), factor.order.end(),
                   [&](std::int32_t a, std::int32_t b) { return degree[std::size_t(a)] < degree[std::size_t(b)]; });
  std::vector<std::int32_t> position(levels);
  for (std::size_t p = 0; p < levels; ++p) position[std::size_t(factor.order[p])] = std::int32_t(p);

  Graph graph(std::move(position));
  const auto add = [&](std::int32_t i, std::int32_t j, double weight) { graph.add(i, j, weight); };
  for (std::size_t level = 0; level < eliminated; ++level) {
    if (level % 65'536 == 0) core::poll();
    meetings(reduced, part, level, met);
    sample_clique(met, level, add);
  }
  factor.inverse_pivots = Vector::Zero(Index(levels));
  factor.starts.push_back(0);
  for (std::size_t p = 0; p < levels; ++p) {
    if (p % 65'536 == 0) core::poll();
    graph.take(factor.order[p], met);
    double total = 0;
    for (const Neighbour& one : met) total += one.weight;
    if (total > 0) {
      factor.inverse_pivots[Index(p)] = 1 / total;
      for (const Neighbour& one : met) {
        factor.rows.push_back(graph.position(one.vertex));
        factor.values.push_back(-one.weight / total);
      }
      sample_clique(met, eliminated + p, add);
    }
    factor.starts.push_back(std::int64_t(factor.rows.size()));
  }
  return factor;
}

/// Block diagonal over the layers: the graph's factor for intercepts, the diagonal for slopes.
class Approximate : public Preconditioner {
 public:
  explicit Approximate(const Reduced& reduced) : reduced_(reduced) {
    for (const Reduced::Part& part : reduced.others())
      factors_.push_back(part.values ? SparseFactor{} : approximate_factor(reduced, part));
  }

  void apply(const Interleaved& r, Interleaved& z, int width) const override {
    z.resize(r.size());
    with_width(width, [&](auto w) {
      for (std::size_t p = 0; p < factors_.size(); ++p) solve<w.value>(p, r, z);
    });
  }

 private:
  template <int width>
  void solve(std::size_t p, const Interleaved& r, Interleaved& z) const {
    const Reduced::Part& part = reduced_.others()[p];
    const SparseFactor& factor = factors_[p];
    const auto offset = std::size_t(part.offset), levels = std::size_t(reduced_.levels(part));
    if (factor.order.empty()) {
      for (std::size_t j = 0; j < levels; ++j)
        for (std::size_t c = 0, at = (offset + j) * width; c < width; ++c)
          z[at + c] = r[at + c] * reduced_.inverse(part)[Index(j)];
      return;
    }
    Interleaved x(levels * width);
    for (std::size_t j = 0; j < levels; ++j)
      for (std::size_t c = 0, from = offset + std::size_t(factor.order[j]); c < width; ++c)
        x[j * width + c] = r[from * width + c];
    factor.forward<width>(x.data());
    for (std::size_t j = 0; j < levels; ++j)
      for (std::size_t c = 0; c < width; ++c) x[j * width + c] *= factor.inverse_pivots[Index(j)];
    factor.backward<width>(x.data());
    for (std::size_t j = 0; j < levels; ++j)
      for (std::size_t c = 0, to = offset + std::size_t(factor.order[j]); c < width; ++c)
        z[to * width + c] = x[j * width + c];
  }

  const Reduced& reduced_;
  std::vector<SparseFactor> factors_;
};

}  // namespace

std::unique_ptr<Preconditioner> approximate_cholesky(const Reduced& reduced) {
  const auto& own = reduced.own();
  if (std::all_of(own.begin(), own.end(), [](const Reduced::Part& part) { return part.values != nullptr; }))
    return nullptr;
  return std::make_unique<Approximate>(reduced);
}

}  // namespace numerics::absorption
