// The writer: blocks of rows to text in parallel, then one after another to a temporary file that is renamed.
#include "core/interrupt.hpp"
#include "core/new_file.hpp"
#include "core/parallel.hpp"
#include "data/csv.hpp"
#include "data/date.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace data {
namespace {

constexpr std::size_t rows_per_block = 16384;
constexpr std::size_t blocks_at_once = 64;  // bounds the memory that finished text takes

bool needs_quotes(std::string_view text, char delimiter) {
  if (text.empty()) return false;
  static const std::vector<std::string> missing = CsvOptions().na;
  if (std::find(missing.begin(), missing.end(), text) != missing.end()) return true;
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  if (blank(text.front()) || blank(text.back())) return true;
  for (const char c : text)
    if (c == delimiter || c == '"' || c == '\n' || c == '\r') return true;
  return false;
}

void append_text(std::string& out, std::string_view text, char delimiter) {
  if (!needs_quotes(text, delimiter)) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

template <class T>
void append_number(std::string& out, T value) {
  std::array<char, 32> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out.append(buffer.data(), result.ptr);
}

/// The words of text and category columns as they are written.
std::vector<std::string> written_words(const Column& column, char delimiter) {
  std::vector<std::string> out;
  if (column.type() != Type::text && column.type() != Type::category) return out;
  for (const std::string& word : *column.dictionary()) append_text(out.emplace_back(), word, delimiter);
  return out;
}

void append_cell(std::string& out, const Column& column, std::size_t row, const std::vector<std::string>& words) {
  if (column.missing(row)) return;
  switch (column.type()) {
    case Type::real:
      if (std::isinf(column.reals()[row]))
        out += column.reals()[row] > 0 ? "inf" : "-inf";
      else
        append_number(out, column.reals()[row]);
      break;
    case Type::integer:
      append_number(out, column.integers()[row]);
      break;
    case Type::boolean:
      out += column.booleans()[row] ? "true" : "false";
      break;
    case Type::date:
      out += iso_date(column.integers()[row]);
      break;
    case Type::text:
    case Type::category:
      out += words[static_cast<std::size_t>(column.codes()[row])];
      break;
  }
}

}  // namespace

void write_csv(const Frame& frame, const std::string& path, char delimiter) {
  std::vector<std::vector<std::string>> words;
  for (std::size_t c = 0; c < frame.width(); ++c) words.push_back(written_words(*frame.column(c), delimiter));
  std::string header;
  for (std::size_t c = 0; c < frame.width(); ++c) {
    if (c) header += delimiter;
    append_text(header, frame.names()[c], delimiter);
  }
  core::NewFile file(path);
  if (frame.width()) file.write(header + "\n");
  for (std::size_t first = 0; first < frame.rows(); first += rows_per_block * blocks_at_once) {
    const std::size_t count = std::min(frame.rows() - first, rows_per_block * blocks_at_once);
    std::vector<std::string> blocks((count + rows_per_block - 1) / rows_per_block);
    core::for_blocks(count, rows_per_block, [&](std::size_t begin, std::size_t end) {
      std::string& out = blocks[begin / rows_per_block];
      for (std::size_t row = first + begin; row < first + end; ++row) {
        for (std::size_t c = 0; c < frame.width(); ++c) {
          if (c) out += delimiter;
          append_cell(out, *frame.column(c), row, words[c]);
        }
        out += '\n';
      }
    });
    core::poll();
    for (const std::string& block : blocks) file.write(block);
  }
  file.commit();
}

}  // namespace data
