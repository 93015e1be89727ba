#include "data/retype.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "core/unicode.hpp"
#include "data/text_builder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <unordered_map>

namespace data {
namespace {

/// Levels that no row has are left out; `rank[w]`: the new code of word w, missing_code where no row has it.
std::vector<std::string> used_words(const Column& text, LevelOrder order, std::vector<std::int32_t>& rank) {
  const std::vector<std::string>& words = *text.dictionary();
  std::vector<std::int32_t> used;
  rank.assign(words.size(), missing_code);
  for (const std::int32_t code : text.codes()) {
    if (code < 0 || rank[static_cast<std::size_t>(code)] != missing_code) continue;
    rank[static_cast<std::size_t>(code)] = 0;
    used.push_back(code);
  }
  const auto word = [&](std::int32_t code) -> const std::string& { return words[static_cast<std::size_t>(code)]; };
  if (order == LevelOrder::alphabetical)
    std::sort(used.begin(), used.end(), [&](std::int32_t a, std::int32_t b) { return word(a) < word(b); });
  std::vector<std::string> levels;
  for (std::size_t i = 0; i < used.size(); ++i) {
    rank[static_cast<std::size_t>(used[i])] = static_cast<std::int32_t>(i);
    levels.push_back(word(used[i]));
  }
  return levels;
}

struct ReadNumber {
  double value = std::nan("");
  bool whole = false;
};

/// `scratch` holds the text without what is ignored, so that rows allocate nothing.
ReadNumber read_number(std::string_view word, const DestringOptions& options, const std::vector<std::string>& ignored,
                       std::string& scratch) {
  scratch.clear();
  for (std::size_t at = 0; at < word.size();) {
    const auto skip = std::find_if(ignored.begin(), ignored.end(), [&](const std::string& character) {
      return word.compare(at, character.size(), character) == 0;
    });
    if (skip != ignored.end()) {
      at += skip->size();
      continue;
    }
    scratch += options.comma && word[at] == ',' ? '.' : options.comma && word[at] == '.' ? '?' : word[at];
    ++at;
  }
  std::string_view rest = core::trim(scratch);
  const bool percent = options.percent && !rest.empty() && rest.back() == '%';
  if (percent) rest = core::trim(rest.substr(0, rest.size() - 1));
  if (rest.size() > 1 && rest[0] == '+' && rest[1] != '-') rest.remove_prefix(1);
  ReadNumber out;
  double value = 0;
  const auto [end, status] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (status != std::errc() || end != rest.data() + rest.size() || !std::isfinite(value)) return out;
  out.value = percent ? value / 100 : value;
  out.whole = !percent && rest.find_first_of(".eE") == std::string_view::npos && std::abs(value) < 0x1p53;
  return out;
}

/// One conversion %[flags][width][.precision](f|e|g|d). For d, the value is written without decimals.
std::string checked_format(const std::string& format) {
  std::size_t at = 0;
  const auto digits = [&](std::size_t most) {
    const std::size_t begin = at;
    while (at < format.size() && format[at] >= '0' && format[at] <= '9') ++at;
    return at - begin <= most;
  };
  bool good = !format.empty() && format[at++] == '%';
  while (good && at < format.size() && std::string_view("-+ 0").find(format[at]) != std::string_view::npos) ++at;
  good = good && digits(2);
  bool precision = false;
  if (good && at < format.size() && format[at] == '.') {
    ++at;
    precision = true;
    good = digits(2);
  }
  good = good && at + 1 == format.size() && std::string_view("fegd").find(format[at]) != std::string_view::npos &&
         !(precision && format[at] == 'd');
  if (!good)
    throw core::Error("'" + format + "' is no format of a number").hint("write \"%06.2f\", \"%9.3g\" or \"%05d\"");
  return format.back() == 'd' ? format.substr(0, format.size() - 1) + ".0f" : format;
}

}  // namespace

ColumnPtr encode(const Column& text, LevelOrder order, const std::vector<std::string>& levels) {
  if (!is_coded(text))
    throw core::Error("needs text, not " + std::string(name_of(text.type())))
        .hint("recode(x, \"(1=1 'low') …\") labels numbers");
  std::vector<std::int32_t> rank;
  auto words = std::make_shared<std::vector<std::string>>(used_words(text, order, rank));
  if (!levels.empty()) {
    std::unordered_map<std::string, std::int32_t> place;
    for (const std::string& level : levels)
      if (!place.emplace(level, static_cast<std::int32_t>(place.size())).second)
        throw core::Error("the level '" + level + "' stands twice");
    for (std::size_t w = 0; w < rank.size(); ++w) {
      if (rank[w] == missing_code) continue;
      const auto found = place.find((*text.dictionary())[w]);
      if (found == place.end())
        throw core::Error("'" + (*text.dictionary())[w] + "' is none of the levels")
            .hint(core::did_you_mean((*text.dictionary())[w], levels, "levels"));
      rank[w] = found->second;
    }
    *words = levels;
  }
  std::vector<std::int32_t> codes(text.codes().begin(), text.codes().end());
  for (std::int32_t& code : codes)
    if (code >= 0) code = rank[static_cast<std::size_t>(code)];
  std::vector<double> values(words->size());
  std::iota(values.begin(), values.end(), 1.0);
  return Column::categories(std::move(codes), std::move(words), std::move(values))->labelled(text.label());
}

ColumnPtr decode(const Column& category) {
  if (category.type() != Type::category)
    throw core::Error("needs a category, not " + std::string(name_of(category.type())))
        .hint("to_string(x) writes numbers as text");
  std::vector<std::int32_t> rank;
  auto words = std::make_shared<std::vector<std::string>>(used_words(category, LevelOrder::appearance, rank));
  std::vector<std::int32_t> codes(category.codes().begin(), category.codes().end());
  for (std::int32_t& code : codes)
    if (code >= 0) code = rank[static_cast<std::size_t>(code)];
  return Column::texts(std::move(codes), std::move(words))->labelled(category.label());
}

Destrung destring(const Column& text, const DestringOptions& options) {
  if (!is_coded(text)) throw core::Error("needs text, not " + std::string(name_of(text.type())));
  std::vector<std::string> ignored;
  const std::vector<std::size_t> starts = core::character_starts(options.ignore);
  for (std::size_t i = 0; i + 1 < starts.size(); ++i)
    ignored.push_back(options.ignore.substr(starts[i], starts[i + 1] - starts[i]));
  const std::vector<std::string>& words = *text.dictionary();
  std::vector<double> of_word;
  of_word.reserve(words.size());
  std::vector<std::uint8_t> fails(words.size(), 0);
  std::vector<std::int32_t> rank;
  (void)used_words(text, LevelOrder::appearance, rank);
  bool whole = true;
  std::string scratch;
  for (std::size_t w = 0; w < words.size(); ++w) {
    const ReadNumber read = read_number(words[w], options, ignored, scratch);
    of_word.push_back(read.value);
    if (rank[w] == missing_code) continue;
    const bool blank = core::trim(scratch).empty() || core::trim(scratch) == ".";
    fails[w] = std::isnan(read.value) && !blank ? 1 : 0;
    whole = whole && (read.whole || std::isnan(read.value));
  }
  Destrung out;
  std::vector<double> reals(text.size(), std::nan(""));
  constexpr std::size_t shown = 5;
  for (std::size_t i = 0; i < reals.size(); ++i) {
    if (text.codes()[i] < 0) continue;
    const auto w = static_cast<std::size_t>(text.codes()[i]);
    reals[i] = of_word[w];
    out.failed += fails[w] != 0 ? 1 : 0;
    if (fails[w] == 1 && out.examples.size() < shown) {
      out.examples.push_back(words[w]);
      fails[w] = 2;  // said once
    }
  }
  if (whole) {
    std::vector<std::int64_t> integers(reals.size());
    std::transform(reals.begin(), reals.end(), integers.begin(),
                   [](double x) { return std::isnan(x) ? missing_integer : static_cast<std::int64_t>(x); });
    out.column = Column::integers(std::move(integers));
  } else {
    out.column = Column::reals(std::move(reals));
  }
  out.column = out.column->labelled(text.label());
  return out;
}

Tostrung tostring(const Column& numbers, const std::string& format) {
  if (is_coded(numbers))
    throw core::Error("needs numbers, not " + std::string(name_of(numbers.type())))
        .hint(numbers.type() == Type::category ? "decode(x) makes text of a category" : "");
  const std::string conversion = format.empty() ? "" : checked_format(format);
  if (!format.empty() && numbers.type() == Type::date)
    throw core::Error("a date has no format of numbers").hint("gen(text = \"format(day, '%Y-%m')\")");
  Tostrung out;
  TextBuilder builder(numbers.size());
  std::array<char, 512> buffer{};
  const bool plain = numbers.type() == Type::real || numbers.type() == Type::integer;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers.missing(i)) {
      builder.add_missing();
      continue;
    }
    if (!plain) {
      builder.add(numbers.text(i));
      continue;
    }
    char* const end = buffer.data() + buffer.size();
    if (conversion.empty()) {
      const char* stop = numbers.type() == Type::integer ? std::to_chars(buffer.data(), end, numbers.integers()[i]).ptr
                                                         : std::to_chars(buffer.data(), end, numbers.reals()[i]).ptr;
      builder.add(std::string_view(buffer.data(), static_cast<std::size_t>(stop - buffer.data())));
      continue;
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // checked_format() let one conversion of a double through
    const int length = std::snprintf(buffer.data(), buffer.size(), conversion.c_str(), numbers.number(i));
#pragma GCC diagnostic pop
    builder.add(std::string_view(buffer.data(), static_cast<std::size_t>(length)));
    out.inexact += std::strtod(buffer.data(), nullptr) != numbers.number(i) ? 1 : 0;
  }
  out.column = builder.column()->labelled(numbers.label());
  return out;
}

}  // namespace data
