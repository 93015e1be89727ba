#include "estimators/did/untreated.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "estimators/did/cohort_period.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

namespace estimators {
namespace {

constexpr Index most_columns = 5000;
constexpr double dropped_below = 1e-10;  ///< of a column's own sum of squares, what earlier ones must leave

}  // namespace

EffectSystem::EffectSystem(const std::vector<numerics::FixedEffect>& fe, Matrix X, Vector weights,
                           std::vector<std::uint8_t> use)
    : fe_(fe), X_(std::move(X)), weights_(std::move(weights)), use_(std::move(use)) {
  if (fe_.empty()) throw core::Error("at least one fixed effect is needed").hint("fe=\"unit + time\"").word("fe");
  for (const numerics::FixedEffect& effect : fe_)
    if (!effect.intercept || !effect.slopes.empty())
      throw core::Error("fixed effects with varying slopes cannot be imputed")
          .hint("use plain fixed effects")
          .word("fe");
  first_levels_ = fe_.front().levels;
  for (std::size_t q = 1; q < fe_.size(); ++q) {
    offsets_.push_back(rest_);
    rest_ += fe_[q].levels;
  }
  rest_ += X_.cols();
  if (rest_ > most_columns)
    throw core::Error("too many levels beside the first fixed effect: " + core::grouped(rest_))
        .hint("name the one with the most levels first: fe=\"unit + time\"")
        .word("fe");
  build();
  factorise();
}

void EffectSystem::build() {
  const Codes& codes = fe_.front().codes;
  start_.assign(static_cast<std::size_t>(first_levels_) + 1, 0);
  for (std::size_t i = 0; i < codes.size(); ++i)
    if (use_[i]) ++start_[static_cast<std::size_t>(codes[i]) + 1];
  std::partial_sum(start_.begin(), start_.end(), start_.begin());
  order_.resize(start_.back());
  std::vector<std::uint32_t> next(start_.begin(), start_.end() - 1);
  for (std::size_t i = 0; i < codes.size(); ++i)
    if (use_[i]) order_[next[static_cast<std::size_t>(codes[i])]++] = static_cast<std::uint32_t>(i);

  first_weight_ = Vector::Zero(first_levels_);
  cross_ = Matrix::Zero(rest_, rest_);
  const Index k = X_.cols(), at_x = rest_ - k;
  std::vector<double> sums(static_cast<std::size_t>(rest_), 0);
  std::vector<Index> touched, of_row(offsets_.size());
  for (Index level = 0; level < first_levels_; ++level) {
    if ((level & 4095) == 0) core::poll();
    touched.clear();
    double total = 0;
    for (std::uint32_t at = start_[level]; at < start_[level + 1]; ++at) {
      const std::uint32_t i = order_[at];
      const double w = weights_.size() == 0 ? 1 : weights_[i];
      total += w;
      for (std::size_t q = 0; q < offsets_.size(); ++q) {
        of_row[q] = offsets_[q] + fe_[q + 1].codes[i];
        touched.push_back(of_row[q]);
        sums[static_cast<std::size_t>(of_row[q])] += w;
      }
      for (std::size_t q = 0; q < of_row.size(); ++q) {
        for (std::size_t r = 0; r <= q; ++r) cross_(of_row[q], of_row[r]) += w;
        for (Index j = 0; j < k; ++j) cross_(at_x + j, of_row[q]) += w * X_(i, j);
      }
      for (Index j = 0; j < k; ++j) {
        sums[static_cast<std::size_t>(at_x + j)] += w * X_(i, j);
        for (Index l = 0; l <= j; ++l) cross_(at_x + j, at_x + l) += w * X_(i, j) * X_(i, l);
      }
    }
    first_weight_[level] = total;
    if (total == 0) continue;
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    for (Index j = 0; j < k; ++j) touched.push_back(at_x + j);
    for (std::size_t a = 0; a < touched.size(); ++a) {
      const double share = sums[static_cast<std::size_t>(touched[a])] / total;
      for (std::size_t b = 0; b <= a; ++b)
        cross_(touched[a], touched[b]) -= share * sums[static_cast<std::size_t>(touched[b])];
    }
    for (const Index j : touched) sums[static_cast<std::size_t>(j)] = 0;
  }
}

/// Cholesky of the lower triangle, in order; a column with nothing left is set to zero.
void EffectSystem::factorise() {
  alive_.assign(static_cast<std::size_t>(rest_), 1);
  Vector given = Vector::Zero(rest_);  // sums of squares before the first effect was eliminated
  const Index at_x = rest_ - X_.cols();
  for (const std::uint32_t i : order_) {
    const double w = weights_.size() == 0 ? 1 : weights_[i];
    for (std::size_t q = 0; q < offsets_.size(); ++q) given[offsets_[q] + fe_[q + 1].codes[i]] += w;
    for (Index j = 0; j < X_.cols(); ++j) given[at_x + j] += w * X_(i, j) * X_(i, j);
  }
  for (Index j = 0; j < rest_; ++j) {
    if ((j & 255) == 0) core::poll();
    const double pivot = cross_(j, j);
    if (!(pivot > dropped_below * given[j])) {
      alive_[static_cast<std::size_t>(j)] = 0;
      cross_.col(j).tail(rest_ - j).setZero();
      continue;
    }
    cross_.col(j).tail(rest_ - j) /= std::sqrt(pivot);
    for (Index l = j + 1; l < rest_; ++l) {
      const double factor = cross_(l, j);
      if (factor != 0) cross_.col(l).tail(rest_ - l) -= factor * cross_.col(j).tail(rest_ - l);
    }
  }
}

Vector EffectSystem::solve_rest(Vector right) const {
  for (Index j = 0; j < rest_; ++j) {
    if (!alive_[static_cast<std::size_t>(j)]) {
      right[j] = 0;
      continue;
    }
    right[j] /= cross_(j, j);
    right.tail(rest_ - j - 1) -= right[j] * cross_.col(j).tail(rest_ - j - 1);
  }
  for (Index j = rest_ - 1; j >= 0; --j) {
    if (!alive_[static_cast<std::size_t>(j)]) {
      right[j] = 0;
      continue;
    }
    right[j] = (right[j] - cross_.col(j).tail(rest_ - j - 1).dot(right.tail(rest_ - j - 1))) / cross_(j, j);
  }
  return right;
}

Vector EffectSystem::solve(const Vector& right) const {
  // (D'D) a + (D'R) b = r1,  (R'D) a + (R'R) b = r2.
  Vector reduced = right.tail(rest_);
  Vector first(first_levels_);
  for (Index l = 0; l < first_levels_; ++l) first[l] = first_weight_[l] > 0 ? right[l] / first_weight_[l] : 0;
  const Index k = X_.cols(), at_x = rest_ - k;
  const auto weight = [&](std::uint32_t i) { return weights_.size() == 0 ? 1 : weights_[i]; };
  for (Index l = 0; l < first_levels_; ++l) {
    if (first[l] == 0) continue;
    for (std::uint32_t at = start_[l]; at < start_[l + 1]; ++at) {
      const std::uint32_t i = order_[at];
      const double v = weight(i) * first[l];
      for (std::size_t q = 0; q < offsets_.size(); ++q) reduced[offsets_[q] + fe_[q + 1].codes[i]] -= v;
      for (Index j = 0; j < k; ++j) reduced[at_x + j] -= v * X_(i, j);
    }
  }
  const Vector rest = solve_rest(std::move(reduced));
  Vector out(size());
  out.tail(rest_) = rest;
  for (Index l = 0; l < first_levels_; ++l) {
    double sum = 0;
    for (std::uint32_t at = start_[l]; at < start_[l + 1]; ++at) {
      const std::uint32_t i = order_[at];
      double v = 0;
      for (std::size_t q = 0; q < offsets_.size(); ++q) v += rest[offsets_[q] + fe_[q + 1].codes[i]];
      for (Index j = 0; j < k; ++j) v += rest[at_x + j] * X_(i, j);
      sum += weight(i) * v;
    }
    out[l] = first_weight_[l] > 0 ? first[l] - sum / first_weight_[l] : 0;
  }
  return out;
}

Vector EffectSystem::moments(const Vector& v, bool everywhere) const {
  Vector out = Vector::Zero(size());
  const Index at_x = first_levels_ + rest_ - X_.cols();
  for (Index i = 0; i < v.size(); ++i) {
    if (!everywhere && !use_[static_cast<std::size_t>(i)]) continue;
    const double x = v[i] * (everywhere || weights_.size() == 0 ? 1 : weights_[i]);
    if (x == 0) continue;
    out[fe_.front().codes[static_cast<std::size_t>(i)]] += x;
    for (std::size_t q = 0; q < offsets_.size(); ++q)
      out[first_levels_ + offsets_[q] + fe_[q + 1].codes[static_cast<std::size_t>(i)]] += x;
    for (Index j = 0; j < X_.cols(); ++j) out[at_x + j] += x * X_(i, j);
  }
  return out;
}

Vector EffectSystem::apply(const Vector& coef) const {
  Vector out(static_cast<Index>(use_.size()));
  const Index at_x = first_levels_ + rest_ - X_.cols();
  for (Index i = 0; i < out.size(); ++i) {
    double v = coef[fe_.front().codes[static_cast<std::size_t>(i)]];
    for (std::size_t q = 0; q < offsets_.size(); ++q)
      v += coef[first_levels_ + offsets_[q] + fe_[q + 1].codes[static_cast<std::size_t>(i)]];
    for (Index j = 0; j < X_.cols(); ++j) v += coef[at_x + j] * X_(i, j);
    out[i] = v;
  }
  return out;
}

Vector EffectSystem::regress(const Vector& y) const {
  Vector coef = solve(moments(y));
  coef += solve(moments(y - apply(coef)));
  return coef;
}

bool EffectSystem::solves(const Vector& coef, const Vector& right) const {
  const Vector gap = moments(apply(coef)) - right;
  return gap.cwiseAbs().maxCoeff() <= 1e-7 * right.cwiseAbs().maxCoeff();
}

std::vector<Index> EffectSystem::dropped() const {
  std::vector<Index> out;
  for (Index j = 0; j < X_.cols(); ++j)
    if (!alive_[static_cast<std::size_t>(rest_ - X_.cols() + j)]) out.push_back(j);
  return out;
}

namespace {

/// Treated rows whose fixed effects are estimated on untreated rows: each level has an untreated row, and with two
/// effects both levels lie in one connected component of the untreated rows.
std::vector<std::uint8_t> imputable(const std::vector<numerics::FixedEffect>& fe,
                                    const std::vector<std::uint8_t>& use) {
  std::vector<std::vector<std::int32_t>> root(fe.size());
  std::vector<std::int32_t> parent;
  for (std::size_t q = 0; q < fe.size(); ++q)
    for (std::int32_t l = 0; l < fe[q].levels; ++l) {
      root[q].push_back(static_cast<std::int32_t>(parent.size()));
      parent.push_back(static_cast<std::int32_t>(parent.size()));
    }
  const auto find = [&](std::int32_t at) {
    while (parent[static_cast<std::size_t>(at)] != at) {
      auto& up = parent[static_cast<std::size_t>(at)];
      up = parent[static_cast<std::size_t>(up)];
      at = up;
    }
    return at;
  };
  std::vector<std::uint8_t> known(parent.size(), 0);
  const auto node = [&](std::size_t q, std::size_t i) { return root[q][static_cast<std::size_t>(fe[q].codes[i])]; };
  for (std::size_t i = 0; i < use.size(); ++i) {
    if (!use[i]) continue;
    for (std::size_t q = 0; q < fe.size(); ++q) {
      known[static_cast<std::size_t>(node(q, i))] = 1;
      parent[static_cast<std::size_t>(find(node(q, i)))] = find(node(0, i));
    }
  }
  std::vector<std::uint8_t> out(use.size(), 1);
  for (std::size_t i = 0; i < use.size(); ++i) {
    if (use[i]) continue;
    for (std::size_t q = 0; q < fe.size(); ++q)
      if (!known[static_cast<std::size_t>(node(q, i))] || find(node(q, i)) != find(node(0, i))) out[i] = 0;
  }
  return out;
}

void mark_treated(FirstStage& stage, std::int64_t anticipation) {
  const Staggered& s = stage.s;
  stage.event.resize(s.units.size());
  stage.treated.resize(s.units.size());
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    const std::int64_t g = s.cohorts[static_cast<std::size_t>(s.units[i])];
    const std::int64_t t = s.times[static_cast<std::size_t>(s.periods[i])];
    stage.event[i] = g == never_treated ? never_treated : t - g;
    stage.treated[i] = g != never_treated && t >= g - anticipation;
  }
}

std::vector<std::uint8_t> negated(const std::vector<std::uint8_t>& flags) {
  std::vector<std::uint8_t> out(flags.size());
  for (std::size_t i = 0; i < flags.size(); ++i) out[i] = !flags[i];
  return out;
}

/// Reads again without the rows that `kept` (over the sample) leaves out.
Staggered read_without(const Staggered& s, const std::vector<std::uint8_t>& kept, const Request& request,
                       Settings& settings, const formula::Parts& parts) {
  std::vector<std::uint8_t> flags(request.frame.rows(), 0);
  for (std::size_t i = 0; i < kept.size(); ++i) flags[s.problem.context->rows[i]] = kept[i];
  Request changed = request;
  const std::string flag = "can be imputed";
  changed.frame = request.frame.with(flag, data::Column::booleans(std::move(flags)));
  settings.design.further = formula::name(flag);
  settings.design.further_reason = "treated, and no untreated row shares their fixed effects: they cannot be imputed";
  return read_staggered(changed, settings, parts);
}

}  // namespace

FirstStage first_stage(const Request& request, Settings& settings) {
  formula::Parts parts = read_formula(request, settings);
  FirstStage stage;
  const std::string own = take_unit_and_time(request, settings, parts);
  settings.ssc = inference::ssc_preset("none");
  settings.ssc.t_fixed = std::numeric_limits<double>::infinity();
  default_staggered_vcov(request, settings);
  const auto anticipation = request.options.get<std::int64_t>("anticipation", 0);
  stage.s = read_staggered(request, settings, parts);
  mark_treated(stage, anticipation);
  const std::vector<std::uint8_t> kept = imputable(stage.s.problem.context->fe, negated(stage.treated));
  if (std::count(kept.begin(), kept.end(), 0) > 0) {
    bool some = false;
    for (std::size_t i = 0; i < kept.size(); ++i) some |= kept[i] && stage.treated[i];
    if (!some)
      throw core::Error("no treated row can be imputed: untreated rows share none of their fixed effects")
          .hint("cohorts by first treated " + stage.s.time + ": " + stage.s.cohort_table());
    stage.s = read_without(stage.s, kept, request, settings, parts);
    mark_treated(stage, anticipation);
  }
  Problem& problem = stage.s.problem;
  const Index k = problem.exogenous;
  stage.system = std::make_shared<EffectSystem>(problem.context->fe, Matrix(problem.columns.middleCols(1, k)),
                                                problem.weights(), negated(stage.treated));
  const double level = problem.y.mean();  // out of the way of the digits
  const Vector y = problem.y.array() - level;
  stage.coef = stage.system->regress(y);
  stage.rest = y - stage.system->apply(stage.coef);
  if (!own.empty()) stage.notes.push_back("fixed effects: " + own);
  for (const Index j : stage.system->dropped())
    stage.notes.push_back("collinear among untreated rows, dropped: " + problem.names[static_cast<std::size_t>(j)]);
  stage.notes.push_back("cohorts by first treated " + stage.s.time + ": " + stage.s.cohort_table());
  return stage;
}

double row_weight(const FirstStage& stage, std::size_t row) {
  const Vector& w = stage.s.problem.weights();
  return w.size() == 0 ? 1 : w[static_cast<Index>(row)];
}

void set_row_influence(results::Fit& fit, const FirstStage& stage, const Settings& settings, Matrix influence) {
  const Index k = influence.cols();
  fit.scores = std::move(influence);
  fit.bread = Matrix::Identity(k, k);
  fit.rank = k;
  fit.sample = stage.s.problem.context;
  fit.ssc = settings.ssc;
  fit.fe.clear();
  if (settings.vcov.kind == inference::VcovKind::iid)
    throw core::Error("vcov 'iid' does not suit an estimate in two steps")
        .hint("leave vcov= out: clustered by unit")
        .word("vcov");
  fit = results::vcov_as(fit, settings.vcov, fit.ssc);
}

std::vector<core::OptionSpec> first_stage_options() {
  std::vector<core::OptionSpec> options = staggered_options(false);
  options.push_back({.name = "anticipation",
                     .kind = core::Kind::integer,
                     .doc = "periods before treatment in which it may already have effects: not untreated rows",
                     .default_text = "0",
                     .min = 0});
  options.push_back({.name = "leads",
                     .kind = core::Kind::integer,
                     .doc = "periods before treatment with a coefficient of their own, to test for pre-trends",
                     .default_text = "0",
                     .min = 0});
  options.push_back({.name = "max",
                     .kind = core::Kind::integer,
                     .doc = "last event time with an effect of its own",
                     .default_text = "all",
                     .min = 0});
  for (core::OptionSpec& option : unit_time_options({"ssc", "like"})) options.push_back(std::move(option));
  return options;
}

}  // namespace estimators
