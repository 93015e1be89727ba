// ttest, ranksum, kstest, anova.
#include "measures/two_samples.hpp"
#include "bindings/reported.hpp"
#include "bindings/table_options.hpp"
#include "core/text.hpp"
#include "measures/anova.hpp"
#include "numerics/distributions.hpp"

#include <cmath>

namespace bindings {
namespace {

using core::Kind;

/// The values of x in the two groups of by=, in the sorted order of its values.
struct TwoGroups {
  std::string names[2];
  std::vector<double> values[2];
};

TwoGroups two_groups(const Arguments& a) {
  const data::Frame frame = a.frame();
  const std::string x = a.column_names("x").at(0), by = a.column_names("by").at(0);
  const std::vector<double> values = numbers_of(frame, x);
  const data::ColumnPtr column = frame.at(by);
  const data::Grouping groups = data::sorted(data::group(*column), *column);
  if (groups.levels() != 2)
    throw core::Error("'" + by + "' has " + core::counted(groups.levels(), "group") + "; this test compares two")
        .word(by)
        .hint("choose two with where=, or use anova");
  TwoGroups out;
  for (std::size_t g = 0; g < 2; ++g) out.names[g] = by + " = " + column->text(groups.first[g]);
  for (std::size_t row = 0; row < values.size(); ++row)
    if (groups.codes[row] >= 0) out.values[groups.codes[row]].push_back(values[row]);
  return out;
}

void add_sample(report::Table& table, const std::string& name, const measures::SampleMoments& m) {
  table.body.push_back(
      text_row({name, core::grouped(static_cast<long long>(m.n)), statistic_text(m.mean), statistic_text(m.sd)}));
}

/// Two columns and their differences on the rows where both are known.
struct Pairs {
  std::vector<double> first, second, differences;
};

Pairs known_pairs(const std::vector<double>& x, const std::vector<double>& y) {
  Pairs out;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || std::isnan(y[i])) continue;
    out.first.push_back(x[i]);
    out.second.push_back(y[i]);
    out.differences.push_back(x[i] - y[i]);
  }
  return out;
}

int ttest(lua_State* L, Arguments& a) {
  report::Table table;
  table.header.push_back(header_row({"", "N", "Mean", "Std. dev."}));
  measures::TTest t;
  if (a.has("paired")) {
    if (a.has("by") || a.has("unequal"))
      throw core::Error("paired= compares two columns row by row: by= and unequal= mean nothing beside it")
          .word("paired");
    const std::string x = a.column_names("x").at(0), y = a.column_names("paired").at(0);
    const Pairs pairs = known_pairs(numbers_of(a.frame(), x), numbers_of(a.frame(), y));
    t = measures::t_test(pairs.differences, a.number("mu", 0));
    add_sample(table, x, measures::t_test(pairs.first, 0).first);
    add_sample(table, y, measures::t_test(pairs.second, 0).first);
    add_sample(table, x + " - " + y, t.first);
    table.title = "Paired t test, H0: mean difference = " + core::shortest(a.number("mu", 0));
  } else if (a.has("by")) {
    if (a.has("mu"))
      throw core::Error("by= compares two groups, mu= one sample with a number: give one of them").word("mu");
    const TwoGroups groups = two_groups(a);
    t = measures::t_test(groups.values[0], groups.values[1], a.boolean("unequal"));
    add_sample(table, groups.names[0], t.first);
    add_sample(table, groups.names[1], t.second);
    table.title = std::string(a.boolean("unequal") ? "Welch's t test" : "Two-sample t test, equal variances");
  } else {
    const std::string x = a.column_names("x").at(0);
    t = measures::t_test(numbers_of(a.frame(), x), a.number("mu", 0));
    add_sample(table, x, t.first);
    table.title = "One-sample t test, H0: mean = " + core::shortest(a.number("mu", 0));
  }
  table.notes.push_back("Difference " + statistic_text(t.difference) + " (s.e. " + statistic_text(t.se, 5) + "), t(" +
                        core::significant(t.df, 6) + ") = " + core::fixed(t.statistic, 4) +
                        ", p = " + core::fixed(t.p, 4) + " (two-sided)");
  const double level = a.number("level", 0.95);
  const double reach = numerics::t_quantile((1 + level) / 2, t.df) * t.se;
  table.notes.push_back(core::significant(100 * level, 4) + "% interval of the difference [" +
                        statistic_text(t.difference - reach) + ", " + statistic_text(t.difference + reach) + "]");
  table.notes.push_back("H1 difference < 0: p = " + core::fixed(t.p_less, 4) +
                        "; H1 difference > 0: p = " + core::fixed(t.p_greater, 4));
  std::vector<std::pair<std::string, double>> fields = {{"statistic", t.statistic},
                                                        {"df", t.df},
                                                        {"p", t.p},
                                                        {"p_less", t.p_less},
                                                        {"p_greater", t.p_greater},
                                                        {"difference", t.difference},
                                                        {"se", t.se},
                                                        {"low", t.difference - reach},
                                                        {"high", t.difference + reach},
                                                        {"mean1", t.first.mean},
                                                        {"sd1", t.first.sd},
                                                        {"n1", t.first.n}};
  save_if_asked(a, table);
  if (t.second.n > 0) fields.insert(fields.end(), {{"mean2", t.second.mean}, {"sd2", t.second.sd}, {"n2", t.second.n}});
  lua_newtable(L);
  std::vector<std::string> names;
  for (const auto& [name, value] : fields) {
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name.c_str());
    names.push_back(name);
  }
  seal_reported(L, std::move(table), names, "field");
  return 1;
}

/// statistic, p and the sizes, shown in one line.
int push_short(lua_State* L, const std::string& shown, const std::vector<std::pair<std::string, double>>& fields) {
  lua_newtable(L);
  std::vector<std::string> names;
  for (const auto& [name, value] : fields) {
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name.c_str());
    names.push_back(name);
  }
  seal_named(L, names, "field", shown);
  return 1;
}

int ranksum(lua_State* L, Arguments& a) {
  const TwoGroups groups = two_groups(a);
  const measures::RankTest t = measures::rank_sum_test(groups.values[0], groups.values[1]);
  return push_short(L,
                    "Wilcoxon rank-sum test, " + groups.names[0] + " (" + core::shortest(t.n_first) + ") against " +
                        groups.names[1] + " (" + core::shortest(t.n_second) + "): W = " + core::shortest(t.statistic) +
                        ", z = " + core::fixed(t.z, 4) + ", p = " + core::fixed(t.p, 4) +
                        " (normal approximation, continuity correction)",
                    {{"statistic", t.statistic}, {"z", t.z}, {"p", t.p}, {"n1", t.n_first}, {"n2", t.n_second}});
}

int kstest(lua_State* L, Arguments& a) {
  const TwoGroups groups = two_groups(a);
  const measures::DistanceTest t = measures::kolmogorov_smirnov_test(groups.values[0], groups.values[1]);
  return push_short(L,
                    "Kolmogorov-Smirnov test, " + groups.names[0] + " (" + core::shortest(t.n_first) + ") against " +
                        groups.names[1] + " (" + core::shortest(t.n_second) + "): D = " +
                        core::significant(t.statistic, 5) + ", p = " + core::fixed(t.p, 4) + " (asymptotic)",
                    {{"statistic", t.statistic}, {"p", t.p}, {"n1", t.n_first}, {"n2", t.n_second}});
}

int anova(lua_State* L, Arguments& a) {
  const data::Frame frame = a.frame();
  const std::string x = a.column_names("x").at(0), by = a.column_names("by").at(0);
  const measures::Anova r = measures::anova(numbers_of(frame, x), data::group(*frame.at(by)));
  report::Table table;
  table.title = "One-way analysis of variance of " + x + " by " + by;
  table.header.push_back(header_row({"Source", "Sum of squares", "df", "Mean square", "F", "p"}));
  table.body.push_back(
      text_row({"Between groups", statistic_text(r.between_ss), statistic_text(r.df_between),
                statistic_text(r.between_ss / r.df_between), core::fixed(r.F, 4), core::fixed(r.p, 4)}));
  table.body.push_back(text_row({"Within groups", statistic_text(r.within_ss), statistic_text(r.df_within),
                                 statistic_text(r.within_ss / r.df_within), "", ""}));
  table.notes.push_back("N = " + statistic_text(r.n) + ", R² = " + core::fixed(r.r2, 4) +
                        ", root MSE = " + statistic_text(r.root_mse));
  save_if_asked(a, table);
  lua_newtable(L);
  std::vector<std::string> names;
  for (const auto& [name, value] : std::vector<std::pair<std::string, double>>{{"F", r.F},
                                                                               {"p", r.p},
                                                                               {"df_between", r.df_between},
                                                                               {"df_within", r.df_within},
                                                                               {"between_ss", r.between_ss},
                                                                               {"within_ss", r.within_ss},
                                                                               {"r2", r.r2},
                                                                               {"root_mse", r.root_mse},
                                                                               {"N", r.n}}) {
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name.c_str());
    names.push_back(name);
  }
  seal_reported(L, std::move(table), names, "field");
  return 1;
}

}  // namespace

void add_two_sample_commands(Registry& registry) {
  const std::vector<core::OptionSpec> files = file_options();
  const core::ArgSpec x{.name = "x", .kind = Kind::column, .doc = "numeric column"};
  const core::ArgSpec groups{.name = "by", .kind = Kind::column, .doc = "the groups"};
  std::vector<core::OptionSpec> of_ttest = {
      {.name = groups.name, .kind = groups.kind, .doc = groups.doc, .default_text = {}},
      {.name = "unequal", .kind = Kind::boolean, .doc = "Welch's test: variances may differ", .default_text = "false"},
      {.name = "paired", .kind = Kind::column, .doc = "another column, compared row by row", .default_text = {}},
      {.name = "mu",
       .kind = Kind::number,
       .doc = "the mean (of the differences) under H0, for one sample or pairs",
       .default_text = "0"},
      {.name = "level",
       .kind = Kind::number,
       .doc = "of the interval",
       .default_text = "0.95",
       .min = 0.5,
       .max = 0.9999}};
  of_ttest.insert(of_ttest.end(), files.begin(), files.end());
  registry.add({{.name = "ttest",
                 .topic = "statistics",
                 .summary = "t test of two groups, or of one mean against a number",
                 .args = {x},
                 .options = of_ttest,
                 .source = "Student (1908); Welch (1947)",
                 .example = "ttest(ser, by=treat, unequal=true)"},
                ttest});
  const auto add = [&](const char* name, const char* summary, const char* source, const char* group, auto run,
                       const std::vector<core::OptionSpec>& options = {}) {
    registry.add({{.name = name,
                   .topic = "statistics",
                   .summary = summary,
                   .args = {x, groups},
                   .options = options,
                   .source = source,
                   .example = std::string(name) + "(ser, by=" + group + ")"},
                  run});
  };
  add("ranksum", "Wilcoxon rank-sum (Mann-Whitney) test of two groups", "Wilcoxon (1945)", "treat", ranksum);
  add("kstest", "Kolmogorov-Smirnov test that two groups have one distribution", "Smirnov (1948)", "treat", kstest);
  add("anova", "One-way analysis of variance", "Fisher (1925)", "province", anova, files);
}

}  // namespace bindings
