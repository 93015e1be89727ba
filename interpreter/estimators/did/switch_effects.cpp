// For unit g with first treatment D_g1, first change in period F_g of sign S_g, and controls that share D_g1 and have
// not changed by F_g − 1 + l:
//   DID_gl = Y_g,F−1+l − Y_g,F−1 − mean over controls of the same difference,   DID_l = Σ w S_g DID_gl / Σ w;
//   placebo: Y_g,F−1−l − Y_g,F−1 instead, of the units and controls of DID_l.
// Controls X: outcomes less X'θ_d, θ_d from ΔY on ΔX and period effects over rows before any change, by first
// treatment. Variance: differences about their means by cohort (D_g1, F_g, D_g,F), of controls by D_g1, times √(n/(n −
// 1)); a cohort or control group of one takes the mean of both together. Source: de Chaisemartin & D'Haultfœuille
// (2024), "Difference-in-differences estimators of intertemporal treatment effects", Review of Economics and
// Statistics, sections 3–5 and web appendix. Peers:  DIDmultiplegtDYN (R), did_multiplegt_dyn (Stata).
#include "estimators/did/switchers.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace estimators {
namespace {

/// Weighted mean and number of clusters of differences.
struct Mean {
  double sum = 0, weight = 0;
  std::set<std::int32_t> clusters;
  void add(double value, double w, std::int32_t cluster) {
    sum += w * value;
    weight += w;
    clusters.insert(cluster);
  }
  std::size_t count() const { return clusters.size(); }
  double mean() const { return sum / weight; }
  double scale() const {
    const auto n = static_cast<double>(count());
    return n > 1 ? std::sqrt(n / (n - 1)) : 1;
  }
};

struct SwitchPair {
  std::int32_t unit = 0;
  double change = 0, weight = 0;
};

class Comparison {
 public:
  Comparison(const SwitchPanel& panel, const SwitchChoices& choices, int lead, bool placebo)
      : panel_(panel), choices_(choices), lead_(lead), placebo_(placebo) {
    if (!choices.same) return;
    controls_until_.assign(static_cast<std::size_t>(panel.class_count), 0);
    for (std::size_t g = 0; g < panel.known.size(); ++g) {
      if (!(panel.weight.row(static_cast<Index>(g)).maxCoeff() > 0)) continue;
      std::int32_t& until = controls_until_[static_cast<std::size_t>(panel.classes[g])];
      if (!choices.only_never || panel.known[g] >= panel.periods()) until = std::max(until, panel.known[g]);
    }
  }

  bool observed(std::int32_t g, std::int32_t t) const {
    if (std::isnan(difference(panel_.y, g, t, t - lead_))) return false;
    return !placebo_ || (t >= 2 * lead_ && !std::isnan(difference(panel_.y, g, t - 2 * lead_, t - lead_)));
  }
  double change(const Matrix& values, std::int32_t g, std::int32_t t) const {
    return placebo_ ? difference(values, g, t - 2 * lead_, t - lead_) : difference(values, g, t, t - lead_);
  }
  bool switches(std::int32_t g, std::int32_t t, int sign) const {
    const auto at = static_cast<std::size_t>(g);
    return panel_.sign[at] == sign && panel_.change[at] - 1 + lead_ == t && observed(g, t) && complete(g);
  }
  bool serves(std::int32_t g, std::int32_t t) const {
    const auto at = static_cast<std::size_t>(g);
    const bool still = choices_.only_never ? panel_.known[at] >= panel_.periods() : panel_.known[at] > t;
    return still && observed(g, t);
  }

 private:
  /// With same=true: every effect asked for is seen, while there are controls for it.
  bool complete(std::int32_t g) const {
    if (!choices_.same) return true;
    const std::int32_t F = panel_.change[static_cast<std::size_t>(g)];
    const std::int32_t until = std::min(
        panel_.periods(), controls_until_[static_cast<std::size_t>(panel_.classes[static_cast<std::size_t>(g)])]);
    for (int l = 1; l <= choices_.effects; ++l) {
      if (F - 1 + l >= until || std::isnan(difference(panel_.y, g, F - 1 + l, F - 1))) return false;
      if (choices_.same_placebos && (F - 1 - l < 0 || std::isnan(difference(panel_.y, g, F - 1 - l, F - 1))))
        return false;
    }
    return true;
  }
  const SwitchPanel& panel_;
  const SwitchChoices& choices_;
  int lead_;
  bool placebo_;
  Codes controls_until_;  ///< of each class: the first period without controls
};

}  // namespace

SwitchEffect switch_effect(const SwitchPanel& panel, const SwitchChoices& choices, int lead, bool placebo) {
  const Comparison comparison(panel, choices, lead, placebo);
  SwitchEffect out;
  out.influence = Vector::Zero(panel.units());
  const auto cluster_of = [&](std::int32_t g) {
    return choices.clusters.empty() ? g : choices.clusters[static_cast<std::size_t>(g)];
  };
  const auto K = panel.controls.size();
  std::vector<std::vector<double>> slopes(static_cast<std::size_t>(panel.class_count), std::vector<double>(K, 0));
  for (std::int32_t t = lead; t < panel.periods(); ++t) {
    for (const int sign : {1, -1}) {
      if (choices.direction != 0 && choices.direction != sign) continue;
      std::vector<std::vector<SwitchPair>> switchers(static_cast<std::size_t>(panel.class_count)), controls = switchers;
      for (std::int32_t g = 0; g < panel.units(); ++g) {
        const auto c = static_cast<std::size_t>(panel.classes[static_cast<std::size_t>(g)]);
        const double w = panel.weight(g, t);
        if (!(w > 0)) continue;
        if (comparison.switches(g, t, sign))
          switchers[c].push_back({g, comparison.change(panel.y, g, t), w});
        else if (comparison.serves(g, t))
          controls[c].push_back({g, comparison.change(panel.y, g, t), w});
      }
      for (std::size_t c = 0; c < switchers.size(); ++c) {
        if (switchers[c].empty() || controls[c].empty()) continue;
        Mean of_controls, of_all;
        std::map<double, Mean> cohorts;  // by the treatment after the change
        double weight = 0;
        for (const SwitchPair& p : controls[c]) {
          of_controls.add(p.change, p.weight, cluster_of(p.unit));
          of_all.add(p.change, p.weight, cluster_of(p.unit));
        }
        const auto after = [&](const SwitchPair& p) {
          return panel.treatment(p.unit, panel.change[static_cast<std::size_t>(p.unit)]);
        };
        for (const SwitchPair& p : switchers[c]) {
          cohorts[after(p)].add(p.change, p.weight, cluster_of(p.unit));
          of_all.add(p.change, p.weight, cluster_of(p.unit));
          weight += p.weight;
        }
        const auto put = [&](const SwitchPair& p, double share, const Mean& own) {
          out.value += share * p.change;
          const Mean& mean = own.count() >= 2 ? own : of_all;
          const bool centred = mean.count() >= 2;
          out.influence[p.unit] += share * mean.scale() * (p.change - (centred ? mean.mean() : 0));
          for (std::size_t k = 0; k < K; ++k) slopes[c][k] += share * comparison.change(panel.controls[k], p.unit, t);
        };
        for (const SwitchPair& p : switchers[c]) {
          put(p, sign * p.weight, cohorts[after(p)]);
          const auto F = panel.change[static_cast<std::size_t>(p.unit)];
          const double first = panel.treatment(p.unit, F - 1);
          out.dose += p.weight * sign * (panel.treatment(p.unit, t) - first);
          for (std::int32_t k = F; k <= t; ++k)
            if (!std::isnan(panel.treatment(p.unit, k)))
              out.dose_sum += p.weight * sign * (panel.treatment(p.unit, k) - first);
        }
        for (const SwitchPair& p : controls[c]) put(p, -sign * p.weight * weight / of_controls.weight, of_controls);
        out.weight += weight;
        out.switchers += static_cast<std::int64_t>(switchers[c].size());
      }
    }
  }
  if (out.switchers == 0) return out;
  out.value /= out.weight;
  out.influence /= out.weight;
  out.dose /= out.weight;
  out.dose_sum /= out.weight;
  for (std::size_t c = 0; c < panel.theta_influence.size(); ++c)
    for (std::size_t k = 0; k < K; ++k)
      out.influence -= slopes[c][k] / out.weight * panel.theta_influence[c].col(static_cast<Index>(k));
  return out;
}

}  // namespace estimators
