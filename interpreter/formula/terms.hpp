// The right side of a formula → terms: *, ##, :, distribution over sums, removal.
#pragma once

#include "formula/design.hpp"

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace formula {

/// Terms in the order written, each once.
struct Sum {
  std::vector<Term> terms;
  std::optional<bool> constant;  ///< what 1, 0 and −1 said last
  std::unordered_set<std::string> keys;
};

/// Expands a right side. `where` names it in errors: "the right side of a formula".
Sum expand(const Tree& tree, const std::string& where);
/// The same for every spelling of a term: factors in alphabetical order, c.x as x, i(f) as i.f.
std::string key_of(const Term& term);
std::string key_of_factor(const Tree& factor);
/// A factor as it stands in an interaction: "x", "(x > 1)".
std::string factor_label(const Tree& factor);

}  // namespace formula
