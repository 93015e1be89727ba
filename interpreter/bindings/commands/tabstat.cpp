// tabstat: any statistics of several columns, by groups, for publication.
#include "bindings/measures.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"
#include "measures/inequality.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;

struct Wanted {
  std::string name, head;
  double percent = -1;  ///< of pNN
};

const std::vector<std::pair<std::string, std::string>>& known_statistics() {
  static const std::vector<std::pair<std::string, std::string>> all = {{"n", "N"},
                                                                       {"mean", "Mean"},
                                                                       {"sd", "Std. dev."},
                                                                       {"variance", "Variance"},
                                                                       {"min", "Min"},
                                                                       {"max", "Max"},
                                                                       {"range", "Range"},
                                                                       {"sum", "Sum"},
                                                                       {"median", "Median"},
                                                                       {"iqr", "IQR"},
                                                                       {"cv", "CV"},
                                                                       {"se_mean", "Std. error"},
                                                                       {"skewness", "Skewness"},
                                                                       {"kurtosis", "Kurtosis"},
                                                                       {"missing", "Missing"}};
  return all;
}

/// Other names of the same statistics.
std::string canonical(const std::string& word) {
  if (word == "N" || word == "count" || word == "obs") return "n";
  if (word == "var") return "variance";
  if (word == "p50" || word == "med") return "median";
  if (word == "semean" || word == "se") return "se_mean";
  return word;
}

std::vector<Wanted> statistics_of(const Arguments& a) {
  std::vector<Wanted> out;
  std::vector<std::string> words;
  for (const std::string& text : a.has("stats") ? a.texts("stats") : std::vector<std::string>{"n mean sd min max"})
    for (std::string word : core::split(text, ' ')) {
      while (!word.empty() && word.back() == ',') word.pop_back();
      if (!word.empty()) words.push_back(canonical(word));
    }
  for (const std::string& word : words) {
    const auto known = std::find_if(known_statistics().begin(), known_statistics().end(),
                                    [&](const auto& entry) { return entry.first == word; });
    if (known != known_statistics().end()) {
      out.push_back({known->first, known->second});
      continue;
    }
    char* end = nullptr;
    const double percent = word.size() > 1 && word[0] == 'p' ? std::strtod(word.c_str() + 1, &end) : -1;
    if (end && *end == '\0' && percent >= 0 && percent <= 100) {
      out.push_back({word, word, percent});
      continue;
    }
    std::vector<std::string> names;
    for (const auto& entry : known_statistics()) names.push_back(entry.first);
    throw core::Error("no statistic '" + word + "'")
        .word(word)
        .hint(core::did_you_mean(word, names, "statistics, and p1 … p99"));
  }
  if (out.empty()) throw core::Error("no statistic was named").word("stats").hint("stats=\"n mean sd p50\"");
  return out;
}

std::vector<double> percents_of(const std::vector<Wanted>& wanted) {
  std::vector<double> percents;
  for (const Wanted& w : wanted) {
    if (w.percent >= 0) percents.push_back(w.percent);
    if (w.name == "median") percents.push_back(50);
    if (w.name == "iqr") percents.insert(percents.end(), {25, 75});
    if (w.name == "skewness" || w.name == "kurtosis") percents.push_back(50);
  }
  return percents;
}

std::vector<double> values_of(const std::vector<Wanted>& wanted, const measures::Values& values) {
  const measures::Description d = measures::describe_values(values, percents_of(wanted));
  std::size_t next = 0;
  std::vector<double> out;
  for (const Wanted& w : wanted) {
    double value = std::nan("");
    if (w.percent >= 0 || w.name == "median") {
      value = d.percentiles[next++];
    } else if (w.name == "iqr") {
      value = d.percentiles[next + 1] - d.percentiles[next];
      next += 2;
    } else if (w.name == "skewness" || w.name == "kurtosis") {
      value = w.name == "skewness" ? d.skewness : d.kurtosis;
      ++next;
    } else if (w.name == "n") {
      value = d.n;
    } else if (w.name == "mean") {
      value = d.mean;
    } else if (w.name == "sd") {
      value = d.sd;
    } else if (w.name == "variance") {
      value = d.variance;
    } else if (w.name == "min") {
      value = d.min;
    } else if (w.name == "max") {
      value = d.max;
    } else if (w.name == "range") {
      value = d.max - d.min;
    } else if (w.name == "sum") {
      value = d.sum;
    } else if (w.name == "cv") {
      value = d.mean != 0 ? d.sd / d.mean : std::nan("");
    } else if (w.name == "se_mean") {
      value = d.sd / std::sqrt(d.n);
    } else if (w.name == "missing") {
      value = static_cast<double>(values.left_out);
    }
    out.push_back(value);
  }
  return out;
}

std::string cell_text(const Wanted& w, double value, const Arguments& a) {
  if (w.name == "n" || w.name == "missing")
    return std::isnan(value) ? "." : core::grouped(static_cast<long long>(value));
  return a.has("decimals") && std::isfinite(value) ? core::fixed(value, static_cast<int>(a.integer("decimals")))
                                                   : statistic_text(value);
}

/// groups × variables × statistics.
using Numbers = std::vector<std::vector<std::vector<double>>>;

/// Groups under each other, statistics across.
void groups_in_rows(report::Table& table, const std::vector<std::string>& groups, const std::vector<std::string>& shown,
                    const std::vector<Wanted>& wanted, const Numbers& numbers, bool by, const Arguments& a) {
  std::vector<std::string> heads = {"Variable"};
  for (const Wanted& w : wanted) heads.push_back(w.head);
  table.header.push_back(header_row(heads));
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (by) {
      report::Row head = text_row({groups[g]});
      head.cells.resize(heads.size());
      head.rule_above = g > 0;
      table.body.push_back(std::move(head));
    }
    for (std::size_t v = 0; v < shown.size(); ++v) {
      std::vector<std::string> cells = {(by ? "  " : "") + shown[v]};
      for (std::size_t s = 0; s < wanted.size(); ++s) cells.push_back(cell_text(wanted[s], numbers[g][v][s], a));
      table.body.push_back(text_row(cells));
    }
  }
}

/// Groups beside each other, each over its statistics.
void groups_in_columns(report::Table& table, const std::vector<std::string>& groups,
                       const std::vector<std::string>& shown, const std::vector<Wanted>& wanted, const Numbers& numbers,
                       const Arguments& a) {
  report::Row over;
  over.cells.push_back({.text = "", .header = true});
  std::vector<std::string> heads = {"Variable"};
  for (const std::string& group : groups) {
    over.cells.push_back({.text = group, .span = static_cast<int>(wanted.size()), .header = true});
    for (const Wanted& w : wanted) heads.push_back(w.head);
  }
  table.header = {over, header_row(heads)};
  for (std::size_t v = 0; v < shown.size(); ++v) {
    std::vector<std::string> cells = {shown[v]};
    for (std::size_t g = 0; g < groups.size(); ++g)
      for (std::size_t s = 0; s < wanted.size(); ++s) cells.push_back(cell_text(wanted[s], numbers[g][v][s], a));
    table.body.push_back(text_row(cells));
  }
}

void push_variables(lua_State* L, const std::vector<std::string>& names, const std::vector<Wanted>& wanted,
                    const std::vector<std::vector<double>>& numbers) {
  lua_newtable(L);
  for (std::size_t v = 0; v < names.size(); ++v) {
    std::vector<std::pair<std::string, double>> fields;
    for (std::size_t s = 0; s < wanted.size(); ++s) fields.emplace_back(wanted[s].name, numbers[v][s]);
    push_fields(L, fields, "statistic");
    lua_setfield(L, -2, names[v].c_str());
  }
}

int tabstat(lua_State* L, Arguments& a) {
  const MeasureRows rows = measure_rows(a);
  const std::vector<Wanted> wanted = statistics_of(a);
  MeasureGroups groups = measure_groups(a, rows.frame);
  const bool by = groups.given();
  if (by && a.boolean("total", true)) {
    std::vector<std::uint32_t> all(rows.frame.rows());
    for (std::uint32_t row = 0; row < all.size(); ++row) all[row] = row;
    groups.names.emplace_back("Total");
    groups.rows.push_back(std::move(all));
  }
  MeasureInput input;
  if (const formula::Weights weights = a.weights(); weights.expression) {
    if (weights.kind == formula::WeightKind::probability)
      throw core::Error("tabstat takes aw() or fw(), not pw()").word("pw");
    input.weights = formula::evaluate_numbers(weights.expression, rows.frame);
    input.frequency = weights.kind == formula::WeightKind::frequency;
  }
  const std::vector<std::string> names = a.column_names("columns");
  std::vector<std::string> shown;
  for (const std::string& name : names) shown.push_back(shown_name(rows.frame, name));
  Numbers numbers(groups.rows.size());
  for (const std::string& name : names) {
    input.x = numbers_of(rows.frame, name);
    input.text = name;
    for (std::size_t g = 0; g < groups.rows.size(); ++g)
      numbers[g].push_back(values_of(wanted, group_values(input, rows, groups.rows[g], measures::Domain::any)));
  }
  report::Table table;
  if (a.has("title")) table.title = a.text("title");
  if (by && a.text("layout", "rows") == "columns") {
    groups_in_columns(table, groups.names, shown, wanted, numbers, a);
  } else {
    groups_in_rows(table, groups.names, shown, wanted, numbers, by, a);
  }
  if (!percents_of(wanted).empty()) table.notes.emplace_back("Percentiles: type 2 of Hyndman & Fan (Stata's)");
  note_left_out(groups.left_out, table.notes, "without a group");
  if (a.has("file")) report::save(table, a.text("file"));
  if (!by) {
    push_variables(L, names, wanted, numbers[0]);
    seal_reported(L, std::move(table), names, "variable");
    return 1;
  }
  lua_newtable(L);
  for (std::size_t g = 0; g < groups.names.size(); ++g) {
    push_variables(L, names, wanted, numbers[g]);
    seal_named(L, names, "variable");
    lua_setfield(L, -2, groups.names[g].c_str());
  }
  seal_reported(L, std::move(table), groups.names, "group");
  return 1;
}

}  // namespace

void add_tabstat_command(Registry& registry) {
  registry.add(
      {{.name = "tabstat",
        .topic = "statistics",
        .summary = "Table of chosen statistics, by groups",
        .args = {{.name = "columns", .kind = Kind::columns, .doc = "numeric columns", .repeated = true}},
        .options =
            {{.name = "stats",
              .kind = Kind::texts,
              .doc = "n mean sd variance min max range sum median iqr cv se_mean skewness kurtosis missing p1 … p99",
              .default_text = "n mean sd min max",
              .aliases = {"statistics"}},
             by_option("a panel of the table for each of these groups"),
             {.name = "layout",
              .kind = Kind::text,
              .doc = "groups under each other, or beside each other",
              .default_text = "rows",
              .one_of = {"rows", "columns"}},
             {.name = "total", .kind = Kind::boolean, .doc = "also all rows together", .default_text = "true"},
             {.name = "decimals",
              .kind = Kind::integer,
              .doc = "digits after the point",
              .default_text = "six significant digits",
              .min = 0,
              .max = 12},
             {.name = "weights", .kind = Kind::weights, .doc = "aw(x) or fw(x)", .default_text = {}},
             {.name = "title", .kind = Kind::text, .doc = "above the table", .default_text = {}},
             file_option()},
        .example = "tabstat(ser, rat, stats=\"mean sd p50\", by=province)"},
       tabstat});
}

}  // namespace bindings
