// What statistics within groups are called, and those that pick a row.
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "data/verbs/picked.hpp"
#include "measures/by_group.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace measures {
namespace {

struct Word {
  const char* word;
  GroupStatistic statistic;
  double percent = 50;
};
constexpr std::array<Word, 25> words{{
    {"count", GroupStatistic::count},
    {"mean", GroupStatistic::mean},
    {"sum", GroupStatistic::sum},
    {"total", GroupStatistic::sum},
    {"rawsum", GroupStatistic::rawsum},
    {"sd", GroupStatistic::sd},
    {"var", GroupStatistic::variance},
    {"semean", GroupStatistic::semean},
    {"sebinomial", GroupStatistic::sebinomial},
    {"sepoisson", GroupStatistic::sepoisson},
    {"min", GroupStatistic::min},
    {"max", GroupStatistic::max},
    {"median", GroupStatistic::percentile},
    {"iqr", GroupStatistic::iqr},
    {"percent", GroupStatistic::percent},
    {"share", GroupStatistic::share},
    {"skewness", GroupStatistic::skewness},
    {"skew", GroupStatistic::skewness},
    {"kurtosis", GroupStatistic::kurtosis},
    {"kurt", GroupStatistic::kurtosis},
    {"mode", GroupStatistic::mode},
    {"mad", GroupStatistic::mad},
    {"mdev", GroupStatistic::mdev},
    {"seb", GroupStatistic::sebinomial},
    {"sep", GroupStatistic::sepoisson},
}};

}  // namespace

std::optional<Asked> group_statistic(std::string_view word) {
  for (const Word& known : words)
    if (word == known.word) return Asked{known.statistic, known.percent};
  if (word.size() < 2 || word.size() > 3 || word[0] != 'p' || word[1] == '0') return std::nullopt;
  double percent = 0;
  for (const char c : word.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    percent = percent * 10 + (c - '0');
  }
  return Asked{GroupStatistic::percentile, percent};
}

const std::vector<std::string>& group_statistic_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const Word& known : words) out.emplace_back(known.word);
    for (const char* word :
         {"p1", "p5", "p10", "p20", "p25", "p30", "p40", "p50", "p60", "p70", "p75", "p80", "p90", "p95", "p99"})
      out.emplace_back(word);
    return out;
  }();
  return names;
}

std::optional<GroupRow> group_row(std::string_view word) {
  constexpr std::array<std::pair<const char*, GroupRow>, 6> known{{{"first", GroupRow::first},
                                                                   {"last", GroupRow::last},
                                                                   {"firstnm", GroupRow::first_known},
                                                                   {"lastnm", GroupRow::last_known},
                                                                   {"min", GroupRow::smallest},
                                                                   {"max", GroupRow::largest}}};
  for (const auto& [name, row] : known)
    if (word == name) return row;
  return std::nullopt;
}

std::vector<std::uint32_t> row_of_group(const data::Column& column, const data::GroupRows& groups, GroupRow which) {
  std::vector<std::uint32_t> out(groups.groups(), data::no_row);
  const bool extreme = which == GroupRow::smallest || which == GroupRow::largest;
  constexpr std::size_t block = 512;  // groups
  const std::vector<double> x = extreme ? column.numbers() : std::vector<double>{};
  core::for_blocks(out.size(), block, [&](std::size_t begin, std::size_t end) {
    for (std::size_t g = begin; g < end; ++g) {
      const auto rows = groups.of(g);
      if (rows.empty()) continue;
      if (which == GroupRow::first) out[g] = rows.front();
      if (which == GroupRow::last) out[g] = rows.back();
      if (which == GroupRow::first_known) {
        const auto found = std::find_if(rows.begin(), rows.end(), [&](std::uint32_t r) { return !column.missing(r); });
        if (found != rows.end()) out[g] = *found;
      }
      if (which == GroupRow::last_known) {
        for (std::size_t i = rows.size(); i-- > 0;)
          if (!column.missing(rows[i])) {
            out[g] = rows[i];
            break;
          }
      }
      if (!extreme) continue;
      for (const std::uint32_t row : rows) {
        if (std::isnan(x[row])) continue;
        if (out[g] == data::no_row || (which == GroupRow::smallest ? x[row] < x[out[g]] : x[row] > x[out[g]]))
          out[g] = row;
      }
    }
  });
  core::poll();
  return out;
}

}  // namespace measures
