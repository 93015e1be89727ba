// Dates in data expressions: out of text and numbers, their parts, their arithmetic, written as text.
#include "core/near.hpp"
#include "data/date.hpp"
#include "data/date_text.hpp"
#include "data/text_builder.hpp"
#include "formula/compile.hpp"
#include "formula/words.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace formula {

using data::Type;

namespace {

using DayFunction = std::int64_t (*)(std::int64_t);

struct PartEntry {
  const char* name;
  DayFunction f;
};
constexpr std::array<PartEntry, 11> parts{{
    {"year", [](std::int64_t d) { return data::civil_from_days(d).year; }},
    {"halfyear", [](std::int64_t d) { return std::int64_t{data::civil_from_days(d).month > 6 ? 2 : 1}; }},
    {"quarter", [](std::int64_t d) { return std::int64_t{(data::civil_from_days(d).month + 2) / 3}; }},
    {"month", [](std::int64_t d) { return std::int64_t{data::civil_from_days(d).month}; }},
    {"day", [](std::int64_t d) { return std::int64_t{data::civil_from_days(d).day}; }},
    {"week", [](std::int64_t d) { return std::int64_t{data::iso_week(d).week}; }},
    {"isoyear", [](std::int64_t d) { return data::iso_week(d).year; }},
    {"weekday", [](std::int64_t d) { return std::int64_t{data::weekday(d)}; }},
    {"dow", [](std::int64_t d) { return std::int64_t{data::weekday(d) % 7}; }},
    {"doy", [](std::int64_t d) { return std::int64_t{data::day_of_year(d)}; }},
    {"days_in_month",
     [](std::int64_t d) {
       const data::CivilDate c = data::civil_from_days(d);
       return std::int64_t{data::days_in_month(c.year, c.month)};
     }},
}};

std::int64_t first_of_period(std::int64_t d, int months) {
  const data::CivilDate c = data::civil_from_days(d);
  return data::days_from_civil({.year = c.year, .month = (c.month - 1) / months * months + 1, .day = 1});
}
std::int64_t last_of_period(std::int64_t d, int months) {
  return data::add_months(first_of_period(d, months), months) - 1;
}

struct PeriodEntry {
  const char* name;
  DayFunction first, last;
};
constexpr std::array<PeriodEntry, 5> periods{{
    {"week", [](std::int64_t d) { return d - data::weekday(d) + 1; },
     [](std::int64_t d) { return d - data::weekday(d) + 7; }},
    {"month", [](std::int64_t d) { return first_of_period(d, 1); },
     [](std::int64_t d) { return last_of_period(d, 1); }},
    {"quarter", [](std::int64_t d) { return first_of_period(d, 3); },
     [](std::int64_t d) { return last_of_period(d, 3); }},
    {"halfyear", [](std::int64_t d) { return first_of_period(d, 6); },
     [](std::int64_t d) { return last_of_period(d, 6); }},
    {"year", [](std::int64_t d) { return first_of_period(d, 12); },
     [](std::int64_t d) { return last_of_period(d, 12); }},
}};

// Days and shifts beyond the calendar of the years −9999 … 99999 are missing.
constexpr std::int64_t most_days = 40'000'000;
bool within(std::int64_t a, std::int64_t b) {
  return a > -most_days && a < most_days && b > -most_days && b < most_days;
}

bool shifted_months(std::int64_t day, std::int64_t months, std::int64_t* out) {
  *out = within(day, months) ? data::add_months(day, months) : data::missing_integer;
  return false;
}
bool shifted_years(std::int64_t day, std::int64_t years, std::int64_t* out) {
  *out = within(day, years) ? data::add_months(day, 12 * years) : data::missing_integer;
  return false;
}
bool whole_months(std::int64_t from, std::int64_t to, std::int64_t* out) {
  *out = within(from, to) ? data::months_between(from, to) : data::missing_integer;
  return false;
}
bool whole_years(std::int64_t from, std::int64_t to, std::int64_t* out) {
  *out = within(from, to) ? data::months_between(from, to) / 12 : data::missing_integer;
  return false;
}

struct PairEntry {
  const char* name;
  IntegerFunction2 f;
  bool gives_date;
};
constexpr std::array<PairEntry, 4> unit_pairs{{{"add_months", shifted_months, true},
                                               {"add_years", shifted_years, true},
                                               {"months_between", whole_months, false},
                                               {"years_between", whole_years, false}}};

/// The orders that are functions of their own, with the places of year, month and day among the arguments.
struct OrderEntry {
  const char* name;
  int year, month, day;
};
constexpr std::array<OrderEntry, 3> orders{{{"ymd", 0, 1, 2}, {"mdy", 2, 0, 1}, {"dmy", 2, 1, 0}}};

template <class Entries>
auto* date_entry(const Entries& entries, const std::string& name) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return name == e.name; });
  return found == entries.end() ? nullptr : &*found;
}

std::int64_t day_of(double year, double month, double day) {
  const auto whole = [](double x) { return x == std::floor(x); };
  if (!whole(year) || !whole(month) || !whole(day) || !(std::abs(year) < 10'000) || !(month >= 1 && month <= 12) ||
      !(day >= 1 && day <= data::days_in_month(static_cast<std::int64_t>(year), static_cast<int>(month))))
    return data::missing_integer;
  return data::days_from_civil(
      {.year = static_cast<std::int64_t>(year), .month = static_cast<int>(month), .day = static_cast<int>(day)});
}

data::ColumnPtr dates_from(const std::vector<double>& years, const std::vector<double>& months,
                           const std::vector<double>& days) {
  std::vector<std::int64_t> out(years.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = day_of(years[i], months[i], days[i]);
  return data::Column::dates(std::move(out));
}

data::DateFormat format_of(const Tree& tree, const std::string& text, bool reading) {
  try {
    data::DateFormat format(text);
    if (reading && !format.readable())
      throw core::Error("'" + text + "' is for writing dates: it has no year, or signs that cannot be read");
    return format;
  } catch (const core::Error& error) {
    core::Error placed = error_at(tree, error.message());
    for (const std::string& hint : error.hints()) placed.hint(hint);
    throw placed;
  }
}

data::ColumnPtr read_dates(const Tree& blame, const data::Column& text, const std::string& order) {
  const data::DateFormat format = format_of(blame, order, true);
  return data::Column::dates(per_word(text, data::missing_integer, [&](const std::string& word) {
    return format.read(word).value_or(data::missing_integer);
  }));
}

data::ColumnPtr written(const data::Column& dates, const data::DateFormat& format) {
  data::TextBuilder out(dates.size());
  std::unordered_map<std::int64_t, std::int32_t> known;
  for (const std::int64_t day : dates.integers()) {
    if (day == data::missing_integer) {
      out.add_missing();
      continue;
    }
    const auto [at, fresh] = known.try_emplace(day, 0);
    if (fresh) at->second = out.code(format.write(day));
    out.add_code(at->second);
  }
  return out.column();
}

core::Error not_a_date(const Tree& call, const Tree& argument) {
  return error_at(call, "'" + print(argument) + "' is not a date")
      .hint("date(x, 'ymd') reads dates out of text; dofm(x), dofq(x), … make them of months and quarters");
}

}  // namespace

bool DateFunctions::apply(Compiler& compiler, const Tree& tree, Value& out) {
  const std::string& name = tree->text;
  const std::vector<Tree>& args = tree->children;
  const auto dates = [&](const Tree& arg) {
    Value value = compiler.value(arg);
    if (value.word)
      if (const auto day = data::parse_iso_date(*value.word))
        return retyped(constant(static_cast<double>(*day)), Type::date);
    if (!value.numeric() || value.piece->type() != Type::date) throw not_a_date(tree, arg);
    return std::move(value.piece);
  };
  const auto three = [&](const OrderEntry& order) {
    const std::string use = name + "()";
    const auto numbers = [&](int place) { return compiler.numbers(args[static_cast<std::size_t>(place)], use); };
    out = value_of(dates_from(numbers(order.year), numbers(order.month), numbers(order.day)));
    return true;
  };

  if (name == "td") {
    check_arguments(tree, 1, 1);
    const auto day = args[0]->op == Op::text ? data::DateFormat("dmy").read(args[0]->text) : std::nullopt;
    if (!day) throw error_at(args[0], "'" + print(args[0]) + "' is no day of td()").hint("td(15mar2020)");
    out = value_of(retyped(constant(static_cast<double>(*day)), Type::date));
    return true;
  }
  if (const PartEntry* part = date_entry(parts, name)) {
    check_arguments(tree, 1, 1);
    out = value_of(integer_function(part->f, dates(args[0]), Type::integer));
    return true;
  }
  if (const PairEntry* pair = date_entry(unit_pairs, name)) {
    check_arguments(tree, 2, 2);
    PiecePtr second = pair->gives_date ? compiler.number(args[1], name + "()") : dates(args[1]);
    if (!second->whole()) throw error_at(args[1], "'" + print(args[1]) + "' must hold whole numbers");
    out = value_of(compiler.integer_pair(pair->f, dates(args[0]), std::move(second),
                                         pair->gives_date ? Type::date : Type::integer));
    return true;
  }
  if (name == "start_of" || name == "end_of") {
    check_arguments(tree, 2, 2);
    const PeriodEntry* period = args[1]->op == Op::text ? date_entry(periods, args[1]->text) : nullptr;
    if (period == nullptr)
      throw error_at(args[1], "the period of " + name + "() is 'week', 'month', 'quarter', 'halfyear' or 'year'");
    out = value_of(integer_function(name == "start_of" ? period->first : period->last, dates(args[0]), Type::date));
    return true;
  }
  if (name == "format") {
    check_arguments(tree, 2, 2);
    if (args[1]->op != Op::text) throw error_at(args[1], "the format is a text such as '%Y-%m'");
    const data::DateFormat format = format_of(args[1], args[1]->text, false);
    out = value_of(written(*compiler.column(value_of(dates(args[0]))), format));
    return true;
  }
  if (const OrderEntry* order = date_entry(orders, name)) {
    if (args.size() != 1) {
      check_arguments(tree, 3, 3);
      return three(*order);
    }
  } else if (name != "date" && name != "daily") {
    return false;
  }
  const bool any_order = name == "date" || name == "daily";
  check_arguments(tree, 1, any_order ? 3 : 1);
  if (args.size() == 3) return three(orders[0]);
  if (args.size() == 2 && args[1]->op != Op::text)
    throw error_at(args[1], "the format is a text such as 'ymd' or '%d/%m/%Y'");
  const data::ColumnPtr x = compiler.column(args[0]);
  if (x->type() == Type::date) {
    out = value_of(x);
    return true;
  }
  if (x->is_numeric())
    throw error_at(args[0], "'" + print(args[0]) + "' is a number, but " + name + "(x) reads text")
        .hint("date(text(" + print(args[0]) + "), 'ymd') reads numbers such as 20200315");
  out = value_of(read_dates(args.back(), *x, !any_order ? name : args.size() == 2 ? args[1]->text : "%Y-%m-%d"));
  return true;
}

void DateFunctions::add_names(std::vector<std::string>& names) {
  for (const PartEntry& entry : parts) names.emplace_back(entry.name);
  for (const PairEntry& entry : unit_pairs) names.emplace_back(entry.name);
  for (const OrderEntry& entry : orders) names.emplace_back(entry.name);
  for (const char* name : {"date", "daily", "format", "start_of", "end_of", "td"}) names.emplace_back(name);
}

}  // namespace formula
