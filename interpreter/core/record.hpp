// What a command says of itself. Argument checks, help, completion and the manual are derived from it.
// Native estimators and commands declared in Lua carry the same record; both land in one registry (bindings/).
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace core {

/// What an argument or option takes.
enum class Kind {
  any,
  number,      ///< a Lua number
  integer,     ///< a Lua number with an integer value
  boolean,     ///< true or false
  text,        ///< a string; with one_of: one of those
  numbers,     ///< a list of numbers (a single number counts as a list of one)
  texts,       ///< a list of strings (a single string counts as a list of one)
  column,      ///< one column: a symbol or its name as a string
  columns,     ///< several columns: symbols, names, "a b c", {a, b}
  expression,  ///< a data expression: symbols or a string
  condition,   ///< a logical expression, nearly always a string: "year >= 2013 and treat == 1"
  formula,     ///< y ~ x | fe | d ~ z, or its right side only, as symbols or a string
  terms,       ///< the right side of a formula: "city + year", city + year^province
  vcov,        ///< "hetero", cluster(city), "cluster city year", newey_west(lag=2)
  weights,     ///< observation weights: an expression, aw(x), fw(x), pw(x)
  frame,
  result,  ///< what an estimator returned
  table,
  figure,
  list,  ///< a Lua table
  function,
  spatial,  ///< spatial weights: what weights.queen(map) and its like make
};

struct OptionSpec {
  std::string name;
  Kind kind = Kind::any;
  std::string doc;
  std::string default_text;              ///< as printed in help; "" when the option has no default
  std::vector<std::string> one_of = {};  ///< allowed words, for Kind::text; taken beside numbers otherwise
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  std::vector<std::string> aliases = {};  ///< other accepted names (`if` for `where`)
};

struct ArgSpec {
  std::string name;
  Kind kind = Kind::any;
  std::string doc = {};
  bool optional = false;
  bool repeated = false;  ///< takes all remaining positional arguments; last only
};

struct Record {
  std::string name;
  std::string topic;    ///< groups `help`: "data", "estimation", "did", "tables", …
  std::string summary;  ///< one sentence, no full stop
  std::vector<ArgSpec> args = {};
  std::vector<OptionSpec> options = {};
  std::string source = {};
  std::string example = {};
  bool open_keywords = false;  ///< any keyword is taken (gen(a=…)); known option names still are options
};

}  // namespace core
