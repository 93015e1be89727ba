#include "numerics/random.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

using numerics::philox4x32;
using Block = std::array<std::uint32_t, 4>;

TEST_CASE("philox gives the published words") {
  // Known-answer tests of Salmon, Moraes, Dror & Shaw (2011): zeros, ones, digits of pi.
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}) == Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("draws are a function of seed, stream and number") {
  numerics::Random a(7, 3), b(7, 3), other_stream(7, 4), other_seed(8, 3);
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t draw = a.bits();
    CHECK(draw == b.bits());
    CHECK(draw != other_stream.bits());
    CHECK(draw != other_seed.bits());
  }
}

TEST_CASE("the first draw is the first half of the first block") {
  numerics::Random r(0, 0);
  CHECK(r.bits() == 0xe169c58d6627e8d5ULL);
  CHECK(r.bits() == 0x9b00dbd8bc57ac4cULL);
}

TEST_CASE("uniform and normal draws have their moments") {
  numerics::Random r(1);
  const int n = 200'000;
  double sum = 0, normal_sum = 0, normal_square = 0, smallest = 1, largest = 0;
  for (int i = 0; i < n; ++i) {
    const double u = r.uniform(), z = r.normal();
    sum += u;
    smallest = std::min(smallest, u);
    largest = std::max(largest, u);
    normal_sum += z;
    normal_square += z * z;
  }
  // Five standard errors of each mean.
  CHECK(std::abs(sum / n - 0.5) < 5 * std::sqrt(1.0 / 12 / n));
  CHECK(std::abs(normal_sum / n) < 5 / std::sqrt(n));
  CHECK(std::abs(normal_square / n - 1) < 5 * std::sqrt(2.0 / n));
  CHECK(smallest > 0);
  CHECK(largest < 1);
}

TEST_CASE("below is uniform over its range and stays in it") {
  numerics::Random r(5);
  std::vector<int> counts(7);
  for (int i = 0; i < 70'000; ++i) ++counts.at(r.below(7));
  for (const int count : counts) CHECK(std::abs(count - 10'000) < 5 * std::sqrt(10'000.0 * 6 / 7));
  CHECK(r.below(1) == 0);
  const std::uint64_t large = (1ULL << 63) + 1;
  for (int i = 0; i < 100; ++i) CHECK(r.below(large) < large);
}

TEST_CASE("shuffle permutes, each place equally often") {
  std::vector<int> counts(4);
  for (std::uint64_t stream = 0; stream < 8000; ++stream) {
    std::vector<int> items = {0, 1, 2, 3};
    numerics::Random(9, stream).shuffle(items);
    ++counts.at(static_cast<std::size_t>(std::find(items.begin(), items.end(), 0) - items.begin()));
    std::sort(items.begin(), items.end());
    CHECK(items == std::vector<int>{0, 1, 2, 3});
  }
  for (const int count : counts) CHECK(std::abs(count - 2000) < 5 * std::sqrt(2000 * 0.75));
}
