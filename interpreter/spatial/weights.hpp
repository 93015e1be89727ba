// Spatial weights as values: a sparse matrix over named units, with its standardisation and where it came from.
#pragma once

#include "numerics/types.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spatial {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

enum class Standard { none, row, spectral, minmax };
std::string_view name_of(Standard standard);  ///< "none", "row", "spectral", "minmax"
/// Throws core::Error with near names.
Standard parse_standard(const std::string& text);

/// One entry w_ij: j is a neighbour of i.
struct Link {
  std::uint32_t from = 0, to = 0;
  double weight = 1;
};

/// Rows in compressed form: the neighbours of unit i are to[start[i]] … to[start[i+1]−1], ascending. A zero weight is
/// no link. Units have ids; data join by id, never by the order of rows.
struct Weights {
  std::vector<std::string> ids;
  std::string id_column;     ///< the column that holds them; "": the frame's panel unit, or rows of `origin`
  std::uint64_t origin = 0;  ///< ids are row numbers of the frame of this origin (data::RowIds)
  std::vector<std::size_t> start = {0};
  std::vector<std::uint32_t> to;
  std::vector<double> value;
  std::vector<double> raw;  ///< of each link before it was standardised; empty: `value` is that
  Standard standard = Standard::none;
  std::string source;  ///< "queen contiguity of 11 polygons"
  /// Weights that change over time: those of each period, over the same units in the same order. Then the links here
  /// are none, so that nothing takes one period's for all.
  std::map<std::string, std::shared_ptr<const Weights>> by_period;

  std::size_t units() const { return ids.size(); }
  std::size_t links() const { return to.size(); }
  std::span<const std::uint32_t> neighbours(std::size_t i) const {
    return std::span(to).subspan(start[i], start[i + 1] - start[i]);
  }
  std::span<const double> weights(std::size_t i) const {
    return std::span(value).subspan(start[i], start[i + 1] - start[i]);
  }
  double at(std::size_t i, std::size_t j) const;  ///< 0 when there is no link
};
using WeightsPtr = std::shared_ptr<const Weights>;

/// Weights of these links; entries of one pair are added, zeros left out. Throws core::Error for weights that are not
/// finite, and for an id that stands twice.
Weights from_links(std::vector<std::string> ids, std::vector<Link> links, std::string source);
/// One W for each period, by the text of the period. The units of all are put into the order of the first. Throws
/// core::Error for periods whose units differ, and for none.
Weights over_time(const std::vector<std::pair<std::string, WeightsPtr>>& periods);
/// The weights of a period: W itself when it does not change over time. Throws core::Error, naming the periods there
/// are, when W has none for it.
WeightsPtr in_period(const WeightsPtr& W, const std::string& period);
/// Throws core::Error when W changes over time and `what` takes one W.
void require_constant(const Weights& W, const std::string& what);
/// The links of W.
std::vector<Link> links_of(const Weights& W);

/// W x, W X. Vectors over the units.
Vector lag(const Weights& W, const Vector& x);
Matrix lag(const Weights& W, const Matrix& X);
/// W'x.
Vector lag_transposed(const Weights& W, const Vector& x);
Vector row_sums(const Weights& W);
Matrix dense(const Weights& W);

/// The same units in the order of `a` are required of `b` (any order); throws core::Error naming units that differ.
Weights sum(const Weights& a, double times_a, const Weights& b, double times_b);
Weights product(const Weights& a, const Weights& b);
Weights power(const Weights& W, int exponent);
Weights scaled(const Weights& W, double factor);
Weights transposed(const Weights& W);
/// The units `ids` in that order. With standard=row the rows are standardised again. Throws for unknown ids.
Weights subset(const Weights& W, const std::vector<std::string>& ids);
Weights subset(const Weights& W, const std::vector<std::uint32_t>& units);
/// With the link i → j and back, of this weight among the raw ones, standardised again. Throws for unknown ids.
Weights with_link(const Weights& W, const std::string& a, const std::string& b, double weight);
/// 1 for every link, no standardisation.
Weights binary(const Weights& W);
/// row: rows sum to one (islands stay zero); spectral: over the largest magnitude of an eigenvalue; minmax: over
/// min(largest row sum, largest column sum) of magnitudes (Kelejian & Prucha 2010); none: the raw weights. All start
/// from the raw weights. Throws core::Error for rows with negative weights.
Weights standardised(const Weights& W, Standard standard);
/// The diagonal set to `value`.
Weights with_self(const Weights& W, double value);

/// d > 0 with d_i w_ij = d_j w_ji, when there is one: then W has real eigenvalues, those of √d_i w_ij /√d_j.
std::optional<Vector> symmetrising(const Weights& W);
/// S0 = ΣΣ w, S1 = ½ ΣΣ (w_ij + w_ji)², S2 = Σ (w_i. + w_.i)².
struct Constants {
  double S0 = 0, S1 = 0, S2 = 0;
};
Constants constants(const Weights& W);

/// The number of a unit; throws core::Error with near names.
std::size_t unit_of(const Weights& W, const std::string& id);
std::vector<std::uint32_t> islands(const Weights& W);  ///< units without neighbours
/// Component of each unit, links taken both ways, numbered by first unit.
std::vector<std::uint32_t> components(const Weights& W, std::size_t* count = nullptr);

struct Shape {  ///< what the printed report says
  std::size_t least = 0, most = 0, components = 0;
  double mean = 0;
  std::size_t one_way = 0;  ///< links without a link back
  bool symmetric = false;   ///< w_ij = w_ji
  bool real = false;        ///< a symmetrising d exists
  std::vector<std::uint32_t> islands;
};
Shape shape(const Weights& W);

}  // namespace spatial
