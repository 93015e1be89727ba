// Sums over rows in double-double and in fixed blocks: the parts that description, correlation and ANOVA share.
#pragma once

#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "numerics/double_double.hpp"

#include <cstddef>
#include <vector>

namespace measures {

/// Σ term(i) over 0 ≤ i < n; term gives a double-double. The same digits for any number of threads.
template <class Term>
numerics::DoubleDouble exact_sum(std::size_t n, const Term& term) {
  constexpr std::size_t block = 1 << 14;
  std::vector<numerics::DoubleDouble> parts((n + block - 1) / block);
  core::for_blocks(n, block, [&](std::size_t begin, std::size_t end) {
    if (core::interrupt_requested()) return;
    numerics::DoubleDouble sum;
    for (std::size_t i = begin; i < end; ++i) sum += term(i);
    parts[begin / block] = sum;
  });
  core::poll();
  numerics::DoubleDouble total;
  for (const numerics::DoubleDouble& part : parts) total += part;
  return total;
}

}  // namespace measures
