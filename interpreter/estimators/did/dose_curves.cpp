// Changes of treated units less what untreated ones lead to expect, regressed on the spline of the dose:
//   γ_k = (Σ_C w x x')⁻¹ Σ_C w x ΔY over the controls C of cell k (x: 1 and covariates in the base period),
//   r_ik = ΔY_ik − x_i'γ_k over its treated units,   β = M⁻¹ Σ_k ω_k Σ_i w_i b_i r_ik,   M = Σ_k ω_k Σ_i w_i b_i b_i',
// with ω_k = 1 over the cells of the cohort, so that each treated unit counts once. Influence of unit i (n units):
//   n M⁻¹ Σ_k ω_k w_i b_i (r_ik − b_i'β)                              treated,
//   −n M⁻¹ Σ_k ω_k (Σ_T w b x')(Σ_C w x x')⁻¹ w_i x_i (ΔY_ik − x_i'γ_k)  control.
// Source: Callaway, Goodman-Bacon & Sant'Anna (2024), NBER Working Paper 32117, sections 4 and 5.
#include "estimators/did/dose_curves.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "numerics/dense.hpp"

#include <map>
#include <set>

namespace estimators {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

double change(const DosePanel& p, const DoseCell& cell, std::int32_t u) {
  return p.y(u, cell.period) - p.y(u, cell.base);
}

/// 1 and the covariates in the base period.
Matrix covariates(const DosePanel& p, const DoseCell& cell, const std::vector<std::int32_t>& units) {
  Matrix X(static_cast<Index>(units.size()), 1 + static_cast<Index>(p.x.size()));
  for (Index i = 0; i < X.rows(); ++i) {
    X(i, 0) = 1;
    for (std::size_t j = 0; j < p.x.size(); ++j)
      X(i, 1 + static_cast<Index>(j)) = p.x[j](units[static_cast<std::size_t>(i)], cell.base);
  }
  return X;
}

Vector weights_of(const DosePanel& p, const std::vector<std::int32_t>& units) {
  Vector w(static_cast<Index>(units.size()));
  for (Index i = 0; i < w.size(); ++i) w[i] = p.weights[units[static_cast<std::size_t>(i)]];
  return w;
}

Vector changes_of(const DosePanel& p, const DoseCell& cell, const std::vector<std::int32_t>& units) {
  Vector out(static_cast<Index>(units.size()));
  for (Index i = 0; i < out.size(); ++i) out[i] = change(p, cell, units[static_cast<std::size_t>(i)]);
  return out;
}

void require_doses(const DosePanel& p, const std::vector<const DoseCell*>& cells) {
  std::set<double> doses;
  for (const DoseCell* cell : cells)
    for (const std::int32_t u : cell->treated) doses.insert(p.dose[u]);
  const auto terms = static_cast<std::size_t>(p.spline.size());
  if (doses.size() >= terms) return;
  std::set<std::string> cohorts;
  for (const DoseCell* cell : cells) cohorts.insert(cell->cohort_name);
  core::Error error((cohorts.size() == 1 ? "cohort " + *cohorts.begin() + " has " : "treated units have ") +
                    std::to_string(doses.size()) + " different dose" + (doses.size() == 1 ? "" : "s") +
                    ", and a curve of degree " + std::to_string(p.spline.degree) + " with " +
                    std::to_string(p.spline.knots.size()) + " knots takes " + std::to_string(terms));
  error.hint("cohorts=\"pooled\" finds one curve from all cohorts");
  if (doses.size() > 1)
    error.hint("degree=" + std::to_string(doses.size() - 1) + " with knots=0 gives each of these doses its own effect");
  throw error;
}

/// One regression of all cells.
DoseCurve regression(const DosePanel& p, const std::vector<const DoseCell*>& cells, const Matrix& b, const Matrix& db) {
  require_doses(p, cells);
  const Index n = p.y.rows(), terms = b.cols();
  std::map<std::int64_t, double> count;
  for (const DoseCell* cell : cells) count[cell->cohort] += 1;
  struct Part {
    double share = 0;
    Vector residuals, control_residuals;  ///< r; ΔY − x'γ of controls
    Matrix pull;                          ///< terms×controls: Σ_T w b x' (Σ_C w x x')⁻¹ w x'
  };
  std::vector<Part> parts;
  Matrix M = Matrix::Zero(terms, terms);
  Vector sum = Vector::Zero(terms), mean = Vector::Zero(terms), mean_slope = Vector::Zero(terms);
  double total = 0;
  for (const DoseCell* cell : cells) {
    core::poll();
    Part part;
    part.share = 1 / count[cell->cohort];
    const Matrix Xc = covariates(p, *cell, cell->controls), Xt = covariates(p, *cell, cell->treated);
    const Vector wc = weights_of(p, cell->controls), wt = weights_of(p, cell->treated);
    const Vector change_c = changes_of(p, *cell, cell->controls);
    const Matrix inverse = numerics::inverse_spd(numerics::crossprod(Xc, wc, Xc), "covariates of the controls");
    const Vector gamma = numerics::product(inverse, Vector(numerics::crossprod(Xc, Vector(wc.cwiseProduct(change_c)))));
    part.control_residuals = change_c - numerics::product(Xc, gamma);
    part.residuals = changes_of(p, *cell, cell->treated) - numerics::product(Xt, gamma);
    Matrix bt(Xt.rows(), terms);
    for (Index i = 0; i < bt.rows(); ++i) {
      const std::int32_t u = cell->treated[static_cast<std::size_t>(i)];
      bt.row(i) = b.row(u);
      mean += part.share * wt[i] * b.row(u).transpose();
      mean_slope += part.share * wt[i] * db.row(u).transpose();
    }
    total += part.share * wt.sum();
    M += part.share * numerics::crossprod(bt, wt, bt);
    sum += part.share * numerics::crossprod(bt, Vector(wt.cwiseProduct(part.residuals)));
    part.pull = numerics::product(numerics::product(numerics::crossprod(bt, wt, Xt), inverse),
                                  Matrix(numerics::scale_rows(Xc, wc).transpose()));
    parts.push_back(std::move(part));
  }
  mean /= total;
  mean_slope /= total;
  const Matrix inverse = numerics::inverse_spd(M, "the dose curve: too few doses between its knots");
  DoseCurve out;
  out.beta = numerics::product(inverse, sum);
  out.att = mean.dot(out.beta);
  out.acrt = mean_slope.dot(out.beta);
  out.att_influence = Vector::Zero(n);
  out.acrt_influence = Vector::Zero(n);
  Matrix scores = Matrix::Zero(n, terms);
  const auto scale = static_cast<double>(n);
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const Part& part = parts[k];
    for (std::size_t i = 0; i < cells[k]->treated.size(); ++i) {
      const std::int32_t u = cells[k]->treated[i];
      const double w = scale * part.share * p.weights[u], fitted = b.row(u).dot(out.beta);
      scores.row(u) += w * (part.residuals[static_cast<Index>(i)] - fitted) * b.row(u);
      out.att_influence[u] += w * (fitted - out.att) / total;
      out.acrt_influence[u] += w * (db.row(u).dot(out.beta) - out.acrt) / total;
    }
    for (std::size_t i = 0; i < cells[k]->controls.size(); ++i) {
      const auto at = static_cast<Index>(i);
      scores.row(cells[k]->controls[i]) -=
          scale * part.share * part.control_residuals[at] * part.pull.col(at).transpose();
    }
  }
  out.influence = numerics::product(scores, inverse);
  out.att_influence += numerics::product(out.influence, mean);
  out.acrt_influence += numerics::product(out.influence, mean_slope);
  return out;
}

/// Σ_g p_g θ_g with p_g the share of cohort g: the influence of θ_g, and of p_g on the average.
DoseCurve average(const DosePanel& p, const std::map<std::int64_t, DoseCurve>& curves,
                  const std::map<std::int64_t, std::set<std::int32_t>>& members) {
  std::map<std::int64_t, double> size;
  double total = 0;
  for (const auto& [g, units] : members) {
    for (const std::int32_t u : units) size[g] += p.weights[u];
    total += size[g];
  }
  const Index n = p.y.rows(), terms = p.spline.size();
  DoseCurve out{Vector::Zero(terms), Matrix::Zero(n, terms), 0, 0, Vector::Zero(n), Vector::Zero(n)};
  for (const auto& [g, curve] : curves) {
    const double share = size[g] / total;
    out.beta += share * curve.beta;
    out.influence += share * curve.influence;
    out.att += share * curve.att;
    out.acrt += share * curve.acrt;
    out.att_influence += share * curve.att_influence;
    out.acrt_influence += share * curve.acrt_influence;
  }
  for (const auto& [g, curve] : curves) {
    for (const std::int32_t u : members.at(g)) {
      const double w = static_cast<double>(n) * p.weights[u] / total;
      out.influence.row(u) += w * (curve.beta - out.beta).transpose();
      out.att_influence[u] += w * (curve.att - out.att);
      out.acrt_influence[u] += w * (curve.acrt - out.acrt);
    }
  }
  return out;
}

}  // namespace

DoseCurve dose_curve(const DosePanel& panel, const std::vector<DoseCell>& cells, bool pooled) {
  const Matrix b = numerics::values(panel.spline, panel.dose.cwiseMax(panel.spline.low));
  const Matrix db = numerics::slopes(panel.spline, panel.dose.cwiseMax(panel.spline.low));
  std::map<std::int64_t, std::vector<const DoseCell*>> by_cohort;
  std::map<std::int64_t, std::set<std::int32_t>> members;
  std::vector<const DoseCell*> all;
  for (const DoseCell& cell : cells) {
    all.push_back(&cell);
    by_cohort[cell.cohort].push_back(&cell);
    members[cell.cohort].insert(cell.treated.begin(), cell.treated.end());
  }
  if (pooled) return regression(panel, all, b, db);
  std::map<std::int64_t, DoseCurve> curves;
  for (const auto& [g, own] : by_cohort) curves.emplace(g, regression(panel, own, b, db));
  return average(panel, curves, members);
}

}  // namespace estimators
