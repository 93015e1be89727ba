// The one place that finds near names: columns, options, commands, vcov types.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core {

/// The known name nearest to `word` (edit distance with transpositions, case-folded first), or "" when none is near
/// enough: at most a third of the word's length, at least 1. Ties go to the earlier name.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// "did you mean 'treat'?  columns: city, year, …" — the first part only when a near name exists; the list is cut
/// after `most` names. `what` is the plural noun ("columns", "options").
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known, std::string_view what,
                         std::size_t most = 12);

}  // namespace core
