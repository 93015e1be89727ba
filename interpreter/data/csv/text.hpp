// The bytes of a text file as UTF-8, however they are encoded on disk, and counts over fixed chunks of them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace data::csv {

constexpr std::size_t chunk_bytes = std::size_t{1} << 20;

/// What one chunk of the text holds.
struct ChunkScan {
  std::size_t line_feeds = 0, returns = 0, quotes = 0;
  bool high = false;  ///< a byte above 127
  bool nul = false;
};

struct Text {
  std::string_view bytes;  ///< UTF-8 without mark; 16 readable NUL bytes follow
  std::shared_ptr<const void> owner;
  std::string encoding;  ///< as the user would name it
  std::vector<std::string> notes;
  std::vector<ChunkScan> chunks;  ///< chunk i covers bytes i·chunk_bytes …
};

/// Reads a file and brings it to UTF-8. `encoding` "" means: find out. `quote` is the character ChunkScan counts.
/// Throws core::Error: no such file (with the near name), empty, unreadable, not in the encoding, NUL bytes.
Text load_text(const std::string& path, const std::string& encoding, char quote);

/// The text with every run of blanks and tabs outside quotes made one tab, and none at the ends of lines.
Text blanks_to_tabs(const Text& text, char quote);

/// 1-based line of the byte at `offset`, and its 1-based byte column. Lines end as in records.
struct Place {
  std::size_t line = 1, column = 1;
};
Place place_of(std::string_view text, std::size_t offset);

}  // namespace data::csv
