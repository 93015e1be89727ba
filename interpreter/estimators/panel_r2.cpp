#include "estimators/panel_r2.hpp"

#include "core/numbers.hpp"
#include "numerics/dense.hpp"

#include <algorithm>

namespace estimators {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

double squared_correlation(Matrix both) {
  both.rowwise() -= Eigen::RowVectorXd(both.colwise().mean());
  const double size = both.col(0).squaredNorm() * both.col(1).squaredNorm(), cross = both.col(0).dot(both.col(1));
  return size > 0 ? cross * cross / size : core::nan;
}

}  // namespace

void set_panel_r2(results::Fit& fit, const Vector& y, const Vector& expected, const numerics::Codes& unit) {
  Matrix both(y.size(), 2);
  both << y, expected;
  const Index count = unit.empty() ? 0 : *std::max_element(unit.begin(), unit.end()) + 1;
  const Vector rows = numerics::group_sums(Matrix::Ones(y.size(), 1), unit, count).col(0);
  const Matrix means = numerics::scale_rows(numerics::group_sums(both, unit, count), rows.cwiseMax(1).cwiseInverse());
  Matrix inside = both;
  for (Index i = 0; i < y.size(); ++i) inside.row(i) -= means.row(unit[static_cast<std::size_t>(i)]);
  std::vector<Index> there;
  for (Index u = 0; u < count; ++u)
    if (rows[u] > 0) there.push_back(u);
  fit.set_stat("r2_within", squared_correlation(inside));
  fit.set_stat("r2_between", squared_correlation(means(there, Eigen::all)));
  fit.set_stat("r2_overall", squared_correlation(both));
}

}  // namespace estimators
