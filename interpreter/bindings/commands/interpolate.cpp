// interpolate, and ipolate as Stata calls it: missing cells filled within units.
#include "measures/interpolate.hpp"
#include "bindings/commands/value_verbs.hpp"
#include "core/text.hpp"

#include <numeric>

namespace bindings {
namespace {

using core::Kind;

measures::Method method_of(const std::string& word) {
  if (word == "log") return measures::Method::log;
  if (word == "nearest") return measures::Method::nearest;
  if (word == "previous") return measures::Method::previous;
  return measures::Method::linear;
}

measures::Ends ends_of(const std::string& word) {
  if (word == "nearest") return measures::Ends::nearest;
  if (word == "extrapolate") return measures::Ends::extrapolate;
  return measures::Ends::missing;
}

/// Fills one column, adds it (and its flags) to the frame, pushes the counts. `note` gets what is to be said.
data::Frame filled(lua_State* L, const Arguments& a, data::Frame frame, const std::string& name,
                   const std::string& target, const data::Grouping& groups, const std::vector<double>& x,
                   measures::Ends ends, std::string& note) {
  const data::ColumnPtr old = frame.at(name);
  const std::string method = a.text("method", "linear");
  measures::Interpolated done = measures::interpolate(numbers_of(frame, name), x, groups, method_of(method), ends);
  const double left = static_cast<double>(old->count_missing() - done.filled);
  const std::string flag = target + a.text("flag");
  if (a.has("flag") && frame.has(flag) && !a.boolean("replace"))
    throw core::Error("there is already a column '" + flag + "'").word("flag").hint("replace=true writes over it");
  frame = frame.with(target, data::Column::reals(std::move(done.values))->described_as(*old));
  if (a.has("flag")) frame = frame.with(flag, data::Column::booleans(std::move(done.imputed)));
  note = target + ": " + core::counted(static_cast<long long>(done.filled), "cell") + " filled (" + method + "), " +
         core::shortest(left) + " still missing";
  push_fields(L, {{"filled", static_cast<double>(done.filled)}, {"missing", left}}, "field");
  return frame;
}

/// Groups of by=, else the panel's units; rows outside where= belong to none.
data::Grouping units_of(const Arguments& a, const data::Frame& frame, bool needed) {
  std::optional<data::Grouping> groups = by_groups(a, frame);
  if (!groups && frame.panel()) groups = frame.panel()->units;
  if (!groups && needed)
    throw core::Error("the units and their time are not known")
        .hint("declare them with panel(unit, time), or give by= and time=");
  if (!groups) groups = data::Grouping{std::vector<std::int32_t>(frame.rows(), 0), {0}};
  if (const auto rows = chosen_rows(a, frame))
    for (std::size_t i = 0; i < rows->size(); ++i)
      if ((*rows)[i] == 0) groups->codes[i] = -1;
  return *groups;
}

int interpolate(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  data::Frame frame = box->frame;
  const data::Panel* panel = frame.panel();
  if (!panel && !(a.has("by") && a.has("time")))
    throw core::Error("the units and their time are not known")
        .word("interpolate")
        .hint("declare them with panel(unit, time), or give by= and time=");
  const data::Grouping groups = units_of(a, frame, true);
  const std::vector<double> x = numbers_of(frame, a.has("time") ? a.column_names("time").at(0) : panel->time);
  const std::vector<std::string> columns = a.column_names("columns");
  const std::vector<std::string> targets = target_names(a, frame, columns, "");
  std::vector<std::string> notes(columns.size());
  lua_newtable(L);
  for (std::size_t k = 0; k < columns.size(); ++k) {
    frame = filled(L, a, frame, columns[k], targets[k], groups, x, ends_of(a.text("ends", "missing")), notes[k]);
    lua_setfield(L, -2, columns[k].c_str());
  }
  seal_named(L, columns, "column", "");
  box->frame = frame;
  for (const std::string& text : notes) say_note(text);
  // The counts are on standard error already; a statement shows nothing more.
  return is_statement_call(L) ? 0 : 1;
}

int ipolate(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  const data::Frame frame = box->frame;
  const std::string y = a.column_names("y").at(0);
  const std::vector<double> x = numbers_of(frame, a.column_names("x").at(0));
  const std::string target = a.text("generate");
  if (target.empty()) throw core::Error("the new column has no name").word("ipolate").hint("generate=\"name\"");
  if (frame.has(target) && !a.boolean("replace"))
    throw core::Error("there is already a column '" + target + "'").word(target).hint("replace=true writes over it");
  // by= alone makes groups here, as in Stata; a declared panel is not asked.
  std::optional<data::Grouping> groups = groups_within(a, frame);
  if (!groups) groups = data::Grouping{std::vector<std::int32_t>(frame.rows(), 0), {0}};
  std::string note;
  box->frame = filled(L, a, frame, y, target, *groups, x,
                      a.boolean("epolate") ? measures::Ends::extrapolate : measures::Ends::missing, note);
  say_note(note);
  return is_statement_call(L) ? 0 : 1;
}

}  // namespace

void add_interpolate_command(Registry& registry) {
  const core::OptionSpec method{.name = "method",
                                .kind = Kind::text,
                                .doc = "lines in the values or in their logs; the nearest, the previous known value",
                                .default_text = "linear",
                                .one_of = {"linear", "log", "nearest", "previous"}};
  const core::OptionSpec flag{.name = "flag",
                              .kind = Kind::text,
                              .doc = "also make a column NAME + this suffix that marks filled cells",
                              .default_text = {}};
  std::vector<core::OptionSpec> options{
      method,
      {.name = "ends",
       .kind = Kind::text,
       .doc = "before the first and after the last known value",
       .default_text = "missing",
       .one_of = {"missing", "nearest", "extrapolate"}},
      {.name = "by", .kind = Kind::columns, .doc = "units", .default_text = "the panel's"},
      {.name = "time", .kind = Kind::column, .doc = "where the values stand", .default_text = "the panel's"},
      flag,
      where_option("rows whose values are used and filled")};
  for (core::OptionSpec& option : target_options("")) options.push_back(std::move(option));
  registry.add({{.name = "interpolate",
                 .topic = "data",
                 .summary = "Fills missing cells between the known ones of the same unit",
                 .args = {{.name = "columns", .kind = Kind::columns, .doc = "numeric columns", .repeated = true}},
                 .options = options,
                 .example = "interpolate(infra, ends=\"nearest\", flag=\"_imputed\")"},
                interpolate});
  registry.add(
      {{.name = "ipolate",
        .topic = "data",
        .summary = "Fills missing cells of one column along another, into a new column (Stata's ipolate)",
        .args = {{.name = "y", .kind = Kind::column, .doc = "the column with gaps"},
                 {.name = "x", .kind = Kind::column, .doc = "where its values stand"}},
        .options =
            {{.name = "generate",
              .kind = Kind::text,
              .doc = "name of the new column",
              .default_text = {},
              .aliases = {"gen"}},
             {.name = "epolate", .kind = Kind::boolean, .doc = "lines go on beyond the ends", .default_text = "false"},
             by_option("groups that are filled each by itself"),
             method,
             flag,
             where_option("rows whose values are used and filled"),
             {.name = "replace", .kind = Kind::boolean, .doc = "write over a column", .default_text = "false"}},
        .source = "Stata [D] ipolate",
        .example = "ipolate(infra, year, generate=\"infra_full\", by=city)"},
       ipolate});
}

}  // namespace bindings
