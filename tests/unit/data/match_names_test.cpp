#include "data/match_names.hpp"
#include "core/unicode.hpp"

#include <catch2/catch.hpp>

using data::MatchHow;
using Names = std::vector<std::string>;

namespace {
double jw(const std::string& a, const std::string& b) {
  return data::jaro_winkler(core::code_points(a), core::code_points(b));
}
}  // namespace

TEST_CASE("Jaro-Winkler and Levenshtein give the values of the literature", "[names]") {
  // Winkler (1990), table of examples, to the digits printed there.
  CHECK(jw("MARTHA", "MARHTA") == Approx(0.9611111111));
  CHECK(jw("DWAYNE", "DUANE") == Approx(0.84));
  CHECK(jw("DIXON", "DICKSONX") == Approx(0.8133333333));
  CHECK(jw("", "") == 1);
  CHECK(jw("a", "") == 0);
  CHECK(jw("杭州", "杭州") == 1);
  CHECK(data::levenshtein(core::code_points("kitten"), core::code_points("sitting")) == Approx(1 - 3.0 / 7));
  CHECK(data::levenshtein(core::code_points("杭州"), core::code_points("湖州")) == Approx(0.5));
}

TEST_CASE("similarities are symmetric and within 0 and 1", "[names]") {
  const Names words{"hangzhou", "huzhou", "wenzhou", "taizhou", "tz", "", "zhoushan", "ab", "ba"};
  for (const auto& a : words)
    for (const auto& b : words) {
      CHECK(jw(a, b) == Approx(jw(b, a)));
      CHECK(jw(a, b) <= 1);
      CHECK(jw(a, b) >= 0);
      CHECK((jw(a, b) == 1) == (a == b));
    }
}

TEST_CASE("place names lose width, case, accents, blanks and one suffix", "[names]") {
  CHECK(data::normalized_place("杭州市") == "杭州");
  CHECK(data::normalized_place("广西壮族自治区") == "广西");
  CHECK(data::normalized_place("沙市") == "沙市");
  CHECK(data::normalized_place(" Ｈａｎｇｚｈｏｕ  City ") == "hangzhou");
  CHECK(data::normalized_place("Lu'an") == "luan");
  CHECK(data::normalized_place("Córdoba Province") == "cordoba");
  CHECK(data::normalized_place("Kreis Borken", {}) == "kreisborken");
  CHECK(data::normalized_place("Borken Kreis", {"Kreis"}) == "borken");
}

TEST_CASE("matches are exact, then by alias, normalized, fuzzy; the others say who is near", "[names]") {
  data::MatchOptions options;
  options.aliases = {{"Canton", "广州"}};
  const Names a{"杭州市", "Ningbo", "Canton", "Wenzhuo", "Nowhere"};
  const Names b{"杭州", "Ningbo", "广州", "Wenzhou", "Taizhou"};
  const auto matches = data::match_names(a, b, options);
  CHECK(matches[0].how == MatchHow::normalized);
  CHECK(matches[1].how == MatchHow::exact);
  CHECK(matches[2].how == MatchHow::alias);
  CHECK(matches[3].how == MatchHow::fuzzy);
  CHECK(matches[3].b == 3);
  CHECK(matches[4].how == MatchHow::unmatched);
  options.similarity = data::Similarity::none;
  CHECK(data::match_names(a, b, options)[3].how == MatchHow::unmatched);
}

TEST_CASE("equally good candidates are no match", "[names]") {
  const auto matches = data::match_names({"吉林"}, {"吉林市", "吉林省"}, {});
  CHECK(matches[0].how == MatchHow::ambiguous);
  const auto fuzzy = data::match_names({"abcdef"}, {"abcdeg", "abcdeh"}, {});
  CHECK(fuzzy[0].how == MatchHow::ambiguous);
}
