// Convergence: the trend of dispersion (sigma), the speed behind a coefficient on initial income (beta).
#pragma once

#include <span>

namespace measures {

/// Least squares of y on t and a constant.
struct Trend {
  double slope = 0, intercept = 0, se = 0, t = 0, p = 1;  ///< p two-sided, t with n − 2 degrees of freedom
  double n = 0;
};
/// NaN beyond slope and intercept when n < 3 or the fit is exact. Missing y are left out.
Trend trend(std::span<const double> t, std::span<const double> y);

/// What a coefficient b of growth a period on initial ln income says, over T periods.
struct Speed {
  double speed = 0, speed_se = 0, speed_low = 0, speed_high = 0;                  ///< −ln(1 + T b)/T a period
  double half_life = 0, half_life_se = 0, half_life_low = 0, half_life_high = 0;  ///< ln 2 / speed, in periods
  bool defined = true;    ///< false: 1 + T b ≤ 0, everything is NaN
  bool converges = true;  ///< false: b ≥ 0, there is no half-life
};
/// Standard errors by the delta method: se/(1 + T b) and ln 2/speed² times that; intervals of level `level` with
/// Student's t of `df` degrees of freedom (infinite: normal).
/// Source: Barro & Sala-i-Martin (1992), Journal of Political Economy 100(2).
Speed convergence_speed(double b, double se, double periods, double df, double level);

}  // namespace measures
