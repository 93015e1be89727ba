#include "core/error.hpp"
#include "core/parallel.hpp"
#include "numerics/random.hpp"
#include "spatial/breaks.hpp"
#include "spatial/local.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

using namespace spatial;

namespace {

Weights ring(std::size_t n) {
  std::vector<Link> links;
  std::vector<std::string> ids;
  for (std::uint32_t i = 0; i < n; ++i) {
    ids.push_back(std::to_string(i));
    links.push_back({i, static_cast<std::uint32_t>((i + 1) % n), 1});
    links.push_back({i, static_cast<std::uint32_t>((i + n - 1) % n), 1});
  }
  return standardised(from_links(ids, links, "ring"), Standard::row);
}

Vector noise(Index n, std::uint64_t seed) {
  numerics::Random random(seed);
  Vector x(n);
  for (double& v : x) v = random.normal();
  return x;
}

}  // namespace

TEST_CASE("permutations agree with the moments, and with themselves for any number of threads") {
  const Weights W = ring(60);
  const Vector x = noise(60, 3);
  Options o;
  o.permutations = 4999;
  o.seed = 11;
  const int threads = core::threads();
  core::set_threads(1);
  const Association one = moran(W, x, o);
  core::set_threads(2);
  const Association two = moran(W, x, o);
  core::set_threads(threads);
  CHECK(one.draws == two.draws);
  CHECK(one.draws_mean == Approx(one.expected).margin(4 * std::sqrt(one.variance / 4999)));
  CHECK(one.draws_sd == Approx(std::sqrt(one.variance)).epsilon(0.05));
  CHECK(one.p_permutation == Approx(one.p).margin(0.05));
}

/// min(share of pairs ≥, share ≤) over every pair of other units that could stand beside unit i.
double exact_tail(const Vector& x, Index i, LocalKind kind) {
  const auto statistic = [&](Index a, Index b) {
    if (kind != LocalKind::geary) return x[a] + x[b];
    return std::pow(x[i] - x[a], 2) + std::pow(x[i] - x[b], 2);
  };
  const Index n = x.size();
  const double here = statistic((i + 1) % n, (i + n - 1) % n);
  double above = 0, below = 0, pairs = 0;
  for (Index a = 0; a < n; ++a)
    for (Index b = 0; b < a; ++b) {
      if (a == i || b == i) continue;
      const double other = statistic(a, b);
      above += other >= here - 1e-12;
      below += other <= here + 1e-12;
      pairs += 1;
    }
  return std::min(above, below) / pairs;
}

TEST_CASE("conditional permutations give the shares of all neighbourhoods that could be") {
  const Weights W = ring(50);
  const Vector x = noise(50, 4);
  LocalOptions o;
  o.permutations = 4999;
  o.folded = true;
  o.seed = 2;
  for (const LocalKind kind : {LocalKind::moran, LocalKind::geary, LocalKind::gi}) {
    const Local l = local(W, x, kind, o);
    for (Index i = 0; i < 50; ++i) {
      const double exact = exact_tail(x, i, kind);
      CHECK(std::abs(l.p_permutation[i] - exact) < 4.5 * std::sqrt(exact * (1 - exact) / 4999) + 1.0 / 5000);
    }
  }
}

TEST_CASE("what cannot be computed is an error") {
  const Weights W = ring(10);
  Vector x = Vector::Constant(10, 3);
  CHECK_THROWS_AS(moran(W, x), core::Error);
  x[4] = NAN;
  CHECK_THROWS_AS(moran(W, x), core::Error);
  CHECK_THROWS_AS(getis_ord(W, noise(10, 1)), core::Error);
}

TEST_CASE("natural breaks are the best of all") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Vector v = noise(14, seed);
    std::vector<double> x(v.data(), v.data() + v.size());
    x.push_back(x[3]);  // a tie
    std::vector<double> sorted = x;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    const Breaks found = breaks(x, "jenks", 4);
    double best = -1;
    for (std::size_t a = 0; a + 3 < sorted.size(); ++a)
      for (std::size_t b = a + 1; b + 2 < sorted.size(); ++b)
        for (std::size_t c = b + 1; c + 1 < sorted.size(); ++c) {
          const std::vector<int> group = classes(x, {sorted[0], sorted[a], sorted[b], sorted[c], sorted.back()});
          std::vector<double> n(4, 0), sum(4, 0);
          double inside = 0, total = 0, mean = 0;
          for (std::size_t i = 0; i < x.size(); ++i) {
            n[std::size_t(group[i])] += 1;
            sum[std::size_t(group[i])] += x[i];
            mean += x[i] / double(x.size());
          }
          for (std::size_t i = 0; i < x.size(); ++i) {
            inside += std::pow(x[i] - sum[std::size_t(group[i])] / n[std::size_t(group[i])], 2);
            total += std::pow(x[i] - mean, 2);
          }
          best = std::max(best, 1 - inside / total);
        }
    CHECK(found.fit == Approx(best).epsilon(1e-12));
  }
  CHECK_THROWS_AS(breaks({1, 1, 2}, "jenks", 3), core::Error);
  CHECK_THROWS_AS(breaks({1, 2, 3}, "jinks", 2), core::Error);
}

TEST_CASE("the false discovery rate keeps the order of p") {
  const Vector q = adjusted_fdr((Vector(5) << 0.01, 0.04, 0.03, 0.5, NAN).finished());
  CHECK(q[0] == Approx(0.04));
  CHECK(q[1] == Approx(0.04 * 4 / 3));
  CHECK(q[2] == Approx(0.04 * 4 / 3));
  CHECK(q[3] == Approx(0.5));
  CHECK(std::isnan(q[4]));
}
