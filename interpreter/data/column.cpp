#include "data/column.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "data/date.hpp"

#include <cassert>
#include <cmath>
#include <unordered_map>
#include <utility>

namespace data {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double as_number(std::int64_t value) { return value == missing_integer ? nan : static_cast<double>(value); }
double as_number(std::uint8_t value) { return value == missing_boolean ? nan : static_cast<double>(value); }

template <class T>
std::vector<T> taken(const std::vector<T>& values, std::span<const std::uint32_t> rows) {
  std::vector<T> out(values.empty() ? 0 : rows.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    assert(rows[i] < values.size());
    out[i] = values[rows[i]];
  }
  return out;
}

}  // namespace

std::string_view name_of(Type type) {
  switch (type) {
    case Type::real:
      return "double";
    case Type::integer:
      return "integer";
    case Type::boolean:
      return "boolean";
    case Type::text:
      return "string";
    case Type::category:
      return "category";
    case Type::date:
      return "date";
  }
  return "";
}

std::shared_ptr<Column> Column::make(Type type, std::size_t size) {
  std::shared_ptr<Column> column(new Column());
  column->type_ = type;
  column->size_ = size;
  return column;
}

ColumnPtr Column::reals(std::vector<double> values) {
  auto column = make(Type::real, values.size());
  column->reals_ = std::move(values);
  return column;
}

ColumnPtr Column::integers(std::vector<std::int64_t> values) {
  auto column = make(Type::integer, values.size());
  column->integers_ = std::move(values);
  return column;
}

ColumnPtr Column::booleans(std::vector<std::uint8_t> values) {
  auto column = make(Type::boolean, values.size());
  column->booleans_ = std::move(values);
  return column;
}

ColumnPtr Column::texts(std::vector<std::int32_t> codes, Dictionary words) {
  assert(words != nullptr);
  auto column = make(Type::text, codes.size());
  column->codes_ = std::move(codes);
  column->dictionary_ = std::move(words);
  return column;
}

ColumnPtr Column::texts(const std::vector<std::string>& values) {
  std::vector<std::int32_t> codes(values.size(), missing_code);
  auto words = std::make_shared<std::vector<std::string>>();
  std::unordered_map<std::string_view, std::int32_t> seen;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].empty()) continue;
    const auto [at, added] = seen.try_emplace(values[i], static_cast<std::int32_t>(words->size()));
    if (added) words->push_back(values[i]);
    codes[i] = at->second;
  }
  return texts(std::move(codes), std::move(words));
}

ColumnPtr Column::categories(std::vector<std::int32_t> codes, Dictionary levels, std::vector<double> values) {
  assert(levels != nullptr && (values.empty() || values.size() == levels->size()));
  auto column = make(Type::category, codes.size());
  column->codes_ = std::move(codes);
  column->dictionary_ = std::move(levels);
  column->level_values_ = std::move(values);
  return column;
}

ColumnPtr Column::dates(std::vector<std::int64_t> days) {
  auto column = make(Type::date, days.size());
  column->integers_ = std::move(days);
  return column;
}

bool Column::missing(std::size_t row) const {
  switch (type_) {
    case Type::real:
      return std::isnan(reals_[row]);
    case Type::integer:
    case Type::date:
      return integers_[row] == missing_integer;
    case Type::boolean:
      return booleans_[row] == missing_boolean;
    case Type::text:
    case Type::category:
      return codes_[row] == missing_code;
  }
  return false;
}

std::size_t Column::count_missing() const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < size_; ++i) count += missing(i) ? 1 : 0;
  return count;
}

double Column::number(std::size_t row) const {
  switch (type_) {
    case Type::real:
      return reals_[row];
    case Type::integer:
    case Type::date:
      return as_number(integers_[row]);
    case Type::boolean:
      return as_number(booleans_[row]);
    case Type::text:
      break;
    case Type::category:
      assert(!level_values_.empty() || dictionary_->empty());
      return codes_[row] == missing_code ? nan : level_values_[static_cast<std::size_t>(codes_[row])];
  }
  assert(false && "text has no numbers");
  return nan;
}

std::vector<double> Column::numbers() const {
  if (type_ == Type::real) return reals_;
  if (type_ == Type::text) throw core::Error("a string column has no numbers").hint("a double or integer is needed");
  if (type_ == Type::category && level_values_.empty() && !dictionary_->empty())
    throw core::Error("a category column without values has no numbers");
  std::vector<double> out(size_);
  if (type_ == Type::boolean)
    for (std::size_t i = 0; i < size_; ++i) out[i] = as_number(booleans_[i]);
  else if (type_ == Type::category)
    for (std::size_t i = 0; i < size_; ++i) out[i] = number(i);
  else
    for (std::size_t i = 0; i < size_; ++i) out[i] = as_number(integers_[i]);
  return out;
}

std::string Column::text(std::size_t row) const {
  if (missing(row)) return {};
  switch (type_) {
    case Type::real:
      return core::shortest(reals_[row]);
    case Type::integer:
      return std::to_string(integers_[row]);
    case Type::date:
      return iso_date(integers_[row]);
    case Type::boolean:
      return booleans_[row] ? "true" : "false";
    case Type::text:
    case Type::category:
      break;
  }
  return (*dictionary_)[static_cast<std::size_t>(codes_[row])];
}

ColumnPtr Column::take(std::span<const std::uint32_t> rows) const {
  auto column = make(type_, rows.size());
  column->reals_ = taken(reals_, rows);
  column->integers_ = taken(integers_, rows);
  column->booleans_ = taken(booleans_, rows);
  column->codes_ = taken(codes_, rows);
  column->dictionary_ = dictionary_;
  column->level_values_ = level_values_;
  column->label_ = label_;
  return column;
}

ColumnPtr Column::labelled(std::string label) const {
  std::shared_ptr<Column> column(new Column(*this));
  column->label_ = std::move(label);
  return column;
}

}  // namespace data
