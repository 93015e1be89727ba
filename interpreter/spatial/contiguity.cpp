// Contiguity: two shapes are neighbours when they share a corner point (queen) or an edge between two corner points
// (rook). Corner points are sorted along x and compared with those less than `snap` further on, so that borders which
// were digitised twice still meet; equal points then have one number, and edges are pairs of numbers.
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

/// Numbers of the corners: those nearer than snap to an earlier one (along x) take its number.
std::vector<std::uint32_t> numbered(std::vector<Corner> corners, double snap) {
  std::sort(corners.begin(), corners.end(), [](const Corner& a, const Corner& b) {
    return a.x != b.x ? a.x < b.x : a.y != b.y ? a.y < b.y : a.place < b.place;
  });
  std::vector<std::uint32_t> number(corners.size());
  std::size_t window = 0;
  for (std::size_t c = 0; c < corners.size(); ++c) {
    std::uint32_t found = corners[c].place;
    if (snap == 0) {
      if (c > 0 && corners[c].x == corners[c - 1].x && corners[c].y == corners[c - 1].y)
        found = number[corners[c - 1].place];
    } else {
      while (corners[c].x - corners[window].x > snap) ++window;
      for (std::size_t b = window; b < c; ++b)
        if (std::hypot(corners[c].x - corners[b].x, corners[c].y - corners[b].y) <= snap) {
          found = number[corners[b].place];
          break;
        }
    }
    number[corners[c].place] = found;
  }
  return number;
}

struct Shared {
  std::uint64_t key;
  std::uint32_t unit;
  bool operator<(const Shared& other) const { return key != other.key ? key < other.key : unit < other.unit; }
  bool operator==(const Shared& other) const { return key == other.key && unit == other.unit; }
};

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
  const auto before = [](const Link& a, const Link& b) { return a.from != b.from ? a.from < b.from : a.to < b.to; };
  std::sort(links.begin(), links.end(), before);
  links.erase(std::unique(links.begin(), links.end(),
                          [](const Link& a, const Link& b) { return a.from == b.from && a.to == b.to; }),
              links.end());
  return links;
}

}  // namespace

Weights contiguity(const data::Frame& frame, const Units& units, bool rook, double snap) {
  const data::Geometry* map = frame.geometry();
  if (!map)
    throw core::Error("frame '" + frame.name() + "' has no shapes")
        .hint("read a map first: map = read(\"cities.geojson\"); W = weights.queen(map)");
  if (!(snap >= 0)) throw core::Error("snap= is a distance, 0 or more").word("snap");
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
  const std::vector<std::uint32_t> number = numbered(corners, snap);
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
  Weights W = from_links(units.ids, meetings(std::move(shared)),
                         std::string(rook ? "rook" : "queen") + " contiguity of " +
                             core::counted(static_cast<long long>(units.ids.size()), "polygon") +
                             (snap > 0 ? ", snapped within " + core::shortest(snap) : ""));
  W.id_column = units.id_column;
  W.origin = units.origin;
  return W;
}

}  // namespace spatial
