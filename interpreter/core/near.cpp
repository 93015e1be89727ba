#include "core/near.hpp"

#include "core/text.hpp"
#include "core/unicode.hpp"

#include <algorithm>

namespace core {
namespace {

/// Optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours.
std::size_t distance(const std::vector<char32_t>& a, const std::vector<char32_t>& b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

/// The one name that begins with the word, from three letters on: gen for generate.
std::string begun(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t shortest = 3;
  const std::string* found = nullptr;
  for (const std::string& name : known) {
    if (word.size() < shortest || !starts_with(name, word)) continue;
    if (found) return "";
    found = &name;
  }
  return found ? *found : "";
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  if (word.empty() || word.size() > 200) return "";
  const std::vector<char32_t> wanted = code_points(lower_case(word));
  const std::size_t allowed = std::max<std::size_t>(1, wanted.size() / 3);
  std::size_t best = allowed + 1;
  const std::string* found = nullptr;
  for (const std::string& name : known) {
    if (name.empty() || name.size() > 4 * (word.size() + allowed)) continue;
    const std::vector<char32_t> known_name = code_points(lower_case(name));
    if (known_name.size() > wanted.size() + allowed || known_name.size() + allowed < wanted.size()) continue;
    const std::size_t d = distance(wanted, known_name);
    if (wanted.size() == 1 && d > 0) continue;  // one letter is near to half of all short names
    const bool swapped =
        wanted.size() == 2 && known_name.size() == 2 && wanted[0] == known_name[1] && wanted[1] == known_name[0];
    if (wanted.size() == 2 && d > 0 && wanted[0] != known_name[0] && !swapped) continue;
    if (d < best && d < std::max(wanted.size(), known_name.size())) {
      best = d;
      found = &name;
    }
  }
  return found ? *found : begun(word, known);
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known, std::string_view what,
                         std::size_t most) {
  std::string out;
  const std::string near = nearest(word, known);
  if (!near.empty()) out = "did you mean '" + near + "'?";
  if (known.empty()) return out;
  if (!out.empty()) out += "  ";
  out += std::string(what) + ": ";
  for (std::size_t i = 0; i < known.size() && i < most; ++i) out += (i ? ", " : "") + known[i];
  if (known.size() > most) out += ", … (" + std::to_string(known.size()) + " in all)";
  return out;
}

}  // namespace core
