#include "data/geometry.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace data {

std::string_view name_of(ShapeKind kind) {
  switch (kind) {
    case ShapeKind::none:
      return "none";
    case ShapeKind::point:
      return "point";
    case ShapeKind::line:
      return "line";
    case ShapeKind::polygon:
      return "polygon";
  }
  return "";
}

std::string summary(const Geometry& geometry, std::span<const std::uint32_t> shapes) {
  std::array<long long, 4> counts{};
  for (const std::uint32_t shape : shapes) ++counts[static_cast<std::size_t>(geometry.kind(shape))];
  std::array<std::size_t, 4> order{};
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
  std::vector<std::string> parts;
  for (const std::size_t kind : order) {
    if (!counts[kind]) continue;
    if (kind == 0)
      parts.push_back(core::counted(counts[kind], "row") + " without shape");
    else
      parts.push_back(core::counted(counts[kind], name_of(static_cast<ShapeKind>(kind))));
  }
  parts.push_back(geometry.projection.empty() ? "projection unknown" : geometry.projection);
  return core::join(parts, ", ");
}

}  // namespace data
