// Tables as RTF, which every word processor reads: the same look as in Word files. Pure ASCII.
#include "report/rtf_table.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "report/layout.hpp"
#include "report/page.hpp"

#include <algorithm>

namespace report {
namespace {

constexpr int twips_per_indent = 90;  // twentieths of a point a space

std::string control(const char* rtf_word, int value) { return "\\" + std::string(rtf_word) + std::to_string(value); }

void append_point(std::string& out, int point) {
  const auto unit = [&](int code) { out += "\\u" + std::to_string(code > 32767 ? code - 65536 : code) + "?"; };
  if (point == '\\' || point == '{' || point == '}') {
    out += '\\';
    out += static_cast<char>(point);
  } else if (point >= 0x20 && point < 0x7F) {
    out += static_cast<char>(point);
  } else if (point < 0x20) {
    out += ' ';
  } else if (point > 0xFFFF) {  // two halves, as in UTF-16
    unit(0xD800 + ((point - 0x10000) >> 10));
    unit(0xDC00 + ((point - 0x10000) & 0x3FF));
  } else {
    unit(point);
  }
}

/// Text with its wide characters in the East Asian font (font 1, in titles font 2).
std::string rtf_escaped(const std::string& text, int east_asian) {
  std::string out;
  bool wide = false;
  for (const int point : code_points(text)) {
    const bool now = code_point_width(point) == 2;
    if (now && !wide) out += "{" + control("f", east_asian) + " ";
    if (!now && wide) out += "}";
    wide = now;
    append_point(out, point);
  }
  return out + (wide ? "}" : "");
}

std::string rtf_text(const std::string& text) {
  return with_minus(text, "\\u8722?", [](const std::string& plain) { return rtf_escaped(plain, 1); });
}

const char* rtf_word(Align align) {
  if (align == Align::left) return "\\ql";
  return align == Align::right ? "\\qr" : "\\qc";
}

class RtfWriter {
 public:
  explicit RtfWriter(const Table& table)
      : table_(table), page_(page_layout(table)), align_(column_alignment(table)), together_(on_one_page(table)) {}

  std::string write() {
    if (!table_.title.empty())
      out_ += "{\\pard\\plain\\keepn\\qc\\sb120\\sa60\\f0\\b" + control("fs", title_letters) + " " +
              rtf_escaped(table_.title, 2) + "\\par}\n";
    for (const Row& row : table_.header)
      write_row(row, {.in_header = true,
                      .first = &row == &table_.header.front(),
                      .last = &row == &table_.header.back(),
                      .keep_next = true});
    for (std::size_t i = 0; i < table_.body.size(); ++i) {
      const bool last = i + 1 == table_.body.size();
      write_row(table_.body[i], {.first = i == 0 && table_.header.empty(),
                                 .last = last,
                                 .keep_next = together_ && !(last && table_.notes.empty())});
    }
    for (const std::string& note : table_.notes)
      out_ += "{\\pard\\plain" + std::string(together_ && &note != &table_.notes.back() ? "\\keepn" : "") + "\\ql\\sb" +
              std::string(&note == &table_.notes.front() ? "40" : "0") + "\\sa" +
              std::string(&note == &table_.notes.back() ? "240" : "0") + "\\f0" + control("fs", page_.notes) + " " +
              rtf_text(note) + "\\par}\n";
    if (table_.notes.empty()) out_ += "{\\pard\\plain\\sa120\\par}\n";
    return out_;
  }

 private:
  struct Place {
    bool in_header = false;
    bool first = false;      ///< of the table
    bool last = false;       ///< of the header, or of the body
    bool keep_next = false;  ///< on the page of what follows
  };

  void write_row(const Row& row, const Place& place) {
    const auto [in_header, first, last, keep_next] = place;
    struct Placed {
      Cell cell;
      std::size_t column, span;
    };
    std::vector<Placed> cells;
    std::size_t column = 0;
    for (const Cell& cell : row.cells) {
      if (column >= align_.size()) break;
      const auto span = std::min(static_cast<std::size_t>(std::max(cell.span, 1)), align_.size() - column);
      cells.push_back({cell, column, span});
      column += span;
    }
    for (; column < align_.size(); ++column) cells.push_back({{}, column, 1});

    std::string borders;
    if (first) borders += "\\clbrdrt\\brdrs\\brdrw30";
    if (!first && !in_header && row.rule_above) borders += "\\clbrdrt\\brdrs\\brdrw15";
    const bool ends = !in_header || table_.body.empty();
    if (last) borders += ends ? "\\clbrdrb\\brdrs\\brdrw30" : "\\clbrdrb\\brdrs\\brdrw15";
    out_ += "\\trowd\\trqc" + control("trgaph", page_.cell_margin) + control("trpaddl", page_.cell_margin) +
            control("trpaddr", page_.cell_margin) + "\\trpaddfl3\\trpaddfr3\\trkeep";
    if (in_header) out_ += "\\trhdr";
    if (keep_next) out_ += "\\trkeepfollow";
    int edge = 0;
    for (const Placed& placed : cells) {
      for (std::size_t j = placed.column; j < placed.column + placed.span; ++j) edge += page_.columns[j];
      out_ += borders + (in_header ? "\\clvertalb" : "\\clvertalc") + control("cellx", edge);
    }
    out_ += "\n";
    for (const Placed& placed : cells) write_cell(placed.cell, placed.column, placed.span, place);
    out_ += "\\row\n";
  }

  void write_cell(const Cell& cell, std::size_t j, std::size_t span, const Place& place) {
    const bool in_header = place.in_header, last = place.last;
    const Align how = cell_alignment(cell, j, align_, in_header);
    const bool at_point = how == Align::decimal && page_.points[j] > 0 && number_parts(cell).aligned;
    const bool scaled = how != Align::decimal || page_.points[j] > 0;
    out_ += "\\pard\\plain\\intbl\\sb20\\sa20";
    if (place.keep_next) out_ += "\\keepn";
    if (in_header && !last && span > 1 && j > 0 && !cell.text.empty()) out_ += "\\brdrb\\brdrs\\brdrw15\\brsp20";
    out_ += at_point ? "\\ql\\tqdec" + control("tx", page_.points[j]) : scaled ? rtf_word(how) : "\\qr";
    const int indent = in_header ? 0 : indent_of(cell);
    if (indent > 0) out_ += control("li", indent * twips_per_indent);
    out_ += "\\f0" + control("fs", page_.letters) + (cell.header && !in_header ? "\\b " : " ");
    out_ += rtf_text(cell.text.substr(static_cast<std::size_t>(indent_of(cell))));
    if (!cell.stars.empty()) out_ += "{\\super " + rtf_escaped(cell.stars, 1) + "}";
    out_ += "\\cell\n";
  }

  const Table& table_;
  PageLayout page_;
  std::vector<Align> align_;
  bool together_;
  std::string out_;
};

std::string section(bool landscape) {
  const PageLayout page = page_size(landscape);
  return "\\sectd" + std::string(landscape ? "\\lndscpsxn" : "") + control("pgwsxn", page.width) +
         control("pghsxn", page.height) + control("marglsxn", page.margin) + control("margrsxn", page.margin) +
         control("margtsxn", page.margin) + control("margbsxn", page.margin) + "\n";
}

/// The tables, with a new section wherever the page turns. `landscape`: how it lies before them.
std::string tables_text(const std::vector<Table>& tables, bool landscape) {
  std::string out;
  for (const Table& table : tables) {
    if (table.landscape != landscape) out += "\\sect" + section(table.landscape);
    landscape = table.landscape;
    out += RtfWriter(table).write();
  }
  return out;
}

}  // namespace

std::string rtf_file(const std::vector<Table>& tables) {
  const bool landscape = !tables.empty() && tables.front().landscape;
  const PageLayout page = page_size(landscape);
  return std::string("{\\rtf1\\ansi\\ansicpg1252\\deff0\\uc1{\\fonttbl{\\f0\\froman ") + latin_font +
         ";}{\\f1\\fnil\\fcharset134 " + east_asian_font + ";}{\\f2\\fnil\\fcharset134 " + east_asian_title_font +
         ";}}\n" + control("paperw", page.width) + control("paperh", page.height) + control("margl", page.margin) +
         control("margr", page.margin) + control("margt", page.margin) + control("margb", page.margin) +
         (landscape ? "\\landscape" : "") + "\n" + section(landscape) + tables_text(tables, landscape) + "}\n";
}

std::string rtf_appended(const std::string& file, const std::vector<Table>& tables) {
  const std::size_t end = file.find_last_of('}');
  if (!core::starts_with(file, "{\\rtf1") || end == std::string::npos) throw core::Error("it is not an RTF document");
  const std::size_t last_section = file.rfind("\\sectd");
  const bool landscape = last_section != std::string::npos && file.compare(last_section + 6, 10, "\\lndscpsxn") == 0;
  return file.substr(0, end) + tables_text(tables, landscape) + file.substr(end);
}

std::string render_rtf(const Table& table) { return rtf_file({table}); }

}  // namespace report
