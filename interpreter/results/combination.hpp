// Linear combinations of coefficients in words: "x", "x + 2*z", "2 x - (a::1 + b) / 3", "x = z".
#pragma once

#include "numerics/types.hpp"

#include <string>
#include <vector>

namespace results {

/// weights · b + constant
struct Combination {
  numerics::Vector weights;
  double constant = 0;
};

/// Reads a combination over the coefficients `names`. A name may hold any characters ("log(z)", "i(year)::2014",
/// "treat:post"): where the text continues as one or more known names, the longest is meant; names in backticks or
/// [brackets] are taken as they stand. Throws core::Error with a caret and near names; "dropped" lists names that get
/// their own message.
Combination parse_combination(const std::string& text, const std::vector<std::string>& names,
                              const std::vector<std::string>& dropped = {});

/// "x = z", "x + 2*z = 1", "x" (= 0), "x = z = 0": one combination per equation, each to be zero.
std::vector<Combination> parse_hypothesis(const std::string& text, const std::vector<std::string>& names,
                                          const std::vector<std::string>& dropped = {});

}  // namespace results
