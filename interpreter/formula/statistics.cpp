// Column statistics in data expressions, within groups when there are some: mean(x), rank(x), cumsum(x), _n, …
#include "data/verbs/picked.hpp"
#include "formula/compile.hpp"
#include "formula/within.hpp"
#include "measures/by_group.hpp"
#include "numerics/running_sum.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <numeric>
#include <set>
#include <utility>

namespace formula {

using data::Type;

namespace {

/// A missing value adds nothing, as in Stata.
data::ColumnPtr running_sums(const Groups& groups, const std::vector<double>& x) {
  std::vector<numerics::RunningSum> sums(groups.count());
  std::vector<double> out(groups.rows(), missing_real);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!groups.has(i)) continue;
    numerics::RunningSum& sum = sums[groups.of(i)];
    if (!std::isnan(x[i])) sum.add(x[i]);
    out[i] = sum.value();
  }
  return data::Column::reals(std::move(out));
}

/// nth(x, k): the value in the k-th row of the group; missing where there is none, or k is no whole number.
data::ColumnPtr nth_rows(const Groups& groups, const data::ColumnPtr& column, const std::vector<double>& k) {
  const data::GroupRows of_group = groups.rows_by_group();
  std::vector<std::uint32_t> from(groups.rows(), data::no_row);
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (!groups.has(i)) continue;
    const std::uint32_t first = of_group.start[groups.of(i)];
    const std::uint32_t size = of_group.start[groups.of(i) + 1] - first;
    if (k[i] >= 1 && k[i] <= size && k[i] == std::floor(k[i]))
      from[i] = of_group.rows[first + static_cast<std::size_t>(k[i]) - 1];
  }
  return data::picked(*column, from);
}

constexpr std::array own_functions = {"rank", "cumsum", "std", "pctile", "tag", "seq", "cut", "pc", "nth"};

}  // namespace

Value Statistics::position(Compiler& compiler, bool last) {
  const Groups groups(compiler.by_, compiler.frame_.rows());
  if (compiler.by_ == nullptr) return value_of(last ? constant(static_cast<double>(groups.rows())) : row_number());
  std::vector<std::int64_t> seen(groups.count(), 0);
  std::vector<std::int64_t> out(groups.rows(), data::missing_integer);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (groups.has(i)) out[i] = ++seen[groups.of(i)];
  if (last)
    for (std::size_t i = 0; i < out.size(); ++i)
      if (groups.has(i)) out[i] = seen[groups.of(i)];
  return value_of(data::Column::integers(std::move(out)));
}

bool Statistics::apply(Compiler& compiler, const Tree& tree, Value& out) {
  const std::string& name = tree->text;
  if (name == "n") {
    check_arguments(tree, 0, 0);
    out = position(compiler, true);
    return true;
  }
  const auto columns_of_call = [&] {
    if (tree->children.empty()) throw error_at(tree, "'" + name + "' takes columns");
    std::vector<data::ColumnPtr> columns;
    for (const Tree& arg : tree->children) columns.push_back(compiler.column(arg));
    return columns;
  };
  if (name == "group") {
    out = value_of(numbered(tree, columns_of_call()));
    return true;
  }
  const bool own = std::any_of(own_functions.begin(), own_functions.end(), [&](const char* f) { return name == f; });
  const std::optional<measures::Asked> asked = measures::group_statistic(name);
  const std::optional<measures::GroupRow> row = measures::group_row(name);
  if (!own && !asked && !row) return false;
  if ((name == "min" || name == "max") && tree->children.size() != 1) return false;  // elementwise

  const Groups groups(compiler.by_, compiler.frame_.rows());
  if (name == "tag") {
    out = value_of(tagged(groups, tree, columns_of_call()));
    return true;
  }
  if (name == "seq") {
    if (!tree->children.empty()) throw error_at(tree, "seq() takes from=, to= and block= only");
    out = value_of(sequence(groups, tree));
    return true;
  }
  if (name == "nth") {
    check_arguments(tree, 2, 2);
  } else if ((own && name != "cumsum" && name != "pc") || name == "mode") {
    if (tree->children.empty() || tree->children.size() > (name == "pctile" ? 2U : 1U))
      throw error_at(tree, "'" + name + "' takes 1 argument, not " + std::to_string(tree->children.size()));
  } else {
    check_arguments(tree, 1, 1);
  }
  const Tree& arg = tree->children[0];
  const data::ColumnPtr column = compiler.column(arg);
  if (name == "nth") {
    out = value_of(nth_rows(groups, column, compiler.numbers(tree->children[1], "the row number of nth()")));
    return true;
  }
  const bool words = column->type() == Type::text || column->type() == Type::category;
  if (row && (!words || (name != "min" && name != "max"))) {
    const std::vector<std::uint32_t> rows = measures::row_of_group(*column, groups.rows_by_group(), *row);
    out = value_of(groups.spread(*data::picked(*column, rows)));
    return true;
  }
  if (name == "count") {
    std::vector<std::int64_t> counts(groups.count(), 0);
    for (std::size_t i = 0; i < groups.rows(); ++i)
      if (groups.has(i) && !column->missing(i)) ++counts[groups.of(i)];
    out = value_of(groups.spread(*data::Column::integers(std::move(counts))));
    return true;
  }
  if (name == "mode") {
    out = value_of(mode(groups, tree, column));
    return true;
  }
  std::vector<double> x = compiler.numbers(arg, name + "()");
  if (name == "rank") {
    out = value_of(ranks(groups, tree, x));
  } else if (name == "cumsum") {
    out = value_of(running_sums(groups, x));
  } else if (name == "std") {
    const auto number = [&](const char* option, double fallback) {
      const Tree given = keyword(tree, {"mean", "sd"}, option);
      if (given && given->op != Op::number) throw error_at(given, std::string(option) + " of std() is a number");
      return given ? given->number : fallback;
    };
    out = value_of(standardized(groups, std::move(x), number("mean", 0), number("sd", 1)));
  } else if (name == "cut") {
    out = value_of(cut(groups, tree, std::move(x)));
  } else if (name == "pc") {
    const std::vector<double> sums = measures::by_group(x, groups.rows_by_group(), {measures::GroupStatistic::sum});
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = groups.has(i) && sums[groups.of(i)] != 0 ? 100 * x[i] / sums[groups.of(i)] : missing_real;
    out = value_of(data::Column::reals(std::move(x)));
  } else {
    measures::Asked what = asked.value_or(measures::Asked{measures::GroupStatistic::percentile});
    if (name == "pctile") {
      const Tree p = tree->children.size() == 2 ? tree->children[1] : keyword(tree, {"p"}, "p");
      if (p && (p->op != Op::number || !(p->number > 0 && p->number < 100)))
        throw error_at(tree, "p of pctile() is a number between 0 and 100");
      what.percent = p ? p->number : 50;
    }
    const std::vector<double> of_group = measures::by_group(x, groups.rows_by_group(), what);
    const bool whole =
        what.statistic == measures::GroupStatistic::sum &&
        (column->type() == Type::integer || column->type() == Type::boolean) &&
        std::all_of(of_group.begin(), of_group.end(), [](double value) { return std::abs(value) <= 0x1p53; });
    out = value_of(groups.spread(*(whole ? whole_numbers(of_group) : data::Column::reals(of_group))));
  }
  return true;
}

bool has_statistic(const Tree& tree) {
  static const std::set<std::string> names = [] {
    std::vector<std::string> all;
    Statistics::add_names(all);
    return std::set<std::string>(all.begin(), all.end());
  }();
  if (!tree) return false;
  const bool of_columns = (tree->text == "min" || tree->text == "max") && tree->children.size() > 1;  // max(x, 0)
  if (tree->op == Op::call && names.count(tree->text) != 0 && !of_columns) return true;
  return std::any_of(tree->children.begin(), tree->children.end(), has_statistic);
}

void Statistics::add_names(std::vector<std::string>& names) {
  for (const char* name : own_functions) names.emplace_back(name);
  for (const std::string& name : measures::group_statistic_names()) names.push_back(name);
  for (const char* name : {"n", "group", "first", "last", "firstnm", "lastnm"}) names.emplace_back(name);
}

}  // namespace formula
