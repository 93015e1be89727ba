// Assignment designs as values: assignment.units(within=province), assignment.timing(dates="permute").
#pragma once

#include "bindings/commands.hpp"
#include "bindings/lua.hpp"
#include "estimators/did/assignment.hpp"

namespace bindings {

template <>
struct Bound<estimators::AssignmentDesign> {
  static constexpr const char* key = "moontide.assignment";
  static constexpr const char* name = "assignment";
};

/// Words of assign=.
const std::vector<std::string>& assignment_words();
/// The design of a call: assign= (a word or a value), strata= and the option that names the level of assignment.
/// Throws core::Error for unknown words, and when a value is given beside the other options.
estimators::AssignmentDesign assignment_of(const Arguments& a, const std::string& level_option);

}  // namespace bindings
