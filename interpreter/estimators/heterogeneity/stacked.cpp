#include "estimators/heterogeneity/stacked.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "estimators/linear/linear.hpp"
#include "formula/evaluate.hpp"
#include "inference/tests.hpp"
#include "inference/vcov.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

namespace estimators {
namespace {

/// Influence of every row on the estimate of its own part (rows of all parts under each other, a column each), and the
/// sample these rows are. False when a fit keeps no scores by row.
bool stack(const std::vector<FitPtr>& fits, const std::string& term, Matrix& influence, Context& sample) {
  std::vector<const Context*> contexts;
  for (const FitPtr& fit : fits) {
    const auto* context = dynamic_cast<const Context*>(fit->sample.get());
    if (context == nullptr || static_cast<std::size_t>(fit->scores.rows()) != context->rows.size() ||
        fit->scores.cols() != fit->coef.size() || fit->bread.rows() != fit->coef.size())
      return false;
    contexts.push_back(context);
  }
  sample = *contexts.front();
  sample.fe.clear();
  sample.rows.clear();
  for (const Context* context : contexts)
    sample.rows.insert(sample.rows.end(), context->rows.begin(), context->rows.end());
  influence = Matrix::Zero(static_cast<Index>(sample.rows.size()), static_cast<Index>(fits.size()));
  Index from = 0;
  for (std::size_t g = 0; g < fits.size(); ++g) {
    const Index n = fits[g]->scores.rows();
    influence.col(static_cast<Index>(g)).segment(from, n) =
        numerics::product(fits[g]->scores, Vector(fits[g]->bread.col(fits[g]->position(term))));
    from += n;
  }
  return true;
}

/// The covariance of the stacked estimates by the fits' rule, without small-sample factors.
Matrix stacked_covariance(const Matrix& influence, const Context& sample, const inference::VcovSpec& given) {
  using inference::VcovKind;
  inference::VcovSpec spec = given;
  if (inference::is_clustered(spec.kind))
    spec.kind = VcovKind::cluster;
  else if (spec.kind == VcovKind::iid || inference::uses_leverage(spec.kind) || spec.kind == VcovKind::hc1)
    spec.kind = VcovKind::hc0;
  const Index m = influence.cols();
  const Matrix bread = Matrix::Identity(m, m);
  const Vector none;
  inference::Sandwich sandwich{.scores = influence,
                               .bread = bread,
                               .residuals = none,
                               .weights = none,
                               .n = static_cast<double>(influence.rows()),
                               .k = m,
                               .fe_levels = {},
                               .fe_redundant = {},
                               .fe_nestable = {},
                               .leverage = {}};
  inference::Ssc rules = inference::ssc_preset("none");
  rules.repair = inference::Ssc::Repair::none;
  spec.ssc = rules;
  return inference::vcov(spec, sandwich, sample.vcov_data(spec), rules).matrix;
}

void stacked_test(Heterogeneity& h) {
  const auto m = static_cast<Index>(h.fits.size());
  h.estimate.resize(m);
  h.se.resize(m);
  for (Index g = 0; g < m; ++g) {
    const results::Fit& fit = *h.fits[static_cast<std::size_t>(g)];
    h.estimate[g] = fit.coef[fit.position(h.term)];
    h.se[g] = fit.se(fit.position(h.term));
  }
  h.covariance = h.se.array().square().matrix().asDiagonal();
  Matrix influence;
  Context sample;
  if (stack(h.fits, h.term, influence, sample)) {
    const Matrix V = stacked_covariance(influence, sample, h.fits.front()->vcov.spec);
    for (Index a = 0; a < m; ++a)
      for (Index b = 0; b < m; ++b)
        if (a != b && V(a, a) > 0 && V(b, b) > 0)
          h.covariance(a, b) = V(a, b) / std::sqrt(V(a, a) * V(b, b)) * h.se[a] * h.se[b];
  } else if (h.by_units) {
    h.notes.push_back("no unit is in two groups: their estimates are taken as independent");
  } else {
    throw core::Error("'" + h.fits.front()->command +
                      "' keeps no scores by row, so that the dependence of parts that share units is unknown")
        .hint("split by something that does not change within a unit");
  }
  Matrix R = Matrix::Zero(m - 1, m);
  for (Index g = 1; g < m; ++g) {
    R(g - 1, g) = 1;
    R(g - 1, 0) = -1;
  }
  const inference::Test test =
      inference::wald(R, Vector::Zero(m - 1), h.estimate, h.covariance, std::numeric_limits<double>::infinity());
  h.wald = test.statistic;
  h.df = test.df1;
  h.p = test.p;
}

/// W of independent samples: for draws, where only the order of size matters.
double spread(const std::vector<double>& b, const std::vector<double>& se) {
  double weight = 0, mean = 0, out = 0;
  for (std::size_t g = 0; g < b.size(); ++g) {
    weight += 1 / (se[g] * se[g]);
    mean += b[g] / (se[g] * se[g]);
  }
  mean /= weight;
  for (std::size_t g = 0; g < b.size(); ++g) out += (b[g] - mean) * (b[g] - mean) / (se[g] * se[g]);
  return out;
}

/// The part of each unit, in the order of the units; missing_code for units that are in none.
std::vector<std::int32_t> part_of_units(const Split& split) {
  const auto units = *std::max_element(split.units.begin(), split.units.end()) + 1;
  std::vector<std::int32_t> out(static_cast<std::size_t>(units), data::missing_code);
  for (std::size_t i = 0; i < split.part.size(); ++i)
    if (split.part[i] != data::missing_code && split.units[i] != data::missing_code)
      out[static_cast<std::size_t>(split.units[i])] = split.part[i];
  return out;
}

/// The parts of the rows when the units that have one change theirs among themselves.
std::vector<std::int32_t> permuted(const Split& split, const std::vector<std::int32_t>& of_unit,
                                   numerics::Random& random) {
  std::vector<std::int32_t> labels;
  for (const std::int32_t part : of_unit)
    if (part != data::missing_code) labels.push_back(part);
  random.shuffle(labels);
  std::vector<std::int32_t> moved(of_unit.size(), data::missing_code);
  for (std::size_t u = 0, at = 0; u < of_unit.size(); ++u)
    if (of_unit[u] != data::missing_code) moved[u] = labels[at++];
  std::vector<std::int32_t> part(split.part.size(), data::missing_code);
  for (std::size_t i = 0; i < part.size(); ++i)
    if (split.part[i] != data::missing_code) part[i] = moved[static_cast<std::size_t>(split.units[i])];
  return part;
}

void permutation_test(Heterogeneity& h, const SplitFits& parts, int reps, std::uint64_t seed) {
  const bool two = h.fits.size() == 2;
  std::vector<double> se(h.se.data(), h.se.data() + h.se.size()),
      b(h.estimate.data(), h.estimate.data() + h.estimate.size());
  const double observed = two ? std::abs(h.difference) : spread(b, se);
  const std::vector<std::int32_t> of_unit = part_of_units(parts.split);
  double count = 1, total = 1, lost = 0;
  core::Progress progress("heterogeneity", static_cast<std::uint64_t>(reps));
  for (int r = 0; r < reps; ++r) {
    progress.step();
    numerics::Random random(seed, static_cast<std::uint64_t>(r));
    const std::vector<std::int32_t> part = permuted(parts.split, of_unit, random);
    std::vector<double> draw, draw_se;
    try {
      for (std::int32_t g = 0; g < static_cast<std::int32_t>(h.levels.size()); ++g) {
        const results::Fit fit = parts.fitter(on_part(parts.request, part, g));
        const Index at = fit.position(h.term);
        draw.push_back(fit.coef[at]);
        draw_se.push_back(fit.se(at));
      }
    } catch (const core::Error&) {  // a draw whose groups do not identify the coefficient
      lost += 1;
      continue;
    }
    const double value = two ? draw[1] - draw[0] : spread(draw, draw_se);
    h.draws.push_back(value);
    total += 1;
    count += std::abs(value) >= observed * (1 - 1e-9);
  }
  h.p_permutation = count / total;
  if (lost > 0)
    h.notes.push_back(core::counted(static_cast<long long>(lost), "draw") +
                      " without an identified coefficient left out");
}

}  // namespace

results::Fit fit_feols(const Request& request) {
  Settings settings = read_settings(request, "feols");
  formula::Parts parts = read_formula(request, settings);
  return fit_linear(request, settings, std::move(parts), request.frame);
}

Heterogeneity heterogeneity(const SplitFits& parts, const std::string& term, int reps, std::uint64_t seed) {
  Heterogeneity h;
  h.by = parts.split.by;
  h.by_units = parts.split.by_units;
  h.levels = parts.split.levels;
  h.fits = parts.fits;
  h.notes = parts.split.notes;
  const results::Fit& first = *h.fits.front();
  h.term = first.names[static_cast<std::size_t>(first.position(term.empty() ? first.names.front() : term))];
  stacked_test(h);
  h.difference = h.estimate[h.estimate.size() - 1] - h.estimate[0];
  h.p_permutation = std::nan("");
  if (reps > 0) permutation_test(h, parts, reps, seed);
  return h;
}

Moderation moderate(const Request& request, const ModerationOptions& options) {
  Moderation m;
  m.x = formula::print(options.x);
  m.z = formula::print(options.z);
  m.level = options.level;
  // Centre and scale over the rows that the regression uses: estimated once with z as it is.
  const formula::Tree& given = request.formula;
  const auto with = [&](const formula::Tree& z) {
    const formula::Tree product = formula::node(formula::Op::interact, {options.x, z});
    const formula::Tree add =
        formula::node(formula::Op::plus, {formula::node(formula::Op::plus, {options.x, z}), product});
    const auto extend = [&](const formula::Tree& tilde) {
      std::vector<formula::Tree> children = tilde->children;
      if (children.size() != 2) throw core::Error("moderate needs an outcome").hint("moderate(y ~ controls, x=…, z=…)");
      if (children[1]->op == formula::Op::bar) {
        std::vector<formula::Tree> parts = children[1]->children;
        parts[0] = formula::node(formula::Op::plus, {add, parts[0]});
        children[1] = formula::node(formula::Op::bar, std::move(parts));
      } else {
        children[1] = formula::node(formula::Op::plus, {add, children[1]});
      }
      return formula::node(formula::Op::tilde, std::move(children));
    };
    if (given->op == formula::Op::bar) {
      std::vector<formula::Tree> parts = given->children;
      parts[0] = extend(parts[0]);
      return formula::node(formula::Op::bar, std::move(parts));
    }
    return extend(given);
  };
  Request first = request;
  first.formula = with(options.z);
  const FitPtr raw = std::make_shared<const results::Fit>(fit_feols(first));
  const std::vector<double> z = formula::evaluate_numbers(options.z, request.frame);
  double mean = 0, square = 0;
  const auto n = static_cast<double>(raw->rows.size());
  m.z_low = std::numeric_limits<double>::infinity();
  m.z_high = -m.z_low;
  for (const std::uint32_t row : raw->rows) {
    mean += z[row] / n;
    m.z_low = std::min(m.z_low, z[row]);
    m.z_high = std::max(m.z_high, z[row]);
  }
  for (const std::uint32_t row : raw->rows) square += (z[row] - mean) * (z[row] - mean);
  const double sd = std::sqrt(square / (n - 1));
  if (!(sd > 0)) throw core::Error("the moderator '" + m.z + "' is the same in every row").word(m.z);
  m.centre = options.centre || options.standardise ? mean : 0;
  m.scale = options.standardise ? sd : 1;
  if (m.centre == 0 && m.scale == 1) {
    m.fit = raw;
    m.z_used = m.z;
  } else {
    std::vector<double> moved = z;
    for (double& value : moved) value = (value - m.centre) / m.scale;
    m.z_used = m.z + (options.standardise ? "_z" : "_c");
    Request second = request;
    second.frame = request.frame.with(m.z_used, data::Column::reals(std::move(moved)));
    second.formula = with(formula::name(m.z_used));
    m.fit = std::make_shared<const results::Fit>(fit_feols(second));
  }
  const results::Fit& fit = *m.fit;
  std::string product = m.x + ":" + m.z_used;
  if (std::find(fit.names.begin(), fit.names.end(), product) == fit.names.end()) product = m.z_used + ":" + m.x;
  const Index i = fit.position(m.x), j = fit.position(product);
  const double b1 = fit.coef[i], b3 = fit.coef[j];
  const double v11 = fit.vcov.matrix(i, i), v13 = fit.vcov.matrix(i, j), v33 = fit.vcov.matrix(j, j);
  const inference::Estimate interaction = inference::estimate(b3, std::sqrt(v33), fit.vcov.df_of(j), options.level);
  m.interaction = b3;
  m.interaction_p = interaction.p;
  const auto slope_at = [&](double value, const std::string& where) {
    const double u = (value - m.centre) / m.scale;
    const inference::Estimate e = inference::estimate(
        b1 + b3 * u, std::sqrt(std::max(0.0, v11 + 2 * u * v13 + u * u * v33)), fit.vcov.df_t, options.level);
    return Slope{where, value, e.value, e.se, e.t, e.p, e.low, e.high};
  };
  if (options.at.empty()) {
    m.slopes = {slope_at(mean - sd, "mean - sd"), slope_at(mean, "mean"), slope_at(mean + sd, "mean + sd")};
  } else {
    for (const double value : options.at) m.slopes.push_back(slope_at(value, core::shortest(value)));
  }
  for (int step = 0; step <= 100; ++step) m.curve.push_back(slope_at(m.z_low + (m.z_high - m.z_low) * step / 100, ""));
  const double t = std::isinf(fit.vcov.df_t) ? inference::normal_quantile((1 + options.level) / 2)
                                             : inference::t_quantile((1 + options.level) / 2, fit.vcov.df_t);
  const double A = b3 * b3 - t * t * v33, B = 2 * (b1 * b3 - t * t * v13), C = b1 * b1 - t * t * v11;
  const double disc = B * B - 4 * A * C;
  const auto own = [&](double u) { return m.centre + m.scale * u; };
  if (disc > 0 && A != 0) {
    m.bounds = {own((-B - std::sqrt(disc)) / (2 * A)), own((-B + std::sqrt(disc)) / (2 * A))};
    std::sort(m.bounds.begin(), m.bounds.end());
    const std::string low = core::significant(m.bounds[0], 5), high = core::significant(m.bounds[1], 5);
    m.region = A > 0 ? m.z + " below " + low + " or above " + high : m.z + " between " + low + " and " + high;
  } else {
    m.region = C > 0 ? "everywhere" : "nowhere";
  }
  for (const std::uint32_t row : raw->rows) m.inside += slope_at(z[row], "").p < 1 - options.level ? 1 / n : 0;
  return m;
}

}  // namespace estimators
