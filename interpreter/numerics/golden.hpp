// Golden-section search. Source: Kiefer (1953), Proceedings of the AMS 4, 502–506.
#pragma once

namespace numerics {

/// Where f, which falls and then rises on [low, high], is least: each of `steps` shortens the interval by 0.618, until
/// it is no longer than `width`.
template <class Function>
double golden_minimum(const Function& f, double low, double high, int steps = 90, double width = 0) {
  constexpr double golden = 0.6180339887498949;
  double left = high - golden * (high - low), right = low + golden * (high - low);
  double at_left = f(left), at_right = f(right);
  for (int step = 0; step < steps && high - low > width; ++step) {
    if (at_left < at_right) {
      high = right;
      right = left;
      at_right = at_left;
      left = high - golden * (high - low);
      at_left = f(left);
    } else {
      low = left;
      left = right;
      at_left = at_right;
      right = low + golden * (high - low);
      at_right = f(right);
    }
  }
  return (low + high) / 2;
}

}  // namespace numerics
