// Contiguity: two shapes are neighbours when they share a corner point (queen) or an edge between two corner points
// (rook). Without snap, points are the same when their coordinates are: equal points have one number, edges are pairs
// of numbers. With snap, so that borders which were digitised twice still meet, corners are compared with those less
// than snap further on along x, and two edges are one when their ends are within snap of each other, end by end; a
// larger snap never links fewer shapes.
#include "spatial/builders.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cmath>

namespace spatial {
namespace {

struct Corner {
  double x, y;
  std::uint32_t unit, place;  ///< place: position in the list of all corners
};

/// Numbers of the corners: equal ones share one.
std::vector<std::uint32_t> numbered(std::vector<Corner> corners) {
  std::sort(corners.begin(), corners.end(), [](const Corner& a, const Corner& b) {
    return a.x != b.x ? a.x < b.x : a.y != b.y ? a.y < b.y : a.place < b.place;
  });
  std::vector<std::uint32_t> number(corners.size());
  for (std::size_t c = 0; c < corners.size(); ++c)
    number[corners[c].place] = c > 0 && corners[c].x == corners[c - 1].x && corners[c].y == corners[c - 1].y
                                   ? number[corners[c - 1].place]
                                   : corners[c].place;
  return number;
}

struct Shared {
  std::uint64_t key;
  std::uint32_t unit;
  bool operator<(const Shared& other) const { return key != other.key ? key < other.key : unit < other.unit; }
  bool operator==(const Shared& other) const { return key == other.key && unit == other.unit; }
};

/// Each link once, in order.
std::vector<Link> distinct(std::vector<Link> links) {
  std::sort(links.begin(), links.end(),
            [](const Link& a, const Link& b) { return a.from != b.from ? a.from < b.from : a.to < b.to; });
  links.erase(std::unique(links.begin(), links.end(),
                          [](const Link& a, const Link& b) { return a.from == b.from && a.to == b.to; }),
              links.end());
  return links;
}

/// A link for every two units with one key in common.
std::vector<Link> meetings(std::vector<Shared> shared) {
  std::sort(shared.begin(), shared.end());
  shared.erase(std::unique(shared.begin(), shared.end()), shared.end());
  std::vector<Link> links;
  for (std::size_t begin = 0; begin < shared.size();) {
    std::size_t end = begin;
    while (end < shared.size() && shared[end].key == shared[begin].key) ++end;
    for (std::size_t a = begin; a < end; ++a)
      for (std::size_t b = begin; b < end; ++b)
        if (a != b) links.push_back({shared[a].unit, shared[b].unit, 1});
    begin = end;
  }
  return distinct(std::move(links));
}

/// An edge of a shape; of a queen's corner both ends are the same point.
struct Edge {
  Corner a, b;
  double left;  ///< smaller x of its ends
};

/// A link for every two units with edges whose ends lie within snap of each other.
std::vector<Link> near_meetings(std::vector<Edge> edges, double snap) {
  std::sort(edges.begin(), edges.end(),
            [](const Edge& e, const Edge& f) { return e.left != f.left ? e.left < f.left : e.a.place < f.a.place; });
  const auto near = [&](const Corner& p, const Corner& q) { return std::hypot(p.x - q.x, p.y - q.y) <= snap; };
  std::vector<Link> links;
  std::size_t window = 0, last_tidied = 1 << 20;
  for (std::size_t e = 0; e < edges.size(); ++e) {
    while (edges[e].left - edges[window].left > snap) ++window;
    for (std::size_t f = window; f < e; ++f) {
      const Edge &one = edges[e], &two = edges[f];
      if (one.a.unit == two.a.unit) continue;
      if ((near(one.a, two.a) && near(one.b, two.b)) || (near(one.a, two.b) && near(one.b, two.a))) {
        links.push_back({one.a.unit, two.a.unit, 1});
        links.push_back({two.a.unit, one.a.unit, 1});
      }
    }
    if (links.size() > last_tidied) {
      core::poll();
      links = distinct(std::move(links));
      last_tidied = std::max<std::size_t>(1 << 20, 2 * links.size());
    }
  }
  return distinct(std::move(links));
}

/// Throws core::Error for a snap that is as long as every edge of a shape: it would shrink to a point.
void check_snap(const std::vector<Edge>& edges, const Units& units, double snap) {
  std::vector<double> longest(units.ids.size(), 0);
  for (const Edge& e : edges) longest[e.a.unit] = std::max(longest[e.a.unit], std::hypot(e.a.x - e.b.x, e.a.y - e.b.y));
  for (std::size_t u = 0; u < longest.size(); ++u)
    if (longest[u] <= snap)
      throw core::Error("snap=" + core::shortest(snap) + " is longer than every edge of unit '" + units.ids[u] +
                        "' (the longest is " + core::significant(longest[u], 4) + "): its corners would be one point")
          .hint("snap is the width of gaps between borders, in the map's units")
          .word("snap");
}

std::vector<Link> snapped(const std::vector<Corner>& corners, const std::vector<std::size_t>& path_ends,
                          const Units& units, bool rook, double snap) {
  std::vector<Edge> edges, points;
  std::size_t begin = 0;
  for (const std::size_t end : path_ends) {
    for (std::size_t c = begin; c < end; ++c) {
      points.push_back({corners[c], corners[c], corners[c].x});
      if (c + 1 < end) edges.push_back({corners[c], corners[c + 1], std::min(corners[c].x, corners[c + 1].x)});
    }
    begin = end;
  }
  check_snap(edges, units, snap);
  return near_meetings(rook ? std::move(edges) : std::move(points), snap);
}

std::vector<Link> exact(const std::vector<Corner>& corners, const std::vector<std::size_t>& path_ends, bool rook) {
  const std::vector<std::uint32_t> number = numbered(corners);
  core::poll();
  std::vector<Shared> shared;
  std::size_t begin = 0;
  for (const std::size_t end : path_ends) {
    for (std::size_t c = begin; c < end; ++c) {
      if (!rook) {
        shared.push_back({number[c], corners[c].unit});
      } else if (c + 1 < end && number[c] != number[c + 1]) {
        const std::uint64_t a = std::min(number[c], number[c + 1]), b = std::max(number[c], number[c + 1]);
        shared.push_back({a << 32 | b, corners[c].unit});
      }
    }
    begin = end;
  }
  return meetings(std::move(shared));
}

bool same_shape(const data::Geometry& map, std::uint32_t a, std::uint32_t b) {
  if (a == b) return true;
  if (map.kind(a) != map.kind(b) || map.paths(a) != map.paths(b)) return false;
  for (std::size_t p = 0; p < map.paths(a); ++p) {
    const data::Geometry::Path one = map.path(a, p), two = map.path(b, p);
    if (!std::equal(one.x.begin(), one.x.end(), two.x.begin(), two.x.end()) ||
        !std::equal(one.y.begin(), one.y.end(), two.y.begin(), two.y.end()))
      return false;
  }
  return true;
}

/// Throws core::Error for a unit whose rows have different shapes: only one of them would count.
void require_one_shape(const data::Frame& frame, const Units& units) {
  if (units.id_column.empty()) return;
  const data::Grouping groups = data::group(*frame.at(units.id_column));
  for (std::size_t row = 0; row < groups.codes.size(); ++row) {
    const auto unit = static_cast<std::size_t>(groups.codes[row]);
    const std::uint32_t first = units.rows[unit];
    if (!same_shape(*frame.geometry(), frame.shapes()[row], frame.shapes()[first]))
      throw core::Error("the shape of unit '" + units.ids[unit] + "' of '" + units.id_column +
                        "' differs between rows " + std::to_string(first + 1) + " and " + std::to_string(row + 1))
          .hint("id= is a column that tells the polygons apart")
          .word(units.id_column);
  }
}

}  // namespace

Weights contiguity(const data::Frame& frame, const Units& units, bool rook, double snap) {
  const data::Geometry* map = frame.geometry();
  if (!map)
    throw core::Error("frame '" + frame.name() + "' has no shapes")
        .hint("read a map first: map = read(\"cities.geojson\"); W = weights.queen(map)");
  if (!(snap >= 0)) throw core::Error("snap= is a distance, 0 or more").word("snap");
  require_one_shape(frame, units);
  std::vector<Corner> corners;
  std::vector<std::size_t> path_ends;  // in corners
  for (std::uint32_t u = 0; u < units.rows.size(); ++u) {
    const std::uint32_t shape = frame.shapes()[units.rows[u]];
    if (map->kind(shape) != data::ShapeKind::polygon)
      throw core::Error("contiguity needs polygons, and the shape of unit '" + units.ids[u] + "' is a " +
                        std::string(data::name_of(map->kind(shape))))
          .hint("for points use weights.knn or weights.band");
    for (std::size_t p = 0; p < map->paths(shape); ++p) {
      const data::Geometry::Path path = map->path(shape, p);
      for (std::size_t i = 0; i < path.x.size(); ++i)
        corners.push_back({path.x[i], path.y[i], u, static_cast<std::uint32_t>(corners.size())});
      path_ends.push_back(corners.size());
    }
  }
  core::poll();
  std::vector<Link> links = snap > 0 ? snapped(corners, path_ends, units, rook, snap) : exact(corners, path_ends, rook);
  Weights W = from_links(units.ids, std::move(links),
                         std::string(rook ? "rook" : "queen") + " contiguity of " +
                             core::counted(static_cast<long long>(units.ids.size()), "polygon") +
                             (snap > 0 ? ", snapped within " + core::shortest(snap) : ""));
  W.id_column = units.id_column;
  W.origin = units.origin;
  return W;
}

}  // namespace spatial
