// The words of regression tables, in English and as Chinese journals print them.
#pragma once

#include "inference/vcov.hpp"
#include "report/etable.hpp"

#include <string>
#include <vector>

namespace report {

struct Words {
  std::string constant, yes, no;
  std::string fixed_effects, random_effects, slopes;  ///< follow the name of the effect
  std::string standard_errors;                        ///< names the row of covariances
  std::string permutation;                            ///< stands there for a permutation test
  std::string between;                                ///< labels of an interaction
  std::string exponentiated, standardised;
  std::string all_rows;  ///< heads the result on the whole sample beside its parts
};

/// Throws core::Error with near names for a style other than "en" and "cn".
const Words& words(const std::string& style);
/// A statistic's name in that style; a name without words of its own stays as it is.
std::string statistic_label(const std::string& name, const std::string& style);
/// The covariance in a table cell.
std::string vcov_cell(const inference::VcovSpec& spec, const std::string& style);
/// "Standard errors in parentheses", "括号内为标准误". `specs`: of the fits.
std::string below_sentence(const std::string& kind, double level, const std::string& style,
                           const std::vector<inference::VcovSpec>& specs,
                           const std::map<std::string, std::string>& labels);
/// "* p<0.1, ** p<0.05", "**、*分别表示在5%、10%的水平上显著".
std::string stars_sentence(const std::vector<StarRule>& rules, const std::string& style);
/// The usual sentences as notes, one each, or as the one note of a Chinese table.
std::vector<std::string> notes_of(const std::vector<std::string>& sentences, const std::string& style);

}  // namespace report
