#include "bindings/assignment.hpp"

#include "bindings/expr.hpp"
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "core/near.hpp"
#include "core/text.hpp"

#include <array>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;
using estimators::Assignment;
using estimators::AssignmentDesign;

int push_design(lua_State* L, AssignmentDesign design) {
  push_value(L, std::move(design));
  return 1;
}

AssignmentDesign read_design(const Arguments& a, Assignment draws) {
  AssignmentDesign design;
  design.draws = draws;
  design.within = a.tree("within");
  design.level = a.tree("level");
  design.permute_dates = a.text("dates", "uniform") == "permute";
  design.first = a.number("from", design.first);
  design.last = a.number("to", design.last);
  if (design.permute_dates && (a.has("from") || a.has("to")))
    throw core::Error("from= and to= bound dates that are drawn, and dates=\"permute\" keeps those observed")
        .word(a.has("from") ? "from" : "to");
  return design;
}

template <Assignment draws>
int make(lua_State* L, Arguments& a) {
  return push_design(L, read_design(a, draws));
}

int design_text(lua_State* L) {
  push_text(L, "assignment: " + estimators::words(*test_value<AssignmentDesign>(L, 1)));
  return 1;
}

/// The draws that a word of assign= asks for.
AssignmentDesign of_word(const std::string& word) {
  AssignmentDesign design;
  if (word == "time" || word == "timing") {
    design.draws = Assignment::time;
  } else if (word == "both") {
    design.draws = Assignment::both;
  } else if (word != "unit" && word != "strata" && word != "cluster") {
    throw core::Error("assign= knows no '" + word + "'")
        .hint(core::did_you_mean(word, assignment_words(), "words"))
        .word(word);
  }
  return design;
}

OptionSpec within_option() {
  return {.name = "within",
          .kind = Kind::expression,
          .doc = "strata: units change places within its levels only",
          .default_text = ""};
}
OptionSpec interval_level() {
  return {.name = "level",
          .kind = Kind::expression,
          .doc = "the level at which treatment is assigned",
          .default_text = "the panel unit"};
}
OptionSpec bound_option(const std::string& name, const std::string& doc, const std::string& fallback) {
  return {.name = name, .kind = Kind::number, .doc = doc, .default_text = fallback};
}

}  // namespace

const std::vector<std::string>& assignment_words() {
  static const std::vector<std::string> words = {"unit", "strata", "cluster", "time", "timing", "both"};
  return words;
}

AssignmentDesign assignment_of(const Arguments& a, const std::string& level) {
  lua_State* L = a.state();
  a.push("assign");
  const int at = lua_gettop(L);
  if (const auto* design = test_value<AssignmentDesign>(L, at)) {
    for (const std::string& option : {std::string("strata"), level})
      if (a.has(option))
        throw core::Error("assign= is a design, which says " + option + "= itself")
            .hint("assignment.units(within=…), assignment.clusters(…)")
            .word(option);
    AssignmentDesign out = *design;
    lua_pop(L, 1);
    return out;
  }
  if (!lua_isnil(L, at) && lua_type(L, at) != LUA_TSTRING)
    throw core::Error("assign= takes a word or a design, not " + described(L, at))
        .hint("\"unit\", or assignment.units(within=province)")
        .word("assign");
  const std::string word = lua_isnil(L, at) ? "unit" : text_at(L, at);
  lua_pop(L, 1);
  AssignmentDesign design = of_word(word);
  design.within = a.tree("strata");
  design.level = a.tree(level);
  if (word == "strata" && design.within == nullptr)
    throw core::Error("assign=\"strata\" needs to know them").hint("assign=\"strata\", strata=province").word("assign");
  if (word == "cluster" && design.level == nullptr)
    throw core::Error("assign=\"cluster\" needs to know them")
        .hint("assign=\"cluster\", " + level + "=school")
        .word("assign");
  return design;
}

void open_assignment(lua_State* L) {
  constexpr std::array<luaL_Reg, 3> functions{
      {{"__tostring", guarded<design_text>}, {"__show", guarded<design_text>}, {nullptr, nullptr}}};
  new_type<AssignmentDesign>(L, functions.data());
  lua_pop(L, 1);
}

void add_assignment_commands(lua_State* L, Registry& registry) {
  const auto record = [](const std::string& name, const std::string& summary, std::vector<core::ArgSpec> args,
                         std::vector<OptionSpec> options, const std::string& example) {
    core::Record r{.name = "assignment." + name, .topic = "inference", .summary = summary};
    r.args = std::move(args);
    r.options = std::move(options);
    r.example = example;
    return r;
  };
  const OptionSpec from = bound_option("from", "earliest date", "the second period"),
                   to = bound_option("to", "latest date", "the last period");
  const OptionSpec dates{.name = "dates",
                         .kind = Kind::text,
                         .doc = "drawn among the periods, or the observed ones change places among the treated",
                         .default_text = "uniform",
                         .one_of = {"uniform", "permute"}};
  std::vector<Command> all = {
      {record("units", "Treatment was assigned to units: whole histories change places", {}, {within_option()},
              "ri(m, assign=assignment.units(within=province))"),
       make<Assignment::unit>, false},
      {record("clusters", "Treatment was assigned to groups of units: their histories change places",
              {{.name = "level", .kind = Kind::expression, .doc = "the groups"}}, {within_option()},
              "ri(m, assign=assignment.clusters(school, within=district))"),
       make<Assignment::unit>, false},
      {record("timing", "A staggered roll-out: who is treated was fixed, when was drawn", {},
              {dates, from, to, within_option(), interval_level()},
              "ri(m, assign=assignment.timing(dates=\"permute\"))"),
       make<Assignment::time>, false},
      {record("rollout", "A staggered roll-out: who is treated and when were drawn", {},
              {from, to, within_option(), interval_level()}, "ri(m, assign=assignment.rollout(from=2013, to=2017))"),
       make<Assignment::both>, false}};
  lua_newtable(L);
  for (Command& command : all) {
    const Command& added = registry.add(std::move(command));
    push_command(L, added);
    lua_setfield(L, -2, added.record.name.substr(std::string("assignment.").size()).c_str());
  }
  luaL_setmetatable(L, library_operators);
  name_function(L, "assignment");
  lua_setglobal(L, "assignment");
}

}  // namespace bindings
