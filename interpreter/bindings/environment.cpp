// Names in scripts: local → global → command → prefix object → column of an open frame → error with a near name.
#include "bindings/environment.hpp"

#include "bindings/errors.hpp"
#include "bindings/expr.hpp"
#include "bindings/mark.hpp"
#include "bindings/refusals.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"
#include "language/translate.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace bindings {
namespace {

constexpr const char* environment_key = "moontide.environment";

bool push_command_function(lua_State* L, const std::string& name) {
  const Command* command = session(L).commands.find(name);
  if (!command) return false;
  push_command(L, *command);
  return true;
}

/// Names of the locals in scope where a name is read, and of those its function uses from around it.
std::vector<std::string> locals_of_caller(lua_State* L) {
  std::vector<std::string> names;
  lua_Debug caller;
  if (lua_getstack(L, 1, &caller) == 0) return names;
  for (int i = 1; const char* local = lua_getlocal(L, &caller, i); ++i) {
    lua_pop(L, 1);
    if (local[0] != '(') names.emplace_back(local);
  }
  lua_getinfo(L, "f", &caller);
  for (int i = 1; const char* outer = lua_getupvalue(L, -1, i); ++i) {
    lua_pop(L, 1);
    if (std::string_view(outer) != "_ENV" && outer[0] != '\0') names.emplace_back(outer);
  }
  lua_pop(L, 1);
  return names;
}

/// gen(x = 1, y = x + 1): is NAME= in the line that reads the name?
bool made_by_same_call(lua_State* L, const std::string& name) {
  lua_Debug caller;
  if (lua_getstack(L, 1, &caller) == 0) return false;
  lua_getinfo(L, "Sl", &caller);
  return gives_value(script_text(L, caller.source), caller.currentline, "gen", name);
}

[[noreturn]] void unknown_name(lua_State* L, const std::string& name) {
  const Session& s = session(L);
  std::vector<std::string> known = locals_of_caller(L);
  const std::vector<std::string> columns = s.column_names();
  known.insert(known.end(), columns.begin(), columns.end());
  for (const std::string& command : s.commands.names()) known.push_back(command);
  if (!columns.empty()) {
    const std::vector<std::string>& functions = formula::function_names();
    known.insert(known.end(), functions.begin(), functions.end());
  }
  lua_pushglobaltable(L);
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
    if (lua_type(L, -2) == LUA_TSTRING) known.push_back(text_at(L, -2));
  lua_pop(L, 1);
  known.insert(known.end(), {"true", "false", "nil"});
  const std::string near = core::nearest(name, known);
  std::string hint = near.empty() ? "" : "did you mean '" + near + "'?";
  const std::string list = columns.empty() ? "" : core::did_you_mean("", columns, "columns");
  if (!hint.empty() && !list.empty()) hint += "  ";
  const auto dotted = std::find_if(columns.begin(), columns.end(),
                                   [&](const std::string& column) { return core::starts_with(column, name + "."); });
  core::Error error("unknown name '" + name + "'");
  if (made_by_same_call(L, name))
    error.hint(
        "symbols are read before the call begins: write the expression as a string, which sees the columns made "
        "before it in the call, or make '" +
        name + "' in a call of its own");
  if (dotted != columns.end()) error.hint("a column whose name holds a point is written col\"" + *dotted + "\"");
  const auto& methods = s.methods;
  if (std::any_of(methods.begin(), methods.end(), [&](const KnownMethod& m) { return m.record->name == name; }))
    error.hint("'" + name + "' is a method of results: m = ols(…)  m:" + name + "(…)");
  error.word(name).hint(hint + list);
  if (columns.empty()) error.hint("no data are in use: use \"file.csv\" makes its columns names");
  throw core::Error(error);
}

/// Throws core::Error when the name, now known to be a column's, stands where Lua asks whether it is true.
void refuse_truth(lua_State* L, const std::string& name) {
  lua_Debug caller;
  if (lua_getstack(L, 1, &caller) == 0) return;
  lua_getinfo(L, "Sl", &caller);
  const auto chunk = session(L).chunks.find(caller.source);
  if (chunk == session(L).chunks.end()) return;
  const auto line = chunk->second.tested.find(caller.currentline);
  if (line == chunk->second.tested.end()) return;
  auto found = line->second.find(name);
  if (found == line->second.end()) found = line->second.find(name + ".");
  if (found != line->second.end()) refuse_tested_symbol(L, name, found->second);
}

/// _ENV's __index.
int read_name(lua_State* L) {
  lua_settop(L, 2);
  lua_pushglobaltable(L);
  lua_pushvalue(L, 2);
  if (lua_gettable(L, 3) != LUA_TNIL) return 1;
  if (lua_type(L, 2) != LUA_TSTRING) return 1;
  const std::string name = text_at(L, 2);
  if (push_command_function(L, name)) return 1;
  if (core::starts_with(name, "__") && push_script_function(L, name)) return 1;
  if (push_prefix(L, name)) {
    refuse_truth(L, session(L).is_column(name) ? name : name + ".");
    return 1;
  }
  if (session(L).is_column(name)) {
    refuse_truth(L, name);
    push_expr(L, formula::name(name));
    return 1;
  }
  if (name == "_n" || name == "_N") {  // Stata's row number and count
    push_expr(L, formula::name(name));
    return 1;
  }
  if (push_script_function(L, name)) return 1;
  unknown_name(L, name);
}

/// _ENV's __newindex. Only a name that was no global yet can begin to hide a column.
int assign_name(lua_State* L) {
  lua_settop(L, 3);
  lua_pushglobaltable(L);
  lua_insert(L, 2);
  lua_pushvalue(L, 3);
  const bool fresh = lua_rawget(L, 2) == LUA_TNIL;
  lua_pop(L, 1);
  if (fresh && lua_type(L, 3) == LUA_TSTRING && !lua_isnil(L, 4)) {
    Session& s = session(L);
    const std::string name = text_at(L, 3);
    if (s.in_use() && s.in_use()->frame.has(name) && operand_name(L, 4) != name)
      s.warn_once("the variable '" + name + "' now hides the column of that name; col." + name +
                  " is still the column");
  }
  lua_settable(L, 2);
  return 0;
}

/// _G's __index: commands, so that .lua files see them too. Assigning hides them, nil brings them back.
int read_command(lua_State* L) {
  if (lua_type(L, 2) == LUA_TSTRING && push_command_function(L, text_at(L, 2))) return 1;
  lua_pushnil(L);
  return 1;
}

bool ends_with(const std::string& text, std::string_view tail) {
  return text.size() >= tail.size() && text.compare(text.size() - tail.size(), tail.size(), tail) == 0;
}

/// Files whose text is translated.
bool is_script(const std::string& path) { return ends_with(path, ".mt") || ends_with(path, ".do"); }

/// A file's first line that begins with # is skipped, as in Lua; a UTF-8 mark too. Lines keep their numbers.
std::string without_first_line_comment(std::string text) {
  if (core::starts_with(text, "\xEF\xBB\xBF")) text.erase(0, 3);
  if (!text.empty() && text[0] == '#') text.erase(0, std::min(text.find('\n'), text.size()));
  return text;
}

/// Keeps a script's text for errors. Inputs at the prompt share a source: each follows the ones before.
Chunk& remember(Session& s, const std::string& text, const std::string& source, int first_line) {
  Chunk& chunk = s.chunks[source];
  if (first_line == 1) chunk = {};
  chunk.text += text;
  if (chunk.text.empty() || chunk.text.back() != '\n') chunk.text += '\n';
  return chunk;
}

std::string lines_before(int first_line) { return std::string(static_cast<std::size_t>(first_line - 1), '\n'); }

int load_text(lua_State* L, const std::string& lua, const std::string& source) {
  return luaL_loadbufferx(L, lua.data(), lua.size(), source.c_str(), "t");
}

/// Names whose calls show a value: every command, and the methods of our values.
std::set<std::string> shown_names(lua_State* L) {
  std::set<std::string> names;
  for (const KnownMethod& known : session(L).methods) names.insert(known.record->name);
  for (const Command* command : session(L).commands.all()) names.insert(command->record.name);
  return names;
}

int load_file_function(lua_State* L) {
  const std::string path = luaL_optstring(L, 1, "");
  if (!is_script(path)) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
  }
  try {
    load_file(L, path);
  } catch (core::Error& error) {
    lua_pushnil(L);
    push_error(L, std::move(error));
    return 2;
  }
  return 1;
}

int do_file_function(lua_State* L) {
  const std::string path = luaL_optstring(L, 1, "");
  lua_settop(L, 1);
  if (is_script(path)) {
    load_file(L, path);
    lua_call(L, 0, LUA_MULTRET);
  } else {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_call(L, 1, LUA_MULTRET);
  }
  return lua_gettop(L) - 1;
}

/// package.searchers entry: .mt and .lua next to the script, then .mt on package.path (Lua's own searcher does .lua).
int search_module(lua_State* L) {
  std::string name = luaL_checkstring(L, 1);
  for (char& c : name)
    if (c == '.') c = '/';
  const std::string& folder = session(L).script_folder;
  std::vector<std::string> candidates;
  for (const char* tail : {".mt", ".lua", "/init.mt", "/init.lua"}) candidates.push_back(folder + name + tail);
  lua_getglobal(L, LUA_LOADLIBNAME);
  lua_getfield(L, -1, "path");
  for (const std::string& pattern : core::split(printed_at(L, -1), ';')) {
    if (!ends_with(pattern, ".lua")) continue;
    std::string path = pattern.substr(0, pattern.size() - 4) + ".mt";
    const std::size_t mark = path.find('?');
    if (mark != std::string::npos) candidates.push_back(path.replace(mark, 1, name));
  }
  std::string tried;
  for (const std::string& path : candidates) {
    if (std::ifstream(path).good()) {
      load_file(L, path);
      push_text(L, path);
      return 2;
    }
    tried += "no file '" + path + "'\n\t";
  }
  push_text(L, tried.substr(0, tried.size() - 2));
  return 1;
}

void add_searcher(lua_State* L) {
  lua_getglobal(L, LUA_LOADLIBNAME);
  lua_getfield(L, -1, "searchers");
  const lua_Integer count = luaL_len(L, -1);
  for (lua_Integer i = count; i >= 2; --i) {
    lua_geti(L, -1, i);
    lua_seti(L, -2, i + 1);
  }
  lua_pushcfunction(L, guarded<search_module>);
  lua_seti(L, -2, 2);
  lua_pop(L, 2);
}

void wrap_global(lua_State* L, const char* name, lua_CFunction wrapper) {
  lua_getglobal(L, name);
  lua_pushcclosure(L, wrapper, 1);
  lua_setglobal(L, name);
}

}  // namespace

void load_script(lua_State* L, const std::string& text, const std::string& source, int first_line) {
  Chunk& chunk = remember(session(L), text, source, first_line);
  language::Translation translation =
      language::translate(lines_before(first_line) + text, shown_source(source), shown_names(L));
  chunk.statement_calls.merge(translation.statement_calls);
  chunk.tested.merge(translation.tested);
  if (load_text(L, translation.lua, source) != LUA_OK) lua_error(L);
  use_script_environment(L);
}

bool load_expression(lua_State* L, const std::string& text, const std::string& source, int first_line) {
  std::map<int, std::map<std::string, std::string>> tested;
  try {
    language::Translation translation =
        language::translate(lines_before(first_line) + "return nil, " + text, shown_source(source));
    if (load_text(L, translation.lua, source) != LUA_OK) {
      lua_pop(L, 1);
      return false;
    }
    tested = std::move(translation.tested);
  } catch (const core::Error&) {
    return false;
  }
  remember(session(L), text, source, first_line).tested.merge(tested);
  use_script_environment(L);
  return true;
}

void load_file(lua_State* L, const std::string& path) {
  const std::string text = without_first_line_comment(read_file(path));
  const std::string source = "@" + path;
  if (ends_with(path, ".lua")) {
    session(L).chunks[source] = {text, {}, {}};
    if (load_text(L, text, source) != LUA_OK) lua_error(L);
  } else {
    load_script(L, text, source, 1);
  }
}

void use_script_environment(lua_State* L) {
  lua_getfield(L, LUA_REGISTRYINDEX, environment_key);
  if (lua_setupvalue(L, -2, 1) == nullptr) lua_pop(L, 1);
}

std::string read_file(const std::string& path) {
  if (std::filesystem::is_directory(path)) throw core::Error("'" + path + "' is a folder, not a script");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw core::Error("cannot open '" + path + "': " + std::strerror(errno));
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw core::Error("cannot read '" + path + "'");
  return text.str();
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

void open_environment(lua_State* L) {
  lua_newtable(L);
  lua_createtable(L, 0, 2);
  lua_pushcfunction(L, guarded<read_name>);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, guarded<assign_name>);
  lua_setfield(L, -2, "__newindex");
  lua_setmetatable(L, -2);
  lua_setfield(L, LUA_REGISTRYINDEX, environment_key);
  lua_pushglobaltable(L);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, guarded<read_command>);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_pop(L, 1);
  add_searcher(L);
  wrap_global(L, "loadfile", guarded<load_file_function>);
  wrap_global(L, "dofile", guarded<do_file_function>);
}

}  // namespace bindings
