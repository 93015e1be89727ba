#include "data/csv/encoding.hpp"

#include "core/error.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace data::csv {
namespace {

constexpr std::size_t npos = std::string_view::npos;

class Converter {
 public:
  explicit Converter(const std::string& encoding) : handle_(iconv_open("UTF-8", encoding.c_str())) {
    if (handle_ == iconv_t(-1))
      throw core::Error("unknown encoding '" + encoding + "'")
          .hint("encodings: UTF-8, UTF-16, GB18030, BIG5, WINDOWS-1252, latin1, and all that iconv -l lists")
          .word(encoding);
  }
  ~Converter() { iconv_close(handle_); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  iconv_t get() const { return handle_; }

 private:
  iconv_t handle_;
};

/// Length of the UTF-8 sequence at `at`, or 0. Source: Unicode 15, table 3-7 (well-formed byte sequences).
std::size_t sequence_length(std::string_view s, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < s.size() ? static_cast<unsigned char>(s[at + i]) : static_cast<unsigned char>(0);
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned a = byte(0);
  const unsigned b = byte(1);
  if (a < 0x80) return 1;
  if (a >= 0xC2 && a <= 0xDF) return tail(1) ? 2 : 0;
  if (a >= 0xE0 && a <= 0xEF) {
    const bool second = tail(1) && !(a == 0xE0 && b < 0xA0) && !(a == 0xED && b > 0x9F);
    return second && tail(2) ? 3 : 0;
  }
  if (a >= 0xF0 && a <= 0xF4) {
    const bool second = tail(1) && !(a == 0xF0 && b < 0x90) && !(a == 0xF4 && b > 0x8F);
    return second && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::size_t invalid_utf8(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    std::uint64_t word = 0;
    if (at + sizeof word <= bytes.size()) {
      std::memcpy(&word, bytes.data() + at, sizeof word);
      if ((word & 0x8080808080808080ULL) == 0) {
        at += sizeof word;
        continue;
      }
    }
    const std::size_t length = sequence_length(bytes, at);
    if (length == 0) return at;
    at += length;
  }
  return npos;
}

std::string utf16_by_pattern(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 8192);
  if (bytes.size() % 2 != 0 || head.empty()) return "";
  // By the parity of its place: NUL bytes, and line feeds (no letter of a living script but Gurmukhi's has one on top).
  std::array<std::size_t, 2> nuls{};
  std::array<std::size_t, 2> feeds{};
  for (std::size_t i = 0; i < head.size(); ++i) {
    nuls[i % 2] += head[i] == '\0' ? 1 : 0;
    feeds[i % 2] += head[i] == '\n' ? 1 : 0;
  }
  const std::size_t enough = std::max<std::size_t>(1, head.size() / 20);
  if (nuls[1] >= enough && nuls[0] == 0 && feeds[1] == 0) return "UTF-16LE";
  if (nuls[0] >= enough && nuls[1] == 0 && feeds[0] == 0) return "UTF-16BE";
  return "";
}

std::string guess_legacy_encoding(std::string_view bytes) {
  // Western text has single high bytes between ASCII letters; Chinese text has runs of two-byte characters, whose
  // second byte is nearly always high too.
  std::size_t alone = 0;
  std::size_t paired = 0;
  const auto first =
      std::find_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  const std::string_view head =
      bytes.substr(static_cast<std::size_t>(first - bytes.begin()), std::size_t{1} << 20);  // it may begin late
  for (std::size_t i = 0; i < head.size();) {
    std::size_t end = i;
    while (end < head.size() && static_cast<unsigned char>(head[end]) >= 0x80) ++end;
    (end - i == 1 ? alone : paired) += end - i;
    i = end + 1;
  }
  std::string ignored;
  if (paired > alone && convert(bytes, "GB18030", ignored) == npos) return "GB18030";
  return "WINDOWS-1252";
}

std::size_t convert(std::string_view bytes, const std::string& encoding, std::string& out) {
  const Converter converter(encoding);
  char* in = const_cast<char*>(bytes.data());  // iconv does not write through it
  std::size_t in_left = bytes.size();
  std::size_t used = out.size();
  while (in_left > 0) {
    out.resize(used + in_left * 2 + 64);
    char* to = out.data() + used;
    std::size_t to_left = out.size() - used;
    const std::size_t result = iconv(converter.get(), &in, &in_left, &to, &to_left);
    used = out.size() - to_left;
    if (result == static_cast<std::size_t>(-1) && errno != E2BIG) {
      out.resize(used);
      return bytes.size() - in_left;
    }
  }
  out.resize(used);
  return npos;
}

}  // namespace data::csv
