// Which encoding bytes are in, and conversion to UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace data::csv {

/// Offset of the first byte that is not part of valid UTF-8, or npos.
std::size_t invalid_utf8(std::string_view bytes);

/// "UTF-16LE" or "UTF-16BE" when NUL bytes sit where the ASCII characters of such a text have them; else "".
std::string utf16_by_pattern(std::string_view bytes);

/// For bytes that are not UTF-8: "GB18030" where they are valid in it and high bytes come in pairs, else
/// "WINDOWS-1252".
std::string guess_legacy_encoding(std::string_view bytes);

/// Appends `bytes` to `out` as UTF-8. Returns the offset of the first byte that `encoding` does not allow, or npos.
/// Throws core::Error when iconv does not know the encoding.
std::size_t convert(std::string_view bytes, const std::string& encoding, std::string& out);

}  // namespace data::csv
