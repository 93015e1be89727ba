#include "estimators/did/group_time.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace estimators {
namespace {

using inference::VcovKind;

/// A cluster must hold whole units: their influence functions have one row each.
void require_whole_units(const GroupTime& sample, const inference::VcovSpec& spec, const std::vector<Codes>& of_units) {
  inference::VcovSpec clusters = spec;
  clusters.kind = VcovKind::cluster;
  const inference::VcovData all = sample.rows->vcov_data(clusters);
  for (std::size_t way = 0; way < all.clusters.size(); ++way) {
    std::vector<std::int32_t> renamed;  // codes are numbered by first appearance in both
    for (std::size_t i = 0; i < sample.units.size(); ++i) {
      const auto u = static_cast<std::size_t>(sample.units[i]);
      const auto group = static_cast<std::size_t>(of_units[way][u]);
      if (renamed.size() <= group) renamed.resize(group + 1, -1);
      if (renamed[group] < 0) renamed[group] = all.clusters[way][i];
      if (renamed[group] == all.clusters[way][i]) continue;
      throw core::Error("cluster variable '" + spec.cluster[way] + "' changes within " + sample.unit + " " +
                        sample.rows->frame.at(sample.unit)->text(sample.rows->rows[i]))
          .hint("influence functions are those of whole units: cluster by the unit or by groups of units")
          .word(spec.cluster[way]);
    }
  }
}

}  // namespace

std::string GroupTime::name_of(std::int64_t time) const {
  const auto at = std::lower_bound(times.begin(), times.end(), time);
  if (at != times.end() && *at == time) return names[static_cast<std::size_t>(at - times.begin())];
  return std::to_string(time);
}

inference::VcovData GroupTime::vcov_data(const inference::VcovSpec& spec) const {
  const bool suits = spec.kind == VcovKind::hc0 || spec.kind == VcovKind::hc1 || spec.kind == VcovKind::cluster ||
                     spec.kind == VcovKind::conley;
  if (!suits || spec.time_lag > 0)
    throw core::Error("vcov '" + inference::print(spec) + "' does not suit influence functions, which have one row a " +
                      (unit.empty() ? std::string("row") : unit))
        .hint("use \"hetero\", a cluster of " + (unit.empty() ? std::string("rows") : unit + "s") + ", or conley")
        .word("vcov");
  inference::VcovData data = of_units.vcov_data(spec);
  if (!unit.empty()) data.units.clear(), data.times.clear();
  if (!unit.empty() && !spec.cluster.empty()) require_whole_units(*this, spec, data.clusters);
  return data;
}

void set_sample(GroupTime& sample, const Staggered& s, const Settings& settings, const Request& request,
                std::int64_t usual_reps) {
  sample.rows = s.problem.context;
  sample.units = s.units;
  sample.of_units.frame = s.problem.context->frame;
  for (const std::uint32_t i : s.first) sample.of_units.rows.push_back(s.problem.context->rows[i]);
  sample.unit = s.unit;
  sample.cohorts = s.cohorts;
  sample.weights = Vector::Ones(s.unit_count);
  sample.names = s.period_names;
  sample.times = s.times;
  sample.vcov = settings.vcov;
  sample.level = settings.level;
  sample.reps = static_cast<int>(request.options.get<std::int64_t>("reps", usual_reps));
  if (sample.reps > 0)
    sample.seed = request.options.has("seed") ? static_cast<std::uint64_t>(request.options.get<std::int64_t>("seed"))
                                              : numerics::fresh_seed();
}

Matrix put_terms(const std::vector<EffectTerm>& terms, double scale, results::Fit& fit) {
  const auto k = static_cast<Index>(terms.size());
  Matrix influence(terms.empty() ? 0 : terms.front().influence.size(), k);
  fit.coef.resize(k);
  for (Index j = 0; j < k; ++j) {
    const EffectTerm& term = terms[static_cast<std::size_t>(j)];
    fit.names.push_back(term.name);
    fit.event_times.push_back(term.event);
    fit.coef[j] = term.value;
    influence.col(j) = scale * term.influence;
  }
  return influence;
}

void set_influence(results::Fit& fit, std::shared_ptr<const GroupTime> sample, Matrix influence,
                   const std::vector<Index>& banded) {
  const Index n = influence.rows(), k = influence.cols();
  fit.scores = std::move(influence);
  fit.bread = Matrix::Identity(k, k) / static_cast<double>(n);
  fit.rank = k;
  fit.sample = sample;
  fit.ssc = inference::ssc_preset("none");
  fit.ssc.t_fixed = std::numeric_limits<double>::infinity();
  fit.vcov.spec = sample->vcov;
  fit = results::vcov_as(fit, sample->vcov, fit.ssc);
  if (sample->reps <= 0) return;
  const Multiplier boot = multiplier_bootstrap(fit.scores, multiplier_groups(*sample, sample->vcov), sample->reps,
                                               sample->seed, sample->level);
  // The bootstrap gives variances; the correlations stay those of the influence functions.
  for (Index i = 0; i < k; ++i) {
    for (Index j = 0; j < k; ++j) {
      if (i == j) continue;
      const double scale = std::sqrt(fit.vcov.matrix(i, i) * fit.vcov.matrix(j, j));
      if (scale > 0) fit.vcov.matrix(i, j) *= boot.se[i] * boot.se[j] / scale;
    }
  }
  fit.vcov.matrix.diagonal() = boot.se.cwiseAbs2();
  double critical = boot.critical;
  if (!banded.empty() && static_cast<Index>(banded.size()) < k) {
    Matrix part(n, static_cast<Index>(banded.size()));
    for (std::size_t j = 0; j < banded.size(); ++j) part.col(static_cast<Index>(j)) = fit.scores.col(banded[j]);
    critical =
        multiplier_bootstrap(part, multiplier_groups(*sample, sample->vcov), sample->reps, sample->seed, sample->level)
            .critical;
  }
  fit.vcov.label = "multiplier bootstrap, " + core::grouped(sample->reps) + " draws of " +
                   (sample->vcov.kind == VcovKind::cluster ? sample->vcov.cluster.front() : std::string("rows"));
  fit.set_stat("sup_t", critical);
  fit.provenance["seed"] = std::to_string(sample->seed);
  fit.notes.push_back("simultaneous " + core::shortest(100 * sample->level) + "% band: estimate ± " +
                      core::fixed(critical, 3) + " standard errors; seed " + std::to_string(sample->seed));
}

Codes multiplier_groups(const GroupTime& sample, const inference::VcovSpec& spec) {
  if (spec.kind != VcovKind::cluster) return {};
  if (spec.cluster.size() > 1)
    throw core::Error("the multiplier bootstrap takes one cluster variable")
        .hint("leave reps= out for analytic standard errors with several")
        .word("reps");
  return sample.vcov_data(spec).clusters.front();
}

const GroupTime* group_time_of(const results::Fit& fit) { return dynamic_cast<const GroupTime*>(fit.sample.get()); }

}  // namespace estimators
