// Formula tree + frame → Design: the numbers an estimator works on, and what was dropped on the way.
#pragma once

#include "data/frame.hpp"
#include "formula/tree.hpp"
#include "numerics/absorb.hpp"
#include "numerics/types.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace formula {

enum class WeightKind { none, analytic, frequency, probability };

/// weights= as the user gave it: aw(x), fw(x), pw(x); a bare expression is analytic.
struct Weights {
  WeightKind kind = WeightKind::none;
  Tree expression;
};

/// One column block of the right side, before it meets data.
struct Term {
  std::vector<Tree> factors;  ///< one for a main effect, more for an interaction
  std::string label;          ///< as written: "treat:post", "i(year)"
};

/// The parts of a formula, with fragments already in place.
struct Parts {
  std::vector<Tree> lhs;  ///< usually one
  std::vector<Term> exogenous;
  bool constant = true;  ///< false after -1 or +0
  std::vector<Tree> fe;  ///< fixed-effect terms: name, a^b, fe[x], fe[[x]]
  std::vector<Tree> endogenous;
  std::vector<Term> instruments;
};

/// Splits `y ~ x | fe | d ~ z`. `fe`: the fe= option's terms, may be null; giving both a bar and fe= joins them. Also
/// takes a right side alone (no lhs). Expands * and ##, removes doubled terms and -x terms. Throws core::Error for
/// misplaced parts.
Parts split(const Tree& formula, const Tree& fe = nullptr);

struct DesignOptions {
  Tree where;    ///< may be null
  Tree further;  ///< a second condition, with the reason that its rows are booked under
  std::string further_reason;
  Weights weights;
  std::vector<Tree> complete;  ///< further expressions whose missing rows are dropped (cluster variables, coordinates)
  bool keep_singletons = false;
};

/// Rows that did not make it, by reason, in the order in which reasons were applied.
struct Dropped {
  std::string
      reason;  ///< "where", "missing in lngdp, retail", "weight zero or missing", "not finite in log(x)", "singleton"
  std::size_t rows = 0;
};

struct FixedEffectInfo {
  std::string name;  ///< as written: "city", "province^year", "city[trend]"
  std::vector<std::string> slope_names;
  std::vector<std::string> level_names;  ///< by code
};

struct Design {
  std::string y_name;
  numerics::Vector y;  ///< n
  numerics::Matrix X;  ///< n×k exogenous, the constant last as "_cons" when there is one and no fixed effect absorbs it
  std::vector<std::string> names;  ///< k
  bool constant = false;
  numerics::Matrix endogenous, instruments;  ///< n×p, n×m excluded instruments
  std::vector<std::string> endogenous_names, instrument_names;
  std::vector<numerics::FixedEffect> fe;
  std::vector<FixedEffectInfo> fe_info;
  WeightKind weight_kind = WeightKind::none;
  numerics::Vector weights;         ///< n or empty; analytic and probability weights as given
  std::vector<std::uint32_t> rows;  ///< the frame's rows in use, ascending
  std::size_t frame_rows = 0;
  std::vector<Dropped> dropped;
  std::vector<std::string> notes;
};

/// Builds everything. Throws core::Error: unknown column, text used as a number, no rows left (with the reasons), left
/// side is constant text.
Design design(const Parts& parts, const data::Frame& frame, const DesignOptions& options = {});

/// Columns of one term over given rows: names and values. Used by predict on new data: `levels` (from the first build)
/// fixes the factor levels and references.
struct TermColumns {
  std::vector<std::string> names;
  numerics::Matrix values;
};
/// The right-side columns of `parts` over all rows of another frame with the factor levels of `rows` of `original`;
/// unknown levels give NaN. Order and names as design().names.
TermColumns design_for_prediction(const Parts& parts, const data::Frame& original,
                                  const std::vector<std::uint32_t>& rows, const data::Frame& frame);

/// Dense codes of a fixed-effect or cluster term (name or a^b) over `rows`; missing −1.
data::Grouping group_of(const Tree& term, const data::Frame& frame, const std::vector<std::uint32_t>& rows);

}  // namespace formula
