#include "formula/within.hpp"

#include "core/near.hpp"
#include "data/display_format.hpp"
#include "data/value_labels.hpp"
#include "formula/groups.hpp"
#include "formula/words.hpp"
#include "measures/by_group.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace formula {

using data::Type;

namespace {

/// How equal values share their ranks: 1 is the smallest, with field the largest.
enum class Ties { average, min, max, dense, unique, field };

Ties ties_of(const Tree& tree) {
  const Tree given = keyword(tree, {"ties"}, "ties");
  if (!given) return Ties::average;
  const std::string word = given->text;
  constexpr std::array<std::pair<const char*, Ties>, 7> known{{{"average", Ties::average},
                                                               {"min", Ties::min},
                                                               {"track", Ties::min},
                                                               {"max", Ties::max},
                                                               {"dense", Ties::dense},
                                                               {"unique", Ties::unique},
                                                               {"field", Ties::field}}};
  std::vector<std::string> names;
  for (const auto& [name, ties] : known) {
    if (word == name) return ties;
    names.emplace_back(name);
  }
  throw error_at(tree, "ties of rank() cannot be '" + word + "'").hint(core::did_you_mean(word, names, "ties"));
}

/// An option that is there and not 0 or false.
bool is_set(const Tree& tree, const std::vector<std::string>& known, const char* name) {
  const Tree given = keyword(tree, known, name);
  return given && given->number != 0;
}

}  // namespace

data::ColumnPtr whole_numbers(const std::vector<double>& values) {
  std::vector<std::int64_t> out(values.size());
  std::transform(values.begin(), values.end(), out.begin(),
                 [](double x) { return std::isnan(x) ? data::missing_integer : static_cast<std::int64_t>(x); });
  return data::Column::integers(std::move(out));
}

data::ColumnPtr ranks(const Groups& groups, const Tree& tree, const std::vector<double>& x) {
  const Ties ties = ties_of(tree);
  data::GroupRows of_group = groups.rows_by_group();
  std::vector<double> out(groups.rows(), missing_real);
  for (std::size_t g = 0; g < groups.count(); ++g) {
    const auto begin = of_group.rows.begin() + static_cast<std::ptrdiff_t>(of_group.start[g]);
    const auto end =
        std::stable_partition(begin, of_group.rows.begin() + static_cast<std::ptrdiff_t>(of_group.start[g + 1]),
                              [&](std::uint32_t row) { return !std::isnan(x[row]); });
    std::stable_sort(begin, end, [&](std::uint32_t a, std::uint32_t b) { return x[a] < x[b]; });
    double distinct = 0;
    for (auto tie = begin; tie != end;) {
      auto after = tie;
      while (after != end && x[*after] == x[*tie]) ++after;
      const auto low = static_cast<double>(tie - begin) + 1;
      const auto high = static_cast<double>(after - begin);
      ++distinct;
      const double rank = ties == Ties::average ? (low + high) / 2
                          : ties == Ties::min   ? low
                          : ties == Ties::max   ? high
                          : ties == Ties::dense ? distinct
                          : ties == Ties::field ? static_cast<double>(end - after) + 1
                                                : low;
      for (double next = rank; tie != after; ++tie) out[*tie] = ties == Ties::unique ? next++ : rank;
    }
  }
  return ties == Ties::average ? data::Column::reals(std::move(out)) : whole_numbers(out);
}

data::ColumnPtr standardized(const Groups& groups, std::vector<double> x, double mean, double sd) {
  const data::GroupRows rows = groups.rows_by_group();
  const std::vector<double> means = measures::by_group(x, rows, {measures::GroupStatistic::mean});
  const std::vector<double> sds = measures::by_group(x, rows, {measures::GroupStatistic::sd});
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t g = groups.has(i) ? groups.of(i) : 0;
    x[i] = groups.has(i) && sds[g] > 0 ? (x[i] - means[g]) / sds[g] * sd + mean : missing_real;
  }
  return data::Column::reals(std::move(x));
}

data::ColumnPtr mode(const Groups& groups, const Tree& tree, const data::ColumnPtr& column) {
  const Tree given = keyword(tree, {"ties"}, "ties");
  const std::string ties = given ? given->text : "min";
  if (ties != "min" && ties != "max" && ties != "missing")
    throw error_at(tree, "ties of mode() are 'min', 'max' or 'missing', not '" + ties + "'");
  const data::Grouping levels = data::sorted(data::group(*column), *column);
  const data::GroupRows rows = groups.rows_by_group();
  std::vector<std::uint32_t> chosen(groups.count(), data::no_row);
  std::vector<std::int32_t> here;
  for (std::size_t g = 0; g < chosen.size(); ++g) {
    here.clear();
    for (const std::uint32_t row : rows.of(g))
      if (levels.codes[row] >= 0) here.push_back(levels.codes[row]);
    std::sort(here.begin(), here.end());
    std::ptrdiff_t most = 0;
    bool tied = false;
    for (auto at = here.begin(); at != here.end();) {
      const auto after = std::upper_bound(at, here.end(), *at);
      const std::ptrdiff_t count = after - at;
      tied = count == most || (tied && count < most);
      if (count > most || (count == most && ties == "max")) chosen[g] = levels.first[static_cast<std::size_t>(*at)];
      most = std::max(most, count);
      at = after;
    }
    if (tied && ties == "missing") chosen[g] = data::no_row;
  }
  return groups.spread(*data::picked(*column, chosen));
}

data::ColumnPtr tagged(const Groups& groups, const Tree& tree, const std::vector<data::ColumnPtr>& columns) {
  const bool missing = is_set(tree, {"missing"}, "missing");
  data::Grouping all = missing ? data::keyed(columns, groups.rows()) : data::group(columns);
  if (const data::Grouping* by = groups.by()) all = data::combine(*by, all);
  std::vector<std::uint8_t> out(groups.rows(), 0);
  std::vector<std::uint8_t> seen(all.first.size(), 0);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (all.codes[i] >= 0 && !std::exchange(seen[static_cast<std::size_t>(all.codes[i])], 1)) out[i] = 1;
  return data::Column::booleans(std::move(out));
}

data::ColumnPtr numbered(const Tree& tree, const std::vector<data::ColumnPtr>& columns) {
  const std::vector<std::string> options = {"missing", "label", "truncate"};
  const data::Grouping groups =
      is_set(tree, options, "missing") ? sorted_groups(columns) : sorted_groups(columns, nullptr);
  if (!is_set(tree, options, "label")) {
    std::vector<std::int64_t> codes(groups.codes.size());
    for (std::size_t i = 0; i < codes.size(); ++i)
      codes[i] = groups.codes[i] < 0 ? data::missing_integer : groups.codes[i] + 1;
    return data::Column::integers(std::move(codes));
  }
  const Tree truncate = keyword(tree, options, "truncate");
  const std::int64_t most = truncate ? whole_constant(truncate, "truncate of group()") : all_characters;
  data::ValueLabels labels;
  std::vector<double> numbers;
  for (std::size_t g = 0; g < groups.first.size(); ++g) {
    std::string text;
    for (const data::ColumnPtr& column : columns) {
      const std::size_t row = groups.first[g];
      const std::string value =
          column->missing(row) ? "." : data::formatted_text(*column, row).value_or(column->text(row));
      text += (text.empty() ? "" : " ") + part(value, 1, most);
    }
    numbers.push_back(static_cast<double>(g + 1));
    labels[numbers.back()] = text;
  }
  return data::Column::categories(groups.codes,
                                  std::make_shared<const std::vector<std::string>>(data::distinct_labels(labels)),
                                  std::move(numbers));
}

data::ColumnPtr sequence(const Groups& groups, const Tree& tree) {
  const auto whole = [&](const char* name, std::int64_t fallback) {
    const Tree given = keyword(tree, {"from", "to", "block"}, name);
    return given ? whole_constant(given, std::string(name) + " of seq()") : fallback;
  };
  const std::int64_t from = whole("from", 1);
  const std::int64_t block = whole("block", 1);
  if (block < 1) throw error_at(tree, "block of seq() must be 1 or more");
  const data::GroupRows rows = groups.rows_by_group();
  std::vector<std::int64_t> out(groups.rows(), data::missing_integer);
  for (std::size_t g = 0; g < groups.count(); ++g) {
    const auto here = rows.of(g);
    const std::int64_t to = whole("to", from + static_cast<std::int64_t>(here.size()) - 1);
    const std::int64_t length = std::abs(to - from) + 1;
    for (std::size_t i = 0; i < here.size(); ++i) {
      const std::int64_t step = static_cast<std::int64_t>(i) / block % length;
      out[here[i]] = to < from ? from - step : from + step;
    }
  }
  return data::Column::integers(std::move(out));
}

data::ColumnPtr cut(const Groups& groups, const Tree& tree, std::vector<double> x) {
  const std::vector<std::string> options = {"at", "groups", "icodes"};
  const Tree at = keyword(tree, options, "at");
  const Tree parts = keyword(tree, options, "groups");
  const Tree icodes = keyword(tree, options, "icodes");
  if (!at == !parts)
    throw error_at(tree, "cut() takes either at= or groups=").hint("cut(x, at={0, 10, 100}) or cut(x, groups=4)");
  if (at) {
    std::vector<double> ends;
    for (const Tree& item : at->op == Op::list ? at->children : std::vector<Tree>{at}) {
      const bool negative = item->op == Op::negate;
      const Tree& value = negative ? item->children[0] : item;
      if (value->op != Op::number) throw error_at(item, "at= of cut() is a list of numbers");
      ends.push_back(negative ? -value->number : value->number);
      if (ends.size() > 1 && !(ends[ends.size() - 2] < ends.back()))
        throw error_at(item, "at= of cut() must rise from number to number");
    }
    if (ends.size() < 2) throw error_at(tree, "at= of cut() needs two numbers or more");
    const bool codes = icodes && icodes->number != 0;
    for (double& value : x) {
      const auto after = std::upper_bound(ends.begin(), ends.end(), value);
      const bool inside = !std::isnan(value) && after != ends.begin() && after != ends.end();
      value = !inside ? missing_real : codes ? static_cast<double>(after - ends.begin() - 1) : *(after - 1);
    }
    return codes ? whole_numbers(x) : data::Column::reals(std::move(x));
  }
  const std::int64_t k = whole_constant(parts, "groups of cut()");
  if (k < 1) throw error_at(tree, "groups of cut() must be 1 or more");
  const data::GroupRows rows = groups.rows_by_group();
  std::vector<double> out(x.size(), missing_real);
  for (std::int64_t part = 0; part < k; ++part) {
    const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(k);
    const std::vector<double> low = measures::by_group(x, rows, {measures::GroupStatistic::percentile, percent});
    for (std::size_t i = 0; i < x.size(); ++i)
      if (!std::isnan(x[i]) && groups.has(i) && (part == 0 || x[i] >= low[groups.of(i)]))
        out[i] = static_cast<double>(part);
  }
  return whole_numbers(out);
}

}  // namespace formula
