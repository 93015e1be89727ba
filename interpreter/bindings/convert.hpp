// One Lua value as a core::Kind wants it.
#pragma once

#include "bindings/value.hpp"
#include "core/record.hpp"

#include <limits>
#include <string>
#include <vector>

namespace bindings {

struct Wanted {
  core::Kind kind = core::Kind::any;
  std::string what;  ///< "option 'reps'", "argument 'x'": begins the error
  const std::vector<std::string>* one_of = nullptr;
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool expressions = false;  ///< columns: expressions too (Command::takes_expressions)
};

/// Pushes the checked value: trees as Expr, columns and lists as Lua lists, vcov and weights as their userdata.
/// Throws core::Error that says what came and what is wanted.
void push_converted(lua_State* L, int index, const Wanted& wanted);
/// The same for a repeated argument whose values may be lists themselves: appends to the list at `list`.
void append_converted(lua_State* L, int index, const Wanted& wanted, int list);
/// "an integer", "a condition": what a kind takes.
std::string kind_text(core::Kind kind);
/// Weights of "fw(x)", aw(x) or a bare expression.
formula::Weights weights_at(lua_State* L, int index);

}  // namespace bindings
