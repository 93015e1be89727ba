#include "formula/stepwise.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace formula {
namespace {

constexpr std::array<std::string_view, 4> step_words{"sw", "csw", "sw0", "csw0"};

bool is_steps(const Tree& tree) {
  return tree->op == Op::call && std::find(step_words.begin(), step_words.end(), tree->text) != step_words.end();
}

bool has_steps(const Tree& tree) {
  return is_steps(tree) || std::any_of(tree->children.begin(), tree->children.end(), has_steps);
}

/// The alternatives of one call; a null tree for none of the terms.
std::vector<Tree> steps(const Tree& call) {
  if (call->children.empty() || !call->keywords.empty())
    throw error_at(call, "'" + call->text + "' takes terms: " + call->text + "(x, z)");
  for (const Tree& child : call->children)
    if (has_steps(child)) throw error_at(child, "steps inside steps");
  std::vector<Tree> out;
  if (call->text.back() == '0') out.push_back(nullptr);
  const bool cumulative = call->text.front() == 'c';
  Tree sum;
  for (const Tree& child : call->children) {
    sum = cumulative && sum ? node(Op::plus, {sum, child}) : child;
    out.push_back(sum);
  }
  return out;
}

/// a + b, grouped to the left as written terms are: x + (z + w) would print its parentheses.
Tree added(const Tree& a, const Tree& b) {
  if (!a || !b) return a ? a : b;
  if (b->op == Op::plus) return added(added(a, b->children[0]), b->children[1]);
  return node(Op::plus, {a, b});
}

std::vector<Tree> alternatives(const Tree& tree);

/// Every pair of alternatives of the two children, put together by `join`; the first changes slowest.
template <class Join>
std::vector<Tree> joined_pairs(const Tree& tree, const Join& join) {
  std::vector<Tree> out;
  const std::vector<Tree> right = alternatives(tree->children[1]);
  for (const Tree& a : alternatives(tree->children[0]))
    for (const Tree& b : right) out.push_back(join(a, b));
  return out;
}

std::vector<Tree> alternatives(const Tree& tree) {
  if (is_steps(tree)) return steps(tree);
  if (!has_steps(tree)) return {tree};
  const Tree constant = number(1);
  switch (tree->op) {
    case Op::plus:
      return joined_pairs(tree, added);
    case Op::minus:
      return joined_pairs(tree, [&](const Tree& a, const Tree& b) {
        return !b ? a : node(Op::minus, {a ? a : constant, b});
      });
    case Op::tilde: {
      if (tree->children.size() == 2)
        return joined_pairs(tree, [&](const Tree& a, const Tree& b) { return node(Op::tilde, {a, b ? b : constant}); });
      std::vector<Tree> out;
      for (const Tree& right : alternatives(tree->children[0]))
        out.push_back(node(Op::tilde, {right ? right : constant}));
      return out;
    }
    case Op::bar:
      return joined_pairs(tree, [](const Tree& a, const Tree& b) { return b ? node(Op::bar, {a, b}) : a; });
    default:
      throw error_at(tree, "steps inside '" + print(tree) + "'")
          .hint("sw(), csw(), sw0() and csw0() stand as terms of their own: y ~ x + csw(z, w)");
  }
}

/// The outcomes of `{y1, y2}` or `c(y1, y2)`; nothing for a single one.
std::vector<Tree> outcomes(const Tree& left) {
  const bool list = left->op == Op::list || (left->op == Op::call && left->text == "c" && left->keywords.empty());
  return list ? left->children : std::vector<Tree>{};
}

/// The formula with `y` for its left side; null `y` looks only: returns the left side through `found`.
Tree with_left(const Tree& tree, const Tree& y, Tree& found) {
  if (tree->op == Op::bar || tree->op == Op::plus || tree->op == Op::minus) {
    const Tree head = with_left(tree->children[0], y, found);
    return y ? node(tree->op, {head, tree->children[1]}) : tree;
  }
  if (tree->op != Op::tilde || tree->children.size() != 2) return tree;
  found = tree->children[0];
  return y ? node(Op::tilde, {y, tree->children[1]}) : tree;
}

}  // namespace

std::vector<Tree> each_formula(const Tree& formula) {
  Tree left;
  with_left(formula, nullptr, left);
  std::vector<Tree> given = left ? outcomes(left) : std::vector<Tree>{};
  if (given.empty()) return alternatives(formula);
  std::vector<Tree> out;
  for (const Tree& y : given) {
    Tree unused;
    for (Tree& one : alternatives(with_left(formula, y, unused))) out.push_back(std::move(one));
  }
  return out;
}

std::vector<Tree> each_terms(const Tree& terms) { return terms ? alternatives(terms) : std::vector<Tree>{nullptr}; }

Tree with_effects(const Tree& formula, const Tree& fe) {
  if (!fe) return formula;
  if (formula->op != Op::bar) return node(Op::bar, {formula, fe});
  const Tree& last = formula->children[1];
  if (last->op == Op::tilde && last->children.size() == 2) {  // the instruments stay last
    return node(Op::bar, {with_effects(formula->children[0], fe), last});
  }
  if (last->op == Op::number) return node(Op::bar, {formula->children[0], fe});
  return node(Op::bar, {formula->children[0], node(Op::plus, {last, fe})});
}

}  // namespace formula
