// gini, dagum, theil, atkinson, cv, percentile_ratio, inequality.
#include "measures/inequality.hpp"
#include "bindings/measures.hpp"
#include "core/text.hpp"
#include "measures/gini.hpp"

#include <cmath>

namespace bindings {
namespace {

using core::Kind;
using measures::Domain;
using measures::Values;

/// Everything a measure of a distribution starts with.
struct Call {
  MeasureRows rows;
  MeasureGroups groups;
  MeasureInput input;
  std::vector<std::string> notes;

  explicit Call(const Arguments& a)
      : rows(measure_rows(a)), groups(measure_groups(a, rows.frame)), input(measure_input(a, rows)) {
    if (a.has("name")) NewColumns(a, rows).claim(a.text("name"));
  }

  /// Calls make(values) for each group and pushes the report.
  template <class Make>
  int push(lua_State* L, const Arguments& a, Domain domain, const std::string& title, const Make& make) {
    std::vector<Statistics> statistics;
    std::size_t left_out = 0;
    for (const auto& group : groups.rows) {
      const Values values = group_values(input, rows, group, domain);
      left_out += values.left_out;
      statistics.push_back(make(values));
    }
    note_left_out(left_out, notes, input.weights.empty() ? "without a value" : "without a value or a weight");
    push_by_groups(L, a, rows, groups, title + " of " + input.text, input.text, statistics, notes);
    return 1;
  }
};

/// The values of each level of groups= among the rows of one group of by=; levels without a value are left out.
struct Split {
  std::vector<std::string> names;
  std::vector<Values> values;
  std::size_t left_out = 0;
};
Split split(const Call& call, const MeasureGroups& levels, const std::vector<std::uint32_t>& rows, Domain domain) {
  std::vector<std::int64_t> level(call.rows.frame.rows(), -1);
  for (std::size_t g = 0; g < levels.rows.size(); ++g)
    for (const std::uint32_t row : levels.rows[g]) level[row] = static_cast<std::int64_t>(g);
  std::vector<std::vector<std::uint32_t>> of(levels.rows.size());
  Split out;
  for (const std::uint32_t row : rows) {
    if (level[row] >= 0) {
      of[static_cast<std::size_t>(level[row])].push_back(row);
    } else {
      ++out.left_out;
    }
  }
  for (std::size_t g = 0; g < of.size(); ++g) {
    Values values = group_values(call.input, call.rows, of[g], domain);
    out.left_out += values.left_out;
    if (values.size() == 0) continue;
    out.names.push_back(levels.names[g]);
    out.values.push_back(std::move(values));
  }
  if (out.values.empty()) throw core::Error("no row has both a value and a group");
  return out;
}

measures::GiniOptions gini_options(const Arguments& a) {
  measures::GiniOptions options;
  options.corrected = a.boolean("corrected");
  const std::string se = a.text("se", "none");
  options.error = se == "jackknife"   ? measures::GiniError::jackknife
                  : se == "influence" ? measures::GiniError::influence
                                      : measures::GiniError::none;
  return options;
}

int gini(lua_State* L, Arguments& a) {
  Call call(a);
  const measures::GiniOptions options = gini_options(a);
  if (options.corrected) call.notes.emplace_back("Times n/(n - 1)");
  if (a.has("groups")) {
    if (options.corrected || options.error != measures::GiniError::none)
      throw core::Error("the decomposition has no standard error and no n/(n - 1)")
          .word("groups")
          .hint("ask for them without groups=");
    const MeasureGroups levels = measure_groups(a, call.rows.frame, "groups");
    std::vector<Statistics> statistics;
    std::size_t left_out = 0;
    for (const auto& rows : call.groups.rows) {
      const Split s = split(call, levels, rows, Domain::nonnegative);
      left_out += s.left_out;
      const measures::GiniGroups g = measures::gini_groups(s.values);
      statistics.push_back({{"gini", "Gini", g.total},
                            {"within", "Within", g.within},
                            {"between", "Between", g.between},
                            {"overlap", "Overlap", g.overlap},
                            {"groups", "Groups", static_cast<double>(s.values.size())}});
    }
    note_left_out(left_out, call.notes, "without a value or a group");
    call.notes.push_back("Groups: " + core::join(levels.columns, ", ") +
                         ". Gini = within + between (of group means) + overlap");
    push_by_groups(L, a, call.rows, call.groups, "Decomposition of the Gini coefficient of " + call.input.text,
                   call.input.text, statistics, call.notes);
    return 1;
  }
  if (options.error == measures::GiniError::jackknife) call.notes.emplace_back("Standard error: jackknife");
  if (options.error == measures::GiniError::influence)
    call.notes.emplace_back("Standard error: influence function (linearised)");
  return call.push(L, a, Domain::nonnegative, "Gini coefficient", [&](const Values& values) {
    const measures::Gini g = measures::gini(values, options);
    Statistics s = {{"gini", "Gini", g.gini}};
    if (options.error != measures::GiniError::none) s.push_back({"se", "Std. error", g.se});
    s.push_back({"mean", "Mean", g.mean});
    s.push_back({"n", "N", g.n});
    return s;
  });
}

int dagum(lua_State* L, Arguments& a) {
  Call call(a);
  const MeasureGroups levels = measure_groups(a, call.rows.frame, "groups");
  std::vector<Statistics> statistics;
  std::size_t left_out = 0;
  for (const auto& rows : call.groups.rows) {
    const Split s = split(call, levels, rows, Domain::nonnegative);
    left_out += s.left_out;
    const measures::GiniGroups g = measures::gini_groups(s.values);
    Statistics one = {{"gini", "G", g.total},
                      {"within", "Gw", g.within},
                      {"net_between", "Gnb", g.between},
                      {"transvariation", "Gt", g.overlap},
                      {"share_within", "Gw %", 100 * g.within / g.total},
                      {"share_net_between", "Gnb %", 100 * g.between / g.total},
                      {"share_transvariation", "Gt %", 100 * g.overlap / g.total}};
    // Every group of by= has the same fields, also where a level is absent.
    for (std::size_t i = 0; i < levels.names.size(); ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        const auto place = [&](std::size_t k) {
          for (std::size_t p = 0; p < s.names.size(); ++p)
            if (s.names[p] == levels.names[k]) return static_cast<numerics::Index>(p);
          return numerics::Index{-1};
        };
        const numerics::Index pi = place(i), pj = place(j);
        const std::string name = i == j ? levels.names[i] : levels.names[j] + ":" + levels.names[i];
        one.push_back({name, name, pi < 0 || pj < 0 ? std::nan("") : g.pairs(pi, pj)});
      }
    statistics.push_back(std::move(one));
  }
  note_left_out(left_out, call.notes, "without a value or a group");
  call.notes.push_back(
      "G = Gw (within) + Gnb (net between) + Gt (transvariation). A group's name heads its own Gini, A:B that between "
      "two groups");
  push_by_groups(L, a, call.rows, call.groups, "Dagum's decomposition of the Gini coefficient of " + call.input.text,
                 call.input.text, statistics, call.notes);
  return 1;
}

int theil(lua_State* L, Arguments& a) {
  Call call(a);
  if (a.has("groups")) {
    const MeasureGroups levels = measure_groups(a, call.rows.frame, "groups");
    std::vector<Statistics> statistics;
    std::size_t left_out = 0;
    for (const auto& rows : call.groups.rows) {
      const Split s = split(call, levels, rows, Domain::nonnegative);
      left_out += s.left_out;
      const measures::TheilGroups t = measures::theil_groups(s.values);
      statistics.push_back({{"T", "T", t.total.T},
                            {"T_within", "within", t.within.T},
                            {"T_between", "between", t.between.T},
                            {"L", "L", t.total.L},
                            {"L_within", "within", t.within.L},
                            {"L_between", "between", t.between.L},
                            {"groups", "Groups", static_cast<double>(s.values.size())}});
    }
    note_left_out(left_out, call.notes, "without a value or a group");
    call.notes.push_back("Groups: " + core::join(levels.columns, ", "));
    push_by_groups(L, a, call.rows, call.groups, "Decomposition of Theil's indices of " + call.input.text,
                   call.input.text, statistics, call.notes);
    return 1;
  }
  return call.push(L, a, Domain::nonnegative, "Theil's indices", [&](const Values& values) {
    const measures::Theil t = measures::theil(values);
    if (std::isnan(t.L) && !std::isnan(t.T) && call.notes.empty())
      call.notes.emplace_back("L is missing where a value is zero");
    return Statistics{{"T", "T", t.T}, {"L", "L", t.L}, {"n", "N", t.n}};
  });
}

int atkinson(lua_State* L, Arguments& a) {
  Call call(a);
  const double epsilon = a.number("epsilon", 0.5);
  call.notes.push_back("Aversion to inequality: epsilon = " + core::shortest(epsilon));
  return call.push(L, a, Domain::nonnegative, "Atkinson index", [&](const Values& values) {
    return Statistics{{"atkinson", "Atkinson", measures::atkinson(values, epsilon)}, {"n", "N", values.count()}};
  });
}

int cv(lua_State* L, Arguments& a) {
  Call call(a);
  const bool population = a.boolean("population");
  if (population) call.notes.emplace_back("The variance divides by n");
  return call.push(L, a, Domain::any, "Coefficient of variation", [&](const Values& values) {
    const measures::Description d = measures::describe_values(values, {});
    return Statistics{{"cv", "CV", measures::variation(values, population)},
                      {"mean", "Mean", d.mean},
                      {"sd", "Std. dev.", d.sd},
                      {"n", "N", d.n}};
  });
}

struct Ratio {
  std::string field;
  double above, below;
};

/// "90/10" → p90_p10.
std::vector<Ratio> ratios_of(const Arguments& a) {
  std::vector<Ratio> out;
  std::vector<std::string> words;
  for (const std::string& text : a.has("ratios") ? a.texts("ratios") : std::vector<std::string>{"90/10 90/50 50/10"})
    for (const std::string& word : core::split(text, ' '))
      if (!word.empty()) words.push_back(word);
  for (const std::string& word : words) {
    const std::vector<std::string> parts = core::split(word, '/');
    double value[2] = {-1, -1};
    for (std::size_t i = 0; parts.size() == 2 && i < 2; ++i) {
      char* end = nullptr;
      value[i] = std::strtod(parts[i].c_str(), &end);
      if (end == parts[i].c_str() || *end != '\0') value[i] = -1;
    }
    if (!(value[0] > 0 && value[0] < 100 && value[1] > 0 && value[1] < 100))
      throw core::Error("'" + word + "' is no ratio of percentiles").word(word).hint("ratios=\"90/10 75/25\"");
    out.push_back({"p" + core::shortest(value[0]) + "_p" + core::shortest(value[1]), value[0], value[1]});
  }
  if (out.empty()) throw core::Error("no ratio was named").word("ratios").hint("ratios=\"90/10 75/25\"");
  return out;
}

Statistics ratio_statistics(const Values& values, const std::vector<Ratio>& ratios) {
  std::vector<double> percents;
  for (const Ratio& r : ratios) percents.insert(percents.end(), {r.above, r.below});
  const measures::Description d = measures::describe_values(values, percents);
  Statistics out;
  for (std::size_t i = 0; i < ratios.size(); ++i) {
    const double below = d.percentiles[2 * i + 1];
    out.push_back({ratios[i].field, "p" + core::shortest(ratios[i].above) + "/p" + core::shortest(ratios[i].below),
                   below > 0 ? d.percentiles[2 * i] / below : std::nan("")});
  }
  return out;
}

int percentile_ratio(lua_State* L, Arguments& a) {
  Call call(a);
  const std::vector<Ratio> ratios = ratios_of(a);
  call.notes.emplace_back("Percentiles: type 2 of Hyndman & Fan (Stata's)");
  return call.push(L, a, Domain::nonnegative, "Percentile ratios", [&](const Values& values) {
    Statistics s = ratio_statistics(values, ratios);
    s.push_back({"n", "N", values.count()});
    return s;
  });
}

int inequality(lua_State* L, Arguments& a) {
  Call call(a);
  call.notes.emplace_back("Percentiles: type 2 of Hyndman & Fan (Stata's); CV with n - 1");
  return call.push(L, a, Domain::nonnegative, "Inequality", [&](const Values& values) {
    const measures::Theil t = measures::theil(values);
    Statistics s = {{"gini", "Gini", measures::gini(values).gini},
                    {"theil_T", "Theil T", t.T},
                    {"theil_L", "Theil L", t.L},
                    {"atkinson_05", "Atk. 0.5", measures::atkinson(values, 0.5)},
                    {"atkinson_1", "Atk. 1", measures::atkinson(values, 1)},
                    {"cv", "CV", measures::variation(values, false)}};
    for (Statistic& r : ratio_statistics(values, {{"p90_p10", 90, 10}})) s.push_back(std::move(r));
    s.push_back({"n", "N", values.count()});
    return s;
  });
}

}  // namespace

void add_inequality_commands(Registry& registry) {
  const core::ArgSpec x{.name = "x", .kind = Kind::expression, .doc = "non-negative values: a column or an expression"};
  const core::OptionSpec name = name_option("also make a column of each group's number");
  const std::vector<core::OptionSpec> shared = {by_option(), weights_option(), name, replace_option(), file_option()};
  const auto with = [&](std::vector<core::OptionSpec> own) {
    own.insert(own.end(), shared.begin(), shared.end());
    return own;
  };
  const core::OptionSpec groups{.name = "groups",
                                .kind = Kind::columns,
                                .doc = "decompose into what is within and between these groups",
                                .default_text = {}};
  registry.add({{.name = "gini",
                 .topic = "measures",
                 .summary = "Gini coefficient, by groups, with a standard error or decomposed",
                 .args = {x},
                 .options = with(
                     {groups,
                      {.name = "se",
                       .kind = Kind::text,
                       .doc = "standard error: leave-one-out, or linearised",
                       .default_text = "none",
                       .one_of = {"none", "jackknife", "influence"}},
                      {.name = "corrected", .kind = Kind::boolean, .doc = "times n/(n - 1)", .default_text = "false"}}),
                 .source = "Gini (1912); Lambert & Aronson (1993), Economic Journal 103",
                 .example = "gini(income, by=year, weights=aw(pop), se=\"jackknife\")"},
                gini});
  registry.add({{.name = "dagum",
                 .topic = "measures",
                 .summary = "Dagum's decomposition of the Gini coefficient, with the Ginis within and between groups",
                 .args = {x, {.name = "groups", .kind = Kind::columns, .doc = "the groups"}},
                 .options = shared,
                 .source = "Dagum (1997), Empirical Economics 22",
                 .example = "dagum(ser, province, by=year)"},
                dagum});
  registry.add({{.name = "theil",
                 .topic = "measures",
                 .summary = "Theil's T and L indices, by groups or decomposed",
                 .args = {x},
                 .options = with({groups}),
                 .source = "Theil (1967); Shorrocks (1980), Econometrica 48(3)",
                 .example = "theil(income, groups=province, by=year)"},
                theil});
  registry.add({{.name = "atkinson",
                 .topic = "measures",
                 .summary = "Atkinson's index of inequality",
                 .args = {x},
                 .options = with({{.name = "epsilon",
                                   .kind = Kind::number,
                                   .doc = "aversion to inequality, positive",
                                   .default_text = "0.5",
                                   .min = 1e-6,
                                   .max = 100}}),
                 .source = "Atkinson (1970), Journal of Economic Theory 2(3)",
                 .example = "atkinson(income, epsilon=1, by=year)"},
                atkinson});
  registry.add(
      {{.name = "cv",
        .topic = "measures",
        .summary = "Coefficient of variation",
        .args = {{.name = "x", .kind = Kind::expression, .doc = "values: a column or an expression"}},
        .options = with(
            {{.name = "population", .kind = Kind::boolean, .doc = "divide by n, not n - 1", .default_text = "false"}}),
        .example = "cv(income, by=year)"},
       cv});
  registry.add({{.name = "percentile_ratio",
                 .topic = "measures",
                 .summary = "Ratios of percentiles, such as p90/p10",
                 .args = {x},
                 .options = with({{.name = "ratios",
                                   .kind = Kind::texts,
                                   .doc = "which ones, as \"90/10 75/25\"",
                                   .default_text = "90/10 90/50 50/10"}}),
                 .example = "percentile_ratio(income, ratios=\"90/10\", by=year)"},
                percentile_ratio});
  registry.add({{.name = "inequality",
                 .topic = "measures",
                 .summary = "The usual measures of inequality in one table",
                 .args = {x},
                 .options = shared,
                 .example = "inequality(income, by=year)"},
                inequality});
}

}  // namespace bindings
