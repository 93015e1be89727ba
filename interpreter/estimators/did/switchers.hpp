// Units whose treatment changes, and those with the same treatment before that have not changed yet.
#pragma once

#include "estimators/did/group_time.hpp"
#include "estimators/did/staggered.hpp"

#include <string>
#include <vector>

namespace estimators {

/// Units × periods, NaN where there is no row.
struct SwitchPanel {
  Matrix y, treatment, weight;   ///< units × periods
  std::vector<Matrix> controls;  ///< the same of each
  Codes classes;                 ///< of each unit: same treatment in its first period (and same value of `within`)
  std::int32_t class_count = 0;
  std::vector<std::string> class_names;
  std::vector<std::int32_t> change;     ///< period of the first change; the number of periods: none
  std::vector<std::int32_t> known;      ///< the first period from which a unit may not serve as control
  std::vector<std::int8_t> sign;        ///< of the first change; 0: none, or its date is not known
  std::vector<Matrix> theta_influence;  ///< of each class: units × controls
  std::vector<std::string> notes;

  std::int32_t units() const { return static_cast<std::int32_t>(y.rows()); }
  std::int32_t periods() const { return static_cast<std::int32_t>(y.cols()); }
};

/// NaN when one of the two is not there.
inline double difference(const Matrix& values, std::int32_t g, std::int32_t to, std::int32_t from) {
  return values(g, to) - values(g, from);
}

/// Finds who changes when; outcomes and controls as they are. Rows after a unit has been both above and below its first
/// treatment are left out unless `both_ways`. within: a code for each unit, or empty. Throws core::Error when no
/// treatment changes.
SwitchPanel switch_panel(const Staggered& s, const Vector& treatment, const Codes& within, bool both_ways);

/// Puts changes from the period before in the place of outcomes and controls.
void take_changes(SwitchPanel& panel);
/// Takes X'θ out of the outcomes, with θ of each class from rows before any change, and keeps the influence of units on
/// θ.
void take_out_controls(SwitchPanel& panel);

/// One estimated effect: Σ_g over units of its influence, and what it averages.
struct SwitchEffect {
  double value = 0;
  Vector influence;   ///< units: y's differences about the means of their cohorts, scaled for their number
  double weight = 0;  ///< Σ w over the switchers
  std::int64_t switchers = 0;
  double dose = 0;      ///< mean change of treatment in the effect's period, in the direction of the change
  double dose_sum = 0;  ///< mean sum of changes up to that period
};

struct SwitchChoices {
  int direction = 0;           ///< 1: treatment rises, −1: falls, 0: both
  bool same = false;           ///< only switchers that have every one of `effects`
  bool same_placebos = false;  ///< and as many placebos
  int effects = 1;
  bool only_never = false;  ///< controls whose treatment never changes
  Codes clusters;           ///< of units; empty: each its own
};

/// Effects and placebos with event times, and before them the average total effect unless units have trends.
struct SwitchPlan {
  SwitchChoices choices;
  int effects = 0, placebos = 0;
  bool normalized = false;
  bool trends = false;  ///< the panel holds changes: effects 1 to `lead` of these, summed, of those that have all
};

/// Effect `lead` (1, 2, …) periods into the change; before it when `placebo`. `switchers` is 0 when there is none.
SwitchEffect switch_effect(const SwitchPanel& panel, const SwitchChoices& choices, int lead, bool placebo);
/// The same as the plan wants it.
SwitchEffect planned_effect(const SwitchPanel& panel, const SwitchPlan& plan, int lead, bool placebo);

/// Names, event times, values and influence functions of a plan; an effect without switchers is NaN.
std::vector<EffectTerm> switch_terms(const SwitchPanel& panel, const SwitchPlan& plan);

/// Values of the plan's terms in `draws` samples of units (of `clusters`, when not empty) with replacement, a row each.
/// raw: before controls are taken out.
Matrix switch_draws(const SwitchPanel& raw, const SwitchPlan& plan, const Codes& clusters, int draws,
                    std::uint64_t seed);

}  // namespace estimators
