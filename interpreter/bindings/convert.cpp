// One Lua value as a core::Kind wants it, or an error that says what came.
#include "bindings/convert.hpp"

#include "bindings/expr.hpp"
#include "bindings/one_value.hpp"
#include "bindings/weights.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "formula/parse.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;
using formula::Tree;

/// A list has no named fields: they would be ignored.
void check_list(lua_State* L, int index, const Wanted& wanted) {
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) continue;
    const std::string field = text_at(L, -2);
    throw core::Error(wanted.what + " takes a list, and this table has a field '" + field + "'").word(field);
  }
}

/// Names of "a b, c"; names with a backquote each are taken whole.
std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : text + " ") {
    if (c == ' ' || c == ',' || c == '+' || c == '\n' || c == '\t') {
      if (!word.empty()) out.push_back(word);
      word.clear();
    } else {
      word += c;
    }
  }
  return out;
}

/// The terms of a + b + c.
void sum_terms(const Tree& tree, std::vector<Tree>& out) {
  if (tree->op == formula::Op::plus) {
    for (const Tree& child : tree->children) sum_terms(child, out);
  } else {
    out.push_back(tree);
  }
}

void append_columns(lua_State* L, int index, const Wanted& wanted, int list) {
  std::vector<Tree> trees;
  if (is_list(L, index)) {
    check_list(L, index, wanted);
    const lua_Integer n = luaL_len(L, index);
    for (lua_Integer i = 1; i <= n; ++i) {
      lua_geti(L, index, i);
      append_columns(L, lua_gettop(L), wanted, list);
      lua_pop(L, 1);
    }
    return;
  }
  if (lua_type(L, index) == LUA_TSTRING) {
    const std::string text = text_at(L, index);
    const FrameRef& box = session(L).in_use();
    const bool expression = wanted.expressions && text.find_first_of("()*/^-<>=") != std::string::npos;
    if (expression && !(box && box->frame.has(text))) {
      trees.push_back(formula::parse(text));
    } else if (box && box->frame.has(text)) {
      trees.push_back(formula::name(text));
    } else {
      for (const std::string& word : words(text)) trees.push_back(formula::name(word));
    }
    if (trees.empty()) wrong_value(L, index, wanted);
  } else {
    const Tree tree = expression_at(L, index, wanted);
    if (wanted.expressions && tree->op != formula::Op::plus) {
      trees.push_back(tree);
    } else {
      sum_terms(tree, trees);
    }
  }
  for (Tree& tree : trees) {
    if (tree->op != formula::Op::name && !wanted.expressions)
      throw core::Error(wanted.what + " takes columns, not the expression " + formula::print(tree));
    push_expr(L, std::move(tree));
    lua_rawseti(L, list, static_cast<lua_Integer>(lua_rawlen(L, list)) + 1);
  }
}

template <class Push>
void push_list(lua_State* L, int index, const Wanted& wanted, const Push& push_item) {
  lua_newtable(L);
  const int list = lua_gettop(L);
  if (!is_list(L, index)) {
    push_item(index);
    lua_rawseti(L, list, 1);
    return;
  }
  check_list(L, index, wanted);
  const lua_Integer n = luaL_len(L, index);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, index, i);
    push_item(lua_gettop(L));
    lua_rawseti(L, list, i);
    lua_pop(L, 1);
  }
}

template <class T>
void push_same(lua_State* L, int index, const Wanted& wanted) {
  if (!test_value<T>(L, index)) wrong_value(L, index, wanted);
  lua_pushvalue(L, index);
}

void push_integer(lua_State* L, int index, const Wanted& wanted) {
  int whole = 0;
  const lua_Integer value = lua_type(L, index) == LUA_TNUMBER ? lua_tointegerx(L, index, &whole) : 0;
  if (!whole) wrong_value(L, index, wanted);
  check_range(static_cast<double>(value), wanted);
  lua_pushinteger(L, value);
}

/// ~city + year reads as (~city) + year: the cluster variables, when the leftmost term is `~ x`.
bool clusters_of(const Tree& tree, std::vector<std::string>& names) {
  if (tree->op == formula::Op::plus) {
    if (!clusters_of(tree->children[0], names)) return false;
    names.push_back(formula::print(tree->children[1]));
    return true;
  }
  if (tree->op != formula::Op::tilde || tree->children.size() != 1) return false;
  std::vector<Tree> terms;
  sum_terms(tree->children[0], terms);
  for (const Tree& term : terms) names.push_back(formula::print(term));
  return true;
}

void push_vcov(lua_State* L, int index, const Wanted& wanted) {
  if (lua_type(L, index) == LUA_TSTRING) {
    push_value(L, inference::parse_vcov(text_at(L, index)));
    return;
  }
  if (const Expr* expr = test_value<Expr>(L, index); expr && expr->tree) {
    inference::VcovSpec spec;
    spec.kind = inference::VcovKind::cluster;
    if (clusters_of(expr->tree, spec.cluster)) {
      push_value(L, std::move(spec));
      return;
    }
  }
  const std::string name = operand_name(L, index);
  if (!name.empty() && !test_value<inference::VcovSpec>(L, index))
    throw core::Error(wanted.what + " takes " + kind_text(wanted.kind)).word(name).hint("write cluster(" + name + ")");
  push_same<inference::VcovSpec>(L, index, wanted);
}

}  // namespace

formula::Weights weights_at(lua_State* L, int index) {
  if (const auto* given = test_value<formula::Weights>(L, index)) return *given;
  const Tree tree = expression_at(L, index, {Kind::weights, "weights"});
  if (tree->op == formula::Op::call && tree->children.size() == 1) {
    if (tree->text == "aw") return {formula::WeightKind::analytic, tree->children[0]};
    if (tree->text == "fw") return {formula::WeightKind::frequency, tree->children[0]};
    if (tree->text == "pw") return {formula::WeightKind::probability, tree->children[0]};
  }
  return {formula::WeightKind::analytic, tree};
}

void push_converted(lua_State* L, int index, const Wanted& wanted) {
  luaL_checkstack(L, 10, "arguments");
  if (wanted.one_of && (wanted.kind == Kind::number || wanted.kind == Kind::integer) &&
      lua_type(L, index) != LUA_TNUMBER) {
    push_text(L, text_of(L, index, wanted));
    return;
  }
  switch (wanted.kind) {
    case Kind::any:
      lua_pushvalue(L, index);
      break;
    case Kind::number:
      lua_pushnumber(L, number_at(L, index, wanted));
      break;
    case Kind::integer:
      push_integer(L, index, wanted);
      break;
    case Kind::boolean:
      if (!lua_isboolean(L, index)) wrong_value(L, index, wanted);
      lua_pushvalue(L, index);
      break;
    case Kind::text:
      push_text(L, text_of(L, index, wanted));
      break;
    case Kind::numbers:
      push_list(L, index, wanted, [&](int item) { lua_pushnumber(L, number_at(L, item, wanted)); });
      break;
    case Kind::texts:
      push_list(L, index, wanted, [&](int item) { push_text(L, text_of(L, item, wanted)); });
      break;
    case Kind::column:
      push_expr(L, column_at(L, index, wanted));
      break;
    case Kind::columns:
      lua_newtable(L);
      append_columns(L, index, wanted, lua_gettop(L));
      break;
    case Kind::expression:
    case Kind::condition:
    case Kind::formula:
    case Kind::terms:
      push_expr(L, expression_at(L, index, wanted));
      break;
    case Kind::vcov:
      push_vcov(L, index, wanted);
      break;
    case Kind::weights:
      if (!test_value<formula::Weights>(L, index) && !tree_at(L, index)) wrong_value(L, index, wanted);
      push_value(L, weights_at(L, index));
      break;
    case Kind::frame:
      push_same<FrameRef>(L, index, wanted);
      break;
    case Kind::result:
      if (luaL_callmeta(L, index, "__result") == 0) push_same<FitRef>(L, index, wanted);
      break;
    case Kind::table:
      push_same<TableRef>(L, index, wanted);
      break;
    case Kind::figure:
      push_same<FigureRef>(L, index, wanted);
      break;
    case Kind::list:
      if (!lua_istable(L, index)) wrong_value(L, index, wanted);
      lua_pushvalue(L, index);
      break;
    case Kind::spatial:
      push_same<WeightsRef>(L, index, wanted);
      break;
    case Kind::function:
      if (!lua_isfunction(L, index)) wrong_value(L, index, wanted);
      lua_pushvalue(L, index);
      break;
  }
}

void append_converted(lua_State* L, int index, const Wanted& wanted, int list) {
  if (wanted.kind == Kind::columns) {
    append_columns(L, index, wanted, list);
    return;
  }
  if (is_list(L, index)) check_list(L, index, wanted);
  const bool gives_list = wanted.kind == Kind::texts || wanted.kind == Kind::numbers;
  if (gives_list) {
    push_converted(L, index, wanted);
    index = lua_gettop(L);
  }
  const lua_Integer n = luaL_len(L, index);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, index, i);
    if (!gives_list) {
      push_converted(L, lua_gettop(L), wanted);
      lua_remove(L, -2);
    }
    lua_rawseti(L, list, static_cast<lua_Integer>(lua_rawlen(L, list)) + 1);
  }
  if (gives_list) lua_pop(L, 1);
}

}  // namespace bindings
