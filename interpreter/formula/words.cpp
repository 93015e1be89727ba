#include "formula/words.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "core/unicode.hpp"
#include "data/csv/words.hpp"

#include <re2/re2.h>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace formula {
namespace {

/// Bytes of the blank that begins at `at`, 0 when none does.
std::size_t blank_at(std::string_view word, std::size_t at) {
  const auto byte = static_cast<unsigned char>(word[at]);
  if (byte == ' ' || (byte >= '\t' && byte <= '\r')) return 1;
  if (word.substr(at, 2) == "\xC2\xA0") return 2;      // no-break space
  if (word.substr(at, 3) == "\xE3\x80\x80") return 3;  // ideographic space
  return 0;
}

/// Calls use(begin, end) for every run of bytes between blanks.
template <class Use>
void for_words(std::string_view word, const Use& use) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < word.size();) {
    const std::size_t blank = blank_at(word, at);
    if (blank == 0) {
      ++at;
      continue;
    }
    if (at > begin) use(begin, at);
    at += blank;
    begin = at;
  }
  if (begin < word.size()) use(begin, word.size());
}

}  // namespace

std::string part(std::string_view word, std::int64_t start, std::int64_t count) {
  const std::vector<std::size_t> begins = core::character_starts(word);
  const auto length = static_cast<std::int64_t>(begins.size()) - 1;
  std::int64_t first = start < 0 ? length + start : start - 1;
  const std::int64_t last = std::min(length, first + count);
  first = std::max<std::int64_t>(first, 0);
  if (first >= last) return {};
  const std::size_t from = begins[static_cast<std::size_t>(first)];
  return std::string(word.substr(from, begins[static_cast<std::size_t>(last)] - from));
}

std::int64_t position(std::string_view word, std::string_view wanted) {
  const std::size_t at = word.find(wanted);
  if (at == std::string_view::npos || wanted.empty()) return 0;
  return static_cast<std::int64_t>(core::character_count(word.substr(0, at))) + 1;
}

std::string substituted(std::string_view word, std::string_view from, std::string_view to, std::int64_t most) {
  std::string out;
  std::size_t begin = 0;
  for (std::size_t at = from.empty() ? std::string_view::npos : word.find(from);
       at != std::string_view::npos && most > 0; at = word.find(from, begin), --most) {
    out.append(word.substr(begin, at - begin)).append(to);
    begin = at + from.size();
  }
  return out.append(word.substr(begin));
}

std::string stripped(std::string_view word, bool left, bool right, bool inside) {
  std::size_t first = word.size();
  std::size_t last = 0;
  std::string joined;
  for_words(word, [&](std::size_t begin, std::size_t end) {
    first = std::min(first, begin);
    last = end;
    if (inside) joined.append(joined.empty() ? "" : " ").append(word.substr(begin, end - begin));
  });
  if (last == 0) return {};
  std::string out = left ? "" : std::string(word.substr(0, first));
  out += inside ? joined : std::string(word.substr(first, last - first));
  return right ? out : out.append(word.substr(last));
}

std::string nth_word(std::string_view word, std::int64_t n) {
  if (n < 0) n = count_words(word) + 1 + n;
  std::string out;
  for_words(word, [&](std::size_t begin, std::size_t end) {
    if (--n == 0) out = std::string(word.substr(begin, end - begin));
  });
  return out;
}

std::int64_t count_words(std::string_view word) {
  std::int64_t count = 0;
  for_words(word, [&](std::size_t, std::size_t) { ++count; });
  return count;
}

std::string padded(std::string_view word, std::int64_t width, std::string_view fill, bool left) {
  const std::vector<std::size_t> begins = core::character_starts(fill);
  std::string filling;
  const auto length = static_cast<std::int64_t>(core::character_count(word));
  for (std::int64_t i = 0; i < width - length && begins.size() > 1; ++i) {
    const auto k = static_cast<std::size_t>(i) % (begins.size() - 1);
    filling += fill.substr(begins[k], begins[k + 1] - begins[k]);
  }
  return left ? filling.append(word) : std::string(word) + filling;
}

std::vector<std::string> pieces(std::string_view word, std::string_view separator) {
  std::vector<std::string> out;
  if (separator.empty()) {
    for_words(word, [&](std::size_t begin, std::size_t end) { out.emplace_back(word.substr(begin, end - begin)); });
    return out;
  }
  std::size_t begin = 0;
  for (std::size_t at = word.find(separator); at != std::string_view::npos; at = word.find(separator, begin)) {
    out.emplace_back(word.substr(begin, at - begin));
    begin = at + separator.size();
  }
  out.emplace_back(word.substr(begin));
  return out;
}

double number_in(std::string_view word) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  word = core::trim(word);
  if (!word.empty() && word[0] == '+') word.remove_prefix(1);
  if (word.empty() || (word[0] == '-' && word.size() > 1 && word[1] == '+')) return none;
  double value = 0;
  const auto [end, status] = std::from_chars(word.data(), word.data() + word.size(), value);
  return status == std::errc() && end == word.data() + word.size() && std::isfinite(value) ? value : none;
}

struct Regex::Compiled {
  static RE2::Options options() {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(16 << 20);
    return options;
  }
  explicit Compiled(const std::string& pattern) : re(pattern, options()) {}
  RE2 re;
};

Regex::Regex(const std::string& pattern) : compiled_(std::make_unique<const Compiled>(pattern)) {
  if (!compiled_->re.ok()) throw core::Error("'" + pattern + "' is no regular expression: " + compiled_->re.error());
}
Regex::~Regex() = default;

int Regex::groups() const { return compiled_->re.NumberOfCapturingGroups(); }

bool Regex::found_in(std::string_view word) const {
  return RE2::PartialMatch(re2::StringPiece(word.data(), word.size()), compiled_->re);
}

std::string Regex::extract(std::string_view word, int group) const {
  std::vector<re2::StringPiece> found(static_cast<std::size_t>(group) + 1);
  const re2::StringPiece text(word.data(), word.size());
  if (!compiled_->re.Match(text, 0, text.size(), RE2::UNANCHORED, found.data(), group + 1)) return {};
  return std::string(found.back().data() ? std::string_view(found.back().data(), found.back().size()) : "");
}

std::string Regex::replaced(std::string_view word, const std::string& to) const {
  std::string wrong;
  if (!compiled_->re.CheckRewriteString(to, &wrong)) throw core::Error("'" + to + "' cannot replace a match: " + wrong);
  std::string out(word);
  RE2::GlobalReplace(&out, compiled_->re, to);
  return out;
}

data::ColumnPtr with_words(const data::Column& text, std::vector<std::string> changed) {
  data::csv::Words seen;
  auto words = std::make_shared<std::vector<std::string>>();
  std::vector<std::int32_t> code_of(changed.size(), data::missing_code);
  for (std::size_t w = 0; w < changed.size(); ++w) {
    if (changed[w].empty()) continue;
    const std::int32_t code = seen.code(changed[w]);  // `changed` stays where it is until the end
    if (code == static_cast<std::int32_t>(words->size())) words->push_back(changed[w]);
    code_of[w] = code;
  }
  std::vector<std::int32_t> codes(text.codes().begin(), text.codes().end());
  for (std::int32_t& code : codes)
    if (code >= 0) code = code_of[static_cast<std::size_t>(code)];
  return data::Column::texts(std::move(codes), std::move(words));
}

}  // namespace formula
