// Distribution functions by Boost.Math. Tails are asked for as complements: no 1 − cdf.
#include "numerics/distributions.hpp"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/distributions/non_central_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>

#include <cmath>
#include <limits>

#include "core/numbers.hpp"

namespace numerics {
namespace {

namespace bm = boost::math;
// Arguments out of range give NaN or infinity, as arithmetic does, instead of an exception.
using Quiet = bm::policies::policy<
    bm::policies::domain_error<bm::policies::ignore_error>, bm::policies::overflow_error<bm::policies::ignore_error>,
    bm::policies::pole_error<bm::policies::ignore_error>, bm::policies::evaluation_error<bm::policies::ignore_error>>;
using Normal = bm::normal_distribution<double, Quiet>;
using StudentsT = bm::students_t_distribution<double, Quiet>;
using FisherF = bm::fisher_f_distribution<double, Quiet>;
using ChiSquared = bm::chi_squared_distribution<double, Quiet>;

using core::nan;

bool usable_df(double df) { return df > 0; }  // false for NaN too

}  // namespace

double t_two_sided(double t, double df) {
  if (std::isnan(t) || !usable_df(df)) return nan;
  if (std::isinf(t)) return 0;
  if (std::isinf(df)) return std::erfc(std::abs(t) / std::sqrt(2.0));
  return 2 * bm::cdf(bm::complement(StudentsT(df), std::abs(t)));
}

double t_quantile(double p, double df) {
  if (!(p >= 0 && p <= 1) || !usable_df(df)) return nan;
  if (p == 0 || p == 1) return (p == 0 ? -1 : 1) * std::numeric_limits<double>::infinity();
  return std::isinf(df) ? normal_quantile(p) : bm::quantile(StudentsT(df), p);
}

double f_upper(double f, double df1, double df2) {
  if (std::isnan(f) || !usable_df(df1) || !usable_df(df2)) return nan;
  if (f <= 0) return 1;
  if (std::isinf(f)) return 0;
  return std::isinf(df2) ? chi2_upper(f * df1, df1) : bm::cdf(bm::complement(FisherF(df1, df2), f));
}

double chi2_upper(double x, double df) {
  if (std::isnan(x) || !usable_df(df)) return nan;
  if (x <= 0) return 1;
  return std::isinf(x) ? 0 : bm::cdf(bm::complement(ChiSquared(df), x));
}

double normal_cdf(double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; }

double normal_quantile(double p) {
  if (!(p >= 0 && p <= 1)) return nan;
  if (p == 0 || p == 1) return (p == 0 ? -1 : 1) * std::numeric_limits<double>::infinity();
  return bm::quantile(Normal(), p);
}

double wald_power(double ncp, double df, double df2, double alpha) {
  if (!(ncp >= 0) || !(alpha > 0 && alpha < 1) || !usable_df(df) || !usable_df(df2)) return nan;
  if (ncp == 0) return alpha;
  if (std::isinf(df2)) {
    const double critical = bm::quantile(bm::complement(ChiSquared(df), alpha));
    return bm::cdf(bm::complement(bm::non_central_chi_squared_distribution<double, Quiet>(df, ncp), critical));
  }
  double rest = 0;  // critical = df2 x / (df rest) with x + rest = 1, x the upper quantile of a beta
  const double x = bm::ibetac_inv(df / 2, df2 / 2, alpha, &rest, Quiet());
  const double critical = df2 * x / (df * rest);
  return bm::cdf(bm::complement(bm::non_central_f_distribution<double, Quiet>(df, df2, ncp), critical));
}

}  // namespace numerics
