// What a plan of effects of changes in treatment gives: the average total effect
//   Σ_l Σ_g w S_g DID_gl / Σ_l Σ_g w |D_g,F−1+l − D_g1|,
// placebos and effects by event time, and the same in samples of units with replacement. With linear trends of units:
// effects of ΔY, summed from 1 to l over the switchers that have all of them, since ΔY − a trend's slope is free of it.
// Source: de Chaisemartin & D'Haultfœuille (2024), sections 3–5 and web appendix, section 1.3.
// Peers:  DIDmultiplegtDYN (R), trends_lin and bootstrap.
#include "core/interrupt.hpp"
#include "core/numbers.hpp"
#include "core/parallel.hpp"
#include "estimators/did/event_time.hpp"
#include "estimators/did/switchers.hpp"
#include "numerics/random.hpp"

#include <algorithm>

namespace estimators {
namespace {

/// The average total effect per unit of treatment.
EffectTerm total_effect(const std::vector<SwitchEffect>& effects, Index units) {
  EffectTerm out{.name = "ATT", .event = core::nan, .value = 0, .influence = Vector::Zero(units)};
  double dose = 0;
  for (const SwitchEffect& effect : effects) dose += effect.weight * effect.dose;
  for (const SwitchEffect& effect : effects) {
    out.value += effect.weight / dose * effect.value;
    out.influence += effect.weight / dose * effect.influence;
  }
  return out;
}

/// The panel with each unit as often as it was drawn.
SwitchPanel resampled(const SwitchPanel& raw, const Codes& clusters, Index groups, numerics::Random& random) {
  Vector times = Vector::Zero(groups);
  for (Index i = 0; i < groups; ++i) times[static_cast<Index>(random.below(static_cast<std::uint64_t>(groups)))] += 1;
  SwitchPanel out = raw;
  for (Index g = 0; g < out.weight.rows(); ++g)
    out.weight.row(g) *= times[clusters.empty() ? g : clusters[static_cast<std::size_t>(g)]];
  return out;
}

}  // namespace

SwitchEffect planned_effect(const SwitchPanel& panel, const SwitchPlan& plan, int lead, bool placebo) {
  if (!plan.trends) return switch_effect(panel, plan.choices, lead, placebo);
  SwitchChoices choices = plan.choices;
  choices.effects = choices.same ? std::max(choices.effects, lead) : lead;
  choices.same = true;
  choices.same_placebos = placebo;
  SwitchEffect sum;
  for (int l = 1; l <= lead; ++l) {
    SwitchEffect one = switch_effect(panel, choices, l, placebo);
    if (one.switchers == 0) return {};
    if (l > 1) {
      one.value += sum.value;
      one.influence += sum.influence;
    }
    sum = std::move(one);
  }
  return sum;
}

std::vector<EffectTerm> switch_terms(const SwitchPanel& panel, const SwitchPlan& plan) {
  std::vector<SwitchEffect> effects;
  for (int l = 1; l <= plan.effects; ++l) effects.push_back(planned_effect(panel, plan, l, false));
  std::vector<EffectTerm> terms;
  const auto put = [&](SwitchEffect effect, int event) {
    if (effect.switchers == 0) {
      effect.value = core::nan;
      effect.influence = Vector::Zero(panel.units());
    }
    const double scale = plan.normalized ? effect.dose_sum : 1;
    terms.push_back({event_name(event), static_cast<double>(event), effect.value / scale, effect.influence / scale});
  };
  if (!plan.trends) {
    std::vector<SwitchEffect> identified = effects;
    std::erase_if(identified, [](const SwitchEffect& effect) { return effect.switchers == 0; });
    terms.push_back(total_effect(identified, panel.units()));
  }
  for (int l = plan.placebos; l >= 1; --l) put(planned_effect(panel, plan, l, true), -1 - l);
  for (int l = 1; l <= plan.effects; ++l) put(effects[static_cast<std::size_t>(l - 1)], l - 1);
  return terms;
}

Matrix switch_draws(const SwitchPanel& raw, const SwitchPlan& plan, const Codes& clusters, int draws,
                    std::uint64_t seed) {
  const Index groups = clusters.empty() ? raw.units() : 1 + *std::max_element(clusters.begin(), clusters.end());
  const Index terms = plan.effects + plan.placebos + (plan.trends ? 0 : 1);
  Matrix out(draws, terms);
  core::Progress progress("dcdh", static_cast<std::uint64_t>(draws));
  constexpr int at_once = 16;
  for (int begin = 0; begin < draws; begin += at_once) {
    const int end = std::min(draws, begin + at_once);
    core::for_blocks(static_cast<std::size_t>(end - begin), 1, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) {
        const int draw = begin + static_cast<int>(i);
        numerics::Random random(seed, static_cast<std::uint64_t>(draw));
        SwitchPanel panel = resampled(raw, clusters, groups, random);
        take_out_controls(panel);
        const std::vector<EffectTerm> values = switch_terms(panel, plan);
        for (Index j = 0; j < terms; ++j) out(draw, j) = values[static_cast<std::size_t>(j)].value;
      }
    });
    progress.step(static_cast<std::uint64_t>(end - begin));
  }
  return out;
}

}  // namespace estimators
