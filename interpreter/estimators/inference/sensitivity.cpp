#include "estimators/inference/sensitivity.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "estimators/linear/linear.hpp"
#include "inference/tests.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>

namespace estimators {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

/// Real roots of c0 + c1 x + c2 x² + c3 x³, polished by Newton's steps.
std::vector<double> real_roots(double c0, double c1, double c2, double c3) {
  const double size = std::max({std::abs(c0), std::abs(c1), std::abs(c2), std::abs(c3)});
  std::vector<double> roots;
  if (std::abs(c3) > 1e-14 * size) {
    const double a = c2 / c3, b = c1 / c3, c = c0 / c3;
    const double q = (3 * b - a * a) / 9, r = (9 * a * b - 27 * c - 2 * a * a * a) / 54;
    const double disc = q * q * q + r * r;
    if (disc > 0) {
      const double s = std::cbrt(r + std::sqrt(disc)), t = std::cbrt(r - std::sqrt(disc));
      roots = {s + t - a / 3};
    } else {
      const double theta = std::acos(std::clamp(r / std::sqrt(-q * q * q), -1.0, 1.0));
      for (int k = 0; k < 3; ++k) roots.push_back(2 * std::sqrt(-q) * std::cos((theta + 2 * M_PI * k) / 3) - a / 3);
    }
  } else if (std::abs(c2) > 1e-14 * size) {
    const double disc = c1 * c1 - 4 * c2 * c0;
    if (disc >= 0) {
      const double h = -(c1 + std::copysign(std::sqrt(disc), c1)) / 2;
      roots = {h / c2, c0 / h};
    }
  } else if (c1 != 0) {
    roots = {-c0 / c1};
  }
  for (double& x : roots)
    for (int i = 0; i < 4; ++i) {
      const double slope = c1 + x * (2 * c2 + 3 * c3 * x);
      if (slope != 0) x -= (c0 + x * (c1 + x * (c2 + x * c3))) / slope;
    }
  return roots;
}

double weighted_dot(const Vector& a, const Vector& b, const Vector& w) {
  return w.size() > 0 ? a.dot(Vector(w.cwiseProduct(b))) : a.dot(b);
}

void require_plain(const results::Fit& fit, const Context& context, const std::string& command) {
  if (!context.parts.endogenous.empty()) throw core::Error(command + " takes a fit without instruments");
  if (std::isnan(fit.stat("r2")))
    throw core::Error(command + " takes a least-squares fit, and '" + fit.command + "' is none");
}

/// What the columns of X leave of each column of Y.
Matrix residuals_on(const Matrix& X, const Matrix& Y, const Vector& w) {
  if (X.cols() == 0) return Y;
  Matrix out(Y.rows(), Y.cols());
  for (Index j = 0; j < Y.cols(); ++j) out.col(j) = numerics::least_squares(X, Y.col(j), w).residuals;
  return out;
}

}  // namespace

Oster oster(const results::Fit& fit, const std::string& term, const OsterOptions& options) {
  const Context& context = context_of(fit, "oster");
  require_plain(fit, context, "oster");
  Oster out;
  out.term = fit.names[static_cast<std::size_t>(fit.position(term))];
  formula::Design design = formula::design(context.parts, context.frame, context.options);
  const Vector& w = context.weights;
  const Index n = design.y.size();
  Index x = -1;
  std::vector<Index> kept, controls;
  for (Index j = 0; j < design.X.cols(); ++j) {
    const std::string& name = design.names[static_cast<std::size_t>(j)];
    if (std::find(fit.names.begin(), fit.names.end(), name) == fit.names.end() || name == "_cons") continue;
    if (name == out.term) {
      x = j;
    } else if (std::find(options.keep.begin(), options.keep.end(), name) != options.keep.end()) {
      kept.push_back(j);
      out.kept.push_back(name);
    } else {
      controls.push_back(j);
    }
  }
  for (const std::string& name : options.keep)
    if (std::find(out.kept.begin(), out.kept.end(), name) == out.kept.end())
      throw core::Error("no coefficient '" + name + "' to keep")
          .hint(core::did_you_mean(name, fit.names, "coefficients"))
          .word(name);
  if (x < 0) throw core::Error("'" + term + "' is not a regressor of its own").word(term);
  if (controls.empty() && (context.fe.empty() || options.keep_fe))
    throw core::Error("there is no control beside '" + term + "', so that nothing tells how selection works");
  const bool fe = !context.fe.empty();
  // y, x and controls without what is in both regressions.
  Matrix columns(n, 2 + static_cast<Index>(controls.size()));
  columns.col(0) = design.y;
  columns.col(1) = design.X.col(x);
  columns.rightCols(static_cast<Index>(controls.size())) = design.X(Eigen::all, controls);
  Matrix base(n, static_cast<Index>(kept.size()));
  base = design.X(Eigen::all, kept);
  if (fe && options.keep_fe) {
    numerics::Absorber absorber(context.fe, w);
    absorber.apply(columns);
    absorber.apply(base);
  } else {
    base.conservativeResize(n, base.cols() + 1);
    base.rightCols(1).setOnes();
  }
  columns = residuals_on(base, columns, w);
  const Vector y = columns.col(0), d = columns.col(1);
  const double total = weighted_dot(y, y, w), dd = weighted_dot(d, d, w);
  if (!(dd > 0) || !(total > 0)) throw core::Error("'" + term + "' or the outcome does not vary beside what is kept");
  out.short_coef = weighted_dot(d, y, w) / dd;
  out.short_r2 = out.short_coef * out.short_coef * dd / total;
  Matrix rest(n, 2);
  rest << d, y;
  Matrix others = columns.rightCols(columns.cols() - 2);
  if (fe && !options.keep_fe) {
    const numerics::Absorber absorber(context.fe, w);
    absorber.apply(rest);
    absorber.apply(others);
  }
  rest = residuals_on(others, rest, w);
  const double dd_rest = weighted_dot(rest.col(0), rest.col(0), w);
  out.coef = weighted_dot(rest.col(0), rest.col(1), w) / dd_rest;
  const double rss = weighted_dot(rest.col(1), rest.col(1), w) - out.coef * out.coef * dd_rest;
  out.r2 = 1 - rss / total;
  const double scale = context.nobs - 1;
  out.tau = dd_rest / scale;
  out.var_x = dd / scale;
  out.var_y = total / scale;
  out.r2_max = options.r2_max > 0 ? options.r2_max : std::min(1.0, 1.3 * out.r2);
  if (!(out.r2_max > out.r2))
    throw core::Error("rmax " + core::significant(out.r2_max, 4) + " is not above the R² of the regression, " +
                      core::significant(out.r2, 4))
        .hint("with unobservables the R² would be larger: choose rmax between it and 1")
        .word("rmax");
  const double shift = out.short_coef - out.coef, room = (out.r2_max - out.r2) * out.var_y;
  const double gained = (out.r2 - out.short_r2) * out.var_y;
  const double sx = out.var_x, tau = out.tau;
  const auto delta_of = [&](double nu) {
    const double bottom =
        room * (shift * sx + nu * (sx - tau)) + nu * nu * tau * shift * sx + nu * nu * nu * tau * (sx - tau);
    const double top = nu * gained * tau + nu * sx * tau * shift * shift + 2 * nu * nu * tau * shift * sx +
                       nu * nu * nu * tau * (sx - tau);
    return top / bottom;
  };
  out.target = options.target;
  out.delta = delta_of(out.coef - options.target);
  out.at = options.delta;
  const double k = options.delta;
  std::vector<double> roots =
      real_roots(k * room * shift * sx, k * room * (sx - tau) - gained * tau - sx * tau * shift * shift,
                 tau * shift * sx * (k - 2), (k - 1) * tau * (sx - tau));
  std::sort(roots.begin(), roots.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  out.beta = roots.empty() ? std::nan("") : out.coef - roots[0];
  for (std::size_t i = 1; i < roots.size(); ++i) out.others.push_back(out.coef - roots[i]);
  return out;
}

double adjusted_estimate(const Sensitivity& s, double r2_treatment, double r2_outcome) {
  const double bias = s.se * std::sqrt(s.df * r2_outcome * r2_treatment / (1 - r2_treatment));
  return s.estimate - std::copysign(bias, s.estimate);
}

Sensitivity sensitivity(const results::Fit& fit, const std::string& term, const std::vector<std::string>& benchmarks,
                        const std::vector<double>& kd, const std::vector<double>& ky, double q, double alpha) {
  const Context& context = context_of(fit, "sensitivity");
  require_plain(fit, context, "sensitivity");
  const Index d = fit.position(term);
  Sensitivity out;
  out.term = fit.names[static_cast<std::size_t>(d)];
  out.df = fit.nobs - parameters(fit, fit.ssc);
  const double s2 = fit.rss / out.df;
  out.estimate = fit.coef[d];
  out.se = std::sqrt(s2 * fit.bread(d, d));
  out.t = out.estimate / out.se;
  out.q = q;
  out.alpha = alpha;
  out.partial_r2 = out.t * out.t / (out.t * out.t + out.df);
  const auto value = [](double f) { return (std::sqrt(f * f * f * f + 4 * f * f) - f * f) / 2; };
  const double f = q * std::abs(out.t) / std::sqrt(out.df);
  const double critical = inference::t_quantile(1 - alpha / 2, out.df - 1) / std::sqrt(out.df - 1);
  out.rv = value(f);
  out.rv_alpha = f <= critical      ? 0
                 : f > 1 / critical ? (f * f - critical * critical) / (1 + f * f)
                                    : value(f - critical);
  for (const std::string& name : benchmarks) {
    const Index j = fit.position(name);
    if (j == d) throw core::Error("'" + name + "' is the treatment, and no benchmark for itself").word(name);
    const double rho = fit.bread(d, j) * fit.bread(d, j) / (fit.bread(d, d) * fit.bread(j, j));
    const double tj = fit.coef[j] / std::sqrt(s2 * fit.bread(j, j));
    const double ry = tj * tj / (tj * tj + out.df);
    for (std::size_t i = 0; i < kd.size(); ++i) {
      Bound bound;
      bound.benchmark = name;
      bound.kd = kd[i];
      bound.ky = ky.empty() ? kd[i] : ky[std::min(i, ky.size() - 1)];
      bound.r2_treatment = bound.kd * rho / (1 - rho);
      const double rz = bound.kd * rho * rho / ((1 - bound.kd * rho) * (1 - rho));
      if (!(bound.r2_treatment < 1) || !(rz < 1) || bound.kd * rho >= 1)
        throw core::Error("a confounder " + core::shortest(bound.kd) + " times as strong as '" + name +
                          "' would explain the whole treatment: it cannot exist")
            .hint("choose a smaller kd")
            .word("kd");
      const double root = (std::sqrt(bound.ky) + std::sqrt(rz)) / std::sqrt(1 - rz);
      bound.r2_outcome = std::min(1.0, root * root * ry / (1 - ry));
      bound.estimate = adjusted_estimate(out, bound.r2_treatment, bound.r2_outcome);
      bound.se = out.se * std::sqrt((1 - bound.r2_outcome) / (1 - bound.r2_treatment) * out.df / (out.df - 1));
      bound.t = bound.estimate / bound.se;
      const double half = inference::t_quantile(1 - alpha / 2, out.df - 1) * bound.se;
      bound.low = bound.estimate - half;
      bound.high = bound.estimate + half;
      out.bounds.push_back(bound);
    }
  }
  return out;
}

}  // namespace estimators
