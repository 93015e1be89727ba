#include "measures/clubs.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"

#include "core/numbers.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace measures {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;
using Units = std::vector<std::uint32_t>;
constexpr double pi = 3.14159265358979323846;
using core::nan;

std::vector<double> transition_variances(const Matrix& x, const Units& rows) {
  std::vector<double> H(static_cast<std::size_t>(x.cols()));
  const auto n = static_cast<double>(rows.size());
  for (Index t = 0; t < x.cols(); ++t) {
    double mean = 0, squares = 0;
    for (const std::uint32_t row : rows) mean += x(row, t);
    mean /= n;
    for (const std::uint32_t row : rows) {
      const double h = x(row, t) / mean - 1;
      squares += h * h;
    }
    H[static_cast<std::size_t>(t)] = squares / n;
  }
  return H;
}

/// Quadratic spectral kernel with the bandwidth that an AR(1) of u asks for.
double long_run_variance(const Vector& u, LongRun rule) {
  const Index n = u.size();
  const double rho = u.head(n - 1).dot(u.tail(n - 1)) / u.head(n - 1).squaredNorm();
  const double alpha = 4 * rho * rho / std::pow(1 - rho, 4);
  const double bandwidth = 1.3221 * std::pow(alpha * static_cast<double>(n), 0.2);
  // Phillips and Sul's own program divides by n − 1 and leaves the last residual out of the products.
  const Index m = rule == LongRun::phillips_sul ? n - 1 : n;
  double variance = u.squaredNorm();
  for (Index lag = 1; lag < m; ++lag) {
    const double z = 6 * pi * static_cast<double>(lag) / (5 * bandwidth);
    const double weight = std::isfinite(z) ? 3 / (z * z) * (std::sin(z) / z - std::cos(z)) : 0.0;
    variance += 2 * weight * u.head(m - lag).dot(u.segment(lag, m - lag));
  }
  return variance / static_cast<double>(m);
}

Units joined(const Units& a, const Units& b) {
  Units out = a;
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

/// Positions in `units` of the core group; empty when there is none.
std::size_t core_group(const Matrix& x, const Units& units, const ClubOptions& options, std::size_t& start) {
  for (start = 0; start + 1 < units.size(); ++start) {
    Units group = {units[start], units[start + 1]};
    double best = log_t(x, group, options.log_t).t;
    if (!(best > options.critical)) continue;
    std::size_t size = 2;
    for (std::size_t next = start + 2; next < units.size(); ++next) {
      core::poll();
      group.push_back(units[next]);
      const double t = log_t(x, group, options.log_t).t;
      if (!(t > options.critical)) break;
      if (t > best) {
        best = t;
        size = group.size();
      }
    }
    return size;
  }
  return 0;
}

/// The core and every other unit that passes the sieve.
Club sieved(const Matrix& x, const Units& core, const Units& others, const ClubOptions& options) {
  std::vector<double> t;
  for (const std::uint32_t unit : others) {
    core::poll();
    t.push_back(log_t(x, joined(core, {unit}), options.log_t).t);
  }
  Club club;
  for (club.sieve = options.sieve;; club.sieve += options.step) {
    Units chosen;
    for (std::size_t i = 0; i < others.size(); ++i)
      if (t[i] > club.sieve) chosen.push_back(others[i]);
    club.units = joined(core, chosen);
    club.test = log_t(x, club.units, options.log_t);
    if (club.test.t > options.critical || !options.raise) return club;
    if (club.sieve > options.cap) break;
  }
  club.units = core;
  club.test = log_t(x, core, options.log_t);
  return club;
}

std::vector<Club> merged(const Matrix& x, const std::vector<Club>& clubs, const ClubOptions& options) {
  std::vector<Club> out;
  for (std::size_t i = 0; i < clubs.size();) {
    Club club = clubs[i];
    club.joined = {static_cast<int>(i + 1)};
    for (++i; i < clubs.size(); ++i) {
      const Units both = joined(club.units, clubs[i].units);
      LogT test = log_t(x, both, options.log_t);
      if (!(test.t > options.critical)) break;
      club.units = both;
      club.test = std::move(test);
      club.joined.push_back(static_cast<int>(i + 1));
    }
    out.push_back(std::move(club));
  }
  return out;
}

/// Units from the highest final value down; equal ones in the order of rows.
Units by_final_value(const Matrix& x, double last_share) {
  const Index T = x.cols();
  const Index last = std::clamp(static_cast<Index>(std::lround(last_share * static_cast<double>(T))), Index{1}, T);
  const Vector final_value = x.rightCols(last).rowwise().mean();
  Units units(static_cast<std::size_t>(x.rows()));
  std::iota(units.begin(), units.end(), 0U);
  std::stable_sort(units.begin(), units.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return final_value[a] > final_value[b]; });
  return units;
}

}  // namespace

LogT log_t(const Matrix& x, const Units& rows, const LogTOptions& options) {
  const auto T = static_cast<int>(x.cols());
  LogT out;
  out.first = static_cast<int>(std::lround(options.trim * T)) + 1;
  if (out.first < 2)
    throw core::Error("ln ln t is not defined for the first period").hint("raise trim so that it is left out");
  const Index n = T - out.first + 1;
  if (n < 3)
    throw core::Error("only " + std::to_string(std::max<Index>(n, 0)) + " of " + std::to_string(T) +
                      " periods are left after trimming; the log t regression needs three")
        .hint("lower trim, or give more periods");
  out.H = transition_variances(x, rows);
  out.b = out.se = out.t = out.p = nan;
  const bool vanishes = std::any_of(out.H.begin(), out.H.end(), [](double h) { return !(h > 0); });
  if (vanishes) {
    if (std::none_of(out.H.begin(), out.H.end(), [](double h) { return h > 0; })) {
      out.t = std::numeric_limits<double>::infinity();
      out.p = 1;
    }
    return out;
  }
  Vector log_time(n), y(n);
  for (Index i = 0; i < n; ++i) {
    const auto t = static_cast<double>(out.first + i);
    log_time[i] = std::log(t);
    y[i] = std::log(out.H[0] / out.H[static_cast<std::size_t>(out.first - 1 + i)]) - 2 * std::log(log_time[i]);
  }
  const double mean_x = log_time.mean(), mean_y = y.mean();
  const Vector d = (log_time.array() - mean_x).matrix();
  out.b = d.dot((y.array() - mean_y).matrix()) / d.squaredNorm();
  const Vector u = ((y.array() - mean_y) - out.b * d.array()).matrix();
  out.se = std::sqrt(long_run_variance(u, options.long_run) / d.squaredNorm());
  out.t = out.b / out.se;
  out.p = 0.5 * std::erfc(-out.t / std::sqrt(2.0));
  return out;
}

Clubs convergence_clubs(const Matrix& x, const ClubOptions& options) {
  Clubs out;
  Units units = by_final_value(x, options.last_share);
  if (units.size() < 2) throw core::Error("convergence clubs need at least two units");
  out.all = log_t(x, units, options.log_t);
  while (units.size() > 1) {
    LogT together = log_t(x, units, options.log_t);
    if (together.t > options.critical) {
      out.found.push_back({units, std::move(together), options.sieve});
      units.clear();
      break;
    }
    std::size_t start = 0;
    const std::size_t size = core_group(x, units, options, start);
    if (size == 0) break;
    const auto from = units.begin() + static_cast<std::ptrdiff_t>(start);
    const Units core(from, from + static_cast<std::ptrdiff_t>(size));
    Units others = units;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(start),
                 others.begin() + static_cast<std::ptrdiff_t>(start + size));
    Club club = sieved(x, core, others, options);
    units.erase(std::remove_if(units.begin(), units.end(),
                               [&](std::uint32_t unit) {
                                 return std::find(club.units.begin(), club.units.end(), unit) != club.units.end();
                               }),
                units.end());
    out.found.push_back(std::move(club));
  }
  out.divergent = units;
  out.merged = options.merge ? merged(x, out.found, options) : out.found;
  return out;
}

Matrix hp_trend(const Matrix& x, double lambda) {
  const Index T = x.cols();
  Matrix A = Matrix::Identity(T, T);
  for (Index t = 0; t + 2 < T; ++t) {  // adds lambda · D'D, D the second differences
    const double d[3] = {1, -2, 1};
    for (Index i = 0; i < 3; ++i)
      for (Index j = 0; j < 3; ++j) A(t + i, t + j) += lambda * d[i] * d[j];
  }
  return numerics::solve_spd(A, x.transpose()).transpose();
}

}  // namespace measures
