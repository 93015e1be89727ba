// Composite indices of several indicators: scaling, entropy weights, TOPSIS.
#pragma once

#include <span>
#include <vector>

namespace measures {

/// An indicator: n values, none missing. `cost`: less is better.
struct Indicator {
  std::vector<double> values;
  bool cost = false;
};

/// (x − min)/(max − min), or (max − x)/(max − min) of a cost. Empty when the values do not vary.
std::vector<double> min_max(const Indicator& indicator);

struct EntropyWeights {
  std::vector<double> entropy;  ///< e_j, one per indicator, in [0, 1]
  std::vector<double> utility;  ///< 1 − e_j
  std::vector<double> weights;  ///< utility over its sum
  std::vector<double> score;    ///< Σ w_j z_ij, n
};
/// e_j = −(1/ln n) Σ_i p_ij ln p_ij with p_ij = z_ij / Σ_i z_ij, where z is min_max plus `shift`, n the number of rows
/// and 0 ln 0 = 0. Throws core::Error on fewer than two rows, on an indicator that does not vary (by its position, from
/// 1), and when no indicator carries information.
/// Source: Shannon (1948); Zeleny (1982), Multiple Criteria Decision Making, ch. 6.
EntropyWeights entropy_weights(std::span<const Indicator> indicators, double shift);

enum class TopsisScale { vector, min_max };
struct Topsis {
  std::vector<double> best, worst;        ///< ideal and anti-ideal weighted values, one per indicator
  std::vector<double> to_best, to_worst;  ///< Euclidean distances D+ and D−, n
  std::vector<double> closeness;          ///< D− / (D+ + D−), n, in [0, 1]
};
/// vector: x / √Σx² (a cost keeps its direction and has its minimum as ideal); min_max: as min_max(). weights sum to 1.
/// Throws core::Error when an indicator cannot be scaled. Source: Hwang & Yoon (1981), Multiple Attribute Decision
/// Making.
Topsis topsis(std::span<const Indicator> indicators, std::span<const double> weights, TopsisScale scale);

}  // namespace measures
