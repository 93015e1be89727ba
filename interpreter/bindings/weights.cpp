// Spatial weights: their report, algebra and methods.
#include "bindings/weights.hpp"

#include "bindings/methods.hpp"
#include "bindings/named.hpp"
#include "bindings/open.hpp"
#include "bindings/reported.hpp"
#include "bindings/verbs.hpp"
#include "core/new_file.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"
#include "formula/maps.hpp"
#include "formula/parse.hpp"
#include "report/figure.hpp"
#include "spatial/align.hpp"
#include "spatial/builders.hpp"
#include "spatial/spectrum.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace bindings {

WeightsRef weights_of(const Arguments& a, const std::string& name) {
  lua_State* L = a.state();
  a.push(name);
  const WeightsRef* found = test_value<WeightsRef>(L, -1);
  WeightsRef W = found ? *found : nullptr;
  lua_pop(L, 1);
  if (W) spatial::require_constant(*W, a.command().record.name);
  return W;
}

namespace {

/// The value at `index` as an id, or those of the list there.
void append_ids(lua_State* L, int index, std::vector<std::string>& ids) {
  if (lua_type(L, index) == LUA_TTABLE) {
    const lua_Integer n = luaL_len(L, index);
    for (lua_Integer i = 1; i <= n; ++i) {
      lua_geti(L, index, i);
      append_ids(L, lua_gettop(L), ids);
      lua_pop(L, 1);
    }
    return;
  }
  if (const auto* column = test_value<ColumnValue>(L, index)) {
    for (std::size_t row = 0; row < column->column->size(); ++row) ids.push_back(column->column->text(row));
    return;
  }
  const double number = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : std::nan("");
  if (lua_type(L, index) == LUA_TSTRING)
    ids.push_back(text_at(L, index));
  else if (number == std::floor(number))
    ids.push_back(std::to_string(static_cast<long long>(number)));
  else
    throw core::Error("an id of the weights is a text or a whole number, not " + described(L, index));
}

}  // namespace

std::vector<std::string> ids_of(lua_State* L, const Arguments& a, const std::string& name) {
  std::vector<std::string> ids;
  a.push(name);
  if (!lua_isnil(L, -1)) append_ids(L, lua_gettop(L), ids);
  lua_pop(L, 1);
  return ids;
}

namespace {

using core::Kind;
using spatial::Standard;
using spatial::Weights;

std::string some_ids(const Weights& W, const std::vector<std::uint32_t>& units) {
  std::vector<std::string> names;
  for (const std::uint32_t u : units) {
    names.push_back(W.ids[u]);
    if (names.size() == 5 && units.size() > 5) break;
  }
  return core::join(names, ", ") + (units.size() > 5 ? ", …" : "");
}

std::string plain(double x) { return core::significant(x, 6); }

std::string standard_text(Standard standard) {
  switch (standard) {
    case Standard::row:
      return "rows sum to one";
    case Standard::spectral:
      return "spectral: over the largest eigenvalue";
    case Standard::minmax:
      return "minmax: over min(largest row sum, largest column sum)";
    case Standard::none:
      break;
  }
  return "none";
}

}  // namespace

report::Table weights_report(const Weights& W) {
  if (!W.by_period.empty()) {
    report::Table table;
    table.title = "Spatial weights that change over time, " + std::to_string(W.units()) + " units";
    table.header.push_back(header_row({"Period", "Links", "Standardised", "Islands", "Source"}));
    for (const auto& [name, one] : W.by_period)
      table.body.push_back(text_row({name, std::to_string(one->links()), std::string(spatial::name_of(one->standard)),
                                     std::to_string(spatial::islands(*one).size()), one->source}));
    return table;
  }
  const spatial::Shape s = spatial::shape(W);
  report::Table table;
  table.title = "Spatial weights: " + W.source;
  const auto add = [&](const std::string& what, const std::string& text) {
    table.body.push_back(text_row({what, text}));
  };
  add("Units", std::to_string(W.units()) +
                   (W.id_column.empty() ? (W.origin ? " (rows of the frame)" : "") : " (" + W.id_column + ")"));
  add("Links", std::to_string(W.links()) + (s.one_way     ? ", " + std::to_string(s.one_way) + " of them one-way"
                                            : s.symmetric ? ", symmetric"
                                                          : ", each with a link back"));
  add("Neighbours", std::to_string(s.least) + " to " + std::to_string(s.most) + ", mean " + plain(s.mean));
  add("Standardised", standard_text(W.standard));
  add("Islands", s.islands.empty() ? "none" : std::to_string(s.islands.size()) + ": " + some_ids(W, s.islands));
  add("Components", std::to_string(s.components));
  if (W.links() > 0) {
    const spatial::Spectrum e = spatial::spectrum_range(W);
    const spatial::Interval bounds = spatial::admissible(e);
    const auto about = [&](bool exact, double x) { return (exact || !e.real ? "" : "about ") + plain(x); };
    add(e.real ? "Eigenvalues" : "Eigenvalues, real part",
        (e.low_exact || e.real ? "" : "within ") + about(e.low_exact, e.low) + " to " + about(e.high_exact, e.high));
    const bool closed = !bounds.open_low && !bounds.open_high && !bounds.about_low && !bounds.about_high;
    add("I - rho W nonsingular",
        closed ? "rho from " + plain(bounds.low) + " to " + plain(bounds.high) : "rho " + spatial::in_words(bounds, 6));
  }
  table.align = {report::Align::left, report::Align::left};
  return table;
}

namespace {

const Weights& self(lua_State* L, int index = 1) {
  const WeightsRef* W = test_value<WeightsRef>(L, index);
  if (!W) throw core::Error("spatial weights are expected, not " + described(L, index));
  return **W;
}

int show_weights(lua_State* L) {
  std::string text = report::render_text(weights_report(self(L)), text_style(L));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  push_text(L, text);
  return 1;
}

/// W_lag(x): the lag as an expression, for gen() and formulas.
int push_lag(lua_State* L, const WeightsRef& W, const formula::Tree& x) {
  const std::string name = formula::add_map(W, "W", [W](const data::Frame& frame, const std::vector<double>& values) {
    return spatial::lag_rows(*W, frame, values);
  });
  push_expr(L, formula::call(name, {x}));
  return 1;
}

int lag_of(lua_State* L, const WeightsRef& W, int index) {
  if (const auto* column = test_value<ColumnValue>(L, index)) {
    const FrameRef& box = data_in_use(L);
    const data::ColumnPtr aligned =
        data::aligned(column->column, column->rows, box->frame.row_ids(), box->frame.rows());
    push_value(L, ColumnValue{data::Column::reals(spatial::lag_rows(*W, box->frame, aligned->numbers())), "",
                              box->frame.row_ids()});
    return 1;
  }
  const formula::Tree x = tree_at(L, index);
  if (!x)
    throw core::Error("spatial weights times " + described(L, index) + " is nothing")
        .hint("W*x takes a column, a number or weights");
  return push_lag(L, W, x);
}

int times(lua_State* L) {
  const WeightsRef* a = test_value<WeightsRef>(L, 1);
  const WeightsRef* b = test_value<WeightsRef>(L, 2);
  if (a && b) {
    push_weights(L, spatial::product(**a, **b));
  } else if (lua_type(L, a ? 2 : 1) == LUA_TNUMBER) {
    push_weights(L, spatial::scaled(a ? **a : **b, lua_tonumber(L, a ? 2 : 1)));
  } else if (a) {
    return lag_of(L, *a, 2);
  } else {
    throw core::Error("the weights stand first: W*x");
  }
  return 1;
}

template <int sign>
int plus(lua_State* L) {
  push_weights(L, spatial::sum(self(L, 1), 1, self(L, 2), sign));
  return 1;
}

int divide(lua_State* L) {
  const double by = luaL_checknumber(L, 2);
  if (by == 0) throw core::Error("weights divided by zero");
  push_weights(L, spatial::scaled(self(L, 1), 1 / by));
  return 1;
}

int to_power(lua_State* L) {
  if (!lua_isinteger(L, 2)) throw core::Error("a power of weights is a whole number, not " + described(L, 2));
  push_weights(L, spatial::power(self(L, 1), static_cast<int>(lua_tointeger(L, 2))));
  return 1;
}

int length(lua_State* L) {
  lua_pushinteger(L, static_cast<lua_Integer>(self(L).units()));
  return 1;
}

// Methods.
int lag(lua_State* L, Arguments& a, const WeightsRef& W) {
  a.push("x");
  return lag_of(L, W, lua_gettop(L));
}

int standardize(lua_State* L, Arguments& a, const WeightsRef& W) {
  push_weights(L, spatial::standardised(*W, spatial::parse_standard(a.text("kind", "row"))));
  return 1;
}

int link(lua_State* L, Arguments& a, const WeightsRef& W) {
  const std::vector<std::string> units = ids_of(L, a, "units");
  if (units.size() != 2) throw core::Error("a link joins two units: W:link(\"Ningbo\", \"Zhoushan\")");
  push_weights(L, spatial::with_link(*W, units[0], units[1], a.number("weight", 1)));
  return 1;
}

int transpose(lua_State* L, Arguments&, const WeightsRef& W) {
  push_weights(L, spatial::transposed(*W));
  return 1;
}

int binary(lua_State* L, Arguments&, const WeightsRef& W) {
  push_weights(L, spatial::binary(*W));
  return 1;
}

int with_self(lua_State* L, Arguments& a, const WeightsRef& W) {
  push_weights(L, spatial::with_self(*W, a.number("weight", 1)));
  return 1;
}

/// The frame and the condition of subset(data, "year == 2016"); else data= and where=.
data::Frame frame_of_subset(lua_State* L, const Arguments& a) {
  formula::Tree where = a.tree("where");
  data::Frame frame = a.box()->frame;
  a.push("units");
  const int list = lua_gettop(L);
  if (lua_istable(L, list)) {
    lua_geti(L, list, 1);
    const FrameRef* given = test_value<FrameRef>(L, -1);
    if (given) frame = (*given)->frame;
    lua_geti(L, list, 2);
    if (given && lua_type(L, -1) == LUA_TSTRING) where = formula::parse(text_at(L, -1));
  }
  lua_settop(L, list - 1);
  return where ? frame.take(formula::rows_where(where, frame)) : frame;
}

bool starts_with_frame(lua_State* L, const Arguments& a) {
  const int top = lua_gettop(L);
  a.push("units");
  bool frame = false;
  if (lua_istable(L, -1)) {
    lua_geti(L, -1, 1);
    frame = test_value<FrameRef>(L, -1) != nullptr;
  }
  lua_settop(L, top);
  return frame;
}

/// subset{"A", "B"}, subset("A", 330100), subset(frame, "condition"), or subset(data=frame, where="…"): the units of
/// those rows.
int subset(lua_State* L, Arguments& a, const WeightsRef& W) {
  Weights made;
  if (a.has("units") && !starts_with_frame(L, a)) {
    const std::vector<std::string> ids = ids_of(L, a, "units");
    if (ids.empty())
      throw core::Error("subset keeps no unit").hint("W:subset{\"Ningbo\", \"Zhoushan\"}, or W:subset(where=\"…\")");
    made = spatial::subset(*W, ids);
  } else {
    const data::Frame frame = frame_of_subset(L, a);
    const spatial::Periods at = spatial::align(*W, frame);
    std::vector<std::uint32_t> units = at.unit;
    std::sort(units.begin(), units.end());
    units.erase(std::unique(units.begin(), units.end()), units.end());
    if (units.empty()) throw core::Error("subset keeps no unit: no row meets the condition");
    made = spatial::subset(*W, units);
  }
  if (made.links() == 0) print_notes({"the units that are kept have no links between them"});
  push_weights(L, std::move(made));
  return 1;
}

int with_id(lua_State* L, Arguments& a, const WeightsRef& W) {
  Weights made = *W;
  made.id_column = a.column_names("column").at(0);
  made.origin = 0;
  push_weights(L, std::move(made));
  return 1;
}

int weight(lua_State* L, Arguments& a, const WeightsRef& W) {
  spatial::require_constant(*W, "weight");
  const std::vector<std::string> units = ids_of(L, a, "units");
  if (units.size() != 2) throw core::Error("a weight belongs to two units: W:weight(\"Ningbo\", \"Zhoushan\")");
  lua_pushnumber(L, W->at(spatial::unit_of(*W, units[0]), spatial::unit_of(*W, units[1])));
  return 1;
}

int period(lua_State* L, Arguments& a, const WeightsRef& W) {
  if (W->by_period.empty()) throw core::Error("these weights do not change over time");
  a.push("period");
  const std::string name = printed_at(L, -1);
  lua_pop(L, 1);
  push_value<WeightsRef>(L, spatial::in_period(W, name));
  return 1;
}

void push_ids(lua_State* L, const Weights& W, std::span<const std::uint32_t> units) {
  lua_createtable(L, static_cast<int>(units.size()), 0);
  lua_Integer i = 0;
  for (const std::uint32_t u : units) {
    push_text(L, W.ids[u]);
    lua_rawseti(L, -2, ++i);
  }
  make_shown_list(L);
}

int neighbours(lua_State* L, Arguments& a, const WeightsRef& W) {
  spatial::require_constant(*W, "neighbours");
  const std::vector<std::string> unit = ids_of(L, a, "unit");
  if (unit.size() != 1) throw core::Error("neighbours are those of one unit: W:neighbours(\"Ningbo\")");
  push_ids(L, *W, W->neighbours(spatial::unit_of(*W, unit[0])));
  return 1;
}

int islands(lua_State* L, Arguments&, const WeightsRef& W) {
  push_ids(L, *W, spatial::islands(*W));
  return 1;
}

int eigenvalues(lua_State* L, Arguments&, const WeightsRef& W) {
  if (W->units() > spatial::most_dense)
    throw core::Error("all eigenvalues of " + std::to_string(W->units()) + " units take too long")
        .hint("the report of the weights shows their range");
  std::vector<std::complex<double>> values = spatial::eigenvalues(*W);
  std::sort(values.begin(), values.end(), [](const auto& x, const auto& y) { return x.real() < y.real(); });
  std::vector<double> real;
  for (const auto& value : values) real.push_back(value.real());
  push_number_list(L, real);
  make_shown_list(L);
  return 1;
}

int save(lua_State* L, Arguments& a, const WeightsRef& W) {
  spatial::require_constant(*W, "save");
  const std::string path = a.text("file");
  const std::size_t dot = path.rfind('.');
  const std::string ending = dot == std::string::npos ? "" : path.substr(dot);
  std::string text;
  if (ending == ".gal")
    text = spatial::write_gal(*W);
  else if (ending == ".gwt")
    text = spatial::write_gwt(*W);
  else if (ending == ".mtx")
    text = spatial::write_matrix_market(*W);
  else if (ending == ".csv")
    text = spatial::write_csv(*W);
  else
    throw core::Error("weights cannot be saved as '" + ending + "'")
        .hint("endings: .gal (links), .gwt, .mtx, .csv (links with weights)");
  report::write_file(path, text);
  lua_settop(L, 0);
  return 0;
}

int constants(lua_State* L, Arguments&, const WeightsRef& W) {
  const spatial::Constants c = spatial::constants(*W);
  push_fields(L, {{"S0", c.S0}, {"S1", c.S1}, {"S2", c.S2}, {"n", static_cast<double>(W->units())}}, "constant");
  return 1;
}

/// Links as lines between the places of the units.
int plot(lua_State* L, Arguments& a, const WeightsRef& W) {
  const data::Frame frame = a.box()->frame;
  const std::vector<double> x = formula::evaluate_numbers(a.tree("lon"), frame),
                            y = formula::evaluate_numbers(a.tree("lat"), frame);
  const spatial::Periods at = spatial::align(*W, frame);
  std::vector<double> lon(W->units(), std::nan("")), lat = lon;
  for (std::size_t r = 0; r < at.unit.size(); ++r) {
    lon[at.unit[r]] = x[r];
    lat[at.unit[r]] = y[r];
  }
  report::Figure figure;
  figure.title = a.text("title", "Links: " + W->source);
  figure.x_label = "longitude";
  figure.y_label = "latitude";
  figure.legend = false;
  report::Series lines{.mark = report::Mark::line, .color = 4};
  for (const spatial::Link& l : spatial::links_of(*W)) {
    if (l.to < l.from && W->at(l.to, l.from) != 0) continue;
    for (const std::uint32_t u : {l.from, l.to}) {
      lines.x.push_back(lon[u]);
      lines.y.push_back(lat[u]);
    }
    lines.x.push_back(std::nan(""));
    lines.y.push_back(std::nan(""));
  }
  figure.series.push_back(std::move(lines));
  figure.series.push_back({.mark = report::Mark::points, .x = lon, .y = lat, .color = 0});
  auto made = std::make_shared<const report::Figure>(std::move(figure));
  if (a.has("file")) {
    report::save(*made, a.text("file"));
    if (is_statement_call(L)) return 0;
  }
  push_value<FigureRef>(L, std::move(made));
  return 1;
}

const std::vector<Method<WeightsRef>>& methods() {
  const auto record = [](const std::string& name, const std::string& summary, std::vector<core::ArgSpec> args = {},
                         std::vector<core::OptionSpec> options = {}) {
    core::Record r{.name = name, .topic = "spatial", .summary = summary};
    r.args = std::move(args);
    r.options = std::move(options);
    return r;
  };
  const core::ArgSpec two{.name = "units", .kind = Kind::any, .doc = "two ids", .repeated = true};
  const core::OptionSpec data{
      .name = "data", .kind = Kind::frame, .doc = "the frame", .default_text = "the data in use"};
  static const std::vector<Method<WeightsRef>> all = {
      {record("lag", "W x: the mean or sum over the neighbours, as an expression for gen and formulas",
              {{.name = "x", .kind = Kind::any, .doc = "a column or an expression"}}),
       lag},
      {record("standardize", "The same links, their weights standardised anew from those before any standardisation",
              {{.name = "kind", .kind = Kind::text, .doc = "row, spectral, minmax, none", .optional = true}}),
       standardize},
      {record("link", "With a link between two units, both ways", {two},
              {{.name = "weight", .kind = Kind::number, .doc = "of the link", .default_text = "1"}}),
       link},
      {record("transpose", "Links turned round"), transpose},
      {record("binary", "1 for every link, not standardised"), binary},
      {record("with_self", "Every unit its own neighbour, too", {},
              {{.name = "weight", .kind = Kind::number, .doc = "of the link to itself", .default_text = "1"}}),
       with_self},
      {record("subset", "Some of the units: by ids, or those of the rows of a frame",
              {{.name = "units",
                .kind = Kind::any,
                .doc = "ids, or a frame and a condition",
                .optional = true,
                .repeated = true}},
              {data,
               {.name = "where", .kind = Kind::condition, .doc = "rows whose units to keep", .default_text = "all"}}),
       subset},
      {record("with_id", "The same weights, whose ids stand in this column",
              {{.name = "column", .kind = Kind::column, .doc = "the column that holds the ids"}}),
       with_id},
      {record("weight", "The weight of one link, 0 when there is none", {two}), weight},
      {record("neighbours", "Ids of a unit's neighbours", {{.name = "unit", .kind = Kind::any, .doc = "an id"}}),
       neighbours},
      {record("period", "Of weights that change over time, those of one period",
              {{.name = "period", .kind = Kind::any, .doc = "as the panel prints it"}}),
       period},
      {record("islands", "Ids of units without neighbours"), islands},
      {record("eigenvalues", "Real parts of the eigenvalues, ascending"), eigenvalues},
      {record("constants", "S0, S1, S2 and n of the formulas of Moran and Geary"), constants},
      {record("save", "Write a file: .gal, .gwt, .mtx, .csv", {{.name = "file", .kind = Kind::text, .doc = "path"}}),
       save},
      {record("plot", "A map of the links",
              {{.name = "lon", .kind = Kind::expression, .doc = "longitude or easting"},
               {.name = "lat", .kind = Kind::expression, .doc = "latitude or northing"}},
              {data,
               {.name = "title", .kind = Kind::text, .doc = "above the figure", .default_text = "what the links are"},
               {.name = "file", .kind = Kind::text, .doc = "where to save it", .default_text = "not saved"}}),
       plot},
  };
  return all;
}

int index(lua_State* L) {
  const Weights& W = self(L);
  const std::string name = printed_at(L, 2);
  if (push_method(L, methods(), name)) return 1;
  if (name == "n") {
    lua_pushinteger(L, static_cast<lua_Integer>(W.units()));
  } else if (name == "links") {
    spatial::require_constant(W, "links");
    lua_pushinteger(L, static_cast<lua_Integer>(W.links()));
  } else if (name == "source") {
    push_text(L, W.source);
  } else if (name == "id") {
    push_text(L, W.id_column);
  } else if (name == "standard") {
    push_text(L, spatial::name_of(W.standard));
  } else if (name == "components") {
    std::size_t count = 0;
    spatial::components(W, &count);
    lua_pushinteger(L, static_cast<lua_Integer>(count));
  } else if (name == "ids") {
    std::vector<std::uint32_t> all(W.units());
    for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
    push_ids(L, W, all);
  } else {
    std::vector<std::string> known = {"n", "links", "source", "id", "standard", "components", "ids"};
    for (const Method<WeightsRef>& method : methods()) known.push_back(method.record.name);
    throw no_field("spatial weights value", name, known);
  }
  return 1;
}

}  // namespace

void open_weights(lua_State* L) {
  constexpr std::array<luaL_Reg, 10> functions{{{"__show", guarded<show_weights>},
                                                {"__tostring", guarded<show_weights>},
                                                {"__index", guarded<index>},
                                                {"__mul", guarded<times>},
                                                {"__add", guarded<plus<1>>},
                                                {"__sub", guarded<plus<-1>>},
                                                {"__div", guarded<divide>},
                                                {"__pow", guarded<to_power>},
                                                {"__len", guarded<length>},
                                                {nullptr, nullptr}}};
  new_type<WeightsRef>(L, functions.data());
  lua_pop(L, 1);
  register_methods<WeightsRef>(L, methods());
}

}  // namespace bindings
