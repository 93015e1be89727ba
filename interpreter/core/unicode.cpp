#include "core/unicode.hpp"

#include <utf8proc.h>
#include <array>
#include <cstdlib>

namespace core {
namespace {

constexpr char32_t stray_byte = 0x110000;  // above the last code point

bool has_letter_category(utf8proc_int32_t point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
      return true;
    default:
      return false;
  }
}

bool is_letter(char32_t point) {
  if (point >= stray_byte) return false;
  return has_letter_category(static_cast<utf8proc_int32_t>(point)) || point == U'\'' || point == U'\u2019';
}

void append(std::string& out, char32_t point) {
  if (point >= stray_byte) {
    out += static_cast<char>(point - stray_byte);
    return;
  }
  std::array<utf8proc_uint8_t, 4> bytes{};
  const utf8proc_ssize_t length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes.data());
  for (utf8proc_ssize_t i = 0; i < length; ++i) out += static_cast<char>(bytes[static_cast<std::size_t>(i)]);
}

/// Calls use(point) for every character.
template <class Use>
void for_points(std::string_view text, const Use& use) {
  const auto* p = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    if (*p < 0x80) {
      use(static_cast<char32_t>(*p++));
      --left;
      continue;
    }
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t length = utf8proc_iterate(p, left, &point);
    const utf8proc_ssize_t step = length > 0 ? length : 1;
    use(length > 0 ? static_cast<char32_t>(point) : stray_byte + *p);
    p += step;
    left -= step;
  }
}

template <class Change>
std::string changed(std::string_view text, const Change& change) {
  std::string out;
  out.reserve(text.size());
  for_points(text, [&](char32_t point) { append(out, change(point)); });
  return out;
}

char32_t upper_point(char32_t point) {
  return point >= stray_byte ? point : static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(point)));
}
char32_t lower_point(char32_t point) {
  return point >= stray_byte ? point : static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(point)));
}

}  // namespace

std::string upper_case(std::string_view text) { return changed(text, upper_point); }
std::string lower_case(std::string_view text) { return changed(text, lower_point); }

std::string title_case(std::string_view text) {
  bool inside = false;
  return changed(text, [&](char32_t point) {
    const char32_t out = inside ? lower_point(point) : upper_point(point);
    inside = is_letter(point);
    return out;
  });
}

std::string folded(std::string_view text) {
  utf8proc_uint8_t* mapped = nullptr;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                                                      UTF8PROC_IGNORE | UTF8PROC_STRIPMARK | UTF8PROC_STABLE);
  const utf8proc_ssize_t length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                               static_cast<utf8proc_ssize_t>(text.size()), &mapped, options);
  if (length < 0) return lower_case(text);  // not UTF-8
  std::string out(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length));
  std::free(mapped);  // utf8proc allocates with malloc
  return out;
}

std::size_t foreign_letter(std::string_view text) {
  if (text.empty() || static_cast<unsigned char>(text.front()) < 0x80) return 0;
  utf8proc_int32_t point = 0;
  const utf8proc_ssize_t length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                   static_cast<utf8proc_ssize_t>(text.size()), &point);
  if (length <= 0 || (point >= 0xFF01 && point <= 0xFF5E)) return 0;
  const utf8proc_category_t category = utf8proc_category(point);
  const bool names = has_letter_category(point) || category == UTF8PROC_CATEGORY_MC ||
                     category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_NL;
  return names ? static_cast<std::size_t>(length) : 0;
}

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> out;
  out.reserve(text.size());
  for_points(text, [&](char32_t point) { out.push_back(point); });
  return out;
}

std::string utf8(const std::vector<char32_t>& points) {
  std::string out;
  out.reserve(points.size());
  for (const char32_t point : points) append(out, point);
  return out;
}

std::vector<std::size_t> character_starts(std::string_view text) {
  std::vector<std::size_t> out;
  out.reserve(text.size() + 1);
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) out.push_back(i);
  out.push_back(text.size());
  return out;
}

std::size_t character_count(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

}  // namespace core
