// How far trends may differ: sets of paths δ, each a union of polyhedra {δ: A δ ≤ d}.
#pragma once

#include "estimators/did/honest_path.hpp"

namespace estimators {

enum class TrendRestriction {
  smoothness,          ///< SD(M): |(δ_t+1 − δ_t) − (δ_t − δ_t−1)| ≤ M
  relative,            ///< RM(M): |δ_t+1 − δ_t| ≤ M times the largest before treatment
  relative_smoothness  ///< SDRM(M): second differences ≤ M times the largest before treatment
};

enum class Direction { none, positive, negative };

struct RestrictionSet {
  TrendRestriction kind = TrendRestriction::relative;
  Direction bias = Direction::none;   ///< sign of δ after the reference period
  Direction trend = Direction::none;  ///< positive: δ never falls; negative: never rises
};

struct Polyhedron {
  Matrix A;  ///< rows × (K + P)
  Vector d;
};

/// The polyhedra whose union is the set at M; only rows that hold a period after the reference, the others say nothing
/// of effects. Throws core::Error when there are too few periods before treatment.
/// Source: Rambachan & Roth (2023), section 2.4.
std::vector<Polyhedron> polyhedra(const EventPath& path, const RestrictionSet& set, double M);

}  // namespace estimators
