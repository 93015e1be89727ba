#include "estimators/linear/diagnostics.hpp"

#include "core/error.hpp"
#include "estimators/sample.hpp"
#include "formula/design.hpp"
#include "numerics/least_squares.hpp"
#include "numerics/quadratic_form.hpp"

#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace estimators {
namespace {

using numerics::Index;
using numerics::least_squares;
using numerics::Matrix;
using numerics::Vector;

/// The regressors that the fit kept, rebuilt from its sample.
Matrix regressors(const results::Fit& fit, const std::string& test) {
  if (!fit.fe.empty())
    throw core::Error(test + " needs a fit without absorbed fixed effects")
        .hint("put the effects in as terms: ols(y ~ x + i.unit)");
  if (!fit.first_stages.empty())
    throw core::Error(test + " is a test for least squares, not for instrumental variables");
  if (fit.weights.size() != 0)
    throw core::Error(test + " is defined for unweighted least squares").hint("fit without weights=");
  const Context& context = context_of(fit, test);
  const formula::Design design = formula::design(context.parts, context.frame, context.options);
  Matrix X(design.X.rows(), static_cast<Index>(fit.names.size()));
  for (std::size_t j = 0; j < fit.names.size(); ++j) {
    const auto at = std::find(design.names.begin(), design.names.end(), fit.names[j]);
    if (at == design.names.end())
      throw core::Error(test + " cannot rebuild the column '" + fit.names[j] + "' of this fit");
    X.col(static_cast<Index>(j)) = design.X.col(at - design.names.begin());
  }
  return X;
}

double about_mean(const Vector& y) { return (y.array() - y.mean()).square().sum(); }

inference::Test f_test(std::string name, double rss_null, double rss, double df1, double df2) {
  const double f = (rss_null - rss) / df1 / (rss / df2);
  return {std::move(name), f, "F", df1, df2, inference::f_upper(f, df1, df2)};
}

/// n·R² of an auxiliary regression with a constant among its regressors.
inference::Test lm_test(std::string name, const Matrix& X, const Vector& y, double df) {
  const double n = static_cast<double>(y.size());
  return inference::chi2_test(std::move(name), n * (1 - least_squares(X, y).rss / about_mean(y)), df);
}

/// Rows in time order when a panel or time series is declared, as they stand otherwise.
std::vector<Index> time_order(const results::Fit& fit, const std::string& test) {
  std::vector<Index> order(fit.rows.size());
  std::iota(order.begin(), order.end(), Index{0});
  const data::Panel* panel = context_of(fit, test).frame.panel();
  if (panel)
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
      const auto key = [&](Index i) {
        const std::uint32_t row = fit.rows[static_cast<std::size_t>(i)];
        return std::pair(panel->units.codes[row], panel->times[row]);
      };
      return key(a) < key(b);
    });
  return order;
}

}  // namespace

inference::Test breusch_pagan(const results::Fit& fit, bool studentize) {
  const Matrix X = regressors(fit, "the Breusch-Pagan test");
  const Vector u2 = fit.residuals.array().square();
  const double df = static_cast<double>(X.cols() - (fit.constant >= 0 ? 1 : 0));
  if (studentize) return lm_test("Breusch-Pagan (Koenker)", X, u2, df);
  const Vector f = u2.array() / u2.mean() - 1;
  return inference::chi2_test("Breusch-Pagan", 0.5 * (f.squaredNorm() - least_squares(X, f).rss), df);
}

inference::Test white(const results::Fit& fit) {
  regressors(fit, "White's test");
  Matrix Z(fit.fitted.size(), 3);
  Z << fit.fitted, Vector(fit.fitted.array().square()), Vector::Ones(fit.fitted.size());
  return lm_test("White", Z, fit.residuals.array().square(), 2);
}

inference::Test reset(const results::Fit& fit, int powers) {
  const Matrix X = regressors(fit, "RESET");
  // Powers of the standardised fitted values span the same space with a constant, and are better conditioned.
  const Vector centred = fit.fitted.array() - fit.fitted.mean();
  const Vector z = fit.constant >= 0
                       ? Vector(centred / std::sqrt(centred.squaredNorm() / static_cast<double>(centred.size())))
                       : fit.fitted;
  Matrix Z(X.rows(), X.cols() + powers - 1);
  Z.leftCols(X.cols()) = X;
  for (int power = 2; power <= powers; ++power) Z.col(X.cols() + power - 2) = z.array().pow(power);
  const Vector y = fit.fitted + fit.residuals;
  const double df1 = powers - 1, df2 = static_cast<double>(Z.rows() - Z.cols());
  if (df2 < 1) throw core::Error("RESET has no degrees of freedom left");
  return f_test("RESET", fit.rss, least_squares(Z, y).rss, df1, df2);
}

inference::Test durbin_watson(const results::Fit& fit) {
  const Matrix X = regressors(fit, "the Durbin-Watson test");
  const std::vector<Index> order = time_order(fit, "the Durbin-Watson test");
  const Index n = X.rows();
  if (n > 2000)
    throw core::Error("the exact Durbin-Watson test takes at most 2,000 rows; this fit has " + std::to_string(n))
        .hint("use bgtest(m)");
  Vector u(n);
  Matrix Xo(n, X.cols());
  for (Index i = 0; i < n; ++i) {
    u[i] = fit.residuals[order[static_cast<std::size_t>(i)]];
    Xo.row(i) = X.row(order[static_cast<std::size_t>(i)]);
  }
  const double d = (u.tail(n - 1) - u.head(n - 1)).squaredNorm() / u.squaredNorm();
  // d = z'Q'AQz / z'z with Q an orthonormal basis of the residual space and A the first-difference matrix.
  Matrix A = Matrix::Zero(n, n);
  for (Index i = 0; i < n; ++i) {
    A(i, i) = i == 0 || i == n - 1 ? 1 : 2;
    if (i > 0) A(i, i - 1) = A(i - 1, i) = -1;
  }
  const Matrix Q = numerics::orthogonal_complement(Xo);
  const Vector values = numerics::symmetric_eigen(numerics::sandwich(Q.transpose(), A)).values;
  const double p = numerics::quadratic_form_below_zero(values.array() - d);
  return {"Durbin-Watson", d, "exact", static_cast<double>(n), 0, p};
}

inference::Test breusch_godfrey(const results::Fit& fit, int order, bool f_form) {
  const Matrix X = regressors(fit, "the Breusch-Godfrey test");
  const std::vector<Index> rows = time_order(fit, "the Breusch-Godfrey test");
  const Index n = X.rows(), k = X.cols();
  if (order < 1 || order > n - k - 1)
    throw core::Error("order= must be between 1 and " + std::to_string(std::max<Index>(1, n - k - 1)));
  const Context& context = context_of(fit, "the Breusch-Godfrey test");
  const data::Panel* panel = context.frame.panel();
  Matrix Z = Matrix::Zero(n, k + order);
  Vector u(n);
  for (Index i = 0; i < n; ++i) {
    const Index row = rows[static_cast<std::size_t>(i)];
    u[i] = fit.residuals[row];
    Z.row(i).head(k) = X.row(row);
    for (int lag = 1; lag <= order && lag <= i; ++lag) {
      const Index other = rows[static_cast<std::size_t>(i - lag)];
      const bool same_unit = !panel || panel->units.codes[fit.rows[static_cast<std::size_t>(row)]] ==
                                           panel->units.codes[fit.rows[static_cast<std::size_t>(other)]];
      if (same_unit) Z(i, k + lag - 1) = fit.residuals[other];
    }
  }
  const double rss = least_squares(Z, u).rss, null = u.squaredNorm();
  const std::string name = "Breusch-Godfrey, order " + std::to_string(order);
  if (f_form) return f_test(name, null, rss, order, static_cast<double>(n - k - order));
  return inference::chi2_test(name, static_cast<double>(n) * (1 - rss / null), order);
}

std::vector<std::pair<std::string, double>> variance_inflation(const results::Fit& fit) {
  const Matrix X = regressors(fit, "the variance inflation factor");
  std::vector<std::pair<std::string, double>> out;
  for (Index j = 0; j < X.cols(); ++j) {
    if (j == fit.constant) continue;
    Matrix others(X.rows(), X.cols() - 1);
    others << X.leftCols(j), X.rightCols(X.cols() - j - 1);
    const double total = fit.constant >= 0 ? about_mean(X.col(j)) : X.col(j).squaredNorm();
    const double rss = others.cols() ? least_squares(others, X.col(j)).rss : total;
    out.emplace_back(fit.names[static_cast<std::size_t>(j)], total / rss);
  }
  return out;
}

Influence influence(const results::Fit& fit) {
  const Matrix X = regressors(fit, "influence");
  Influence out;
  out.leverage = numerics::leverage(X, fit.bread);
  const double n = static_cast<double>(X.rows()), k = static_cast<double>(X.cols());
  const double sigma2 = fit.rss / (n - k);
  const auto u = fit.residuals.array();
  const auto rest = 1 - out.leverage.array();
  out.cooks = u.square() * out.leverage.array() / (k * sigma2 * rest.square());
  out.studentized = u / ((fit.rss - u.square() / rest) / (n - k - 1) * rest).sqrt();
  return out;
}

}  // namespace estimators
