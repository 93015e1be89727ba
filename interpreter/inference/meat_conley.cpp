#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "inference/meat.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace inference {
namespace {

using Cell = std::array<std::int32_t, 3>;

/// A place in a period: its position on the unit sphere, its grid cell, the sum of its rows' scores.
struct Place {
  std::int64_t time;
  double lat, lon;
  std::array<double, 3> at;
  Cell cell;
  Index row;  ///< in the matrix of summed scores
};

bool earlier(const Place& p, std::int64_t time, const Cell& cell) {
  return p.time != time ? p.time < time : p.cell < cell;
}

}  // namespace

Matrix meat_conley(const Matrix& scores, const Vector& lat, const Vector& lon, const std::vector<std::int64_t>& times,
                   double cutoff, bool bartlett, bool planar) {
  const Index n = scores.rows(), k = scores.cols();
  for (Index i = 0; i < n && !planar; ++i)
    if (!(std::abs(lat[i]) <= 90) || !(std::abs(lon[i]) <= 360))
      throw core::Error("coordinates are not degrees: latitude " + std::to_string(lat[i]) + ", longitude " +
                        std::to_string(lon[i]))
          .hint(
              "conley needs latitude in [-90, 90] and longitude in [-180, 180]; metric=\"planar\" takes projected "
              "ones");
  // Straight-line (chord) distances on the unit sphere grow with great-circle distances.
  const double angle = std::min(cutoff / earth_radius_km, std::numbers::pi);
  const double reach = planar ? cutoff : 2 * std::sin(angle / 2);
  // No two points of the sphere are further apart than 2.
  const double reach_squared = planar || angle < std::numbers::pi ? reach * reach : 5;
  const double radians = std::numbers::pi / 180;

  const auto time = [&](Index i) { return times.empty() ? std::int64_t{0} : times[static_cast<std::size_t>(i)]; };
  std::vector<Place> rows(static_cast<std::size_t>(n));
  for (Index i = 0; i < n; ++i) {
    const double phi = lat[i] * radians, lambda = lon[i] * radians;
    Place& p = rows[static_cast<std::size_t>(i)];
    p = {time(i), lat[i], lon[i], {std::cos(phi) * std::cos(lambda), std::cos(phi) * std::sin(lambda), std::sin(phi)},
         {},      i};
    if (planar) p.at = {lon[i], lat[i], 0};
    for (std::size_t d = 0; d < 3; ++d)
      p.cell[d] = static_cast<std::int32_t>(std::floor(std::max(-2e9, std::min(2e9, p.at[d] / reach))));
  }
  std::sort(rows.begin(), rows.end(), [](const Place& a, const Place& b) {
    if (a.time != b.time) return a.time < b.time;
    if (a.cell != b.cell) return a.cell < b.cell;
    if (a.lat != b.lat) return a.lat < b.lat;
    return a.lon != b.lon ? a.lon < b.lon : a.row < b.row;
  });

  // Rows at one place in one period act as one.
  std::vector<Place> places;
  Matrix sums(k, n);  // by columns: one place's scores lie together
  for (const Place& row : rows) {
    if (places.empty() || places.back().time != row.time || places.back().lat != row.lat ||
        places.back().lon != row.lon) {
      places.push_back(row);
      places.back().row = static_cast<Index>(places.size()) - 1;
      sums.col(places.back().row).setZero();
    }
    sums.col(places.back().row) += scores.row(row.row).transpose();
  }

  const std::size_t block = 512;
  std::vector<Matrix> parts((places.size() + block - 1) / block, Matrix::Zero(k, k));
  core::for_blocks(places.size(), block, [&](std::size_t begin, std::size_t end) {
    if (core::interrupt_requested()) return;
    Vector around(k);
    for (std::size_t i = begin; i < end; ++i) {
      const Place& p = places[i];
      around.setZero();
      for (int dx = -1; dx <= 1; ++dx)
        for (int dy = -1; dy <= 1; ++dy) {  // cells along the third axis are neighbours in the order
          const Cell first = {p.cell[0] + dx, p.cell[1] + dy, p.cell[2] - 1};
          const Cell last = {first[0], first[1], p.cell[2] + 2};
          auto q = std::lower_bound(places.begin(), places.end(), first,
                                    [&](const Place& x, const Cell& c) { return earlier(x, p.time, c); });
          for (; q != places.end() && earlier(*q, p.time, last); ++q) {
            const double x = p.at[0] - q->at[0], y = p.at[1] - q->at[1], z = p.at[2] - q->at[2];
            const double square = x * x + y * y + z * z;
            if (square > reach_squared) continue;
            const double far =
                planar ? std::sqrt(square) / cutoff : 2 * std::asin(std::min(1.0, std::sqrt(square) / 2)) / angle;
            if (bartlett)
              around += (1 - far) * sums.col(q->row);
            else
              around += sums.col(q->row);
          }
        }
      parts[begin / block] += sums.col(p.row) * around.transpose();
    }
  });
  core::poll();
  Matrix meat = Matrix::Zero(k, k);
  for (const Matrix& part : parts) meat += part;
  return (meat + meat.transpose()) / 2;
}

}  // namespace inference
