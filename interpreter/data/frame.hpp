// A frame: named columns of equal length, with a panel index when one is declared and shapes when it came from a map.
// A value: copies share columns.
#pragma once

#include "data/column.hpp"
#include "data/geometry.hpp"
#include "data/panel.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace data {

/// Which rows these are: rows of one origin (a frame when it was first filled), in this order. Sorting and keeping rows
/// change the order, not the origin, so that a column computed before finds its rows again.
struct RowIds {
  std::uint64_t origin = 0;                              ///< 0: not known
  std::shared_ptr<const std::vector<std::uint32_t>> at;  ///< null: every row of the origin, in its order
};
bool operator==(const RowIds& a, const RowIds& b);

/// The values of `column`, whose rows are `from`, in the order of the rows `to`. Columns of another or unknown origin
/// stay as they are. Throws core::Error when `to` holds rows that `from` lacks or holds twice.
ColumnPtr aligned(const ColumnPtr& column, const RowIds& from, const RowIds& to, std::size_t rows);

class Frame {
 public:
  Frame() = default;
  explicit Frame(std::string name) : name_(std::move(name)) {}
  /// All columns at once: as many names as columns, all different, columns of one length (asserted).
  Frame(std::string name, std::vector<std::string> names, std::vector<ColumnPtr> columns);

  const std::string& name() const { return name_; }  ///< what errors call it: the file's stem, or "data"
  Frame named(std::string name) const;
  std::size_t rows() const { return rows_; }
  std::size_t width() const { return columns_.size(); }
  const std::vector<std::string>& names() const { return names_; }
  const ColumnPtr& column(std::size_t index) const { return columns_[index]; }

  /// nullptr when there is none.
  ColumnPtr find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  /// Throws core::Error "no column 'tret' in frame 'cities'" with the near name and the list.
  ColumnPtr at(std::string_view name) const;

  /// New frames; this one stays as it is. Adding to an empty frame sets the number of rows; after that another length
  /// is an error. Replacing or removing the unit or time column ends the panel; renaming it renames it there.
  Frame with(std::string name, ColumnPtr column) const;  ///< replaces in place or appends
  Frame without(std::string_view name) const;
  Frame renamed(std::string_view from, std::string to) const;
  Frame selected(std::span<const std::string> names) const;  ///< these columns in this order
  /// These rows in this order. The panel index follows with the same step, unless a unit-time pair is now repeated.
  Frame take(std::span<const std::uint32_t> rows) const;

  const RowIds& row_ids() const { return row_ids_; }

  /// The panel index, or nullptr. Computed once when declared.
  const Panel* panel() const { return panel_.get(); }
  std::shared_ptr<const Panel> panel_ptr() const { return panel_; }
  /// Declares unit and time; an empty unit declares a single time series. Throws on missing identifiers and on repeated
  /// unit-time pairs (named with rows).
  Frame with_panel(std::string unit, std::string time) const;

  /// The shapes that rows belong to, or nullptr. They stay with the frame whatever its columns are, and follow take().
  const Geometry* geometry() const { return geometry_.get(); }
  std::shared_ptr<const Geometry> geometry_ptr() const { return geometry_; }
  /// For each row, its shape in geometry(). Empty without geometry.
  std::span<const std::uint32_t> shapes() const { return shapes_ ? *shapes_ : std::span<const std::uint32_t>{}; }
  /// A shape for each row. Asserts that `shapes` has a value for each row that geometry has; nullptr takes it away.
  Frame with_geometry(std::shared_ptr<const Geometry> geometry, std::vector<std::uint32_t> shapes) const;

 private:
  std::size_t place(std::string_view name) const;  ///< index of the column, or the Error of at()
  std::string name_ = "data";
  std::size_t rows_ = 0;
  std::vector<std::string> names_;
  std::vector<ColumnPtr> columns_;
  std::shared_ptr<const Panel> panel_;
  std::shared_ptr<const Geometry> geometry_;
  std::shared_ptr<const std::vector<std::uint32_t>> shapes_;
  RowIds row_ids_;
};

}  // namespace data
