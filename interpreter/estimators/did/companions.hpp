// Terms that hold the treatment or a part of it, rebuilt when treatment is reassigned.
#pragma once

#include "estimators/did/placebo.hpp"
#include "estimators/did/treatment.hpp"

#include <string>
#include <vector>

namespace estimators {

/// Beside the treatment did, a term did:x becomes the reassigned did times x. Beside treat:post, the term treat moves
/// with the units that change places, and post stays. Terms that cannot be rebuilt (L.did, I(did*x), did:i.x) are
/// refused.
class Companions {
 public:
  Companions(const results::Fit& fit, const Context& context, const Treatment& treatment, const Cells& cells,
             Assignment assign);

  /// The coefficients they belong to.
  const std::vector<std::string>& names() const { return names_; }
  numerics::Index count() const { return static_cast<numerics::Index>(names_.size()); }
  /// Their columns (n × count) when the treatment is `treatment` and unit u has the history of unit from[u].
  void rebuild(const Eigen::Ref<const numerics::Vector>& treatment, const std::vector<std::int32_t>& from,
               Eigen::Ref<numerics::Matrix> out) const;

 private:
  struct Rebuilt {
    bool whole = false;        ///< holds the whole treatment
    numerics::Vector rest;     ///< n: what stays in its row
    numerics::Vector by_unit;  ///< what moves with a unit; empty when whole
  };
  void add(const formula::Term& term, const Context& context, const Treatment& treatment, Assignment assign);

  const Cells& cells_;
  std::vector<std::string> names_;
  std::vector<Rebuilt> terms_;
};

}  // namespace estimators
