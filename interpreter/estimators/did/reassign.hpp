// Random reassignment of treatment among units and dates.
#pragma once

#include "estimators/did/placebo.hpp"
#include "estimators/did/treatment.hpp"
#include "numerics/types.hpp"

#include <cstdint>
#include <vector>

namespace estimators {

class Reassignment {
 public:
  /// `strata`: one code per unit, or empty. Throws core::Error when dates are to be drawn and treatment ends again, or
  /// no period can be drawn; when histories that end again cannot change places because units lack periods; when
  /// every draw would be the same.
  Reassignment(const Cells& cells, const numerics::Vector& treatment, const AssignmentDesign& design,
               numerics::Codes strata);

  /// Treatment of draw r into `out` (n): a pure function of (seed, r). Returns the unit whose history each unit has.
  std::vector<std::int32_t> draw(std::uint64_t seed, std::uint64_t r, Eigen::Ref<numerics::Vector> out) const;

 private:
  bool same_history(std::int32_t a, std::int32_t b) const;
  void require_change(bool strata) const;
  void require_other_dates() const;

  const Cells& cells_;
  Adoption adoption_;
  AssignmentDesign design_;
  std::vector<std::int32_t> dates_;                ///< ranks of the periods that may be drawn
  std::vector<std::vector<std::int32_t>> groups_;  ///< units that may change places
  std::vector<std::uint8_t> history_;              ///< units × periods, for treatments that end again; else empty
};

}  // namespace estimators
