// Moontide's own columnar file (.mtf): columns as they lie in memory, opened by mapping the file.
//
//   header      64 bytes: magic, byte order, version, size of the file, place, size and checksum of the directory,
//               checksum of the header itself
//   blocks      each at a multiple of 64 bytes: values, codes, words
//   directory   JSON at the end: names, types, labels, and which blocks hold them; panel; shapes
//
// Numbers are in the byte order of the machine that wrote; a file of the other order is refused. The directory is
// checked before it is believed: blocks inside the file, sizes that fit the rows, codes that index their words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace files::columnar {

constexpr std::string_view magic = "\x89MTF\r\n\x1a\n";  // spoilt by any conversion of line ends
constexpr std::uint32_t byte_order = 0x01020304;
constexpr std::uint32_t version = 1;
constexpr std::size_t alignment = 64;

struct Header {
  char magic[8];
  std::uint32_t byte_order;
  std::uint32_t version;
  std::uint64_t file_size;
  std::uint64_t directory_offset;
  std::uint64_t directory_size;
  std::uint64_t directory_checksum;
  std::uint64_t reserved;
  std::uint64_t checksum;  ///< of the 56 bytes before
};
static_assert(sizeof(Header) == 64);

/// FNV-1a over 64 bits: finds damage, not malice.
std::uint64_t checksum(std::string_view bytes);

/// The bytes of a file with both checksums and the size made right again: for tests that damage what is behind them.
std::string sealed(std::string bytes);

}  // namespace files::columnar
