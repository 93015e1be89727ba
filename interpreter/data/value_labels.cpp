#include "data/value_labels.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cmath>

namespace data {
namespace {

bool has_labels(const Column& column) { return column.type() == Type::category && !column.level_values().empty(); }

void require_numbers(const Column& column) {
  if (column.type() == Type::date)
    throw core::Error("holds dates, and labels are of numbers").hint("gen(x = \"format(day, '%Y-%m')\") makes text");
  if (!column.is_numeric() && !has_labels(column))
    throw core::Error("is " + std::string(column.type() == Type::text ? "text" : "a category without numbers") +
                      ", and labels are of numbers")
        .hint("encode(x, generate=\"code\") numbers texts");
}

}  // namespace

std::vector<std::string> distinct_labels(const ValueLabels& labels) {
  std::map<std::string, int> count;
  for (const auto& [value, label] : labels) ++count[label];
  std::vector<std::string> out;
  out.reserve(labels.size());
  for (const auto& [value, label] : labels)
    out.push_back(count[label] > 1 || label.empty() ? label + "[" + core::shortest(value) + "]" : label);
  return out;
}

ColumnPtr labelled_numbers(const std::vector<double>& values, const ValueLabels& labels, UnusedLabels unused) {
  ValueLabels all;
  if (unused == UnusedLabels::keep) all = labels;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    const auto [level, fresh] = all.try_emplace(value);
    if (!fresh) continue;
    const auto own = labels.find(value);
    level->second = own == labels.end() ? core::shortest(value) : own->second;
  }
  constexpr std::size_t most_levels = 65536;
  if (all.size() > most_levels)
    throw core::Error("the column would have " + core::counted(static_cast<long long>(all.size()), "level"))
        .hint("labels are for few values");
  std::map<double, std::int32_t> code_of;
  std::vector<double> numbers;
  for (const auto& [value, label] : all) {
    code_of[value] = static_cast<std::int32_t>(numbers.size());
    numbers.push_back(value);
  }
  std::vector<std::int32_t> codes(values.size(), missing_code);
  for (std::size_t row = 0; row < codes.size(); ++row)
    if (!std::isnan(values[row])) codes[row] = code_of.at(values[row]);
  return Column::categories(std::move(codes), std::make_shared<const std::vector<std::string>>(distinct_labels(all)),
                            std::move(numbers));
}

ValueLabels value_labels(const Column& column) {
  ValueLabels out;
  if (!has_labels(column)) return out;
  for (std::size_t level = 0; level < column.level_values().size(); ++level) {
    const double value = column.level_values()[level];
    const std::string& text = (*column.dictionary())[level];
    if (text != core::shortest(value)) out.emplace(value, text);
  }
  return out;
}

ColumnPtr with_value_labels(const Column& column, const ValueLabels& labels) {
  require_numbers(column);
  return labelled_numbers(column.numbers(), labels, UnusedLabels::keep)->described_as(column);
}

ColumnPtr without_value_labels(const Column& column) {
  require_numbers(column);
  std::vector<double> values = column.numbers();
  const bool whole = std::all_of(values.begin(), values.end(), [](double value) {
    return std::isnan(value) || (value == std::floor(value) && std::abs(value) < 0x1p53);
  });
  if (!whole) return Column::reals(std::move(values))->described_as(column);
  std::vector<std::int64_t> integers(values.size());
  std::transform(values.begin(), values.end(), integers.begin(),
                 [](double value) { return std::isnan(value) ? missing_integer : static_cast<std::int64_t>(value); });
  return Column::integers(std::move(integers))->described_as(column);
}

}  // namespace data
