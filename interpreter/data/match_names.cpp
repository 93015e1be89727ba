#include "data/match_names.hpp"

#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/unicode.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>

namespace data {
namespace {

// Folded as names are; longer ones first, so that 自治区 goes before 区.
constexpr std::array<std::string_view, 23> suffixes{
    "维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "自治州", "自治县", "地区",
    "林区",         "省",         "市",         "县",         "区",     "州",     "盟",     "旗",
    "municipality", "prefecture", "province",   "district",   "county", "region", "city"};

/// A letter or a digit of any script.
bool is_kept(char32_t point) {
  if (point < 0x80)
    return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') || (point >= '0' && point <= '9');
  if (point >= 0x2000 && point <= 0x2BFF) return false;  // punctuation, arrows, signs
  if (point >= 0x3000 && point <= 0x303F) return false;  // CJK punctuation
  return point != 0xA0 && point != 0xB7;
}

bool ends_with(const std::string& text, std::string_view tail) {
  return text.size() > tail.size() && text.compare(text.size() - tail.size(), tail.size(), tail) == 0;
}

std::string letters_of(std::string_view name) {
  std::vector<char32_t> points = core::code_points(core::folded(name));
  points.erase(std::remove_if(points.begin(), points.end(), [](char32_t p) { return !is_kept(p); }), points.end());
  return core::utf8(points);
}

/// Names of one list by their text; −2 marks a text that several share.
using Places = std::unordered_map<std::string, std::int32_t>;
constexpr std::int32_t several = -2;
Places places_of(const std::vector<std::string>& names) {
  Places out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto [at, fresh] = out.try_emplace(names[i], static_cast<std::int32_t>(i));
    if (!fresh) at->second = several;
  }
  return out;
}

struct Best {
  std::int32_t b = -1;
  double score = -1;
  bool tied = false;
};

}  // namespace

std::string_view name_of(MatchHow how) {
  switch (how) {
    case MatchHow::exact:
      return "exact";
    case MatchHow::alias:
      return "alias";
    case MatchHow::normalized:
      return "normalized";
    case MatchHow::fuzzy:
      return "fuzzy";
    case MatchHow::ambiguous:
      return "ambiguous";
    case MatchHow::unmatched:
      break;
  }
  return "unmatched";
}

double jaro_winkler(const std::vector<char32_t>& a, const std::vector<char32_t>& b) {
  if (a.empty() || b.empty()) return a.empty() && b.empty() ? 1 : 0;
  const std::size_t longer = std::max(a.size(), b.size());
  const std::size_t window = longer / 2 > 0 ? longer / 2 - 1 : 0;
  std::vector<bool> taken(b.size(), false);
  std::vector<char32_t> matched;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::size_t from = i > window ? i - window : 0;
    const std::size_t to = std::min(b.size(), i + window + 1);
    for (std::size_t j = from; j < to; ++j) {
      if (taken[j] || a[i] != b[j]) continue;
      taken[j] = true;
      matched.push_back(a[i]);
      break;
    }
  }
  if (matched.empty()) return 0;
  std::size_t out_of_order = 0;
  std::size_t k = 0;
  for (std::size_t j = 0; j < b.size(); ++j)
    if (taken[j]) out_of_order += b[j] != matched[k++] ? 1 : 0;
  const auto m = static_cast<double>(matched.size());
  const double jaro = (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) +
                       (m - static_cast<double>(out_of_order) / 2) / m) /
                      3;
  constexpr std::size_t longest_prefix = 4;
  std::size_t prefix = 0;
  while (prefix < longest_prefix && prefix < a.size() && prefix < b.size() && a[prefix] == b[prefix]) ++prefix;
  return jaro + 0.1 * static_cast<double>(prefix) * (1 - jaro);
}

double levenshtein(const std::vector<char32_t>& a, const std::vector<char32_t>& b) {
  if (a.empty() && b.empty()) return 1;
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return 1 - static_cast<double>(row.back()) / static_cast<double>(std::max(a.size(), b.size()));
}

std::string normalized_place(std::string_view name, const std::vector<std::string>& more) {
  std::string out = letters_of(name);
  const auto strip = [&out](std::string_view suffix) {
    if (suffix.empty() || !ends_with(out, suffix)) return false;
    const std::string rest = out.substr(0, out.size() - suffix.size());
    if (core::character_count(rest) < 2) return false;
    out = rest;
    return true;
  };
  for (const std::string& suffix : more)
    if (strip(letters_of(suffix))) return out;
  for (const std::string_view suffix : suffixes)
    if (strip(suffix)) return out;
  return out;
}

std::vector<Match> match_names(const std::vector<std::string>& a, const std::vector<std::string>& b,
                               const MatchOptions& options) {
  std::vector<Match> out(a.size());
  const Places exact = places_of(b);
  std::unordered_map<std::string, std::string> alias;
  for (const auto& [from, to] : options.aliases) alias.emplace(from, to);
  std::vector<std::string> plain_a;
  std::vector<std::string> plain_b;
  plain_a.reserve(a.size());
  plain_b.reserve(b.size());
  for (const std::string& name : a)
    plain_a.push_back(options.normalize ? normalized_place(name, options.suffixes) : name);
  for (const std::string& name : b)
    plain_b.push_back(options.normalize ? normalized_place(name, options.suffixes) : name);
  const Places plain = places_of(plain_b);
  std::vector<std::uint8_t> taken(b.size(), 0);
  const auto take = [&](std::size_t i, std::int32_t place, MatchHow how) {
    out[i] = {.b = place, .how = how, .score = 1};
    taken[static_cast<std::size_t>(place)] = 1;
  };
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (const auto found = exact.find(a[i]); found != exact.end() && found->second >= 0) {
      take(i, found->second, MatchHow::exact);
      continue;
    }
    if (const auto other = alias.find(a[i]); other != alias.end())
      if (const auto found = exact.find(other->second); found != exact.end() && found->second >= 0)
        take(i, found->second, MatchHow::alias);
  }
  for (std::size_t i = 0; i < a.size() && options.normalize; ++i) {
    if (out[i].how != MatchHow::unmatched || plain_a[i].empty()) continue;
    const auto found = plain.find(plain_a[i]);
    if (found == plain.end()) continue;
    if (found->second >= 0)
      take(i, found->second, MatchHow::normalized);
    else
      out[i] = {.b = -1, .how = MatchHow::ambiguous, .score = 1};
  }
  if (options.similarity == Similarity::none) return out;

  std::vector<std::vector<char32_t>> points_b;
  points_b.reserve(b.size());
  for (const std::string& name : plain_b) points_b.push_back(core::code_points(name));
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (out[i].how == MatchHow::unmatched) open.push_back(i);
  std::vector<Best> best(open.size());
  core::for_blocks(open.size(), 8, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end && !core::interrupt_requested(); ++k) {
      const std::vector<char32_t> name = core::code_points(plain_a[open[k]]);
      for (std::size_t j = 0; j < b.size(); ++j) {
        if (taken[j] != 0) continue;
        const double score = options.similarity == Similarity::levenshtein ? levenshtein(name, points_b[j])
                                                                           : jaro_winkler(name, points_b[j]);
        if (score > best[k].score)
          best[k] = {static_cast<std::int32_t>(j), score, false};
        else if (score == best[k].score)
          best[k].tied = true;
      }
    }
  });
  core::poll();
  for (std::size_t k = 0; k < open.size(); ++k) {
    if (best[k].b < 0) continue;
    const bool near = best[k].score >= options.cutoff;
    const MatchHow how = !near ? MatchHow::unmatched : best[k].tied ? MatchHow::ambiguous : MatchHow::fuzzy;
    out[open[k]] = {.b = best[k].b, .how = how, .score = best[k].score};
  }
  return out;
}

}  // namespace data
