#include "bindings/statements.hpp"

#include "bindings/errors.hpp"
#include "bindings/expr.hpp"
#include "bindings/open.hpp"
#include "bindings/return_code.hpp"
#include "bindings/statement_form.hpp"
#include "bindings/value.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "data/sort.hpp"
#include "formula/evaluate.hpp"
#include "formula/parse.hpp"
#include "language/statement_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace bindings {

template <>
struct Bound<StatementState> {
  static constexpr const char* key = "moontide.statement state";
  static constexpr const char* name = "statements";
};

namespace {

using language::Statement;

constexpr const char* state_key = "moontide.statements";
constexpr std::array<luaL_Reg, 1> no_functions{{{nullptr, nullptr}}};

/// Sets the state of statements for as long as one runs; an error puts the outer one back too.
class Running {
 public:
  Running(lua_State* L, std::string text)
      : state_(statement_state(L)), before_(state_.text), command_(state_.command), quiet_(state_.quiet) {
    state_.text = std::move(text);
  }
  ~Running() {
    state_.text = before_;
    state_.command = command_;
    state_.quiet = quiet_;
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  void set_quiet(bool quiet) { state_.quiet = quiet; }

 private:
  StatementState& state_;
  std::string before_, command_;
  bool quiet_;
};

/// The command to call, its arguments on the stack.
struct Call {
  const Command* command = nullptr;
  int arguments = 0;
};

[[noreturn]] void unknown_command(lua_State* L, const std::string& name) {
  push_named_value(L, name);
  const bool function = lua_isfunction(L, -1);
  const bool known = !lua_isnil(L, -1);
  lua_pop(L, 1);
  if (function)
    throw core::Error("'" + name + "' is a Lua function, not a command")
        .word(name)
        .hint("call it: " + name + "(…), with commas between arguments");
  std::vector<std::string> names = statement_names(L);
  names.insert(names.end(), {"exit", "quit"});
  const std::string near = core::nearest(name, names);
  core::Error error("unknown command '" + name + "'");
  error.word(name);
  if (!near.empty()) error.hint("did you mean '" + near + "'?");
  if (known || session(L).is_column(name)) error.hint("to show a value write print(" + name + ")");
  if (near.empty() && !known) error.hint("help lists the commands, search WORD looks for a word");
  throw core::Error(error);
}

/// Calls the command, which shows its value itself; returns the number of its results, which are on the stack.
int call(lua_State* L, const Call& what) {
  const int base = lua_gettop(L) - what.arguments;
  push_command(L, *what.command);
  lua_insert(L, base + 1);
  lua_call(L, what.arguments, LUA_MULTRET);
  return lua_gettop(L) - base;
}

void remember_returned(lua_State* L, int index) {
  const bool text = lua_type(L, index) == LUA_TSTRING;  // display leaves r() alone
  if (test_value<FitRef>(L, index) || lua_isnil(L, index) || text) return;
  lua_pushvalue(L, index);
  lua_setfield(L, LUA_REGISTRYINDEX, returned_key);
}

/// Runs the command of the statement: its form first, where it has one.
void run_command(lua_State* L, Statement statement) {
  const int base = lua_gettop(L);
  const std::string name = statement_command(L, statement.name);
  if (name.empty()) unknown_command(L, statement.name);
  const std::string typed = std::exchange(statement.name, name);
  Running running(L, statement_state(L).text);
  statement_state(L).command = core::starts_with(name, typed) ? name : typed;  // reghdfe, though feols runs
  FormResult read;
  const auto form = statement_state(L).forms.find(name);
  if (form != statement_state(L).forms.end()) read = read_form(L, form->second, statement);
  if (read.done) {
    if (lua_gettop(L) > base) {
      remember_returned(L, base + 1);
      if (!statement_state(L).quiet) show(L, base + 1);
    }
    lua_settop(L, base);
    return;
  }
  Call what{session(L).commands.find(statement.name), read.arguments};
  if (!what.command) throw core::Error("the command '" + statement.name + "' is not there").word(name);
  if (!read.direct) {
    try {
      what.arguments = push_statement_arguments(L, statement, what.command->record);
    } catch (core::Error& error) {
      error.in_command(statement_state(L).command.empty() ? what.command->record.name : statement_state(L).command);
      throw;
    }
    if (read.keywords) merge_form_keywords(L, base + 1, what.arguments);
  }
  if (call(L, what) > 0) remember_returned(L, base + 1);
  lua_settop(L, base);
}

/// A column of the data in use for as long as a statement that reads it runs.
class TemporaryColumn {
 public:
  TemporaryColumn() = default;
  void add(FrameRef box, const char* name, data::ColumnPtr column) {
    box_ = std::move(box);
    name_ = name;
    box_->frame = box_->frame.with(name, std::move(column));
  }
  TemporaryColumn(const TemporaryColumn&) = delete;
  TemporaryColumn& operator=(const TemporaryColumn&) = delete;
  ~TemporaryColumn() {
    if (box_ && box_->frame.has(name_)) box_->frame = box_->frame.without(name_);
  }

 private:
  FrameRef box_;
  std::string name_;
};

/// e(sample)
void add_sample(lua_State* L, TemporaryColumn& column) {
  const FrameRef box = data_in_use(L);
  const results::Fit& fit = *statement_state(L).last;
  if (box->frame.rows() != fit.frame_rows)
    throw core::Error("e(sample): the rows have changed since the estimation").word("sample");
  std::vector<std::uint8_t> used(fit.frame_rows, 0);
  for (const auto row : fit.rows) used[row] = 1;
  column.add(box, "_esample", data::Column::booleans(std::move(used)));
}

// ---- by

std::vector<std::string> by_columns(lua_State* L, const std::string& prefix, std::vector<std::string>& order) {
  std::string words = prefix.substr(prefix.find(' ') == std::string::npos ? prefix.size() : prefix.find(' '));
  bool sorts = !core::starts_with(prefix, "by ");
  if (const std::size_t comma = words.find(','); comma != std::string::npos) {
    const std::string option(core::trim(std::string_view(words).substr(comma + 1)));
    if (option != "sort" && option != "s")
      throw core::Error("by takes the option sort, not '" + option + "'").word(option);
    sorts = true;
    words.erase(comma);
  }
  std::vector<std::string> groups, within;
  for (const std::string& word : language::statement_words(words)) {
    if (word.front() == '(') {
      within = expand_columns(L, language::statement_words(word.substr(1, word.size() - 2)));
    } else {
      for (std::string& name : expand_columns(L, {word})) groups.push_back(std::move(name));
    }
  }
  if (groups.empty()) throw core::Error("by needs columns before the colon").word("by").hint("by city: summarize ser");
  if (sorts || !within.empty()) {
    order = groups;
    order.insert(order.end(), within.begin(), within.end());
  }
  return groups;
}

bool has_by(const core::Record& record) {
  return std::any_of(record.options.begin(), record.options.end(),
                     [](const core::OptionSpec& option) { return option.name == "by"; });
}

std::string joined(const std::vector<std::string>& names) { return core::join(names, " "); }

/// Once for each group of rows, on a frame of its own.
void run_by_group(lua_State* L, const Statement& statement, const std::vector<std::string>& groups) {
  const FrameRef whole = data_in_use(L);
  std::vector<data::SortKey> keys;
  std::vector<data::ColumnPtr> columns;
  for (const std::string& name : groups) {
    columns.push_back(whole->frame.at(name));
    keys.push_back({name});
  }
  const std::vector<std::uint32_t> order = data::sorted_rows(whole->frame, keys);
  const auto same = [&](std::uint32_t a, std::uint32_t b) {
    return std::all_of(columns.begin(), columns.end(),
                       [&](const data::ColumnPtr& column) { return column->text(a) == column->text(b); });
  };
  struct Restore {
    Session& session;
    FrameRef box;
    ~Restore() { session.use(box); }
  } restore{session(L), whole};
  for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
    while (last < order.size() && same(order[first], order[last])) ++last;
    std::vector<std::uint32_t> rows(order.begin() + static_cast<std::ptrdiff_t>(first),
                                    order.begin() + static_cast<std::ptrdiff_t>(last));
    std::sort(rows.begin(), rows.end());
    std::vector<std::string> values;
    values.reserve(groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i)
      values.push_back(groups[i] + " = " + columns[i]->text(order[first]));
    if (!statement_state(L).quiet) std::printf("\n-> %s\n", core::join(values, ", ").c_str());
    session(L).use(whole->frame.take(rows));
    run_command(L, statement);
  }
}

void run_by(lua_State* L, Statement statement, const std::string& prefix) {
  std::vector<std::string> order;
  const std::vector<std::string> groups = by_columns(L, prefix, order);
  if (!order.empty()) {
    const FrameRef box = data_in_use(L);
    std::vector<data::SortKey> keys;
    keys.reserve(order.size());
    for (const std::string& name : order) keys.push_back({name});
    box->frame = box->frame.take(data::sorted_rows(box->frame, keys));
  }
  const std::string name = statement_command(L, statement.name);
  if (name.empty()) unknown_command(L, statement.name);
  const Command* command = session(L).commands.find(name);
  if (command ? has_by(command->record) : name == "egen") {
    TemporaryColumn rows;
    const std::string where = statement_condition(statement);
    if (!where.empty()) {  // _n and the statistics of the condition are those of the group
      const FrameRef box = data_in_use(L);
      std::vector<data::ColumnPtr> columns;
      columns.reserve(groups.size());
      for (const std::string& group : groups) columns.push_back(box->frame.at(group));
      rows.add(box, "_by_rows", formula::evaluate(formula::parse(where), box->frame, data::group(columns)));
      statement.condition = "_by_rows";
      statement.range.clear();
    }
    statement.options.push_back({"by", true, joined(groups)});
    return run_command(L, statement);
  }
  const bool looks_only =
      command ? command->record.topic != "data" || name == "list" || name == "describe" || name == "head"
              : name == "count" || name == "display";
  if (!looks_only) throw core::Error("'" + name + "' does not work by groups").word(name);
  run_by_group(L, statement, groups);
}

// ---- prefixes

void run(lua_State* L, const Statement& statement, std::size_t prefix);

struct Protected {
  const Statement* statement;
  std::size_t prefix;
};

int run_protected(lua_State* L) {
  const auto* what = static_cast<const Protected*>(lua_touserdata(L, 1));
  lua_settop(L, 0);
  run(L, *what->statement, what->prefix);
  return 0;
}

void set_return_code(lua_State* L, lua_Integer code, const std::string& message) {
  lua_pushinteger(L, code);
  lua_setglobal(L, "_rc");
  push_text(L, message);
  lua_setglobal(L, "_error");
}

/// capture: _rc is 0, or after an error (which `capture noisily` shows) Stata's number for it; its text is then in
/// _error.
void run_captured(lua_State* L, const Statement& statement, std::size_t prefix) {
  const Protected what{&statement, prefix};
  lua_pushcfunction(L, guarded<run_protected>);
  lua_pushlightuserdata(L, const_cast<Protected*>(&what));  // NOLINT: Lua knows no const pointers
  const int status = lua_pcall(L, 1, 0, 0);
  if (status != LUA_OK && passes_pcall(L, -1)) lua_error(L);
  const std::string message = status == LUA_OK ? "" : printed_at(L, -1);
  if (status != LUA_OK) lua_pop(L, 1);
  const bool shown = prefix < statement.prefixes.size() && statement.prefixes[prefix] == "noisily";
  if (shown && !message.empty()) std::fprintf(stderr, "%s\n", message.c_str());
  set_return_code(L, status == LUA_OK ? 0 : return_code(message), message);
}

void run(lua_State* L, const Statement& statement, std::size_t prefix) {
  if (prefix == statement.prefixes.size()) return run_command(L, statement);
  const std::string& word = statement.prefixes[prefix];
  Running running(L, statement_state(L).text);
  if (word == "quietly" || word == "noisily") {
    running.set_quiet(word == "quietly");
    run(L, statement, prefix + 1);
  } else if (word == "capture") {
    running.set_quiet(true);
    run_captured(L, statement, prefix + 1);
  } else if (core::starts_with(word, "eststo")) {
    run(L, statement, prefix + 1);
    run_command(L, language::parse_statement(word));
  } else {
    if (prefix + 1 != statement.prefixes.size())
      throw core::Error("'by' stands directly before the command").word(statement.prefixes[prefix + 1]);
    run_by(L, statement, word);
  }
}

/// A Lua value inside a statement, as text.
std::string inserted_text(lua_State* L, int index) {
  const int at = lua_absindex(L, index);
  switch (lua_type(L, at)) {
    case LUA_TSTRING:
      return text_at(L, at);
    case LUA_TNUMBER:
      return lua_isinteger(L, at) ? printed_at(L, at) : core::shortest(lua_tonumber(L, at));
    case LUA_TBOOLEAN:
      return lua_toboolean(L, at) ? "true" : "false";
    default:
      break;
  }
  if (const Expr* expr = test_value<Expr>(L, at); expr && expr->tree) return formula::print(expr->tree);
  if (std::string name = operand_name(L, at); !name.empty()) return name;
  if (lua_istable(L, at)) {
    std::vector<std::string> items;
    const lua_Integer n = luaL_len(L, at);
    for (lua_Integer i = 1; i <= n; ++i) {
      lua_geti(L, at, i);
      items.push_back(inserted_text(L, lua_gettop(L)));
      lua_pop(L, 1);
    }
    return core::join(items, " ");
  }
  throw core::Error("{=…} puts numbers, strings, columns and lists of them into a statement, not " + described(L, at));
}

// __statement("reg y ", controls, ", vce(robust)"): text and values in turn.
int run_statement(lua_State* L) {
  std::string text;
  for (int i = 1; i <= lua_gettop(L); ++i) text += i % 2 == 1 ? text_at(L, i) : inserted_text(L, i);
  lua_settop(L, 0);
  Running running(L, std::string(core::trim(text)));
  TemporaryColumn sample;
  try {
    const std::string inserted = insert_returned(L, text);
    if (inserted.find("_esample") != std::string::npos) add_sample(L, sample);
    const Statement statement = language::parse_statement(inserted);
    statement_state(L).text = core::trim(std::string_view(inserted).substr(statement.begin));
    run(L, statement, 0);
  } catch (const language::Fault& fault) {
    core::Error error(fault.what);
    if (fault.offset < text.size()) error.at({text, fault.offset, std::max<std::size_t>(fault.length, 1)});
    for (const std::string& hint : fault.hints) error.hint(hint);
    throw core::Error(error);
  }
  return 0;
}

}  // namespace

bool is_statement_runner(lua_CFunction function) {
  return function == guarded<run_statement> || function == guarded<run_protected>;
}

std::string statement_command(lua_State* L, const std::string& word) {
  const StatementState& state = statement_state(L);
  if (session(L).commands.find(word) || state.forms.count(word) != 0) return word;
  const auto found = state.abbreviations.find(word);
  return found == state.abbreviations.end() ? "" : found->second;
}

std::vector<std::string> statement_names(lua_State* L) {
  std::vector<std::string> names = session(L).commands.names();
  for (const auto& [name, form] : statement_state(L).forms) names.push_back(name);
  return names;
}

void push_named_value(lua_State* L, const std::string& word) {
  if (lua_stringtonumber(L, word.c_str()) == word.size() + 1) return;
  if (word.size() > 1 && (word[0] == '"' || word[0] == '\'')) {
    push_text(L, language::unquoted(word));
    return;
  }
  lua_Debug ar;
  for (int level = 0; lua_getstack(L, level, &ar); ++level) {
    lua_getinfo(L, "Slf", &ar);
    const bool script = ar.currentline > 0 && !is_library(ar.source);
    if (!script) {
      lua_pop(L, 1);
      continue;
    }
    const int function = lua_gettop(L);
    int found = 0;
    for (int i = 1; const char* local = lua_getlocal(L, &ar, i); ++i) {
      if (local == word) found = i;
      lua_pop(L, 1);
    }
    if (found) {
      lua_getlocal(L, &ar, found);
      lua_remove(L, function);
      return;
    }
    for (int i = 1; const char* upvalue = lua_getupvalue(L, function, i); ++i) {
      if (upvalue == word) {
        lua_remove(L, function);
        return;
      }
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
    break;
  }
  lua_pushglobaltable(L);
  push_text(L, word);
  lua_rawget(L, -2);
  lua_remove(L, -2);
}

StatementState& statement_state(lua_State* L) {
  lua_getfield(L, LUA_REGISTRYINDEX, state_key);
  auto* state = static_cast<StatementState*>(lua_touserdata(L, -1));
  lua_pop(L, 1);
  return *state;
}

void open_statements(lua_State* L) {
  new_type<StatementState>(L, no_functions.data());
  lua_pop(L, 1);
  push_value(L, StatementState{});
  lua_setfield(L, LUA_REGISTRYINDEX, state_key);
  set_return_code(L, 0, "");
  open_statement_forms(L);
  add_script_function(L, "__statement", guarded<run_statement>);
}

}  // namespace bindings
