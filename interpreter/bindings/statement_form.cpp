#include "bindings/statement_form.hpp"

#include "bindings/expr.hpp"
#include "bindings/result.hpp"
#include "bindings/statements.hpp"
#include "bindings/value.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "language/statement_text.hpp"
#include "report/statistics.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <set>

namespace bindings {
namespace {

using language::Statement;

void set_field(lua_State* L, const char* field, const std::string& value) {
  if (value.empty()) return;
  push_text(L, value);
  lua_setfield(L, -2, field);
}

std::string field_text(lua_State* L, int table, const char* field) {
  const bool given = lua_getfield(L, table, field) != LUA_TNIL;
  std::string value = given ? printed_at(L, -1) : "";
  lua_pop(L, 1);
  return value;
}

void push_strings(lua_State* L, const std::vector<std::string>& items) {
  lua_createtable(L, static_cast<int>(items.size()), 0);
  lua_Integer i = 0;
  for (const std::string& item : items) {
    push_text(L, item);
    lua_rawseti(L, -2, ++i);
  }
}

void push_statement(lua_State* L, const Statement& s) {
  lua_newtable(L);
  set_field(L, "name", s.name);
  push_text(L, s.body);
  lua_setfield(L, -2, "body");
  push_strings(L, language::statement_words(s.body));
  lua_setfield(L, -2, "words");
  set_field(L, "condition", s.condition);
  set_field(L, "range", s.range);
  set_field(L, "where", statement_condition(s));
  set_field(L, "weight_kind", s.weight_kind);
  set_field(L, "weight", s.weight);
  if (s.has_using) set_field(L, "using", s.file);
  lua_createtable(L, static_cast<int>(s.options.size()), 0);
  lua_Integer i = 0;
  for (const language::StatementOption& option : s.options) {
    lua_createtable(L, 2, 0);
    push_text(L, option.name);
    lua_rawseti(L, -2, 1);
    if (option.has_value) {
      push_text(L, option.value);
    } else {
      lua_pushboolean(L, 1);
    }
    lua_rawseti(L, -2, 2);
    lua_rawseti(L, -2, ++i);
  }
  lua_setfield(L, -2, "options");
}

/// The parts as the form left them.
void read_back(lua_State* L, int table, Statement& s) {
  s.name = field_text(L, table, "name");
  s.body = field_text(L, table, "body");
  s.condition = field_text(L, table, "condition");
  s.range = field_text(L, table, "range");
  s.weight_kind = field_text(L, table, "weight_kind");
  s.weight = field_text(L, table, "weight");
  s.file = field_text(L, table, "using");
  s.has_using = !s.file.empty();
  s.options.clear();
  lua_getfield(L, table, "options");
  const lua_Integer n = luaL_len(L, -1);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, -1, i);
    language::StatementOption option;
    lua_geti(L, -1, 1);
    option.name = printed_at(L, -1);
    lua_geti(L, -2, 2);
    option.has_value = !lua_isboolean(L, -1);
    if (option.has_value) option.value = printed_at(L, -1);
    lua_pop(L, 3);
    s.options.push_back(std::move(option));
  }
  lua_pop(L, 1);
}

/// The names of keywords: in the order of the table's list part when it has one, else sorted.
std::vector<std::string> keyword_names(lua_State* L, int table) {
  std::vector<std::string> ordered;
  for (lua_Integer i = luaL_len(L, table); i > 0; --i) {
    lua_geti(L, table, i);
    ordered.insert(ordered.begin(), printed_at(L, -1));
    lua_pop(L, 1);
    lua_pushnil(L);
    lua_seti(L, table, i);
  }
  if (!ordered.empty()) return ordered;
  std::set<std::string> names;
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1))
    if (lua_type(L, -2) == LUA_TSTRING) names.insert(text_at(L, -2));
  return {names.begin(), names.end()};
}

/// "command", {positional}, {keywords}: the arguments on the stack from `at` on.
int spread_call(lua_State* L, int at) {
  lua_settop(L, at + 2);
  int count = 0;
  if (lua_istable(L, at + 1)) {
    const lua_Integer n = luaL_len(L, at + 1);
    luaL_checkstack(L, static_cast<int>(n) + 10, "arguments");
    for (lua_Integer i = 1; i <= n; ++i, ++count) lua_geti(L, at + 1, i);
  }
  if (lua_istable(L, at + 2)) {
    const std::vector<std::string> names = keyword_names(L, at + 2);
    if (!names.empty()) {
      mark_keywords(L, at + 2, core::join(names, " "));
      lua_pushvalue(L, at + 2);
      ++count;
    }
  }
  for (int i = 0; i < 3; ++i) lua_remove(L, at);
  return count;
}

// __form("merge", {abbreviations…}, function(s) … end)
int declare_form(lua_State* L) {
  const std::string name = luaL_checkstring(L, 1);
  StatementState& statements = statement_state(L);
  if (lua_istable(L, 2)) {
    const lua_Integer n = luaL_len(L, 2);
    for (lua_Integer i = 1; i <= n; ++i) {
      lua_geti(L, 2, i);
      statements.abbreviations[printed_at(L, -1)] = name;
      lua_pop(L, 1);
    }
  }
  if (lua_isfunction(L, 3)) {
    lua_settop(L, 3);
    statements.forms[name] = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  return 0;
}

int columns_function(lua_State* L) {
  push_strings(L, expand_columns(L, language::statement_words(luaL_checkstring(L, 1))));
  return 1;
}

int words_function(lua_State* L) {
  push_strings(L, language::statement_words(luaL_checkstring(L, 1)));
  return 1;
}

int options_function(lua_State* L) {
  const std::string text = luaL_checkstring(L, 1);
  Statement s;
  s.options = language::statement_options(text, 0);
  push_statement(L, s);
  lua_getfield(L, -1, "options");
  return 1;
}

int written_function(lua_State* L) {
  push_text(L, formula_text(L, luaL_checkstring(L, 1), lua_toboolean(L, 2) != 0));
  return 1;
}

/// __parts("scatter y x if z > 1, mcolor(red)"): the parts of a statement inside another, as a form gets them.
int parts_function(lua_State* L) {
  try {
    push_statement(L, language::parse_statement(luaL_checkstring(L, 1)));
  } catch (const language::Fault& fault) {
    throw core::Error(fault.what);
  }
  return 1;
}

int value_function(lua_State* L) {
  push_named_value(L, luaL_checkstring(L, 1));
  return 1;
}

int returned_function(lua_State* L) {
  lua_getfield(L, LUA_REGISTRYINDEX, returned_key);
  return 1;
}

// __fail(message, word, hint…): an error as native code raises it.
int fail_function(lua_State* L) {
  core::Error error(luaL_checkstring(L, 1));
  if (lua_type(L, 2) == LUA_TSTRING) error.word(text_at(L, 2));
  for (int i = 3; i <= lua_gettop(L); ++i)
    if (lua_type(L, i) == LUA_TSTRING) error.hint(text_at(L, i));
  throw core::Error(error);
}

int run_in_use(lua_State* L) {
  if (const FrameRef* box = test_value<FrameRef>(L, 1)) {
    session(L).use(*box);
  } else {
    session(L).use(FrameRef());
  }
  return 0;
}

// __copy(): the data in use as a frame of its own, nil when there is none.
int copy_in_use(lua_State* L) {
  const FrameRef box = session(L).in_use();
  if (box) {
    push_frame(L, box->frame);
  } else {
    lua_pushnil(L);
  }
  return 1;
}

/// e(NAME) by Stata's names, where ours are others: a statistic, or what follows from some. NaN when there is none.
double stata_estimate(const results::Fit& fit, const std::string& name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 13> names{{{"N", "nobs"},
                                                                                 {"r2_a", "r2_adj"},
                                                                                 {"r2_w", "r2_within"},
                                                                                 {"r2_b", "r2_between"},
                                                                                 {"r2_o", "r2_overall"},
                                                                                 {"r2_p", "r2_pseudo"},
                                                                                 {"df_r", "df_t"},
                                                                                 {"df_m", "F_df1"},
                                                                                 {"p", "F_p"},
                                                                                 {"ll", "loglik"},
                                                                                 {"ll_0", "loglik_null"},
                                                                                 {"N_g", "units"},
                                                                                 {"N_clust", "clusters"}}};
  for (const auto& [stata, ours] : names) {
    if (name != stata) continue;
    if (name == "N_clust" && !inference::is_clustered(fit.vcov.spec.kind)) break;  // else they are periods
    const double value = report::statistic(fit, std::string(ours));
    if (name == "N_g" && std::isnan(value) && fit.fe.size() == 1) return fit.fe[0].levels;  // xtreg, fe and areg
    return value;
  }
  if (name == "mss") return fit.stat("tss") - fit.rss;
  if (name == "chi2") {
    const bool ratio = fit.likelihood && fit.vcov.spec.kind == inference::VcovKind::iid && !std::isnan(fit.stat("lr"));
    return ratio ? fit.stat("lr") : std::isinf(fit.vcov.df_t) ? fit.stat("F") * fit.stat("F_df1") : std::nan("");
  }
  return std::nan("");
}

/// Pushes the value of r(NAME) or of a field of what the last statement returned; nil when there is none.
void push_returned(lua_State* L, const std::string& name) {
  lua_getfield(L, LUA_REGISTRYINDEX, returned_key);
  const int value = lua_gettop(L);
  const auto field = [&](int table, const std::string& key) {
    lua_pushvalue(L, table);
    push_text(L, key);
    lua_pushcfunction(L, [](lua_State* state) {
      lua_gettable(state, 1);
      return 1;
    });
    lua_insert(L, -3);
    if (lua_pcall(L, 2, 1, 0) != LUA_OK || lua_isnil(L, -1)) {
      lua_pop(L, 1);
      return false;
    }
    return true;
  };
  if (name == "N" && lua_type(L, value) == LUA_TNUMBER) return;
  bool found = lua_istable(L, value) || lua_isuserdata(L, value);
  if (found) {
    found = field(value, name);
    if (!found) {  // by variable: of the last, as in Stata
      lua_pushinteger(L, std::max<lua_Integer>(1, luaL_len(L, value)));
      lua_pushvalue(L, value);
      lua_insert(L, -2);
      lua_pushcfunction(L, [](lua_State* state) {
        lua_gettable(state, 1);
        return 1;
      });
      lua_insert(L, -3);
      found = lua_pcall(L, 2, 1, 0) == LUA_OK && !lua_isnil(L, -1) && field(lua_gettop(L), name);
    }
  }
  if (!found) lua_pushnil(L);
  lua_replace(L, value);
  lua_settop(L, value);
}

std::string number_text(lua_State* L, const std::string& written, const std::string& hint) {
  if (lua_type(L, -1) != LUA_TNUMBER) {
    lua_pop(L, 1);
    throw core::Error("there is no number " + written).word(written).hint(hint);
  }
  const double value = lua_tonumber(L, -1);
  lua_pop(L, 1);
  if (value != value) return "(0/0)";
  const std::string text = core::shortest(value);
  return value < 0 ? "(" + text + ")" : text;
}

/// 2015.year is i.year::2015.
std::string coefficient_name(const results::Fit& fit, const std::string& name) {
  const std::size_t dot = name.find('.');
  if (dot == 0 || dot == std::string::npos || name.find_first_not_of("0123456789") != dot) return name;
  const std::string level = "i." + name.substr(dot + 1) + "::" + name.substr(0, dot);
  return std::find(fit.names.begin(), fit.names.end(), level) == fit.names.end() ? name : level;
}

bool is_name_byte(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.'; }

}  // namespace

FormResult read_form(lua_State* L, int form, Statement& statement) {
  const int base = lua_gettop(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, form);
  push_statement(L, statement);
  lua_call(L, 1, LUA_MULTRET);
  FormResult out;
  const int first = base + 1;
  if (lua_gettop(L) == base || lua_isnil(L, first) || lua_isboolean(L, first)) {
    out.done = true;
    if (lua_gettop(L) > base) lua_remove(L, first);
    return out;
  }
  if (lua_type(L, first) == LUA_TSTRING) {
    statement.name = text_at(L, first);
    out.direct = true;
    out.arguments = spread_call(L, first);
    return out;
  }
  luaL_checktype(L, first, LUA_TTABLE);
  lua_settop(L, first);
  read_back(L, first, statement);
  lua_getfield(L, first, "keywords");
  lua_remove(L, first);
  out.keywords = lua_istable(L, -1);
  if (!out.keywords) lua_pop(L, 1);
  return out;
}

void merge_form_keywords(lua_State* L, int table, int& count) {
  std::vector<std::string> order;
  if (count == 0 || !is_keywords(L, lua_gettop(L))) {
    lua_newtable(L);
    ++count;
  } else {
    order = keyword_order(L, lua_gettop(L));
  }
  const int keywords = lua_gettop(L);
  for (const std::string& name : keyword_names(L, table)) {
    if (std::find(order.begin(), order.end(), name) != order.end()) continue;
    lua_getfield(L, table, name.c_str());
    lua_setfield(L, keywords, name.c_str());
    order.push_back(name);
  }
  mark_keywords(L, keywords, core::join(order, " "));
  lua_remove(L, table);
}

std::string insert_returned(lua_State* L, const std::string& text) {
  if (text.find("_b[") == std::string::npos && text.find("_se[") == std::string::npos &&
      text.find("e(") == std::string::npos && text.find("r(") == std::string::npos)
    return text;
  const std::string command = statement_command(L, language::parse_statement(text).name);
  const bool names_coefficients =
      command == "test" || command == "testparm" || command == "lincom" || command == "nlcom";
  std::string out;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    const bool starts = !quoted && (at == 0 || !is_name_byte(text[at - 1]));
    const std::string_view rest = std::string_view(text).substr(at);
    const bool coefficient = starts && (core::starts_with(rest, "_b[") || core::starts_with(rest, "_se["));
    const bool returned = starts && (core::starts_with(rest, "e(") || core::starts_with(rest, "r("));
    if (!coefficient && !returned) {
      out += text[at];
      continue;
    }
    const std::size_t open = rest.find_first_of("[(");
    const std::size_t close = rest.find(coefficient ? ']' : ')');
    if (close == std::string_view::npos || (coefficient && names_coefficients)) {
      out += text[at];
      continue;
    }
    const std::string name(core::trim(rest.substr(open + 1, close - open - 1)));
    const std::string written(rest.substr(0, close + 1));
    const bool estimate = coefficient || rest[0] == 'e';
    if (estimate && !statement_state(L).last) throw core::Error("there is no estimate for " + written).word(name);
    if (coefficient) {
      push_result_field(L, statement_state(L).last, rest[1] == 'b' ? "coef" : "se");
      lua_getfield(L, -1, coefficient_name(*statement_state(L).last, name).c_str());  // throws with the near name
      lua_remove(L, -2);
      out += number_text(L, written, "");
    } else if (estimate && name == "sample") {
      out += "_esample";
    } else if (estimate) {
      const FitRef last = statement_state(L).last;
      if (const double value = stata_estimate(*last, name); !std::isnan(value)) {
        lua_pushnumber(L, value);
      } else if (!push_result_field(L, last, name)) {
        lua_pushnil(L);
      }
      out += number_text(
          L, written, "the fields of an estimate: " + core::join(result_field_names(*statement_state(L).last), ", "));
    } else {
      push_returned(L, name == "Var" ? "variance" : name);
      out += number_text(L, written,
                         "r(…) holds what the last statement returned, under its own names: mean, sd, N, min, max");
    }
    at += close;
  }
  return out;
}

void open_statement_forms(lua_State* L) {
  constexpr std::array<std::pair<const char*, lua_CFunction>, 11> functions{{{"__form", guarded<declare_form>},
                                                                             {"__columns", guarded<columns_function>},
                                                                             {"__words", guarded<words_function>},
                                                                             {"__options", guarded<options_function>},
                                                                             {"__formula", guarded<written_function>},
                                                                             {"__parts", guarded<parts_function>},
                                                                             {"__value", guarded<value_function>},
                                                                             {"__returned", guarded<returned_function>},
                                                                             {"__fail", guarded<fail_function>},
                                                                             {"__in_use", guarded<run_in_use>},
                                                                             {"__copy", guarded<copy_in_use>}}};
  for (const auto& [name, function] : functions) add_script_function(L, name, function);
  open_statement_natives(L);
  open_margin_natives(L);
  open_plot_natives(L);
  open_label_natives(L);
}

}  // namespace bindings
