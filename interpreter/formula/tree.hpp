// The one syntax tree of data expressions and formulas. Two spellings make it: symbols in a script (bindings/) and
// strings (parse.hpp).
#pragma once

#include "core/error.hpp"

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
  std::size_t depth = 1;  ///< levels of the tree, at most max_depth: every walk over it may recurse
};
constexpr std::size_t max_depth = 2500;

Tree number(double value);
Tree text(std::string value);
Tree truth(bool value);
Tree name(std::string value);
/// The minus of a number literal is part of the number: node(negate, {2}) is the number -2, in both spellings.
/// node, call and prefix throw core::Error when the tree gets deeper than max_depth.
Tree node(Op op, std::vector<Tree> children);
Tree call(std::string function, std::vector<Tree> children, std::vector<std::pair<std::string, Tree>> keywords = {});
Tree prefix(std::string letter, Tree child);
/// The same tree with its place in the string it was parsed from.
Tree placed(const Tree& tree, std::shared_ptr<const std::string> source, std::size_t offset, std::size_t length);

/// The tree as one would write it, with the fewest parentheses: "lngdp + log(z):treat". Parsing it gives the same tree.
/// Numbers print shortest, text in single quotes, names that are no identifiers in backquotes; this is how coefficients
/// are named.
std::string print(const Tree& tree);
/// Every column name the tree reads, in order of first appearance.
std::vector<std::string> names_in(const Tree& tree);
bool same(const Tree& a, const Tree& b);
/// An error that blames `tree`: with a caret under it when it came from a string, else with the word to mark in the
/// script line.
core::Error error_at(const Tree& tree, std::string message);
/// The prefix objects of the grammar: i, c, and lags L, F, D, S with an optional whole number (L2, D2, S12).
bool is_prefix_word(const std::string& word);
/// L, F, D or S, with or without a number: what needs a panel.
bool is_lag_word(const std::string& word);
/// Needs no backquotes: letters, digits, _ and bytes beyond ASCII, not starting with a digit, no reserved word.
bool is_plain_name(const std::string& word);

}  // namespace formula
