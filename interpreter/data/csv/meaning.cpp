#include "data/csv/meaning.hpp"

#include "core/text.hpp"
#include "data/csv/cell.hpp"
#include "data/date_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace data::csv {
namespace {

using Values = std::vector<std::int64_t>;

/// The days of all words, when all are dates in this order.
std::optional<Values> all_dates(const std::vector<std::string>& words, const char* order) {
  const DateFormat format(order);
  Values days;
  for (const std::string& word : words) {
    const std::optional<std::int64_t> day = format.read(word);
    if (!day) return std::nullopt;
    days.push_back(*day);
  }
  return days;
}

/// Begins or ends with four digits and has something between its parts: worth trying as a date.
bool looks_like_date(const std::string& word) {
  if (word.size() < 8 || word.size() > 20) return false;
  const auto digits = std::count_if(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits >= 5 && digits <= 8 && static_cast<std::size_t>(digits) < word.size();
}

ColumnPtr dates(const Column& text, const Values& day_of_word) {
  std::vector<std::int64_t> days;
  days.reserve(text.size());
  for (const std::int32_t code : text.codes())
    days.push_back(code < 0 ? missing_integer : day_of_word[static_cast<std::size_t>(code)]);
  return Column::dates(std::move(days));
}

ColumnPtr as_dates(const ColumnPtr& text, const std::string& name, const CsvOptions& options,
                   std::vector<std::string>& notes) {
  const std::vector<std::string>& words = *text->dictionary();
  if (options.dates == "none" || !looks_like_date(words.front())) return nullptr;
  if (!options.dates.empty()) {
    const auto days = all_dates(words, options.dates.c_str());
    return days ? dates(*text, *days) : nullptr;
  }
  if (const auto days = all_dates(words, "ymd")) return dates(*text, *days);
  const auto day_first = all_dates(words, "dmy"), month_first = all_dates(words, "mdy");
  if (day_first && month_first && *day_first != *month_first) {
    notes.push_back("column '" + name + "' is a string: '" + words.front() +
                    "' could be day/month or month/day; dates=\"dmy\" or dates=\"mdy\" says which");
    return nullptr;
  }
  const auto& days = day_first ? day_first : month_first;
  if (!days) return nullptr;
  notes.push_back("column '" + name + "': '" + words.front() + "' is read as " +
                  (day_first ? "day/month/year" : "month/day/year") + " (dates= says otherwise)");
  return dates(*text, *days);
}

/// "1,234,567.5" → "1234567.5": groups of three digits; nothing for other words. Plain numbers stay as they are.
std::optional<std::string> without_thousands(const std::string& word, char separator, char decimal) {
  std::string out;
  std::size_t at = !word.empty() && (word[0] == '-' || word[0] == '+') ? 1 : 0;
  out.append(word, 0, at);
  const std::size_t whole_end = std::min(word.find(decimal, at), word.size());
  std::size_t group = 0;
  bool first = true;
  for (; at < whole_end; ++at) {
    if (word[at] == separator) {
      if (group == 0 || group > 3 || (!first && group != 3)) return std::nullopt;
      first = false;
      group = 0;
      continue;
    }
    if (word[at] < '0' || word[at] > '9') return std::nullopt;
    out += word[at];
    ++group;
  }
  if (!first && group != 3) return std::nullopt;
  if (group == 0) return std::nullopt;
  out.append(word, whole_end, std::string::npos);
  return out;
}

ColumnPtr as_numbers(const ColumnPtr& text, const std::string& name, const CsvOptions& options, char decimal,
                     std::vector<std::string>& notes) {
  const char separator = options.thousands ? options.thousands : decimal == ',' ? '.' : ',';
  if (options.thousands == '-') return nullptr;
  std::vector<double> values;
  bool whole = true;
  const std::string* separated = nullptr;
  for (const std::string& word : *text->dictionary()) {
    const std::optional<std::string> plain = without_thousands(word, separator, decimal);
    const std::optional<double> value = plain ? parse_real(*plain, decimal) : std::nullopt;
    if (!value) return nullptr;
    if (!separated && word.find(separator) != std::string::npos) separated = &word;
    whole = whole && plain->find(decimal) == std::string::npos && std::abs(*value) < 9e15;
    values.push_back(*value);
  }
  if (!separated) return nullptr;
  if (!options.thousands)
    notes.push_back("column '" + name + "': '" + *separated +
                    "' is read with thousands separators (thousands=\"\" keeps text)");
  if (whole) {
    std::vector<std::int64_t> integers;
    for (const std::int32_t code : text->codes())
      integers.push_back(code < 0 ? missing_integer
                                  : static_cast<std::int64_t>(values[static_cast<std::size_t>(code)]));
    return Column::integers(std::move(integers));
  }
  std::vector<double> reals;
  for (const std::int32_t code : text->codes())
    reals.push_back(code < 0 ? std::nan("") : values[static_cast<std::size_t>(code)]);
  return Column::reals(std::move(reals));
}

/// The words that `reads` refuses, when they are few: five, or a tenth of all.
template <class Reads>
std::optional<std::vector<std::size_t>> few_strays(const std::vector<std::string>& words, const Reads& reads) {
  const std::size_t most = std::max<std::size_t>(5, words.size() / 10);
  std::vector<std::size_t> strays;
  for (std::size_t w = 0; w < words.size() && strays.size() <= most; ++w)
    if (!reads(words[w])) strays.push_back(w);
  if (strays.size() > most || words.size() < strays.size() * 2 + 1) return std::nullopt;
  return strays;
}

/// Where the first of the words stands and how many cells hold one.
void note_strays(const Column& text, const std::string& name, const std::vector<std::size_t>& strays,
                 const std::string& what, std::vector<std::string>& notes) {
  std::vector<char> is_stray(text.dictionary()->size(), 0);
  for (const std::size_t w : strays) is_stray[w] = 1;
  std::size_t first = 0, count = 0;
  for (std::size_t row = 0; row < text.size(); ++row) {
    const std::int32_t code = text.codes()[row];
    if (code < 0 || !is_stray[static_cast<std::size_t>(code)]) continue;
    if (count++ == 0) first = row;
  }
  std::string note = "column '" + name + "' is a string: row " + std::to_string(first + 1) + " has '" +
                     core::cell(text.text(first), 40) + "' (" + core::counted(static_cast<long long>(count), "cell") +
                     " of " + core::grouped(static_cast<long long>(text.size())) +
                     (count == 1 ? " is no " + what : " are no " + what + "s") + ")";
  constexpr std::size_t most_named = 5;
  if (strays.size() <= most_named) {
    std::vector<std::string> markers;
    markers.reserve(strays.size());
    for (const std::size_t w : strays) markers.push_back("\"" + core::cell((*text.dictionary())[w], 20) + "\"");
    note += "; na={" + core::join(markers, ", ") + "} makes " + (count == 1 ? "it" : "them") + " missing";
  }
  notes.push_back(std::move(note));
}

/// A column of numbers or of dates but for a few words, one impossible day among them, says so.
void note_strays(const Column& text, const std::string& name, const CsvOptions& options, char decimal,
                 std::vector<std::string>& notes) {
  const std::string begins = "column '" + name + "' is a string";
  if (std::any_of(notes.begin(), notes.end(), [&](const std::string& n) { return core::starts_with(n, begins); }))
    return;
  const std::vector<std::string>& words = *text.dictionary();
  if (const auto strays = few_strays(words, [&](const std::string& w) { return parse_real(w, decimal).has_value(); }))
    return note_strays(text, name, *strays, "number", notes);
  if (options.dates == "none" ||
      std::none_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(words.size(), 3)),
                   looks_like_date))
    return;
  std::optional<std::vector<std::size_t>> fewest;
  const std::vector<std::string> formats =
      options.dates.empty() ? std::vector<std::string>{"ymd", "dmy", "mdy"} : std::vector{options.dates};
  for (const std::string& order : formats) {
    const DateFormat format(order);
    const auto strays = few_strays(words, [&](const std::string& word) { return format.read(word).has_value(); });
    if (strays && (!fewest || strays->size() < fewest->size())) fewest = strays;
  }
  if (fewest) note_strays(text, name, *fewest, "date", notes);
}

}  // namespace

ColumnPtr meaning_of(const ColumnPtr& text, const std::string& name, const CsvOptions& options, char decimal,
                     std::vector<std::string>& notes) {
  if (!text->dictionary() || text->dictionary()->empty()) return text;
  if (ColumnPtr found = as_dates(text, name, options, notes)) return found;
  if (ColumnPtr found = as_numbers(text, name, options, decimal, notes)) return found;
  note_strays(*text, name, options, decimal, notes);
  return text;
}

}  // namespace data::csv
