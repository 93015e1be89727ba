// Symbols overload Lua's operators, so an expression over columns is an ordinary Lua value. Building never changes an
// operand: trees are immutable. Commands and library functions carry the same operators, and stand for the column of
// their name where an open frame has one.
#include "bindings/expr.hpp"

#include "bindings/errors.hpp"
#include "bindings/refusals.hpp"
#include "core/near.hpp"
#include "formula/evaluate.hpp"
#include "formula/parse.hpp"

#include <algorithm>
#include <array>

namespace bindings {
namespace {

using formula::Op;
using formula::Tree;
using State = Expr::State;

/// A ^ (IA ^ b): chains group to the left, as in strings, so that one tree has one shape.
Tree interact(Tree left, const Tree& right) {
  if (right->op != Op::interact) return formula::node(Op::interact, {std::move(left), right});
  Tree head = interact(std::move(left), right->children[0]);
  return formula::node(Op::interact, {std::move(head), right->children[1]});
}

/// Does the tree begin with `y ~ x`?
bool is_formula(const Tree& tree) {
  if (tree->op == Op::bar) return is_formula(tree->children.front());
  return tree->op == Op::tilde && tree->children.size() == 2;
}

/// (y ~ x | fe) + z is y ~ x + z | fe: what is added to a formula joins its right side.
Tree extended(Op op, const Tree& formula, const Tree& term) {
  std::vector<Tree> children = formula->children;
  if (formula->op == Op::bar) {
    children.front() = extended(op, children.front(), term);
  } else {
    children.back() = formula::node(op, {children.back(), term});
  }
  return formula::node(formula->op, std::move(children));
}

template <Op op>
int binary(lua_State* L) {
  const Tree left = tree_at(L, 1);
  const Tree right = left ? tree_at(L, 2) : nullptr;
  if (!left || !right) return ordinary_error(L, "perform arithmetic on");
  const bool extends = (op == Op::plus || op == Op::minus) && is_formula(left);
  push_expr(L, extends ? extended(op, left, right) : formula::node(op, {left, right}));
  return 1;
}

int power(lua_State* L) {
  const Expr* a = test_value<Expr>(L, 1);
  const Expr* b = test_value<Expr>(L, 2);
  const State right = b ? b->state : State::plain;
  if (a && a->state == State::mark) {
    Tree tree = right == State::pending_power ? interact(b->exponent, b->tree) : tree_at(L, 2);
    if (!tree) return ordinary_error(L, "interact with");
    push_value(L, Expr{std::move(tree), State::pending});
    return 1;
  }
  if (right == State::plain) return binary<Op::power>(L);
  const Tree left = tree_at(L, 1);
  if (!left) return ordinary_error(L, "interact with");
  if (right == State::mark) throw core::Error("':' needs a column on its right");
  const bool number = lua_type(L, 1) == LUA_TNUMBER;
  if (right == State::pending) {
    if (number) {
      push_value(L, Expr{b->tree, State::pending_power, left});
    } else {
      push_expr(L, interact(left, b->tree));
    }
    return 1;
  }
  Tree powered = formula::node(Op::power, {left, b->exponent});
  if (number) {
    push_value(L, Expr{b->tree, State::pending_power, std::move(powered)});
  } else {
    push_expr(L, interact(std::move(powered), b->tree));
  }
  return 1;
}

int negate(lua_State* L) {
  const Tree tree = tree_at(L, 1);
  if (!tree) return ordinary_error(L, "perform arithmetic on");
  push_expr(L, formula::node(Op::negate, {tree}));
  return 1;
}

int tilde(lua_State* L) {
  if (lua_type(L, 1) == LUA_TNUMBER) {
    throw core::Error("the left side of the formula is the number " + printed_at(L, 1))
        .hint("a variable hides the column: rename the variable, or write col.NAME for the column");
  }
  if (lua_istable(L, 1) && is_list(L, 1)) {  // {y1, y2} ~ x
    push_expr(L, list_node(L, 1));
    lua_replace(L, 1);
  }
  return binary<Op::tilde>(L);
}

/// ~city: a right side alone, as vcov= takes it.
int right_side(lua_State* L) {
  const Tree tree = tree_at(L, 1);
  if (!tree) return ordinary_error(L, "perform bitwise operation on");
  push_expr(L, formula::node(Op::tilde, {tree}));
  return 1;
}

/// The function behind `treat:i(year)`: the interaction of its first argument with the call.
int interact_with_call(lua_State* L) {
  const std::string function = text_at(L, lua_upvalueindex(1));
  const Tree left = tree_at(L, 1);
  if (!left) return ordinary_error(L, "interact with");
  Tree right;
  if (is_formula_function(function) || is_prefix(function)) {
    right = call_node(L, function, 2);
  } else {
    lua_getglobal(L, function.c_str());
    lua_replace(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    right = tree_at(L, -1);
    if (!right) throw core::Error("'" + function + "' gave no expression to interact with").word(function);
  }
  push_expr(L, interact(left, right));
  return 1;
}

/// The tree L.D of `L.D.x` with x in it, or null: a prefix whose column is a prefix itself.
Tree stacked(const Tree& tree, const std::string& column) {
  if (tree->op != Op::prefix) return nullptr;
  const Tree& inner = tree->children[0];
  const Tree filled = inner->op == Op::name && is_prefix(inner->text)
                          ? formula::prefix(inner->text, formula::name(column))
                          : stacked(inner, column);
  return filled ? formula::prefix(tree->text, filled) : nullptr;
}

/// What is meant by NAME.FIELD where NAME has no fields: a column of that dotted name.
std::string dotted_column(lua_State* L, const std::string& name, int field) {
  if (lua_type(L, field) != LUA_TSTRING || name.empty()) return "";
  const std::string whole = name + "." + text_at(L, field);
  return session(L).is_column(whole) ? "a column whose name holds a point is written col\"" + whole + "\"" : "";
}

/// sym[x]: varying slopes; sym:NAME(…): interaction.
int index(lua_State* L) {
  const Tree left = tree_at(L, 1);
  if (!left) {
    const std::string name = function_name(L, 1);
    if (const std::string hint = dotted_column(L, name, 2); !hint.empty())
      throw core::Error("'" + name + "' is a function: it has no field '" + text_at(L, 2) + "'").word(name).hint(hint);
    return luaL_error(
        L, name.empty() ? "attempt to index a function value" : "attempt to index a function value (global '%s')",
        name.c_str());
  }
  if (lua_type(L, 2) == LUA_TSTRING) {
    const std::string field = text_at(L, 2);
    if (const Tree lag = stacked(left, field)) {  // L.D.x
      push_expr(L, lag);
      return 1;
    }
    const bool known = is_formula_function(field) || is_prefix(field);
    const bool users = !known && lua_getglobal(L, field.c_str()) == LUA_TFUNCTION;
    if (!known && !users) {
      const std::string text = formula::print(left);
      throw core::Error("'" + text + "' is a column symbol: it has no field '" + field + "'")
          .word(field)
          .hint(dotted_column(L, text, 2))
          .hint(session(L).is_column(field) ? "an interaction is written " + text + ":" + field : "");
    }
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, guarded<interact_with_call>, 1);
    return 1;
  }
  const Tree slope = tree_at(L, 2);
  if (!slope) throw core::Error("varying slopes need a column in the brackets, not " + described(L, 2));
  std::vector<Tree> children = left->op == Op::slopes ? left->children : std::vector<Tree>{left};
  children.push_back(slope);  // city[trend, x] arrives as city[trend][x]
  push_expr(L, formula::node(Op::slopes, std::move(children)));
  return 1;
}

/// Text between commas outside brackets.
std::vector<std::string> comma_parts(const std::string& text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    if (c == '(' || c == '{' || c == '[') ++depth;
    if (c == ')' || c == '}' || c == ']') --depth;
    if (c == ',' && depth == 0) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

/// fe[[x]]: slopes without the fixed effect. A column whose name is a function's is called as that function.
int call(lua_State* L) {
  const Tree self = tree_at(L, 1);
  const std::string name = self && self->op == Op::name ? self->text : "";
  if (is_formula_function(name) && push_script_function(L, name)) {
    lua_replace(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
  }
  if (lua_gettop(L) == 2 && lua_type(L, 2) == LUA_TSTRING) {
    std::vector<Tree> children{self};
    for (const std::string& part : comma_parts(text_at(L, 2))) children.push_back(formula::parse(part));
    push_expr(L, formula::node(Op::slopes_only, std::move(children)));
    return 1;
  }
  const std::string text = self ? formula::print(self) : "this";
  std::vector<std::string> functions = session(L).commands.names();
  const std::string near = name.empty() ? "" : core::nearest(name, functions);
  throw core::Error("'" + text + "' is a column, not a function")
      .word(text)
      .hint(near.empty() ? "" : "did you mean '" + near + "'?");
}

int prefix_index(lua_State* L) {
  const Prefix& self = *test_value<Prefix>(L, 1);
  if (lua_type(L, 2) != LUA_TSTRING) return index(L);  // a column called `i` with varying slopes
  const std::string column = text_at(L, 2);
  if (self.letter == "col" || self.letter == "fe") {
    push_expr(L, formula::name(column));
  } else {
    push_expr(L, formula::prefix(self.letter, formula::name(column)));
  }
  return 1;
}

int prefix_call(lua_State* L) {
  const Prefix& self = *test_value<Prefix>(L, 1);
  if (self.letter == "col") {
    push_expr(L, formula::name(luaL_checkstring(L, 2)));
    return 1;
  }
  if (session(L).is_column(self.letter) && lua_gettop(L) == 2 && lua_type(L, 2) == LUA_TSTRING) return call(L);
  if (self.letter == "fe") throw core::Error("fe[x] and fe[[x]] are varying slopes; fe(…) means nothing").word("fe");
  push_expr(L, call_node(L, self.letter, 2));
  return 1;
}

int tostring(lua_State* L) {
  const Expr* expr = test_value<Expr>(L, 1);
  if (expr && expr->state != State::plain) {
    throw core::Error("an interaction is unfinished: ':' joins two columns, x:post").word(":");
  } else {
    push_text(L, formula::print(tree_at(L, 1)));
  }
  return 1;
}

constexpr std::array<luaL_Reg, 19> operators{{{"__add", guarded<binary<Op::plus>>},
                                              {"__sub", guarded<binary<Op::minus>>},
                                              {"__mul", guarded<binary<Op::times>>},
                                              {"__div", guarded<binary<Op::divide>>},
                                              {"__pow", guarded<power>},
                                              {"__unm", guarded<negate>},
                                              {"__bxor", guarded<tilde>},
                                              {"__bor", guarded<binary<Op::bar>>},
                                              {"__bnot", guarded<right_side>},
                                              {"__band", guarded<no_bits>},
                                              {"__shl", guarded<no_bits>},
                                              {"__shr", guarded<no_bits>},
                                              {"__mod", guarded<no_remainder>},
                                              {"__idiv", guarded<no_whole_quotient>},
                                              {"__lt", guarded<no_comparison>},
                                              {"__le", guarded<no_comparison>},
                                              {"__concat", guarded<no_concatenation>},
                                              {"__len", guarded<no_length>},
                                              {nullptr, nullptr}}};

constexpr std::array<luaL_Reg, 5> symbol_functions{{{"__index", guarded<index>},
                                                    {"__call", guarded<call>},
                                                    {"__eq", guarded<no_comparison>},
                                                    {"__tostring", guarded<tostring>},
                                                    {nullptr, nullptr}}};
constexpr std::array<luaL_Reg, 5> prefix_functions{{{"__index", guarded<prefix_index>},
                                                    {"__call", guarded<prefix_call>},
                                                    {"__eq", guarded<no_comparison>},
                                                    {"__tostring", guarded<tostring>},
                                                    {nullptr, nullptr}}};

}  // namespace

void push_expr(lua_State* L, Tree tree) { push_value(L, Expr{std::move(tree)}); }

std::string operand_name(lua_State* L, int at) {
  if (const Expr* expr = test_value<Expr>(L, at))
    return expr->state == State::plain && expr->tree->op == Op::name ? expr->tree->text : "";
  if (const Prefix* prefix = test_value<Prefix>(L, at)) return prefix->letter;
  const std::string name = function_name(L, at);
  return !name.empty() && session(L).is_column(name) ? name : "";
}

Tree tree_at(lua_State* L, int at) {
  if (const Expr* expr = test_value<Expr>(L, at)) {
    if (expr->state == State::plain) return expr->tree;
    throw core::Error("':' needs a column on each side");
  }
  if (lua_type(L, at) == LUA_TNUMBER) return formula::number(lua_tonumber(L, at));
  if (lua_type(L, at) == LUA_TSTRING) return formula::parse(text_at(L, at));
  const std::string name = operand_name(L, at);
  return name.empty() ? nullptr : formula::name(name);
}

void open_expr(lua_State* L) {
  new_type<Expr>(L, operators.data());
  luaL_setfuncs(L, symbol_functions.data(), 0);
  new_type<Prefix>(L, operators.data());
  luaL_setfuncs(L, prefix_functions.data(), 0);
  lua_pop(L, 2);
  luaL_newmetatable(L, library_operators);
  luaL_setfuncs(L, operators.data(), 0);
  lua_pushcfunction(L, guarded<call_library>);
  lua_setfield(L, -2, "__call");
  lua_pop(L, 1);
  lua_pushcfunction(L, guarded<tostring>);  // any function: all share one metatable
  lua_newtable(L);
  luaL_setfuncs(L, operators.data(), 0);
  lua_pushcfunction(L, guarded<index>);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_pop(L, 1);
}

}  // namespace bindings
