// Variables of a term: i.year, i(event, treat, ref=-1), c.x, province, log(x) → Part.
#pragma once

#include "formula/columns.hpp"

namespace formula {

/// Splits one factor of a term into its variables, without looking at data: i(f, x) gives two. Throws for wrong options
/// of i().
std::vector<Part> parts_of(const Tree& factor);
/// Settles whether a part is a factor, now that its column is known. Text is; numbers are where it says i.x, also when
/// they have value labels, as in Stata.
void classify(Part& part, const data::Column& column);
/// Finds the levels of a factor over `rows`, and which of them its references leave out. drop_first: without references
/// the first level is left out. Returns a note when a reference is not among the rows, else "".
std::string code_levels(Part& part, const data::Column& column, const std::vector<std::uint32_t>& rows,
                        bool drop_first);
/// The level code of each row, −1 for missing, −2 for levels that the part does not know.
std::vector<std::int32_t> level_codes(const Part& part, const data::Column& column,
                                      const std::vector<std::uint32_t>& rows);

}  // namespace formula
