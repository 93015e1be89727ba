// The parts of a formula: y ~ exogenous | fixed effects | endogenous ~ instruments.
#include "formula/design.hpp"
#include "formula/terms.hpp"

#include <algorithm>
#include <utility>

namespace formula {
namespace {

/// (y ~ x) + z is y ~ x + z, and (y ~ x | g) + z is y ~ x + z | g: what a formula kept in a variable gives when terms
/// are added to it.
Tree push_down(const Tree& tree) {
  if (tree->op != Op::plus && tree->op != Op::minus) return tree;
  const Tree left = push_down(tree->children[0]);
  const Tree& right = tree->children[1];
  if (left->op == Op::tilde && left->children.size() == 2)
    return node(Op::tilde, {left->children[0], node(tree->op, {left->children[1], right})});
  if (left->op == Op::tilde) return node(Op::tilde, {node(tree->op, {left->children[0], right})});
  if (left->op == Op::bar)
    return node(Op::bar, {push_down(node(tree->op, {left->children[0], right})), left->children[1]});
  return tree;
}

/// The parts between bars, left to right.
void collect_parts(const Tree& given, std::vector<Tree>& out) {
  const Tree tree = push_down(given);
  if (tree->op == Op::bar) {
    collect_parts(tree->children[0], out);
    collect_parts(tree->children[1], out);
    return;
  }
  if (tree->op == Op::tilde && tree->children.back()->op == Op::bar) {  // y ~ (x | g)
    std::vector<Tree> right;
    collect_parts(tree->children.back(), right);
    std::vector<Tree> sides = tree->children;
    sides.back() = right.front();
    out.push_back(node(Op::tilde, std::move(sides)));
    out.insert(out.end(), right.begin() + 1, right.end());
    return;
  }
  out.push_back(tree);
}

bool is_continuous(const Tree& tree) { return tree->op == Op::prefix && tree->text == "c"; }

/// One fixed effect in its own spelling: a name, a^b, fe[x], fe[[x]].
Tree normal_effect(const Tree& tree) {
  const auto same_place = [&](const Tree& made) { return placed(made, tree->source, tree->offset, tree->length); };
  switch (tree->op) {
    case Op::name:
      return tree;
    case Op::prefix:
      if (tree->text == "i") return normal_effect(tree->children[0]);
      throw error_at(tree, "'" + print(tree) + "' is no fixed effect")
          .hint("varying slopes are written fe[x] or fe[[x]]");
    case Op::call:
      if (tree->text == "i" && tree->children.size() == 1 && tree->keywords.empty())
        return normal_effect(tree->children[0]);
      return tree;
    case Op::power:
    case Op::interact: {
      const Tree a = normal_effect(tree->children[0]);
      // Stata's firm#c.x
      if (tree->op == Op::interact && is_continuous(tree->children[1]))
        return same_place(node(Op::slopes_only, {a, tree->children[1]->children[0]}));
      const Tree b = normal_effect(tree->children[1]);
      if (a->op == Op::slopes || a->op == Op::slopes_only)
        throw error_at(tree, "varying slopes stand at the end: a^b[x]");
      if (b->op == Op::slopes || b->op == Op::slopes_only) {  // a^b[x] is (a^b)[x]
        std::vector<Tree> children = b->children;
        children[0] = node(Op::power, {a, b->children[0]});
        return same_place(node(b->op, std::move(children)));
      }
      return same_place(node(Op::power, {a, b}));
    }
    case Op::cross:
      if (is_continuous(tree->children[1]))
        return same_place(node(Op::slopes, {normal_effect(tree->children[0]), tree->children[1]->children[0]}));
      break;
    case Op::slopes:
    case Op::slopes_only: {
      std::vector<Tree> children = tree->children;
      children[0] = normal_effect(children[0]);
      return same_place(node(tree->op, std::move(children)));
    }
    default:
      break;
  }
  core::Error error = error_at(tree, "'" + print(tree) + "' is no fixed effect");
  if (tree->op == Op::times || tree->op == Op::cross)
    error.hint("the combined fixed effect is " + print(node(Op::power, tree->children)));
  if (tree->op == Op::number) error.hint("0 means none");
  throw error;
}

const Tree& base_of(const Tree& effect) {
  return effect->op == Op::slopes || effect->op == Op::slopes_only ? effect->children[0] : effect;
}

/// city + city[trend] is one dimension: an intercept and a slope per city.
void add_effect(std::vector<Tree>& effects, const Tree& effect) {
  const auto known = std::find_if(effects.begin(), effects.end(),
                                  [&](const Tree& other) { return same(base_of(other), base_of(effect)); });
  if (known == effects.end()) {
    effects.push_back(effect);
    return;
  }
  std::vector<Tree> children = {base_of(effect)};
  for (const Tree& one : {*known, effect}) {
    if (one->op != Op::slopes && one->op != Op::slopes_only) continue;
    for (std::size_t i = 1; i < one->children.size(); ++i)
      if (std::none_of(children.begin() + 1, children.end(), [&](const Tree& t) { return same(t, one->children[i]); }))
        children.push_back(one->children[i]);
  }
  if (children.size() == 1) return;
  const bool intercept = (*known)->op != Op::slopes_only || effect->op != Op::slopes_only;
  *known = node(intercept ? Op::slopes : Op::slopes_only, std::move(children));
}

void collect_effects(const Tree& tree, std::vector<Tree>& effects) {
  if (tree->op == Op::plus || tree->op == Op::list) {
    for (const Tree& child : tree->children) collect_effects(child, effects);
    return;
  }
  if (tree->op == Op::tilde && tree->children.size() == 1) return collect_effects(tree->children[0], effects);
  if (tree->op == Op::number && tree->number == 0) return;
  add_effect(effects, normal_effect(tree));
}

Tree joined_factors(const Term& term) {
  Tree out = term.factors.front();
  for (std::size_t i = 1; i < term.factors.size(); ++i) out = node(Op::interact, {out, term.factors[i]});
  return out;
}

void read_instruments(const Tree& part, Parts& parts, const Sum& exogenous) {
  if (part->children.size() != 2) throw error_at(part, "what is instrumented stands before the '~': y ~ x | d ~ z");
  const Sum endogenous = expand(part->children[0], "the endogenous part");
  Sum instruments = expand(part->children[1], "the instruments");
  if (endogenous.constant || instruments.constant)
    throw error_at(part, "the constant has no place in the instrument part")
        .hint("drop it from the right side: y ~ x - 1 | d ~ z");
  if (endogenous.terms.empty() || instruments.terms.empty()) throw error_at(part, "an instrument part needs d ~ z");
  for (const Term& term : endogenous.terms) {
    const std::string key = key_of(term);
    if (exogenous.keys.count(key) != 0)
      throw error_at(part, "'" + term.label + "' is both endogenous and exogenous")
          .hint("leave it out of the right side");
    if (instruments.keys.count(key) != 0) throw error_at(part, "'" + term.label + "' is instrumented by itself");
    parts.endogenous.push_back(joined_factors(term));
  }
  parts.instruments = std::move(instruments.terms);
}

void read_left(const Tree& left, Parts& parts) {
  if (left->op == Op::number || left->op == Op::text || left->op == Op::truth)
    throw error_at(left, "the left side of the formula is " + print(left))
        .hint("does a variable hide the column? col.NAME forces the column");
  if (left->op == Op::tilde)
    throw error_at(left, "two '~' in one part").hint("instruments follow a bar: y ~ x | d ~ z");
  if (left->op == Op::list)
    parts.lhs = left->children;
  else
    parts.lhs.push_back(left);
}

}  // namespace

Parts split(const Tree& formula, const Tree& fe) {
  std::vector<Tree> pieces;
  collect_parts(formula, pieces);
  Parts parts;

  Tree right = pieces.front();
  if (right->op == Op::tilde) {
    if (right->children.size() == 2) read_left(right->children[0], parts);
    right = right->children.back();
  }
  Sum exogenous = expand(right, "the right side of a formula");
  parts.constant = exogenous.constant.value_or(true);
  for (const Tree& y : parts.lhs)
    for (const Term& term : exogenous.terms)
      if (term.factors.size() == 1 && same(term.factors[0], y))
        throw error_at(term.factors[0], "'" + term.label + "' stands on both sides of the formula");

  bool effects_given = false;
  bool instruments_given = false;
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const Tree& piece = pieces[i];
    if (instruments_given) throw error_at(piece, "the instrument part comes last: y ~ x | fe | d ~ z");
    if (piece->op == Op::tilde && piece->children.size() == 2) {
      read_instruments(piece, parts, exogenous);
      instruments_given = true;
    } else {
      if (effects_given) throw error_at(piece, "two parts of fixed effects").hint("join them with '+': | city + year");
      collect_effects(piece, parts.fe);
      effects_given = true;
    }
  }
  parts.exogenous = std::move(exogenous.terms);
  if (fe) collect_effects(fe, parts.fe);
  return parts;
}

}  // namespace formula
