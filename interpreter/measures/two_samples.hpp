// Tests that compare two samples (or one with a number): Student, Welch, Wilcoxon, Kolmogorov–Smirnov.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace measures {

struct SampleMoments {
  double n = 0, mean = 0, sd = 0;
};

struct TTest {
  SampleMoments first, second;  ///< second.n is 0 for a one-sample test
  double difference = 0;        ///< first mean − second mean (or − mu)
  double se = 0, statistic = 0, df = 0;
  double p = 1, p_less = 1, p_greater = 1;  ///< two-sided; H1: difference < 0; H1: difference > 0
};

/// Two-sample t test. `unequal`: Welch (1947) with Satterthwaite's degrees of freedom, else a pooled variance.
/// Missing values (NaN) are left out. Throws core::Error when a sample has fewer than two values or nothing varies.
TTest t_test(std::span<const double> first, std::span<const double> second, bool unequal);
/// One-sample t test of H0: mean = mu.
TTest t_test(std::span<const double> values, double mu);

struct RankTest {
  double statistic = 0;  ///< W: pairs in which the first sample's value is larger, ties counting half (Mann–Whitney U)
  double z = 0, p = 1;   ///< normal approximation with ties and a continuity correction
  double n_first = 0, n_second = 0;
};
/// Wilcoxon (1945) rank-sum test.
RankTest rank_sum_test(std::span<const double> first, std::span<const double> second);

struct DistanceTest {
  double statistic = 0;  ///< D: the largest distance between the two empirical distribution functions
  double p = 1;          ///< asymptotic (Smirnov 1948)
  double n_first = 0, n_second = 0;
};
/// Two-sample Kolmogorov–Smirnov test.
DistanceTest kolmogorov_smirnov_test(std::span<const double> first, std::span<const double> second);

}  // namespace measures
