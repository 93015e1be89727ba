// Making weights: from shapes, coordinates, economic distance, lists of links and files.
#pragma once

#include "data/frame.hpp"
#include "data/verbs/cross.hpp"
#include "spatial/weights.hpp"

#include <string>
#include <vector>

namespace spatial {

/// Which units weights have, and a row of the frame for each: one row per value of `id`; with an empty id per unit of
/// the panel, and per row where there is none. Throws core::Error for missing ids.
struct Units {
  std::vector<std::string> ids;
  std::string id_column;
  std::uint64_t origin = 0;
  std::vector<std::uint32_t> rows;  ///< first row of each unit
};
Units units_of(const data::Frame& frame, const std::string& id);
/// One number a unit. Throws when it is missing, or differs between rows of one unit.
std::vector<double> unit_values(const data::Frame& frame, const Units& units, const std::vector<double>& x,
                                const std::string& what);

/// How far apart two points are.
enum class Metric { great_circle, planar };
struct Points {
  std::vector<double> x, y;  ///< degrees of longitude and latitude, or projected coordinates
  Metric metric = Metric::great_circle;
  double radius = data::earth_radius_km;
};
double distance(const Points& points, std::size_t i, std::size_t j);

/// The k nearest of each point, nearest first, ties by number; n·k values. Throws when k is not in 1 … n − 1.
std::vector<std::uint32_t> nearest(const Points& points, int k);
/// Pairs (i, j), i ≠ j, at most `cutoff` apart, with their distance.
std::vector<Link> within(const Points& points, double cutoff);

Weights knn(const Units& units, const Points& points, int k);
/// 1 for pairs with least ≤ distance ≤ most.
Weights band(const Units& units, const Points& points, double least, double most);
/// distance^−power; cutoff 0: all pairs. Throws core::Error for points at the same place.
Weights inverse_distance(const Units& units, const Points& points, double power, double cutoff);
/// 1/|x_i − x_j|: near in x is near. Throws for equal values.
Weights economic(const Units& units, const std::vector<double>& x);

/// Units whose shapes share a point (queen) or a stretch of border (rook). Points of two shapes nearer than `snap` (in
/// the map's units) are one. Throws core::Error when the frame has no polygons.
Weights contiguity(const data::Frame& frame, const Units& units, bool rook, double snap);

// Files. `text` is the file's content, `name` stands in errors.
Weights read_gal(const std::string& text, const std::string& name);
Weights read_gwt(const std::string& text, const std::string& name);
Weights read_matrix_market(const std::string& text, const std::string& name);
std::string write_gal(const Weights& W);
std::string write_gwt(const Weights& W);
std::string write_matrix_market(const Weights& W);
std::string write_csv(const Weights& W);  ///< i, j, w

/// A list of links: columns of ids and, when `w` is not empty, of weights. Ids in order of first appearance.
/// `both`: each row is a link in both directions. `units`: all units there are, in this order, with or without links;
/// empty: those of the list. What the list leaves unclear (pairs twice, links to oneself, one direction only) goes into
/// `notes`. Throws core::Error for a unit that `units` lacks.
Weights from_list(const data::Frame& frame, const std::string& i, const std::string& j, const std::string& w, bool both,
                  const std::vector<std::string>& units, std::vector<std::string>& notes);
/// A square table: the first column holds ids when it is text, or when there is one more column than rows.
Weights from_square(const data::Frame& frame);

}  // namespace spatial
