// Shapes on a map: the points, lines or polygons that belong to the rows of a frame.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace data {

enum class ShapeKind : std::uint8_t { none, point, line, polygon };

std::string_view name_of(ShapeKind kind);  ///< "none", "point", "line", "polygon"

/// Coordinates of many shapes in flat arrays. A shape is a run of paths, a path a run of points: the points of a
/// (multi)point are one path each; a line is one path per part; a polygon is its rings, each outer ring followed by its
/// holes, closed (first point = last point). x is longitude or easting, y latitude or northing.
class Geometry {
 public:
  struct Path {
    std::span<const double> x, y;
    bool hole = false;  ///< an inner ring of the outer ring before it
  };

  std::size_t size() const { return kinds_.size(); }  ///< shapes
  ShapeKind kind(std::size_t shape) const { return kinds_[shape]; }
  std::size_t paths(std::size_t shape) const { return shape_end_[shape] - first_path(shape); }
  Path path(std::size_t shape, std::size_t index) const {
    const std::size_t p = first_path(shape) + index;
    const std::size_t begin = p ? path_end_[p - 1] : 0;
    const std::size_t count = path_end_[p] - begin;
    return {std::span(x_).subspan(begin, count), std::span(y_).subspan(begin, count), hole_[p] != 0};
  }
  std::size_t points() const { return x_.size(); }  ///< of all shapes together

  // Building: points into the open path, then its end, then the end of the shape.
  void add_point(double x, double y) {
    x_.push_back(x);
    y_.push_back(y);
  }
  void end_path(bool hole = false) {
    path_end_.push_back(x_.size());
    hole_.push_back(hole ? 1 : 0);
  }
  void end_shape(ShapeKind kind) {
    shape_end_.push_back(path_end_.size());
    kinds_.push_back(kind);
  }

  std::string projection;   ///< as people name it: "WGS 84", "CGCS2000 / 3-degree Gauss-Kruger CM 105E"; "": unknown
  std::string wkt;          ///< the same in full, as files store it (WKT 1); "": unknown
  bool geographic = false;  ///< x and y are degrees of longitude and latitude

  // The arrays as they are stored.
  std::span<const double> x() const { return x_; }
  std::span<const double> y() const { return y_; }
  std::span<const std::uint64_t> path_ends() const { return path_end_; }
  std::span<const std::uint8_t> holes() const { return hole_; }
  std::span<const std::uint64_t> shape_ends() const { return shape_end_; }
  std::span<const ShapeKind> kinds() const { return kinds_; }

 private:
  std::size_t first_path(std::size_t shape) const { return shape ? shape_end_[shape - 1] : 0; }
  std::vector<double> x_, y_;
  std::vector<std::uint64_t> path_end_;   ///< past the last point of each path
  std::vector<std::uint8_t> hole_;        ///< per path
  std::vector<std::uint64_t> shape_end_;  ///< past the last path of each shape
  std::vector<ShapeKind> kinds_;
};

/// "49 polygons, WGS 84": kinds with counts, most first, and the projection.
std::string summary(const Geometry& geometry, std::span<const std::uint32_t> shapes);

}  // namespace data
