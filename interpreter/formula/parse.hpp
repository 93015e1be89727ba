// Text → tree: the grammar of language.md section 3.
#pragma once

#include "formula/tree.hpp"

#include <string_view>

namespace formula {

/// Parses a formula ("y ~ a*b | city + year | d ~ z"), its right side, a data expression ("log(x) + 1") or a condition
/// ("year >= 2013 and treat == 1"): one grammar. Precedence, low to high: | ; or; and; not; ~ ; comparisons and in; +
/// −; * / ; unary − ; ^ ; ## ; : # ; ^ with a number (x^2:z is (x^2):z) ; postfix [ ].
/// Between conditions `|` is `or`. `&`, `and`, `&&` are the same; `!`, `not`; `!=`, `~=` (which is unequal only after
/// an operand and before an operand, as in Lua); `=` inside a call is a keyword. Throws core::Error with a caret:
/// "expected an expression after '+'".
Tree parse(std::string_view text);

}  // namespace formula
