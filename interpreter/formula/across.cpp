// Functions across the columns of a row, Stata's egen row functions: missing values are passed over.
#include "data/verbs/picked.hpp"
#include "formula/compile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace formula {

using data::Type;

namespace {

constexpr std::array row_functions = {"rowmean", "rowtotal",   "rowsum",   "rowmin",  "rowmax",    "rowsd", "rowmedian",
                                      "rowmiss", "rownonmiss", "rowfirst", "rowlast", "rowpctile", "diff"};

/// Stata's percentile (type 2): the mean of two neighbours where n p / 100 is whole.
double percentile(std::vector<double>& known, double p) {
  std::sort(known.begin(), known.end());
  const double place = static_cast<double>(known.size()) * p / 100;
  const auto below = static_cast<std::size_t>(place);
  if (below >= known.size()) return known.back();
  if (below == 0 || place > static_cast<double>(below)) return known[below];
  return (known[below - 1] + known[below]) / 2;
}

/// The known values of a row → one number; NaN where they do not determine it. p: of rowpctile.
double of_known(const std::string& name, std::vector<double>& known, double p) {
  const auto n = static_cast<double>(known.size());
  if (name == "rowtotal" || name == "rowsum") {
    double sum = 0;
    for (const double x : known) sum += x;
    return sum;
  }
  if (known.empty()) return missing_real;
  if (name == "rowmin") return *std::min_element(known.begin(), known.end());
  if (name == "rowmax") return *std::max_element(known.begin(), known.end());
  if (name == "rowfirst") return known.front();
  if (name == "rowlast") return known.back();
  if (name == "rowpctile") return percentile(known, p);
  if (name == "rowmedian") return percentile(known, 50);
  double mean = 0;
  for (const double x : known) mean += x;
  mean /= n;
  if (name == "rowmean") return mean;
  double squares = 0;
  for (const double x : known) squares += (x - mean) * (x - mean);
  return known.size() > 1 ? std::sqrt(squares / (n - 1)) : missing_real;
}

data::ColumnPtr counted(const std::vector<data::ColumnPtr>& columns, std::size_t rows, bool missing) {
  std::vector<std::int64_t> out(rows, 0);
  for (const data::ColumnPtr& column : columns)
    for (std::size_t i = 0; i < rows; ++i) out[i] += column->missing(i) == missing ? 1 : 0;
  return data::Column::integers(std::move(out));
}

bool is_words(const data::Column& column) { return column.type() == Type::text || column.type() == Type::category; }

/// p of rowpctile(x, y, p=25), 50 when it is not given.
double percentile_of(const Tree& tree) {
  if (tree->children.empty()) throw error_at(tree, "rowpctile() takes columns");
  double p = 50;
  for (const auto& [key, value] : tree->keywords) {
    if (key != "p") throw error_at(tree, "rowpctile() takes p= only, not " + key + "=");
    if (value->op != Op::number || value->number < 0 || value->number > 100)
      throw error_at(tree, "p of rowpctile() is a number between 0 and 100");
    p = value->number;
  }
  return p;
}

/// true where the columns do not all hold the same.
data::ColumnPtr differing(const Tree& tree, const std::vector<data::ColumnPtr>& columns, std::size_t rows) {
  for (const data::ColumnPtr& column : columns)
    if (is_words(*column) != is_words(*columns.front()))
      throw error_at(tree, "diff() compares numbers with numbers and text with text");
  std::vector<std::uint8_t> out(rows, 0);
  for (const data::ColumnPtr& column : columns) {
    const bool wider = columns.front()->type() == Type::integer && column->type() == Type::real;
    for (std::size_t i = 0; i < rows; ++i)
      out[i] |= static_cast<std::uint8_t>(wider ? !data::same_value(*column, i, *columns.front(), i)
                                                : !data::same_value(*columns.front(), i, *column, i));
  }
  return data::Column::booleans(std::move(out));
}

}  // namespace

bool RowFunctions::apply(Compiler& compiler, const Tree& tree, Value& out) {
  const std::string& name = tree->text;
  if (std::none_of(row_functions.begin(), row_functions.end(), [&](const char* f) { return name == f; })) return false;
  const double p = name == "rowpctile" ? percentile_of(tree) : 50;
  if (name != "rowpctile") check_arguments(tree, 1, 1000);
  const std::size_t rows = compiler.frame_.rows();
  std::vector<data::ColumnPtr> columns;
  for (const Tree& arg : tree->children) columns.push_back(compiler.column(arg));
  if (name == "rowmiss" || name == "rownonmiss") {
    out = value_of(counted(columns, rows, name == "rowmiss"));
  } else if (name == "diff") {
    out = value_of(differing(tree, columns, rows));
  } else {
    std::vector<std::vector<double>> values;
    bool whole = name != "rowmean" && name != "rowsd" && name != "rowmedian" && name != "rowpctile";
    for (std::size_t c = 0; c < columns.size(); ++c) {
      whole = whole && (columns[c]->type() == Type::integer || columns[c]->type() == Type::boolean);
      values.push_back(compiler.numbers(tree->children[c], name + "()"));
    }
    std::vector<double> results(rows);
    std::vector<double> known;
    for (std::size_t i = 0; i < rows; ++i) {
      known.clear();
      for (const std::vector<double>& column : values)
        if (!std::isnan(column[i])) known.push_back(column[i]);
      results[i] = of_known(name, known, p);
      whole = whole && (std::isnan(results[i]) || std::abs(results[i]) <= 0x1p53);
    }
    if (!whole) {
      out = value_of(data::Column::reals(std::move(results)));
    } else {
      std::vector<std::int64_t> integers(rows);
      std::transform(results.begin(), results.end(), integers.begin(),
                     [](double x) { return std::isnan(x) ? data::missing_integer : static_cast<std::int64_t>(x); });
      out = value_of(data::Column::integers(std::move(integers)));
    }
  }
  return true;
}

void RowFunctions::add_names(std::vector<std::string>& names) {
  for (const char* name : row_functions) names.emplace_back(name);
}

}  // namespace formula
