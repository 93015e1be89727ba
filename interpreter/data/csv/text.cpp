#include "data/csv/text.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/parallel.hpp"
#include "data/cannot_read.hpp"
#include "data/csv/encoding.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace data::csv {
namespace {

constexpr std::size_t not_found = std::string_view::npos;
constexpr std::size_t padding = 16;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }

 private:
  int number_;
};

struct Bytes {
  char* data = nullptr;
  std::size_t size = 0;
  std::shared_ptr<const void> owner;
};

/// Maps a regular file, followed by NUL bytes: an anonymous mapping one page longer, with the file laid over it.
Bytes map_file(int file, std::size_t size, const std::string& path) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t room = (size + page - 1) / page * page + page;
  void* memory = mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw cannot_read(path, errno);
  std::shared_ptr<const void> owner(memory, [room](void* m) { munmap(m, room); });
  if (mmap(memory, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, file, 0) == MAP_FAILED)
    throw cannot_read(path, errno);
  return {static_cast<char*>(memory), size, std::move(owner)};
}

Bytes keep(std::string bytes) {
  auto kept = std::make_shared<std::string>(std::move(bytes));
  const std::size_t size = kept->size();
  kept->append(padding, '\0');
  char* data = kept->data();
  return {data, size, std::move(kept)};
}

/// Pipes and other files without a size.
Bytes read_stream(int file, const std::string& path) {
  std::string bytes;
  constexpr std::size_t step = std::size_t{1} << 16;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + step);
    const ssize_t got = read(file, bytes.data() + before, step);
    if (got < 0 && errno != EINTR) throw cannot_read(path, errno);
    bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) return keep(std::move(bytes));
  }
}

Bytes open_file(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) throw cannot_read(path, errno);
  struct stat info {};
  if (fstat(file.get(), &info) != 0) throw cannot_read(path, errno);
  if (S_ISDIR(info.st_mode)) throw core::Error("'" + path + "' is a folder, not a file");
  if (S_ISREG(info.st_mode) && info.st_size > 0)
    return map_file(file.get(), static_cast<std::size_t>(info.st_size), path);
  return read_stream(file.get(), path);
}

using Lanes [[gnu::vector_size(16)]] = unsigned char;

ChunkScan scan(std::string_view bytes, char quote) {
  ChunkScan out;
  std::size_t at = 0;
  const auto equal = [](Lanes v, char c) { return reinterpret_cast<Lanes>(v == static_cast<unsigned char>(c)); };
  while (at + sizeof(Lanes) <= bytes.size()) {
    // Matches are 255 = −1 per lane; 255 rounds fit a lane before it has to be summed.
    Lanes feeds{};
    Lanes returns{};
    Lanes quotes{};
    Lanes any{};
    Lanes nuls{};
    const std::size_t stop = std::min(bytes.size() - sizeof(Lanes) + 1, at + 255 * sizeof(Lanes));
    for (; at < stop; at += sizeof(Lanes)) {
      Lanes v;
      std::memcpy(&v, bytes.data() + at, sizeof v);
      feeds -= equal(v, '\n');
      returns -= equal(v, '\r');
      quotes -= equal(v, quote);
      any |= v;
      nuls |= equal(v, '\0');
    }
    for (std::size_t lane = 0; lane < sizeof(Lanes); ++lane) {
      out.line_feeds += feeds[lane];
      out.returns += returns[lane];
      out.quotes += quotes[lane];
      out.high = out.high || any[lane] >= 0x80;
      out.nul = out.nul || nuls[lane] != 0;
    }
  }
  for (; at < bytes.size(); ++at) {
    const char c = bytes[at];
    out.line_feeds += c == '\n' ? 1 : 0;
    out.returns += c == '\r' ? 1 : 0;
    out.quotes += c == quote ? 1 : 0;
    out.high = out.high || static_cast<unsigned char>(c) >= 0x80;
    out.nul = out.nul || c == '\0';
  }
  return out;
}

std::vector<ChunkScan> scan_chunks(std::string_view bytes, char quote) {
  std::vector<ChunkScan> chunks((bytes.size() + chunk_bytes - 1) / chunk_bytes);
  core::for_blocks(bytes.size(), chunk_bytes, [&](std::size_t begin, std::size_t end) {
    chunks[begin / chunk_bytes] = scan(bytes.substr(begin, end - begin), quote);
  });
  return chunks;
}

/// invalid_utf8 over chunks at once; a sequence belongs to the chunk it starts in.
std::size_t invalid_utf8_by_chunk(std::string_view bytes) {
  std::vector<std::size_t> invalid((bytes.size() + chunk_bytes - 1) / chunk_bytes, not_found);
  const auto character_start = [&](std::size_t at) {
    for (int i = 0; i < 3 && at < bytes.size() && (static_cast<unsigned char>(bytes[at]) & 0xC0) == 0x80; ++i) ++at;
    return at;
  };
  core::for_blocks(bytes.size(), chunk_bytes, [&](std::size_t begin, std::size_t end) {
    const std::size_t from = begin == 0 ? 0 : character_start(begin);
    const std::size_t to = end == bytes.size() ? end : character_start(end);
    const std::size_t at = to > from ? invalid_utf8(bytes.substr(from, to - from)) : not_found;
    if (at != not_found) invalid[begin / chunk_bytes] = from + at;
  });
  const auto first = std::find_if(invalid.begin(), invalid.end(), [](std::size_t at) { return at != not_found; });
  return first == invalid.end() ? not_found : *first;
}

void adopt(Text& text, Bytes bytes) {
  text.bytes = {bytes.data, bytes.size};
  text.owner = std::move(bytes.owner);
}

void convert_text(Text& text, const std::string& path, const std::string& encoding) {
  std::string out;
  const std::size_t bad = convert(text.bytes, encoding, out);
  if (bad != not_found)
    throw core::Error("'" + path + "' is not " + encoding + ": byte " + std::to_string(bad + 1) +
                      " cannot be read in it")
        .hint("name the encoding (encoding=\"GB18030\", \"UTF-16\", \"latin1\"), or leave it out to have it found");
  adopt(text, keep(std::move(out)));
  text.encoding = encoding;
}

bool same_encoding(std::string_view name, std::string_view known) {
  const auto plain = [](std::string_view s) {
    std::string out;
    for (const char c : s)
      if (c != '-' && c != '_') out += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return out;
  };
  return plain(name) == plain(known);
}

/// Takes a byte order mark off, and says what it stands for.
std::string take_mark(std::string_view& bytes) {
  const auto starts = [&](std::string_view mark) { return bytes.substr(0, mark.size()) == mark; };
  std::string found;
  if (starts("\xEF\xBB\xBF")) {
    found = "UTF-8";
    bytes.remove_prefix(3);
  } else if (starts(std::string_view("\xFF\xFE\0\0", 4)) || starts(std::string_view("\0\0\xFE\xFF", 4))) {
    found = bytes[0] ? "UTF-32LE" : "UTF-32BE";
    bytes.remove_prefix(4);
  } else if (starts("\xFF\xFE") || starts("\xFE\xFF")) {
    found = bytes[0] == '\xFF' ? "UTF-16LE" : "UTF-16BE";
    bytes.remove_prefix(2);
  }
  return found;
}

}  // namespace

Text load_text(const std::string& path, const std::string& encoding, char quote) {
  Text text;
  Bytes file = open_file(path);
  // Old editors end a file with Ctrl-Z.
  if (file.size > 0 && file.data[file.size - 1] == '\x1A') file.data[--file.size] = '\0';
  adopt(text, std::move(file));
  std::string found = take_mark(text.bytes);
  const bool named_16 = same_encoding(encoding, "UTF-16");
  if (!encoding.empty() && !(named_16 && !found.empty())) found = encoding;
  if (found.empty()) found = utf16_by_pattern(text.bytes);
  if (named_16 && found == encoding) found = "UTF-16LE";
  const bool utf8 = found.empty() || same_encoding(found, "UTF-8");
  if (!utf8) convert_text(text, path, found);
  if (text.bytes.empty())
    throw core::Error("'" + path + "' is empty")
        .hint("a data file has at least one line, with the names of its columns");

  text.chunks = scan_chunks(text.bytes, quote);
  const auto any = [&](bool ChunkScan::*what) {
    return std::any_of(text.chunks.begin(), text.chunks.end(), [what](const ChunkScan& c) { return c.*what; });
  };
  if (any(&ChunkScan::nul)) {
    const Place place = place_of(text.bytes, text.bytes.find('\0'));
    throw core::Error("'" + path + "', line " + std::to_string(place.line) + ", column " +
                      std::to_string(place.column) + ": a NUL byte")
        .hint("this is not a text file, or it is in an encoding to be named (encoding=\"UTF-16LE\")");
  }
  if (utf8) text.encoding = "UTF-8";
  if (!utf8 || !any(&ChunkScan::high)) return text;
  const std::size_t bad = invalid_utf8_by_chunk(text.bytes);
  if (bad == not_found) return text;
  const std::string guess = guess_legacy_encoding(text.bytes);
  std::string out;
  if (!found.empty() || convert(text.bytes, guess, out) != not_found) {
    const Place place = place_of(text.bytes, bad);
    throw core::Error("'" + path + "', line " + std::to_string(place.line) + ", column " +
                      std::to_string(place.column) + ": not UTF-8")
        .hint(std::string(found.empty() ? "" : "leave encoding= out to have it found, or ") +
              "name the encoding (encoding=\"GB18030\", \"latin1\")");
  }
  adopt(text, keep(std::move(out)));
  text.encoding = guess;
  text.notes.push_back("not UTF-8: read as " + text.encoding + " (encoding= names another)");
  text.chunks = scan_chunks(text.bytes, quote);
  return text;
}

Text blanks_to_tabs(const Text& text, char quote) {
  std::string out;
  out.reserve(text.bytes.size());
  bool in_quotes = false;
  bool pending = false;  // blanks seen that separate, if another cell follows on the line
  for (std::size_t i = 0; i < text.bytes.size(); ++i) {
    const char c = text.bytes[i];
    const bool line_end = c == '\n' || c == '\r';
    const bool fresh = out.empty() || out.back() == '\n' || out.back() == '\r';
    if (!in_quotes && (c == ' ' || c == '\t')) {
      pending = !fresh;
      continue;
    }
    if (pending && !line_end) out += '\t';
    const bool starts_cell = fresh || pending;
    pending = false;
    if (c == quote && quote != '\0') {
      if (in_quotes && text.bytes.substr(i + 1, 1) == std::string_view(&c, 1))
        out += text.bytes[i++];  // a doubled quote stays inside
      else if (in_quotes || starts_cell)
        in_quotes = !in_quotes;
    }
    out += c;
  }
  Text squeezed;
  squeezed.encoding = text.encoding;
  squeezed.notes = text.notes;
  adopt(squeezed, keep(std::move(out)));
  squeezed.chunks = scan_chunks(squeezed.bytes, quote);
  return squeezed;
}

Place place_of(std::string_view text, std::size_t offset) {
  const char end = text.find('\n') != not_found ? '\n' : '\r';
  const std::string_view before = text.substr(0, offset);
  Place place;
  place.line += static_cast<std::size_t>(std::count(before.begin(), before.end(), end));
  const std::size_t last = before.rfind(end);
  place.column = last == not_found ? offset + 1 : offset - last;
  return place;
}

}  // namespace data::csv
