// Distribution functions that tests and tables need, with their tails computed directly (no 1 − cdf). Boost.Math is
// compiled here alone. Arguments out of range give NaN.
#pragma once

namespace numerics {

double t_two_sided(double t, double df);  ///< P(|T| > |t|); df may be infinite
double t_quantile(double p, double df);
double f_upper(double f, double df1, double df2);
double chi2_upper(double x, double df);
double normal_cdf(double z);
double normal_quantile(double p);
/// Power of the level-`alpha` Wald test with noncentrality `ncp` (chi2 with df; F when df2 is finite).
double wald_power(double ncp, double df, double df2, double alpha);

}  // namespace numerics
