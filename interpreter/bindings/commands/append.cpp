// append, cross: other frames below this one, and every row with every row.
#include "data/verbs/append.hpp"
#include "bindings/open.hpp"
#include "bindings/verbs.hpp"
#include "core/text.hpp"
#include "data/verbs/cross.hpp"

#include <algorithm>

namespace bindings {
namespace {

using core::Kind;

int append(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  const std::vector<data::Frame> others = frames_or_files(L, a, "using");
  if (others.empty()) throw core::Error("nothing to append").hint("append(\"2021.csv\", \"2022.csv\")");
  data::Appended appended =
      data::append(box->frame, others, option_names(a, "keep", others.front()), a.boolean("force"));
  data::Frame made = appended.frame;
  if (a.has("generate")) {
    std::vector<std::int64_t> source(box->frame.rows(), 0);
    for (std::size_t k = 0; k < others.size(); ++k)
      source.insert(source.end(), others[k].rows(), static_cast<std::int64_t>(k + 1));
    made = with_new(made, a.text("generate"), data::Column::integers(std::move(source))->labelled("Source of the row"),
                    "generate");
  }
  print_notes(appended.notes);
  say(L, rows_text(made.rows() - box->frame.rows()) + " appended; " + rows_text(made.rows()));
  return finish(L, a, box, std::move(made));
}

int cross(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  const std::vector<std::string> for_dyads = {"pairs", "self", "by", "distance", "suffixes", "generate"};
  if (a.has("using")) {
    if (a.has("unit")) throw core::Error("cross takes another frame or unit=, not both").word("unit");
    for (const std::string& option : for_dyads)
      if (a.has(option)) throw core::Error("option '" + option + "' goes with unit=").word(option);
    a.push("using");
    const data::Frame other = frame_or_file(L, -1, "using");
    lua_pop(L, 1);
    data::Frame made = data::cross(box->frame, other);
    std::vector<std::string> notes;
    if (box->frame.panel()) notes.emplace_back("the panel index is dropped: units and times are repeated");
    print_notes(notes);
    say(L, rows_text(made.rows()));
    return finish(L, a, box, std::move(made));
  }
  if (!a.has("unit"))
    throw core::Error("nothing to cross with")
        .hint("cross(other) crosses with another frame, cross(unit=city) pairs the cities");
  data::DyadOptions options;
  options.unit = a.column_names("unit").at(0);
  options.within = a.column_names("by");
  options.directed = a.text("pairs", "directed") == "directed";
  options.self = a.boolean("self");
  if (a.has("suffixes")) {
    const std::vector<std::string> suffixes = a.texts("suffixes");
    if (suffixes.size() != 2 || suffixes[0] == suffixes[1])
      throw core::Error("suffixes= takes two different texts").word("suffixes").hint("suffixes={\"_o\", \"_d\"}");
    options.suffixes = {suffixes[0], suffixes[1]};
  }
  if (a.has("distance")) {
    const std::vector<std::string> names = a.column_names("distance");
    if (names.size() != 2)
      throw core::Error("distance= takes two columns").word("distance").hint("distance={lon, lat}, in degrees");
    options.longitude = names[0];
    options.latitude = names[1];
    options.distance = a.text("generate", "distance");
  } else if (a.has("generate")) {
    throw core::Error("generate= names the distance: distance={lon, lat} is missing").word("generate");
  }
  data::Dyads made = data::dyads(box->frame, options);
  if (!made.left_out.empty())
    made.left_out = {core::join(made.left_out, ", ") + (made.left_out.size() == 1 ? " varies" : " vary") + " within " +
                     options.unit + " and " + (made.left_out.size() == 1 ? "is" : "are") + " left out (by=)"};
  if (box->frame.panel()) made.left_out.emplace_back("the panel index is dropped: rows are pairs of units now");
  print_notes(made.left_out);
  say(L, core::grouped(static_cast<long long>(made.frame.rows())) + (options.directed ? " directed" : " undirected") +
             (made.frame.rows() == 1 ? " pair" : " pairs"));
  return finish(L, a, box, std::move(made.frame));
}

}  // namespace

void add_append_commands(Registry& registry) {
  registry.add(whole_frame(
      {.name = "append",
       .topic = "data",
       .summary = "Puts the rows of other frames below these; columns go by name",
       .args = {{.name = "using", .kind = Kind::any, .doc = "frames, or names of files", .repeated = true}},
       .options =
           {{.name = "generate",
             .kind = Kind::text,
             .doc = "name of a column: 0 for these rows, 1, 2, … for those of each frame",
             .default_text = {}},
            {.name = "keep", .kind = Kind::texts, .doc = "columns to take from the others", .default_text = "all"},
            {.name = "force",
             .kind = Kind::boolean,
             .doc = "where text meets numbers, make the others' values missing",
             .default_text = "false"},
            copy_option()},
       .example = "append(\"2021.csv\", \"2022.csv\", generate=\"source\")"},
      append));
  registry.add(whole_frame(
      {.name = "cross",
       .topic = "data",
       .summary = "Pairs every row with every row of another frame, or the units with each other",
       .args = {{.name = "using", .kind = Kind::any, .doc = "another frame, or the name of a file", .optional = true}},
       .options =
           {{.name = "unit", .kind = Kind::column, .doc = "pair these units with each other", .default_text = {}},
            {.name = "pairs",
             .kind = Kind::text,
             .doc = "both (a, b) and (b, a), or one of them",
             .default_text = "directed",
             .one_of = {"directed", "undirected"}},
            {.name = "self", .kind = Kind::boolean, .doc = "also (a, a)", .default_text = "false"},
            {.name = "by", .kind = Kind::columns, .doc = "pair only within these", .default_text = {}},
            {.name = "distance",
             .kind = Kind::columns,
             .doc = "longitude and latitude in degrees: also the great-circle distance in km",
             .default_text = {}},
            {.name = "generate", .kind = Kind::text, .doc = "name of the distance", .default_text = "distance"},
            {.name = "suffixes", .kind = Kind::texts, .doc = "of the two sides", .default_text = "_i _j"},
            copy_option()},
       .source = "great circle: Sinnott (1984), Sky and Telescope 68(2)",
       .example = "cross(unit=city, distance={lon, lat}, pairs=\"undirected\")"},
      cross));
}

}  // namespace bindings
