// How a command is declared and what its function gets. A native command is a core::Record and a function:
//
//   int describe(lua_State* L, Arguments& a) { push_table(L, describe(a.frame(), a.trees("columns"))); return 1; }
//   const Command describe_command{{.name = "describe", .topic = "data", .summary = "…", .args = {…}}, describe};
//
// The function pushes its results and returns their number. Arguments are checked before it runs.
#pragma once

#include "core/record.hpp"
#include "data/frame.hpp"
#include "estimators/estimator.hpp"
#include "formula/design.hpp"
#include "formula/tree.hpp"
#include "inference/vcov.hpp"
#include "results/fit.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct lua_State;

namespace bindings {

struct FrameBox;
class Arguments;

struct Command {
  core::Record record;
  std::function<int(lua_State*, Arguments&)> run;
  /// data= and where=/if= are added to the options when an argument or option names columns, unless the record has them
  /// or this is false. Arguments::frame() then applies both.
  bool takes_data = true;
  bool takes_where = true;  ///< false: no where= is added; the command is about whole columns
  /// Its columns may be expressions of columns, and numbers: summarize(log(x)), head(3).
  bool takes_expressions = false;
  bool where_added = false;  ///< the registry's note that it added where=
  /// Registry reference of the table of default values (commands declared in Lua); negative: none.
  int defaults = -2;
};

/// A command that changes whole columns or frames: where= is no option of it.
inline Command for_whole_columns(Command command) {
  command.takes_where = false;
  return command;
}

/// A command whose columns may be expressions.
inline Command of_expressions(Command command) {
  command.takes_expressions = true;
  return command;
}

/// Every command of the session: native estimators, native commands, commands declared in Lua.
class Registry {
 public:
  /// Replaces a command of the same name. Adds the options every command has.
  const Command& add(Command command);
  const Command* find(std::string_view name) const;
  /// In the order of declaration.
  const std::vector<const Command*>& all() const { return order_; }
  std::vector<std::string> names() const;

 private:
  std::map<std::string, std::unique_ptr<Command>, std::less<>> by_name_;
  std::vector<std::unique_ptr<Command>> replaced_;  // functions that scripts hold still point here
  std::vector<const Command*> order_;
};

/// The checked arguments of one call, by name. Getters convert; asking for a name the record lacks is a programmer's
/// mistake and gives the fallback.
class Arguments {
 public:
  /// Checks what stands on the stack against the record, and replaces it by one table of checked values.
  /// Throws core::Error: unknown option (near names), wrong type, out of range, missing, too many.
  Arguments(lua_State* L, const Command& command);

  bool has(const std::string& name) const;
  bool boolean(const std::string& name, bool fallback = false) const;
  long long integer(const std::string& name, long long fallback = 0) const;
  double number(const std::string& name, double fallback = 0) const;
  std::string text(const std::string& name, std::string fallback = {}) const;
  std::vector<double> numbers(const std::string& name) const;
  std::vector<std::string> texts(const std::string& name) const;
  formula::Tree tree(
      const std::string& name) const;  ///< column, expression, condition, formula, terms; null: not given
  std::vector<formula::Tree> trees(const std::string& name) const;       ///< columns, or a repeated argument of trees
  std::vector<std::string> column_names(const std::string& name) const;  ///< the same, as names
  std::shared_ptr<const results::Fit> result(const std::string& name) const;
  std::vector<std::shared_ptr<const results::Fit>> results(const std::string& name) const;  ///< a repeated argument
  formula::Weights weights(const std::string& name = "weights") const;
  std::optional<inference::VcovSpec> vcov(const std::string& name = "vcov") const;
  /// Pushes the checked value (nil when not given): lists, functions, tables, figures, any.
  void push(const std::string& name) const;

  /// The frame of data=, else the data in use; only rows of where=/if= when the registry added that option.
  data::Frame frame() const;
  /// The frame to change (data=, else the data in use), whole.
  std::shared_ptr<FrameBox> box() const;

  /// Keywords of a call that are no options (record.open_keywords), as written, in order.
  const std::vector<std::string>& keywords() const { return keywords_; }
  formula::Tree keyword_tree(const std::string& name) const;
  void push_keyword(const std::string& name) const;

  /// A checked value as an estimator gets it.
  estimators::Value value(const std::string& name, core::Kind kind) const;

  const Command& command() const { return command_; }
  lua_State* state() const { return L_; }
  int table() const { return 1; }  ///< where the checked values stand on the stack

 private:
  lua_State* L_;
  const Command& command_;
  std::vector<std::string> keywords_;
};

/// Pushes the function that scripts call.
void push_command(lua_State* L, const Command& command);
/// The statement as written in the script, from the command's name to the end of its call; "" when it is not known.
std::string call_text(lua_State* L, const std::string& command);

}  // namespace bindings
