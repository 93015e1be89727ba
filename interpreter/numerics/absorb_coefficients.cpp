// Fixed effects recovered, in one normalisation.
#include "numerics/absorb_method.hpp"

namespace numerics::absorption {

void normalise(const std::vector<FixedEffect>& effects, std::vector<Matrix>& coefficients) {
  std::size_t first = 0;
  while (first < effects.size() && !effects[first].intercept) ++first;
  for (std::size_t d = first + 1; d < effects.size(); ++d) {
    if (!effects[d].intercept) continue;
    const auto [component, count] =
        connected_components(effects[d].codes, effects[d].levels, effects[first].codes, effects[first].levels);
    std::vector<double> shift(std::size_t(count), 0.0);
    std::vector<bool> seen(std::size_t(count), false);
    for (Index level = 0; level < effects[d].levels; ++level) {
      const auto c = std::size_t(component[std::size_t(level)]);
      if (!seen[c]) shift[c] = coefficients[d](level, 0);
      seen[c] = true;
      coefficients[d](level, 0) -= shift[c];
    }
    std::vector<bool> moved(std::size_t(effects[first].levels), false);
    for (std::size_t i = 0; i < effects[d].codes.size(); ++i) {
      const auto level = std::size_t(effects[first].codes[i]);
      if (moved[level]) continue;
      coefficients[first](Index(level), 0) += shift[std::size_t(component[std::size_t(effects[d].codes[i])])];
      moved[level] = true;
    }
  }
}

}  // namespace numerics::absorption
