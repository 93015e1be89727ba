// Terms → columns of a design matrix: which variables are factors, how their levels are coded, what columns are called.
#pragma once

#include "formula/design.hpp"

#include <map>
#include <string>
#include <vector>

namespace formula {

/// Columns of data expressions over one frame, each evaluated once.
class Columns {
 public:
  explicit Columns(const data::Frame& frame) : frame_(frame) {}
  data::ColumnPtr at(const Tree& expression);
  const data::Frame& frame() const { return frame_; }

 private:
  const data::Frame& frame_;
  std::map<std::string, data::ColumnPtr> known_;
};

/// Levels of a factor taken as one: i(year, bin={2011, 2012}).
struct Bin {
  std::string label;  ///< "": that of its first level
  std::vector<Tree> levels;
};

/// One variable of a term.
struct Part {
  Tree values;              ///< data expression: a number per row, or the levels of a factor
  bool coded = false;       ///< a factor
  bool continuous = false;  ///< c.x: never a factor
  std::string label;        ///< "lngdp", "i(year)"
  std::vector<Tree> refs;   ///< reference levels as given
  bool own_coding = false;  ///< inside i(f, x): no contrasts beyond the references given
  std::vector<Bin> bins;    ///< levels that share one coefficient
  double bin_width = 0;     ///< > 0: every so many units of the value, from the smallest on
  // Of a factor, once the rows are known:
  std::vector<std::string> levels;        ///< as text, in sorted order
  std::vector<std::string> level_labels;  ///< as printed: 1 and 0 for booleans
  std::vector<std::int32_t> slots;        ///< of each level: its place among the levels kept, −1 for a reference
  std::int32_t kept = 0;
};

constexpr std::int32_t place_unseen = -1;     ///< a combination that no row has
constexpr std::int32_t place_reference = -2;  ///< the reference combination of i(f, g)

/// The columns of one term.
struct TermPlan {
  std::vector<Part> parts;           ///< in the order of the name
  std::vector<std::size_t> faster;   ///< coded parts, the one whose level changes fastest first
  std::vector<std::int32_t> places;  ///< column of each combination of kept levels, or one of the two below
  std::vector<std::string> names;    ///< one per column
};

struct Plan {
  std::vector<TermPlan> terms;
  std::vector<std::string> names;  ///< of all columns
  std::vector<std::string> notes;
};

/// Settles factors, references and contrasts of `terms` over `rows`. spanned: a constant or a fixed effect is in the
/// model, so that a main effect leaves out its first level. Interactions follow R's marginality rule: a factor is coded
/// by contrasts when the term without it is in the model. Throws core::Error: unknown reference level, unknown option
/// of i(), text under c., a term of over 10,000 columns.
Plan plan(const std::vector<Term>& terms, Columns& columns, const std::vector<std::uint32_t>& rows, bool spanned);

/// Writes the columns of `plan` into X from column `at` on. Levels that the plan does not know, and missing values,
/// give NaN in all columns of the term.
void fill(const Plan& plan, Columns& columns, const std::vector<std::uint32_t>& rows, numerics::Matrix& X,
          numerics::Index at);

/// A numeric column over `rows`, into `out` (rows.size() values). `blame` is named when it is text.
void gather(const Tree& blame, const data::Column& column, const std::vector<std::uint32_t>& rows, double* out);

/// The variables of a term: data expressions that decide which rows are complete.
std::vector<Tree> variables(const Term& term);

}  // namespace formula
