// Counter-based random streams: Philox4x32-10 keyed by (seed, stream). Draw number i is a pure function of (seed,
// stream, i), so threads never matter. Each draw of bits() takes half a block.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace numerics {

/// The block function: four random words from a counter and a key. Source: Salmon, Moraes, Dror & Shaw (2011),
/// "Parallel random numbers: as easy as 1, 2, 3", SC'11.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0);
  std::uint64_t bits();                  ///< 64 random bits
  double uniform();                      ///< (0, 1), on a grid of 2^-52
  double normal();                       ///< standard normal by inversion
  std::uint64_t below(std::uint64_t n);  ///< 0 … n − 1, unbiased
  template <class T>
  void shuffle(std::vector<T>& items) {  ///< Fisher–Yates
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::uint64_t key_, stream_, counter_ = 0;
  std::array<std::uint32_t, 4> block_ = {};
  int used_ = 4;
};

/// A seed for users who gave none, from the clock and the process; the result says which.
std::uint64_t fresh_seed();

}  // namespace numerics
