// Choosing coefficients by name for tables and plots.
#pragma once

#include <string>
#include <vector>

namespace report {

/// True when `name` matches: `*` stands for any text, `?` for one character, everything else for itself; "i.city" also
/// for all of its levels, "i.city::Wuhan".
bool matches(const std::string& pattern, const std::string& name);

/// Throws core::Error with near names, naming `option`, for a pattern that matches none of `names`.
void check_patterns(const std::vector<std::string>& patterns, const std::string& option,
                    const std::vector<std::string>& names);

/// Names in their order after `keep` (empty: all), `drop` and `order` (matching names first, pattern by pattern).
/// Throws core::Error with near names for a pattern that matches nothing.
std::vector<std::string> choose(const std::vector<std::string>& names, const std::vector<std::string>& keep,
                                const std::vector<std::string>& drop, const std::vector<std::string>& order);

}  // namespace report
