#include "estimators/did/reassign.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <utility>

namespace estimators {
namespace {

using numerics::Index;

constexpr std::uint8_t unseen = 2;

/// Periods after the first, from the design's first date to its last.
std::vector<std::int32_t> possible_dates(const Cells& cells, const AssignmentDesign& design) {
  const bool window = !std::isnan(design.first) || !std::isnan(design.last);
  std::vector<std::int32_t> out;
  for (std::size_t p = 1; p < cells.period_names.size(); ++p) {
    if (window) {
      char* end = nullptr;
      const double date = std::strtod(cells.period_names[p].c_str(), &end);
      if (*end != '\0')
        throw core::Error("from= and to= compare dates as numbers, and '" + cells.period_names[p] + "' of " +
                          cells.time + " is none")
            .word("assign");
      if (date < design.first || date > design.last) continue;  // false for NaN
    }
    out.push_back(static_cast<std::int32_t>(p));
  }
  if (window && out.empty()) throw core::Error("no period after the first lies between from= and to=").word("assign");
  if (out.size() < 2)
    throw core::Error("random dates need at least two periods to draw from, those after the first; here there " +
                      std::string(out.empty() ? "is none" : "is one"))
        .word("assign");
  return out;
}

}  // namespace

Reassignment::Reassignment(const Cells& cells, const numerics::Vector& treatment, const AssignmentDesign& design,
                           numerics::Codes strata)
    : cells_(cells), adoption_(adoption_of(cells, treatment)), design_(design) {
  const auto units = static_cast<std::size_t>(cells.unit_count);
  const std::size_t periods = cells.period_names.size();
  if (design.draws != Assignment::unit) {
    if (!adoption_.absorbing) {
      throw core::Error("random dates need treatment that does not end, and it ends in " +
                        core::counted(adoption_.reverting, "unit"))
          .hint("use assign=\"unit\", which moves whole histories")
          .word("assign");
    }
    if (!design.permute_dates) dates_ = possible_dates(cells, design);
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

void Reassignment::require_other_dates() const {
  for (const std::vector<std::int32_t>& group : groups_) {
    std::int32_t first = -1;
    for (const std::int32_t unit : group) {
      const std::int32_t start = adoption_.start[static_cast<std::size_t>(unit)];
      if (start >= 0 && first >= 0 && start != first) return;
      if (start >= 0) first = start;
    }
  }
  throw core::Error("no dates can change places: the treated begin together, so that all draws would be the same")
      .hint("assignment.timing(dates=\"uniform\") draws dates among all periods")
      .word("assign");
}

void Reassignment::require_change(bool stratified) const {
  if (design_.draws == Assignment::time && design_.permute_dates) require_other_dates();
  if (design_.draws != Assignment::unit) return;
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
  if (design_.draws != Assignment::time) {
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
  if (design_.draws == Assignment::time && design_.permute_dates) {
    for (const std::vector<std::int32_t>& group : groups_) {
      std::vector<std::int32_t> treated, dates;
      for (const std::int32_t unit : group) {
        if (start[static_cast<std::size_t>(unit)] < 0) continue;
        treated.push_back(unit);
        dates.push_back(start[static_cast<std::size_t>(unit)]);
      }
      random.shuffle(dates);
      for (std::size_t k = 0; k < treated.size(); ++k) start[static_cast<std::size_t>(treated[k])] = dates[k];
    }
  } else if (design_.draws != Assignment::unit) {
    const auto date = [&] { return dates_[random.below(dates_.size())]; };
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
