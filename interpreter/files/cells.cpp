#include "files/cells.hpp"

#include "core/error.hpp"
#include "core/numbers.hpp"
#include "core/text.hpp"
#include "data/date.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

namespace files {
namespace {

/// yyyy-mm-dd, or that day at midnight, yyyy-mm-ddT00:00:00.000Z, which is how pandas and JavaScript write a date.
std::optional<std::int64_t> iso_day(std::string_view text) {
  constexpr std::size_t day = 10;
  if (text.size() <= day) return data::parse_iso_date(text);
  std::string_view time = text.substr(day);
  if (time.back() == 'Z') time.remove_suffix(1);
  const bool midnight = time == "T00:00:00" || time == "T00:00:00.000" || time == "T00:00:00.000000";
  return midnight ? data::parse_iso_date(text.substr(0, day)) : std::nullopt;
}

using core::nan;

std::optional<double> parsed_number(std::string_view text) {
  const std::string_view trimmed = core::trim(text);
  double value = 0;
  const auto [end, failed] = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), value);
  if (failed != std::errc() || end != trimmed.data() + trimmed.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> as_whole(double value) {
  if (value != std::floor(value) || std::abs(value) >= 9007199254740992.0) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

}  // namespace

void Cells::real(double value) {
  if (std::isnan(value))
    missing();
  else
    add(Kind::real, std::bit_cast<std::int64_t>(value));
}

void Cells::text(std::string_view value) {
  if (value.empty()) return missing();
  auto at = codes_.find(value);
  if (at == codes_.end()) {
    words_.emplace_back(value);
    at = codes_.emplace(words_.back(), static_cast<std::int32_t>(words_.size() - 1)).first;
  }
  add(Kind::text, at->second);
}

bool Cells::only(std::initializer_list<Kind> kinds) const {
  unsigned allowed = 1U << static_cast<unsigned>(Kind::missing);
  for (const Kind kind : kinds) allowed |= 1U << static_cast<unsigned>(kind);
  return (seen_ & ~allowed) == 0;
}

std::string Cells::printed(const Cell& cell) const {
  switch (cell.kind) {
    case Kind::missing:
      return "";
    case Kind::boolean:
      return cell.value ? "true" : "false";
    case Kind::integer:
      return std::to_string(cell.value);
    case Kind::real:
      return core::shortest(std::bit_cast<double>(cell.value));
    case Kind::date:
      return data::iso_date(cell.value);
    case Kind::text:
      break;
  }
  return words_[static_cast<std::size_t>(cell.value)];
}

data::ColumnPtr Cells::as_text() const {
  std::vector<std::string> values;
  if (!only({Kind::text})) {
    values.reserve(cells_.size());
    for (const Cell& cell : cells_) values.push_back(printed(cell));
    return data::Column::texts(values);
  }
  std::vector<std::int32_t> codes;
  codes.reserve(cells_.size());
  for (const Cell& cell : cells_)
    codes.push_back(cell.kind == Kind::text ? static_cast<std::int32_t>(cell.value) : data::missing_code);
  return data::Column::texts(std::move(codes),
                             std::make_shared<const std::vector<std::string>>(words_.begin(), words_.end()));
}

data::ColumnPtr Cells::as(data::Type type, const Rules& rules) const {
  const auto unfit = [&](std::size_t row, const char* noun) {
    return core::Error(rules.where + ", row " + std::to_string(rules.first_row + row) + ": '" + printed(cells_[row]) +
                       "' is not " + noun)
        .hint("column '" + rules.name + "' was asked to be one in types=");
  };
  const auto number = [&](std::size_t row) -> std::optional<double> {
    const Cell& cell = cells_[row];
    if (cell.kind == Kind::real) return std::bit_cast<double>(cell.value);
    if (cell.kind == Kind::text) return parsed_number(printed(cell));
    if (cell.kind == Kind::date) return std::nullopt;
    return static_cast<double>(cell.value);
  };
  const std::size_t n = cells_.size();
  switch (type) {
    case data::Type::real: {
      std::vector<double> out(n, nan);
      for (std::size_t i = 0; i < n; ++i) {
        if (cells_[i].kind == Kind::missing) continue;
        const std::optional<double> value = number(i);
        if (!value) throw unfit(i, "a number");
        out[i] = *value;
      }
      return data::Column::reals(std::move(out));
    }
    case data::Type::integer: {
      std::vector<std::int64_t> out(n, data::missing_integer);
      for (std::size_t i = 0; i < n; ++i) {
        if (cells_[i].kind == Kind::missing) continue;
        if (cells_[i].kind == Kind::integer || cells_[i].kind == Kind::boolean) {
          out[i] = cells_[i].value;
          continue;
        }
        const std::optional<double> value = number(i);
        const std::optional<std::int64_t> whole = value ? as_whole(*value) : std::nullopt;
        if (!whole) throw unfit(i, "an integer");
        out[i] = *whole;
      }
      return data::Column::integers(std::move(out));
    }
    case data::Type::boolean: {
      std::vector<std::uint8_t> out(n, data::missing_boolean);
      for (std::size_t i = 0; i < n; ++i) {
        const Cell& cell = cells_[i];
        if (cell.kind == Kind::missing) continue;
        const std::string word = core::lower(printed(cell));
        if (word != "true" && word != "false" && word != "1" && word != "0")
          throw unfit(i, "a boolean (true or false)");
        out[i] = word == "true" || word == "1" ? 1 : 0;
      }
      return data::Column::booleans(std::move(out));
    }
    case data::Type::date: {
      std::vector<std::int64_t> out(n, data::missing_integer);
      for (std::size_t i = 0; i < n; ++i) {
        const Cell& cell = cells_[i];
        if (cell.kind == Kind::missing) continue;
        const std::optional<std::int64_t> days =
            cell.kind == Kind::date ? std::optional(cell.value) : iso_day(printed(cell));
        if (!days) throw unfit(i, "a date (yyyy-mm-dd)");
        out[i] = *days;
      }
      return data::Column::dates(std::move(out));
    }
    case data::Type::text:
    case data::Type::category:
      break;
  }
  return as_text();
}

data::ColumnPtr Cells::column(const Rules& rules, std::vector<std::string>& notes) const {
  using data::Type;
  if (rules.type) return as(*rules.type, rules);
  if (only({})) return as(Type::real, rules);
  if (only({Kind::boolean})) return as(Type::boolean, rules);
  if (only({Kind::integer})) return as(Type::integer, rules);
  if (only({Kind::integer, Kind::real})) return as(Type::real, rules);
  if (only({Kind::date})) return as(Type::date, rules);
  if (only({Kind::text})) {
    const bool dates =
        rules.text_may_be_dates &&
        std::all_of(words_.begin(), words_.end(), [](const std::string& word) { return iso_day(word).has_value(); });
    return dates ? as(Type::date, rules) : as_text();
  }
  if (rules.text_may_be_dates && only({Kind::date, Kind::text}) &&
      std::all_of(words_.begin(), words_.end(), [](const auto& w) { return iso_day(w).has_value(); }))
    return as(Type::date, rules);
  // The first cell that is not of the kind the first value has: what the user must look at.
  const auto first = std::find_if(cells_.begin(), cells_.end(), [](const Cell& c) { return c.kind != Kind::missing; });
  const auto numeric = [](Kind k) { return k == Kind::integer || k == Kind::real; };
  const auto other = std::find_if(first, cells_.end(), [&](const Cell& c) {
    return c.kind != Kind::missing && c.kind != first->kind && !(numeric(c.kind) && numeric(first->kind));
  });
  notes.push_back("column '" + rules.name + "' is a string: row " +
                  std::to_string(rules.first_row + static_cast<std::size_t>(other - cells_.begin())) + " has '" +
                  printed(*other) + "', row " +
                  std::to_string(rules.first_row + static_cast<std::size_t>(first - cells_.begin())) + " '" +
                  printed(*first) + "'");
  return as_text();
}

}  // namespace files
