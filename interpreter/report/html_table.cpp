// Tables for the web and for pasting into documents: a <table> that needs no style sheet.
#include "report/layout.hpp"
#include "report/page.hpp"

#include <algorithm>

namespace report {
namespace {

std::string html_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string html_cell(const Cell& cell) {
  const auto indent = static_cast<std::size_t>(indent_of(cell));
  std::string text = with_minus(cell.text.substr(indent), "−", html_escaped);
  for (std::size_t i = 0; i < indent; i += 2) text.insert(0, "&ensp;");
  if (!cell.stars.empty()) text += "<sup>" + html_escaped(cell.stars) + "</sup>";
  return text;
}

const char* css_word(Align align) {
  if (align == Align::left) return "left";
  return align == Align::right ? "right" : "center";
}

/// `ruled`: a line above a body row; a line under the spans of a header row that is not the last.
std::string html_row(const Row& row, const std::vector<Align>& align, bool in_header, bool ruled) {
  std::string out = "    <tr>";
  std::size_t j = 0;
  for (const Cell& cell : row.cells) {
    const auto span = static_cast<std::size_t>(std::max(cell.span, 1));
    const bool heading = (in_header || cell.header) && !cell.text.empty();
    const std::string tag = heading ? "th" : "td";
    out += "<" + tag;
    if (span > 1) out += " colspan=\"" + std::to_string(span) + "\"";
    if (heading) out += in_header ? (span > 1 ? " scope=\"colgroup\"" : " scope=\"col\"") : " scope=\"row\"";
    std::string style = "text-align:";
    style += css_word(cell_alignment(cell, j, align, in_header));
    style += ";padding:2px 10px";
    if (heading) style += ";font-weight:600";
    if (ruled && !in_header) style += ";border-top:1px solid #555";
    if (ruled && in_header && span > 1 && j > 0 && !cell.text.empty()) style += ";border-bottom:1px solid #555";
    out += " style=\"" + style + "\">" + html_cell(cell) + "</" + tag + ">";
    j += span;
  }
  for (; j < align.size(); ++j)
    out += std::string("<td") + (ruled && !in_header ? " style=\"border-top:1px solid #555\"" : "") + "></td>";
  return out + "</tr>\n";
}

}  // namespace

std::string render_html(const Table& table) {
  const std::vector<Align> align = column_alignment(table);
  std::string out = "<table";
  if (!table.label.empty()) out += " id=\"" + html_escaped(table.label) + "\"";
  out +=
      " style=\"border-collapse:collapse;border-top:2px solid #222;border-bottom:2px solid #222;"
      "font-variant-numeric:tabular-nums;margin:1em auto\">\n";
  if (!table.title.empty())
    out += "  <caption style=\"caption-side:top;font-weight:600;padding:4px\">" + html_escaped(table.title) +
           "</caption>\n";
  if (!table.header.empty()) {
    out += "  <thead style=\"border-bottom:1px solid #222\">\n";
    for (const Row& row : table.header) out += html_row(row, align, true, &row != &table.header.back());
    out += "  </thead>\n";
  }
  out += "  <tbody>\n";
  for (std::size_t i = 0; i < table.body.size(); ++i)
    out += html_row(table.body[i], align, false, table.body[i].rule_above && i > 0);
  out += "  </tbody>\n";
  if (!table.notes.empty()) {
    const std::string columns = std::to_string(std::max<std::size_t>(align.size(), 1));
    out += "  <tfoot style=\"border-top:2px solid #222;font-size:85%\">\n";
    for (const std::string& note : table.notes)
      out += "    <tr><td colspan=\"" + columns + "\" style=\"text-align:left;padding:2px 10px\">" +
             html_escaped(note) + "</td></tr>\n";
    out += "  </tfoot>\n";
  }
  return out + "</table>\n";
}

std::string html_page(const Table& table) {
  return "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>" +
         (table.title.empty() ? "Table" : html_escaped(table.title)) +
         "</title>\n<style>body{font-family:\"Noto Sans\",\"Noto Sans CJK SC\",\"Helvetica Neue\",Arial,sans-serif;"
         "font-size:15px;color:#222}</style>\n</head>\n<body>\n" +
         render_html(table) + "</body>\n</html>\n";
}

}  // namespace report
