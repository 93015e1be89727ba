// Column statistics in data expressions, within groups when there are some: mean(x), rank(x), cumsum(x), _n, …
#include "formula/compile.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <numeric>
#include <utility>

namespace formula {

using data::Type;

namespace {

/// The groups of the rows; one group of all rows when the expression has none.
class Groups {
 public:
  Groups(const data::Grouping* by, std::size_t rows) : by_(by), rows_(rows) {}
  std::size_t count() const { return by_ ? static_cast<std::size_t>(by_->levels()) : 1; }
  std::size_t rows() const { return rows_; }
  bool has(std::size_t row) const { return by_ == nullptr || by_->codes[row] >= 0; }
  std::size_t of(std::size_t row) const { return by_ ? static_cast<std::size_t>(by_->codes[row]) : 0; }

  /// Rows group by group, in row order within each; `start` has count() + 1 positions.
  std::vector<std::uint32_t> ordered(std::vector<std::size_t>& start) const {
    start.assign(count() + 1, 0);
    for (std::size_t i = 0; i < rows_; ++i)
      if (has(i)) ++start[of(i) + 1];
    std::partial_sum(start.begin(), start.end(), start.begin());
    std::vector<std::size_t> next(start.begin(), start.end() - 1);
    std::vector<std::uint32_t> out(start.back());
    for (std::size_t i = 0; i < rows_; ++i)
      if (has(i)) out[next[of(i)]++] = static_cast<std::uint32_t>(i);
    return out;
  }

  data::ColumnPtr spread(const std::vector<double>& of_group, bool whole) const {
    whole = whole && std::all_of(of_group.begin(), of_group.end(), [](double x) { return std::abs(x) <= 0x1p53; });
    if (whole) {
      std::vector<std::int64_t> out(rows_, data::missing_integer);
      for (std::size_t i = 0; i < rows_; ++i)
        if (has(i)) out[i] = static_cast<std::int64_t>(of_group[of(i)]);
      return data::Column::integers(std::move(out));
    }
    std::vector<double> out(rows_, missing_real);
    for (std::size_t i = 0; i < rows_; ++i)
      if (has(i)) out[i] = of_group[of(i)];
    return data::Column::reals(std::move(out));
  }

 private:
  const data::Grouping* by_;
  std::size_t rows_;
};

/// Sum with Neumaier's correction: the digits do not depend on the size of what was added before.
struct Sum {
  double sum = 0, lost = 0;
  void add(double x) {
    const double total = sum + x;
    lost += std::abs(sum) >= std::abs(x) ? (sum - total) + x : (x - total) + sum;
    sum = total;
  }
  double value() const { return sum + lost; }
};

struct Moments {
  std::vector<Sum> sums;
  std::vector<double> counts;
};
Moments moments(const Groups& groups, const std::vector<double>& x) {
  Moments out{std::vector<Sum>(groups.count()), std::vector<double>(groups.count(), 0)};
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || !groups.has(i)) continue;
    out.sums[groups.of(i)].add(x[i]);
    ++out.counts[groups.of(i)];
  }
  return out;
}

std::vector<double> means(const Moments& m) {
  std::vector<double> out(m.sums.size());
  for (std::size_t g = 0; g < out.size(); ++g)
    out[g] = m.counts[g] > 0 ? m.sums[g].value() / m.counts[g] : missing_real;
  return out;
}

std::vector<double> variances(const Groups& groups, const std::vector<double>& x) {
  const Moments m = moments(groups, x);
  const std::vector<double> mean = means(m);
  std::vector<double> squares = x;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (groups.has(i)) squares[i] = (x[i] - mean[groups.of(i)]) * (x[i] - mean[groups.of(i)]);
  const Moments around = moments(groups, squares);
  std::vector<double> out(mean.size());
  for (std::size_t g = 0; g < out.size(); ++g)
    out[g] = m.counts[g] > 1 ? around.sums[g].value() / (m.counts[g] - 1) : missing_real;
  return out;
}

/// R's type 2, Stata's: the average of two values where n·p is whole.
std::vector<double> percentiles(const Groups& groups, const std::vector<double>& x, int percent) {
  std::vector<std::size_t> start;
  const std::vector<std::uint32_t> rows = groups.ordered(start);
  std::vector<double> out(groups.count(), missing_real);
  std::vector<double> values;
  for (std::size_t g = 0; g < out.size(); ++g) {
    values.clear();
    for (std::size_t i = start[g]; i < start[g + 1]; ++i)
      if (!std::isnan(x[rows[i]])) values.push_back(x[rows[i]]);
    if (values.empty()) continue;
    std::sort(values.begin(), values.end());
    const std::size_t np = values.size() * static_cast<std::size_t>(percent);
    const std::size_t at = np / 100;
    out[g] = np % 100 == 0 ? (values[at - 1] + values[at]) / 2 : values[at];
  }
  return out;
}

/// 1 for the smallest value; ties share the mean of their ranks; missing stays missing.
data::ColumnPtr ranks(const Groups& groups, const std::vector<double>& x) {
  std::vector<std::size_t> start;
  std::vector<std::uint32_t> rows = groups.ordered(start);
  std::vector<double> out(groups.rows(), missing_real);
  for (std::size_t g = 0; g < groups.count(); ++g) {
    const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(start[g]);
    const auto end = std::partition(begin, rows.begin() + static_cast<std::ptrdiff_t>(start[g + 1]),
                                    [&](std::uint32_t row) { return !std::isnan(x[row]); });
    std::sort(begin, end, [&](std::uint32_t a, std::uint32_t b) { return x[a] < x[b]; });
    for (auto tie = begin; tie != end;) {
      auto after = tie;
      while (after != end && x[*after] == x[*tie]) ++after;
      const double rank = static_cast<double>((tie - begin) + 1 + (after - begin)) / 2;
      for (; tie != after; ++tie) out[*tie] = rank;
    }
  }
  return data::Column::reals(std::move(out));
}

/// A missing value adds nothing, as in Stata.
data::ColumnPtr running_sums(const Groups& groups, const std::vector<double>& x) {
  std::vector<Sum> sums(groups.count());
  std::vector<double> out(groups.rows(), missing_real);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!groups.has(i)) continue;
    Sum& sum = sums[groups.of(i)];
    if (!std::isnan(x[i])) sum.add(x[i]);
    out[i] = sum.value();
  }
  return data::Column::reals(std::move(out));
}

/// For each row, the row of its group that `better` prefers to all others; the first row when none is known.
template <class Better>
std::vector<std::int64_t> best_rows(const Groups& groups, const Better& better) {
  std::vector<std::int64_t> best(groups.count(), -1);
  for (std::size_t i = 0; i < groups.rows(); ++i) {
    if (!groups.has(i)) continue;
    std::int64_t& now = best[groups.of(i)];
    if (now < 0 || better(i, static_cast<std::size_t>(now))) now = static_cast<std::int64_t>(i);
  }
  std::vector<std::int64_t> out(groups.rows(), -1);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (groups.has(i)) out[i] = best[groups.of(i)];
  return out;
}

/// p1 … p99, or 0.
int percent_of(const std::string& name) {
  if (name == "median") return 50;
  if (name.size() < 2 || name.size() > 3 || name[0] != 'p' || name[1] == '0') return 0;
  return std::all_of(name.begin() + 1, name.end(), [](char c) { return c >= '0' && c <= '9'; })
             ? std::atoi(name.c_str() + 1)
             : 0;
}

constexpr std::array one_argument = {"mean", "sd",  "var",   "sum",  "count", "median",
                                     "min",  "max", "first", "last", "rank",  "cumsum"};

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
  if (name == "group") {
    check_arguments(tree, 1, 100);
    std::vector<data::ColumnPtr> columns;
    for (const Tree& arg : tree->children) columns.push_back(compiler.column(arg));
    const data::Grouping groups = sorted_groups(columns, nullptr);
    std::vector<std::int64_t> codes(groups.codes.size());
    for (std::size_t i = 0; i < codes.size(); ++i)
      codes[i] = groups.codes[i] < 0 ? data::missing_integer : groups.codes[i] + 1;
    out = value_of(data::Column::integers(std::move(codes)));
    return true;
  }
  const int percent = percent_of(name);
  const bool ours = std::any_of(one_argument.begin(), one_argument.end(), [&](const char* f) { return name == f; });
  if (percent == 0 && !ours) return false;
  if ((name == "min" || name == "max") && tree->children.size() != 1) return false;  // elementwise
  check_arguments(tree, 1, 1);

  const Groups groups(compiler.by_, compiler.frame_.rows());
  const Tree& arg = tree->children[0];
  data::ColumnPtr column = compiler.column(arg);
  if (name == "first" || name == "last") {
    const bool last = name == "last";
    out = value_of(pick(*column, best_rows(groups, [last](std::size_t, std::size_t) { return last; })));
    return true;
  }
  if (name == "count") {
    std::vector<double> counts(groups.count(), 0);
    for (std::size_t i = 0; i < groups.rows(); ++i)
      if (groups.has(i) && !column->missing(i)) ++counts[groups.of(i)];
    out = value_of(groups.spread(counts, true));
    return true;
  }
  const bool whole = column->type() == Type::integer || column->type() == Type::boolean;
  const std::vector<double> x = compiler.numbers(arg, name + "()");
  data::ColumnPtr result;
  if (name == "min" || name == "max") {
    const bool low = name == "min";
    result = pick(*(column->is_numeric() ? column : data::Column::reals(x)),
                  best_rows(groups, [&](std::size_t i, std::size_t best) {
                    return !std::isnan(x[i]) && (std::isnan(x[best]) || (low ? x[i] < x[best] : x[i] > x[best]));
                  }));
  } else if (name == "rank") {
    result = ranks(groups, x);
  } else if (name == "cumsum") {
    result = running_sums(groups, x);
  } else if (name == "mean") {
    result = groups.spread(means(moments(groups, x)), false);
  } else if (name == "sum") {
    const Moments m = moments(groups, x);
    std::vector<double> sums(m.sums.size());
    for (std::size_t g = 0; g < sums.size(); ++g) sums[g] = m.sums[g].value();
    result = groups.spread(sums, whole);
  } else if (percent > 0) {
    result = groups.spread(percentiles(groups, x, percent), false);
  } else {
    std::vector<double> of_group = variances(groups, x);
    if (name == "sd")
      for (double& v : of_group) v = std::sqrt(v);
    result = groups.spread(of_group, false);
  }
  out = value_of(std::move(result));
  return true;
}

void Statistics::add_names(std::vector<std::string>& names) {
  for (const char* name : one_argument) names.emplace_back(name);
  for (const char* name : {"n", "group", "p5", "p10", "p25", "p75", "p90", "p95"}) names.emplace_back(name);
}

}  // namespace formula
