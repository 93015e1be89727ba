#include "numerics/absorb_schur.hpp"

#include <algorithm>

namespace numerics::absorption {
namespace {

double value_of(const Reduced::Part& part, std::size_t cell) { return part.values.empty() ? 1.0 : part.values[cell]; }

}  // namespace

Matrix dense_schur(const Reduced& reduced) {
  const Index size = reduced.size();
  const auto& starts = reduced.starts();
  const auto& others = reduced.others();
  Matrix S = Matrix::Zero(size, size);
  S.diagonal() = reduced.gram();
  const auto weight = [&](std::size_t i) { return reduced.weights().empty() ? 1.0 : reduced.weights()[i]; };
  // A: layers of one dimension are orthogonal, so only pairs of different dimensions meet.
  for (std::size_t i = 0; i < std::size_t(reduced.cells()); ++i)
    for (std::size_t p = 1; p < others.size(); ++p)
      for (std::size_t q = 0; q < p; ++q)
        if (reduced.dimension(others[p]) != reduced.dimension(others[q]))
          S(others[p].column[i], others[q].column[i]) += weight(i) * value_of(others[p], i) * value_of(others[q], i);
  // C'B⁻¹C, one row of C (a level of an eliminated layer) at a time.
  std::vector<double> row(std::size_t(size), 0.0);
  std::vector<std::int32_t> met;
  for (const Reduced::Part& own : reduced.own()) {
    const Vector& inverse = reduced.inverse(own);
    for (std::size_t level = 0; level + 1 < starts.size(); ++level) {
      met.clear();
      for (auto i = std::size_t(starts[level]); i < std::size_t(starts[level + 1]); ++i)
        for (const Reduced::Part& other : others) {
          double& entry = row[std::size_t(other.column[i])];
          const double add = weight(i) * value_of(own, i) * value_of(other, i);
          if (entry == 0 && add != 0) met.push_back(other.column[i]);
          entry += add;
        }
      std::sort(met.begin(), met.end());
      met.erase(std::unique(met.begin(), met.end()), met.end());
      for (std::size_t a = 0; a < met.size(); ++a) {
        const double scaled = row[std::size_t(met[a])] * inverse[Index(level)];
        for (std::size_t b = a; b < met.size(); ++b) S(met[b], met[a]) -= scaled * row[std::size_t(met[b])];
      }
      for (const std::int32_t j : met) row[std::size_t(j)] = 0;
    }
  }
  return S;
}

}  // namespace numerics::absorption
