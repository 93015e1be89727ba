// What the verbs that make a new frame share: another frame given as a value or a file, storing or handing back the
// result, notes.
#pragma once

#include "bindings/frame_values.hpp"
#include "core/record.hpp"

#include <string>
#include <vector>

namespace bindings {

/// The frame at `index`, or read from the file it names with the command `read`. Throws core::Error for other values.
data::Frame frame_or_file(lua_State* L, int index, const std::string& argument);
/// The same for every value of a repeated argument of kind any.
std::vector<data::Frame> frames_or_files(lua_State* L, const Arguments& a, const std::string& argument);

/// Puts the frame into its box; with copy=true leaves the box alone and pushes a new frame. Returns the number of
/// results.
int finish(lua_State* L, const Arguments& a, const FrameRef& box, data::Frame made);
core::OptionSpec copy_option();

/// A command that works on the whole frame: it takes data=, but no where=.
Command whole_frame(core::Record record, std::function<int(lua_State*, Arguments&)> run);
/// Names in an option of texts: "a b", {"a", "b"}; a name of the frame with a blank in it is taken whole.
std::vector<std::string> option_names(const Arguments& a, const std::string& option, const data::Frame& frame);

/// The frame's panel. Throws core::Error naming the command when none is declared, or, with_units, only its time.
const data::Panel& declared_panel(const data::Frame& frame, const std::string& command, bool with_units = false);

/// "note: …" on standard error, a line each.
void print_notes(const std::vector<std::string>& notes);
/// A line on standard error, when the call stands as a statement.
void say(lua_State* L, const std::string& line);
/// "1,234 rows".
std::string rows_text(std::size_t rows);

/// The frame with a column of a verb's own (_merge, _fillin). Throws core::Error when there is one of that name.
data::Frame with_new(const data::Frame& frame, const std::string& name, data::ColumnPtr column,
                     const std::string& option);

/// Names of "a b c", {a, b} or {"a", "b@c"} of an argument of kind any: columns as symbols or as texts that need not be
/// columns.
std::vector<std::string> words_of_any(lua_State* L, const Arguments& a, const std::string& argument);

void add_verbs(Registry& registry);               // all of these:
void add_merge_commands(Registry& registry);      // merge, joinby
void add_append_commands(Registry& registry);     // append, cross
void add_reshape_command(Registry& registry);     // reshape
void add_collapse_command(Registry& registry);    // collapse
void add_egen_command(Registry& registry);        // egen
void add_fill_commands(Registry& registry);       // fillin, tsfill
void add_duplicates_command(Registry& registry);  // duplicates
void add_repeat_commands(Registry& registry);     // contract, expand, sample
void add_arrange_commands(Registry& registry);    // order, stack, xpose

}  // namespace bindings
