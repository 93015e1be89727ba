// importance=: weights that the user gives to the parts of an index.
#pragma once

#include "bindings/commands.hpp"

#include <string>
#include <vector>

namespace bindings {

/// The weights of importance=, one for each of `count` things called `what`, scaled to sum to one; empty when not
/// given. Throws core::Error: another number of weights, negative ones, a sum of zero.
std::vector<double> importance_of(const Arguments& a, std::size_t count, const std::string& what);
core::OptionSpec importance_option(const std::string& doc, const std::string& fallback = {});

}  // namespace bindings
