// The one syntax tree of data expressions and formulas. Two spellings make it: symbols in a script (bindings/) and
// strings (parse.hpp).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace formula {

enum class Op {
  number,
  text,
  truth,
  name,    // leaves: number; text; number (0 or 1); text
  list,    // {a, b, c}
  call,    // text(children…, keywords…): log(x), i(year, ref=2014), L(x, 1, 3), I(x*z), missing(x)
  prefix,  // text is i, c, L, L2, F, D…: i.year, L2.x; one child
  plus,
  minus,
  times,
  divide,
  power,
  negate,
  interact,  // a:b and a#b
  cross,     // a##b: on the right of ~ the same as *
  tilde,
  bar,  // lhs ~ rhs (one child when there is no lhs); parts between |
  slopes,
  slopes_only,  // fe[x, z], fe[[x]]: first child the fixed effect, the rest the slopes
  equal,
  unequal,
  less,
  less_equal,
  greater,
  greater_equal,
  conjunction,
  disjunction,
  negation,
  member,  // and or not in
};

struct Node;
using Tree = std::shared_ptr<const Node>;

struct Node {
  Op op = Op::number;
  double number = 0;
  std::string text;
  std::vector<Tree> children;
  std::vector<std::pair<std::string, Tree>> keywords;  ///< call only
  /// Where it stands in the string it was parsed from; source is null for trees made by symbols.
  std::shared_ptr<const std::string> source;
  std::size_t offset = 0, length = 0;
};

Tree number(double value);
Tree text(std::string value);
Tree name(std::string value);
Tree node(Op op, std::vector<Tree> children);
Tree call(std::string function, std::vector<Tree> children, std::vector<std::pair<std::string, Tree>> keywords = {});
Tree prefix(std::string letter, Tree child);

/// The tree as one would write it, with the fewest parentheses: "lngdp + log(z):treat". Parsing it gives the same tree.
/// Numbers print shortest; this is how coefficients are named.
std::string print(const Tree& tree);
/// Every column name the tree reads, in order of first appearance.
std::vector<std::string> names_in(const Tree& tree);
bool same(const Tree& a, const Tree& b);

}  // namespace formula
