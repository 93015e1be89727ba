// Checking and converting the arguments of commands: the one place that knows every core::Kind.
#include "bindings/convert.hpp"
#include "bindings/errors.hpp"
#include "bindings/expr.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <map>

namespace bindings {
namespace {

using core::ArgSpec;
using core::Kind;
using core::OptionSpec;

/// f{a, b, k=v}: the list part becomes the arguments, the fields the options.
void spread_only_table(lua_State* L, const core::Record& record) {
  if (lua_gettop(L) != 1 || !is_list(L, 1) || is_keywords(L, 1) || record.args.empty()) return;
  const core::ArgSpec& first = record.args.front();
  const bool whole = first.kind == Kind::list || (first.kind == Kind::any && !first.repeated);
  if (whole || lua_rawlen(L, 1) == 0) return;
  lua_newtable(L);
  bool named = false;
  for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) continue;
    named = true;
    lua_pushvalue(L, -2);
    lua_pushvalue(L, -2);
    lua_settable(L, 2);
  }
  if (!named) {
    lua_pop(L, 1);
    return;
  }
  const auto n = static_cast<lua_Integer>(lua_rawlen(L, 1));
  for (lua_Integer i = 1; i <= n; ++i) lua_rawgeti(L, 1, i);
  lua_pushvalue(L, 2);
  lua_remove(L, 2);
  lua_remove(L, 1);
}

/// Position of the trailing options table on the stack, or 0. Untranslated callers write f(a, {k=v}).
int options_index(lua_State* L, const core::Record& record) {
  const int top = lua_gettop(L);
  if (top == 0 || !is_list(L, top)) return 0;
  if (is_keywords(L, top)) return top;
  if (lua_getmetatable(L, top)) {
    lua_pop(L, 1);
    return 0;
  }
  const std::size_t position = static_cast<std::size_t>(top - 1);
  const ArgSpec* arg = position < record.args.size()                         ? &record.args[position]
                       : !record.args.empty() && record.args.back().repeated ? &record.args.back()
                                                                             : nullptr;
  if (arg && !arg->optional && (arg->kind == Kind::list || arg->kind == Kind::any)) return 0;
  bool any = false;
  for (lua_pushnil(L); lua_next(L, top); lua_pop(L, 1)) {
    any = true;
    if (lua_type(L, -2) != LUA_TSTRING) {
      lua_pop(L, 2);
      return 0;
    }
  }
  return any || !arg ? top : 0;
}

/// The keywords of the options table, in the order written where that is known, else sorted.
std::vector<std::string> keywords_of(lua_State* L, int index) {
  if (is_keywords(L, index)) return keyword_order(L, index);
  std::vector<std::string> names;
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) names.push_back(text_at(L, -2));
  std::sort(names.begin(), names.end());
  return names;
}

const OptionSpec* find_option(const core::Record& record, const std::string& name) {
  for (const OptionSpec& option : record.options)
    if (option.name == name || std::find(option.aliases.begin(), option.aliases.end(), name) != option.aliases.end())
      return &option;
  return nullptr;
}

std::vector<std::string> option_names(const core::Record& record) {
  std::vector<std::string> names;
  for (const OptionSpec& option : record.options) names.push_back(option.name);
  return names;
}

std::string listed_args(const core::Record& record) {
  if (record.open_keywords && record.args.empty() && !record.example.empty()) return record.example;
  std::vector<std::string> names;
  for (const ArgSpec& arg : record.args)
    names.push_back(arg.optional ? "[" + arg.name + "]" : arg.repeated ? arg.name + ", …" : arg.name);
  return record.name + "(" + core::join(names, ", ") + ")";
}

[[noreturn]] void unknown_option(lua_State* L, const core::Record& record, const std::string& name) {
  const std::vector<std::string> names = option_names(record);
  core::Error error("unknown option '" + name + "'; " + core::did_you_mean(name, names, "options"));
  error.word(name);
  const FrameRef& box = session(L).in_use();
  if (box && box->frame.has(name) && find_option(record, "where"))  // keep(year = 2012)
    error.hint("a condition is a string: where=\"" + name + " == …\"");
  throw core::Error(error);
}

/// rename(data = "sample"): a column that is called as an option is.
bool is_column_keyword(lua_State* L, const core::Record& record, const OptionSpec& option) {
  const FrameRef& box = session(L).in_use();
  return record.open_keywords && option.kind == Kind::frame && !test_value<FrameRef>(L, -1) && box &&
         box->frame.has(option.name);
}

bool takes_list(Kind kind) { return kind == Kind::columns || kind == Kind::texts || kind == Kind::numbers; }

/// Converts positional arguments first … last into fields of the table at `to`.
void take_positional(lua_State* L, const Command& command, int count, int to) {
  const core::Record& record = command.record;
  int at = 1;
  for (const ArgSpec& arg : record.args) {
    const Wanted wanted{
        .kind = arg.kind, .what = "argument '" + arg.name + "'", .expressions = command.takes_expressions};
    if (arg.repeated || (&arg == &record.args.back() && arg.kind == Kind::columns)) {
      if (at > count) break;
      lua_newtable(L);
      const int list = lua_gettop(L);
      for (; at <= count; ++at) {
        if (takes_list(arg.kind) || (is_list(L, at) && arg.kind != Kind::list && arg.kind != Kind::any)) {
          append_converted(L, at, wanted, list);
        } else {
          push_converted(L, at, wanted);
          lua_rawseti(L, list, static_cast<lua_Integer>(lua_rawlen(L, list)) + 1);
        }
      }
      lua_setfield(L, to, arg.name.c_str());
      break;
    }
    if (at > count) break;
    if (!lua_isnil(L, at)) {
      push_converted(L, at, wanted);
      lua_setfield(L, to, arg.name.c_str());
    }
    ++at;
  }
  if (at <= count)
    throw core::Error("too many arguments: " + std::to_string(count) + " given, " + std::to_string(record.args.size()) +
                      " taken")
        .hint(listed_args(record));
}

void take_option(lua_State* L, const OptionSpec& option, const std::string& as_written, int to) {
  Wanted wanted{option.kind, "option '" + as_written + "'"};
  wanted.one_of = option.one_of.empty() ? nullptr : &option.one_of;
  wanted.min = option.min;
  wanted.max = option.max;
  if (option.name == "level" && option.max < 1 && lua_type(L, -1) == LUA_TNUMBER && lua_tonumber(L, -1) >= 1) {
    lua_pushnumber(L, lua_tonumber(L, -1) / 100);  // a confidence level in percent, as Stata has it
    lua_replace(L, -2);
  }
  push_converted(L, lua_gettop(L), wanted);
  lua_setfield(L, to, option.name.c_str());
  lua_pop(L, 1);
}

void apply_defaults(lua_State* L, const Command& command, int to) {
  if (command.defaults < 0) return;
  lua_rawgeti(L, LUA_REGISTRYINDEX, command.defaults);
  for (lua_pushnil(L); lua_next(L, -2);) {
    lua_pushvalue(L, -2);
    if (lua_gettable(L, to) == LUA_TNIL) {
      lua_pushvalue(L, -3);
      lua_pushvalue(L, -3);
      lua_settable(L, to);
    }
    lua_pop(L, 2);
  }
  lua_pop(L, 1);
}

/// The frame of data=, else the data in use.
FrameRef box_of(lua_State* L, const Arguments& arguments) {
  arguments.push("data");
  const FrameRef* given = test_value<FrameRef>(L, -1);
  FrameRef box = given ? *given : nullptr;
  lua_pop(L, 1);
  return box ? box : data_in_use(L);
}

}  // namespace

Arguments::Arguments(lua_State* L, const Command& command) : L_(L), command_(command) {
  const core::Record& record = command.record;
  spread_only_table(L, record);
  const int options = options_index(L, record);
  const int count = options ? options - 1 : lua_gettop(L);
  lua_newtable(L);
  const int checked = lua_gettop(L);
  take_positional(L, command, count, checked);
  lua_newtable(L);  // keywords that are no options
  const int open = lua_gettop(L);
  std::map<std::string, std::string> given;  // options by the spelling they came under
  if (options) {
    for (const std::string& name : keywords_of(L, options)) {
      lua_getfield(L, options, name.c_str());
      const OptionSpec* option = find_option(record, name);
      const auto arg = std::find_if(record.args.begin(), record.args.end(),
                                    [&](const ArgSpec& candidate) { return candidate.name == name; });
      if (lua_isnil(L, -1) && (option || arg != record.args.end())) {
        lua_pop(L, 1);
      } else if (option && !is_column_keyword(L, record, *option)) {
        const auto [first, fresh] = given.emplace(option->name, name);
        if (!fresh)
          throw core::Error("'" + first->second + "' and '" + name + "' are two spellings of one option")
              .hint("keep one of them")
              .word(name);
        take_option(L, *option, name, checked);
      } else if (arg != record.args.end()) {
        if (lua_getfield(L, checked, name.c_str()) != LUA_TNIL)
          throw core::Error("argument '" + name + "' is given twice, by its place and by its name").word(name);
        lua_pop(L, 1);
        push_converted(L, lua_gettop(L), {arg->kind, "argument '" + name + "'"});
        lua_setfield(L, checked, name.c_str());
        lua_pop(L, 1);
      } else if (record.open_keywords) {
        keywords_.push_back(name);
        lua_setfield(L, open, name.c_str());
      } else {
        unknown_option(L, record, name);
      }
    }
  }
  for (const ArgSpec& arg : record.args) {
    if (arg.optional) continue;
    const bool missing = lua_getfield(L, checked, arg.name.c_str()) == LUA_TNIL;
    lua_pop(L, 1);
    if (missing)
      throw core::Error("argument '" + arg.name + "' (" + kind_text(arg.kind) + ") is missing")
          .word(record.name)
          .hint(listed_args(record));
  }
  apply_defaults(L, command, checked);
  // Stack: 1 the checked values, 2 the open keywords. The arguments themselves are dropped.
  lua_rotate(L, 1, 2);
  lua_settop(L, 2);
}

void Arguments::push(const std::string& name) const { lua_getfield(L_, 1, name.c_str()); }

void Arguments::push_keyword(const std::string& name) const { lua_getfield(L_, 2, name.c_str()); }

formula::Tree Arguments::keyword_tree(const std::string& name) const {
  push_keyword(name);
  push_converted(L_, lua_gettop(L_), {Kind::expression, "'" + name + "'"});
  formula::Tree tree = test_value<Expr>(L_, -1)->tree;
  lua_pop(L_, 2);
  return tree;
}

data::Frame Arguments::frame() const {
  const data::Frame frame = box_of(L_, *this)->frame;
  if (!command_.where_added) return frame;
  const formula::Tree where = tree("where");
  return where ? frame.take(formula::rows_where(where, frame)) : frame;
}

std::shared_ptr<FrameBox> Arguments::box() const { return box_of(L_, *this); }

}  // namespace bindings
