// How values show themselves: at the prompt, and when a command stands as a statement.
#include "bindings/errors.hpp"
#include "bindings/expr.hpp"
#include "bindings/help.hpp"
#include "bindings/statements.hpp"
#include "bindings/value.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cstdio>

namespace bindings {
namespace {

bool has_metafield(lua_State* L, int index, const char* field) {
  if (luaL_getmetafield(L, index, field) == LUA_TNIL) return false;
  lua_pop(L, 1);
  return true;
}

std::string shown_key(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TSTRING) return "[" + printed_at(L, index) + "]";
  const std::string key = text_at(L, index);
  const bool plain = !key.empty() &&
                     key.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                         "0123456789") == std::string::npos &&
                     (key[0] < '0' || key[0] > '9');
  return plain ? key : "[\"" + key + "\"]";
}

/// A table inside a table shows its size only.
std::string shown_item(lua_State* L, int index) {
  if (lua_type(L, index) == LUA_TSTRING) return "\"" + text_at(L, index) + "\"";
  if (lua_istable(L, index) && !has_metafield(L, index, "__tostring")) {
    long long count = 0;
    const int at = lua_absindex(L, index);
    for (lua_pushnil(L); lua_next(L, at); lua_pop(L, 1)) ++count;
    return count == 0 ? "{}" : "{… " + core::counted(count, "value") + "}";
  }
  return printed_at(L, index);
}

/// {1, 2, a = 3}: the list part first, then the keys in sorted order; on lines of their own when they are long.
std::string shown_table(lua_State* L, int index) {
  std::vector<std::string> items;
  const auto n = static_cast<lua_Integer>(lua_rawlen(L, index));
  constexpr lua_Integer most = 100;
  for (lua_Integer i = 1; i <= std::min(n, most); ++i) {
    lua_rawgeti(L, index, i);
    items.push_back(shown_item(L, lua_gettop(L)));
    lua_pop(L, 1);
  }
  if (n > most) items.push_back("… " + core::counted(n - most, "value") + " more");
  std::vector<std::string> named;
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    if (lua_isinteger(L, -2) && lua_tointeger(L, -2) >= 1 && lua_tointeger(L, -2) <= n) continue;
    const int value = lua_gettop(L);
    named.push_back(shown_key(L, value - 1) + " = " + shown_item(L, value));
  }
  std::sort(named.begin(), named.end());
  items.insert(items.end(), named.begin(), named.end());
  const std::string line = "{" + core::join(items, ", ") + "}";
  if (static_cast<int>(line.size()) <= session(L).options.width) return line;
  return "{\n  " + core::join(items, ",\n  ") + "\n}";
}

}  // namespace

std::string shown(lua_State* L, int index) {
  const int at = lua_absindex(L, index);
  if (lua_isnil(L, at)) return "";
  if (luaL_getmetafield(L, at, "__show") != LUA_TNIL) {
    lua_pushvalue(L, at);
    lua_call(L, 1, 1);
    std::string text = printed_at(L, -1);
    lua_pop(L, 1);
    return text;
  }
  if (lua_istable(L, at) && !has_metafield(L, at, "__tostring")) return shown_table(L, at);
  const std::string command = function_name(L, at);
  if (command == "help") return help_text(L, "");
  if (const Command* found = command.empty() ? nullptr : session(L).commands.find(command))
    return command + ": " + found->record.summary + " (help " + command + " tells more)";
  return printed_at(L, at);
}

void show(lua_State* L, int index) {
  if (lua_isnil(L, index)) return;
  std::string text = shown(L, index);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), stdout);
}

bool is_statement_call(lua_State* L) {
  lua_Debug caller;
  if (!lua_getstack(L, 1, &caller) || !lua_getinfo(L, "Slf", &caller)) return false;
  const bool from_statement = is_statement_runner(lua_tocfunction(L, -1));
  lua_pop(L, 1);
  if (from_statement) return !statement_state(L).quiet;
  if (caller.currentline <= 0) return false;
  const auto& chunks = session(L).chunks;
  const auto chunk = chunks.find(caller.source);
  if (chunk == chunks.end()) return false;
  const auto line = chunk->second.statement_calls.find(caller.currentline);
  if (line == chunk->second.statement_calls.end()) return false;
  lua_Debug self;
  lua_getstack(L, 0, &self);
  lua_getinfo(L, "nt", &self);
  return !self.istailcall && self.name != nullptr && line->second.count(self.name) != 0;
}

std::string described(lua_State* L, int index) {
  switch (lua_type(L, index)) {
    case LUA_TNONE:
    case LUA_TNIL:
      return "nil";
    case LUA_TBOOLEAN:
      return lua_toboolean(L, index) ? "true" : "false";
    case LUA_TNUMBER:
      return "the number " + printed_at(L, index);
    case LUA_TSTRING: {
      std::string text = text_at(L, index);
      constexpr std::size_t longest = 60;
      if (text.size() > longest) text = text.substr(0, longest) + "…";
      return "the string \"" + text + "\"";
    }
    case LUA_TFUNCTION: {
      const std::string name = function_name(L, index);
      return name.empty() ? "a function" : "the function '" + name + "'";
    }
    case LUA_TTABLE:
      return "a Lua table";
    default:
      break;
  }
  if (const Expr* expr = test_value<Expr>(L, index); expr && expr->tree) {
    const bool column = expr->tree->op == formula::Op::name;
    return (column ? "the column " : "the expression ") + formula::print(expr->tree);
  }
  if (luaL_getmetafield(L, index, "__name") == LUA_TSTRING) {
    const std::string name = text_at(L, -1);
    lua_pop(L, 1);
    return "a " + name;
  }
  return std::string("a ") + luaL_typename(L, index) + " value";
}

}  // namespace bindings
