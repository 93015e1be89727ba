// The panel data approach: y_1t on a constant and controls' y_jt over the periods before treatment, controls by an
// information criterion.
// Source: Hsiao, Ching & Wan (2012), J. Applied Econometrics 27(5), 705–740; Li & Bell (2017) for the lasso.
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "estimators/synth/counterfactual_parts.hpp"
#include "numerics/dense.hpp"
#include "numerics/least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace estimators {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

namespace {

struct Chosen {
  std::vector<Index> columns;
  double criterion = std::numeric_limits<double>::infinity();
};

double criterion(const std::string& name, double rss, double n, double k) {
  // k counts the constant and the error variance.
  if (name == "bic") return n * std::log(rss / n) + k * std::log(n);
  const double aic = n * std::log(rss / n) + 2 * k;
  return name == "aic" ? aic : aic + 2 * k * (k + 1) / (n - k - 1);
}

/// Residual sum of squares of a subset, from cross-products about means (last column: y).
double rss_of(const Matrix& S, const std::vector<Index>& use) {
  const Index y = S.cols() - 1;
  const auto m = static_cast<Index>(use.size());
  if (m == 0) return S(y, y);
  Matrix L(m, m);
  Vector b(m);
  double rss = S(y, y);
  for (Index i = 0; i < m; ++i) {
    for (Index j = 0; j <= i; ++j) {
      double v = S(use[static_cast<std::size_t>(i)], use[static_cast<std::size_t>(j)]);
      for (Index k = 0; k < j; ++k) v -= L(i, k) * L(j, k);
      if (i == j) {
        if (!(v > 1e-10 * S(use[static_cast<std::size_t>(i)], use[static_cast<std::size_t>(i)])))
          return std::numeric_limits<double>::infinity();
        L(i, j) = std::sqrt(v);
      } else {
        L(i, j) = v / L(j, j);
      }
    }
    double v = S(use[static_cast<std::size_t>(i)], y);
    for (Index k = 0; k < i; ++k) v -= L(i, k) * b[k];
    b[i] = v / L(i, i);
    rss -= b[i] * b[i];
  }
  return rss;
}

void try_subset(const Matrix& S, const std::vector<Index>& use, double n, const std::string& select, Chosen& best) {
  const double rss = rss_of(S, use), k = static_cast<double>(use.size()) + 2;
  if (!std::isfinite(rss) || n - k - 1 <= 0 || rss <= 0) return;
  const double value = criterion(select, rss, n, k);
  if (value < best.criterion) best = {use, value};
}

void all_subsets(const Matrix& S, Index J, int most, double n, const std::string& select, Chosen& best) {
  std::vector<Index> use;
  std::function<void(Index)> grow = [&](Index from) {
    try_subset(S, use, n, select, best);
    if (static_cast<int>(use.size()) == most) return;
    core::poll();
    for (Index j = from; j < J; ++j) {
      use.push_back(j);
      grow(j + 1);
      use.pop_back();
    }
  };
  grow(0);
}

/// Forward from nothing, then single swaps and removals until nothing improves.
void stepwise(const Matrix& S, Index J, int most, double n, const std::string& select, Chosen& best) {
  try_subset(S, {}, n, select, best);
  for (bool better = true; better;) {
    core::poll();
    const double before = best.criterion;
    const std::vector<Index> base = best.columns;
    for (Index j = 0; j < J; ++j) {
      if (std::find(base.begin(), base.end(), j) != base.end()) continue;
      if (static_cast<int>(base.size()) < most) {
        std::vector<Index> use = base;
        use.push_back(j);
        try_subset(S, use, n, select, best);
      }
      for (std::size_t out = 0; out < base.size(); ++out) {
        std::vector<Index> use = base;
        use[out] = j;
        try_subset(S, use, n, select, best);
      }
    }
    for (std::size_t out = 0; out < base.size(); ++out) {
      std::vector<Index> use = base;
      use.erase(use.begin() + static_cast<std::ptrdiff_t>(out));
      try_subset(S, use, n, select, best);
    }
    better = best.criterion < before;
  }
  std::sort(best.columns.begin(), best.columns.end());
}

/// The sets of controls along the lasso's path (coordinate descent on standardised columns).
void lasso_path(const Matrix& S, Index J, int most, double n, Chosen& best) {
  Vector scale(J);
  for (Index j = 0; j < J; ++j) scale[j] = std::sqrt(S(j, j) / n);
  double top = 0;
  for (Index j = 0; j < J; ++j) top = std::max(top, std::abs(S(j, J)) / (n * scale[j]));
  Vector b = Vector::Zero(J);
  for (int step = 0; step < 100; ++step) {
    core::poll();
    const double lambda = top * std::pow(1e-4, step / 99.0);
    for (int round = 0; round < 10000; ++round) {
      double moved = 0;
      for (Index j = 0; j < J; ++j) {
        double r = S(j, J) / (n * scale[j]);
        for (Index k = 0; k < J; ++k)
          if (k != j && b[k] != 0) r -= S(j, k) / (n * scale[j] * scale[k]) * b[k];
        const double fresh = std::copysign(std::max(std::abs(r) - lambda, 0.0), r);
        moved = std::max(moved, std::abs(fresh - b[j]));
        b[j] = fresh;
      }
      if (moved < 1e-9 * top) break;
    }
    std::vector<Index> use;
    for (Index j = 0; j < J; ++j)
      if (b[j] != 0) use.push_back(j);
    if (static_cast<int>(use.size()) > most) break;
    try_subset(S, use, n, "aicc", best);
  }
}

std::string criterion_words(const std::string& select) {
  return select == "aicc" ? "AICc" : select == "bic" ? "BIC" : "AIC";
}

}  // namespace

Counterfactual panel_approach(const PanelMatrix& panel, const std::vector<Index>& start, const std::string& select,
                              int most) {
  const Split s = split(panel, start, "panel_approach");
  const Index T = panel.Y.cols();
  Counterfactual out;
  for (const Index i : s.treated)
    if (start[static_cast<std::size_t>(i)] != s.first)
      throw core::Error("panel_approach takes one adoption date, and units adopt at different ones")
          .hint("keep one cohort and the never treated with where=");
  if (!panel.X.empty())
    throw core::Error("panel_approach takes no covariates: the controls' outcomes are its regressors")
        .hint("panel_approach(y ~ 1, treat=…)");
  const Index before = s.first, J = static_cast<Index>(s.controls.size());
  const double n = static_cast<double>(before);
  const int room = static_cast<int>(before) - 4;
  if (room < 1) throw core::Error("panel_approach needs at least five periods before treatment");
  most = std::min({most > 0 ? most : room, room, static_cast<int>(J)});
  Vector y = Vector::Zero(T);
  for (const Index i : s.treated) y += panel.Y.row(i).transpose() / static_cast<double>(s.treated.size());
  Matrix Z(before, J + 1);
  for (Index j = 0; j < J; ++j)
    Z.col(j) = panel.Y.row(s.controls[static_cast<std::size_t>(j)]).head(before).transpose();
  Z.col(J) = y.head(before);
  for (Index j = 0; j <= J; ++j) Z.col(j).array() -= Z.col(j).mean();
  const Matrix S = numerics::crossprod(Z);
  Chosen best;
  double subsets = 0, choose = 1;
  for (int m = 1; m <= most && subsets < 1e6; ++m) {
    choose *= static_cast<double>(J - m + 1) / m;
    subsets += choose;
  }
  if (select == "all") {
    best.columns = until(std::min<Index>(J, most));
    if (J > most)
      throw core::Error("all " + std::to_string(J) + " controls are too many for " + std::to_string(before) +
                        " periods before")
          .hint("select=\"aicc\"");
  } else if (select == "lasso") {
    lasso_path(S, J, most, n, best);
    out.notes.emplace_back("controls by the lasso's path and AICc, coefficients by least squares after selection");
  } else if (subsets <= 300'000) {
    all_subsets(S, J, most, n, select, best);
    out.notes.push_back("controls by " + criterion_words(select) + " over all subsets of at most " +
                        std::to_string(most));
  } else {
    stepwise(S, J, most, n, select, best);
    out.notes.push_back("controls by " + criterion_words(select) + ", stepwise with swaps: all subsets are too many");
  }
  Matrix X(T, static_cast<Index>(best.columns.size()) + 1);
  X.col(0).setOnes();
  for (std::size_t j = 0; j < best.columns.size(); ++j)
    X.col(static_cast<Index>(j) + 1) = panel.Y.row(s.controls[static_cast<std::size_t>(best.columns[j])]).transpose();
  const numerics::LeastSquares ls = numerics::least_squares(X.topRows(before), y.head(before));
  Vector b = Vector::Zero(X.cols());
  for (std::size_t j = 0; j < ls.kept.size(); ++j) b[ls.kept[j]] = ls.coef[static_cast<Index>(j)];
  const Vector path = numerics::product(X, b);
  out.fitted = panel.Y;
  for (const Index i : s.treated) out.fitted.row(i) = path.transpose();
  for (std::size_t j = 0; j < best.columns.size(); ++j)
    out.weights.emplace_back(
        panel.units[static_cast<std::size_t>(s.controls[static_cast<std::size_t>(best.columns[j])])],
        b[static_cast<Index>(j) + 1]);
  out.weights.emplace_back("_cons", b[0]);
  summarise(panel, start, out);
  const Vector gap = (y - path).tail(T - before);
  const double m = static_cast<double>(gap.size()), mean = gap.mean();
  const int lag = static_cast<int>(std::floor(std::pow(m, 0.25)));
  double variance = 0;
  for (int l = 0; l <= lag && l < gap.size(); ++l) {
    double c = 0;
    for (Index t = l; t < gap.size(); ++t) c += (gap[t] - mean) * (gap[t - l] - mean);
    variance += (l == 0 ? 1 : 2 * (1 - l / (lag + 1.0))) * c / m;
  }
  out.se = gap.size() > 1 ? std::sqrt(std::max(variance, 0.0) / m) : std::nan("");
  out.numbers = {{"R2", 1 - ls.rss / S(J, J)},
                 {"Controls", static_cast<double>(best.columns.size())},
                 {"Criterion", best.criterion}};
  out.notes.push_back("standard error: Newey-West over the " + std::to_string(gap.size()) + " periods after, lag " +
                      std::to_string(lag) + "; it takes the counterfactual as known");
  return out;
}

}  // namespace estimators
