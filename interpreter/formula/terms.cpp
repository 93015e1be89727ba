#include "formula/terms.hpp"

#include "core/text.hpp"
#include "formula/compile.hpp"
#include "formula/maps.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace formula {
namespace {

bool arranges_terms(Op op) {
  return op == Op::plus || op == Op::minus || op == Op::times || op == Op::cross || op == Op::interact ||
         op == Op::negate;
}

/// c.x is called x: the prefix says how to read a column, and a column of numbers is read so anyway.
const Tree& named_by(const Tree& factor) {
  return factor->op == Op::prefix && factor->text == "c" ? factor->children[0] : factor;
}

/// W*x for a spatial lag, W_lag(x), as the results of spatial models name it; "" for other trees.
std::string spatial_lag_label(const Tree& tree) {
  constexpr std::string_view ending = "_lag";
  if (tree->op != Op::call || tree->children.size() != 1 || !tree->text.ends_with(ending) || !find_map(tree->text))
    return {};
  const std::string of = spatial_lag_label(tree->children[0]);
  return tree->text.substr(0, tree->text.size() - ending.size()) + "*" +
         (of.empty() ? factor_label(tree->children[0]) : of);
}

Term term_of(std::vector<Tree> factors) {
  Term out;
  Tree whole = named_by(factors.front());
  for (std::size_t i = 1; i < factors.size(); ++i) whole = node(Op::interact, {whole, named_by(factors[i])});
  const std::string lag = factors.size() == 1 ? spatial_lag_label(whole) : "";
  out.label = lag.empty() ? print(whole) : lag;
  out.factors = std::move(factors);
  return out;
}

void add(Sum& sum, Term term) {
  if (sum.keys.insert(key_of(term)).second) sum.terms.push_back(std::move(term));
}

void join(Sum& left, Sum right) {
  for (Term& term : right.terms) add(left, std::move(term));
  if (right.constant) left.constant = right.constant;
}

void remove(Sum& left, const Sum& right, const Tree& blame) {
  for (const Term& term : right.terms) {
    const std::string key = key_of(term);
    if (left.keys.erase(key) == 0)
      throw error_at(blame, "'" + term.label + "' is removed but was not there").hint("terms before it: " + [&] {
        std::vector<std::string> labels;
        for (const Term& known : left.terms) labels.push_back(known.label);
        return labels.empty() ? std::string("none") : core::join(labels, ", ");
      }());
    left.terms.erase(
        std::find_if(left.terms.begin(), left.terms.end(), [&](const Term& known) { return key_of(known) == key; }));
  }
  if (right.constant) left.constant = !*right.constant;
}

Tree lag(const Tree& call, std::int64_t by) {
  const Tree& x = call->children[0];
  const bool lags = (call->text == "L") == (by >= 0);
  const std::string letter = call->text == "L" || call->text == "F" ? (lags ? "L" : "F") : call->text;
  if (by == 0) return x;
  const std::int64_t size = std::abs(by);
  const Tree tree = prefix(size == 1 ? letter : letter + std::to_string(size), x);
  return placed(tree, call->source, call->offset, call->length);
}

/// L(x, 1, 3) is L.x, L2.x, L3.x; L(x, {1, 4}) is L.x, L4.x; L(x, 2) is L2.x.
std::vector<Tree> lags(const Tree& tree) {
  std::vector<std::int64_t> orders;
  const std::vector<Tree>& args = tree->children;
  check_arguments(tree, 1, tree->text == "L" || tree->text == "F" ? 3 : 2);
  if (args.size() == 1) {
    orders.push_back(1);
  } else if (args.size() == 2 && args[1]->op == Op::list) {
    for (const Tree& item : args[1]->children) orders.push_back(whole_constant(item, "a lag"));
  } else {
    const std::int64_t from = whole_constant(args[1], "the lag");
    const std::int64_t to = whole_constant(args.back(), "the last lag");
    if (to < from)
      throw error_at(tree, "the lags run backwards")
          .hint("write " + tree->text + "(x, " + std::to_string(to) + ", " + std::to_string(from) + ")");
    if (to - from > 1000) throw error_at(tree, "over 1000 lags");
    for (std::int64_t k = from; k <= to; ++k) orders.push_back(k);
  }
  std::vector<Tree> out;
  for (const std::int64_t k : orders) out.push_back(lag(tree, k));
  return out;
}

class Expansion {
 public:
  explicit Expansion(const std::string& where) : where_(where) {}

  Sum of(const Tree& tree) const {
    switch (tree->op) {
      case Op::plus: {
        Sum left = of(tree->children[0]);
        const Tree& right = tree->children[1];
        if (right->op == Op::negate)
          remove(left, of(right->children[0]), right);
        else
          join(left, of(right));
        return left;
      }
      case Op::minus: {
        Sum left = of(tree->children[0]);
        remove(left, of(tree->children[1]), tree->children[1]);
        return left;
      }
      case Op::negate: {
        Sum nothing;
        remove(nothing, of(tree->children[0]), tree);
        return nothing;
      }
      case Op::list: {
        Sum out;
        for (const Tree& item : tree->children) join(out, of(item));
        return out;
      }
      case Op::times:
      case Op::cross: {
        refuse_numbers(tree);
        Sum left = of(tree->children[0]);
        Sum right = of(tree->children[1]);
        Sum both = product(left, right, tree);
        join(left, std::move(right));
        join(left, std::move(both));
        return left;
      }
      case Op::interact:
        refuse_numbers(tree);
        return product(of(tree->children[0]), of(tree->children[1]), tree);
      case Op::tilde:
        if (tree->children.size() == 1) return of(tree->children[0]);
        break;
      case Op::number:
        return constant(tree);
      case Op::call:
        return call_term(tree);
      default:
        break;
    }
    return data_term(tree);
  }

 private:
  Sum constant(const Tree& tree) const {
    Sum out;
    if (tree->number != 0 && tree->number != 1 && tree->number != -1)
      throw error_at(tree, "the number " + print(tree) + " is no term in " + where_)
          .hint("1 is the constant, 0 or -1 drops it; arithmetic goes into I(…)");
    out.constant = tree->number == 1;
    return out;
  }

  static void refuse_numbers(const Tree& tree) {
    for (const Tree& side : tree->children)
      if (side->op == Op::number)
        throw error_at(side, "a number cannot be interacted")
            .hint("for the product write I(" + print(node(Op::times, tree->children)) + ")");
  }

  Sum product(const Sum& left, const Sum& right, const Tree& tree) const {
    const auto refuse_constant = [&](const Sum& sum) {
      if (sum.constant)
        throw error_at(tree, "a constant cannot be interacted").hint("write +1, +0 or -1 as an own term");
    };
    refuse_constant(left);
    refuse_constant(right);
    if (left.terms.size() == 1 && right.terms.size() == 1 && key_of(left.terms[0]) == key_of(right.terms[0]))
      throw error_at(tree, "'" + print(tree) + "' interacts a term with itself")
          .hint("the square is " + factor_label(left.terms[0].factors[0]) + "^2");
    Sum out;
    for (const Term& a : left.terms)
      for (const Term& b : right.terms) {
        std::vector<Tree> factors = a.factors;
        for (const Tree& factor : b.factors) {
          const std::string key = key_of_factor(factor);
          if (std::none_of(factors.begin(), factors.end(), [&](const Tree& f) { return key_of_factor(f) == key; }))
            factors.push_back(factor);
        }
        add(out, term_of(std::move(factors)));
      }
    return out;
  }

  Sum call_term(const Tree& tree) const {
    const bool lag_call = tree->text.size() == 1 && is_lag_word(tree->text);
    Sum out;
    if (!lag_call) {
      add(out, term_of({tree}));
      return out;
    }
    for (const Tree& lagged : lags(tree)) add(out, term_of({lagged}));
    return out;
  }

  Sum data_term(const Tree& tree) const {
    switch (tree->op) {
      case Op::text:
      case Op::truth:
        throw error_at(tree, print(tree) + " is no term in " + where_)
            .hint(tree->op == Op::text ? "a column name with odd characters goes in backquotes: `" + tree->text + "`"
                                       : "");
      case Op::tilde:
        throw error_at(tree, "a second '~' in " + where_).hint("instruments follow a bar: y ~ x | d ~ z");
      case Op::bar:
        throw error_at(tree, "a '|' inside " + where_);
      case Op::slopes:
      case Op::slopes_only:
        throw error_at(tree, "varying slopes in " + where_)
            .hint("they belong to the fixed effects: y ~ x | " + print(tree));
      default:
        break;
    }
    refuse_formula_operators(tree);
    Sum out;
    add(out, term_of({tree}));
    return out;
  }

  /// (a + b)^2, a*b/c, a + b > c: arithmetic or terms? The user has to say.
  void refuse_formula_operators(const Tree& tree) const {
    if (tree->op == Op::prefix || tree->op == Op::name || tree->op == Op::call) return;
    for (const Tree& child : tree->children) {
      if (arranges_terms(child->op))
        throw error_at(tree, "'" + print(child) + "' inside '" + print(tree) + "' may mean arithmetic or terms")
            .hint("for arithmetic write I(" + print(tree) + ")");
      if (child->op != Op::list) refuse_formula_operators(child);
    }
  }

  const std::string& where_;
};

}  // namespace

Sum expand(const Tree& tree, const std::string& where) { return Expansion(where).of(tree); }

std::string key_of_factor(const Tree& factor) {
  if (named_by(factor) != factor) return print(named_by(factor));
  const bool plain_i =
      factor->op == Op::call && factor->text == "i" && factor->children.size() == 1 && factor->keywords.empty();
  if (plain_i) return print(prefix("i", factor->children[0]));
  return print(factor);
}

std::string key_of(const Term& term) {
  std::vector<std::string> keys;
  for (const Tree& factor : term.factors) keys.push_back(key_of_factor(factor));
  std::sort(keys.begin(), keys.end());
  return core::join(keys, "\x1f");
}

std::string factor_label(const Tree& factor) {
  std::string out = print(node(Op::interact, {named_by(factor), name("x")}));
  out.resize(out.size() - 2);
  return out;
}

}  // namespace formula
