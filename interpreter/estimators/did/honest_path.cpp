#include "estimators/did/honest_path.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>

namespace estimators {
namespace {

struct Coefficient {
  double event = 0;
  Index at = 0;
};

std::vector<Coefficient> coefficients_of(const results::Fit& fit) {
  std::vector<Coefficient> out;
  for (std::size_t j = 0; j < fit.event_times.size(); ++j)
    if (!std::isnan(fit.event_times[j])) out.push_back({fit.event_times[j], static_cast<Index>(j)});
  std::sort(out.begin(), out.end(), [](const Coefficient& a, const Coefficient& b) { return a.event < b.event; });
  if (out.empty())
    throw core::Error("'" + fit.command + "' has no effects by event time")
        .hint("give an event study: m = event_study(y ~ 1, cohort=first_year); honest_did(m)");
  return out;
}

[[noreturn]] void no_reference(const results::Fit& fit) {
  core::Error error("the effects of '" + fit.command +
                    "' are not relative to one period: those before and after treatment are no common path");
  if (fit.command == "aggte") error.hint("estimate with a universal base: att_gt(…, base=\"universal\")");
  error.hint("event_study, sunab, stacked, etwfe(control=\"never\") and att_gt(base=\"universal\") are relative to -1");
  error.hint("ref=-1 takes the effect of event time -1 from all others, as if they were one path");
  throw core::Error(error);
}

void require_consecutive(const std::vector<double>& events, double reference) {
  std::vector<double> all = events;
  all.push_back(reference);
  std::sort(all.begin(), all.end());
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i] == all[i - 1] + 1) continue;
    throw core::Error("event times have a gap: " + core::shortest(all[i - 1]) + " is followed by " +
                      core::shortest(all[i]))
        .hint("restrictions on changes from period to period need every event time: choose a window= without gaps");
  }
}

}  // namespace

EventPath event_path(const results::Fit& fit, std::optional<double> reference) {
  std::vector<Coefficient> found = coefficients_of(fit);
  if (!fit.further_references.empty())
    throw core::Error("honest_did takes one reference period, and the result has " +
                      std::to_string(1 + fit.further_references.size()))
        .hint("estimate with ref=-1 alone");
  const bool own = !std::isnan(fit.event_reference);
  if (!own && !reference) no_reference(fit);
  if (own && reference && *reference != fit.event_reference)
    throw core::Error("the result is relative to event time " + core::shortest(fit.event_reference) + ", not " +
                      core::shortest(*reference))
        .word("ref");
  EventPath path;
  path.reference = own ? fit.event_reference : *reference;

  const auto k = static_cast<Index>(found.size());
  Vector estimates(k);
  Matrix vcov(k, k);
  for (Index i = 0; i < k; ++i) {
    estimates[i] = fit.coef[found[static_cast<std::size_t>(i)].at];
    for (Index j = 0; j < k; ++j)
      vcov(i, j) = fit.vcov.matrix(found[static_cast<std::size_t>(i)].at, found[static_cast<std::size_t>(j)].at);
  }
  Index base = -1;
  for (Index i = 0; i < k; ++i)
    if (found[static_cast<std::size_t>(i)].event == path.reference) base = i;
  if (!own && base < 0)
    throw core::Error("the result has no effect at event time " + core::shortest(path.reference))
        .hint("ref= takes one of its event times before treatment; leads= adds them to imputation")
        .word("ref");
  Matrix take = Matrix::Zero(base < 0 ? k : k - 1, k);
  Index row = 0;
  for (Index i = 0; i < k; ++i) {
    if (i == base) continue;
    take(row, i) = 1;
    if (base >= 0) take(row, base) -= 1;
    path.events.push_back(found[static_cast<std::size_t>(i)].event);
    ++row;
  }
  if (own && base >= 0) {  // the reference itself is among the coefficients, as zero
    for (Index i = 0; i < take.rows(); ++i) take(i, base) = 0;
  }
  path.estimates = numerics::product(take, estimates);
  path.vcov = numerics::sandwich(take, vcov);
  require_consecutive(path.events, path.reference);
  for (const double event : path.events) ++(event < path.reference ? path.before : path.after);
  if (path.before == 0)
    throw core::Error("there is no effect before the reference period " + core::shortest(path.reference) +
                      " to compare with")
        .hint("the event study needs coefficients of earlier periods");
  if (path.after == 0) throw core::Error("there is no effect after treatment");
  if (!own) {
    path.notes.push_back("effects are taken relative to event time " + core::shortest(path.reference) + " here");
    if (fit.command == "imputation")
      path.notes.emplace_back(
          "warning: effects of imputation before treatment are relative to earlier periods, those after it to all "
          "periods before: not one path (Roth 2024)");
  }
  return path;
}

Vector effect_weights(const EventPath& path, const std::string& effect) {
  Vector weights = Vector::Zero(path.after);
  char* end = nullptr;
  const double number = std::strtod(effect.c_str(), &end);
  const bool is_number = !effect.empty() && *end == '\0';
  for (Index t = 1; t <= path.after; ++t) {
    const double event = path.events[static_cast<std::size_t>(path.at(t))];
    if (effect == "average" ? event >= 0 : event == (is_number ? number : 0)) weights[t - 1] = 1;
  }
  if (effect != "average" && effect != "first" && !is_number)
    throw core::Error("effect takes \"first\", \"average\" or an event time, not '" + effect + "'").word("effect");
  if (weights.sum() == 0)
    throw core::Error("the result has no effect at event time " + (is_number ? effect : std::string("0")) +
                      " or later than its reference")
        .word("effect");
  return weights / weights.sum();
}

}  // namespace estimators
