#include "data/radix.hpp"
#include "core/parallel.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>
#include <random>

namespace {

std::vector<std::uint32_t> slow_order(const std::vector<std::uint64_t>& keys) {
  std::vector<std::uint32_t> out(keys.size());
  std::iota(out.begin(), out.end(), 0U);
  std::stable_sort(out.begin(), out.end(), [&](std::uint32_t a, std::uint32_t b) { return keys[a] < keys[b]; });
  return out;
}

}  // namespace

TEST_CASE("radix order is stable sorting, whatever bits differ and however many threads run", "[radix]") {
  std::mt19937_64 random(1);
  const std::uint64_t masks[] = {0, 1, 0x7FF, 0xFFF000, 0xFF00000000000000ULL, ~std::uint64_t{0}};
  for (const std::uint64_t mask : masks) {
    std::vector<std::uint64_t> keys(200'000);
    for (std::uint64_t& key : keys) key = random() & mask;
    const std::vector<std::uint32_t> want = slow_order(keys);
    for (const int threads : {1, 3}) {
      core::set_threads(threads);
      CHECK(data::radix_order(keys) == want);
    }
  }
  core::set_threads(2);
  CHECK(data::radix_order({}).empty());
}

TEST_CASE("order keys follow the values of every type, missing last both ways", "[radix]") {
  const double hole = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  const auto order = [](const data::ColumnPtr& column, bool down) {
    return slow_order(data::order_keys(*column, down).keys);
  };
  using Rows = std::vector<std::uint32_t>;
  const auto reals = data::Column::reals({1.5, hole, -inf, -0.0, 0.0, inf, -2});
  CHECK(order(reals, false) == Rows{2, 6, 3, 4, 0, 5, 1});
  CHECK(order(reals, true) == Rows{5, 0, 3, 4, 6, 2, 1});
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const auto integers = data::Column::integers({5, data::missing_integer, -most, most, 0});
  CHECK(order(integers, false) == Rows{2, 4, 0, 3, 1});
  CHECK(order(integers, true) == Rows{3, 0, 4, 2, 1});
  const auto texts =
      data::Column::texts(std::vector<std::string>{"banana and more", "", "banana", "杭州", "banana and"});
  CHECK(order(texts, false) == Rows{2, 4, 0, 3, 1});
  const auto none = data::Column::reals({hole, hole});
  CHECK(data::order_keys(*none).bits == 0);
}
