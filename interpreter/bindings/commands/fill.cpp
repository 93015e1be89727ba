// fillin, tsfill: rows that are not there.
#include "bindings/open.hpp"
#include "bindings/verbs.hpp"
#include "core/text.hpp"
#include "data/verbs/fillin.hpp"

namespace bindings {
namespace {

using core::Kind;

int fillin(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  const std::string name = a.text("generate", "_fillin");
  with_new(box->frame, name, data::Column::booleans(std::vector<std::uint8_t>(box->frame.rows())), "generate");
  data::Filled filled = data::fillin(box->frame, a.column_names("columns"));
  const data::Frame made = with_new(
      filled.frame, name, data::Column::booleans(std::move(filled.added))->labelled("Row added by fillin"), "generate");
  print_notes(filled.notes);
  say(L, rows_text(filled.count) + " added; " + rows_text(made.rows()));
  return finish(L, a, box, made);
}

int tsfill(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  data::Filled filled = data::fill_times(box->frame, a.boolean("full"));
  data::Frame made = filled.frame;
  if (a.has("generate"))
    made = with_new(made, a.text("generate"),
                    data::Column::booleans(std::move(filled.added))->labelled("Row added by tsfill"), "generate");
  print_notes(filled.notes);
  say(L, rows_text(filled.count) + " added; " + rows_text(made.rows()));
  return finish(L, a, box, std::move(made));
}

}  // namespace

void add_fill_commands(Registry& registry) {
  registry.add(
      whole_frame({.name = "fillin",
                   .topic = "data",
                   .summary = "Adds rows so that every combination of the columns' values is there",
                   .args = {{.name = "columns", .kind = Kind::columns, .doc = "two columns or more", .repeated = true}},
                   .options = {{.name = "generate",
                                .kind = Kind::text,
                                .doc = "name of the column that marks added rows",
                                .default_text = "_fillin"},
                               copy_option()},
                   .example = "fillin(city, year)"},
                  fillin));
  registry.add(whole_frame({.name = "tsfill",
                            .topic = "data",
                            .summary = "Adds the periods that units of a panel miss",
                            .options = {{.name = "full",
                                         .kind = Kind::boolean,
                                         .doc = "all units get all periods: a balanced panel",
                                         .default_text = "false"},
                                        {.name = "generate",
                                         .kind = Kind::text,
                                         .doc = "name of a column that marks added rows",
                                         .default_text = {}},
                                        copy_option()},
                            .example = "tsfill(full=true)"},
                           tsfill));
}

}  // namespace bindings
