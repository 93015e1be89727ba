// command "moran" { topic=…, args={…}, options={…}, run=function(a) … end }: commands declared in Lua (language.md 7).
#include "bindings/convert.hpp"
#include "bindings/errors.hpp"
#include "bindings/expr.hpp"
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "core/near.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace bindings {
namespace {

using core::ArgSpec;
using core::Kind;
using core::OptionSpec;

constexpr std::array<std::pair<const char*, Kind>, 24> kinds{{{"any", Kind::any},
                                                              {"number", Kind::number},
                                                              {"integer", Kind::integer},
                                                              {"boolean", Kind::boolean},
                                                              {"string", Kind::text},
                                                              {"text", Kind::text},
                                                              {"numbers", Kind::numbers},
                                                              {"strings", Kind::texts},
                                                              {"texts", Kind::texts},
                                                              {"column", Kind::column},
                                                              {"columns", Kind::columns},
                                                              {"expression", Kind::expression},
                                                              {"condition", Kind::condition},
                                                              {"formula", Kind::formula},
                                                              {"terms", Kind::terms},
                                                              {"vcov", Kind::vcov},
                                                              {"weights", Kind::weights},
                                                              {"frame", Kind::frame},
                                                              {"result", Kind::result},
                                                              {"table", Kind::table},
                                                              {"figure", Kind::figure},
                                                              {"list", Kind::list},
                                                              {"function", Kind::function},
                                                              {"spatial", Kind::spatial}}};

Kind kind_named(const std::string& name, const std::string& where) {
  std::vector<std::string> known;
  for (const auto& [word, kind] : kinds) {
    if (name == word) return kind;
    known.emplace_back(word);
  }
  throw core::Error(where + " has the unknown kind '" + name + "'")
      .word(name)
      .hint(core::did_you_mean(name, known, "kinds", known.size()));
}

/// Calls `item` with every string key and its value (on top of the stack) of the table at `index`, keys sorted.
template <class Item>
void for_fields(lua_State* L, int index, const Item& item) {
  std::vector<std::string> keys;
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
    if (lua_type(L, -2) == LUA_TSTRING) keys.push_back(text_at(L, -2));
  std::sort(keys.begin(), keys.end());
  for (const std::string& key : keys) {
    lua_getfield(L, index, key.c_str());
    item(key);
    lua_pop(L, 1);
  }
}

[[noreturn]] void unknown_field(const std::string& where, const std::string& key,
                                const std::vector<std::string>& known) {
  throw core::Error(where + " has the unknown field '" + key + "'")
      .word(key)
      .hint(core::did_you_mean(key, known, "fields", known.size()));
}

std::vector<std::string> string_list(lua_State* L, int index, const std::string& where) {
  if (!lua_istable(L, index)) throw core::Error(where + " is a list of strings");
  std::vector<std::string> out;
  const int list = lua_absindex(L, index);
  const lua_Integer n = luaL_len(L, list);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, list, i);
    out.push_back(printed_at(L, -1));
    lua_pop(L, 1);
  }
  return out;
}

std::string required_text(lua_State* L, const std::string& where) {
  if (lua_type(L, -1) != LUA_TSTRING) throw core::Error(where + " is a string, not " + described(L, -1));
  return text_at(L, -1);
}

/// {"x", "column", optional=true, repeated=true, doc="…"}
ArgSpec read_arg(lua_State* L, int index, const std::string& command) {
  if (!lua_istable(L, index)) throw core::Error("args of '" + command + "' are tables: {\"x\", \"column\"}");
  ArgSpec arg;
  lua_geti(L, index, 1);
  arg.name = required_text(L, "the name of an argument of '" + command + "'");
  lua_geti(L, index, 2);
  const std::string where = "argument '" + arg.name + "' of '" + command + "'";
  if (!lua_isnil(L, -1)) arg.kind = kind_named(required_text(L, "the kind of " + where), where);
  lua_pop(L, 2);
  for_fields(L, index, [&](const std::string& key) {
    if (key == "doc") {
      arg.doc = required_text(L, "doc of " + where);
    } else if (key == "optional") {
      arg.optional = lua_toboolean(L, -1) != 0;
    } else if (key == "repeated") {
      arg.repeated = lua_toboolean(L, -1) != 0;
    } else {
      unknown_field(where, key, {"doc", "optional", "repeated"});
    }
  });
  return arg;
}

/// permutations = {"integer", min=0, default=0, doc="…"}; the default stays behind in the table at `defaults`.
OptionSpec read_option(lua_State* L, int index, const std::string& name, int defaults) {
  const std::string where = "option '" + name + "'";
  if (!lua_istable(L, index)) throw core::Error(where + " is declared by a table: {\"integer\", default=0, doc=\"…\"}");
  OptionSpec option{.name = name, .kind = Kind::any, .doc = "", .default_text = ""};
  lua_geti(L, index, 1);
  const bool kind_given = !lua_isnil(L, -1);
  if (kind_given) option.kind = kind_named(required_text(L, "the kind of " + where), where);
  lua_pop(L, 1);
  for_fields(L, index, [&](const std::string& key) {
    if (key == "doc") {
      option.doc = required_text(L, "doc of " + where);
    } else if (key == "one_of") {
      option.one_of = string_list(L, -1, "one_of of " + where);
      if (!kind_given) option.kind = Kind::text;
    } else if (key == "min") {
      option.min = luaL_checknumber(L, -1);
    } else if (key == "max") {
      option.max = luaL_checknumber(L, -1);
    } else if (key == "aliases") {
      option.aliases = string_list(L, -1, "aliases of " + where);
    } else if (key == "default") {
      option.default_text = printed_at(L, -1);
      lua_pushvalue(L, -1);
      lua_setfield(L, defaults, name.c_str());
    } else {
      unknown_field(where, key, {"doc", "one_of", "min", "max", "aliases", "default"});
    }
  });
  return option;
}

/// Calls run(a): a holds the checked arguments by name.
int run_declared(lua_State* L, Arguments& a, int function) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, function);
  lua_pushvalue(L, a.table());
  if (a.command().where_added && a.has("where")) {  // the frame that the command sees has these rows only
    push_frame(L, a.frame());
    lua_setfield(L, -2, "data");
  }
  if (!a.keywords().empty()) {
    lua_newtable(L);
    lua_Integer i = 0;
    for (const std::string& name : a.keywords()) {
      lua_createtable(L, 2, 0);
      push_text(L, name);
      lua_rawseti(L, -2, 1);
      a.push_keyword(name);
      lua_rawseti(L, -2, 2);
      lua_rawseti(L, -2, ++i);
    }
    lua_setfield(L, -2, "keywords");
  }
  const int base = lua_gettop(L) - 2;
  lua_call(L, 1, LUA_MULTRET);
  return lua_gettop(L) - base;
}

/// The function that `command "NAME"` returns. Upvalue: the name.
int declare(lua_State* L) {
  Command command;
  core::Record& record = command.record;
  record.name = text_at(L, lua_upvalueindex(1));
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  lua_newtable(L);
  constexpr int defaults = 2;
  const std::string where = "command '" + record.name + "'";
  int function = LUA_NOREF;
  for_fields(L, 1, [&](const std::string& key) {
    const int value = lua_gettop(L);
    if (key == "topic") {
      record.topic = required_text(L, "topic of " + where);
    } else if (key == "summary") {
      record.summary = required_text(L, "summary of " + where);
    } else if (key == "source") {
      record.source = required_text(L, "source of " + where);
    } else if (key == "example") {
      record.example = required_text(L, "example of " + where);
    } else if (key == "open_keywords") {
      record.open_keywords = lua_toboolean(L, -1) != 0;
    } else if (key == "args" && lua_istable(L, value)) {
      const lua_Integer n = luaL_len(L, value);
      for (lua_Integer i = 1; i <= n; ++i) {
        lua_geti(L, value, i);
        record.args.push_back(read_arg(L, lua_gettop(L), record.name));
        lua_pop(L, 1);
      }
    } else if (key == "options" && lua_istable(L, value)) {
      for_fields(L, value, [&](const std::string& name) {
        record.options.push_back(read_option(L, lua_gettop(L), name, defaults));
      });
    } else if (key == "run" && lua_isfunction(L, value)) {
      lua_pushvalue(L, value);
      function = luaL_ref(L, LUA_REGISTRYINDEX);
    } else {
      unknown_field(where, key, {"topic", "summary", "args", "options", "source", "example", "open_keywords", "run"});
    }
  });
  if (function == LUA_NOREF) throw core::Error(where + " has no run = function(a) … end");
  command.defaults = luaL_ref(L, LUA_REGISTRYINDEX);
  command.run = [function](lua_State* state, Arguments& a) { return run_declared(state, a, function); };
  push_command(L, session(L).commands.add(std::move(command)));
  return 1;
}

int command_function(lua_State* L) {
  const std::string name = luaL_checkstring(L, 1);
  if (!formula::is_plain_name(name)) throw core::Error("'" + name + "' is no name for a command").word(name);
  lua_settop(L, 1);
  lua_pushcclosure(L, guarded<declare>, 1);
  return 1;
}

}  // namespace

void open_declarations(lua_State* L) {
  lua_pushcfunction(L, guarded<command_function>);
  name_function(L, "command");
  lua_setglobal(L, "command");
}

}  // namespace bindings
