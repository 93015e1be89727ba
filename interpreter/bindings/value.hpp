// The values of the language (language.md section 4) as scripts hold them: userdata around native objects.
// push_value/test_value of lua.hpp make and read them; every type may have a metafield "__show": function(value) that
// returns the text shown for it.
#pragma once

#include "bindings/lua.hpp"
#include "bindings/session.hpp"
#include "formula/design.hpp"
#include "formula/tree.hpp"
#include "inference/vcov.hpp"
#include "report/figure.hpp"
#include "report/table.hpp"
#include "results/fit.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace estimators {
struct SplitFits;
}

namespace bindings {

/// A column symbol, or an expression or formula built from symbols.
struct Expr {
  formula::Tree tree;
  /// The translator writes `a:b` as `a ^ __ia ^ b`, which groups as a ^ (__ia ^ b): `mark` is __ia, `pending` is
  /// (__ia ^ b), `pending_power` is (2 ^ (__ia ^ b)), waiting for the x of `x^2:b`.
  enum class State { plain, mark, pending, pending_power } state = State::plain;
  formula::Tree exponent = {};
};

/// `i`, `c`, `L`, `L2`, `F`, `D`, `S`, `fe`: `L.x`, `i(year, ref=2014)`; alone, the column of that name.
struct Prefix {
  std::string letter;
};

/// A column taken out of a frame (`df.x`): arithmetic on it happens at once.
struct ColumnValue {
  data::ColumnPtr column;
  std::string name;        ///< "" for a computed one
  data::RowIds rows = {};  ///< where its values belong
};

using FitRef = std::shared_ptr<const results::Fit>;
using TableRef = std::shared_ptr<const report::Table>;
using FigureRef = std::shared_ptr<const report::Figure>;
using SplitFitsRef = std::shared_ptr<const estimators::SplitFits>;

#define MOONTIDE_BOUND(type, text)                       \
  template <>                                            \
  struct Bound<type> {                                   \
    static constexpr const char* key = "moontide." text; \
    static constexpr const char* name = text;            \
  }
MOONTIDE_BOUND(Expr, "symbol");
MOONTIDE_BOUND(Prefix, "prefix");
MOONTIDE_BOUND(ColumnValue, "column");
MOONTIDE_BOUND(FrameRef, "frame");
MOONTIDE_BOUND(FitRef, "result");
MOONTIDE_BOUND(TableRef, "table");
MOONTIDE_BOUND(FigureRef, "figure");
MOONTIDE_BOUND(formula::Weights, "weights");
MOONTIDE_BOUND(SplitFitsRef, "parts of a sample");
MOONTIDE_BOUND(inference::VcovSpec, "vcov");
#undef MOONTIDE_BOUND

/// Symbols and formulas.
void push_expr(lua_State* L, formula::Tree tree);
/// A value as a tree: symbols, numbers, strings (parsed), commands and library functions that name a column. Null when
/// it is none of these. Throws core::Error for strings that do not parse.
formula::Tree tree_at(lua_State* L, int index);
/// The name a command or library function was registered under, "" for others.
std::string function_name(lua_State* L, int index);
/// "the number 5", "a result", "false", "the string 'abc'": for errors.
std::string described(lua_State* L, int index);

/// Arithmetic that happens at once on columns taken out of frames: the stack's values (columns, numbers, strings as
/// text) become operands of the tree that `make` builds, which is evaluated. Throws core::Error when lengths differ.
ColumnValue compute(lua_State* L, const std::function<formula::Tree(const std::vector<formula::Tree>&)>& make);

/// What the list at `index` was split from by split=; null for others. Pushes the field.
const SplitFitsRef* split_fits_at(lua_State* L, int index);

/// Frames. A pushed frame is open: its columns are names in scripts.
void push_frame(lua_State* L, data::Frame frame);

/// For the metatable on top of the stack: an __index that finds these methods (ended by {nullptr, nullptr}), and errors
/// with a near name for others.
void set_methods(lua_State* L, const luaL_Reg* methods);
/// Names of a value's methods, sorted; for completion and errors.
std::vector<std::string> method_names(lua_State* L, int index);
/// "a result has no field 'cof'" with the near name.
core::Error no_field(const std::string& owner, const std::string& field, const std::vector<std::string>& known);

/// What a value shows in the REPL and as a statement: its __show, else as print() would; "" for nil.
std::string shown(lua_State* L, int index);
/// Writes shown() and a newline to standard output; nothing for nil.
void show(lua_State* L, int index);
/// Inside a native function: is this call a statement of a script whose value is dropped? (language.md section 4)
bool is_statement_call(lua_State* L);
/// A method of a value that shows its result when it stands as a statement: pushes the C function.
/// Body as for lua_CFunction; the first value it returns is shown.
template <int (*Body)(lua_State*)>
int shown_method(lua_State* L) {
  const int results = guarded<Body>(L);
  if (results > 0 && is_statement_call(L)) show(L, -results);
  return results;
}

}  // namespace bindings
