// What the text functions of data expressions do to one word. Characters are Unicode code points, counted from 1.
#pragma once

#include "data/column.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace formula {

constexpr std::int64_t all_characters = 1'000'000'000;

/// `count` characters from `start` (1 is the first, −1 the last).
std::string part(std::string_view word, std::int64_t start, std::int64_t count);
/// Where `wanted` first stands in `word`, 0 when nowhere.
std::int64_t position(std::string_view word, std::string_view wanted);
/// The first `most` occurrences of `from` become `to`; an empty `from` changes nothing.
std::string substituted(std::string_view word, std::string_view from, std::string_view to, std::int64_t most);
/// Blanks taken off the left, the right; runs of blanks inside become one. A blank is ASCII white space, the no-break
/// space or the ideographic space.
std::string stripped(std::string_view word, bool left, bool right, bool inside);
/// The n-th piece between blanks (−1 is the last), "" when there is none; and how many there are.
std::string nth_word(std::string_view word, std::int64_t n);
std::int64_t count_words(std::string_view word);
/// At least `width` characters, filled with `fill` (one or more characters, repeated) at the left or the right.
std::string padded(std::string_view word, std::int64_t width, std::string_view fill, bool left);
/// Pieces between the separators, themselves stripped of nothing; "" as separator: the blanks.
std::vector<std::string> pieces(std::string_view word, std::string_view separator);
/// A number written with a point, a sign and an exponent allowed; NaN when it is none.
double number_in(std::string_view word);

/// A regular expression in RE2's syntax (Perl's without backreferences and look-around): time linear in the text,
/// whatever the pattern. Throws core::Error with RE2's words when the pattern is wrong.
/// Source: R. Cox, "Regular Expression Matching Can Be Simple And Fast" (2007).
class Regex {
 public:
  explicit Regex(const std::string& pattern);
  ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;
  int groups() const;
  bool found_in(std::string_view word) const;
  /// What group `group` (0: the whole pattern) matched first; "" when nothing did.
  std::string extract(std::string_view word, int group) const;
  /// Every match replaced; \1 … \9 stand for groups. Throws core::Error when `to` names a group that is not there.
  std::string replaced(std::string_view word, const std::string& to) const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

/// f(word) for each row, computed once per distinct word.
template <class T, class F>
std::vector<T> per_word(const data::Column& text, T missing, const F& f) {
  std::vector<T> of_word;
  of_word.reserve(text.dictionary()->size());
  for (const std::string& word : *text.dictionary()) of_word.push_back(f(word));
  std::vector<T> out(text.size(), missing);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (text.codes()[i] >= 0) out[i] = of_word[static_cast<std::size_t>(text.codes()[i])];
  return out;
}

/// Rows of a text column whose word w is now `changed[w]` (as many as the dictionary has); "" becomes missing.
data::ColumnPtr with_words(const data::Column& text, std::vector<std::string> changed);

/// The column with each distinct word changed by f(word).
template <class F>
data::ColumnPtr map_words(const data::Column& text, const F& f) {
  std::vector<std::string> changed;
  changed.reserve(text.dictionary()->size());
  for (const std::string& word : *text.dictionary()) changed.push_back(f(word));
  return with_words(text, std::move(changed));
}

}  // namespace formula
