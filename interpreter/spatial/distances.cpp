// Nearest neighbours and distance weights: a k-d tree over points of the plane, or of the sphere as points of space.
//   chord = 2 R sin(d/2R) grows with the great-circle distance d, so the nearest in space are the nearest on the
//   sphere.
// Source: Bentley (1975), Communications of the ACM 18(9), 509-517.
#include "spatial/builders.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

namespace spatial {
namespace {

constexpr double degree = std::numbers::pi / 180;
using Place = std::array<double, 3>;

/// Points of space: on the unit sphere, or in the plane.
std::vector<Place> places(const Points& points) {
  std::vector<Place> out(points.x.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (points.metric == Metric::planar) {
      out[i] = {points.x[i], points.y[i], 0};
      continue;
    }
    const double lon = points.x[i] * degree, lat = points.y[i] * degree;
    out[i] = {std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)};
  }
  return out;
}

double squared(const Place& a, const Place& b) {
  const double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
  return x * x + y * y + z * z;
}

/// The tree is implicit: the points between begin and end, split at their middle along their widest axis, down to
/// leaves of a few points.
class Tree {
 public:
  explicit Tree(const std::vector<Place>& given) : order_(given.size()), axis_(1) {
    std::iota(order_.begin(), order_.end(), 0U);
    points_.reserve(given.size());
    for (std::uint32_t i = 0; i < given.size(); ++i) points_.push_back({given[i], i});
    std::size_t nodes = 1;
    while (given.size() / nodes >= leaf) nodes *= 2;
    axis_.assign(2 * nodes, 0);
    split_.assign(2 * nodes, 0);
    build(0, points_.size(), 1);
    for (std::size_t p = 0; p < points_.size(); ++p) order_[p] = points_[p].number;
  }

  struct Found {
    double distance;
    std::uint32_t number;
    bool operator<(const Found& other) const {
      return distance != other.distance ? distance < other.distance : number < other.number;
    }
  };

  /// The k nearest of the point at position p of the tree, as a heap with the farthest on top.
  void nearest(std::size_t p, std::size_t k, std::vector<Found>& heap) const {
    heap.clear();
    nearest(points_[p], k, heap, 0, points_.size(), 1);
  }
  /// Calls take(number, squared distance) for points at most √most away from the one at position p.
  template <class Take>
  void within(std::size_t p, double most, const Take& take) const {
    within(points_[p], most, take, 0, points_.size(), 1);
  }
  std::uint32_t number(std::size_t p) const { return order_[p]; }
  std::size_t size() const { return points_.size(); }

 private:
  static constexpr std::size_t leaf = 12;
  struct Point {
    Place at;
    std::uint32_t number;
  };

  bool is_leaf(std::size_t begin, std::size_t end, std::size_t node) const {
    return end - begin < leaf || node >= split_.size() / 2;
  }

  void build(std::size_t begin, std::size_t end, std::size_t node) {
    if (is_leaf(begin, end, node)) return;
    Place low = points_[begin].at, high = low;
    for (std::size_t p = begin; p < end; ++p)
      for (std::size_t a = 0; a < 3; ++a) {
        low[a] = std::min(low[a], points_[p].at[a]);
        high[a] = std::max(high[a], points_[p].at[a]);
      }
    std::size_t axis = 0;
    for (std::size_t a = 1; a < 3; ++a)
      if (high[a] - low[a] > high[axis] - low[axis]) axis = a;
    const std::size_t middle = begin + (end - begin) / 2;
    std::nth_element(points_.begin() + static_cast<std::ptrdiff_t>(begin),
                     points_.begin() + static_cast<std::ptrdiff_t>(middle),
                     points_.begin() + static_cast<std::ptrdiff_t>(end),
                     [axis](const Point& a, const Point& b) { return a.at[axis] < b.at[axis]; });
    axis_[node] = static_cast<std::uint8_t>(axis);
    split_[node] = points_[middle].at[axis];
    core::for_blocks(end - begin > 100000 ? 2 : 1, 1, [&](std::size_t half, std::size_t) {
      if (end - begin <= 100000 || half == 0) build(begin, middle, 2 * node);
      if (end - begin <= 100000 || half == 1) build(middle, end, 2 * node + 1);
    });
  }

  void nearest(const Point& q, std::size_t k, std::vector<Found>& heap, std::size_t begin, std::size_t end,
               std::size_t node) const {
    if (is_leaf(begin, end, node)) {
      for (std::size_t p = begin; p < end; ++p) {
        if (points_[p].number == q.number) continue;
        const Found found{squared(q.at, points_[p].at), points_[p].number};
        if (heap.size() < k) {
          heap.push_back(found);
          std::push_heap(heap.begin(), heap.end());
        } else if (found < heap.front()) {
          std::pop_heap(heap.begin(), heap.end());
          heap.back() = found;
          std::push_heap(heap.begin(), heap.end());
        }
      }
      return;
    }
    const std::size_t middle = begin + (end - begin) / 2;
    const double away = q.at[axis_[node]] - split_[node];
    const auto visit = [&](bool right) {
      if (right)
        nearest(q, k, heap, middle, end, 2 * node + 1);
      else
        nearest(q, k, heap, begin, middle, 2 * node);
    };
    visit(away > 0);
    if (heap.size() < k || away * away <= heap.front().distance) visit(!(away > 0));
  }

  template <class Take>
  void within(const Point& q, double most, const Take& take, std::size_t begin, std::size_t end,
              std::size_t node) const {
    if (is_leaf(begin, end, node)) {
      for (std::size_t p = begin; p < end; ++p) {
        const double d = squared(q.at, points_[p].at);
        if (d <= most && points_[p].number != q.number) take(points_[p].number, d);
      }
      return;
    }
    const std::size_t middle = begin + (end - begin) / 2;
    const double away = q.at[axis_[node]] - split_[node];
    if (away <= 0 || away * away <= most) within(q, most, take, begin, middle, 2 * node);
    if (away >= 0 || away * away <= most) within(q, most, take, middle, end, 2 * node + 1);
  }

  std::vector<Point> points_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint8_t> axis_;
  std::vector<double> split_;
};

std::string metric_text(const Points& points) {
  return points.metric == Metric::planar ? "planar distance"
                                         : "great-circle distance (sphere of " + core::shortest(points.radius) + " km)";
}

Weights named(const Units& units, std::vector<Link> links, std::string source) {
  Weights W = from_links(units.ids, std::move(links), std::move(source));
  W.id_column = units.id_column;
  W.origin = units.origin;
  return W;
}

void check_range(const Points& points) {
  if (points.metric == Metric::planar) return;
  for (std::size_t i = 0; i < points.x.size(); ++i)
    if (std::abs(points.y[i]) > 90 || std::abs(points.x[i]) > 360)
      throw core::Error("longitude " + core::shortest(points.x[i]) + ", latitude " + core::shortest(points.y[i]) +
                        " is no place on earth")
          .hint("the order is longitude, latitude; for projected coordinates give metric=\"planar\"");
}

std::vector<Link> all_pairs(const Points& points) {
  constexpr std::size_t most = 10000;
  const std::size_t n = points.x.size();
  if (n > most)
    throw core::Error("all pairs of " + std::to_string(n) + " points are too many").hint("give cutoff=, a distance");
  std::vector<Link> links(n * (n - 1));
  core::for_blocks(n, 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      for (std::size_t j = 0, at = i * (n - 1); j < n; ++j)
        if (j != i)
          links[at++] = {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), distance(points, i, j)};
  });
  return links;
}

}  // namespace

double distance(const Points& points, std::size_t i, std::size_t j) {
  if (points.metric == Metric::planar) return std::hypot(points.x[i] - points.x[j], points.y[i] - points.y[j]);
  return data::great_circle_km(points.x[i], points.y[i], points.x[j], points.y[j], points.radius);
}

std::vector<std::uint32_t> nearest(const Points& points, int k) {
  check_range(points);
  const std::size_t n = points.x.size();
  if (k < 1 || static_cast<std::size_t>(k) >= n)
    throw core::Error("k is a whole number from 1 to " + std::to_string(n - 1) + " (one less than the units), not " +
                      std::to_string(k))
        .word("k");
  const auto count = static_cast<std::size_t>(k);
  const Tree tree(places(points));
  std::vector<std::uint32_t> out(n * count);
  core::for_blocks(n, 2048, [&](std::size_t begin, std::size_t end) {
    if (core::interrupt_requested()) return;
    std::vector<Tree::Found> heap;
    heap.reserve(count + 1);
    for (std::size_t p = begin; p < end; ++p) {
      tree.nearest(p, count, heap);
      std::sort_heap(heap.begin(), heap.end());
      for (std::size_t c = 0; c < count; ++c) out[tree.number(p) * count + c] = heap[c].number;
    }
  });
  core::poll();
  return out;
}

std::vector<Link> within(const Points& points, double cutoff) {
  check_range(points);
  if (!(cutoff > 0)) throw core::Error("a cutoff is a distance above 0").word("cutoff");
  // Chords of the unit sphere; a little more than asked, settled by the distance itself.
  const double reach =
      points.metric == Metric::planar ? cutoff : 2 * std::sin(std::min(cutoff / points.radius, std::numbers::pi) / 2);
  const Tree tree(places(points));
  constexpr std::size_t block = 1024;
  std::vector<std::vector<Link>> parts((tree.size() + block - 1) / block);
  core::for_blocks(tree.size(), block, [&](std::size_t begin, std::size_t end) {
    std::vector<Link>& part = parts[begin / block];
    for (std::size_t p = begin; p < end && !core::interrupt_requested(); ++p) {
      const std::uint32_t i = tree.number(p);
      tree.within(p, reach * reach * (1 + 1e-9), [&](std::uint32_t j, double) {
        const double d = distance(points, i, j);
        if (d <= cutoff) part.push_back({i, j, d});
      });
    }
  });
  core::poll();
  std::vector<Link> links;
  for (const auto& part : parts) links.insert(links.end(), part.begin(), part.end());
  std::sort(links.begin(), links.end(),
            [](const Link& a, const Link& b) { return a.from != b.from ? a.from < b.from : a.to < b.to; });
  return links;
}

Weights knn(const Units& units, const Points& points, int k) {
  const std::vector<std::uint32_t> found = nearest(points, k);
  const auto count = static_cast<std::size_t>(k);
  std::vector<Link> links(found.size());
  core::for_blocks(units.ids.size(), 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      for (std::size_t c = 0; c < count; ++c)
        links[i * count + c] = {static_cast<std::uint32_t>(i), found[i * count + c], 1};
      std::sort(links.begin() + static_cast<std::ptrdiff_t>(i * count),
                links.begin() + static_cast<std::ptrdiff_t>((i + 1) * count),
                [](const Link& a, const Link& b) { return a.to < b.to; });
    }
  });
  return named(units, std::move(links), std::to_string(k) + " nearest neighbours, " + metric_text(points));
}

Weights band(const Units& units, const Points& points, double least, double most) {
  std::vector<Link> links = within(points, most);
  std::erase_if(links, [&](const Link& link) { return link.weight < least; });
  for (Link& link : links) link.weight = 1;
  return named(units, std::move(links),
               "neighbours from " + core::shortest(least) + " to " + core::shortest(most) + ", " + metric_text(points));
}

Weights inverse_distance(const Units& units, const Points& points, double power, double cutoff) {
  check_range(points);
  std::vector<Link> links = cutoff > 0 ? within(points, cutoff) : all_pairs(points);
  for (Link& link : links) {
    if (link.weight == 0)
      throw core::Error("units '" + units.ids[link.from] + "' and '" + units.ids[link.to] +
                        "' are at the same place: their inverse distance is infinite")
          .hint("merge them, or use weights.knn or weights.band");
    link.weight = std::pow(link.weight, -power);
  }
  return named(units, std::move(links),
               "distance to the power of -" + core::shortest(power) +
                   (cutoff > 0 ? " within " + core::shortest(cutoff) : "") + ", " + metric_text(points));
}

Weights economic(const Units& units, const std::vector<double>& x) {
  Points line{.x = x, .y = std::vector<double>(x.size(), 0), .metric = Metric::planar};
  std::vector<Link> links = all_pairs(line);
  for (Link& link : links) {
    if (link.weight == 0)
      throw core::Error("units '" + units.ids[link.from] + "' and '" + units.ids[link.to] +
                        "' have the same value: their economic distance is zero")
          .hint("use a variable without ties, such as a mean over years");
    link.weight = 1 / link.weight;
  }
  return named(units, std::move(links), "inverse absolute difference");
}

}  // namespace spatial
