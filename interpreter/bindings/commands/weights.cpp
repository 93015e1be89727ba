// weights.queen, .rook, .knn, .band, .inverse_distance, .economic, .edges, .read, .by_period: where spatial weights
// come from.
#include "bindings/weights.hpp"
#include "bindings/expr.hpp"
#include "bindings/open.hpp"
#include "bindings/session.hpp"
#include "bindings/verbs.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "formula/evaluate.hpp"
#include "formula/tree.hpp"
#include "spatial/builders.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace bindings {
namespace {

using core::ArgSpec;
using core::Kind;
using core::OptionSpec;
using spatial::Weights;

OptionSpec id_option() {
  return {.name = "id",
          .kind = Kind::column,
          .doc = "the column that names the units",
          .default_text = "the panel's unit, else the row"};
}
OptionSpec standard_option() {
  return {.name = "standardize",
          .kind = Kind::text,
          .doc = "rows that sum to one, over the largest eigenvalue, over the largest sum, or as they are",
          .default_text = "row",
          .one_of = {"row", "spectral", "minmax", "none"}};
}

/// map: a frame, when one was given as the argument; else data= or the data in use. where= is applied.
data::Frame frame_of(lua_State* L, const Arguments& a) {
  a.push("map");
  const FrameRef* map = test_value<FrameRef>(L, -1);
  data::Frame frame = map ? (*map)->frame : a.box()->frame;
  lua_pop(L, 1);
  if (const formula::Tree where = a.tree("where")) frame = frame.take(formula::rows_where(where, frame));
  return frame;
}

std::string id_of(const Arguments& a) {
  const std::vector<std::string> names = a.column_names("id");
  return names.empty() ? "" : names[0];
}

int finish(lua_State* L, const Arguments& a, const Weights& W) {
  if (W.links() == 0) throw core::Error("no two units are linked: " + W.source + " gives weights without links");
  push_weights(L, spatial::standardised(W, spatial::parse_standard(a.text("standardize", "row"))));
  return 1;
}

template <bool rook>
int contiguous(lua_State* L, Arguments& a) {
  const data::Frame frame = frame_of(L, a);
  return finish(L, a, spatial::contiguity(frame, spatial::units_of(frame, id_of(a)), rook, a.number("snap", 0)));
}

struct Placed {
  spatial::Units units;
  spatial::Points points;
};

Placed placed(const Arguments& a) {
  const data::Frame frame = a.frame();
  Placed p{.units = spatial::units_of(frame, id_of(a)), .points = {}};
  p.points.x = spatial::unit_values(frame, p.units, formula::evaluate_numbers(a.tree("lon"), frame), "the longitude");
  p.points.y = spatial::unit_values(frame, p.units, formula::evaluate_numbers(a.tree("lat"), frame), "the latitude");
  p.points.metric =
      a.text("metric", "great_circle") == "planar" ? spatial::Metric::planar : spatial::Metric::great_circle;
  p.points.radius = a.number("radius", data::earth_radius_km);
  return p;
}

int knn(lua_State* L, Arguments& a) {
  const Placed p = placed(a);
  return finish(L, a, spatial::knn(p.units, p.points, static_cast<int>(a.integer("k", 4))));
}

int band(lua_State* L, Arguments& a) {
  if (!a.has("most"))
    throw core::Error("option 'most' is missing: how far neighbours may be apart")
        .word("band")
        .hint("weights.band(lon, lat, most=120)");
  const Placed p = placed(a);
  return finish(L, a, spatial::band(p.units, p.points, a.number("least", 0), a.number("most")));
}

int inverse_distance(lua_State* L, Arguments& a) {
  const Placed p = placed(a);
  if (a.has("cutoff") && !(a.number("cutoff") > 0))
    throw core::Error("cutoff= is a distance above 0: nothing lies nearer")
        .hint("leave it out for links between all units")
        .word("cutoff");
  return finish(L, a, spatial::inverse_distance(p.units, p.points, a.number("power", 1), a.number("cutoff", 0)));
}

int economic(lua_State* L, Arguments& a) {
  const data::Frame frame = a.frame();
  const spatial::Units units = spatial::units_of(frame, id_of(a));
  const std::vector<double> x =
      spatial::unit_values(frame, units, formula::evaluate_numbers(a.tree("x"), frame), "the variable");
  Weights W = spatial::economic(units, x);
  W.source += " of " + formula::print(a.tree("x"));
  return finish(L, a, W);
}

/// The list as a frame: one that was given, or a file.
data::Frame list_of(lua_State* L, const Arguments& a) {
  a.push("links");
  if (const FrameRef* box = test_value<FrameRef>(L, -1)) {
    data::Frame frame = (*box)->frame;
    lua_pop(L, 1);
    return frame;
  }
  if (lua_type(L, -1) != LUA_TSTRING)
    throw core::Error("a list of links is a file or a frame, not " + described(L, -1));
  const std::string path = text_at(L, -1);
  lua_pop(L, 1);
  return files::read(path);
}

/// units=: ids in a list, a column, or a frame with the column of id=. Each once, in order of first appearance.
std::vector<std::string> units_at(lua_State* L, const Arguments& a) {
  if (!a.has("units")) return {};
  a.push("units");
  const int at = lua_gettop(L);
  std::vector<std::string> ids;
  if (const FrameRef* box = test_value<FrameRef>(L, at)) {
    ids = spatial::units_of((*box)->frame, id_of(a)).ids;
  } else if (const Expr* symbol = test_value<Expr>(L, at); symbol && symbol->tree) {
    ids = spatial::units_of(data_in_use(L)->frame, formula::print(symbol->tree)).ids;
  } else {
    std::set<std::string> seen;
    for (std::string& id : ids_of(L, a, "units"))
      if (seen.insert(id).second) ids.push_back(std::move(id));
  }
  lua_settop(L, at - 1);
  return ids;
}

int edges(lua_State* L, Arguments& a) {
  const auto column = [&](const std::string& name) {
    const std::vector<std::string> names = a.column_names(name);
    return names.empty() ? std::string() : names[0];
  };
  const std::vector<std::string> units = units_at(L, a);
  std::vector<std::string> notes;
  Weights W = spatial::from_list(list_of(L, a), column("i"), column("j"), column("w"), a.boolean("both"), units, notes);
  W.id_column = id_of(a);
  const std::vector<std::uint32_t> alone = spatial::islands(W);
  if (!units.empty() && !alone.empty())
    notes.push_back(core::counted(static_cast<long long>(alone.size()), "unit") +
                    " without neighbours: " + W.ids[alone[0]] + (alone.size() > 1 ? ", …" : ""));
  print_notes(notes);
  return finish(L, a, W);
}

/// weights.by_period{[2011] = W1, [2012] = W2}: keys are periods as the panel prints them.
int by_period(lua_State* L, Arguments& a) {
  a.push("periods");
  const int at = lua_gettop(L);
  std::vector<std::pair<std::string, spatial::WeightsPtr>> periods;
  for (lua_pushnil(L); lua_next(L, at); lua_pop(L, 1)) {
    lua_pushvalue(L, -2);
    const std::string name = printed_at(L, -1);
    lua_pop(L, 1);
    const WeightsRef* W = test_value<WeightsRef>(L, -1);
    if (!W) throw core::Error("period " + name + " has no spatial weights but " + described(L, -1));
    periods.emplace_back(name, *W);
  }
  lua_pop(L, 1);
  std::sort(periods.begin(), periods.end());
  push_weights(L, spatial::over_time(periods));
  return 1;
}

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw core::Error("'" + path + "' cannot be opened");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

int read(lua_State* L, Arguments& a) {
  const std::string path = a.text("file");
  const std::size_t dot = path.rfind('.'), slash = path.rfind('/');
  const std::string ending = dot == std::string::npos ? "" : path.substr(dot);
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  Weights W;
  if (ending == ".gal")
    W = spatial::read_gal(content_of(path), name);
  else if (ending == ".gwt")
    W = spatial::read_gwt(content_of(path), name);
  else if (ending == ".mtx")
    W = spatial::read_matrix_market(content_of(path), name);
  else if (ending == ".swm")
    throw core::Error("ArcGIS' .swm files are a format of their own that only ArcGIS documents")
        .hint("there, export the matrix as a table and read it with weights.edges");
  else
    W = spatial::from_square(files::read(path));
  if (a.has("id")) W.id_column = id_of(a);
  return finish(L, a, W);
}

}  // namespace

void add_weights_commands(lua_State* L, Registry& registry) {
  const ArgSpec map{.name = "map",
                    .kind = Kind::frame,
                    .doc = "a frame with shapes: the data in use when not given",
                    .optional = true};
  const std::vector<ArgSpec> place = {
      {.name = "lon", .kind = Kind::expression, .doc = "longitude in degrees, or easting"},
      {.name = "lat", .kind = Kind::expression, .doc = "latitude in degrees, or northing"}};
  const OptionSpec snap{.name = "snap",
                        .kind = Kind::number,
                        .doc = "points nearer than this, in the map's units, are one",
                        .default_text = "0",
                        .min = 0};
  const OptionSpec metric{.name = "metric",
                          .kind = Kind::text,
                          .doc = "kilometres on the sphere, or in the plane",
                          .default_text = "great_circle",
                          .one_of = {"great_circle", "planar"}};
  const OptionSpec radius{
      .name = "radius", .kind = Kind::number, .doc = "of the earth in km", .default_text = "6371.01", .min = 1};
  const auto record = [](const std::string& name, const std::string& summary, std::vector<ArgSpec> args,
                         std::vector<OptionSpec> options, const std::string& example) {
    core::Record r{.name = "weights." + name, .topic = "spatial", .summary = summary};
    r.args = std::move(args);
    r.options = std::move(options);
    r.options.push_back(id_option());
    r.options.push_back(standard_option());
    r.example = example;
    return r;
  };
  std::vector<Command> all = {
      {record("queen", "Spatial weights of polygons that share a point of their borders", {map}, {snap},
              "W = weights.queen(map, id=city)"),
       contiguous<false>},
      {record("rook", "Spatial weights of polygons that share a stretch of border", {map}, {snap},
              "W = weights.rook(map, id=city)"),
       contiguous<true>},
      {record("knn", "Spatial weights of the k nearest units", place,
              {{.name = "k", .kind = Kind::integer, .doc = "neighbours of each unit", .default_text = "4", .min = 1},
               metric,
               radius},
              "W = weights.knn(lon, lat, k=4, id=city)"),
       knn},
      {record("band", "Spatial weights of units within a band of distances", place,
              {{.name = "most", .kind = Kind::number, .doc = "largest distance", .default_text = {}, .min = 0},
               {.name = "least", .kind = Kind::number, .doc = "smallest distance", .default_text = "0", .min = 0},
               metric,
               radius},
              "W = weights.band(lon, lat, most=120, id=city)"),
       band},
      {record("inverse_distance", "Spatial weights that fall with distance", place,
              {{.name = "power", .kind = Kind::number, .doc = "1/d^power", .default_text = "1", .min = 0},
               {.name = "cutoff",
                .kind = Kind::number,
                .doc = "no link beyond this distance",
                .default_text = "none",
                .min = 0},
               metric,
               radius},
              "W = weights.inverse_distance(lon, lat, power=2, id=city)"),
       inverse_distance},
      {record("economic", "Spatial weights of nearness in a variable: 1/|x_i - x_j|",
              {{.name = "x", .kind = Kind::expression, .doc = "one value a unit"}}, {},
              "W = weights.economic(gdp, id=city)"),
       economic},
      {record("edges", "Spatial weights from a list of links",
              {{.name = "links", .kind = Kind::any, .doc = "a file or a frame with one link a row"},
               {.name = "i", .kind = Kind::column, .doc = "the unit"},
               {.name = "j", .kind = Kind::column, .doc = "its neighbour"},
               {.name = "w", .kind = Kind::column, .doc = "the weight; 1 when not given", .optional = true}},
              {{.name = "both",
                .kind = Kind::boolean,
                .doc = "each row is a link in both directions",
                .default_text = "false"},
               {.name = "units",
                .kind = Kind::any,
                .doc = "all units, linked or not: ids in a list, a column, or a frame that has the column of id=",
                .default_text = "those of the list"}},
              "W = weights.edges(\"links.csv\", \"from\", \"to\", both=true, id=city)"),
       edges},
      {record("read", "Spatial weights from a file: .gal, .gwt, Matrix Market (.mtx), a square table",
              {{.name = "file", .kind = Kind::text, .doc = "path"}}, {}, "W = weights.read(\"cities.gal\", id=city)"),
       read},
      {{.name = "weights.by_period",
        .topic = "spatial",
        .summary = "Spatial weights that change over time: one W for each period of a panel",
        .args = {{.name = "periods", .kind = Kind::list, .doc = "{[2011] = W1, [2012] = W2}"}},
        .example = "W = weights.by_period{[2011] = W1, [2012] = W2}; sar(y ~ x, W, fe=\"unit\")"},
       by_period}};
  lua_newtable(L);
  for (Command& command : all) {
    if (command.record.name == "weights.edges" || command.record.name == "weights.read" ||
        command.record.name == "weights.by_period")
      command.takes_data = false;
    const Command& added = registry.add(std::move(command));
    push_command(L, added);
    lua_setfield(L, -2, added.record.name.substr(std::string("weights.").size()).c_str());
  }
  luaL_setmetatable(L, library_operators);
  name_function(L, "weights");
  lua_setglobal(L, "weights");
}

}  // namespace bindings
