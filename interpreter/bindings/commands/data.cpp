// Files in and out, and frames made from Lua values.
#include "bindings/frame_values.hpp"
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "bindings/verbs.hpp"
#include "core/near.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "data/csv.hpp"
#include "formula/evaluate.hpp"

#include <sys/stat.h>
#include <cstdio>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;

std::vector<OptionSpec> reading_options() {
  return {{.name = "delimiter",
           .kind = Kind::text,
           .doc = "one character, or \"whitespace\"; found by itself",
           .default_text = {}},
          {.name = "encoding",
           .kind = Kind::text,
           .doc = "\"UTF-8\", \"GB18030\", \"UTF-16\", …; found by itself",
           .default_text = {}},
          {.name = "header",
           .kind = Kind::boolean,
           .doc = "whether the first line holds names; found by itself",
           .default_text = {}},
          {.name = "skip", .kind = Kind::integer, .doc = "lines to pass over", .default_text = "0", .min = 0},
          {.name = "rows", .kind = Kind::integer, .doc = "read at most so many rows", .default_text = {}, .min = 0},
          {.name = "columns", .kind = Kind::texts, .doc = "read these columns, in this order", .default_text = {}},
          {.name = "types",
           .kind = Kind::list,
           .doc = "types by column: {code=\"string\", year=\"integer\"}",
           .default_text = {}},
          {.name = "na",
           .kind = Kind::texts,
           .doc = "cells that are missing, beside empty ones",
           .default_text = "NA . NaN"},
          {.name = "decimal", .kind = Kind::text, .doc = "decimal mark", .default_text = {}, .one_of = {".", ","}},
          {.name = "quote", .kind = Kind::text, .doc = "quote character; \"\" for none", .default_text = "\""},
          {.name = "fill", .kind = Kind::boolean, .doc = "short rows end in missing values", .default_text = "false"}};
}

data::Type type_of(const std::string& column, const std::string& word) {
  static const std::vector<std::string> names = {"double", "integer", "boolean", "string", "date"};
  static const std::vector<data::Type> types = {data::Type::real, data::Type::integer, data::Type::boolean,
                                                data::Type::text, data::Type::date};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == word) return types[i];
  throw core::Error("'" + word + "' (for column '" + column + "') is not a type")
      .hint(core::did_you_mean(word, names, "types"));
}

char one_character(const Arguments& a, const std::string& option) {
  const std::string text = a.text(option);
  if (text.size() > 1) throw core::Error("option '" + option + "' takes one character, not \"" + text + "\"");
  return text.empty() ? '\0' : text[0];
}

data::Frame read_file(lua_State* L, const Arguments& a) {
  data::CsvOptions options;
  options.delimiter = a.text("delimiter");
  if (options.delimiter == "tab") options.delimiter = "\t";
  options.encoding = a.text("encoding");
  if (a.has("header")) options.header = a.boolean("header");
  options.skip = static_cast<std::size_t>(a.integer("skip"));
  if (a.has("rows")) options.rows = static_cast<std::size_t>(a.integer("rows"));
  options.columns = a.texts("columns");
  if (a.has("na")) options.na = a.texts("na");
  if (a.has("decimal")) options.decimal = one_character(a, "decimal");
  if (a.has("quote")) options.quote = one_character(a, "quote");
  options.fill = a.boolean("fill");
  if (a.has("types")) {
    a.push("types");
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
      const std::string column = printed_at(L, -2);
      options.types[column] = type_of(column, printed_at(L, -1));
    }
    lua_pop(L, 1);
  }
  data::CsvReport report;
  data::Frame frame = data::read_csv(a.text("file"), options, &report);
  std::fflush(stdout);
  for (const std::string& note : report.notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  return frame;
}

void say_size(const data::Frame& frame) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s: %s, %s\n", frame.name().c_str(),
               core::counted(static_cast<long long>(frame.rows()), "row").c_str(),
               core::counted(static_cast<long long>(frame.width()), "column").c_str());
}

int use(lua_State* L, Arguments& a) {
  a.push("file");
  if (const FrameRef* frame = test_value<FrameRef>(L, -1)) {
    session(L).use(*frame);
  } else if (lua_type(L, -1) == LUA_TSTRING) {
    session(L).use(read_file(L, a));
    if (is_statement_call(L)) say_size(session(L).in_use()->frame);
  } else {
    throw core::Error("use takes a file name or a frame, not " + described(L, -1));
  }
  return 0;
}

int read(lua_State* L, Arguments& a) {
  push_frame(L, read_file(L, a));
  return 1;
}

int save(lua_State*, Arguments& a) {
  const std::string path = a.text("file");
  const std::size_t dot = path.rfind('.');
  const std::string ending = dot == std::string::npos ? "" : core::lower(path.substr(dot));
  if (ending != ".csv" && ending != ".tsv" && ending != ".txt")
    throw core::Error("data is saved as .csv, .tsv or .txt, not '" + ending + "'").word(path);
  struct stat there {};
  if (a.has("replace") && !a.boolean("replace") && stat(path.c_str(), &there) == 0)
    throw core::Error("'" + path + "' exists").hint("replace=true writes over it");
  data::Frame frame = a.frame();
  if (const formula::Tree where = a.tree("where")) frame = frame.take(formula::rows_where(where, frame));
  data::write_csv(frame, path, ending == ".tsv" ? '\t' : ',');
  return 0;
}

int frame(lua_State* L, Arguments& a) {
  data::Frame made("frame");
  const auto add = [&](const std::string& name, int index) {
    const data::ColumnPtr column = column_of_values(L, index, name, made.width() ? made.rows() : 0);
    if (made.width() && column->size() != made.rows())
      throw core::Error("column '" + name + "' has " + core::counted(static_cast<long long>(column->size()), "value") +
                        ", the columns before it " + std::to_string(made.rows()));
    made = made.with(name, column);
  };
  if (a.has("columns")) {
    a.push("columns");
    const int table = lua_gettop(L);
    for (const std::string& name : sorted_keys(L, table)) {
      lua_getfield(L, table, name.c_str());
      add(name, lua_gettop(L));
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
  }
  for (const std::string& name : a.keywords()) {
    a.push_keyword(name);
    add(name, lua_gettop(L));
    lua_pop(L, 1);
  }
  if (made.width() == 0) throw core::Error("a frame needs columns").hint("frame{city={\"A\", \"B\"}, y={1.5, 2}}");
  push_frame(L, made);
  return 1;
}

int data_in_use_command(lua_State* L, Arguments&) {
  push_value(L, data_in_use(L));
  return 1;
}

int threads(lua_State* L, Arguments& a) {
  if (a.has("count")) core::set_threads(static_cast<int>(a.integer("count")));
  lua_pushinteger(L, core::threads());
  return 1;
}

}  // namespace

void add_data_commands(Registry& registry) {
  registry.add({{.name = "use",
                 .topic = "data",
                 .summary = "Reads a file (or takes a frame) and makes it the data in use",
                 .args = {{.name = "file", .kind = Kind::any, .doc = "path of a delimited text file, or a frame"}},
                 .options = reading_options(),
                 .example = "use \"cities.csv\""},
                use,
                false});
  registry.add({{.name = "read",
                 .topic = "data",
                 .summary = "Reads a file into a frame of its own",
                 .args = {{.name = "file", .kind = Kind::text, .doc = "path of a delimited text file"}},
                 .options = reading_options(),
                 .example = "df = read(\"cities.csv\")"},
                read,
                false});
  registry.add(
      {{.name = "save",
        .topic = "data",
        .summary = "Writes the data in use as delimited text; numbers read back exactly",
        .args = {{.name = "file", .kind = Kind::text, .doc = "path ending in .csv, .tsv or .txt"}},
        .options =
            {{.name = "where", .kind = Kind::condition, .doc = "rows to write", .default_text = {}, .aliases = {"if"}},
             {.name = "replace",
              .kind = Kind::boolean,
              .doc = "false: an existing file is an error",
              .default_text = "true"}},
        .example = "save(\"clean.csv\", data=df)"},
       save});
  registry.add({{.name = "frame",
                 .topic = "data",
                 .summary = "Makes a frame from lists",
                 .args = {{.name = "columns",
                           .kind = Kind::list,
                           .doc = "{name={values…}, …}; columns come in alphabetical order",
                           .optional = true}},
                 .example = "df = frame(city={\"A\", \"B\"}, y={1.5, 2})",
                 .open_keywords = true},
                frame,
                false});
  registry.add({{.name = "data", .topic = "data", .summary = "The data in use, as a frame", .example = "n = #data()"},
                data_in_use_command,
                false});
  registry.add({{.name = "threads",
                 .topic = "help",
                 .summary = "How many threads kernels use; results never depend on it",
                 .args = {{.name = "count", .kind = Kind::integer, .doc = "sets it", .optional = true}},
                 .example = "threads(2)"},
                threads,
                false});
  add_row_commands(registry);
  add_column_commands(registry);
  add_listing_commands(registry);
  add_verbs(registry);
}

}  // namespace bindings
