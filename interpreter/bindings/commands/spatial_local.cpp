// local_moran, local_geary, gi: one statistic a unit, with clusters named.
#include "bindings/open.hpp"
#include "bindings/spatial.hpp"
#include "core/text.hpp"
#include "spatial/local.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;
using spatial::Local;
using spatial::LocalKind;

const std::vector<std::string>& quadrants() {
  static const std::vector<std::string> names = {"High-High", "Low-Low",       "High-Low",
                                                 "Low-High",  "No neighbours", "Not significant"};
  return names;
}
const std::vector<std::string>& spots() {
  static const std::vector<std::string> names = {"Hot spot 99%",  "Hot spot 95%",  "Hot spot 90%",  "Not significant",
                                                 "Cold spot 90%", "Cold spot 95%", "Cold spot 99%", "No neighbours"};
  return names;
}

/// ArcGIS' seven bins of confidence. A unit linked to all others alike has no p: its sum is the same in any
/// arrangement.
int spot_of(double z, double p, bool alone) {
  if (alone) return 7;
  const int level = p < 0.01 ? 0 : p < 0.05 ? 1 : p < 0.1 ? 2 : 3;
  return level == 3 ? 3 : z >= 0 ? level : 6 - level;
}

struct LocalRun {
  LocalKind kind;
  spatial::LocalOptions options;
  bool fdr = false;
  double level = 0.05;
  std::string preset;
};

LocalRun run_of(const Arguments& a, LocalKind kind) {
  LocalRun run{.kind = kind,
               .options = {},
               .fdr = a.boolean("fdr"),
               .level = a.number("level", 0.05),
               .preset = a.text("preset", kind == LocalKind::moran || kind == LocalKind::geary ? "" : "spdep")};
  const spatial::Options o = association_options(a);
  run.options.alternative = o.alternative;
  run.options.permutations = o.permutations;
  run.options.seed = o.seed;
  if (a.text("moments", "conditional") == "total") run.options.conditional = false;
  run.options.unbiased = a.boolean("unbiased");
  run.options.folded = a.boolean("folded");
  if (run.preset == "geoda") {
    run.options.folded = true;
    if (!a.has("permutations")) run.options.permutations = 999;
  }
  if (kind == LocalKind::geary && !a.has("permutations")) run.options.permutations = 999;
  return run;
}

/// The units as the data list them: readers know that order, the weights' own is that of their links.
std::vector<std::size_t> in_order_of_rows(const std::vector<std::uint32_t>& rows) {
  std::vector<std::size_t> units(rows.size());
  std::iota(units.begin(), units.end(), std::size_t{0});
  std::ranges::sort(units, {}, [&](std::size_t i) { return rows[i]; });
  return units;
}

std::string name_of(LocalKind kind) {
  return kind == LocalKind::moran   ? "Local Moran"
         : kind == LocalKind::geary ? "Local Geary"
         : kind == LocalKind::gi    ? "Gi"
                                    : "Gi*";
}

int push_local(lua_State* L, Arguments& a, LocalKind kind, const std::string& fallback) {
  SpatialInput in = spatial_input(a);
  const LocalRun run = run_of(a, kind);
  spatial::Weights W = *in.W;
  if (kind == LocalKind::gi_star) W = spatial::with_self(a.boolean("binary", true) ? spatial::binary(W) : W, 1);
  if (kind == LocalKind::gi && a.boolean("binary", true)) W = spatial::binary(W);
  const std::string name = a.text("name", fallback);
  NewColumns columns(a, in.rows);
  const bool store = a.has("name");
  const bool g = kind == LocalKind::gi || kind == LocalKind::gi_star;
  if (store)
    for (const char* ending : {"", "_z", "_p", "_cluster"}) columns.claim(name + ending);
  const std::size_t n = in.rows.frame.rows();
  std::vector<double> value(n, std::nan("")), z = value, p = value, expected = value, sd = value;
  std::vector<int> cluster(n, -1);
  std::vector<std::string> unit_text;
  std::vector<Statistics> rows;
  std::vector<std::string> names;
  report::Table table;
  table.title = name_of(kind) + " of " + in.text;
  std::vector<std::string> heads = {in.panel() ? "unit, period" : "unit",
                                    g                          ? name_of(kind)
                                    : kind == LocalKind::moran ? "I"
                                                               : "c",
                                    "z", "p", "Cluster"};
  table.header.push_back(header_row(heads));
  lua_newtable(L);  // by row name
  std::size_t shown = 0, found = 0;
  std::vector<std::string> frame_unit, frame_period, frame_cluster;
  std::vector<double> frame_value, frame_e, frame_sd, frame_z, frame_p;
  for (const SpatialPeriod& period : in.periods) {
    const Local l = spatial::local(W, period.x, kind, run.options);
    if (g && W.links() > 0 && l.z.array().isNaN().all())
      throw core::Error(name_of(kind) + " is the same everywhere: W links every unit to all others by one weight")
          .hint("binary=false takes the weights as they are; or give W a cutoff=");
    spatial::Vector ps = run.options.permutations > 0 ? l.p_permutation : l.p;
    if (run.fdr) ps = spatial::adjusted_fdr(ps);
    for (const std::size_t i : in_order_of_rows(period.rows)) {
      const auto at = static_cast<spatial::Index>(i);
      const std::uint32_t row = period.rows[i];
      value[row] = l.value[at];
      expected[row] = l.expected[at];
      sd[row] = std::sqrt(l.variance[at]);
      z[row] = l.z[at];
      p[row] = ps[at];
      const bool significant = ps[at] < run.level;
      if (g)
        cluster[row] = spot_of(l.z[at], ps[at], l.quadrant[i] == 4);
      else
        cluster[row] = l.quadrant[i] == 4 ? 4 : significant ? l.quadrant[i] : 5;
      const std::string& words =
          g ? spots()[static_cast<std::size_t>(cluster[row])] : quadrants()[static_cast<std::size_t>(cluster[row])];
      found += significant;
      const std::string label = W.ids[i] + (period.name.empty() ? "" : ", " + period.name);
      frame_unit.push_back(W.ids[i]);
      frame_period.push_back(period.name);
      frame_cluster.push_back(words);
      frame_value.push_back(value[row]);
      frame_e.push_back(expected[row]);
      frame_sd.push_back(sd[row]);
      frame_z.push_back(z[row]);
      frame_p.push_back(p[row]);
      push_numbers(L, {"statistic", "expected", "sd", "z", "p"}, {value[row], expected[row], sd[row], z[row], p[row]},
                   "number");
      lua_setfield(L, -2, label.c_str());
      names.push_back(label);
      const bool all = W.units() * in.periods.size() <= 66;
      if ((all || significant) && shown < 66) {
        table.body.push_back(
            text_row({label, statistic_text(value[row], 5), core::fixed(z[row], 4), p_value_text(p[row]), words}));
        ++shown;
      }
    }
  }
  if (shown < names.size())
    in.notes.push_back(std::to_string(shown) + " of " + std::to_string(names.size()) + " units shown, of " +
                       std::to_string(found) + " significant ones; all are in .frame");
  std::string how =
      run.options.permutations > 0
          ? std::to_string(run.options.permutations) + " conditional permutations, " +
                (run.options.folded ? "one-sided p folded as in GeoDa" : "p = (1 + #{as far out})/(R + 1)") +
                ", seed " + std::to_string(run.options.seed)
          : "p from z, " +
                std::string(run.options.alternative == spatial::Alternative::two_sided ? "two-sided" : "one-sided");
  if (run.fdr) how += "; adjusted for the false discovery rate (Benjamini-Hochberg)";
  in.notes.push_back(how);
  if (g)
    in.notes.push_back(std::string(kind == LocalKind::gi_star ? "Gi* counts the unit itself with weight 1"
                                                              : "Gi leaves the unit itself out") +
                       (a.boolean("binary", true) ? ", links have weight 1" : ", links have the weights given"));
  if (kind == LocalKind::moran)
    in.notes.push_back(std::string("Moments are ") +
                       (run.options.conditional ? "conditional on the unit's value" : "over all permutations") +
                       "; level " + core::shortest(run.level));
  table.notes = in.notes;
  if (store) {
    columns.add(name, value, name_of(kind) + " of " + in.text);
    columns.add(name + "_z", z, "z of " + name_of(kind));
    columns.add(name + "_p", p, "p of " + name_of(kind));
    columns.add_words(name + "_cluster", cluster, g ? spots() : quadrants(), "cluster by " + name_of(kind));
    columns.store();
  }
  data::Frame frame(name);
  frame = frame.with("unit", data::Column::texts(frame_unit));
  if (in.panel()) frame = frame.with("period", data::Column::texts(frame_period));
  frame = frame.with("statistic", data::Column::reals(frame_value))
              .with("expected", data::Column::reals(frame_e))
              .with("sd", data::Column::reals(frame_sd))
              .with("z", data::Column::reals(frame_z))
              .with("p", data::Column::reals(frame_p))
              .with("cluster", data::Column::texts(frame_cluster));
  push_frame(L, frame);
  lua_setfield(L, -2, "frame");
  lua_pushnumber(L, static_cast<double>(run.options.seed));
  lua_setfield(L, -2, "seed");
  if (a.has("file")) report::save(table, a.text("file"));
  seal_reported(L, std::move(table), names, "unit");
  return 1;
}

int gi(lua_State* L, Arguments& a) {
  return push_local(L, a, a.boolean("star", true) ? LocalKind::gi_star : LocalKind::gi, "gi");
}

}  // namespace

void add_spatial_local_commands(Registry& registry) {
  const core::ArgSpec x{.name = "x", .kind = Kind::expression, .doc = "one value a unit (and period)"};
  const core::ArgSpec W{.name = "W", .kind = Kind::spatial, .doc = "the weights"};
  const auto record = [&](const std::string& name, const std::string& summary, std::vector<OptionSpec> options,
                          const std::string& permutations, const std::string& source, const std::string& example) {
    core::Record r{.name = name, .topic = "spatial", .summary = summary, .args = {x, W}};
    r.options = std::move(options);
    r.options.push_back(alternative_option());
    for (OptionSpec& o : permutation_options(permutations)) r.options.push_back(std::move(o));
    r.options.push_back({.name = "folded",
                         .kind = Kind::boolean,
                         .doc = "permutation p one-sided towards the nearer tail, as GeoDa and esda",
                         .default_text = "false"});
    r.options.push_back({.name = "fdr",
                         .kind = Kind::boolean,
                         .doc = "adjust p for the false discovery rate",
                         .default_text = "false"});
    if (name != "gi")  // its classes are 90, 95 and 99 %
      r.options.push_back({.name = "level",
                           .kind = Kind::number,
                           .doc = "p below which a unit counts as a cluster",
                           .default_text = "0.05",
                           .min = 0,
                           .max = 1});
    r.options.push_back(name_option("also make columns NAME, NAME_z, NAME_p, NAME_cluster", "no columns"));
    r.options.push_back(replace_option());
    r.options.push_back(file_option());
    r.source = source;
    r.example = example;
    return r;
  };
  registry.add({record("local_moran", "Local Moran: clusters and outliers",
                       {{.name = "moments",
                         .kind = Kind::text,
                         .doc = "given the unit's value, or over all permutations",
                         .default_text = "conditional",
                         .one_of = {"conditional", "total"}},
                        {.name = "unbiased",
                         .kind = Kind::boolean,
                         .doc = "variance of x over n - 1 instead of n",
                         .default_text = "false"}},
                       "0", "Anselin (1995), Geographical Analysis 27(2); Sokal, Oden & Thomson (1998)",
                       "local_moran(lnexports, W, name=\"lisa\", where=\"year == 2020\")"),
                [](lua_State* L, Arguments& a) { return push_local(L, a, LocalKind::moran, "lisa"); }});
  registry.add({record("local_geary", "Local Geary: how unlike its neighbours a unit is", {}, "999",
                       "Anselin (1995, 2019)", "local_geary(lnexports, W, seed=1, where=\"year == 2020\")"),
                [](lua_State* L, Arguments& a) { return push_local(L, a, LocalKind::geary, "local_geary"); }});
  registry.add({record("gi", "Getis-Ord Gi*: hot and cold spots",
                       {{.name = "star",
                         .kind = Kind::boolean,
                         .doc = "count the unit itself (Gi*), or not (Gi)",
                         .default_text = "true"},
                        {.name = "binary",
                         .kind = Kind::boolean,
                         .doc = "links of weight 1, else the weights given",
                         .default_text = "true"},
                        {.name = "preset",
                         .kind = Kind::text,
                         .doc = "spdep and arcgis: z-scores; geoda: 999 permutations and one-sided p",
                         .default_text = "spdep",
                         .one_of = {"spdep", "arcgis", "geoda"}}},
                       "0", "Getis & Ord (1992); Ord & Getis (1995), Geographical Analysis 27(4)",
                       "gi(lnexports, W, name=\"spot\", where=\"year == 2020\")"),
                gi});
}

}  // namespace bindings
