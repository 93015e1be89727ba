// Indices of industrial structure, one value per row: upgrading and rationalisation.
#pragma once

#include <vector>

namespace measures {

enum class Upgrading {
  hierarchy,  ///< Σ k P_k with shares P in [0, 1]: from 1 (all primary) to K (all in the last sector)
  ratio       ///< last sector over the one before: Y3 / Y2
};
/// sectors: K ≥ 2 columns of n values, from the primary sector on. NaN where one is missing, where the total (or the
/// denominator) is zero. Source: Gan, Zheng & Yu (2011), Economic Research Journal 46(5), for Y3/Y2; Wang, Tao & Si
/// (2015) for Σ k P_k.
std::vector<double> upgrading(const std::vector<std::vector<double>>& sectors, Upgrading form);

enum class Rationalisation {
  deviation,  ///< Σ |(Y_i/Y) / (L_i/L) − 1|, 0 when every sector has the same productivity
  theil       ///< Σ (Y_i/Y) ln((Y_i/L_i) / (Y/L)); a sector without output adds nothing
};
/// output, employment: K columns of n values each, in the same order. NaN where a value is missing, where a total is
/// zero, or where a sector has output but no employment. Source: Gan, Zheng & Yu (2011).
std::vector<double> rationalisation(const std::vector<std::vector<double>>& output,
                                    const std::vector<std::vector<double>>& employment, Rationalisation form);

}  // namespace measures
