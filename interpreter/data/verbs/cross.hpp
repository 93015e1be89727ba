// Every row with every row: frames crossed, and the dyads of a list of units.
#pragma once

#include "data/frame.hpp"

#include <array>
#include <string>
#include <vector>

namespace data {

/// Every row of `first` with every row of `second`, the second fastest. Throws core::Error on a column that both have.
Frame cross(const Frame& first, const Frame& second);

struct DyadOptions {
  std::string unit;
  std::vector<std::string> within;  ///< pairs only among rows that agree in these (year)
  bool directed = true;             ///< both (a, b) and (b, a); else only the one whose a comes first
  bool self = false;                ///< pairs of a unit with itself
  std::array<std::string, 2> suffixes = {"_i", "_j"};
  std::string longitude, latitude, distance;  ///< degrees; the name of the distance column; "": none
};

struct Dyads {
  Frame frame;
  std::vector<std::string> left_out;  ///< columns that vary within a unit and are not carried
};

/// The pairs of units, in order of appearance: `within` columns, then unit_i, unit_j, the distance in km, then every
/// other column twice, with the suffixes. Without `within`, units may have several rows: columns that vary within a
/// unit are left out. Throws core::Error: missing or repeated units, coordinates that vary or are no coordinates.
Dyads dyads(const Frame& frame, const DyadOptions& options);

inline constexpr double earth_radius_km = 6371.01;  ///< conventions.md item 19

/// Great-circle distance in km between two points in degrees, on a sphere of radius 6371.01 km; NaN when a coordinate
/// is. Source: Sinnott (1984), "Virtues of the haversine", Sky and Telescope 68(2), 159.
double great_circle_km(double longitude_a, double latitude_a, double longitude_b, double latitude_b,
                       double radius = earth_radius_km);

}  // namespace data
