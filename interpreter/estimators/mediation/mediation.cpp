#include "estimators/mediation/mediation.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "estimators/linear/linear.hpp"
#include "inference/tests.hpp"
#include "measures/describe.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace estimators {
namespace {

/// The outcome replaced, a term added: equations over the same sample.
formula::Tree equation(const formula::Tree& formula, const formula::Tree& outcome, const formula::Tree& added) {
  // y ~ rhs, or y ~ rhs | fe: the left side and the right side's first part change.
  if (formula->op == formula::Op::bar) {
    std::vector<formula::Tree> children = formula->children;
    children[0] = equation(children[0], outcome, added);
    return formula::node(formula::Op::bar, std::move(children));
  }
  std::vector<formula::Tree> children = formula->children;
  if (outcome != nullptr) children[0] = outcome;
  if (added != nullptr) {
    formula::Tree& right = children[1];
    if (right->op == formula::Op::bar) {
      std::vector<formula::Tree> parts = right->children;
      parts[0] = formula::node(formula::Op::plus, {parts[0], added});
      right = formula::node(formula::Op::bar, std::move(parts));
    } else {
      right = formula::node(formula::Op::plus, {right, added});
    }
  }
  return formula::node(formula->op, std::move(children));
}

FitPtr fit_equation(const Request& request, const formula::Tree& formula, const std::vector<formula::Tree>& complete) {
  Request one = request;
  one.formula = formula;
  Settings settings = read_settings(one, "feols");
  formula::Parts parts = read_formula(one, settings);
  if (!parts.endogenous.empty()) throw core::Error("mediate takes no instruments");
  for (const formula::Tree& tree : complete) settings.design.complete.push_back(tree);
  return std::make_shared<const results::Fit>(fit_linear(one, settings, std::move(parts), request.frame));
}

/// Raw columns of the direct equation and what is resampled.
struct Resampling {
  Vector y, m, x;
  Matrix W;  ///< controls, a constant when nothing absorbs it
  std::vector<numerics::FixedEffect> fe;
  Vector weights;
  numerics::Codes groups;
  Index count = 0;
};

/// Coefficient of the first column of Z in the least squares of y on Z, by elimination of the others; NaN when it is
/// not identified.
double first_coefficient(const Matrix& Z, const Vector& y, const Vector& w) {
  const numerics::LeastSquares ls = numerics::least_squares(Z, y, w, {.refine = false});
  if (ls.kept.empty() || ls.kept[0] != 0) return std::nan("");
  return ls.coef[0];
}

/// a·b with rows weighted by how often their group was drawn.
double indirect_of(const Resampling& data, const Vector& times) {
  std::vector<Index> rows;
  for (Index i = 0; i < data.y.size(); ++i)
    if (times[data.groups[static_cast<std::size_t>(i)]] > 0) rows.push_back(i);
  const auto n = static_cast<Index>(rows.size());
  if (n == 0) return std::nan("");
  Matrix columns(n, 3 + data.W.cols());
  Vector w(n);
  for (Index r = 0; r < n; ++r) {
    const Index i = rows[static_cast<std::size_t>(r)];
    columns(r, 0) = data.y[i];
    columns(r, 1) = data.m[i];
    columns(r, 2) = data.x[i];
    columns.row(r).tail(data.W.cols()) = data.W.row(i);
    w[r] = times[data.groups[static_cast<std::size_t>(i)]] * (data.weights.size() > 0 ? data.weights[i] : 1);
  }
  if (!data.fe.empty()) {
    std::vector<numerics::FixedEffect> effects;
    for (const numerics::FixedEffect& effect : data.fe) {
      numerics::FixedEffect drawn;
      drawn.intercept = effect.intercept;
      std::vector<std::int32_t> code(static_cast<std::size_t>(effect.levels), -1);
      for (const Index i : rows) {
        std::int32_t& known = code[static_cast<std::size_t>(effect.codes[static_cast<std::size_t>(i)])];
        if (known < 0) known = drawn.levels++;
        drawn.codes.push_back(known);
      }
      for (const Vector& slope : effect.slopes) drawn.slopes.emplace_back(slope(rows));
      effects.push_back(std::move(drawn));
    }
    numerics::Absorber(std::move(effects), w).apply(columns);
  }
  const Matrix xW = columns.rightCols(columns.cols() - 2);
  const double a = first_coefficient(xW, columns.col(1), w);
  const double b = first_coefficient(columns.rightCols(columns.cols() - 1), columns.col(0), w);
  return a * b;
}

Resampling resampling_of(const results::Fit& direct, const Mediation& m, const MediationOptions& options,
                         std::string& what) {
  const Context& context = context_of(direct, "mediate");
  const formula::Design design = formula::design(context.parts, context.frame, context.options);
  Resampling out;
  out.y = design.y;
  out.fe = context.fe;
  out.weights = context.weights;
  std::vector<Index> controls;
  for (Index j = 0; j < design.X.cols(); ++j) {
    const std::string& name = design.names[static_cast<std::size_t>(j)];
    if (name == m.x)
      out.x = design.X.col(j);
    else if (name == m.mediator)
      out.m = design.X.col(j);
    else if (std::find(direct.names.begin(), direct.names.end(), name) != direct.names.end())
      controls.push_back(j);
  }
  out.W = design.X(Eigen::all, controls);
  const inference::VcovSpec& spec = direct.vcov.spec;
  if (options.cluster != nullptr || spec.cluster.size() == 1) {
    const formula::Tree tree = options.cluster != nullptr ? options.cluster : nullptr;
    if (tree != nullptr) {
      out.groups = formula::group_of(tree, context.frame, context.rows).codes;
      what = formula::print(tree);
    } else {
      out.groups = context.vcov_data(spec).clusters.at(0);
      what = spec.cluster[0];
    }
    for (const std::int32_t code : out.groups) {
      if (code < 0) throw core::Error("the cluster variable is missing in rows of the sample").word("cluster");
      out.count = std::max<Index>(out.count, code + 1);
    }
    return out;
  }
  if (spec.cluster.size() > 1)
    throw core::Error("the bootstrap resamples one variable's clusters, and the vcov has two")
        .hint("cluster=city says which")
        .word("vcov");
  what = "rows";
  out.count = out.y.size();
  for (Index i = 0; i < out.count; ++i) out.groups.push_back(static_cast<std::int32_t>(i));
  return out;
}

void bootstrap(const results::Fit& direct, const MediationOptions& options, Mediation& m) {
  const Resampling data = resampling_of(direct, m, options, m.resampled);
  const auto reps = static_cast<std::size_t>(options.reps);
  m.draws.assign(reps, std::nan(""));
  core::Progress progress("mediate", reps);
  constexpr std::size_t width = 32;
  for (std::size_t first = 0; first < reps; first += width) {
    const std::size_t count = std::min(width, reps - first);
    core::for_blocks(count, 1, [&](std::size_t r, std::size_t) {
      if (core::interrupt_requested()) return;
      numerics::Random random(options.seed, first + r);
      Vector times = Vector::Zero(data.count);
      for (Index g = 0; g < data.count; ++g)
        times[static_cast<Index>(random.below(static_cast<std::uint64_t>(data.count)))] += 1;
      try {
        m.draws[first + r] = indirect_of(data, times);
      } catch (const core::Interrupted&) {  // asked for again where it may be thrown
        core::request_interrupt();
      } catch (const std::exception&) {  // a draw without variation: left out and counted below
      }
    });
    progress.step(count);
  }
  std::vector<double> sorted;
  for (const double draw : m.draws)
    if (!std::isnan(draw)) sorted.push_back(draw);
  if (sorted.size() < reps)
    m.notes.push_back(core::counted(static_cast<long long>(reps - sorted.size()), "draw") +
                      " that did not identify the coefficients left out");
  if (sorted.size() < 20)
    throw core::Error("the bootstrap identified the coefficients in " + std::to_string(sorted.size()) + " draws only");
  std::sort(sorted.begin(), sorted.end());
  double mean = 0, square = 0, below = 0;
  const auto B = static_cast<double>(sorted.size());
  for (const double x : sorted) {
    mean += x / B;
    below += x < m.indirect ? 1 : x == m.indirect ? 0.5 : 0;
  }
  for (const double x : sorted) square += (x - mean) * (x - mean);
  m.se_bootstrap = std::sqrt(square / (B - 1));
  m.bias = mean - m.indirect;
  const double alpha = (1 - options.level) / 2;
  const auto quantile = [&](double p) { return measures::quantile(sorted, p, measures::QuantileType::type7); };
  m.percentile = {quantile(alpha), quantile(1 - alpha)};
  const double z0 = inference::normal_quantile(std::clamp(below / B, 0.5 / B, 1 - 0.5 / B));
  const auto adjusted = [&](double p, double acceleration) {
    const double z = z0 + inference::normal_quantile(p);
    return quantile(inference::normal_cdf(z0 + z / (1 - acceleration * z)));
  };
  m.bc = {adjusted(alpha, 0), adjusted(1 - alpha, 0)};
  // Acceleration by the jackknife over the resampled groups.
  constexpr Index most = 1000;
  if (data.count > most) {
    m.bca = {std::nan(""), std::nan("")};
    m.notes.push_back("no BCa interval: its jackknife would leave out " + core::grouped(data.count) +
                      " groups one by one");
    return;
  }
  std::vector<double> without(static_cast<std::size_t>(data.count));
  core::for_blocks(without.size(), 1, [&](std::size_t g, std::size_t) {
    if (core::interrupt_requested()) return;
    Vector times = Vector::Ones(data.count);
    times[static_cast<Index>(g)] = 0;
    try {
      without[g] = indirect_of(data, times);
    } catch (const core::Interrupted&) {
      core::request_interrupt();
    } catch (const std::exception&) {
      without[g] = m.indirect;
    }
  });
  core::poll();
  double centre = 0, cube = 0, squares = 0;
  for (const double x : without) centre += x / static_cast<double>(without.size());
  for (const double x : without) {
    cube += std::pow(centre - x, 3);
    squares += (centre - x) * (centre - x);
  }
  m.acceleration = squares > 0 ? cube / (6 * std::pow(squares, 1.5)) : 0;
  m.bca = {adjusted(alpha, m.acceleration), adjusted(1 - alpha, m.acceleration)};
}

}  // namespace

Mediation mediate(const Request& request, const MediationOptions& options) {
  if (options.mediator == nullptr)
    throw core::Error("option 'mediator' is missing").word("mediate").hint("mediate(y ~ x + z, mediator=m)");
  const formula::Parts parts = formula::split(request.formula);
  if (parts.lhs.size() != 1) throw core::Error("mediate needs an outcome").hint("mediate(y ~ x + z, mediator=m)");
  Mediation m;
  m.mediator = formula::print(options.mediator);
  const std::vector<formula::Tree> complete = {options.mediator, parts.lhs[0]};
  m.total = fit_equation(request, request.formula, complete);
  m.first = fit_equation(request, equation(request.formula, options.mediator, nullptr), complete);
  m.direct = fit_equation(request, equation(request.formula, nullptr, options.mediator), complete);
  if (options.x.empty()) {
    if (m.total->names.empty()) throw core::Error("there is no regressor");
    m.x = m.total->names[0];
  } else {
    m.x = m.total->names[static_cast<std::size_t>(m.total->position(options.x))];
  }
  const Index a = m.first->position(m.x), b = m.direct->position(m.mediator);
  m.a = m.first->coef[a];
  m.se_a = m.first->se(a);
  m.b = m.direct->coef[b];
  m.se_b = m.direct->se(b);
  m.total_effect = m.total->coef[m.total->position(m.x)];
  m.direct_effect = m.direct->coef[m.direct->position(m.x)];
  m.indirect = m.a * m.b;
  const double base = m.a * m.a * m.se_b * m.se_b + m.b * m.b * m.se_a * m.se_a;
  const double product = m.se_a * m.se_a * m.se_b * m.se_b;
  m.se_sobel = std::sqrt(base);
  m.z_sobel = m.indirect / m.se_sobel;
  m.z_aroian = m.indirect / std::sqrt(base + product);
  m.z_goodman = base > product ? m.indirect / std::sqrt(base - product) : std::nan("");
  if (options.reps > 0) bootstrap(*m.direct, options, m);
  return m;
}

}  // namespace estimators
