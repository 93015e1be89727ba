// Two lists of names of the same things, written differently: which belongs to which.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace data {

/// Similarity of two texts in [0, 1], by characters. Two empty texts: 1.
/// Jaro (1989) with Winkler's (1990) prefix bonus: 0.1 for each of the first four characters in common, always given.
double jaro_winkler(const std::vector<char32_t>& a, const std::vector<char32_t>& b);
/// 1 − (insertions + deletions + substitutions) / length of the longer.
double levenshtein(const std::vector<char32_t>& a, const std::vector<char32_t>& b);

/// What is left of a place's name: compatibility forms, case and accents folded, everything but letters and digits
/// taken out, and one administrative suffix (市 省 县 区 自治区 …; city, province, county, … and `more`) taken off when
/// two characters or more remain.
std::string normalized_place(std::string_view name, const std::vector<std::string>& more = {});

enum class Similarity { jaro_winkler, levenshtein, none };
enum class MatchHow { exact, alias, normalized, fuzzy, unmatched, ambiguous };
std::string_view name_of(MatchHow how);

struct MatchOptions {
  std::vector<std::pair<std::string, std::string>> aliases = {};  ///< name of a → name of b
  std::vector<std::string> suffixes = {};                         ///< further suffixes
  Similarity similarity = Similarity::jaro_winkler;
  double cutoff = 0.9;  ///< least similarity of a fuzzy match
  bool normalize = true;
};
struct Match {
  std::int32_t b = -1;  ///< of a match; for the others the nearest candidate, or −1
  MatchHow how = MatchHow::unmatched;
  double score = 0;  ///< similarity of the normalized names; 1 for sure matches
};

/// For each name of `a` (distinct), its name in `b` (distinct): the same text; else through an alias; else the one with
/// the same normalized name; else the most similar of those names of b that nothing surer has taken, when it reaches
/// the cut-off and no other is as similar. Several that are equally good: ambiguous, which is no match. O(|a|·|b|) for
/// what remains; polls for interruption.
std::vector<Match> match_names(const std::vector<std::string>& a, const std::vector<std::string>& b,
                               const MatchOptions& options);

}  // namespace data
