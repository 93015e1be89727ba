// GeoJSON: a FeatureCollection with one feature a row, in degrees of longitude and latitude.
// Source: RFC 7946.
#include "core/interrupt.hpp"
#include "core/new_file.hpp"
#include "core/text.hpp"
#include "files/format.hpp"
#include "files/input.hpp"
#include "files/json_write.hpp"

namespace files {
namespace {

using data::Geometry;

void append_point(std::string& out, double x, double y) {
  out += '[';
  out += core::shortest(x);
  out += ',';
  out += core::shortest(y);
  out += ']';
}

void append_path(std::string& out, const Geometry::Path& path) {
  out += '[';
  for (std::size_t i = 0; i < path.x.size(); ++i) {
    if (i) out += ',';
    append_point(out, path.x[i], path.y[i]);
  }
  out += ']';
}

void append_points(std::string& out, const Geometry& geometry, std::size_t shape) {
  const std::size_t count = geometry.paths(shape);
  out += count == 1 ? R"({"type":"Point","coordinates":)" : R"({"type":"MultiPoint","coordinates":[)";
  for (std::size_t i = 0; i < count; ++i) {
    const Geometry::Path path = geometry.path(shape, i);
    if (i) out += ',';
    append_point(out, path.x[0], path.y[0]);
  }
  out += count == 1 ? "}" : "]}";
}

void append_lines(std::string& out, const Geometry& geometry, std::size_t shape) {
  const std::size_t count = geometry.paths(shape);
  out += count == 1 ? R"({"type":"LineString","coordinates":)" : R"({"type":"MultiLineString","coordinates":[)";
  for (std::size_t i = 0; i < count; ++i) {
    if (i) out += ',';
    append_path(out, geometry.path(shape, i));
  }
  out += count == 1 ? "}" : "]}";
}

void append_polygons(std::string& out, const Geometry& geometry, std::size_t shape) {
  std::size_t parts = 0;
  for (std::size_t i = 0; i < geometry.paths(shape); ++i) parts += geometry.path(shape, i).hole ? 0 : 1;
  out += parts == 1 ? R"({"type":"Polygon","coordinates":)" : R"({"type":"MultiPolygon","coordinates":[)";
  for (std::size_t i = 0; i < geometry.paths(shape); ++i) {
    const Geometry::Path path = geometry.path(shape, i);
    if (!path.hole) out += i ? "],[" : "[";
    if (path.hole && i) out += ',';
    append_path(out, path);
  }
  out += parts == 1 ? "]}" : "]]}";
}

void append_shape(std::string& out, const Geometry& geometry, std::size_t shape) {
  if (geometry.paths(shape) == 0) {
    out += "null";
    return;
  }
  switch (geometry.kind(shape)) {
    case data::ShapeKind::none:
      out += "null";
      break;
    case data::ShapeKind::point:
      append_points(out, geometry, shape);
      break;
    case data::ShapeKind::line:
      append_lines(out, geometry, shape);
      break;
    case data::ShapeKind::polygon:
      append_polygons(out, geometry, shape);
      break;
  }
}

}  // namespace

void write_geojson(const data::Frame& frame, const std::string& path, const WriteOptions&, Report& report) {
  const Geometry* geometry = frame.geometry();
  if (!geometry)
    throw core::Error("frame '" + frame.name() + "' has no shapes, and a GeoJSON file is of shapes")
        .hint("use a map (.shp, .geojson, .gpkg) first; .json writes records without shapes");
  if (!geometry->geographic && !geometry->projection.empty())
    throw core::Error("GeoJSON holds degrees of longitude and latitude; the shapes are in " + geometry->projection)
        .hint("save them as .mtf, or transform the map to WGS 84 before");
  core::NewFile file(path);
  JsonRows rows(frame);
  std::string out = "{\"type\": \"FeatureCollection\", \"features\": [\n";
  for (std::size_t row = 0; row < frame.rows(); ++row) {
    out += R"({"type": "Feature", "properties": )";
    rows.append(out, row);
    out += ", \"geometry\": ";
    append_shape(out, *geometry, frame.shapes()[row]);
    out += row + 1 < frame.rows() ? "},\n" : "}\n";
    if (out.size() >= (std::size_t{1} << 20)) {
      core::poll();
      file.write(out);
      out.clear();
    }
  }
  out += "]}\n";
  file.write(out);
  file.commit();
  rows.note(report);
}

}  // namespace files
