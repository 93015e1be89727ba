// Lua tables whose keys have an order and whose missing keys are errors: m.coef, m.vcov, what a test returns.
#pragma once

#include "bindings/value.hpp"

#include <string>
#include <vector>

namespace bindings {

/// Replaces the table on top of the stack, which has the fields `names`, by a read-only look at them: t.name, t[k] by
/// position, #t, pairs in this order. `what` is for errors: "coefficient" gives "no coefficient 'x'".
/// `shown` is what it shows; "": names and values, one a line.
void seal_named(lua_State* L, std::vector<std::string> names, std::string what, std::string shown = {});

/// Makes the list on top of the stack show its values, texts one a line, numbers side by side; in print() too.
void make_shown_list(lua_State* L);
/// Pushes {values…}.
void push_number_list(lua_State* L, const std::vector<double>& values);
/// The table of values behind a sealed table at `index`: pushes it, or nothing and false for other values.
bool push_sealed_values(lua_State* L, int index);

/// A test: name, statistic, distribution, df1, df2, p.
void push_test(lua_State* L, const inference::Test& test);
/// An estimate: estimate, se, t, p, low, high.
void push_estimate(lua_State* L, const std::string& name, const inference::Estimate& estimate, double level);
/// A named table of numbers.
void push_numbers(lua_State* L, const std::vector<std::string>& names, const std::vector<double>& values,
                  const std::string& what);

void open_named(lua_State* L);

}  // namespace bindings
