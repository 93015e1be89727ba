// UTF-8 text by characters: case, width, accents. Bytes that are no UTF-8 are kept as they are.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// Letters of any script by Unicode's simple case mapping.
std::string upper_case(std::string_view text);
std::string lower_case(std::string_view text);
/// The first letter of each word upper, the others lower.
std::string title_case(std::string_view text);
/// What two spellings of one name share: compatibility forms made plain (full-width to half-width), case folded,
/// accents taken off. Source: Unicode NFKD with case folding, marks stripped (utf8proc).
std::string folded(std::string_view text);
/// Bytes of the letter, mark or digit beyond ASCII that begins the text; 0 when none does. Full-width forms of ASCII
/// characters are none: an input method left them behind.
std::size_t foreign_letter(std::string_view text);
/// Code points; a byte that is no UTF-8 counts as one (and is its own value plus 0x110000).
std::vector<char32_t> code_points(std::string_view text);
std::string utf8(const std::vector<char32_t>& points);
/// Bytes where characters begin, and the text's end: size() − 1 characters.
std::vector<std::size_t> character_starts(std::string_view text);
std::size_t character_count(std::string_view text);

}  // namespace core
