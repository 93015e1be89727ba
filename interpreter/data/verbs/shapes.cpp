#include "data/verbs/shapes.hpp"

#include "data/verbs/picked.hpp"

namespace data {

Frame with_shapes_of(const Frame& from, Frame made, std::span<const std::uint32_t> rows,
                     std::vector<std::string>& notes) {
  if (!from.geometry()) return made;
  std::vector<std::uint32_t> shapes;
  shapes.reserve(rows.size());
  for (const std::uint32_t row : rows) {
    if (row == no_row) {
      notes.emplace_back("shapes are not kept: some rows have none");
      return made;
    }
    shapes.push_back(from.shapes()[row]);
  }
  return made.with_geometry(from.geometry_ptr(), std::move(shapes));
}

Frame with_shapes_of_groups(const Frame& from, Frame made, std::span<const std::int32_t> codes,
                            std::span<const std::uint32_t> first, std::vector<std::string>& notes) {
  if (!from.geometry()) return made;
  for (std::size_t row = 0; row < codes.size(); ++row) {
    if (codes[row] < 0 || from.shapes()[row] == from.shapes()[first[static_cast<std::size_t>(codes[row])]]) continue;
    notes.emplace_back("shapes are not kept: the rows of a group have different ones");
    return made;
  }
  return with_shapes_of(from, std::move(made), first, notes);
}

}  // namespace data
