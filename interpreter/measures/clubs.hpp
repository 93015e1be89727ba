// Phillips and Sul's log t test and the search for convergence clubs.
#pragma once

#include "numerics/types.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace measures {

enum class LongRun {
  phillips_sul,  ///< as their own program: sums over the first T − 1 residuals, divided by T − 1
  andrews        ///< Andrews (1991), sums over all residuals, divided by their number
};

struct LogTOptions {
  double trim = 0.3;  ///< the first round(trim · T) periods are left out
  LongRun long_run = LongRun::phillips_sul;
};

struct LogT {
  double b = 0, se = 0, t = 0, p = 0;  ///< p = Φ(t): one-sided, H0 of convergence
  std::vector<double> H;               ///< T: cross-sectional variance of relative transitions
  int first = 0;                       ///< the first period used, from 1
};

/// ln(H_1/H_t) − 2 ln ln t = a + b ln t + u, t from the first period used, with H_t = (1/N) Σ (x_it/x̄_t − 1)². The
/// standard error takes a scalar long-run variance of u: quadratic spectral kernel, bandwidth by an AR(1) (Andrews
/// 1991). H0 of convergence is rejected at 5 % when t < −1.65. x: N × T, positive; rows: units taken, two or more.
/// Identical series give t = ∞; t is NaN when H vanishes in some periods only.
/// Throws core::Error when fewer than three periods are left, or ln ln t is not defined (t < 2).
/// Source: Phillips & Sul (2007), Econometrica 75(6), 1771-1855.
LogT log_t(const numerics::Matrix& x, const std::vector<std::uint32_t>& rows, const LogTOptions& options);

struct ClubOptions {
  LogTOptions log_t;
  double critical = -1.65;  ///< of the joint tests
  double sieve = 0;         ///< c: a unit joins the core when t of core + unit exceeds it
  bool raise = true;        ///< while the club's own test fails, raise c by `step` up to `cap`, then keep the core
  double step = 0.1, cap = 3;
  bool merge = true;      ///< join neighbouring clubs while they converge together
  double last_share = 0;  ///< units are ordered by their mean over this last share of periods; 0: the last period
};

struct Club {
  std::vector<std::uint32_t> units;
  LogT test;
  double sieve = 0;              ///< the c that was used
  std::vector<int> joined = {};  ///< numbers (from 1) of the clubs it was made of by merging
};
struct Clubs {
  std::vector<Club> found;   ///< before merging
  std::vector<Club> merged;  ///< after; the same as `found` without merging
  std::vector<std::uint32_t> divergent;
  LogT all;  ///< of every unit
};

/// The four steps of Phillips & Sul (2007, section 3): order by final income; core group of the largest t among the
/// growing groups of highest units that pass; sieve the others; repeat on the rest. Merging as Phillips & Sul (2009),
/// Journal of Applied Econometrics 24(7): from the first club on, each next club that converges with the ones joined
/// before. Polls for interruption.
Clubs convergence_clubs(const numerics::Matrix& x, const ClubOptions& options);

/// Trend of the Hodrick–Prescott filter of each row of x, N × T, smoothing lambda > 0 (400: Phillips & Sul, yearly).
numerics::Matrix hp_trend(const numerics::Matrix& x, double lambda);

}  // namespace measures
