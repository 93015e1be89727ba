// interpolate: missing cells filled within units.
#include "measures/interpolate.hpp"
#include "bindings/frame_values.hpp"
#include "bindings/reported.hpp"
#include "core/text.hpp"

#include <cstdio>
#include <numeric>

namespace bindings {
namespace {

using core::Kind;

int interpolate(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  data::Frame frame = box->frame;
  const data::Panel* panel = frame.panel();
  if (!panel && !(a.has("by") && a.has("time")))
    throw core::Error("the units and their time are not known")
        .word("interpolate")
        .hint("declare them with panel(unit, time), or give by= and time=");
  const data::Grouping groups = a.has("by") ? data::group(*frame.at(a.column_names("by").at(0))) : panel->units;
  const std::string time = a.has("time") ? a.column_names("time").at(0) : panel->time;
  const std::vector<double> x = numbers_of(frame, time);
  const std::string rule = a.text("ends", "missing");
  const measures::Ends ends = rule == "nearest"       ? measures::Ends::nearest
                              : rule == "extrapolate" ? measures::Ends::extrapolate
                                                      : measures::Ends::missing;
  std::vector<std::string> names;
  lua_newtable(L);
  for (const std::string& name : a.column_names("columns")) {
    const data::ColumnPtr old = frame.at(name);
    measures::Interpolated filled =
        measures::interpolate(numbers_of(frame, name), x, groups, a.text("method", "linear") == "log", ends);
    const double left = static_cast<double>(old->count_missing() - filled.filled);
    frame = frame.with(name, data::Column::reals(std::move(filled.values))->labelled(old->label()));
    if (a.has("flag")) frame = frame.with(name + a.text("flag"), data::Column::booleans(std::move(filled.imputed)));
    std::fflush(stdout);
    std::fprintf(stderr, "note: %s: %s filled, %s still missing\n", name.c_str(),
                 core::counted(static_cast<long long>(filled.filled), "cell").c_str(), core::shortest(left).c_str());
    push_fields(L, {{"filled", static_cast<double>(filled.filled)}, {"missing", left}}, "field");
    lua_setfield(L, -2, name.c_str());
    names.push_back(name);
  }
  seal_named(L, names, "column", "");
  box->frame = frame;
  // The counts are on standard error already; a statement shows nothing more.
  return is_statement_call(L) ? 0 : 1;
}

}  // namespace

void add_interpolate_command(Registry& registry) {
  registry.add(
      {{.name = "interpolate",
        .topic = "data",
        .summary = "Fills missing cells between the known ones of the same unit",
        .args =
            {{.name = "columns", .kind = Kind::columns, .doc = "numeric columns, changed in place", .repeated = true}},
        .options =
            {{.name = "method",
              .kind = Kind::text,
              .doc = "straight lines in the values, or in their logs (constant growth)",
              .default_text = "linear",
              .one_of = {"linear", "log"}},
             {.name = "ends",
              .kind = Kind::text,
              .doc = "before the first and after the last known value",
              .default_text = "missing",
              .one_of = {"missing", "nearest", "extrapolate"}},
             {.name = "by", .kind = Kind::column, .doc = "units", .default_text = "the panel's"},
             {.name = "time", .kind = Kind::column, .doc = "where the values stand", .default_text = "the panel's"},
             {.name = "flag",
              .kind = Kind::text,
              .doc = "also make a column NAME + this suffix that marks filled cells",
              .default_text = {}}},
        .example = "interpolate(infra, ends=\"nearest\", flag=\"_imputed\")"},
       interpolate,
       true,
       true});
}

}  // namespace bindings
