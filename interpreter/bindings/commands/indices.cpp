// entropy_index, topsis, pca_index: one index of several indicators.
#include "bindings/importance.hpp"
#include "bindings/measures.hpp"
#include "bindings/named.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"
#include "measures/composite.hpp"
#include "measures/principal.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;

/// The indicators of a call over the rows in use: -x is a cost, as are those of cost=.
struct Indicators {
  std::vector<std::string> names;
  std::vector<measures::Indicator> values;
};

Indicators indicators_of(const Arguments& a, const MeasureRows& rows) {
  Indicators out;
  const auto add = [&](const formula::Tree& tree, bool cost) {
    const std::string name = formula::print(tree);
    if (std::find(out.names.begin(), out.names.end(), name) != out.names.end())
      throw core::Error("indicator '" + name + "' is given twice").word(name);
    out.names.push_back(name);
    out.values.push_back({formula::evaluate_numbers(tree, rows.frame), cost});
  };
  for (const formula::Tree& tree : a.trees("indicators")) {
    const bool minus = tree->op == formula::Op::negate;
    add(minus ? tree->children[0] : tree, minus);
  }
  for (const formula::Tree& tree : a.trees("cost")) add(tree, true);
  if (out.names.size() < 2)
    throw core::Error("an index needs two indicators or more").hint("-x marks one of which less is better");
  return out;
}

/// Of one group: the rows with every indicator, and the indicators over them.
struct Complete {
  std::vector<std::uint32_t> rows;
  std::vector<measures::Indicator> indicators;
};
Complete complete_rows(const Indicators& all, const std::vector<std::uint32_t>& group) {
  Complete out;
  for (const std::uint32_t row : group) {
    const bool known = std::all_of(all.values.begin(), all.values.end(),
                                   [&](const measures::Indicator& x) { return !std::isnan(x.values[row]); });
    if (known) out.rows.push_back(row);
  }
  for (const measures::Indicator& indicator : all.values) {
    measures::Indicator one{{}, indicator.cost};
    for (const std::uint32_t row : out.rows) one.values.push_back(indicator.values[row]);
    out.indicators.push_back(std::move(one));
  }
  return out;
}

/// Kernels know indicators by position: puts the name, and the group, into their message.
[[noreturn]] void blame(const core::Error& error, const std::vector<std::string>& names, const std::string& group) {
  constexpr std::string_view head = "indicator ";
  std::string message = error.message();
  std::string word;
  if (core::starts_with(message, head)) {
    std::size_t end = 0;
    const std::size_t j = std::stoul(message.substr(head.size()), &end);
    word = names.at(j - 1);
    message = "indicator '" + word + "'" + message.substr(head.size() + end);
  }
  core::Error better(message + (group.empty() ? "" : " (" + group + ")"));
  if (!word.empty()) better.word(word);
  for (const std::string& hint : error.hints()) better.hint(hint);
  throw core::Error(std::move(better));
}

/// The report of an index: group → indicator → statistic with by=, else indicator → statistic; `extra` beside them.
struct IndexReport {
  std::string title;
  std::string done;  ///< to the indicators, for the note on pooling
  std::vector<std::string> notes;
  std::vector<std::vector<Statistics>> statistics;                                   // group, indicator
  std::vector<std::vector<std::pair<std::string, double>>> extra = {};               // group
  std::vector<std::vector<std::pair<std::string, std::vector<double>>>> lists = {};  // group
};

/// Pushes a table of what one group has; gives its field names.
std::vector<std::string> push_group(lua_State* L, const IndexReport& r, std::size_t g,
                                    const std::vector<std::string>& indicators) {
  std::vector<std::string> names = indicators;
  lua_newtable(L);
  for (std::size_t j = 0; j < indicators.size(); ++j) {
    std::vector<std::pair<std::string, double>> fields;
    for (const Statistic& s : r.statistics[g][j]) fields.emplace_back(s.field, s.value);
    push_fields(L, fields, "statistic");
    lua_setfield(L, -2, indicators[j].c_str());
  }
  if (!r.extra.empty())
    for (const auto& [name, value] : r.extra[g]) {
      lua_pushnumber(L, value);
      lua_setfield(L, -2, name.c_str());
      names.push_back(name);
    }
  if (!r.lists.empty())
    for (const auto& [name, values] : r.lists[g]) {
      push_number_list(L, values);
      lua_setfield(L, -2, name.c_str());
      names.push_back(name);
    }
  return names;
}

data::Frame report_frame(const IndexReport& r, const MeasureGroups& groups,
                         const std::vector<std::string>& indicators) {
  std::vector<std::uint32_t> group_of;
  std::vector<std::string> names;
  for (std::size_t g = 0; g < r.statistics.size(); ++g)
    for (const std::string& name : indicators) {
      group_of.push_back(static_cast<std::uint32_t>(g));
      names.push_back(name);
    }
  data::Frame frame = groups.given() ? groups.keys.take(group_of) : data::Frame();
  frame = frame.with("indicator", data::Column::texts(names));
  for (std::size_t s = 0; s < r.statistics[0][0].size(); ++s) {
    std::vector<double> values;
    for (const auto& group : r.statistics)
      for (const Statistics& one : group) values.push_back(one[s].value);
    frame = frame.with(r.statistics[0][0][s].field, data::Column::reals(std::move(values)));
  }
  return frame;
}

int push_index(lua_State* L, const Arguments& a, const IndexReport& r, const MeasureGroups& groups,
               const std::vector<std::string>& indicators) {
  report::Table table;
  table.title = r.title;
  table.notes = r.notes;
  std::vector<std::string> heads = {"Indicator"};
  for (const Statistic& s : r.statistics[0][0]) heads.push_back(s.head);
  table.header.push_back(header_row(heads));
  for (std::size_t g = 0; g < r.statistics.size(); ++g)
    for (std::size_t j = 0; j < indicators.size(); ++j) {
      std::vector<std::string> cells = {groups.given() ? groups.names[g] + ": " + indicators[j] : indicators[j]};
      for (const Statistic& s : r.statistics[g][j]) cells.push_back(statistic_text(s.value));
      report::Row row = text_row(cells);
      row.rule_above = g > 0 && j == 0;
      table.body.push_back(std::move(row));
    }
  if (a.has("file")) report::save(table, a.text("file"));
  std::vector<std::string> names;
  if (groups.given()) {
    lua_newtable(L);
    for (std::size_t g = 0; g < r.statistics.size(); ++g) {
      std::vector<std::string> fields = push_group(L, r, g, indicators);
      seal_named(L, std::move(fields), "field");
      lua_setfield(L, -2, groups.names[g].c_str());
    }
    names = groups.names;
  } else {
    names = push_group(L, r, 0, indicators);
  }
  push_frame(L, report_frame(r, groups, indicators));
  lua_setfield(L, -2, "frame");
  seal_reported(L, std::move(table), names, groups.given() ? "group" : "field");
  return 1;
}

/// `what` was done to the indicators: "Scaled and weighted".
std::string pooling_note(const std::string& what, const MeasureGroups& groups, std::size_t rows) {
  if (groups.given()) return what + " within each " + core::join(groups.columns, ", ");
  return what + " over all " + core::counted(static_cast<long long>(rows), "row") +
         " together (pooled); by= does it within groups";
}

/// What is common to the three commands: groups, complete rows, the new column.
template <class Make>
int index_command(lua_State* L, Arguments& a, const std::string& fallback, IndexReport report, const Make& make) {
  const MeasureRows rows = measure_rows(a);
  const Indicators indicators = indicators_of(a, rows);
  const MeasureGroups groups = measure_groups(a, rows.frame);
  const std::string name = a.text("name", fallback);
  NewColumns columns(a, rows);
  columns.claim(name);
  std::vector<double> values(rows.frame.rows(), std::nan(""));
  std::size_t used = 0;
  for (std::size_t g = 0; g < groups.rows.size(); ++g) {
    core::poll();
    const Complete complete = complete_rows(indicators, groups.rows[g]);
    used += complete.rows.size();
    try {
      make(complete, indicators.names, report, values);
    } catch (const core::Error& error) {
      blame(error, indicators.names, groups.names[g]);
    }
  }
  report.notes.insert(report.notes.begin(), pooling_note(report.done, groups, used));
  note_left_out(rows.frame.rows() - used, report.notes,
                "with a missing indicator" + std::string(groups.given() ? " or group" : ""));
  columns.add(name, values, report.title);
  columns.store();
  return push_index(L, a, report, groups, indicators.names);
}

int entropy_index(lua_State* L, Arguments& a) {
  const double shift = a.number("shift", 0);
  IndexReport report{"Entropy-weight index", "Scaled and weighted", {}, {}};
  report.notes.push_back(shift > 0 ? "Scaled to [0, 1], plus " + core::shortest(shift) + "; -: less is better"
                                   : "Scaled to [0, 1], with 0 ln 0 = 0 (shift = 0); -: less is better");
  return index_command(
      L, a, "entropy_index", std::move(report),
      [&](const Complete& c, const std::vector<std::string>&, IndexReport& r, std::vector<double>& values) {
        const measures::EntropyWeights e = measures::entropy_weights(c.indicators, shift);
        r.statistics.emplace_back();
        for (std::size_t j = 0; j < e.weights.size(); ++j)
          r.statistics.back().push_back({{"direction", "Direction", c.indicators[j].cost ? -1.0 : 1.0},
                                         {"entropy", "Entropy", e.entropy[j]},
                                         {"utility", "1 - entropy", e.utility[j]},
                                         {"weight", "Weight", e.weights[j]}});
        for (std::size_t i = 0; i < c.rows.size(); ++i) values[c.rows[i]] = e.score[i];
      });
}

int topsis(lua_State* L, Arguments& a) {
  const std::string scheme = a.has("importance") ? "given" : a.text("scheme", "entropy");
  if (a.has("importance") && a.has("scheme"))
    throw core::Error("importance= gives the weights, scheme= makes them: give one of them").word("scheme");
  const bool vector = a.text("scale", "vector") == "vector";
  const double shift = a.number("shift", 0);
  IndexReport report{"TOPSIS index", "Scaled and weighted", {}, {}};
  report.notes.push_back(
      "Weights: " +
      (scheme == "entropy" ? "entropy of min-max scaled values, shift = " + core::shortest(shift) : scheme) +
      "; values scaled by " + (vector ? "the root of their sum of squares" : "minimum and maximum") +
      "; -: less is better");
  return index_command(
      L, a, "topsis", std::move(report),
      [&](const Complete& c, const std::vector<std::string>&, IndexReport& r, std::vector<double>& values) {
        const std::size_t k = c.indicators.size();
        const std::vector<double> weights = scheme == "given" ? importance_of(a, k, "indicator")
                                            : scheme == "entropy"
                                                ? measures::entropy_weights(c.indicators, shift).weights
                                                : std::vector<double>(k, 1 / static_cast<double>(k));
        const measures::Topsis t = measures::topsis(
            c.indicators, weights, vector ? measures::TopsisScale::vector : measures::TopsisScale::min_max);
        r.statistics.emplace_back();
        for (std::size_t j = 0; j < k; ++j)
          r.statistics.back().push_back({{"direction", "Direction", c.indicators[j].cost ? -1.0 : 1.0},
                                         {"weight", "Weight", weights[j]},
                                         {"best", "Ideal", t.best[j]},
                                         {"worst", "Anti-ideal", t.worst[j]}});
        for (std::size_t i = 0; i < c.rows.size(); ++i) values[c.rows[i]] = t.closeness[i];
      });
}

std::size_t components_of(const Arguments& a, const measures::PrincipalComponents& p) {
  const auto k = static_cast<std::size_t>(p.eigenvalues.size());
  if (a.has("components") && a.text("components") == "kaiser") {
    std::size_t count = 0;
    while (count < k && p.eigenvalues[static_cast<numerics::Index>(count)] > 1) ++count;
    return std::max<std::size_t>(count, 1);
  }
  const auto count = static_cast<std::size_t>(a.integer("components", 1));
  if (count > k)
    throw core::Error(core::counted(static_cast<long long>(k), "indicator") + " have no " + std::to_string(count) +
                      " components")
        .word("components");
  return count;
}

int pca_index(lua_State* L, Arguments& a) {
  const bool correlation = a.text("matrix", "correlation") == "correlation";
  if (correlation == false && a.has("components") && a.text("components") == "kaiser")
    throw core::Error("eigenvalues above 1 mean something for the correlation matrix only").word("components");
  IndexReport report{"Principal-component index", "Components taken", {}, {}};
  report.notes.push_back("Components of the " + std::string(correlation ? "correlation" : "covariance") +
                         " matrix; each points where the loadings sum to a positive number");
  return index_command(
      L, a, "pca_index", std::move(report),
      [&](const Complete& c, const std::vector<std::string>&, IndexReport& r, std::vector<double>& values) {
        std::vector<std::vector<double>> columns;
        for (const measures::Indicator& indicator : c.indicators) {
          columns.push_back(indicator.values);
          if (indicator.cost)
            for (double& x : columns.back()) x = -x;
        }
        const measures::PrincipalComponents p = measures::principal_components(columns, correlation);
        const std::size_t kept = components_of(a, p);
        const double share = p.shares.head(static_cast<numerics::Index>(kept)).sum();
        r.statistics.emplace_back();
        for (std::size_t j = 0; j < columns.size(); ++j) {
          Statistics s = {{"direction", "Direction", c.indicators[j].cost ? -1.0 : 1.0}};
          for (std::size_t m = 0; m < kept; ++m)
            s.push_back({"pc" + std::to_string(m + 1), "PC" + std::to_string(m + 1),
                         p.loadings(static_cast<numerics::Index>(j), static_cast<numerics::Index>(m))});
          s.push_back({"msa", "KMO", p.msa[j]});
          r.statistics.back().push_back(std::move(s));
        }
        std::vector<std::string> eigenvalues;
        for (const double value : p.eigenvalues) eigenvalues.push_back(core::significant(value, 4));
        r.notes.push_back("Eigenvalues " + core::join(eigenvalues, ", ") + "; the index holds " +
                          core::fixed(100 * share, 1) + "% of the variance in " +
                          core::counted(static_cast<long long>(kept), "component"));
        r.notes.push_back("KMO = " + core::fixed(p.kmo, 3) + "; Bartlett chi2(" + core::shortest(p.bartlett_df) +
                          ") = " + core::fixed(p.bartlett, 2) + ", p = " + p_value_text(p.bartlett_p));
        r.extra.push_back({{"kmo", p.kmo},
                           {"bartlett", p.bartlett},
                           {"bartlett_df", p.bartlett_df},
                           {"bartlett_p", p.bartlett_p},
                           {"n", static_cast<double>(c.rows.size())}});
        r.lists.push_back({{"eigenvalues", {p.eigenvalues.begin(), p.eigenvalues.end()}},
                           {"shares", {p.shares.begin(), p.shares.end()}}});
        for (std::size_t i = 0; i < c.rows.size(); ++i) {
          double index = 0;
          for (std::size_t m = 0; m < kept; ++m) {
            const auto column = static_cast<numerics::Index>(m);
            index += p.shares[column] / share * p.scores(static_cast<numerics::Index>(i), column);
          }
          values[c.rows[i]] = index;
        }
      });
}

}  // namespace

void add_index_commands(Registry& registry) {
  const core::ArgSpec indicators{.name = "indicators",
                                 .kind = Kind::expression,
                                 .doc = "columns or expressions; -x: less is better",
                                 .repeated = true};
  const core::OptionSpec cost{
      .name = "cost", .kind = Kind::columns, .doc = "further indicators of which less is better", .default_text = {}};
  const core::OptionSpec by = by_option("scale and weigh within each of these, usually the year; else over all rows");
  const core::OptionSpec shift{.name = "shift",
                               .kind = Kind::number,
                               .doc = "added to every scaled value before the entropy; 1e-4 is a common choice",
                               .default_text = "0",
                               .min = 0,
                               .max = 1};
  registry.add(
      {{.name = "entropy_index",
        .topic = "measures",
        .summary = "Index of several indicators, weighted by their entropy",
        .args = {indicators},
        .options = {cost, by, shift, name_option("the new column", "entropy_index"), replace_option(), file_option()},
        .source = "Shannon (1948); Zeleny (1982), Multiple Criteria Decision Making",
        .example = "entropy_index(broadband, mobile, -price, name=\"digital\")"},
       entropy_index});
  registry.add({{.name = "topsis",
                 .topic = "measures",
                 .summary = "Closeness of each row to the ideal (TOPSIS)",
                 .args = {indicators},
                 .options = {cost,
                             by,
                             {.name = "scheme",
                              .kind = Kind::text,
                              .doc = "how indicators are weighted",
                              .default_text = "entropy",
                              .one_of = {"entropy", "equal"}},
                             importance_option("weights instead, one per indicator; scaled to sum to one"),
                             {.name = "scale",
                              .kind = Kind::text,
                              .doc = "how indicators are scaled: x over the root of the sum of squares, or to [0, 1]",
                              .default_text = "vector",
                              .one_of = {"vector", "minmax"}},
                             shift,
                             name_option("the new column", "topsis"),
                             replace_option(),
                             file_option()},
                 .source = "Hwang & Yoon (1981), Multiple Attribute Decision Making",
                 .example = "topsis(broadband, mobile, -price, scheme=\"equal\")"},
                topsis});
  registry.add(
      {{.name = "pca_index",
        .topic = "measures",
        .summary = "Index of several indicators by principal components",
        .args = {indicators},
        .options = {cost,
                    by_option("components within each of these; else over all rows"),
                    {.name = "matrix",
                     .kind = Kind::text,
                     .doc = "of which matrix",
                     .default_text = "correlation",
                     .one_of = {"correlation", "covariance"}},
                    {.name = "components",
                     .kind = Kind::integer,
                     .doc = "how many make the index, weighted by their variances; \"kaiser\": eigenvalue above 1",
                     .default_text = "1",
                     .one_of = {"kaiser"},
                     .min = 1},
                    name_option("the new column", "pca_index"),
                    replace_option(),
                    file_option()},
        .source = "Hotelling (1933); Kaiser (1974), Psychometrika 39(1); Bartlett (1950)",
        .example = "pca_index(lngdp, lnforeign, lnedu, where=\"year == 2020\")"},
       pca_index});
}

}  // namespace bindings
