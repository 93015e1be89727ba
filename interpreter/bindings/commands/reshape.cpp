// reshape: long and wide.
#include "data/verbs/reshape.hpp"
#include "bindings/open.hpp"
#include "bindings/verbs.hpp"
#include "core/text.hpp"

namespace bindings {
namespace {

using core::Kind;

int reshape(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  const std::string shape = a.text("shape");
  if (shape != "long" && shape != "wide")
    throw core::Error("reshape makes \"long\" or \"wide\" data, not \"" + shape + "\"")
        .word(shape)
        .hint("reshape(\"long\", {\"gdp\", \"pop\"}, i=city, j=year)");
  data::ReshapeOptions options;
  options.stubs = words_of_any(L, a, "stubs");
  if (options.stubs.empty())
    throw core::Error("no columns are named").hint("reshape(\"wide\", {gdp, pop}, i=city, j=year)");
  if (!a.has("i") || !a.has("j"))
    throw core::Error(std::string("option '") + (a.has("i") ? "j" : "i") + "' is missing")
        .hint("i= identifies the rows of the wide data, j= is the column that tells its columns apart");
  options.i = a.column_names("i");
  options.j = a.column_names("j").at(0);
  options.text_j = a.boolean("string");
  options.separator = a.text("separator");
  const bool to_long = shape == "long";
  if (!to_long && a.has("string"))
    throw core::Error("option 'string' is for long data: wide names columns by any j").word("string");
  data::Reshaped made = to_long ? data::reshape_long(box->frame, options) : data::reshape_wide(box->frame, options);
  print_notes(made.notes);
  std::string values = core::counted(static_cast<long long>(made.values.size()), "value") + " of " + options.j;
  if (!made.values.empty())
    values += " (" + made.values.front() + (made.values.size() > 1 ? " to " + made.values.back() : "") + ")";
  say(L, rows_text(box->frame.rows()) + ", " + core::counted(static_cast<long long>(box->frame.width()), "column") +
             " → " + rows_text(made.frame.rows()) + ", " +
             core::counted(static_cast<long long>(made.frame.width()), "column") + "; " + values);
  return finish(L, a, box, std::move(made.frame));
}

}  // namespace

void add_reshape_command(Registry& registry) {
  registry.add(whole_frame(
      {.name = "reshape",
       .topic = "data",
       .summary = "Turns columns gdp2010, gdp2011, … into rows, or rows into such columns",
       .args = {{.name = "shape", .kind = Kind::text, .doc = "\"long\" or \"wide\""},
                {.name = "stubs",
                 .kind = Kind::any,
                 .doc = "what the wide columns' names begin with; wide: the columns to spread"}},
       .options =
           {{.name = "i", .kind = Kind::columns, .doc = "identify the rows of the wide data", .default_text = {}},
            {.name = "j",
             .kind = Kind::column,
             .doc = "the column that tells the wide columns apart",
             .default_text = {}},
            {.name = "string", .kind = Kind::boolean, .doc = "long: j may be any text", .default_text = "false"},
            {.name = "separator", .kind = Kind::text, .doc = "between stub and j", .default_text = "\"\""},
            copy_option()},
       .example = "reshape(\"long\", {\"gdp\", \"pop\"}, i=city, j=year)"},
      reshape));
}

}  // namespace bindings
