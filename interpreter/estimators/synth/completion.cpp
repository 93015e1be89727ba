// Matrix completion: min Σ_untreated (Y_it − L_it − a_i − d_t)²/|O| + λ‖L‖_* by soft-thresholded singular values.
// Source: Athey, Bayati, Doudchenko, Imbens & Khosravi (2021), JASA 116(536); Mazumder, Hastie & Tibshirani (2010).
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "estimators/synth/counterfactual_parts.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace estimators {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

namespace {

struct Completed {
  Matrix fitted, L;
  Vector a, d;
  Index rank = 0;
};

constexpr double fine = 1e-10, coarse = 1e-6;  ///< relative change of L at which the iteration ends: cross-validation's

/// Minimum of the penalised problem on the cells with mask 1, started at `L`.
Completed complete(const Matrix& Y, const Matrix& mask, double lambda, Matrix L, double tol = fine) {
  const Index N = Y.rows(), T = Y.cols();
  const double cells = mask.sum();
  Completed out;
  out.a = Vector::Zero(N);
  out.d = Vector::Zero(T);
  if (L.size() == 0) L = Matrix::Zero(N, T);
  const double scale = 1e-3 * tol * std::max(1e-300, Y.cwiseAbs().maxCoeff());
  for (int round = 0;; ++round) {
    core::poll();
    if (round == 20'000)
      throw core::Error("mcpanel: the matrix has not settled after 20,000 rounds").hint("a larger lambda=");
    // Unit and period effects given L, in turn until they stay.
    for (int sweep = 0; sweep < 1000; ++sweep) {
      const Vector before = out.d;
      for (Index i = 0; i < N; ++i) {
        double sum = 0, n = 0;
        for (Index s = 0; s < T; ++s)
          if (mask(i, s) > 0) {
            sum += Y(i, s) - L(i, s) - out.d[s];
            n += 1;
          }
        out.a[i] = n > 0 ? sum / n : 0;
      }
      for (Index s = 0; s < T; ++s) {
        double sum = 0, n = 0;
        for (Index i = 0; i < N; ++i)
          if (mask(i, s) > 0) {
            sum += Y(i, s) - L(i, s) - out.a[i];
            n += 1;
          }
        out.d[s] = n > 0 ? sum / n : 0;
      }
      if ((out.d - before).cwiseAbs().maxCoeff() < scale) break;
    }
    Matrix filled = L;
    for (Index i = 0; i < N; ++i)
      for (Index s = 0; s < T; ++s)
        if (mask(i, s) > 0) filled(i, s) = Y(i, s) - out.a[i] - out.d[s];
    const numerics::Svd svd = numerics::svd(filled);
    const double threshold = lambda * cells / 2;
    Vector values = (svd.values.array() - threshold).cwiseMax(0);
    out.rank = (values.array() > 0).count();
    const Matrix fresh = numerics::product(Matrix(svd.U * values.asDiagonal()), Matrix(svd.V.transpose()));
    const double change = (fresh - L).norm() / std::max(1e-12, std::max(fresh.norm(), 1e-6 * filled.norm()));
    L = fresh;
    if (change < tol) break;
  }
  out.L = L;
  out.fitted = L;
  for (Index i = 0; i < N; ++i)
    for (Index s = 0; s < T; ++s) out.fitted(i, s) += out.a[i] + out.d[s];
  return out;
}

Matrix untreated(const std::vector<Index>& start, Index T) {
  Matrix mask = Matrix::Zero(static_cast<Index>(start.size()), T);
  for (std::size_t i = 0; i < start.size(); ++i) mask.row(static_cast<Index>(i)).head(start[i]).setOnes();
  return mask;
}

double top_lambda(const Matrix& Y, const Matrix& mask) {
  const Completed two_way = complete(Y, mask, std::numeric_limits<double>::max() / 1e100, {});
  Matrix residual = Matrix::Zero(Y.rows(), Y.cols());
  for (Index i = 0; i < Y.rows(); ++i)
    for (Index s = 0; s < Y.cols(); ++s)
      if (mask(i, s) > 0) residual(i, s) = Y(i, s) - two_way.fitted(i, s);
  return 2 * numerics::svd(residual).values[0] / mask.sum();
}

double choose_lambda(const Matrix& Y, const Matrix& mask, int folds, std::uint64_t seed, double& error) {
  const double top = top_lambda(Y, mask);
  constexpr int count = 12;
  std::vector<double> errors(count, 0);
  numerics::Random random(seed, 0);
  std::vector<std::pair<Index, Index>> cells;
  for (Index i = 0; i < Y.rows(); ++i)
    for (Index s = 0; s < Y.cols(); ++s)
      if (mask(i, s) > 0) cells.emplace_back(i, s);
  random.shuffle(cells);
  core::Progress progress("mcpanel", static_cast<std::uint64_t>(folds));
  for (int fold = 0; fold < folds; ++fold) {
    Matrix rest = mask;
    std::vector<std::pair<Index, Index>> held;
    for (std::size_t c = static_cast<std::size_t>(fold); c < cells.size(); c += static_cast<std::size_t>(folds)) {
      rest(cells[c].first, cells[c].second) = 0;
      held.push_back(cells[c]);
    }
    Matrix L;
    for (int l = 0; l < count; ++l) {
      const Completed c = complete(Y, rest, top * std::pow(10, -3.0 * l / (count - 1)), L, coarse);
      L = c.L;
      for (const auto& [i, s] : held)
        errors[static_cast<std::size_t>(l)] +=
            (Y(i, s) - c.fitted(i, s)) * (Y(i, s) - c.fitted(i, s)) / static_cast<double>(cells.size());
    }
    progress.step();
  }
  const auto best = std::min_element(errors.begin(), errors.end()) - errors.begin();
  error = errors[static_cast<std::size_t>(best)];
  return top * std::pow(10, -3.0 * static_cast<double>(best) / (count - 1));
}

}  // namespace

Counterfactual matrix_completion(const PanelMatrix& panel, const std::vector<Index>& start,
                                 const CompletionOptions& options) {
  const Split s = split(panel, start, "mcpanel");
  if (!panel.X.empty())
    throw core::Error("mcpanel takes no covariates").hint("take them out first: gen(r = m:residuals())");
  const Matrix mask = untreated(start, panel.Y.cols());
  Counterfactual out;
  double lambda = options.lambda, error = 0;
  if (lambda < 0) {
    lambda = choose_lambda(panel.Y, mask, options.folds, options.seed, error);
    out.numbers.emplace_back("CV error", error);
    out.notes.push_back("lambda by " + std::to_string(options.folds) +
                        "-fold cross-validation over untreated cells; seed " + std::to_string(options.seed));
  }
  const Completed c = complete(panel.Y, mask, lambda, {});
  out.fitted = c.fitted;
  out.numbers.emplace_back("Lambda", lambda);
  out.numbers.emplace_back("Rank", static_cast<double>(c.rank));
  summarise(panel, start, out);
  out.se = std::nan("");
  if (options.reps > 0) {
    std::vector<double> draws;
    core::Progress progress("mcpanel", static_cast<std::uint64_t>(options.reps));
    for (int r = 0; r < options.reps; ++r) {
      numerics::Random random(options.seed, static_cast<std::uint64_t>(r) + 1);
      std::vector<Index> units;
      for (const std::vector<Index>* group : {&s.treated, &s.controls})  // within groups, so that both are there
        for (std::size_t i = 0; i < group->size(); ++i) units.push_back((*group)[random.below(group->size())]);
      std::vector<Index> begin;
      for (const Index i : units) begin.push_back(start[static_cast<std::size_t>(i)]);
      const Matrix Y = pick(panel.Y, units);
      draws.push_back(att_of(Y, complete(Y, untreated(begin, Y.cols()), lambda, {}, coarse).fitted, begin));
      progress.step();
    }
    out.se = sd(draws);
    out.notes.push_back("standard error: " + std::to_string(options.reps) +
                        " bootstrap draws of units within treated and controls, lambda kept");
  }
  return out;
}

}  // namespace estimators
