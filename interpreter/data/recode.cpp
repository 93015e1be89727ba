#include "data/recode.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "data/text_builder.hpp"
#include "data/value_labels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace data {
namespace {

using Becomes = RecodeRule::Becomes;
constexpr int no_rule = -1;

bool has(const RecodeRule& rule, double value) {
  return std::any_of(rule.ranges.begin(), rule.ranges.end(),
                     [value](const auto& range) { return value >= range.first && value <= range.second; });
}
bool has(const RecodeRule& rule, const std::string& word) {
  return std::find(rule.words.begin(), rule.words.end(), word) != rule.words.end();
}

/// The first rule that takes a value for which taken(rule) holds.
template <class Taken>
int rule_for(const std::vector<RecodeRule>& rules, bool missing, const Taken& taken) {
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const RecodeRule& rule = rules[r];
    if (rule.otherwise || (missing ? rule.missing : rule.nonmissing || taken(rule))) return static_cast<int>(r);
  }
  return no_rule;
}

bool has_numbers(const Column& column) {
  return !is_coded(column) || (column.type() == Type::category && !column.level_values().empty());
}

/// Rules of low, low + 1, … when the column's values lie close together; empty otherwise.
template <class RuleOf>
std::vector<int> rules_by_value(std::span<const std::int64_t> values, const RuleOf& rule_of, std::int64_t& low) {
  std::int64_t high = missing_integer;
  low = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t value : values) {
    if (value == missing_integer) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  constexpr std::uint64_t most = 65536;
  std::vector<int> out;
  if (high < low || static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) >= most) return out;
  for (std::int64_t value = low; value <= high; ++value) out.push_back(rule_of(static_cast<double>(value)));
  return out;
}

/// The rule of each row, no_rule where none takes it or the row is left alone.
std::vector<int> rules_by_row(const Column& column, const std::vector<RecodeRule>& rules,
                              const std::optional<std::vector<std::uint8_t>>& rows) {
  std::vector<int> out(column.size(), no_rule);
  const int for_missing = rule_for(rules, true, [](const RecodeRule&) { return false; });
  const auto fill = [&](const auto& rule_of) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (i % 65536 == 0) core::poll();
      if (!rows || (*rows)[i] != 0) out[i] = rule_of(i);
    }
  };
  if (is_coded(column)) {
    std::vector<int> of_level;
    of_level.reserve(column.dictionary()->size());
    for (std::size_t level = 0; level < column.dictionary()->size(); ++level)
      of_level.push_back(rule_for(rules, false, [&](const RecodeRule& rule) {
        return has(rule, (*column.dictionary())[level]) ||
               (!column.level_values().empty() && has(rule, column.level_values()[level]));
      }));
    fill([&](std::size_t i) {
      return column.codes()[i] < 0 ? for_missing : of_level[static_cast<std::size_t>(column.codes()[i])];
    });
    return out;
  }
  const auto rule_of = [&](double value) {
    return std::isnan(value) ? for_missing
                             : rule_for(rules, false, [value](const RecodeRule& rule) { return has(rule, value); });
  };
  if (column.type() != Type::integer) {
    const std::vector<double> values = column.numbers();
    fill([&](std::size_t i) { return rule_of(values[i]); });
    return out;
  }
  // Few different whole numbers: each is looked up once.
  std::int64_t low = 0;
  const std::vector<int> table = rules_by_value(column.integers(), rule_of, low);
  const auto size = static_cast<std::uint64_t>(table.size());
  fill([&](std::size_t i) {
    const std::int64_t value = column.integers()[i];
    const std::uint64_t at = static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(low);
    return value == missing_integer ? for_missing : at < size ? table[at] : rule_of(static_cast<double>(value));
  });
  return out;
}

/// What stands in the column must fit what the rules make.
void check(const Column& column, const std::vector<RecodeRule>& rules, const std::vector<int>& by_row, bool to_text,
           bool to_number) {
  if (to_text && to_number)
    throw core::Error("the rules make texts and numbers").hint("a column holds one of the two: quote every new value");
  for (const RecodeRule& rule : rules) {
    if (!has_numbers(column) && !rule.ranges.empty())
      throw core::Error("the rule " + rule.written + " takes numbers, and the column is text")
          .hint("texts stand in quotes: " + std::string("'A' 'B'='C'"));
    if (!is_coded(column) && !rule.words.empty())
      throw core::Error("the rule " + rule.written + " takes texts, and the column holds numbers");
  }
  const bool clash = to_number ? !has_numbers(column) : to_text && !is_coded(column);
  if (!clash) return;
  for (std::size_t i = 0; i < by_row.size(); ++i) {
    const bool kept = by_row[i] == no_rule || rules[static_cast<std::size_t>(by_row[i])].becomes == Becomes::itself;
    if (!kept || column.missing(i)) continue;
    throw core::Error("no rule for '" + column.text(i) + "' (row " + std::to_string(i + 1) + "), and the new column " +
                      (to_number ? "holds numbers" : "is text"))
        .hint("name it in a rule, or end with else=" + std::string(to_number ? "." : "'other'"));
  }
}

ColumnPtr texts(const Column& column, const std::vector<RecodeRule>& rules, const std::vector<int>& by_row,
                std::size_t& changed) {
  TextBuilder out(by_row.size());
  std::vector<std::int32_t> code_of;  // of the rules' texts
  code_of.reserve(rules.size());
  for (const RecodeRule& rule : rules)
    code_of.push_back(rule.becomes == Becomes::text ? out.code(rule.text) : missing_code);
  std::vector<std::int32_t> own;  // of the column's words, once they are needed
  if (is_coded(column)) own.assign(column.dictionary()->size(), missing_code - 1);
  for (std::size_t i = 0; i < by_row.size(); ++i) {
    std::int32_t before = missing_code;
    if (is_coded(column) && column.codes()[i] >= 0) {
      const auto level = static_cast<std::size_t>(column.codes()[i]);
      if (own[level] < missing_code) own[level] = out.code((*column.dictionary())[level]);
      before = own[level];
    }
    const bool kept = by_row[i] == no_rule || rules[static_cast<std::size_t>(by_row[i])].becomes == Becomes::itself;
    const std::int32_t code = kept ? before : code_of[static_cast<std::size_t>(by_row[i])];
    out.add_code(code);
    changed += code != before || (!kept && !is_coded(column) && !column.missing(i)) ? 1 : 0;
  }
  return out.column();
}

/// A category with a level for each value; values without a label of their own read as numbers.
ColumnPtr labelled(const std::vector<double>& values, const std::vector<RecodeRule>& rules, const Column& before) {
  ValueLabels label = value_labels(before);
  for (const RecodeRule& rule : rules)
    if (rule.becomes == Becomes::number && !rule.text.empty()) label[rule.number] = rule.text;
  return labelled_numbers(values, label, UnusedLabels::leave_out);
}

bool is_whole(double value) { return value == std::floor(value) && std::abs(value) < 0x1p53; }

/// Whole numbers that stay whole: no value goes through a double.
ColumnPtr whole_numbers(const Column& column, const std::vector<RecodeRule>& rules, const std::vector<int>& by_row,
                        std::size_t& changed) {
  std::vector<std::int64_t> values(column.integers().begin(), column.integers().end());
  std::vector<std::int64_t> becomes;
  becomes.reserve(rules.size());
  for (const RecodeRule& rule : rules)
    becomes.push_back(rule.becomes == Becomes::number ? static_cast<std::int64_t>(rule.number) : missing_integer);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (by_row[i] == no_rule || rules[static_cast<std::size_t>(by_row[i])].becomes == Becomes::itself) continue;
    const std::int64_t value = becomes[static_cast<std::size_t>(by_row[i])];
    changed += value != values[i] ? 1 : 0;
    values[i] = value;
  }
  return Column::integers(std::move(values));
}

ColumnPtr numbers(const Column& column, const std::vector<RecodeRule>& rules, const std::vector<int>& by_row,
                  std::size_t& changed) {
  const bool plain = std::all_of(rules.begin(), rules.end(), [](const RecodeRule& rule) {
    return rule.becomes != Becomes::number || (is_whole(rule.number) && rule.text.empty());
  });
  if (plain && column.type() == Type::integer) return whole_numbers(column, rules, by_row, changed);
  std::vector<double> values =
      has_numbers(column) ? column.numbers() : std::vector<double>(by_row.size(), std::nan(""));
  bool labels = column.type() == Type::category && has_numbers(column);
  for (const RecodeRule& rule : rules) labels = labels || (rule.becomes == Becomes::number && !rule.text.empty());
  bool whole = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double before = values[i];
    if (by_row[i] != no_rule) {
      const RecodeRule& rule = rules[static_cast<std::size_t>(by_row[i])];
      if (rule.becomes != Becomes::itself) values[i] = rule.becomes == Becomes::number ? rule.number : std::nan("");
      const bool same = has_numbers(column) ? values[i] == before || (std::isnan(values[i]) && std::isnan(before))
                                            : column.missing(i) && std::isnan(values[i]);
      changed += same ? 0 : 1;
    }
    whole = whole && (std::isnan(values[i]) || is_whole(values[i]));
  }
  if (labels) return labelled(values, rules, column);
  if (!whole || column.type() == Type::real) {
    // A real column stays one, so that its type does not hang on the values it happens to hold.
    const bool all_ruled = std::none_of(by_row.begin(), by_row.end(), [](int r) { return r == no_rule; });
    if (!whole || !all_ruled) return Column::reals(std::move(values));
  }
  std::vector<std::int64_t> integers(values.size());
  std::transform(values.begin(), values.end(), integers.begin(),
                 [](double x) { return std::isnan(x) ? missing_integer : static_cast<std::int64_t>(x); });
  return Column::integers(std::move(integers));
}

}  // namespace

Recoded recode(const Column& column, const std::vector<RecodeRule>& rules,
               const std::optional<std::vector<std::uint8_t>>& rows) {
  if (column.type() == Type::date)
    throw core::Error("holds dates, and rules are of numbers and texts").hint("gen(x = cond(…)) chooses by dates");
  bool to_text = false;
  bool to_number = false;
  for (const RecodeRule& rule : rules) {
    to_text = to_text || rule.becomes == Becomes::text;
    to_number = to_number || rule.becomes == Becomes::number;
  }
  if (!to_text && !to_number) (has_numbers(column) ? to_number : to_text) = true;
  const std::vector<int> by_row = rules_by_row(column, rules, rows);
  check(column, rules, by_row, to_text, to_number);
  Recoded out;
  out.column = to_text ? texts(column, rules, by_row, out.changed) : numbers(column, rules, by_row, out.changed);
  for (std::size_t i = 0; i < by_row.size(); ++i)
    out.unruled += by_row[i] == no_rule && (!rows || (*rows)[i] != 0) && !column.missing(i) ? 1 : 0;
  out.column = out.column->described_as(column);
  return out;
}

}  // namespace data
