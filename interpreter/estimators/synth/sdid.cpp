#include "estimators/synth/sdid.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "numerics/absorb.hpp"
#include "numerics/dense.hpp"
#include "numerics/least_squares.hpp"
#include "numerics/random.hpp"
#include "numerics/simplex.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace estimators {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

double noise_level(const Matrix& Y, const std::vector<Index>& controls, Index before) {
  std::vector<double> steps;
  for (const Index i : controls)
    for (Index s = 1; s < before; ++s) steps.push_back(Y(i, s) - Y(i, s - 1));
  const double n = static_cast<double>(steps.size());
  const double mean = std::accumulate(steps.begin(), steps.end(), 0.0) / n;
  double square = 0;
  for (const double step : steps) square += (step - mean) * (step - mean);
  return std::sqrt(square / (n - 1));
}

/// Columns of A without their mean: the intercept.
Matrix centred(Matrix A) {
  for (Index j = 0; j < A.cols(); ++j) A.col(j).array() -= A.col(j).mean();
  return A;
}

struct Levels {
  double omega = 0, lambda = 0;  ///< ζ
};

Vector unit_weights(const Matrix& Y, const std::vector<Index>& controls, const std::vector<Index>& treated,
                    Index before, double zeta, bool intercept) {
  Matrix A(before, static_cast<Index>(controls.size()));
  for (std::size_t j = 0; j < controls.size(); ++j)
    A.col(static_cast<Index>(j)) = Y.row(controls[j]).head(before).transpose();
  Vector b = Vector::Zero(before);
  for (const Index i : treated) b += Y.row(i).head(before).transpose() / static_cast<double>(treated.size());
  if (intercept) {
    A = centred(std::move(A));
    b.array() -= b.mean();
  }
  return numerics::simplex_least_squares(A, b, zeta * zeta * static_cast<double>(before));
}

Vector period_weights(const Matrix& Y, const std::vector<Index>& controls, Index before, double zeta) {
  const auto n = static_cast<Index>(controls.size());
  Matrix A(n, before);
  Vector b(n);
  for (Index i = 0; i < n; ++i) {
    A.row(i) = Y.row(controls[static_cast<std::size_t>(i)]).head(before);
    b[i] = Y.row(controls[static_cast<std::size_t>(i)]).tail(Y.cols() - before).mean();
  }
  A = centred(std::move(A));
  b.array() -= b.mean();
  return numerics::simplex_least_squares(A, b, zeta * zeta * static_cast<double>(n));
}

/// What a unit's outcome after is above what the periods before say.
double gain(const Matrix& Y, Index i, Index before, const Vector& lambda) {
  return Y.row(i).tail(Y.cols() - before).mean() - Y.row(i).head(before).dot(lambda);
}

double contrast(const Matrix& Y, const std::vector<Index>& controls, const std::vector<Index>& treated, Index before,
                const Vector& omega, const Vector& lambda) {
  double out = 0;
  for (const Index i : treated) out += gain(Y, i, before, lambda) / static_cast<double>(treated.size());
  for (std::size_t j = 0; j < controls.size(); ++j)
    if (omega[static_cast<Index>(j)] != 0) out -= omega[static_cast<Index>(j)] * gain(Y, controls[j], before, lambda);
  return out;
}

Levels levels_of(const Matrix& Y, const std::vector<Index>& controls, std::size_t treated, Index before,
                 SdidMethod method) {
  const double sigma = noise_level(Y, controls, before);
  const double after = static_cast<double>(Y.cols() - before);
  const double eta = method == SdidMethod::sc ? 1e-6 : std::pow(static_cast<double>(treated) * after, 0.25);
  return {eta * sigma, 1e-6 * sigma};
}

SdidCohort fit_cohort(const Matrix& Y, const std::vector<Index>& controls, std::vector<Index> treated, Index before,
                      SdidMethod method, const Levels& levels) {
  SdidCohort out;
  out.start = before;
  out.treated = std::move(treated);
  out.zeta = levels.omega;
  const auto J = static_cast<Index>(controls.size());
  out.omega = method == SdidMethod::did
                  ? Vector::Constant(J, 1 / static_cast<double>(J))
                  : unit_weights(Y, controls, out.treated, before, levels.omega, method == SdidMethod::sdid);
  out.lambda = method == SdidMethod::did  ? Vector::Constant(before, 1 / static_cast<double>(before))
               : method == SdidMethod::sc ? Vector::Zero(before)
                                          : period_weights(Y, controls, before, levels.lambda);
  out.estimate = contrast(Y, controls, out.treated, before, out.omega, out.lambda);
  return out;
}

/// All cohorts' estimates, averaged by treated unit-periods.
double fit_all(const Matrix& Y, const std::vector<Index>& controls, const std::map<Index, std::vector<Index>>& cohorts,
               SdidMethod method, const std::map<Index, Levels>* fixed, std::vector<SdidCohort>* keep) {
  double total = 0, sum = 0;
  for (const auto& [start, treated] : cohorts) {
    const double cells = static_cast<double>(treated.size()) * static_cast<double>(Y.cols() - start);
    const Levels levels = fixed ? fixed->at(start) : levels_of(Y, controls, treated.size(), start, method);
    SdidCohort cohort = fit_cohort(Y, controls, treated, start, method, levels);
    cohort.share = cells;
    sum += cells * cohort.estimate;
    total += cells;
    if (keep) keep->push_back(std::move(cohort));
  }
  if (keep)
    for (SdidCohort& cohort : *keep) cohort.share /= total;
  return sum / total;
}

/// y − X b, b from untreated cells with unit and period effects.
Matrix without_covariates(const PanelMatrix& panel, const std::vector<Index>& start, std::vector<std::string>& notes) {
  const Index N = panel.Y.rows(), T = panel.Y.cols(), k = static_cast<Index>(panel.X.size());
  if (k == 0) return panel.Y;
  std::vector<std::pair<Index, Index>> use;
  for (Index i = 0; i < N; ++i)
    for (Index s = 0; s < T; ++s) {
      for (Index j = 0; j < k; ++j)
        if (std::isnan(panel.X[static_cast<std::size_t>(j)](i, s)))
          throw core::Error("covariate '" + panel.x_names[static_cast<std::size_t>(j)] + "' is missing for " +
                            panel.units[static_cast<std::size_t>(i)] + " in " +
                            panel.periods[static_cast<std::size_t>(s)])
              .word(panel.x_names[static_cast<std::size_t>(j)]);
      if (s < start[static_cast<std::size_t>(i)]) use.emplace_back(i, s);
    }
  Matrix columns(static_cast<Index>(use.size()), k + 1);
  numerics::FixedEffect units, periods;
  std::vector<std::int32_t> unit_code(static_cast<std::size_t>(N), -1);
  for (std::size_t r = 0; r < use.size(); ++r) {
    const auto [i, s] = use[r];
    columns(static_cast<Index>(r), 0) = panel.Y(i, s);
    for (Index j = 0; j < k; ++j) columns(static_cast<Index>(r), j + 1) = panel.X[static_cast<std::size_t>(j)](i, s);
    std::int32_t& code = unit_code[static_cast<std::size_t>(i)];
    if (code < 0) code = units.levels++;
    units.codes.push_back(code);
    periods.codes.push_back(static_cast<std::int32_t>(s));
    periods.levels = std::max(periods.levels, static_cast<std::int32_t>(s) + 1);
  }
  numerics::Absorber({units, periods}, {}).apply(columns);
  const numerics::LeastSquares ls = numerics::least_squares(columns.rightCols(k), columns.col(0));
  Matrix Y = panel.Y;
  for (std::size_t j = 0; j < ls.kept.size(); ++j)
    Y -= ls.coef[static_cast<Index>(j)] * panel.X[static_cast<std::size_t>(ls.kept[j])];
  notes.push_back("covariates taken out with coefficients from untreated cells (projected)");
  return Y;
}

double deviation(const std::vector<double>& draws) {
  double sum = 0, n = 0, square = 0;
  for (const double x : draws)
    if (!std::isnan(x)) {
      sum += x;
      n += 1;
    }
  for (const double x : draws)
    if (!std::isnan(x)) square += (x - sum / n) * (x - sum / n);
  return std::sqrt(square / n);
}

/// Treatment histories handed to random controls; the rest stay controls.
double placebo_draw(const Matrix& Y, const std::vector<Index>& controls,
                    const std::map<Index, std::vector<Index>>& cohorts, SdidMethod method,
                    const std::map<Index, Levels>& levels, std::uint64_t seed, std::uint64_t draw) {
  numerics::Random random(seed, draw);
  std::vector<Index> order = controls;
  random.shuffle(order);
  std::map<Index, std::vector<Index>> fake;
  std::size_t at = 0;
  for (const auto& [start, treated] : cohorts)
    for (std::size_t i = 0; i < treated.size(); ++i) fake[start].push_back(order[at++]);
  return fit_all(Y, {order.begin() + static_cast<std::ptrdiff_t>(at), order.end()}, fake, method, &levels, nullptr);
}

double bootstrap_draw(const Matrix& Y, const std::vector<Index>& start, SdidMethod method,
                      const std::map<Index, Levels>& levels, std::uint64_t seed, std::uint64_t draw) {
  numerics::Random random(seed, draw);
  const Index N = Y.rows(), T = Y.cols();
  while (true) {  // draws without treated or without control units are drawn again
    std::vector<Index> controls;
    std::map<Index, std::vector<Index>> cohorts;
    for (Index i = 0; i < N; ++i) {
      const auto unit = static_cast<Index>(random.below(static_cast<std::uint64_t>(N)));
      const Index begin = start[static_cast<std::size_t>(unit)];
      if (begin == T)
        controls.push_back(unit);
      else
        cohorts[begin].push_back(unit);
    }
    if (controls.empty() || cohorts.empty()) continue;
    std::sort(controls.begin(), controls.end());
    return fit_all(Y, controls, cohorts, method, &levels, nullptr);
  }
}

/// Leave one unit out with weights kept (ω scaled to sum to 1).
std::vector<double> jackknife(const Sdid& fit) {
  std::vector<double> out;
  const Index N = fit.Y.rows();
  for (Index left = 0; left < N; ++left) {
    double sum = 0, total = 0;
    for (const SdidCohort& cohort : fit.cohorts) {
      std::vector<Index> controls, treated;
      std::vector<double> omega;
      double mass = 0;
      for (std::size_t j = 0; j < fit.controls.size(); ++j)
        if (fit.controls[j] != left) {
          controls.push_back(fit.controls[j]);
          omega.push_back(cohort.omega[static_cast<Index>(j)]);
          mass += omega.back();
        }
      for (const Index i : cohort.treated)
        if (i != left) treated.push_back(i);
      if (treated.empty()) continue;
      Vector w(static_cast<Index>(omega.size()));
      for (std::size_t j = 0; j < omega.size(); ++j)
        w[static_cast<Index>(j)] = mass > 0 ? omega[j] / mass : 1 / static_cast<double>(omega.size());
      const double cells = static_cast<double>(treated.size()) * static_cast<double>(fit.Y.cols() - cohort.start);
      sum += cells * contrast(fit.Y, controls, treated, cohort.start, w, cohort.lambda);
      total += cells;
    }
    out.push_back(sum / total);
  }
  return out;
}

}  // namespace

Sdid sdid(const PanelMatrix& panel, const std::vector<Index>& start, const SdidOptions& options) {
  Sdid out;
  out.notes = panel.notes;
  const Index T = panel.Y.cols();
  std::map<Index, std::vector<Index>> cohorts;
  for (std::size_t i = 0; i < start.size(); ++i) {
    if (start[i] == T)
      out.controls.push_back(static_cast<Index>(i));
    else
      cohorts[start[i]].push_back(static_cast<Index>(i));
  }
  if (cohorts.empty()) throw core::Error("no unit is treated").word("treat");
  if (out.controls.size() < 2)
    throw core::Error("synthetic difference-in-differences compares with units that are never treated, and there " +
                      std::string(out.controls.empty() ? "is none" : "is one"))
        .hint("restrict the periods to those before the last units adopt: where=\"year < 2018\"");
  std::size_t treated = 0, smallest = panel.units.size();
  for (const auto& [begin, units] : cohorts) {
    if (begin < 2)
      throw core::Error("units treated from " + panel.periods[static_cast<std::size_t>(begin)] + " on have " +
                        std::to_string(begin) + " period before: two are needed")
          .hint("leave them out with where=");
    treated += units.size();
    smallest = std::min(smallest, units.size());
  }
  out.Y = without_covariates(panel, start, out.notes);
  out.estimate = fit_all(out.Y, out.controls, cohorts, options.method, nullptr, &out.cohorts);
  std::map<Index, Levels> levels;
  for (const auto& [begin, units] : cohorts)
    levels[begin] = levels_of(out.Y, out.controls, units.size(), begin, options.method);
  out.se = std::nan("");
  if (options.error == SdidError::jackknife) {
    if (smallest < 2)
      throw core::Error("the jackknife leaves units out, and a cohort has one treated unit")
          .hint("vce=\"placebo\"")
          .word("vce");
    out.draws = jackknife(out);
    const double n = static_cast<double>(out.draws.size());
    double square = 0;
    const double mean = std::accumulate(out.draws.begin(), out.draws.end(), 0.0) / n;
    for (const double x : out.draws) square += (x - mean) * (x - mean);
    out.se = std::sqrt((n - 1) / n * square);
    return out;
  }
  if (options.error == SdidError::none) return out;
  const bool placebo = options.error == SdidError::placebo;
  if (placebo && out.controls.size() <= treated + 1)
    throw core::Error("placebo errors hand the treatment to controls, and there are " +
                      core::counted(static_cast<long long>(out.controls.size()), "control") + " for " +
                      core::counted(static_cast<long long>(treated), "treated unit"))
        .hint("vce=\"bootstrap\" or vce=\"jackknife\"")
        .word("vce");
  if (!placebo && treated < 2)
    throw core::Error("the bootstrap needs more than one treated unit").hint("vce=\"placebo\"").word("vce");
  out.draws.resize(static_cast<std::size_t>(options.reps));
  constexpr std::size_t block = 16;
  core::Progress progress("sdid", out.draws.size());
  for (std::size_t first = 0; first < out.draws.size(); first += 64) {
    const std::size_t count = std::min<std::size_t>(64, out.draws.size() - first);
    core::for_blocks(count, block, [&](std::size_t begin, std::size_t end) {
      for (std::size_t r = begin; r < end && !core::interrupt_requested(); ++r)
        out.draws[first + r] =
            placebo ? placebo_draw(out.Y, out.controls, cohorts, options.method, levels, options.seed, first + r)
                    : bootstrap_draw(out.Y, start, options.method, levels, options.seed, first + r);
    });
    progress.step(count);
  }
  out.se = deviation(out.draws);
  return out;
}

}  // namespace estimators
