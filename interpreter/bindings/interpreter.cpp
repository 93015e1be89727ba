// A running Moontide: makes the Lua state, runs files and inputs, says how they ended.
#include "bindings/interpreter.hpp"

#include "bindings/analysis.hpp"
#include "bindings/commands/dose.hpp"
#include "bindings/commands/honest.hpp"
#include "bindings/complete.hpp"
#include "bindings/environment.hpp"
#include "bindings/errors.hpp"
#include "bindings/expr.hpp"
#include "bindings/help.hpp"
#include "bindings/open.hpp"
#include "bindings/output_log.hpp"
#include "bindings/session.hpp"
#include "bindings/statements.hpp"
#include "bindings/stdlib.hpp"
#include "bindings/value.hpp"
#include "core/text.hpp"
#include "language/translate.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

namespace bindings {
namespace {

/// Lua loops stop on Ctrl-C too. Checked every so many VM instructions.
constexpr int poll_every = 10'000;

void poll_hook(lua_State* L, lua_Debug*) {
  if (!core::interrupt_requested()) return;
  core::clear_interrupt();
  push_interrupted(L);
  lua_error(L);
}

constexpr const char* library_loader = "moontide.library";

/// Runs a file of stdlib/ with the names of scripts. It gets this function as its argument: init.lua loads the others.
int load_library_file(lua_State* L) {
  const std::string name = luaL_checkstring(L, 1);
  for (const StdlibFile& file : stdlib_files()) {
    if (file.name != name) continue;
    if (luaL_loadbufferx(L, file.text.data(), file.text.size(), name.c_str(), "b") != LUA_OK) return lua_error(L);
    use_script_environment(L);
    lua_getfield(L, LUA_REGISTRYINDEX, library_loader);
    lua_call(L, 1, 1);
    return 1;
  }
  throw core::Error("no file '" + name + "' in the library");
}

int open_state(lua_State* L) {
  lua_gc(L, LUA_GCSTOP);  // nothing made here is garbage
  luaL_openlibs(L);
  open_errors(L);
  open_environment(L);
  open_expr(L);
  open_functions(L);
  open_columns(L);
  open_frames(L);
  open_results(L);
  open_tables(L);
  open_figures(L);
  open_inference(L);
  open_placebo(L);
  open_weights(L);
  open_analyses(L);
  open_split(L);
  open_assignment(L);
  Registry& registry = session(L).commands;
  add_data_commands(registry);
  add_value_commands(registry);
  add_statistics_commands(registry);
  add_measure_commands(registry);
  add_estimators(registry);
  add_inference_commands(registry);
  add_diagnostics(registry);
  add_placebo_command(registry);
  add_decomposition_commands(registry);
  add_compare_command(registry);
  add_robust_inference_commands(registry);
  add_sensitivity_commands(registry);
  add_honest_command(registry);
  add_dose_command(registry);
  add_matching_commands(registry);
  add_weighting_commands(registry);
  add_synthetic_commands(registry);
  add_mediation_commands(registry);
  add_heterogeneity_commands(registry);
  add_explain_command(registry);
  add_figure_commands(registry);
  add_table_commands(registry);
  add_path_commands(registry);
  add_weights_commands(L, registry);
  add_assignment_commands(L, registry);
  add_spatial_commands(registry);
  add_spatial_local_commands(registry);
  add_map_commands(registry);
  add_spatial_model_commands(registry);
  add_gwr_command(registry);
  add_spatial_markov_command(registry);
  add_help_commands(registry);
  open_declarations(L);
  open_statements(L);
  lua_pushcfunction(L, guarded<load_library_file>);
  lua_pushvalue(L, -1);
  lua_setfield(L, LUA_REGISTRYINDEX, library_loader);
  lua_pushliteral(L, "init.lua");
  lua_call(L, 1, 0);
  lua_gc(L, LUA_GCRESTART);
  lua_sethook(L, poll_hook, LUA_MASKCOUNT, poll_every);
  return 0;
}

void set_arguments(lua_State* L, const std::string& path, const std::vector<std::string>& arguments) {
  lua_newtable(L);
  push_text(L, path);
  lua_rawseti(L, -2, 0);
  lua_Integer i = 0;
  for (const std::string& argument : arguments) {
    push_text(L, argument);
    lua_rawseti(L, -2, ++i);
  }
  lua_setglobal(L, "arg");
}

/// What an input asks to run; light userdata for the protected call.
struct Input {
  std::string text, source;
  const std::vector<std::string>* arguments = nullptr;  ///< a script's: of the file `text`, or of a text of its own
  bool interactive = false;
  int first_line = 1;  ///< of typed text: positions count through a session
};

/// Values of an expression typed at the prompt; plain ones on one line, as Lua's own prompt.
void print_values(lua_State* L, int first) {
  const int last = lua_gettop(L);
  if (first == last) {
    show(L, first);
    return;
  }
  for (int i = first; i <= last; ++i) {
    const std::string text = lua_isnil(L, i) ? "nil" : shown(L, i);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc(i == last ? '\n' : '\t', stdout);
  }
}

/// `describe`, `summarize, detail`, `gsort -year`: a statement, though Lua could read an expression.
bool reads_as_statement(lua_State* L, const std::string& text) {
  const std::string_view trimmed = core::trim(text);
  const std::string word(
      trimmed.substr(0, trimmed.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")));
  lua_pushglobaltable(L);
  push_text(L, word);
  const bool is_variable = lua_rawget(L, -2) != LUA_TNIL;
  lua_pop(L, 2);
  const std::string name = statement_command(L, word);
  if (is_variable || name.empty() || session(L).is_column(word)) return false;
  if (word.size() < trimmed.size()) return language::is_statement_input(text, {word});
  const Command* command = session(L).commands.find(name);
  return !command || std::all_of(command->record.args.begin(), command->record.args.end(),
                                 [](const core::ArgSpec& arg) { return arg.optional; });
}

/// `use "towns.csv"`, `panel(city, year)`: a call of a command and nothing else. It reports as in a script, though Lua
/// could read an expression.
bool is_bare_command_call(lua_State* L, const std::string& text) {
  using language::TokenKind;
  std::vector<language::Token> tokens = language::tokens(text);
  std::erase_if(tokens, [](const language::Token& t) {
    return t.kind == TokenKind::space || t.kind == TokenKind::comment || t.kind == TokenKind::end;
  });
  if (tokens.size() < 2 || tokens[0].kind != TokenKind::name) return false;
  const auto word = [&](std::size_t i) { return text.substr(tokens[i].offset, tokens[i].length); };
  if (!session(L).commands.find(word(0)) || session(L).is_column(word(0))) return false;
  lua_pushglobaltable(L);
  push_text(L, word(0));
  const bool is_variable = lua_rawget(L, -2) != LUA_TNIL;
  lua_pop(L, 2);
  if (is_variable) return false;
  if (tokens[1].kind == TokenKind::string) return tokens.size() == 2;
  if (word(1) != "(" && word(1) != "{") return false;
  int depth = 0;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::symbol) continue;
    const std::string sign = word(i);
    if (sign == "(" || sign == "{" || sign == "[") ++depth;
    if (sign == ")" || sign == "}" || sign == "]") --depth;
    if (depth == 0) return i + 1 == tokens.size();
  }
  return false;
}

/// `local x = 1` alone at the prompt: the next input does not know it.
bool is_lost_local(const std::string& text) {
  using language::TokenKind;
  std::vector<language::Token> tokens = language::tokens(text);
  std::erase_if(tokens, [](const language::Token& t) {
    return t.kind == TokenKind::space || t.kind == TokenKind::comment || t.kind == TokenKind::end;
  });
  const auto word = [&](std::size_t i) { return text.substr(tokens[i].offset, tokens[i].length); };
  if (tokens.empty() || word(0) != "local" || text.find('\n') < text.find_last_not_of("\n")) return false;
  return std::none_of(tokens.begin(), tokens.end(),
                      [&](const language::Token& t) { return text.substr(t.offset, t.length) == ";"; });
}

int run_input(lua_State* L) {
  const Input& input = *static_cast<const Input*>(lua_touserdata(L, 1));
  lua_settop(L, 0);
  if (input.arguments) {
    const bool file = input.source[0] == '@';
    set_arguments(L, file ? input.text : "-", *input.arguments);
    if (file) {
      load_file(L, input.text);
    } else {
      load_script(L, input.text, input.source, 1);
    }
    lua_Integer count = 0;
    for (const std::string& argument : *input.arguments) {
      push_text(L, argument);
      ++count;
    }
    lua_call(L, static_cast<int>(count), 0);
    return 0;
  }
  if (!input.interactive) {
    load_script(L, input.text, input.source, 1);
    lua_call(L, 0, 0);
    return 0;
  }
  const bool statement = reads_as_statement(L, input.text) || is_bare_command_call(L, input.text);
  const bool expression = !statement && load_expression(L, input.text, input.source, input.first_line);
  if (!expression) load_script(L, input.text, input.source, input.first_line);
  if (is_lost_local(input.text))
    session(L).warn_once("at the prompt a local is gone on the next line: write the name without local");
  lua_call(L, 0, LUA_MULTRET);
  const int first = expression ? 2 : 1;  // an expression runs as `return nil, …`
  if (lua_gettop(L) >= first) print_values(L, first);
  return 0;
}

}  // namespace

struct Interpreter::State {
  std::unique_ptr<Session> session;
  int typed_lines = 0;  ///< lines of earlier inputs

  Outcome run(const Input& input) const {
    lua_State* L = session->L;
    lua_settop(L, 0);
    core::clear_interrupt();
    session->outcome = {};
    lua_pushcfunction(L, on_error);
    lua_pushcfunction(L, guarded<run_input>);
    lua_pushlightuserdata(L, const_cast<Input*>(&input));  // NOLINT: Lua knows no const pointers
    const int status = lua_pcall(L, 1, 0, 1);
    Outcome outcome = session->outcome;
    if (status != LUA_OK && outcome.ok && !outcome.leave) outcome = describe_failure(L, -1);
    if (status == LUA_OK) outcome = {};
    lua_settop(L, 0);
    std::fflush(stdout);
    return outcome;
  }
};

Interpreter::Interpreter(InterpreterOptions options) : state_(std::make_unique<State>()) {
  lua_State* L = luaL_newstate();
  if (!L) throw std::bad_alloc();
  state_->session = std::make_unique<Session>(L, options);
  *static_cast<Session**>(lua_getextraspace(L)) = state_->session.get();
  lua_pushcfunction(L, guarded<open_state>);
  if (lua_pcall(L, 0, 0, 0) != LUA_OK) {
    const std::string message = printed_at(L, -1);
    lua_close(L);
    throw std::runtime_error("the library does not load: " + message);
  }
}

Interpreter::~Interpreter() {
  lua_close(state_->session->L);
  close_log();
}

namespace {

/// A file of data given for a script: what the user means by it, or "".
std::string data_instead(const std::string& path) {
  const std::string ending = core::lower(std::filesystem::path(path).extension().string());
  for (const char* data : {".csv", ".tsv", ".dta", ".xlsx", ".ods", ".sav", ".sas7bdat", ".mtf", ".geojson", ".shp"})
    if (ending == data)
      return "'" + path + "' holds data, it is no script\n  moontide -i -e 'use \"" + path +
             "\"' opens it in a session\n";
  return "";
}

}  // namespace

Outcome Interpreter::run_file(const std::string& path, const std::vector<std::string>& arguments) {
  if (std::string error = data_instead(path); !error.empty())
    return {.ok = false, .exit_status = 1, .error = std::move(error)};
  state_->session->script_folder = folder_of(path);
  return state_->run({path, "@" + path, &arguments, false});
}

Outcome Interpreter::run_standard_input(const std::string& text, const std::vector<std::string>& arguments) {
  return state_->run({text, "=stdin", &arguments, false});
}

Outcome Interpreter::run_text(const std::string& text, const std::string& chunk_name, bool interactive) {
  Input input{text, "=" + chunk_name, nullptr, interactive};
  if (interactive) {
    input.first_line = state_->typed_lines + 1;
    state_->typed_lines += static_cast<int>(std::count(text.begin(), text.end(), '\n'));
    if (text.empty() || text.back() != '\n') ++state_->typed_lines;
  }
  return state_->run(input);
}

Interpreter::Completion Interpreter::complete(const std::string& text, std::size_t cursor) const {
  return completions(state_->session->L, text, cursor);
}

std::string Interpreter::help(const std::string& name) const {
  try {
    return help_text(state_->session->L, name);
  } catch (const core::Error& error) {
    return std::string(error.what()) + "\n  " + error.hints().at(0);
  }
}

void Interpreter::set_width(int columns) {
  state_->session->options.width = columns;
  state_->session->options.fold = true;
}

lua_State* Interpreter::state() const { return state_->session->L; }

}  // namespace bindings
