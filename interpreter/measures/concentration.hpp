// How much of a total a few units hold: concentration ratios, top shares, Herfindahl, Ellison–Glaeser.
#pragma once

#include "measures/values.hpp"
#include "numerics/types.hpp"

#include <vector>

namespace measures {

/// Share of the total that the `count` largest units hold (all of it when there are fewer units). NaN of no values;
/// throws core::Error when the values sum to zero. Weights are not taken: a unit is a unit.
double concentration_ratio(const Values& values, std::size_t count);

/// Share of the total held by the top `fraction` (0 to 1) of units, or of weights; the unit at the border counts in
/// part (the Lorenz curve between its points is a straight line).
double top_share(const Values& values, double fraction);

struct Herfindahl {
  double hhi = 0;         ///< Σ s², in [1/n, 1]
  double normalised = 0;  ///< (Σ s² − 1/n) / (1 − 1/n); NaN of one unit
  double equivalent = 0;  ///< 1 / Σ s²: units of equal size that give the same index
  double n = 0;
};
/// Sources: Herfindahl (1950); Hirschman (1964), American Economic Review 54(5).
Herfindahl herfindahl(const Values& values);

struct EllisonGlaeser {
  double raw = 0;         ///< G = Σ_r (s_r − x_r)²
  double herfindahl = 0;  ///< H of the industry's plants
  double gamma = 0;       ///< (G − (1 − Σx²) H) / ((1 − Σx²)(1 − H)); NaN when H = 1 or there is one region
};
/// shares: the industry's employment by region; all: employment of all industries by region. Both are scaled to shares.
/// Source: Ellison & Glaeser (1997), Journal of Political Economy 105(5), equation 5.
EllisonGlaeser ellison_glaeser(const std::vector<double>& industry, const std::vector<double>& all, double herfindahl);

/// Location quotients of a region × industry table: (e_ri / e_r.) / (e_.i / e_..); NaN where a region or an industry
/// has nothing. Source: Florence (1939).
numerics::Matrix location_quotients(const numerics::Matrix& table);

/// Krugman's index of specialisation of each region: Σ_i |s_ri − s̄_i|, 0 to 2. s̄: shares of the other regions added
/// up (`others`), or of all regions. NaN for regions without employment, and of one region with `others`.
/// Sources: Krugman (1991), Geography and Trade; Midelfart-Knarvik, Overman, Redding & Venables (2000).
numerics::Vector krugman(const numerics::Matrix& table, bool others);

}  // namespace measures
