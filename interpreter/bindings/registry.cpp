// The one list of commands: native estimators, native commands, commands declared in Lua; and how one is called.
#include "bindings/commands.hpp"
#include "bindings/errors.hpp"
#include "bindings/expr.hpp"
#include "bindings/statements.hpp"
#include "bindings/value.hpp"
#include "core/text.hpp"
#include "formula/own_terms.hpp"
#include "language/translate.hpp"

#include <algorithm>
#include <cstring>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;

bool names_columns(Kind kind) {
  return kind == Kind::column || kind == Kind::columns || kind == Kind::expression || kind == Kind::condition ||
         kind == Kind::formula || kind == Kind::terms || kind == Kind::weights;
}

bool has_option(const core::Record& record, const std::string& name) {
  return std::any_of(record.options.begin(), record.options.end(), [&](const OptionSpec& option) {
    return option.name == name || std::find(option.aliases.begin(), option.aliases.end(), name) != option.aliases.end();
  });
}

/// data= and where=/if= for commands that work on columns.
void add_shared_options(Command& command) {
  core::Record& record = command.record;
  if (!command.takes_data) return;
  bool columns = record.open_keywords;
  for (const core::ArgSpec& arg : record.args) columns = columns || names_columns(arg.kind);
  for (const OptionSpec& option : record.options) columns = columns || names_columns(option.kind);
  if (columns && command.takes_where && !has_option(record, "where")) {
    record.options.push_back({.name = "where",
                              .kind = Kind::condition,
                              .doc = "rows to use: a condition as a string",
                              .default_text = "",
                              .aliases = {"if"}});
    command.where_added = true;
  }
  if (columns && !has_option(record, "data"))
    record.options.push_back(
        {.name = "data", .kind = Kind::frame, .doc = "the frame to work on", .default_text = "the data in use"});
}

/// A command's name that is a term within a formula, with columns where the command takes a formula.
bool is_term_call(lua_State* L, const Command& command) {
  if (!formula::is_own_term(command.record.name) || lua_gettop(L) < 2 || is_keywords(L, 2)) return false;
  const formula::Tree first = tree_at(L, 1);
  return first != nullptr && first->op != formula::Op::tilde && first->op != formula::Op::bar &&
         tree_at(L, 2) != nullptr;
}

/// moran(m, W) of a result is residual_moran(m, W): the moments of residuals are others than those of a variable.
const Command* of_result(lua_State* L, const Command* command) {
  const bool other = command->record.name == "moran" && lua_gettop(L) > 0 && test_value<FitRef>(L, 1) != nullptr;
  return other ? session(L).commands.find("residual_moran") : command;
}

/// What scripts call. Upvalue: the Command.
int call_command(lua_State* L) {
  const Command* command = of_result(L, static_cast<const Command*>(lua_touserdata(L, lua_upvalueindex(1))));
  if (is_term_call(L, *command)) {
    push_expr(L, call_node(L, command->record.name, 1));
    return 1;
  }
  try {
    Arguments arguments(L, *command);
    const int results = command->run(L, arguments);
    if (results > 0)
      if (const FitRef* fit = test_value<FitRef>(L, -results)) statement_state(L).last = *fit;
    if (results > 0 && is_statement_call(L)) show(L, lua_gettop(L) - results + 1);
    return results;
  } catch (core::Error& error) {
    const std::string& typed = statement_state(L).command;  // reghdfe, where feols runs
    error.in_command(typed.empty() ? command->record.name : typed);
    throw;
  }
}

}  // namespace

const Command& Registry::add(Command command) {
  add_shared_options(command);
  const std::string name = command.record.name;
  auto made = std::make_unique<Command>(std::move(command));
  const Command* pointer = made.get();
  std::unique_ptr<Command>& slot = by_name_[name];
  if (slot) {
    std::replace(order_.begin(), order_.end(), static_cast<const Command*>(slot.get()), pointer);
    replaced_.push_back(std::move(slot));
  } else {
    order_.push_back(pointer);
  }
  slot = std::move(made);
  return *pointer;
}

const Command* Registry::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second.get();
}

std::vector<std::string> Registry::names() const {
  std::vector<std::string> names;
  names.reserve(order_.size());
  for (const Command* command : order_) names.push_back(command->record.name);
  return names;
}

void push_command(lua_State* L, const Command& command) {
  // One function per command, so that it equals itself and keeps its name as an operand.
  lua_pushlightuserdata(L, const_cast<Command*>(&command));  // NOLINT: Lua knows no const pointers
  if (lua_rawget(L, LUA_REGISTRYINDEX) == LUA_TFUNCTION) return;
  lua_pop(L, 1);
  lua_pushlightuserdata(L, const_cast<Command*>(&command));  // NOLINT
  lua_pushlightuserdata(L, const_cast<Command*>(&command));  // NOLINT
  lua_pushcclosure(L, guarded<call_command>, 1);
  name_function(L, command.record.name);
  lua_pushvalue(L, -1);
  lua_insert(L, -3);
  lua_rawset(L, LUA_REGISTRYINDEX);
}

std::string call_text(lua_State* L, const std::string& command) {
  if (!statement_state(L).text.empty()) return statement_state(L).text;
  const Position position = script_position(L, 1);
  if (!position.known()) return "";
  const std::string& text = script_text(L, position.source);
  std::size_t begin = 0;
  for (int line = 1; line < position.line; ++line) {
    begin = text.find('\n', begin);
    if (begin == std::string::npos) return "";
    ++begin;
  }
  constexpr std::size_t longest = 4'000;
  const std::string_view rest = std::string_view(text).substr(begin, longest);
  std::string call;
  int depth = 0;
  bool inside = false;
  for (const language::Token& token : language::tokens(rest)) {
    const std::string_view word = rest.substr(token.offset, token.length);
    using Kind = language::TokenKind;
    if (!inside) {
      inside = token.kind == Kind::name && word == command;
      if (inside) call = word;
      continue;
    }
    if (token.kind == Kind::comment) continue;
    if (token.kind == Kind::space) {
      if (depth > 0) {
        if (call.back() != ' ' && call.back() != '(') call += ' ';
        continue;
      }
      if (word.find('\n') != std::string_view::npos) break;
      call += ' ';
      continue;
    }
    const bool symbol = token.kind == Kind::symbol && word.size() == 1;
    if (symbol && std::strchr(")]}", word[0])) {
      --depth;
      if (call.back() == ' ') call.pop_back();
    }
    if (depth < 0) break;
    call += word;
    if (symbol && std::strchr("([{", word[0])) ++depth;
    if (depth == 0) break;  // closed, or a string or table as the only argument
  }
  return std::string(core::trim(call));
}

}  // namespace bindings
