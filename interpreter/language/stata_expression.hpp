// Stata's way of writing expressions → the language's own.
#pragma once

#include <string>
#include <string_view>

namespace language {

/// `x == . | mi(y)` → `missing(x) or missing(y)`; inlist, inrange, round(x, unit), `.` as a value, `|`, _pi. In Stata's
/// generate, sum(x) is the running sum: `running_sum` makes it cumsum(x). Text that needs no change comes back as it
/// is. Throws core::Error for subscripts (x[_n-1]), which are lags here.
std::string plain_expression(std::string_view text, bool running_sum = false);

/// The row numbers of `in 1/10`, `in -5/l`, `in f/20`, as a condition: "_n >= 1 and _n <= 10". Throws core::Error.
std::string range_condition(const std::string& range);

}  // namespace language
