// spatial_markov(y, W): transitions between classes, given the class of the neighbours.
#include "bindings/open.hpp"
#include "bindings/spatial.hpp"
#include "core/text.hpp"
#include "spatial/breaks.hpp"
#include "spatial/markov.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;
using spatial::Index;
using spatial::Matrix;
using spatial::Vector;

/// Class by cut points (from, to], without outer limits: lags may lie beyond the values themselves.
std::vector<int> classes_of(const Vector& x, const std::vector<double>& cuts) {
  std::vector<int> out;
  for (const double v : x)
    out.push_back(static_cast<int>(std::lower_bound(cuts.begin(), cuts.end(), v) - cuts.begin()));
  return out;
}

/// Inner limits of k classes with as many values each, over all periods.
std::vector<double> quantile_cuts(const std::vector<Vector>& periods, int k) {
  std::vector<double> all;
  for (const Vector& x : periods) all.insert(all.end(), x.begin(), x.end());
  const std::vector<double> at = spatial::breaks(all, "quantile", k).at;
  return {at.begin() + 1, at.end() - 1};
}

void add_matrix(report::Table& table, const std::string& name, const Matrix& P, const Matrix& counts,
                const Vector& ergodic) {
  const Index k = P.rows();
  for (Index i = 0; i < k; ++i) {
    std::vector<std::string> cells = {i == 0 ? name : "", std::to_string(i + 1), core::shortest(counts.row(i).sum())};
    for (Index j = 0; j < k; ++j) cells.push_back(counts.row(i).sum() > 0 ? core::fixed(P(i, j), 3) : "–");
    cells.push_back(ergodic.size() ? core::fixed(ergodic[i], 3) : "–");
    table.body.push_back(text_row(cells));
    table.body.back().rule_above = i == 0 && table.body.size() > 1;
  }
}

/// {{p11, p12, …}, …}
void push_matrix(lua_State* L, const Matrix& P) {
  lua_createtable(L, static_cast<int>(P.rows()), 0);
  for (Index i = 0; i < P.rows(); ++i) {
    lua_createtable(L, static_cast<int>(P.cols()), 0);
    for (Index j = 0; j < P.cols(); ++j) {
      lua_pushnumber(L, P(i, j));
      lua_rawseti(L, -2, j + 1);
    }
    lua_rawseti(L, -2, i + 1);
  }
}

int spatial_markov(lua_State* L, Arguments& a) {
  SpatialInput in = spatial_input(a);
  if (in.periods.size() < 2)
    throw core::Error("transitions need a panel of two periods or more").hint("declare it first: panel(unit, time)");
  const bool relative = a.boolean("relative", true);
  std::vector<Vector> own, lag;
  for (const SpatialPeriod& period : in.periods) {
    Vector x = period.x;
    if (relative) {
      if (!(x.mean() > 0))
        throw core::Error("the mean of " + in.text + " in " + period.name +
                          " is not positive: nothing is relative to it")
            .hint("relative=false takes the values as they are");
      x /= x.mean();
    }
    lag.push_back(spatial::lag(*in.W, x));
    own.push_back(std::move(x));
  }
  std::vector<double> cuts = a.numbers("at");
  if (cuts.empty()) {
    cuts = quantile_cuts(own, static_cast<int>(a.integer("k", 4)));
  } else if (!std::is_sorted(cuts.begin(), cuts.end())) {
    throw core::Error("at= takes the limits between the classes in ascending order").word("at");
  }
  if (std::adjacent_find(cuts.begin(), cuts.end()) != cuts.end())
    throw core::Error("two limits between classes are the same: too many values are equal").hint("a smaller k, or at=");
  const int k = static_cast<int>(cuts.size()) + 1;
  std::vector<std::vector<int>> own_class, lag_class;
  for (std::size_t t = 0; t < own.size(); ++t) {
    own_class.push_back(classes_of(own[t], cuts));
    lag_class.push_back(classes_of(lag[t], cuts));
  }
  const spatial::Markov m = spatial::spatial_markov(own_class, lag_class, k);

  report::Table table;
  table.title = "Spatial Markov transitions of " + in.text;
  std::vector<std::string> head = {"Neighbours in class", "From", "N"};
  for (int j = 1; j <= k; ++j) head.push_back("to " + std::to_string(j));
  head.emplace_back("Long run");
  table.header.push_back(header_row(head));
  add_matrix(table, "any", m.probabilities, m.counts, m.ergodic);
  for (std::size_t l = 0; l < m.given.size(); ++l)
    add_matrix(table, std::to_string(l + 1), m.given[l], m.counts_given[l], m.ergodic_given[l]);
  std::vector<std::string> limits;
  for (const double cut : cuts) limits.push_back(core::significant(cut, 4));
  table.notes.push_back("Classes of " + in.text + (relative ? " over its mean of the period" : "") + ", limits " +
                        core::join(limits, ", "));
  table.notes.push_back("The same transitions whatever the neighbours: Q = " + core::fixed(m.Q, 3) +
                        ", p = " + core::fixed(m.Q_p, 3) + "; LR = " + core::fixed(m.LR, 3) +
                        ", p = " + core::fixed(m.LR_p, 3) + "; df " + core::shortest(m.df));
  table.notes.insert(table.notes.end(), in.notes.begin(), in.notes.end());
  lua_newtable(L);
  std::vector<std::string> names;
  for (const auto& [name, value] : std::vector<std::pair<const char*, double>>{
           {"Q", m.Q}, {"Q_p", m.Q_p}, {"LR", m.LR}, {"LR_p", m.LR_p}, {"df", m.df}, {"k", k}}) {
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name);
    names.emplace_back(name);
  }
  push_matrix(L, m.probabilities);
  lua_setfield(L, -2, "transitions");
  lua_newtable(L);
  for (std::size_t l = 0; l < m.given.size(); ++l) {
    push_matrix(L, m.given[l]);
    lua_rawseti(L, -2, static_cast<lua_Integer>(l) + 1);
  }
  lua_setfield(L, -2, "given");
  names.insert(names.end(), {"transitions", "given"});
  if (a.has("file")) report::save(table, a.text("file"));
  seal_reported(L, std::move(table), names, "field");
  return 1;
}

}  // namespace

void add_spatial_markov_command(Registry& registry) {
  core::Record r{
      .name = "spatial_markov",
      .topic = "spatial",
      .summary = "Transitions between classes given the class of the neighbours, and a test that they differ",
      .args = {{.name = "x", .kind = Kind::expression, .doc = "one value a unit and period"},
               {.name = "W", .kind = Kind::spatial, .doc = "the weights"}}};
  r.options = {
      {.name = "k",
       .kind = Kind::integer,
       .doc = "classes with as many values each, over all periods",
       .default_text = "4",
       .min = 2,
       .max = 12},
      {.name = "at", .kind = Kind::numbers, .doc = "limits between the classes instead", .default_text = "none"},
      {.name = "relative",
       .kind = Kind::boolean,
       .doc = "values over their mean of the period",
       .default_text = "true"},
      file_option()};
  r.source = "Rey (2001), Geographical Analysis 33(3); Bickenbach & Bode (2003)";
  r.example = "spatial_markov(gdp_pc, W, k=4)";
  registry.add({r, spatial_markov});
}

}  // namespace bindings
