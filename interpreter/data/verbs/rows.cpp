#include "data/verbs/rows.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "data/verbs/fillin.hpp"
#include "data/verbs/keys.hpp"
#include "data/verbs/picked.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace data {

Copies copies(const Frame& frame, std::span<const std::string> columns) {
  Copies out;
  const std::vector<ColumnPtr> by = columns_of(frame, columns.empty() ? std::span(frame.names()) : columns);
  out.groups = keyed(by, frame.rows());
  out.of_group.assign(out.groups.first.size(), 0);
  for (const std::int32_t code : out.groups.codes) ++out.of_group[static_cast<std::size_t>(code)];
  out.surplus = frame.rows() - out.groups.first.size();
  return out;
}

Contracted contract(const Frame& frame, std::span<const std::string> columns, std::span<const double> weights,
                    bool zero) {
  const std::vector<ColumnPtr> by = columns_of(frame, columns);
  const Grouping groups = keyed_in_order(by, frame.rows());
  Contracted out;
  out.counts.assign(groups.first.size(), 0);
  for (std::size_t r = 0; r < frame.rows(); ++r)
    out.counts[static_cast<std::size_t>(groups.codes[r])] += weights.empty()          ? 1
                                                             : std::isnan(weights[r]) ? 0
                                                                                      : weights[r];
  const std::vector<std::string> names(columns.begin(), columns.end());
  out.frame = frame.selected(names).take(groups.first);
  if (!zero) return out;
  const std::string counted = " count";  // no column of a user's begins with a space
  Filled filled = fillin(out.frame.with(counted, Column::reals(out.counts)), columns);
  out.counts = filled.frame.at(counted)->numbers();
  for (double& count : out.counts)
    if (std::isnan(count)) count = 0;
  out.frame = filled.frame.without(counted);
  return out;
}

std::vector<std::uint32_t> expanded_rows(std::span<const std::int64_t> times, std::size_t columns) {
  double total = 0;
  for (const std::int64_t n : times) total += static_cast<double>(std::max<std::int64_t>(n, 1));
  check_size(total, columns, "expand");
  std::vector<std::uint32_t> rows(times.size());
  std::iota(rows.begin(), rows.end(), 0U);
  rows.reserve(static_cast<std::size_t>(total));
  for (std::size_t r = 0; r < times.size(); ++r)
    for (std::int64_t copy = 1; copy < times[r]; ++copy) rows.push_back(static_cast<std::uint32_t>(r));
  return rows;
}

Frame transposed(const Frame& frame, const std::string& names) {
  constexpr std::size_t most_columns = 32767;
  if (frame.rows() > most_columns)
    throw core::Error("xpose would make " + core::grouped(static_cast<long long>(frame.rows())) + " columns")
        .hint("at most 32,767 columns are made; keep fewer rows first");
  std::vector<std::string> variables;
  std::vector<std::vector<double>> values;
  for (const std::string& name : frame.names()) {
    if (name == names) continue;
    const ColumnPtr column = frame.at(name);
    if (column->type() == Type::text || (column->type() == Type::category && column->level_values().empty()))
      throw core::Error("'" + name + "' is a " + std::string(name_of(column->type())) +
                        " column; a column of the result would mix text and numbers")
          .word(name)
          .hint(names.empty() ? "names=" + name + " makes it the columns' names; or drop it" : "drop it first");
    variables.push_back(name);
    values.push_back(column->numbers());
  }
  Frame out(frame.name());
  out = out.with("variable", Column::texts(variables));
  const ColumnPtr titles = names.empty() ? nullptr : frame.at(names);
  for (std::size_t r = 0; r < frame.rows(); ++r) {
    std::vector<double> row(values.size());
    std::transform(values.begin(), values.end(), row.begin(), [r](const std::vector<double>& v) { return v[r]; });
    const std::string title = titles ? titles->text(r) : "v" + std::to_string(r + 1);
    if (title.empty() || out.has(title))
      throw core::Error("names= does not tell the rows apart: row " + std::to_string(r + 1) +
                        (title.empty() ? " has none" : " is '" + title + "' again"))
          .word(names);
    out = out.with(title, Column::reals(std::move(row)));
  }
  return out;
}

}  // namespace data
