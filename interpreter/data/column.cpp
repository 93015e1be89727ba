#include "data/column.hpp"

#include "core/error.hpp"
#include "core/numbers.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "data/date.hpp"

#include <cassert>
#include <cmath>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace data {
namespace {

using core::nan;

double as_number(std::int64_t value) { return value == missing_integer ? nan : static_cast<double>(value); }
double as_number(std::uint8_t value) { return value == missing_boolean ? nan : static_cast<double>(value); }

template <class T>
std::span<const T> span_of(const std::vector<T>& values) {
  return values;
}
template <class T>
std::span<const T> span_of(const Buffer<T>& values) {
  return values.span();
}

/// Values that something else owns.
template <class T>
struct View {
  std::span<const T> values;
  std::shared_ptr<const void> owner;
};
template <class T>
std::span<const T> span_of(const View<T>& view) {
  return view.values;
}

template <class T>
Buffer<T> taken(std::span<const T> values, std::span<const std::uint32_t> rows) {
  Buffer<T> out(rows.size());
  T* to = out.data();
  constexpr std::size_t block = 1 << 15;
  core::for_blocks(rows.size(), block, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      assert(rows[i] < values.size());
      to[i] = values[rows[i]];
    }
  });
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

template <class Values>
std::shared_ptr<Column> Column::make(Type type, Values values) {
  std::shared_ptr<Column> column(new Column());
  auto kept = std::make_shared<const Values>(std::move(values));
  const auto span = span_of(*kept);
  column->type_ = type;
  column->size_ = span.size();
  using T = std::remove_cv_t<typename decltype(span)::element_type>;
  if constexpr (std::is_same_v<T, double>)
    column->reals_ = span;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    column->integers_ = span;
  else if constexpr (std::is_same_v<T, std::uint8_t>)
    column->booleans_ = span;
  else
    column->codes_ = span;
  column->owner_ = std::move(kept);
  return column;
}

ColumnPtr Column::reals(std::vector<double> values) { return make(Type::real, std::move(values)); }
ColumnPtr Column::integers(std::vector<std::int64_t> values) { return make(Type::integer, std::move(values)); }
ColumnPtr Column::booleans(std::vector<std::uint8_t> values) { return make(Type::boolean, std::move(values)); }
ColumnPtr Column::dates(std::vector<std::int64_t> days) { return make(Type::date, std::move(days)); }

template <class Values>
ColumnPtr Column::coded(Type type, Values codes, Dictionary words, std::vector<double> values) {
  assert(words != nullptr && (values.empty() || values.size() == words->size()));
  auto column = make(type, std::move(codes));
  column->dictionary_ = std::move(words);
  column->level_values_ = std::move(values);
  return column;
}

ColumnPtr Column::texts(std::vector<std::int32_t> codes, Dictionary words) {
  return coded(Type::text, std::move(codes), std::move(words), {});
}
ColumnPtr Column::categories(std::vector<std::int32_t> codes, Dictionary levels, std::vector<double> values) {
  return coded(Type::category, std::move(codes), std::move(levels), std::move(values));
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

ColumnPtr Column::from_buffer(Buffer<double> reals) { return make(Type::real, std::move(reals)); }
ColumnPtr Column::from_buffer(Buffer<std::uint8_t> booleans) { return make(Type::boolean, std::move(booleans)); }
ColumnPtr Column::from_buffer(Type integer_or_date, Buffer<std::int64_t> values) {
  assert(integer_or_date == Type::integer || integer_or_date == Type::date);
  return make(integer_or_date, std::move(values));
}
ColumnPtr Column::from_buffer(Buffer<std::int32_t> text_codes, Dictionary words) {
  return coded(Type::text, std::move(text_codes), std::move(words), {});
}

ColumnPtr Column::view(std::span<const double> reals, std::shared_ptr<const void> owner) {
  return make(Type::real, View<double>{reals, std::move(owner)});
}
ColumnPtr Column::view(std::span<const std::uint8_t> booleans, std::shared_ptr<const void> owner) {
  return make(Type::boolean, View<std::uint8_t>{booleans, std::move(owner)});
}
ColumnPtr Column::view(Type integer_or_date, std::span<const std::int64_t> values, std::shared_ptr<const void> owner) {
  assert(integer_or_date == Type::integer || integer_or_date == Type::date);
  return make(integer_or_date, View<std::int64_t>{values, std::move(owner)});
}
ColumnPtr Column::view(Type text_or_category, std::span<const std::int32_t> codes, std::shared_ptr<const void> owner,
                       Dictionary words, std::vector<double> level_values) {
  assert(text_or_category == Type::text || text_or_category == Type::category);
  return coded(text_or_category, View<std::int32_t>{codes, std::move(owner)}, std::move(words),
               std::move(level_values));
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
  if (type_ == Type::real) return {reals_.begin(), reals_.end()};
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
  std::shared_ptr<Column> column;
  switch (type_) {
    case Type::real:
      column = make(type_, taken(reals_, rows));
      break;
    case Type::integer:
    case Type::date:
      column = make(type_, taken(integers_, rows));
      break;
    case Type::boolean:
      column = make(type_, taken(booleans_, rows));
      break;
    case Type::text:
    case Type::category:
      column = make(type_, taken(codes_, rows));
      break;
  }
  column->dictionary_ = dictionary_;
  column->level_values_ = level_values_;
  column->label_ = label_;
  column->format_ = format_;
  return column;
}

ColumnPtr Column::labelled(std::string label) const {
  std::shared_ptr<Column> column(new Column(*this));
  column->label_ = std::move(label);
  return column;
}

ColumnPtr Column::formatted(std::string format) const {
  std::shared_ptr<Column> column(new Column(*this));
  column->format_ = std::move(format);
  return column;
}

ColumnPtr Column::described_as(const Column& other) const {
  std::shared_ptr<Column> column(new Column(*this));
  column->label_ = other.label_;
  column->format_ = other.format_;
  return column;
}

}  // namespace data
