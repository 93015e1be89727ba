// Where the rows of a frame come from, and columns put into another order of the same rows.
#include "core/error.hpp"
#include "core/text.hpp"
#include "data/frame.hpp"

namespace data {

bool operator==(const RowIds& a, const RowIds& b) {
  if (a.origin != b.origin || (a.at == nullptr) != (b.at == nullptr)) return false;
  return a.at == b.at || *a.at == *b.at;
}

ColumnPtr aligned(const ColumnPtr& column, const RowIds& from, const RowIds& to, std::size_t rows) {
  if (from.origin == 0 || from.origin != to.origin || from == to) return column;
  constexpr std::uint32_t none = 0xffffffff, twice = 0xfffffffe;
  std::vector<std::uint32_t> place;
  for (std::uint32_t i = 0; i < column->size(); ++i) {
    const std::uint32_t id = from.at ? (*from.at)[i] : i;
    if (id >= place.size()) place.resize(std::size_t{id} + 1, none);
    place[id] = place[id] == none ? i : twice;
  }
  std::vector<std::uint32_t> found(rows);
  std::size_t lost = 0, repeated = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t id = to.at ? (*to.at)[i] : i;
    found[i] = id < place.size() ? place[id] : none;
    lost += found[i] == none;
    repeated += found[i] == twice;
  }
  if (lost > 0)
    throw core::Error("the column was computed before: " + core::counted(static_cast<long long>(lost), "row") +
                      " of the frame are not in it");
  if (repeated > 0)
    throw core::Error("the column was computed in another order of rows that repeat, and cannot be put into this one");
  return column->take(found);
}

}  // namespace data
