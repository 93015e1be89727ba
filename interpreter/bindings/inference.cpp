// Covariances and observation weights as values: cluster(city, year), newey_west(lag=2), aw(pop).
#include "bindings/convert.hpp"
#include "bindings/expr.hpp"
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "core/text.hpp"
#include "inference/vcov.hpp"

#include <array>

namespace bindings {
namespace {

using core::Kind;
using inference::VcovKind;
using inference::VcovSpec;

int push_vcov_spec(lua_State* L, VcovSpec spec) {
  inference::check(spec);
  push_value(L, std::move(spec));
  return 1;
}

/// Cluster variables: symbols, o^d, "city year".
int cluster(lua_State* L, Arguments& a) {
  VcovSpec spec;
  spec.kind = VcovKind::cluster;
  a.push("by");
  const int list = lua_gettop(L);
  const lua_Integer n = luaL_len(L, list);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, list, i);
    if (lua_type(L, -1) == LUA_TSTRING) {
      for (std::string& name : inference::parse_vcov("cluster " + text_at(L, -1)).cluster)
        spec.cluster.push_back(std::move(name));
    } else if (const formula::Tree tree = tree_at(L, lua_gettop(L))) {
      spec.cluster.push_back(formula::print(tree));
    } else {
      throw core::Error("cluster(…) takes columns, not " + described(L, -1));
    }
    lua_pop(L, 1);
  }
  return push_vcov_spec(L, std::move(spec));
}

template <VcovKind kind>
int serial(lua_State* L, Arguments& a) {
  VcovSpec spec;
  spec.kind = kind;
  spec.lag_auto = a.text("lag") == "auto";
  if (a.has("lag") && a.has("periods")) throw core::Error("the lag is given twice").word("lag");
  if (!spec.lag_auto) spec.lag = static_cast<int>(a.integer("lag", a.integer("periods", -1)));
  if (a.has("periods") && spec.lag < 0) throw core::Error("the lag is at least 0").word(std::to_string(spec.lag));
  return push_vcov_spec(L, std::move(spec));
}

int conley(lua_State* L, Arguments& a) {
  VcovSpec spec;
  spec.kind = VcovKind::conley;
  spec.cutoff_km = a.number("cutoff");
  spec.kernel = a.text("kernel", spec.kernel);
  if (a.text("metric", "great_circle") == "planar") spec.kernel += " planar";
  spec.time_lag = static_cast<int>(a.integer("time_lag", 0));
  const std::vector<std::string> lat = a.column_names("lat");
  const std::vector<std::string> lon = a.column_names("lon");
  if (!lat.empty()) spec.lat = lat[0];
  if (!lon.empty()) spec.lon = lon[0];
  return push_vcov_spec(L, std::move(spec));
}

template <formula::WeightKind kind>
int weights(lua_State* L, Arguments& a) {
  push_value(L, formula::Weights{kind, a.tree("x")});
  return 1;
}

int vcov_tostring(lua_State* L) {
  push_text(L, inference::print(*test_value<VcovSpec>(L, 1)));
  return 1;
}

int weights_tostring(lua_State* L) {
  const auto& given = *test_value<formula::Weights>(L, 1);
  const char* name = given.kind == formula::WeightKind::frequency     ? "fw("
                     : given.kind == formula::WeightKind::probability ? "pw("
                                                                      : "aw(";
  push_text(L, name + formula::print(given.expression) + ")");
  return 1;
}

/// newey_west(2) as newey_west(lag=2).
const core::ArgSpec lag_argument{.name = "periods", .kind = Kind::integer, .doc = "the same as lag=", .optional = true};

core::OptionSpec lag_option(const std::string& doc) {
  return {.name = "lag",
          .kind = Kind::integer,
          .doc = doc + "; \"auto\" chooses from the scores as Newey & West (1994)",
          .default_text = "T^0.25 rounded down",
          .one_of = {"auto"},
          .min = 0};
}

}  // namespace

void open_inference(lua_State* L) {
  constexpr std::array<luaL_Reg, 3> vcov_functions{
      {{"__tostring", guarded<vcov_tostring>}, {"__show", guarded<vcov_tostring>}, {nullptr, nullptr}}};
  constexpr std::array<luaL_Reg, 3> weight_functions{
      {{"__tostring", guarded<weights_tostring>}, {"__show", guarded<weights_tostring>}, {nullptr, nullptr}}};
  new_type<VcovSpec>(L, vcov_functions.data());
  new_type<formula::Weights>(L, weight_functions.data());
  lua_pop(L, 2);
}

void add_inference_commands(Registry& registry) {
  registry.add(
      {{.name = "cluster",
        .topic = "inference",
        .summary = "A covariance clustered by one or more variables, for vcov=",
        .args = {{.name = "by", .kind = Kind::any, .doc = "cluster variables; a^b combines two", .repeated = true}},
        .source = "Cameron, Gelbach & Miller (2011), Journal of Business & Economic Statistics 29(2)",
        .example = "feols(ser ~ did, fe=\"city + year\", vcov=cluster(city))"},
       cluster});
  registry.add({{.name = "newey_west",
                 .topic = "inference",
                 .summary = "A covariance robust to serial correlation within units, for vcov=",
                 .args = {lag_argument},
                 .options = {lag_option("lags with weight 1 - l/(lag + 1)")},
                 .source = "Newey & West (1987), Econometrica 55(3)",
                 .example = "ols(y ~ x, vcov=newey_west(lag=2))"},
                serial<VcovKind::newey_west>});
  registry.add({{.name = "driscoll_kraay",
                 .topic = "inference",
                 .summary = "A covariance robust to correlation across units and over time, for vcov=",
                 .args = {lag_argument},
                 .options = {lag_option("lags with weight 1 - l/(lag + 1)")},
                 .source = "Driscoll & Kraay (1998), Review of Economics and Statistics 80(4)",
                 .example = "feols(ser ~ did, fe=\"city\", vcov=driscoll_kraay(lag=2))"},
                serial<VcovKind::driscoll_kraay>});
  registry.add({.record = {.name = "conley",
                           .topic = "inference",
                           .summary = "A covariance robust to correlation between near places, for vcov=",
                           .args = {{.name = "cutoff",
                                     .kind = Kind::number,
                                     .doc = "kilometres; with metric=\"planar\" the unit of the coordinates"}},
                           .options = {{.name = "lat",
                                        .kind = Kind::column,
                                        .doc = "latitude, degrees",
                                        .default_text = "lat or latitude"},
                                       {.name = "lon",
                                        .kind = Kind::column,
                                        .doc = "longitude, degrees",
                                        .default_text = "lon, lng or longitude"},
                                       {.name = "kernel",
                                        .kind = Kind::text,
                                        .doc = "weight by distance",
                                        .default_text = "uniform",
                                        .one_of = {"uniform", "bartlett"}},
                                       {.name = "metric",
                                        .kind = Kind::text,
                                        .doc = "kilometres on the sphere, or the plane of projected coordinates",
                                        .default_text = "great_circle",
                                        .one_of = {"great_circle", "planar"}},
                                       {.name = "time_lag",
                                        .kind = Kind::integer,
                                        .doc = "periods of serial correlation within a unit",
                                        .default_text = "0",
                                        .min = 0}},
                           .source = "Conley (1999), Journal of Econometrics 92(1)",
                           .example = "ols(y ~ x, vcov=conley(100))"},
                .run = conley,
                .takes_data = false});
  const auto weight_record = [](const std::string& name, const std::string& what) {
    return core::Record{.name = name,
                        .topic = "inference",
                        .summary = what + " weights, for weights=",
                        .args = {{.name = "x", .kind = Kind::expression}},
                        .example = "ols(y ~ x, weights=" + name + "(pop))"};
  };
  registry.add(
      {.record = weight_record("aw", "Analytic"), .run = weights<formula::WeightKind::analytic>, .takes_data = false});
  registry.add({.record = weight_record("fw", "Frequency"),
                .run = weights<formula::WeightKind::frequency>,
                .takes_data = false});
  registry.add({.record = weight_record("pw", "Probability"),
                .run = weights<formula::WeightKind::probability>,
                .takes_data = false});
}

}  // namespace bindings
