#include "estimators/heterogeneity/stacked.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "estimators/linear/linear.hpp"
#include "formula/evaluate.hpp"
#include "inference/tests.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

namespace estimators {
namespace {

FitPtr fit_on(const Request& request, const data::Frame& frame, const std::string& command) {
  Settings settings = read_settings(request, command);
  formula::Parts parts = read_formula(request, settings);
  return std::make_shared<const results::Fit>(fit_linear(request, settings, std::move(parts), frame));
}

/// What each cluster (or row of the whole frame) adds to the estimate, by its label.
std::map<std::string, double> influence_by_cluster(const results::Fit& fit, Index at,
                                                   const std::vector<std::uint32_t>& origin) {
  const Vector each = numerics::product(fit.scores, Vector(fit.bread.col(at)));
  std::map<std::string, double> out;
  const Context& context = context_of(fit, "heterogeneity");
  const std::vector<std::string>& ways = fit.vcov.spec.cluster;
  if (ways.size() == 1) {
    std::vector<std::string> labels(context.rows.size());
    for (const std::string& name : formula::names_in(formula::name(ways[0])))
      if (const data::ColumnPtr column = context.frame.find(name))
        for (std::size_t i = 0; i < labels.size(); ++i) labels[i] += column->text(context.rows[i]) + '\x1f';
    for (std::size_t i = 0; i < labels.size(); ++i) out[labels[i]] += each[static_cast<Index>(i)];
    return out;
  }
  for (std::size_t i = 0; i < context.rows.size(); ++i)
    out[std::to_string(origin[context.rows[i]])] += each[static_cast<Index>(i)];
  return out;
}

void stacked_test(Heterogeneity& h, const std::vector<std::vector<std::uint32_t>>& origins) {
  const auto m = static_cast<Index>(h.samples.size());
  h.estimate.resize(m);
  h.se.resize(m);
  h.covariance = Matrix::Zero(m, m);
  std::vector<std::map<std::string, double>> influence;
  std::vector<double> factor;
  for (std::size_t g = 0; g < h.samples.size(); ++g) {
    const results::Fit& fit = *h.samples[g].fit;
    const Index at = fit.position(h.term);
    h.estimate[static_cast<Index>(g)] = fit.coef[at];
    h.se[static_cast<Index>(g)] = fit.se(at);
    influence.push_back(influence_by_cluster(fit, at, origins[g]));
    double square = 0;
    for (const auto& entry : influence.back()) square += entry.second * entry.second;
    factor.push_back(square > 0 ? fit.se(at) / std::sqrt(square) : 1);
    h.covariance(static_cast<Index>(g), static_cast<Index>(g)) = fit.se(at) * fit.se(at);
  }
  for (std::size_t a = 0; a < influence.size(); ++a)
    for (std::size_t b = a + 1; b < influence.size(); ++b) {
      double sum = 0;
      for (const auto& [label, value] : influence[a]) {
        const auto other = influence[b].find(label);
        if (other != influence[b].end()) sum += value * other->second;
      }
      h.covariance(static_cast<Index>(a), static_cast<Index>(b)) =
          h.covariance(static_cast<Index>(b), static_cast<Index>(a)) = factor[a] * factor[b] * sum;
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

}  // namespace

Heterogeneity heterogeneity(const Request& request, const formula::Tree& by, const std::string& term, int reps,
                            std::uint64_t seed) {
  Heterogeneity h;
  h.by = formula::print(by);
  // Groups over the rows of where=, so that a split at a median is that of the rows in use.
  data::Frame frame = request.frame;
  Request plain = request;
  if (const auto where = request.options.get<formula::Tree>("where"); where != nullptr) {
    frame = frame.take(formula::rows_where(where, frame));
    plain.options.set("where", formula::Tree{});
  }
  const data::ColumnPtr column = formula::evaluate(by, frame);
  data::Grouping groups = data::sorted(data::group(*column), *column);
  if (groups.levels() < 2) throw core::Error("'" + h.by + "' has fewer than two values").word(h.by);
  if (groups.levels() > 50)
    throw core::Error("'" + h.by + "' has " + std::to_string(groups.levels()) + " values: too many groups")
        .hint("make a few groups first: gen(high = x > median(x))")
        .word(h.by);
  const auto missing = std::count(groups.codes.begin(), groups.codes.end(), data::missing_code);
  if (missing > 0) h.notes.push_back(core::counted(missing, "row") + " without '" + h.by + "' left out");
  // Units: the panel's, when no unit is in two groups.
  const data::Panel* panel = frame.panel();
  std::vector<std::int32_t> units(frame.rows());
  std::vector<std::int32_t> group_of;
  h.by_units = panel != nullptr && !panel->unit.empty();
  if (h.by_units) {
    units = panel->units.codes;
    group_of.assign(static_cast<std::size_t>(panel->units.levels()), -2);
    for (std::size_t i = 0; i < units.size(); ++i) {
      std::int32_t& known = group_of[static_cast<std::size_t>(units[i])];
      if (known == -2) known = groups.codes[i];
      h.by_units = h.by_units && known == groups.codes[i];
    }
  }
  if (!h.by_units) {
    group_of = groups.codes;
    for (std::size_t i = 0; i < units.size(); ++i) units[i] = static_cast<std::int32_t>(i);
  }
  h.notes.push_back(h.by_units         ? "split by units: each " + panel->unit + " is in one group"
                    : panel != nullptr ? "split by observations: a " + panel->unit + " may be in several groups"
                                       : "split by observations");
  std::vector<std::vector<std::uint32_t>> origins;
  const auto rows_in = [&](const std::vector<std::int32_t>& of, std::int32_t g) {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t i = 0; i < frame.rows(); ++i)
      if (of[static_cast<std::size_t>(units[i])] == g) rows.push_back(i);
    return rows;
  };
  for (std::int32_t g = 0; g < groups.levels(); ++g) {
    origins.push_back(rows_in(group_of, g));
    const std::string level = column->text(groups.first[static_cast<std::size_t>(g)]);
    try {
      h.samples.push_back({level, fit_on(plain, frame.take(origins.back()), "feols")});
    } catch (core::Error& error) {
      throw core::Error(h.by + " = " + level + ": " + error.message()).hint("leave that group out with where=");
    }
  }
  h.term = h.samples[0].fit->names[static_cast<std::size_t>(
      h.samples[0].fit->position(term.empty() ? h.samples[0].fit->names[0] : term))];
  stacked_test(h, origins);
  h.difference = h.estimate[h.estimate.size() - 1] - h.estimate[0];
  h.p_permutation = std::nan("");
  if (reps <= 0) return h;
  const bool two = h.samples.size() == 2;
  std::vector<double> se(h.se.data(), h.se.data() + h.se.size()),
      b(h.estimate.data(), h.estimate.data() + h.estimate.size());
  const double observed = two ? std::abs(h.difference) : spread(b, se);
  double count = 1, total = 1, lost = 0;
  core::Progress progress("heterogeneity", static_cast<std::uint64_t>(reps));
  for (int r = 0; r < reps; ++r) {
    progress.step();
    numerics::Random random(seed, static_cast<std::uint64_t>(r));
    std::vector<std::int32_t> shuffled = group_of;
    random.shuffle(shuffled);
    std::vector<double> draw, draw_se;
    try {
      for (std::int32_t g = 0; g < groups.levels(); ++g) {
        const FitPtr fit = fit_on(plain, frame.take(rows_in(shuffled, g)), "feols");
        const Index at = fit->position(h.term);
        draw.push_back(fit->coef[at]);
        draw_se.push_back(fit->se(at));
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
  const FitPtr raw = fit_on(first, request.frame, "feols");
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
    m.fit = fit_on(second, second.frame, "feols");
  }
  const results::Fit& fit = *m.fit;
  std::string product = m.x + ":" + m.z_used;
  if (std::find(fit.names.begin(), fit.names.end(), product) == fit.names.end()) product = m.z_used + ":" + m.x;
  const Index i = fit.position(m.x), j = fit.position(product);
  const double b1 = fit.coef[i], b3 = fit.coef[j];
  const double v11 = fit.vcov.matrix(i, i), v13 = fit.vcov.matrix(i, j), v33 = fit.vcov.matrix(j, j);
  const inference::Estimate interaction = inference::estimate(b3, std::sqrt(v33), fit.vcov.df_t, options.level);
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
