// Display width: what a text takes on a terminal. Names in Chinese count two columns a character.
#include "report/layout.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace report {

int code_point_width(int code_point) {
  if (code_point == 0xAD) return 0;  // soft hyphen
  return utf8proc_charwidth(code_point);
}

std::vector<int> code_points(const std::string& text) {
  std::vector<int> points;
  points.reserve(text.size());
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t used = utf8proc_iterate(bytes, left, &point);
    if (used <= 0) {
      points.push_back(0xFFFD);
      ++bytes;
      --left;
    } else {
      points.push_back(point);
      bytes += used;
      left -= used;
    }
  }
  return points;
}

void append_utf8(std::string& out, int code_point) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const utf8proc_ssize_t used = utf8proc_encode_char(code_point, bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::size_t>(std::max<utf8proc_ssize_t>(used, 0)));
}

int display_width(const std::string& text) {
  int width = 0;
  for (const int point : code_points(text)) width += code_point_width(point);
  return width;
}

std::string pad(const std::string& text, int width, Align align) {
  const int free = width - display_width(text);
  if (free <= 0) return text;
  int before = 0;
  if (align == Align::right || align == Align::decimal) before = free;
  if (align == Align::center) before = free / 2;
  return std::string(static_cast<std::size_t>(before), ' ') + text +
         std::string(static_cast<std::size_t>(free - before), ' ');
}

std::vector<std::string> wrap(const std::string& text, int width) {
  std::vector<std::string> lines;
  std::string line, word;
  int line_width = 0, word_width = 0;
  bool space_before = false;  // between the line and the word under way
  const auto place_word = [&] {
    if (word.empty()) return;
    const int gap = space_before && line_width > 0 ? 1 : 0;
    if (line_width > 0 && line_width + gap + word_width > width) {
      lines.push_back(line);
      line.clear();
      line_width = 0;
    } else if (gap) {
      line += ' ';
      ++line_width;
    }
    line += word;
    line_width += word_width;
    word.clear();
    word_width = 0;
    space_before = false;
  };
  for (const int point : code_points(text)) {
    if (point == ' ' || point == '\n' || point == '\t') {
      place_word();
      space_before = true;
      continue;
    }
    const int w = code_point_width(point);
    if (w == 2) place_word();  // a line may break before a wide character
    append_utf8(word, point);
    word_width += w;
    if (w == 2) place_word();
  }
  place_word();
  if (!line.empty()) lines.push_back(line);
  return lines;
}

}  // namespace report
