// Tables with ordered names. What scripts hold is empty: the values are in a table behind it, so that every assignment
// is caught.
#include "bindings/named.hpp"

#include "core/near.hpp"
#include "core/text.hpp"
#include "inference/tests.hpp"
#include "report/layout.hpp"
#include "report/table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace bindings {

/// What a sealed table remembers; userdata in its metatable.
struct Names {
  std::vector<std::string> names;
  std::string what, shown;
};
template <>
struct Bound<Names> {
  static constexpr const char* key = "moontide.names-of-table";
  static constexpr const char* name = "names";
};

namespace {

const Names& names_of(lua_State* L, int index) {
  luaL_getmetafield(L, index, "names");
  const Names* names = test_value<Names>(L, -1);
  lua_pop(L, 1);
  if (!names) throw core::Error("not a table of named values");
  return *names;
}

/// Pushes the value of a field as it is stored, nil when there is none. The key is on top of the stack, and replaced.
bool push_stored(lua_State* L) {
  luaL_getmetafield(L, 1, "values");
  lua_insert(L, -2);
  lua_rawget(L, -2);
  lua_remove(L, -2);
  return !lua_isnil(L, -1);
}

int index(lua_State* L) {
  const Names& known = names_of(L, 1);
  lua_pushvalue(L, 2);
  if (push_stored(L)) return 1;
  lua_pop(L, 1);
  if (lua_type(L, 2) == LUA_TNUMBER && known.what == "level") {  // m:fe().year[2015]
    const double number = lua_tonumber(L, 2);
    push_text(L, core::shortest(number));
    if (push_stored(L)) return 1;
    lua_pop(L, 1);
    if (!(number >= 1 && number <= static_cast<double>(known.names.size()))) {
      push_text(L, core::shortest(number));
      lua_replace(L, 2);
    }
  }
  if (lua_isinteger(L, 2)) {
    const lua_Integer at = lua_tointeger(L, 2);
    if (at < 1 || at > static_cast<lua_Integer>(known.names.size())) {
      lua_pushnil(L);
    } else {
      push_text(L, known.names[static_cast<std::size_t>(at - 1)]);
      push_stored(L);
    }
    return 1;
  }
  std::string name = printed_at(L, 2);
  if (const Expr* expr = test_value<Expr>(L, 2); expr && expr->tree) {
    name = formula::print(expr->tree);
    lua_getfield(L, 1, name.c_str());
    return 1;
  }
  for (const std::string& candidate : known.names) {
    if (!core::same_but_spaces(candidate, name)) continue;
    push_text(L, candidate);
    push_stored(L);
    return 1;
  }
  throw core::Error("no " + known.what + " '" + name + "'")
      .word(name)
      .hint(core::did_you_mean(name, known.names, known.what + "s", 40));
}

int assign(lua_State* L) {
  const std::string name = printed_at(L, 2), what = names_of(L, 1).what;
  throw core::Error(what + " '" + name + "' of a result cannot be changed")
      .word(name)
      .hint("results are read only; gen() and replace() change the data");
}

int length(lua_State* L) {
  lua_pushinteger(L, static_cast<lua_Integer>(names_of(L, 1).names.size()));
  return 1;
}

// Upvalue: position of the last key given.
int next_pair(lua_State* L) {
  const Names& known = names_of(L, 1);
  const lua_Integer at = lua_tointeger(L, lua_upvalueindex(1));
  if (at >= static_cast<lua_Integer>(known.names.size())) {
    lua_pushnil(L);
    return 1;
  }
  lua_pushinteger(L, at + 1);
  lua_replace(L, lua_upvalueindex(1));
  push_text(L, known.names[static_cast<std::size_t>(at)]);
  lua_pushvalue(L, -1);
  push_stored(L);
  return 2;
}

int pairs(lua_State* L) {
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, guarded<next_pair>, 1);
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}

/// "name: F(1, 2) = 3" without the name that stands before it already.
std::string without_name(const std::string& text, const std::string& name) {
  return core::starts_with(text, name + ": ") ? text.substr(name.size() + 2) : text;
}

std::string shown_value(lua_State* L, const std::string& own_name = {}) {
  constexpr int digits = 7;
  if (lua_type(L, -1) == LUA_TNUMBER && !lua_isinteger(L, -1)) return core::significant(lua_tonumber(L, -1), digits);
  if (!lua_istable(L, -1)) return printed_at(L, -1);
  std::string text;
  const int list = lua_gettop(L);
  if (luaL_getmetafield(L, list, "names") != LUA_TNIL) {
    lua_pop(L, 1);
    const std::string& shown = names_of(L, list).shown;
    if (!shown.empty() && shown.find('\n') == std::string::npos) return without_name(shown, own_name);
    for (const std::string& name : names_of(L, list).names) {
      lua_getfield(L, list, name.c_str());
      const bool level = !name.empty() && name[0] >= '0' && name[0] <= '9';  // a number beside a number
      text += (text.empty() ? "" : level ? ", " : "  ") + name + (level ? ": " : " ") + shown_value(L);
      lua_pop(L, 1);
    }
    return text;
  }
  return printed_at(L, list);
}

int show_names(lua_State* L) {
  const Names& known = names_of(L, 1);
  if (!known.shown.empty()) {
    push_text(L, known.shown);
    return 1;
  }
  int width = 0;
  for (const std::string& name : known.names) width = std::max(width, report::display_width(name));
  std::string text;
  const InterpreterOptions& options = session(L).options;
  const int room = (options.width > 0 ? options.width : 80) - width - 2;
  for (const std::string& name : known.names) {
    lua_getfield(L, 1, name.c_str());
    std::string head = report::pad(name, width, report::Align::left) + "  ";
    const std::string value = shown_value(L, name);
    if (report::display_width(value) <= room || room < 20) {
      text += head + value + "\n";
    } else {
      for (const std::string& line : report::wrap(value, room)) {
        text += head + line + "\n";
        head.assign(static_cast<std::size_t>(width + 2), ' ');
      }
    }
    lua_pop(L, 1);
  }
  push_text(L, text);
  return 1;
}

void set_named(lua_State* L, const char* name, double value) {
  lua_pushnumber(L, value);
  lua_setfield(L, -2, name);
}

/// Whole numbers as Lua integers.
void set_count(lua_State* L, const char* name, double value) {
  lua_Integer whole = 0;
  if (lua_numbertointeger(value, &whole) && static_cast<double>(whole) == value) {
    lua_pushinteger(L, whole);
  } else {
    lua_pushnumber(L, value);
  }
  lua_setfield(L, -2, name);
}

void set_string(lua_State* L, const char* name, const std::string& value) {
  push_text(L, value);
  lua_setfield(L, -2, name);
}

std::string p_text(double p) { return p < 0.0001 ? "p < 0.0001" : "p = " + core::fixed(p, 4); }

int show_list(lua_State* L) {
  constexpr lua_Integer most = 200;
  constexpr int digits = 6;
  const int width = std::max(20, session(L).options.width);
  const auto n = static_cast<lua_Integer>(lua_rawlen(L, 1));
  std::string text, line;
  for (lua_Integer i = 1; i <= std::min(n, most); ++i) {
    const bool number = lua_rawgeti(L, 1, i) == LUA_TNUMBER && !lua_isinteger(L, -1);
    const std::string value = number ? core::significant(lua_tonumber(L, -1), digits) : printed_at(L, -1);
    const bool own_line = lua_type(L, -1) != LUA_TNUMBER;
    lua_pop(L, 1);
    if (!line.empty() && (own_line || static_cast<int>(line.size() + value.size()) + 2 > width)) {
      text += line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : "  ") + value;
  }
  text += line;
  if (n > most) text += "\n… " + core::counted(n - most, "more value");
  push_text(L, n == 0 ? "none" : text);
  return 1;
}

}  // namespace

void make_shown_list(lua_State* L) {
  if (luaL_newmetatable(L, "moontide.shown list")) {
    constexpr std::array<luaL_Reg, 3> functions{
        {{"__show", guarded<show_list>}, {"__tostring", guarded<show_list>}, {nullptr, nullptr}}};
    luaL_setfuncs(L, functions.data(), 0);
  }
  lua_setmetatable(L, -2);
}

bool push_sealed_values(lua_State* L, int index) {
  if (!lua_istable(L, index) || luaL_getmetafield(L, index, "names") == LUA_TNIL) return false;
  const bool sealed = test_value<Names>(L, -1) != nullptr;
  lua_pop(L, 1);
  return sealed && luaL_getmetafield(L, index, "values") != LUA_TNIL;
}

void open_named(lua_State* L) {
  constexpr std::array<luaL_Reg, 1> none{{{nullptr, nullptr}}};
  new_type<Names>(L, none.data());
  lua_pop(L, 1);
}

void seal_named(lua_State* L, std::vector<std::string> names, std::string what, std::string shown) {
  constexpr std::array<luaL_Reg, 7> functions{{{"__index", guarded<index>},
                                               {"__newindex", guarded<assign>},
                                               {"__len", guarded<length>},
                                               {"__pairs", guarded<pairs>},
                                               {"__show", guarded<show_names>},
                                               {"__tostring", guarded<show_names>},
                                               {nullptr, nullptr}}};
  lua_newtable(L);
  lua_createtable(L, 0, 8);
  luaL_setfuncs(L, functions.data(), 0);
  push_value(L, Names{std::move(names), std::move(what), std::move(shown)});
  lua_setfield(L, -2, "names");
  lua_pushvalue(L, -3);
  lua_setfield(L, -2, "values");
  lua_setmetatable(L, -2);
  lua_remove(L, -2);
}

void push_numbers(lua_State* L, const std::vector<std::string>& names, const std::vector<double>& values,
                  const std::string& what) {
  lua_createtable(L, 0, static_cast<int>(names.size()));
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool counts = names[i] == "n" || names[i] == "N";
    (counts ? set_count : set_named)(L, names[i].c_str(), values[i]);
  }
  seal_named(L, names, what);
}

void push_number_list(lua_State* L, const std::vector<double>& values) {
  lua_createtable(L, static_cast<int>(values.size()), 0);
  lua_Integer i = 0;
  for (const double value : values) {
    lua_pushnumber(L, value);
    lua_rawseti(L, -2, ++i);
  }
}

void push_test(lua_State* L, const inference::Test& test) {
  lua_createtable(L, 0, 6);
  set_string(L, "name", test.name);
  set_named(L, "statistic", test.statistic);
  set_string(L, "distribution", test.distribution);
  set_count(L, "df1", test.df1);
  set_named(L, "p", test.p);
  std::vector<std::string> names{"name", "statistic", "distribution", "df1", "p"};
  std::string distribution = test.distribution + "(" + core::shortest(test.df1);
  if (test.distribution == "F") {
    set_count(L, "df2", test.df2);
    names.insert(names.end() - 1, "df2");
    distribution += ", " + core::shortest(test.df2);
  }
  constexpr int digits = 5;
  seal_named(
      L, std::move(names), "field",
      test.name + ": " + distribution + ") = " + core::significant(test.statistic, digits) + ", " + p_text(test.p));
}

/// z where p is the normal distribution's, as in the result's own table; t otherwise.
static std::string ratio_name(const inference::Estimate& estimate) {
  return estimate.p == inference::t_two_sided(estimate.t, std::numeric_limits<double>::infinity()) ? "z" : "t";
}

void push_estimate(lua_State* L, const std::string& name, const inference::Estimate& estimate, double level) {
  lua_createtable(L, 0, 6);
  set_named(L, "estimate", estimate.value);
  set_named(L, "se", estimate.se);
  set_named(L, "t", estimate.t);
  set_named(L, "p", estimate.p);
  set_named(L, "low", estimate.low);
  set_named(L, "high", estimate.high);
  constexpr int digits = 6;
  constexpr double percent = 100;
  seal_named(L, {"estimate", "se", "t", "p", "low", "high"}, "field",
             name + " = " + core::significant(estimate.value, digits) + "  (se " +
                 core::significant(estimate.se, digits) + ", " + ratio_name(estimate) + " = " +
                 core::fixed(estimate.t, 2) + ", " + p_text(estimate.p) + ", " + core::shortest(level * percent) +
                 "% interval " + core::significant(estimate.low, digits) + " to " +
                 core::significant(estimate.high, digits) + ")");
}

}  // namespace bindings
