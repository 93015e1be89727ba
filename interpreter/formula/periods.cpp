// Weeks, months, quarters, half-years and years counted from 1960, as Stata counts them: out of numbers, days and text.
// Their columns carry the display format (%tm, %tq, …) that shows them as dates.
#include "data/date_text.hpp"
#include "data/period.hpp"
#include "formula/compile.hpp"
#include "formula/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace formula {

using data::PeriodUnit;
using data::Type;

namespace {

/// ym(y, m), mofd(day), dofm(month), monthly('2015m3', 'YM'), tm('2015m3').
struct UnitEntry {
  PeriodUnit unit;
  const char *of_parts, *of_day, *day_of, *of_text, *literal;
  char letter;  ///< between year and part, and of the format
};
constexpr std::array<UnitEntry, 5> units{{
    {PeriodUnit::week, "yw", "wofd", "dofw", "weekly", "tw", 'w'},
    {PeriodUnit::month, "ym", "mofd", "dofm", "monthly", "tm", 'm'},
    {PeriodUnit::quarter, "yq", "qofd", "dofq", "quarterly", "tq", 'q'},
    {PeriodUnit::half, "yh", "hofd", "dofh", "halfyearly", "th", 'h'},
    {PeriodUnit::year, "", "yofd", "dofy", "yearly", "ty", 'y'},
}};

enum class Form { of_parts, of_day, day_of, of_text, literal };

std::optional<std::pair<const UnitEntry*, Form>> entry_of(const std::string& name) {
  for (const UnitEntry& unit : units) {
    if (name.empty()) break;
    if (name == unit.of_parts) return std::pair(&unit, Form::of_parts);
    if (name == unit.of_day) return std::pair(&unit, Form::of_day);
    if (name == unit.day_of) return std::pair(&unit, Form::day_of);
    if (name == unit.of_text) return std::pair(&unit, Form::of_text);
    if (name == unit.literal) return std::pair(&unit, Form::literal);
  }
  return std::nullopt;
}

constexpr double furthest_year = 9999;
constexpr std::int64_t day_milliseconds = 86'400'000;
constexpr std::int64_t first_1960 = 3653;  // days from 1960-01-01 to 1970-01-01

bool whole(double x) { return x == std::floor(x); }

std::int64_t count(double year, double part, PeriodUnit unit) {
  if (!whole(year) || !whole(part) || !(std::abs(year) <= furthest_year) || !(part >= 1) ||
      part > data::parts_of_year(unit))
    return data::missing_integer;
  return data::count_of({.year = static_cast<std::int64_t>(year), .part = static_cast<std::int64_t>(part)}, unit);
}

std::string format_of(const UnitEntry& unit) { return std::string("%t") + unit.letter; }

/// The numbers in a text, each a run of digits; English names of months are numbers, too.
std::vector<double> numbers_in(const std::string& word) {
  constexpr std::array<const char*, 12> names{"jan", "feb", "mar", "apr", "may", "jun",
                                              "jul", "aug", "sep", "oct", "nov", "dec"};
  std::vector<double> out;
  for (std::size_t at = 0; at < word.size();) {
    const char c = word[at];
    if (c >= '0' && c <= '9') {
      double value = 0;
      for (; at < word.size() && word[at] >= '0' && word[at] <= '9'; ++at) value = value * 10 + (word[at] - '0');
      out.push_back(value);
      continue;
    }
    std::string letters;
    for (; at < word.size() && ((word[at] | 0x20) >= 'a' && (word[at] | 0x20) <= 'z'); ++at)
      letters += static_cast<char>(word[at] | 0x20);
    if (letters.empty()) {
      ++at;
    } else if (letters.size() >= 3) {
      const auto name = std::find(names.begin(), names.end(), letters.substr(0, 3));
      if (name != names.end()) out.push_back(static_cast<double>(name - names.begin() + 1));
    }
  }
  return out;
}

/// "2015m3", "2015-03", "3/2015" (year last), "201503": the count, or missing.
std::int64_t read_period(const std::string& word, PeriodUnit unit, bool year_first) {
  std::vector<double> parts = numbers_in(word);
  if (unit == PeriodUnit::year) return parts.size() == 1 ? count(parts[0], 1, unit) : data::missing_integer;
  constexpr double ten_thousand = 10'000;
  if (parts.size() == 1 && year_first && parts[0] >= ten_thousand) {
    const double scale = parts[0] >= 10 * ten_thousand ? 100 : 10;
    parts = {std::floor(parts[0] / scale), std::fmod(parts[0], scale)};
  }
  if (parts.size() != 2) return data::missing_integer;
  return year_first ? count(parts[0], parts[1], unit) : count(parts[1], parts[0], unit);
}

/// 'YM' or 'MY': does the year stand first?
bool year_first(const Tree& mask) {
  if (mask->op != Op::text || mask->text.empty())
    throw error_at(mask, "the order of the parts is a text such as 'YM' or 'MY'");
  const std::size_t year = mask->text.find_first_of("Yy");
  if (year == std::string::npos) throw error_at(mask, "'" + mask->text + "' names no year").hint("'YM', 'MY', 'YQ', …");
  return mask->text.find_first_not_of("Yy0123456789 ") == std::string::npos ||
         mask->text.find_first_not_of("Yy0123456789 ") > year;
}

data::ColumnPtr counts(std::vector<std::int64_t> values, const UnitEntry& unit) {
  return data::Column::integers(std::move(values))->formatted(format_of(unit));
}

std::vector<std::int64_t> days_in(const data::Column& dates) {
  const auto days = dates.integers();
  return {days.begin(), days.end()};
}

}  // namespace

std::string period_format(const std::string& function) {
  const auto entry = entry_of(function);
  return entry && entry->second != Form::day_of ? format_of(*entry->first) : std::string();
}

bool PeriodFunctions::apply(Compiler& compiler, const Tree& tree, Value& out) {
  const std::string& name = tree->text;
  const std::vector<Tree>& args = tree->children;
  if (name == "dofc" || name == "cofd") {
    check_arguments(tree, 1, 1);
    const data::ColumnPtr x = compiler.column(args[0]);
    std::vector<std::int64_t> to(x->size(), data::missing_integer);
    if (!x->is_numeric() || (x->type() == Type::date) != (name == "cofd"))
      throw error_at(args[0], name == "cofd" ? "'" + print(args[0]) + "' is not a date"
                                             : "dofc() takes milliseconds since 1960, not '" + print(args[0]) + "'");
    for (std::size_t i = 0; i < to.size(); ++i) {
      if (x->missing(i)) continue;
      const double value = x->number(i);
      constexpr double furthest = 1e15;
      if (std::abs(value) > furthest) continue;
      to[i] = name == "cofd" ? (static_cast<std::int64_t>(value) + first_1960) * day_milliseconds
                             : static_cast<std::int64_t>(std::floor(value / day_milliseconds)) - first_1960;
    }
    out = value_of(name == "cofd" ? data::Column::integers(std::move(to)) : data::Column::dates(std::move(to)));
    return true;
  }
  const auto entry = entry_of(name);
  if (!entry) return false;
  const UnitEntry& unit = *entry->first;
  const auto of_words = [&](const data::Column& text, bool first) {
    return counts(per_word(text, data::missing_integer,
                           [&](const std::string& word) { return read_period(word, unit.unit, first); }),
                  unit);
  };
  switch (entry->second) {
    case Form::literal: {
      check_arguments(tree, 1, 1);
      const std::string written = args[0]->op == Op::text || args[0]->op == Op::number
                                      ? (args[0]->op == Op::text ? args[0]->text : print(args[0]))
                                      : "";
      const std::int64_t value = read_period(written, unit.unit, true);
      if (value == data::missing_integer)
        throw error_at(args[0], "'" + print(args[0]) + "' is no period of " + name + "()")
            .hint(unit.unit == PeriodUnit::year ? "ty(2015)" : name + "(2015" + unit.letter + "1)");
      out = value_of(constant(static_cast<double>(value)));
      return true;
    }
    case Form::of_day: {
      check_arguments(tree, 1, 1);
      const data::ColumnPtr x = compiler.column(args[0]);
      if (x->type() != Type::date)
        throw error_at(tree, "'" + print(args[0]) + "' is not a date").hint("date(x, 'ymd') reads dates out of text");
      std::vector<std::int64_t> values = days_in(*x);
      for (std::int64_t& value : values)
        if (value != data::missing_integer) value = data::count_of_day(value, unit.unit);
      out = value_of(counts(std::move(values), unit));
      return true;
    }
    case Form::day_of: {
      check_arguments(tree, 1, 1);
      const std::vector<double> x = compiler.numbers(args[0], name + "()");
      std::vector<std::int64_t> days(x.size(), data::missing_integer);
      constexpr double furthest = 600'000;
      for (std::size_t i = 0; i < x.size(); ++i)
        if (whole(x[i]) && std::abs(x[i]) < furthest)
          days[i] = data::first_day(static_cast<std::int64_t>(x[i]), unit.unit);
      out = value_of(data::Column::dates(std::move(days)));
      return true;
    }
    case Form::of_text: {
      check_arguments(tree, 1, 2);
      const data::ColumnPtr x = compiler.column(args[0]);
      if (x->is_numeric())
        throw error_at(args[0], "'" + print(args[0]) + "' is a number, but " + name + "(x) reads text");
      out = value_of(of_words(*x, args.size() < 2 || year_first(args[1])));
      return true;
    }
    case Form::of_parts:
      break;
  }
  check_arguments(tree, 1, 2);
  if (args.size() == 1) {
    const data::ColumnPtr x = compiler.column(args[0]);
    if (x->type() != Type::text && x->type() != Type::category)
      throw error_at(tree, name + "() takes a year and a part of it, or text").hint(name + "(year, 1)");
    out = value_of(of_words(*x, true));
    return true;
  }
  const std::vector<double> years = compiler.numbers(args[0], name + "()");
  const std::vector<double> parts = compiler.numbers(args[1], name + "()");
  std::vector<std::int64_t> values(years.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = count(years[i], parts[i], unit.unit);
  out = value_of(counts(std::move(values), unit));
  return true;
}

void PeriodFunctions::add_names(std::vector<std::string>& names) {
  for (const UnitEntry& unit : units)
    for (const char* name : {unit.of_parts, unit.of_day, unit.day_of, unit.of_text, unit.literal})
      if (*name) names.emplace_back(name);
  names.insert(names.end(), {"dofc", "cofd"});
}

}  // namespace formula
