#include "data/verbs/cross.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "data/verbs/keys.hpp"
#include "data/verbs/picked.hpp"

#include <algorithm>
#include <cmath>

namespace data {
namespace {

constexpr std::size_t pairs_per_task = 1 << 14;

/// Pairs of rows within each group of rows.
struct RowPairs {
  std::vector<std::uint32_t> first, second;
};

RowPairs pairs_within(const GroupRows& groups, const DyadOptions& options) {
  double total = 0;
  for (std::size_t g = 0; g < groups.groups(); ++g) {
    const auto n = static_cast<double>(groups.of(g).size());
    total += (options.directed ? n * (n - 1) : n * (n - 1) / 2) + (options.self ? n : 0);
  }
  check_size(total, 4, "cross");
  RowPairs out;
  out.first.reserve(static_cast<std::size_t>(total));
  out.second.reserve(static_cast<std::size_t>(total));
  for (std::size_t g = 0; g < groups.groups(); ++g) {
    const auto rows = groups.of(g);
    for (std::size_t a = 0; a < rows.size(); ++a) {
      core::poll();
      for (std::size_t b = options.directed ? 0 : a; b < rows.size(); ++b) {
        if (a == b && !options.self) continue;
        out.first.push_back(rows[a]);
        out.second.push_back(rows[b]);
      }
    }
  }
  return out;
}

std::vector<double> coordinates(const Frame& frame, const std::string& name, double most) {
  const ColumnPtr column = frame.at(name);
  if (!column->is_numeric() || column->type() == Type::date)
    throw core::Error("coordinate '" + name + "' is a " + std::string(name_of(column->type())) + " column")
        .word(name)
        .hint("distance= takes longitude and latitude in degrees");
  std::vector<double> values = column->numbers();
  for (std::size_t i = 0; i < values.size(); ++i)
    if (std::abs(values[i]) > most)
      throw core::Error("'" + name + "' is " + core::shortest(values[i]) + " in row " + std::to_string(i + 1) +
                        ", beyond " + core::shortest(most) + " degrees")
          .word(name)
          .hint("distance = {longitude, latitude}, in degrees and in this order");
  return values;
}

/// Rows that stand for the units: the first of each, and which columns are the same in all its rows.
Frame one_row_each(const Frame& frame, const std::string& unit, std::vector<std::string>& left_out) {
  const std::vector<ColumnPtr> by = {frame.at(unit)};
  const Grouping units = keyed(by, frame.rows());
  if (units.first.size() == frame.rows()) return frame;
  std::vector<std::string> kept;
  for (const std::string& name : frame.names()) {
    const ColumnPtr column = frame.at(name);
    bool varies = false;
    for (std::size_t i = 0; i < frame.rows() && !varies; ++i)
      varies = !same_value(*column, i, *column, units.first[static_cast<std::size_t>(units.codes[i])]);
    (varies ? left_out : kept).push_back(name);
  }
  return frame.selected(kept).take(units.first);
}

}  // namespace

double great_circle_km(double longitude_a, double latitude_a, double longitude_b, double latitude_b, double radius) {
  constexpr double degree = 3.14159265358979323846 / 180;
  const double across = std::sin((longitude_b - longitude_a) * degree / 2);
  const double along = std::sin((latitude_b - latitude_a) * degree / 2);
  const double h = along * along + std::cos(latitude_a * degree) * std::cos(latitude_b * degree) * across * across;
  return 2 * radius * std::asin(std::sqrt(std::min(1.0, h)));
}

Frame cross(const Frame& first, const Frame& second) {
  for (const std::string& name : second.names())
    if (first.has(name))
      throw core::Error("'" + name + "' is in both frames").word(name).hint("rename it in one of them first");
  const std::size_t n = second.rows();
  const double total = static_cast<double>(first.rows()) * static_cast<double>(n);
  check_size(total, first.width() + second.width(), "cross");
  std::vector<std::uint32_t> a(static_cast<std::size_t>(total)), b(a.size());
  core::for_blocks(a.size(), pairs_per_task, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      a[i] = static_cast<std::uint32_t>(i / n);
      b[i] = static_cast<std::uint32_t>(i % n);
    }
  });
  Frame out(first.name());
  for (const std::string& name : first.names()) out = out.with(name, picked(*first.at(name), a));
  for (const std::string& name : second.names()) out = out.with(name, picked(*second.at(name), b));
  return out;
}

Dyads dyads(const Frame& frame, const DyadOptions& options) {
  Dyads out;
  frame.at(options.unit);
  const Frame units = options.within.empty() ? one_row_each(frame, options.unit, out.left_out) : frame;
  const ColumnPtr unit = units.at(options.unit);
  for (std::size_t i = 0; i < unit->size(); ++i)
    if (unit->missing(i))
      throw core::Error("unit '" + options.unit + "' is missing in row " + std::to_string(i + 1))
          .word(options.unit)
          .hint("drop such rows first");
  const std::vector<ColumnPtr> within = columns_of(units, options.within);
  std::vector<ColumnPtr> whole = within;
  whole.push_back(unit);
  if (const auto twice = repeated(keyed(whole, units.rows())))
    throw core::Error("cross: " + options.unit + " " + unit->text(twice->first) +
                      " stands twice in one group, in rows " + std::to_string(twice->first + 1) + " and " +
                      std::to_string(twice->second + 1))
        .word(options.unit);
  const Grouping groups = keyed_in_order(within, units.rows());
  const RowPairs pairs = pairs_within(rows_by_group(groups.codes, groups.first.size()), options);
  check_size(static_cast<double>(pairs.first.size()), 2 * units.width(), "cross");

  const auto add = [&](const std::string& name, ColumnPtr column) {
    if (out.frame.has(name))
      throw core::Error("there would be two columns '" + name + "'").word(name).hint("choose other suffixes=");
    out.frame = out.frame.with(name, std::move(column));
  };
  out.frame = Frame(frame.name());
  for (std::size_t k = 0; k < within.size(); ++k) add(options.within[k], picked(*within[k], pairs.first));
  add(options.unit + options.suffixes[0], picked(*unit, pairs.first));
  add(options.unit + options.suffixes[1], picked(*unit, pairs.second));
  if (!options.distance.empty()) {
    for (const std::string& name : {options.longitude, options.latitude})
      if (std::find(out.left_out.begin(), out.left_out.end(), name) != out.left_out.end())
        throw core::Error("coordinate '" + name + "' varies within '" + options.unit + "'").word(name);
    const std::vector<double> x = coordinates(units, options.longitude, 360);
    const std::vector<double> y = coordinates(units, options.latitude, 90);
    std::vector<double> km(pairs.first.size());
    core::for_blocks(km.size(), pairs_per_task, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i)
        km[i] = great_circle_km(x[pairs.first[i]], y[pairs.first[i]], x[pairs.second[i]], y[pairs.second[i]]);
    });
    add(options.distance, Column::reals(std::move(km))->labelled("Great-circle distance, km"));
  }
  for (const std::string& name : units.names()) {
    if (name == options.unit || std::find(options.within.begin(), options.within.end(), name) != options.within.end())
      continue;
    add(name + options.suffixes[0], picked(*units.at(name), pairs.first));
    add(name + options.suffixes[1], picked(*units.at(name), pairs.second));
  }
  return out;
}

}  // namespace data
