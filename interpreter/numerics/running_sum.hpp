// A sum that is added to value by value.
#pragma once

#include <cmath>

namespace numerics {

/// With Neumaier's correction: the digits do not depend on the size of what was added before.
/// Source: Neumaier (1974), Zeitschrift für Angewandte Mathematik und Mechanik 54: 39-51.
struct RunningSum {
  double sum = 0, lost = 0;
  void add(double x) {
    const double total = sum + x;
    lost += std::abs(sum) >= std::abs(x) ? (sum - total) + x : (x - total) + sum;
    sum = total;
  }
  double value() const { return sum + lost; }
};

}  // namespace numerics
