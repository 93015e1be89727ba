#include "estimators/did/reassign.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace estimators {
namespace {

using numerics::Index;

constexpr std::uint8_t unseen = 2;

}  // namespace

Reassignment::Reassignment(const Cells& cells, const numerics::Vector& treatment, Assignment assign,
                           numerics::Codes strata)
    : cells_(cells), adoption_(adoption_of(cells, treatment)), assign_(assign) {
  const auto units = static_cast<std::size_t>(cells.unit_count);
  const std::size_t periods = cells.period_names.size();
  if (assign != Assignment::unit) {
    if (!adoption_.absorbing) {
      throw core::Error("random dates need treatment that does not end, and it ends in " +
                        core::counted(adoption_.reverting, "unit"))
          .hint("use assign=\"unit\", which moves whole histories")
          .word("assign");
    }
    if (periods < 3)
      throw core::Error("random dates need at least three periods: they are drawn from those after the first")
          .word("assign");
  }
  const bool stratified = !strata.empty();
  if (!stratified) strata.assign(units, 0);
  groups_.resize(static_cast<std::size_t>(*std::max_element(strata.begin(), strata.end())) + 1);
  for (std::size_t u = 0; u < units; ++u) {
    groups_[static_cast<std::size_t>(strata[u])].push_back(static_cast<std::int32_t>(u));
  }
  if (adoption_.absorbing) {
    require_change(stratified);
    return;
  }
  if (units * periods > 500'000'000) {
    throw core::Error("treatment ends again, and its history over " + core::grouped(cells.unit_count) + " units and " +
                      core::grouped(static_cast<long long>(periods)) + " periods is too large to move");
  }
  history_.assign(units * periods, unseen);
  for (std::size_t i = 0; i < cells.units.size(); ++i) {
    history_[static_cast<std::size_t>(cells.units[i]) * periods + static_cast<std::size_t>(cells.periods[i])] =
        treatment[static_cast<Index>(i)] == 1;
  }
  if (std::find(history_.begin(), history_.end(), unseen) != history_.end()) {
    throw core::Error("treatment ends again in " + core::counted(adoption_.reverting, "unit") +
                      ", and units without some periods cannot take such a history over")
        .hint("keep a balanced panel, or a treatment that stays once it has begun");
  }
  require_change(stratified);
}

bool Reassignment::same_history(std::int32_t a, std::int32_t b) const {
  if (history_.empty())
    return adoption_.start[static_cast<std::size_t>(a)] == adoption_.start[static_cast<std::size_t>(b)];
  const std::size_t periods = cells_.period_names.size();
  const auto of = [&](std::int32_t unit) { return history_.begin() + static_cast<std::ptrdiff_t>(unit * periods); };
  return std::equal(of(a), of(a) + static_cast<std::ptrdiff_t>(periods), of(b));
}

void Reassignment::require_change(bool stratified) const {
  if (assign_ != Assignment::unit) return;
  for (const std::vector<std::int32_t>& group : groups_)
    for (const std::int32_t unit : group)
      if (!same_history(unit, group.front())) return;
  core::Error error("nothing can change places: " + std::string(stratified ? "within each stratum every " : "every ") +
                    cells_.unit + " has the same treatment history, so that all draws would be the same");
  if (stratified) error.hint("take coarser strata, or assign=\"time\"").word("strata");
  throw core::Error(std::move(error));
}

std::vector<std::int32_t> Reassignment::draw(std::uint64_t seed, std::uint64_t r,
                                             Eigen::Ref<numerics::Vector> out) const {
  numerics::Random random(seed, r);
  const auto units = static_cast<std::size_t>(cells_.unit_count);
  const std::size_t periods = cells_.period_names.size();
  std::vector<std::int32_t> from(units);
  std::iota(from.begin(), from.end(), 0);
  if (assign_ != Assignment::time) {
    for (const std::vector<std::int32_t>& group : groups_) {
      std::vector<std::int32_t> shuffled = group;
      random.shuffle(shuffled);
      for (std::size_t k = 0; k < group.size(); ++k) from[static_cast<std::size_t>(group[k])] = shuffled[k];
    }
  }
  if (!history_.empty()) {
    for (std::size_t i = 0; i < cells_.units.size(); ++i) {
      const auto source = static_cast<std::size_t>(from[static_cast<std::size_t>(cells_.units[i])]);
      out[static_cast<Index>(i)] = history_[source * periods + static_cast<std::size_t>(cells_.periods[i])];
    }
    return from;
  }
  std::vector<std::int32_t> start(units);
  for (std::size_t u = 0; u < units; ++u) start[u] = adoption_.start[static_cast<std::size_t>(from[u])];
  if (assign_ != Assignment::unit) {
    const auto date = [&] { return static_cast<std::int32_t>(1 + random.below(periods - 1)); };
    const bool shared = adoption_.cohorts.size() == 1;
    const std::int32_t common = date();
    for (std::int32_t& period : start) {
      if (period >= 0) period = shared ? common : date();
    }
  }
  for (std::size_t i = 0; i < cells_.units.size(); ++i) {
    const std::int32_t begin = start[static_cast<std::size_t>(cells_.units[i])];
    out[static_cast<Index>(i)] = begin >= 0 && cells_.periods[i] >= begin;
  }
  return from;
}

}  // namespace estimators
