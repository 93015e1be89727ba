#include "data/verbs/shapes.hpp"

#include "data/verbs/picked.hpp"
#include "data/verbs/reshape.hpp"

#include <catch2/catch.hpp>

using data::Column;

namespace {

/// Three rows on two points: a, b, a.
data::Frame on_a_map(std::vector<std::uint32_t> shapes) {
  auto points = std::make_shared<data::Geometry>();
  for (const double x : {1.0, 2.0}) {
    points->add_point(x, 0);
    points->end_path();
    points->end_shape(data::ShapeKind::point);
  }
  const data::Frame frame(
      "map", {"id", "year", "y"},
      {Column::texts(std::vector<std::string>{"a", "b", "a"}), Column::integers({1, 1, 2}), Column::reals({1, 2, 3})});
  return frame.with_geometry(points, std::move(shapes));
}

std::vector<std::uint32_t> shapes_of(const data::Frame& frame) {
  return {frame.shapes().begin(), frame.shapes().end()};
}

}  // namespace

TEST_CASE("reshape keeps shapes that belong to i", "[shapes]") {
  const data::ReshapeOptions options{.stubs = {"y"}, .i = {"id"}, .j = "year"};
  const data::Reshaped wide = data::reshape_wide(on_a_map({0, 1, 0}), options);
  REQUIRE(wide.frame.geometry());
  CHECK(shapes_of(wide.frame) == std::vector<std::uint32_t>{0, 1});
  const data::Reshaped back = data::reshape_long(wide.frame, options);
  CHECK(shapes_of(back.frame) == std::vector<std::uint32_t>{0, 0, 1, 1});
}

TEST_CASE("shapes that differ within a group are not kept, and a note says so", "[shapes]") {
  const data::ReshapeOptions options{.stubs = {"y"}, .i = {"id"}, .j = "year"};
  const data::Reshaped wide = data::reshape_wide(on_a_map({0, 1, 1}), options);
  CHECK(!wide.frame.geometry());
  CHECK(wide.notes.back() == "shapes are not kept: the rows of a group have different ones");
}

TEST_CASE("rows without a shape end the shapes", "[shapes]") {
  std::vector<std::string> notes;
  const data::Frame made("made", {"x"}, {Column::integers({1, 2})});
  const std::vector<std::uint32_t> rows = {1, data::no_row};
  CHECK(!data::with_shapes_of(on_a_map({0, 1, 0}), made, rows, notes).geometry());
  CHECK(notes.size() == 1);
  const std::vector<std::uint32_t> known = {1, 2};
  CHECK(shapes_of(data::with_shapes_of(on_a_map({0, 1, 0}), made, known, notes)) == std::vector<std::uint32_t>{1, 0});
}
