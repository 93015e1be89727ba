#include "data/frame.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>

namespace data {
namespace {

std::uint64_t next_origin() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

RowIds taken(const RowIds& ids, std::span<const std::uint32_t> rows) {
  std::vector<std::uint32_t> at(rows.begin(), rows.end());
  if (ids.at)
    for (std::uint32_t& row : at) row = (*ids.at)[row];
  return {ids.origin, std::make_shared<const std::vector<std::uint32_t>>(std::move(at))};
}

}  // namespace

Frame::Frame(std::string name, std::vector<std::string> names, std::vector<ColumnPtr> columns)
    : name_(std::move(name)),
      rows_(columns.empty() ? 0 : columns.front()->size()),
      names_(std::move(names)),
      columns_(std::move(columns)),
      row_ids_{next_origin(), nullptr} {
  assert(names_.size() == columns_.size());
  assert(std::all_of(columns_.begin(), columns_.end(), [&](const ColumnPtr& c) { return c->size() == rows_; }));
}

Frame Frame::named(std::string name) const {
  Frame out = *this;
  out.name_ = std::move(name);
  return out;
}

ColumnPtr Frame::find(std::string_view name) const {
  const auto at = std::find(names_.begin(), names_.end(), name);
  return at == names_.end() ? nullptr : columns_[static_cast<std::size_t>(at - names_.begin())];
}

std::size_t Frame::place(std::string_view name) const {
  const auto at = std::find(names_.begin(), names_.end(), name);
  if (at == names_.end())
    throw core::Error("no column '" + std::string(name) + "' in frame '" + name_ + "'")
        .hint(core::did_you_mean(name, names_, "columns"))
        .word(std::string(name));
  return static_cast<std::size_t>(at - names_.begin());
}

ColumnPtr Frame::at(std::string_view name) const { return columns_[place(name)]; }

Frame Frame::with(std::string name, ColumnPtr column) const {
  Frame out = *this;
  if (columns_.empty()) {
    out.rows_ = column->size();
    out.row_ids_ = {next_origin(), nullptr};
  } else if (column->size() != rows_) {
    throw core::Error("column '" + name + "' has " + core::counted(static_cast<long long>(column->size()), "value") +
                      ", but frame '" + name_ + "' has " + core::counted(static_cast<long long>(rows_), "row"))
        .word(name);
  }
  if (panel_ && (name == panel_->unit || name == panel_->time)) out.panel_.reset();
  const auto at = std::find(names_.begin(), names_.end(), name);
  if (at != names_.end()) {
    out.columns_[static_cast<std::size_t>(at - names_.begin())] = std::move(column);
  } else {
    out.names_.push_back(std::move(name));
    out.columns_.push_back(std::move(column));
  }
  return out;
}

Frame Frame::without(std::string_view name) const {
  const auto at = static_cast<std::ptrdiff_t>(place(name));
  Frame out = *this;
  out.names_.erase(out.names_.begin() + at);
  out.columns_.erase(out.columns_.begin() + at);
  if (panel_ && (name == panel_->unit || name == panel_->time)) out.panel_.reset();
  return out;
}

Frame Frame::renamed(std::string_view from, std::string to) const {
  const std::size_t at = place(from);
  if (from == to) return *this;
  if (has(to))
    throw core::Error("frame '" + name_ + "' already has a column '" + to + "'").hint("drop it first").word(to);
  Frame out = *this;
  if (panel_ && (from == panel_->unit || from == panel_->time)) {
    auto panel = std::make_shared<Panel>(*panel_);
    (from == panel_->unit ? panel->unit : panel->time) = to;
    out.panel_ = std::move(panel);
  }
  out.names_[at] = std::move(to);
  return out;
}

Frame Frame::selected(std::span<const std::string> names) const {
  Frame out(name_);
  out.rows_ = rows_;
  out.row_ids_ = row_ids_;
  for (const std::string& name : names) {
    const ColumnPtr& column = columns_[place(name)];
    if (out.has(name)) throw core::Error("column '" + name + "' is named twice").word(name);
    out.names_.push_back(name);
    out.columns_.push_back(column);
  }
  if (panel_ && (panel_->unit.empty() || out.has(panel_->unit)) && out.has(panel_->time)) out.panel_ = panel_;
  out.geometry_ = geometry_;
  out.shapes_ = shapes_;
  return out;
}

Frame Frame::take(std::span<const std::uint32_t> rows) const {
  Frame out(name_);
  out.rows_ = rows.size();
  out.names_ = names_;
  out.row_ids_ = taken(row_ids_, rows);
  out.columns_.reserve(columns_.size());
  for (const ColumnPtr& column : columns_) out.columns_.push_back(column->take(rows));
  if (panel_)
    if (std::optional<Panel> panel = take_rows(*panel_, rows))
      out.panel_ = std::make_shared<const Panel>(std::move(*panel));
  if (geometry_) {
    std::vector<std::uint32_t> shapes;
    shapes.reserve(rows.size());
    for (const std::uint32_t row : rows) shapes.push_back((*shapes_)[row]);
    out.geometry_ = geometry_;
    out.shapes_ = std::make_shared<const std::vector<std::uint32_t>>(std::move(shapes));
  }
  return out;
}

Frame Frame::with_panel(std::string unit, std::string time) const {
  const ColumnPtr units = unit.empty() ? Column::integers(std::vector<std::int64_t>(rows_, 1)) : at(unit);
  const ColumnPtr times = at(time);
  Frame out = *this;
  out.panel_ = std::make_shared<const Panel>(make_panel(*units, *times, std::move(unit), std::move(time)));
  return out;
}

Frame Frame::with_geometry(std::shared_ptr<const Geometry> geometry, std::vector<std::uint32_t> shapes) const {
  Frame out = *this;
  out.geometry_ = std::move(geometry);
  out.shapes_ = nullptr;
  if (!out.geometry_) return out;
  if (columns_.empty()) out.rows_ = shapes.size();
  assert(shapes.size() == out.rows_);
  assert(std::all_of(shapes.begin(), shapes.end(), [&](std::uint32_t s) { return s < out.geometry_->size(); }));
  out.shapes_ = std::make_shared<const std::vector<std::uint32_t>>(std::move(shapes));
  return out;
}

}  // namespace data
