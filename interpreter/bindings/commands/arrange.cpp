// order, stack, xpose: columns in another order, below each other, as rows.
#include "bindings/open.hpp"
#include "bindings/verbs.hpp"
#include "core/text.hpp"
#include "data/verbs/keys.hpp"
#include "data/verbs/picked.hpp"
#include "data/verbs/rows.hpp"

#include <algorithm>

namespace bindings {
namespace {

using core::Kind;

int order(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  std::vector<std::string> moved = a.column_names("columns");
  if (moved.empty()) moved = box->frame.names();
  data::columns_of(box->frame, moved);
  if (a.boolean("alphabetic")) std::sort(moved.begin(), moved.end());
  const int places = (a.boolean("last") ? 1 : 0) + (a.has("before") ? 1 : 0) + (a.has("after") ? 1 : 0);
  if (places > 1) throw core::Error("last=, before= and after= exclude each other");
  std::vector<std::string> rest;
  for (const std::string& name : box->frame.names())
    if (std::find(moved.begin(), moved.end(), name) == moved.end()) rest.push_back(name);
  auto at = a.boolean("last") ? rest.end() : rest.begin();
  if (a.has("before") || a.has("after")) {
    const std::string neighbour = a.column_names(a.has("before") ? "before" : "after").at(0);
    box->frame.at(neighbour);
    at = std::find(rest.begin(), rest.end(), neighbour);
    if (at == rest.end()) throw core::Error("'" + neighbour + "' is among the columns that move").word(neighbour);
    if (a.has("after")) ++at;
  }
  rest.insert(at, moved.begin(), moved.end());
  return finish(L, a, box, box->frame.selected(rest));
}

int stack(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  const std::vector<std::string> columns = a.column_names("columns");
  const std::vector<std::string> into = option_names(a, "into", box->frame);
  if (into.empty()) throw core::Error("option 'into' is missing").hint("stack(x1, y1, x2, y2, into={\"x\", \"y\"})");
  if (columns.size() % into.size() != 0)
    throw core::Error(core::counted(static_cast<long long>(columns.size()), "column") + " cannot go into " +
                      std::to_string(into.size()) + " by turns")
        .word("into");
  const std::vector<std::string> carried = a.column_names("keep");
  const std::size_t blocks = columns.size() / into.size();
  const std::size_t n = box->frame.rows();
  data::check_size(static_cast<double>(n) * static_cast<double>(blocks), into.size() + carried.size() + 1, "stack");
  data::Frame made(box->frame.name());
  std::vector<std::int64_t> number(n * blocks);
  for (std::size_t i = 0; i < number.size(); ++i) number[i] = static_cast<std::int64_t>(i / n) + 1;
  made = made.with("_stack", data::Column::integers(std::move(number)));
  const auto add = [&](const std::string& name, const std::vector<data::Part>& parts) {
    if (made.has(name)) throw core::Error("there would be two columns '" + name + "'").word(name);
    made = made.with(name, data::stacked(parts, name));
  };
  for (const std::string& name : carried)
    add(name, std::vector<data::Part>(blocks, {box->frame.at(name), n, box->frame.name()}));
  for (std::size_t k = 0; k < into.size(); ++k) {
    std::vector<data::Part> parts;
    for (std::size_t b = 0; b < blocks; ++b)
      parts.push_back({box->frame.at(columns[b * into.size() + k]), n, box->frame.name()});
    add(into[k], parts);
  }
  if (box->frame.panel()) print_notes({"the panel index is dropped"});
  say(L, rows_text(n) + " → " + rows_text(made.rows()));
  return finish(L, a, box, std::move(made));
}

int xpose(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  data::Frame made = data::transposed(box->frame, a.has("names") ? a.column_names("names").at(0) : "");
  if (box->frame.panel()) print_notes({"the panel index is dropped"});
  say(L, rows_text(made.rows()) + ", " + core::counted(static_cast<long long>(made.width()), "column"));
  return finish(L, a, box, std::move(made));
}

}  // namespace

void add_arrange_commands(Registry& registry) {
  registry.add(whole_frame(
      {.name = "order",
       .topic = "data",
       .summary = "Moves columns to the front, or to another place",
       .args = {{.name = "columns",
                 .kind = Kind::columns,
                 .doc = "the columns, in the order they shall have; all when none is named",
                 .optional = true,
                 .repeated = true}},
       .options = {{.name = "last", .kind = Kind::boolean, .doc = "to the end", .default_text = "false"},
                   {.name = "before", .kind = Kind::column, .doc = "before this column", .default_text = {}},
                   {.name = "after", .kind = Kind::column, .doc = "after this column", .default_text = {}},
                   {.name = "alphabetic", .kind = Kind::boolean, .doc = "sorted by name", .default_text = "false"},
                   copy_option()},
       .example = "order(city, year, after=province)"},
      order));
  registry.add(whole_frame(
      {.name = "stack",
       .topic = "data",
       .summary = "Puts groups of columns below each other",
       .args = {{.name = "columns", .kind = Kind::columns, .doc = "x1, y1, x2, y2, …", .repeated = true}},
       .options = {{.name = "into", .kind = Kind::texts, .doc = "names of the columns they make", .default_text = {}},
                   {.name = "keep", .kind = Kind::columns, .doc = "columns to repeat beside them", .default_text = {}},
                   copy_option()},
       .example = "stack(x1, y1, x2, y2, into={\"x\", \"y\"})"},
      stack));
  registry.add(whole_frame({.name = "xpose",
                            .topic = "data",
                            .summary = "Turns rows into columns and columns into rows",
                            .options = {{.name = "names",
                                         .kind = Kind::column,
                                         .doc = "a column whose values name the new columns",
                                         .default_text = "v1, v2, …"},
                                        copy_option()},
                            .example = "xpose(names=indicator)"},
                           xpose));
}

}  // namespace bindings
