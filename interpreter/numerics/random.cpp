#include "numerics/random.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <chrono>
#include <cmath>

#include <unistd.h>

namespace numerics {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = 0xD2511F53ULL * counter[0], p1 = 0xCD9E8D57ULL * counter[2];
    counter = {static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(p1),
               static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key[0] += 0x9E3779B9U;
    key[1] += 0xBB67AE85U;
  }
  return counter;
}

Random::Random(std::uint64_t seed, std::uint64_t stream) : key_(seed), stream_(stream) {}

std::uint64_t Random::bits() {
  if (used_ >= 4) {
    block_ = philox4x32({static_cast<std::uint32_t>(counter_), static_cast<std::uint32_t>(counter_ >> 32),
                         static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)},
                        {static_cast<std::uint32_t>(key_), static_cast<std::uint32_t>(key_ >> 32)});
    ++counter_;
    used_ = 0;
  }
  const auto at = static_cast<std::size_t>(used_);
  used_ += 2;
  return static_cast<std::uint64_t>(block_[at]) | static_cast<std::uint64_t>(block_[at + 1]) << 32;
}

// Odd multiples of 2^-53: never 0 or 1, and symmetric about 1/2.
double Random::uniform() { return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52; }

double Random::normal() {
  const double u = uniform();
  // From the smaller tail, so that both are equally fine.
  return u < 0.5 ? -std::sqrt(2.0) * boost::math::erfc_inv(2 * u) : std::sqrt(2.0) * boost::math::erfc_inv(2 * (1 - u));
}

std::uint64_t Random::below(std::uint64_t n) {
  if (n <= 1) return 0;
  // Reject the few values above the largest multiple of n.
  const std::uint64_t excess = (0 - n) % n;  // 2^64 mod n
  std::uint64_t draw = bits();
  while (draw < excess) draw = bits();
  return draw % n;
}

std::uint64_t fresh_seed() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ticks = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
  const auto process = static_cast<std::uint32_t>(getpid());
  const auto block =
      philox4x32({static_cast<std::uint32_t>(ticks), static_cast<std::uint32_t>(ticks >> 32), process, 0},
                 {0x6d6f6f6eU, 0x74696465U});
  return block[0];  // 32 bits: short enough to be typed again as seed=
}

}  // namespace numerics
