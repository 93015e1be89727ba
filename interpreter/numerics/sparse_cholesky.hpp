// log-determinants of sparse symmetric positive definite matrices that share a pattern, by CHOLMOD.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace numerics {

/// The lower triangle by columns, rows ascending, every diagonal entry there.
struct SparsePattern {
  std::vector<int> starts, rows;
  std::size_t size() const { return starts.size() - 1; }
};

/// An elimination order with little fill: minimum degree or nested dissection, whichever leaves less. order[k] is the
/// row eliminated k-th.
std::vector<int> elimination_order(SparsePattern pattern);

class SparseCholesky {
 public:
  /// Orders and analyses the pattern once. Throws core::Error when memory does not suffice.
  explicit SparseCholesky(SparsePattern pattern);
  ~SparseCholesky();
  SparseCholesky(const SparseCholesky&) = delete;
  SparseCholesky& operator=(const SparseCholesky&) = delete;

  /// log |M|; nothing when M is not positive definite. values: as the pattern's rows.
  std::optional<double> log_det(std::vector<double> values) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace numerics
