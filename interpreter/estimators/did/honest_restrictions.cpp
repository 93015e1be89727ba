#include "estimators/did/honest_restrictions.hpp"

#include "core/error.hpp"

namespace estimators {
namespace {

/// δ_t as a row; nothing at the reference period.
Vector level(const EventPath& path, Index t) {
  Vector row = Vector::Zero(path.size());
  if (t != 0) row[path.at(t)] = 1;
  return row;
}
/// δ_t+1 − δ_t
Vector change(const EventPath& path, Index t) { return level(path, t + 1) - level(path, t); }
/// (δ_t+1 − δ_t) − (δ_t − δ_t−1)
Vector bend(const EventPath& path, Index t) { return change(path, t) - change(path, t - 1); }

class Rows {
 public:
  explicit Rows(const EventPath& path) : path_(path) {}
  void below(const Vector& row, double bound) {
    if (row.tail(path_.after).cwiseAbs().maxCoeff() == 0) return;  // nothing after the reference
    rows_.push_back(row);
    bounds_.push_back(bound);
  }
  void within(const Vector& row, double bound) {
    below(row, bound);
    below(-row, bound);
  }
  /// |row| ≤ size
  void within(const Vector& row, const Vector& size) {
    below(row - size, 0);
    below(-row - size, 0);
  }
  Polyhedron polyhedron() const {
    Polyhedron out;
    out.A.resize(static_cast<Index>(rows_.size()), path_.size());
    out.d.resize(static_cast<Index>(rows_.size()));
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      out.A.row(static_cast<Index>(i)) = rows_[i].transpose();
      out.d[static_cast<Index>(i)] = bounds_[i];
    }
    return out;
  }

 private:
  const EventPath& path_;
  std::vector<Vector> rows_;
  std::vector<double> bounds_;
};

void add_directions(Rows& rows, const EventPath& path, const RestrictionSet& set) {
  const double bias = set.bias == Direction::positive ? -1 : 1, trend = set.trend == Direction::positive ? -1 : 1;
  for (Index t = 1; t <= path.after; ++t)
    if (set.bias != Direction::none) rows.below(bias * level(path, t), 0);
  for (Index t = -path.before; t < path.after; ++t)
    if (set.trend != Direction::none) rows.below(trend * change(path, t), 0);
}

}  // namespace

std::vector<Polyhedron> polyhedra(const EventPath& path, const RestrictionSet& set, double M) {
  std::vector<Polyhedron> out;
  if (set.kind == TrendRestriction::smoothness) {
    Rows rows(path);
    for (Index t = 1 - path.before; t < path.after; ++t) rows.within(bend(path, t), M);
    add_directions(rows, path, set);
    out.push_back(rows.polyhedron());
    return out;
  }
  const bool bends = set.kind == TrendRestriction::relative_smoothness;
  if (bends && path.before < 2)
    throw core::Error("second differences before treatment need two effects before the reference period, not one")
        .hint("take restriction=\"rm\" or \"sd\"");
  const auto step = [&](Index t) { return bends ? bend(path, t) : change(path, t); };
  const Index first = bends ? 1 - path.before : -path.before;
  for (Index s = first; s < 0; ++s) {  // the largest step before treatment is that of s, up or down
    for (const double sign : {1.0, -1.0}) {
      Rows rows(path);
      for (Index t = 0; t < path.after; ++t) rows.within(step(t), Vector(M * sign * step(s)));
      add_directions(rows, path, set);
      out.push_back(rows.polyhedron());
    }
  }
  return out;
}

}  // namespace estimators
