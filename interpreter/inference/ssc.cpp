#include "inference/ssc.hpp"

#include "core/error.hpp"
#include "core/near.hpp"

#include <algorithm>

namespace inference {

Ssc ssc_preset(const std::string& name) {
  Ssc ssc;
  ssc.like = name;
  if (name == "moontide") return ssc;
  if (name == "fixest") {
    ssc.k_exact = false;
    ssc.repair = Ssc::Repair::whole;
    ssc.pool_periods = true;
    return ssc;
  }
  if (name == "reghdfe") {
    ssc.t_at_most_residual = true;
    return ssc;
  }
  if (name == "stata") {
    ssc.k_fixef = Ssc::KFixef::full;
    return ssc;
  }
  if (name == "none") {
    ssc.k_adjust = false;
    ssc.g_adjust = false;
    return ssc;
  }
  const std::vector<std::string> presets = {"moontide", "fixest", "reghdfe", "stata", "none"};
  throw core::Error("unknown small-sample preset '" + name + "'").hint(core::did_you_mean(name, presets, "presets"));
}

double parameters_counted(const Ssc& ssc, const Sandwich& s, const std::vector<bool>& nested) {
  const std::size_t dims = s.fe_levels.size();
  const auto k = static_cast<double>(s.k);
  if (ssc.k_fixef == Ssc::KFixef::none || dims == 0) return k;

  const auto slopes = [&](std::size_t q) { return s.fe_slopes.empty() ? 0.0 : s.fe_slopes[q]; };
  const auto levels = [&](std::size_t q) { return s.fe_levels[q] - slopes(q); };
  const auto redundant = [&](std::size_t q) { return s.fe_redundant.empty() ? 0.0 : s.fe_redundant[q]; };
  const auto nestable = [&](std::size_t q) { return s.fe_nestable.empty() || s.fe_nestable[q] || slopes(q) > 0; };
  bool intercepts = false, any_nested = false;
  double count = 0, rank = 0, nested_rank = 0, nested_levels = 0;
  for (std::size_t q = 0; q < dims; ++q) {
    rank += s.fe_levels[q] - redundant(q);
    count += slopes(q);
    if (!(levels(q) > 0)) continue;
    intercepts = true;
    const bool left_out = ssc.k_fixef == Ssc::KFixef::nonnested && q < nested.size() && nested[q] && nestable(q);
    any_nested = any_nested || left_out;
    if (left_out) {
      nested_rank += levels(q) - redundant(q);
      nested_levels = std::max(nested_levels, levels(q));
    } else {
      count += levels(q) - 1;
    }
  }
  // A constant reported beside absorbed intercepts is one of their combinations.
  const double own = k - (intercepts && s.constant >= 0 ? 1 : 0);
  if (!ssc.k_exact) return own + count + (intercepts ? 1 : 0);
  if (!any_nested) return own + rank;
  return own + std::max(1.0, rank - std::max(nested_rank, nested_levels) + 1);
}

}  // namespace inference
