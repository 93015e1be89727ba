// Who is treated when: the 0/1 treatment of a regression seen as adoption dates of units.
#pragma once

#include "estimators/sample.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace estimators {

/// Units and periods of the rows in use.
struct Cells {
  std::string unit, time;  ///< as the user calls them
  numerics::Codes units;   ///< n, 0 … unit_count − 1
  std::int32_t unit_count = 0;
  std::vector<std::int32_t> periods;  ///< n, rank of the period in time: 0 … period_names.size() − 1
  std::vector<std::string> period_names;
};

/// Units and periods from the declared panel, or from the first two plain fixed effects (unit, then time). `unit`
/// overrides the level at which treatment is assigned; null: the panel's. Throws core::Error when there is neither.
Cells cells_of(const Context& context, const std::string& command, const formula::Tree& unit = nullptr);

/// Without a declared panel the first two plain fixed effects are unit and period. Throws core::Error where they stand
/// the other way round: numbers first, then text.
void require_unit_first(const data::Frame& frame, const std::vector<formula::Tree>& effects);

/// The same for whole numbers: a treatment that ends again in units, and in none when the two change places. Throws
/// core::Error. `adoption`: as the order has it.
struct Adoption;
void require_right_way_round(const Context& context, const numerics::Vector& treatment, const Adoption& adoption);

struct Treatment {
  std::string name;
  numerics::Vector values;  ///< n, 0 or 1
  formula::Term term;
};
struct TreatmentSearch {
  std::optional<Treatment> found;
  std::vector<std::string> others;  ///< further 0/1 terms that it could have been
};
/// Which coefficient of the fit is the treatment: the one called `wanted`, else among the 0/1 terms (treat:post counts)
/// those that turn on over time in some units and not in all at once; a term of one variable before an interaction, an
/// earlier one before a later one. Where nothing is known of units and periods, or nothing turns on: the only 0/1 term,
/// else the only interaction of two. Nothing is found when there is none or none of several stands out. Throws
/// core::Error when `wanted` is not a 0/1 column of the fit.
TreatmentSearch find_treatment(const results::Fit& fit, const Context& context, const std::string& wanted = "");

/// Is there anything in the regression that only time moves: period effects (alone or within groups), a trend, a term
/// like `post` that is the same for all units of a period?
bool has_time_effects(const Context& context, const Cells& cells);

struct Adoption {
  std::vector<std::int32_t> start;  ///< per unit: rank of its first treated period, −1 never treated
  bool absorbing = true;            ///< no unit is untreated after its start
  std::int32_t reverting = 0;       ///< units that are
  std::int32_t treated_units = 0;
  std::int32_t always_treated = 0;  ///< treated in every row of theirs
  std::int64_t treated_rows = 0;
  std::vector<std::pair<std::int32_t, std::int32_t>> cohorts;  ///< period rank, units; in time order
};
Adoption adoption_of(const Cells& cells, const numerics::Vector& treatment);

/// "2015: 1, 2016: 4, …; never treated: 17".
std::string cohort_table(const Cells& cells, const Adoption& adoption);

}  // namespace estimators
