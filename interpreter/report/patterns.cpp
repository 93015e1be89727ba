#include "report/patterns.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "report/layout.hpp"

#include <algorithm>

namespace report {
namespace {

bool any_matches(const std::vector<std::string>& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& p) { return matches(p, name); });
}

}  // namespace

bool matches(const std::string& pattern, const std::string& name) {
  if (pattern == name) return true;  // a name that itself holds * or ?
  const std::size_t levels = pattern.size();
  if (pattern.rfind("i.", 0) == 0 && name.size() > levels + 2 && name.compare(0, levels, pattern) == 0 &&
      name.compare(levels, 2, "::") == 0)
    return true;
  const std::vector<int> p = code_points(pattern), s = code_points(name);
  std::size_t i = 0, j = 0, star = p.size(), resume = 0;
  while (j < s.size()) {
    if (i < p.size() && p[i] == '*') {
      star = i++;
      resume = j;
    } else if (i < p.size() && (p[i] == '?' || p[i] == s[j])) {
      ++i;
      ++j;
    } else if (star < p.size()) {  // let the last star take one more
      i = star + 1;
      j = ++resume;
    } else {
      return false;
    }
  }
  while (i < p.size() && p[i] == '*') ++i;
  return i == p.size();
}

void check_patterns(const std::vector<std::string>& patterns, const std::string& option,
                    const std::vector<std::string>& names) {
  for (const std::string& pattern : patterns) {
    if (std::any_of(names.begin(), names.end(), [&](const std::string& name) { return matches(pattern, name); }))
      continue;
    throw core::Error(option + ": no coefficient matches '" + pattern + "'")
        .hint(core::did_you_mean(pattern, names, "coefficients"))
        .word(pattern);
  }
}

std::vector<std::string> choose(const std::vector<std::string>& names, const std::vector<std::string>& keep,
                                const std::vector<std::string>& drop, const std::vector<std::string>& order) {
  check_patterns(keep, "keep", names);
  check_patterns(drop, "drop", names);
  check_patterns(order, "order", names);
  std::vector<std::string> rest;
  for (const std::string& name : names)
    if ((keep.empty() || any_matches(keep, name)) && !any_matches(drop, name)) rest.push_back(name);
  std::vector<std::string> chosen;
  for (const std::string& pattern : order) {
    const auto matched = std::stable_partition(rest.begin(), rest.end(),
                                               [&](const std::string& name) { return matches(pattern, name); });
    chosen.insert(chosen.end(), rest.begin(), matched);
    rest.erase(rest.begin(), matched);
  }
  chosen.insert(chosen.end(), rest.begin(), rest.end());
  return chosen;
}

}  // namespace report
