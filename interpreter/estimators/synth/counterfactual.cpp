#include "estimators/synth/counterfactual.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "numerics/dense.hpp"
#include "numerics/least_squares.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace estimators {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

struct Split {
  std::vector<Index> treated, controls;
  Index first = 0;  ///< earliest treated period
};

Split split(const PanelMatrix& panel, const std::vector<Index>& start, const std::string& command) {
  Split out;
  const Index T = panel.Y.cols();
  out.first = T;
  for (std::size_t i = 0; i < start.size(); ++i) {
    (start[i] < T ? out.treated : out.controls).push_back(static_cast<Index>(i));
    out.first = std::min(out.first, start[i]);
  }
  if (out.treated.empty()) throw core::Error("no unit is treated").word("treat");
  if (out.controls.size() < 2) throw core::Error(command + " needs at least two units that are never treated");
  if (out.first < 3)
    throw core::Error(command + " needs at least three periods before treatment")
        .hint("the first treated period is " + panel.periods[static_cast<std::size_t>(out.first)]);
  return out;
}

/// Fills att and the effects by periods since treatment from fitted.
void summarise(const PanelMatrix& panel, const std::vector<Index>& start, Counterfactual& c) {
  const Index T = panel.Y.cols();
  std::vector<double> sum(static_cast<std::size_t>(2 * T), 0), count(static_cast<std::size_t>(2 * T), 0);
  double total = 0, cells = 0;
  for (std::size_t i = 0; i < start.size(); ++i) {
    if (start[i] == T) continue;
    for (Index s = 0; s < T; ++s) {
      const double gap = panel.Y(static_cast<Index>(i), s) - c.fitted(static_cast<Index>(i), s);
      const auto e = static_cast<std::size_t>(s - start[i] + T);
      sum[e] += gap;
      count[e] += 1;
      if (s >= start[i]) {
        total += gap;
        cells += 1;
      }
    }
  }
  c.att = total / cells;
  c.event_times.clear();
  c.event_effects.clear();
  for (std::size_t e = 0; e < sum.size(); ++e)
    if (count[e] > 0) {
      c.event_times.push_back(static_cast<double>(e) - static_cast<double>(T));
      c.event_effects.push_back(sum[e] / count[e]);
    }
}

// ---- Panel data approach

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

// ---- Matrix completion

struct Completed {
  Matrix fitted, L;
  Vector a, d;
  Index rank = 0;
};

/// Minimum of the penalised problem on the cells with mask 1, started at `L`.
Completed complete(const Matrix& Y, const Matrix& mask, double lambda, Matrix L) {
  const Index N = Y.rows(), T = Y.cols();
  const double cells = mask.sum();
  Completed out;
  out.a = Vector::Zero(N);
  out.d = Vector::Zero(T);
  if (L.size() == 0) L = Matrix::Zero(N, T);
  for (int round = 0; round < 2000; ++round) {
    core::poll();
    // Unit and period effects given L, a few sweeps.
    for (int sweep = 0; sweep < 10; ++sweep) {
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
    if (change < 1e-6) break;
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
      const Completed c = complete(Y, rest, top * std::pow(10, -3.0 * l / (count - 1)), L);
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

// ---- Interactive fixed effects

struct Factors {
  Vector beta, d;   ///< covariates, period effects (with the grand mean)
  Matrix F;         ///< T×r, F'F = T I
  Matrix residual;  ///< controls
};

Matrix pick(const Matrix& A, const std::vector<Index>& rows) { return A(rows, Eigen::all); }

/// Controls only: y = a_i + d_t + x b + l_i'f_t, iterating b and principal components (Bai 2009).
Factors factors_of(const Matrix& Y, const std::vector<Matrix>& X, int r) {
  const Index N = Y.rows(), T = Y.cols(), k = static_cast<Index>(X.size());
  const auto demean = [](Matrix A) {
    const Vector rows = A.rowwise().mean();
    A.colwise() -= rows;
    const Eigen::RowVectorXd columns = A.colwise().mean();
    A.rowwise() -= columns;
    return A;
  };
  const Matrix Yd = demean(Y);
  std::vector<Matrix> Xd;
  for (const Matrix& x : X) Xd.push_back(demean(x));
  Factors out;
  out.beta = Vector::Zero(k);
  Matrix common = Matrix::Zero(N, T);
  Matrix XX(k, k);
  for (Index a = 0; a < k; ++a)
    for (Index b = 0; b < k; ++b)
      XX(a, b) = Xd[static_cast<std::size_t>(a)].cwiseProduct(Xd[static_cast<std::size_t>(b)]).sum();
  const Matrix inverse = k > 0 ? numerics::inverse_spd(XX, "covariates") : Matrix();
  for (int round = 0; round < 1000; ++round) {
    core::poll();
    Matrix rest = Yd;
    if (k > 0) {
      Vector xy(k);
      for (Index a = 0; a < k; ++a) xy[a] = Xd[static_cast<std::size_t>(a)].cwiseProduct(Yd - common).sum();
      const Vector fresh = numerics::product(inverse, xy);
      const double change = (fresh - out.beta).norm();
      out.beta = fresh;
      for (Index a = 0; a < k; ++a) rest -= out.beta[a] * Xd[static_cast<std::size_t>(a)];
      if (round > 0 && change < 1e-9 * (1 + fresh.norm())) round = 1000;
    } else {
      round = 1000;
    }
    if (r > 0) {
      const numerics::Svd svd = numerics::svd(rest.transpose());
      out.F = svd.U.leftCols(r) * std::sqrt(static_cast<double>(T));
      common = numerics::product(numerics::product(rest, out.F), Matrix(out.F.transpose())) / static_cast<double>(T);
    }
    out.residual = rest - common;
  }
  if (r == 0) out.F.resize(T, 0);
  // Period effects: what is left of the mean over units of y − x b (unit effects average to the grand mean).
  Matrix net = Y;
  for (Index a = 0; a < k; ++a) net -= out.beta[a] * X[static_cast<std::size_t>(a)];
  out.d = net.colwise().mean().transpose();
  return out;
}

/// y − d − x b of one unit on a constant and the factors over `use` periods; fitted for all periods.
Vector predict_unit(const Vector& y, const std::vector<Vector>& x, const Factors& f, const std::vector<Index>& use) {
  Vector net = y - f.d;
  for (std::size_t a = 0; a < x.size(); ++a) net -= f.beta[static_cast<Index>(a)] * x[a];
  Matrix Z(y.size(), f.F.cols() + 1);
  Z.leftCols(1).setOnes();
  Z.rightCols(f.F.cols()) = f.F;
  const Matrix Zu = Z(use, Eigen::all);
  const Vector b =
      numerics::product(numerics::pseudo_inverse(numerics::crossprod(Zu)), numerics::crossprod(Zu, Vector(net(use))));
  return y - net + numerics::product(Z, b);
}

std::vector<Index> until(Index end) {
  std::vector<Index> out(static_cast<std::size_t>(end));
  std::iota(out.begin(), out.end(), Index{0});
  return out;
}

std::vector<Vector> covariates(const PanelMatrix& panel, Index unit) {
  std::vector<Vector> out;
  for (const Matrix& x : panel.X) out.push_back(x.row(unit).transpose());
  return out;
}

double leave_out_error(const PanelMatrix& panel, const std::vector<Index>& start, const Split& s, const Factors& f) {
  double square = 0, n = 0;
  for (const Index i : s.treated) {
    const Index before = start[static_cast<std::size_t>(i)];
    for (Index out = 0; out < before; ++out) {
      std::vector<Index> use;
      for (Index t = 0; t < before; ++t)
        if (t != out) use.push_back(t);
      const Vector y = panel.Y.row(i).transpose();
      const double e = y[out] - predict_unit(y, covariates(panel, i), f, use)[out];
      square += e * e;
      n += 1;
    }
  }
  return square / n;
}

Matrix fit_treated(const Matrix& Y, const PanelMatrix& panel, const std::vector<Index>& start, const Split& s, int r) {
  std::vector<Matrix> X;
  for (const Matrix& x : panel.X) X.push_back(pick(x, s.controls));
  const Factors f = factors_of(pick(Y, s.controls), X, r);
  Matrix out = Y;
  for (std::size_t j = 0; j < s.controls.size(); ++j) out.row(s.controls[j]) -= f.residual.row(static_cast<Index>(j));
  for (const Index i : s.treated)
    out.row(i) = predict_unit(Y.row(i).transpose(), covariates(panel, i), f, until(start[static_cast<std::size_t>(i)]))
                     .transpose();
  return out;
}

double att_of(const Matrix& Y, const Matrix& fitted, const std::vector<Index>& start) {
  double sum = 0, n = 0;
  for (std::size_t i = 0; i < start.size(); ++i)
    for (Index s = start[i]; s < Y.cols(); ++s) {
      sum += Y(static_cast<Index>(i), s) - fitted(static_cast<Index>(i), s);
      n += 1;
    }
  return sum / n;
}

double sd(const std::vector<double>& x) {
  double mean = 0, square = 0, n = 0;
  for (const double v : x)
    if (!std::isnan(v)) {
      mean += v;
      n += 1;
    }
  mean /= n;
  for (const double v : x)
    if (!std::isnan(v)) square += (v - mean) * (v - mean);
  return n > 1 ? std::sqrt(square / (n - 1)) : std::nan("");
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
    out.notes.push_back("controls by " +
                        std::string(select == "aicc"  ? "AICc"
                                    : select == "bic" ? "BIC"
                                                      : "AIC") +
                        " over all subsets of at most " + std::to_string(most));
  } else {
    stepwise(S, J, most, n, select, best);
    out.notes.push_back("controls by " +
                        std::string(select == "aicc"  ? "AICc"
                                    : select == "bic" ? "BIC"
                                                      : "AIC") +
                        ", stepwise with swaps: all subsets are too many");
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
      draws.push_back(att_of(Y, complete(Y, untreated(begin, Y.cols()), lambda, {}).fitted, begin));
      progress.step();
    }
    out.se = sd(draws);
    out.notes.push_back("standard error: " + std::to_string(options.reps) +
                        " bootstrap draws of units within treated and controls, lambda kept");
  }
  return out;
}

Counterfactual generalised_synth(const PanelMatrix& panel, const std::vector<Index>& start,
                                 const FactorOptions& options) {
  const Split s = split(panel, start, "gsynth");
  for (std::size_t j = 0; j < panel.X.size(); ++j)
    if (panel.X[j].array().isNaN().any())
      throw core::Error("covariate '" + panel.x_names[j] + "' is missing in some cells").word(panel.x_names[j]);
  const int limit = std::min(
      {static_cast<int>(s.first) - 2, static_cast<int>(s.controls.size()) - 1, static_cast<int>(panel.Y.cols()) - 1});
  Counterfactual out;
  int r = options.factors;
  std::vector<Matrix> X;
  for (const Matrix& x : panel.X) X.push_back(pick(x, s.controls));
  if (r > limit)
    throw core::Error(std::to_string(r) + " factors are too many for " + std::to_string(s.first) +
                      " periods before treatment: at most " + std::to_string(limit))
        .word("factors");
  if (r < 0) {
    double least = std::numeric_limits<double>::infinity();
    for (int q = 0; q <= std::min(options.most, limit); ++q) {
      const double error = leave_out_error(panel, start, s, factors_of(pick(panel.Y, s.controls), X, q));
      if (error < least) {
        least = error;
        r = q;
      }
    }
    out.numbers.emplace_back("CV error", least);
    out.notes.emplace_back("number of factors by leaving out each period before treatment");
  }
  out.fitted = fit_treated(panel.Y, panel, start, s, r);
  out.numbers.emplace_back("Factors", r);
  const Factors f = factors_of(pick(panel.Y, s.controls), X, r);
  for (Index k = 0; k < f.beta.size(); ++k)
    out.numbers.emplace_back(panel.x_names[static_cast<std::size_t>(k)], f.beta[k]);
  summarise(panel, start, out);
  out.se = std::nan("");
  if (options.reps == 0) return out;
  // Prediction errors of controls, each predicted from the others as if it were treated.
  std::vector<Vector> errors;
  for (std::size_t j = 0; j < s.controls.size(); ++j) {
    Split other = s;
    other.controls.erase(other.controls.begin() + static_cast<std::ptrdiff_t>(j));
    if (static_cast<int>(other.controls.size()) <= r) break;
    std::vector<Matrix> rest;
    for (const Matrix& x : panel.X) rest.push_back(pick(x, other.controls));
    const Factors g = factors_of(pick(panel.Y, other.controls), rest, r);
    const Vector y = panel.Y.row(s.controls[j]).transpose();
    errors.push_back(y - predict_unit(y, covariates(panel, s.controls[j]), g, until(s.first)));
    core::poll();
  }
  std::vector<double> draws(static_cast<std::size_t>(options.reps));
  core::Progress progress("gsynth", draws.size());
  for (std::size_t b = 0; b < draws.size(); ++b) {
    numerics::Random random(options.seed, b);
    Matrix Y = out.fitted;
    for (const Index i : s.controls) Y.row(i) += f.residual.row(static_cast<Index>(random.below(s.controls.size())));
    for (const Index i : s.treated) Y.row(i) += errors[random.below(errors.size())].transpose();
    draws[b] = att_of(Y, fit_treated(Y, panel, start, s, r), start);
    progress.step();
  }
  out.se = sd(draws);
  out.notes.push_back("standard error: parametric bootstrap, " + std::to_string(options.reps) + " draws; seed " +
                      std::to_string(options.seed));
  return out;
}

}  // namespace estimators
