// Fixed-effect terms → dense codes, slopes and names.
#pragma once

#include "formula/columns.hpp"

#include <vector>

namespace formula {

/// The data expressions of a fixed-effect term whose missing rows are dropped: its columns and its slopes.
std::vector<Tree> variables_of_effect(const Tree& effect);
/// The columns whose combination is the fixed effect: city, year of city^year[trend].
std::vector<Tree> columns_of_effect(const Tree& effect);

struct Effects {
  std::vector<numerics::FixedEffect> fe;
  std::vector<data::Grouping> groups;  ///< `first` holds frame rows
};
/// Encodes every term over `rows`, none missing there.
Effects encode(const std::vector<Tree>& terms, Columns& columns, const std::vector<std::uint32_t>& rows);
/// Keeps rows i with keep[i]; levels that vanish are renumbered away.
void keep_rows(Effects& effects, std::vector<std::uint32_t>& rows, const std::vector<bool>& keep);
std::vector<FixedEffectInfo> describe_effects(const std::vector<Tree>& terms, const Effects& effects, Columns& columns);

}  // namespace formula
