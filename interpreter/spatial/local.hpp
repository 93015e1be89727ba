// Local statistics of spatial association: one number a unit.
#pragma once

#include "spatial/global.hpp"

namespace spatial {

enum class LocalKind { moran, geary, gi, gi_star };

struct LocalOptions {
  bool conditional = true;  ///< moran: moments given x_i (Sokal, Oden & Thomson 1998), else over all permutations
  bool unbiased = false;    ///< moran: m2 over n − 1
  Alternative alternative = Alternative::two_sided;
  int permutations = 0;
  bool folded = false;  ///< permutation p as GeoDa and esda: (1 + min(#≥, #≤))/(R + 1), one-sided
  std::uint64_t seed = 1;
};

/// Of every unit. `value` is I_i, c_i or G_i; for gi the z-score is what spdep and ArcGIS report.
struct Local {
  Vector value, expected, variance, z, p;
  Vector p_permutation;                ///< empty without permutations
  std::vector<std::uint8_t> quadrant;  ///< 0 high-high, 1 low-low, 2 high-low, 3 low-high; 4 no neighbours
};

/// moran: I_i = z_i (Wz)_i / m2 (Anselin 1995). geary: c_i = Σ w_ij (z_i − z_j)², z standardised by n − 1 (Anselin
/// 1995, 2019), by permutation. gi, gi_star: Getis & Ord (1992), Ord & Getis (1995); gi_star takes W with its diagonal.
/// Permutations hold unit i and draw its neighbours from the others; unit i uses stream i of the seed.
Local local(const Weights& W, const Vector& x, LocalKind kind, const LocalOptions& options = {});

/// Benjamini & Hochberg (1995): p-values adjusted so that q can be compared with the false discovery rate. NaN stays.
Vector adjusted_fdr(const Vector& p);

}  // namespace spatial
