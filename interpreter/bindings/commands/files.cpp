// use, read, save: data files of every kind in and out.
#include "files/files.hpp"
#include "bindings/frame_values.hpp"
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"

#include <sys/stat.h>
#include <algorithm>
#include <cstdio>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;

std::vector<OptionSpec> reading_options() {
  return {
      {.name = "format",
       .kind = Kind::text,
       .doc = "what the file is, whatever its ending",
       .default_text = {},
       .one_of = files::readable_formats(),
       .aliases = {"as"}},
      {.name = "columns", .kind = Kind::texts, .doc = "read these columns, in this order", .default_text = {}},
      {.name = "rows", .kind = Kind::integer, .doc = "read at most so many rows", .default_text = {}, .min = 0},
      {.name = "types",
       .kind = Kind::list,
       .doc = "types by column: {code=\"string\", year=\"integer\"} (text, sheets, JSON, SQLite)",
       .default_text = {}},
      {.name = "encoding",
       .kind = Kind::text,
       .doc = "\"UTF-8\", \"GB18030\", …; found by itself (text, Stata, SPSS, SAS, shapefiles)",
       .default_text = {}},
      {.name = "header",
       .kind = Kind::boolean,
       .doc = "whether the first line or row holds names; found by itself (text, sheets)",
       .default_text = {}},
      {.name = "na",
       .kind = Kind::texts,
       .doc = "further cells that are missing, beside empty ones and NA, N/A, n/a, #N/A, NaN, nan and . (text, "
              "sheets); {}: "
              "empty ones alone",
       .default_text = ""},
      {.name = "delimiter",
       .kind = Kind::text,
       .doc = "one character, or \"whitespace\"; found by itself (text)",
       .default_text = {}},
      {.name = "skip", .kind = Kind::integer, .doc = "lines to pass over (text)", .default_text = "0", .min = 0},
      {.name = "decimal", .kind = Kind::text, .doc = "decimal mark (text)", .default_text = {}, .one_of = {".", ","}},
      {.name = "thousands",
       .kind = Kind::text,
       .doc = "separator of thousands; \"\" for none (text)",
       .default_text = "found"},
      {.name = "dates",
       .kind = Kind::text,
       .doc = "order of dates that are not yyyy-mm-dd; \"none\" leaves them text (text)",
       .default_text = "found",
       .one_of = {"dmy", "mdy", "ymd", "none"}},
      {.name = "quote", .kind = Kind::text, .doc = "quote character; \"\" for none (text)", .default_text = "\""},
      {.name = "fill",
       .kind = Kind::boolean,
       .doc = "short rows end in missing values (text)",
       .default_text = "false"},
      {.name = "sheet", .kind = Kind::any, .doc = "name or number of a sheet", .default_text = "the first"},
      {.name = "range",
       .kind = Kind::text,
       .doc = "part of a sheet: \"B3:F40\", \"B3\", \"B:F\", \"3:40\"",
       .default_text = {}},
      {.name = "table", .kind = Kind::text, .doc = "table of a database, layer of a GeoPackage", .default_text = {}},
      {.name = "query", .kind = Kind::text, .doc = "an SQL select (SQLite)", .default_text = {}},
      {.name = "labels",
       .kind = Kind::boolean,
       .doc = "value labels make categories (Stata, SPSS, SAS)",
       .default_text = "true"}};
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

/// The names of the record's options that the call gave.
std::vector<std::string> given_options(const Arguments& a, const std::vector<std::string>& others) {
  std::vector<std::string> out;
  for (const OptionSpec& option : a.command().record.options)
    if (a.has(option.name) && std::find(others.begin(), others.end(), option.name) == others.end())
      out.push_back(option.name);
  return out;
}

/// sheet= as text: a number counts from 1.
std::string sheet_of(lua_State* L, const Arguments& a) {
  a.push("sheet");
  const std::string sheet = lua_isnil(L, -1) ? "" : printed_at(L, -1);
  if (!lua_isnil(L, -1) && lua_type(L, -1) != LUA_TSTRING && !lua_isinteger(L, -1))
    throw core::Error("option 'sheet' takes a name or a number, not " + described(L, -1));
  lua_pop(L, 1);
  return sheet;
}

void say_notes(const files::Report& report) {
  std::fflush(stdout);
  for (const std::string& note : report.notes) std::fprintf(stderr, "note: %s\n", note.c_str());
}

data::Frame read_file(lua_State* L, const Arguments& a) {
  files::ReadOptions options;
  options.given = given_options(a, {});
  options.format = a.text("format");
  options.csv.delimiter = a.text("delimiter");
  if (options.csv.delimiter == "tab") options.csv.delimiter = "\t";
  options.csv.encoding = a.text("encoding");
  if (a.has("header")) options.csv.header = a.boolean("header");
  options.csv.skip = static_cast<std::size_t>(a.integer("skip"));
  if (a.has("rows")) options.csv.rows = static_cast<std::size_t>(a.integer("rows"));
  options.csv.columns = a.texts("columns");
  if (a.has("na")) {
    const std::vector<std::string> more = a.texts("na");
    if (more.empty()) options.csv.na.clear();
    options.csv.na.insert(options.csv.na.end(), more.begin(), more.end());
  }
  if (a.has("decimal")) options.csv.decimal = one_character(a, "decimal");
  if (a.has("quote")) options.csv.quote = one_character(a, "quote");
  options.csv.fill = a.boolean("fill");
  options.csv.dates = a.text("dates");
  if (a.has("thousands")) options.csv.thousands = a.text("thousands").empty() ? '-' : one_character(a, "thousands");
  if (a.has("types")) {
    a.push("types");
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
      const std::string column = printed_at(L, -2);
      options.csv.types[column] = type_of(column, printed_at(L, -1));
    }
    lua_pop(L, 1);
  }
  options.sheet = sheet_of(L, a);
  options.range = a.text("range");
  options.table = a.text("table");
  options.query = a.text("query");
  options.labels = a.boolean("labels", true);
  files::Report report;
  data::Frame frame = files::read(a.text("file"), options, &report);
  say_notes(report);
  return frame;
}

void say_size(const data::Frame& frame) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s: %s, %s\n", frame.name().c_str(),
               core::counted(static_cast<long long>(frame.rows()), "row").c_str(),
               core::counted(static_cast<long long>(frame.width()), "column").c_str());
  if (frame.geometry()) std::fprintf(stderr, "shapes: %s\n", data::summary(*frame.geometry(), frame.shapes()).c_str());
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

int save(lua_State* L, Arguments& a) {
  const std::string path = a.text("file");
  struct stat there {};
  if (a.has("replace") && !a.boolean("replace") && stat(path.c_str(), &there) == 0)
    throw core::Error("'" + path + "' exists").hint("replace=true writes over it");
  data::Frame frame = a.frame();
  if (const formula::Tree where = a.tree("where")) frame = frame.take(formula::rows_where(where, frame));
  files::WriteOptions options;
  options.given = given_options(a, {"where", "replace", "data"});
  options.format = a.text("format");
  options.sheet = sheet_of(L, a);
  if (a.has("version")) options.version = static_cast<int>(a.integer("version"));
  files::Report report;
  files::write(frame, path, options, &report);
  say_notes(report);
  return 0;
}

}  // namespace

void add_file_commands(Registry& registry) {
  registry.add({{.name = "use",
                 .topic = "data",
                 .summary = "Reads a file (or takes a frame) and makes it the data in use",
                 .args = {{.name = "file", .kind = Kind::any, .doc = "path of a data file, or a frame"}},
                 .options = reading_options(),
                 .example = "use \"cities.csv\""},
                use,
                false});
  registry.add({{.name = "read",
                 .topic = "data",
                 .summary = "Reads a file into a frame of its own",
                 .args = {{.name = "file", .kind = Kind::text, .doc = "path of a data file"}},
                 .options = reading_options(),
                 .example = "df = read(\"cities.xlsx\", sheet=\"2019\")"},
                read,
                false});
  registry.add(
      {{.name = "save",
        .topic = "data",
        .summary = "Writes the data in use as a file; numbers read back exactly (.xlsx: to 16 digits)",
        .args = {{.name = "file", .kind = Kind::text, .doc = "path; its ending says the format"}},
        .options =
            {{.name = "where", .kind = Kind::condition, .doc = "rows to write", .default_text = {}, .aliases = {"if"}},
             {.name = "replace",
              .kind = Kind::boolean,
              .doc = "false: an existing file is an error",
              .default_text = "true"},
             {.name = "format",
              .kind = Kind::text,
              .doc = "the format, whatever the ending",
              .default_text = {},
              .one_of = files::writable_formats(),
              .aliases = {"as"}},
             {.name = "version",
              .kind = Kind::integer,
              .doc = "of the Stata format: 113, 114, 115, 117, 118, 119",
              .default_text = "118"},
             {.name = "sheet", .kind = Kind::any, .doc = "name of the Excel sheet", .default_text = "Sheet1"}},
        .example = "save(\"clean.dta\", data=df)"},
       save});
}

}  // namespace bindings
