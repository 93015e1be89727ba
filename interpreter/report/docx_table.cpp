// Tables for Word: three rules, headings over several columns, decimal points under each other, stars as superscripts.
#include "report/docx_table.hpp"

#include "core/error.hpp"
#include "report/archive.hpp"
#include "report/docx_parts.hpp"
#include "report/layout.hpp"
#include "report/page.hpp"

#include <pugixml.hpp>

#include <algorithm>
#include <sstream>
#include <string_view>

namespace report {
namespace {

using pugi::xml_node;

constexpr const char* namespace_of_w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
constexpr int thick = 12, thin = 6;  // rules in eighths of a point
constexpr int docx_indent = 90;      // twentieths of a point a space

/// A child element with one attribute.
template <class Value>
xml_node with(xml_node parent, const char* name, const char* attribute, const Value& value) {
  xml_node node = parent.append_child(name);
  node.append_attribute(attribute).set_value(value);
  return node;
}

struct Look {
  int letters = 21;
  bool bold = false;
  const char* east_asian = east_asian_font;
};

std::string same(const std::string& text) { return text; }

/// Text without the characters that XML forbids.
std::string allowed(const std::string& text) {
  std::string out;
  for (const int point : code_points(text))
    append_utf8(out, (point < 0x20 && point != '\t') || point == 0xFFFE || point == 0xFFFF ? ' ' : point);
  return out;
}

void add_run(xml_node paragraph, const std::string& text, const Look& look, bool superscript = false) {
  if (text.empty()) return;
  xml_node run = paragraph.append_child("w:r");
  xml_node properties = run.append_child("w:rPr");
  xml_node fonts = properties.append_child("w:rFonts");
  fonts.append_attribute("w:ascii").set_value(latin_font);
  fonts.append_attribute("w:hAnsi").set_value(latin_font);
  fonts.append_attribute("w:eastAsia").set_value(look.east_asian);
  fonts.append_attribute("w:cs").set_value(latin_font);
  if (look.bold) {
    properties.append_child("w:b");
    properties.append_child("w:bCs");
  }
  with(properties, "w:sz", "w:val", look.letters);
  with(properties, "w:szCs", "w:val", look.letters);
  if (superscript) with(properties, "w:vertAlign", "w:val", "superscript");
  xml_node words = with(run, "w:t", "xml:space", "preserve");
  words.text().set(allowed(text).c_str());
}

struct ParagraphLook {
  const char* style = nullptr;
  bool keep_next = false;
  bool rule_below = false;
  int point = 0;  ///< a decimal tab here; in a cell the number goes to it by itself
  int before = 0, after = 0;
  int indent = 0;
  int letters =
      0;  ///< of the end of the paragraph, which is as high as its text: a paragraph without any is not higher
  const char* align = nullptr;
};

xml_node add_paragraph(xml_node parent, const ParagraphLook& look) {
  xml_node paragraph = parent.append_child("w:p");
  xml_node p = paragraph.append_child("w:pPr");
  if (look.style) with(p, "w:pStyle", "w:val", look.style);
  if (look.keep_next) p.append_child("w:keepNext");
  if (look.rule_below) {
    xml_node rule = with(p.append_child("w:pBdr"), "w:bottom", "w:val", "single");
    rule.append_attribute("w:sz").set_value(thin);
    rule.append_attribute("w:space").set_value(1);
    rule.append_attribute("w:color").set_value("auto");
  }
  if (look.point > 0)
    with(p.append_child("w:tabs"), "w:tab", "w:val", "decimal").append_attribute("w:pos").set_value(look.point);
  xml_node spacing = with(p, "w:spacing", "w:before", look.before);
  spacing.append_attribute("w:after").set_value(look.after);
  if (look.indent > 0) with(p, "w:ind", "w:left", look.indent);
  if (look.align) with(p, "w:jc", "w:val", look.align);
  if (look.letters > 0) {
    xml_node mark = p.append_child("w:rPr");
    with(mark, "w:sz", "w:val", look.letters);
    with(mark, "w:szCs", "w:val", look.letters);
  }
  return paragraph;
}

const char* docx_word(Align align) {
  if (align == Align::left) return "left";
  return align == Align::right ? "right" : "center";
}

class DocxWriter {
 public:
  DocxWriter(xml_node parent, const Table& table)
      : parent_(parent),
        table_(table),
        page_(page_layout(table)),
        align_(column_alignment(table)),
        together_(on_one_page(table)) {}

  void write() {
    if (!table_.title.empty()) {
      const Look look{.letters = title_letters, .bold = true, .east_asian = east_asian_title_font};
      add_run(add_paragraph(parent_,
                            {.style = "Caption", .keep_next = true, .before = 120, .after = 60, .align = "center"}),
              table_.title, look);
    }
    if (!align_.empty()) write_table();
    for (const std::string& note : table_.notes) {
      const bool last = &note == &table_.notes.back();
      const ParagraphLook look{.keep_next = together_ && !last,
                               .before = &note == &table_.notes.front() ? 40 : 0,
                               .after = last ? 240 : 0,
                               .align = "left"};
      add_run(add_paragraph(parent_, look), with_minus(note, "−", same), {.letters = page_.notes});
    }
    if (table_.notes.empty()) add_paragraph(parent_, {.after = 120});  // two tables that touch would be one
  }

 private:
  void write_table() {
    xml_node table = parent_.append_child("w:tbl");
    xml_node p = table.append_child("w:tblPr");
    with(p, "w:tblW", "w:w", page_.text_width).append_attribute("w:type").set_value("dxa");
    with(p, "w:jc", "w:val", "center");
    xml_node borders = p.append_child("w:tblBorders");
    add_rule(borders, "w:top", thick);
    add_rule(borders, "w:bottom", thick);
    with(p, "w:tblLayout", "w:type", "fixed");
    xml_node margins = p.append_child("w:tblCellMar");
    for (const char* side : {"w:left", "w:right"})
      with(margins, side, "w:w", page_.cell_margin).append_attribute("w:type").set_value("dxa");
    xml_node grid = table.append_child("w:tblGrid");
    for (const int width : page_.columns) with(grid, "w:gridCol", "w:w", width);
    for (const Row& row : table_.header)
      write_row(table, row, {.in_header = true, .edge = &row == &table_.header.back(), .keep_next = true});
    for (std::size_t i = 0; i < table_.body.size(); ++i) {
      const bool last = i + 1 == table_.body.size() && table_.notes.empty();
      write_row(table, table_.body[i], {.edge = i == 0, .keep_next = together_ && !last});
    }
  }

  static void add_rule(xml_node borders, const char* side, int size) {
    xml_node rule = with(borders, side, "w:val", "single");
    rule.append_attribute("w:sz").set_value(size);
    rule.append_attribute("w:space").set_value(0);
    rule.append_attribute("w:color").set_value("auto");
  }

  struct Place {
    bool in_header = false;
    bool edge = false;       ///< the last row of the header, or the first of the body
    bool keep_next = false;  ///< on the page of what follows
  };

  void write_row(xml_node table, const Row& row, const Place& place) {
    xml_node line = table.append_child("w:tr");
    xml_node p = line.append_child("w:trPr");
    p.append_child("w:cantSplit");
    if (place.in_header) p.append_child("w:tblHeader");
    std::size_t j = 0;
    for (const Cell& cell : row.cells) {
      if (j >= align_.size()) break;
      const auto span = std::min(static_cast<std::size_t>(std::max(cell.span, 1)), align_.size() - j);
      write_cell(line, row, cell, j, span, place);
      j += span;
    }
    for (; j < align_.size(); ++j) write_cell(line, row, {}, j, 1, place);
  }

  void write_cell(xml_node line, const Row& row, const Cell& cell, std::size_t j, std::size_t span,
                  const Place& place) {
    const auto [in_header, edge, keep_next] = place;
    xml_node box = line.append_child("w:tc");
    xml_node p = box.append_child("w:tcPr");
    int width = 0;
    for (std::size_t i = j; i < j + span; ++i) width += page_.columns[i];
    with(p, "w:tcW", "w:w", width).append_attribute("w:type").set_value("dxa");
    if (span > 1) with(p, "w:gridSpan", "w:val", static_cast<int>(span));
    const bool last_header = in_header && edge;
    const bool above = !in_header && row.rule_above && !edge;
    if (above || last_header) {
      xml_node borders = p.append_child("w:tcBorders");
      if (above) add_rule(borders, "w:top", thin);
      if (last_header) add_rule(borders, "w:bottom", thin);
    }
    with(p, "w:vAlign", "w:val", in_header ? "bottom" : "center");

    const Align how = cell_alignment(cell, j, align_, in_header);
    const bool at_point = how == Align::decimal && page_.points[j] > 0 && number_parts(cell).aligned;
    const bool scaled = how != Align::decimal || page_.points[j] > 0;
    ParagraphLook look{.before = 20, .after = 20};
    look.keep_next = keep_next;
    look.letters = page_.letters;
    look.rule_below = in_header && !edge && span > 1 && j > 0 && !cell.text.empty();
    look.point = at_point ? page_.points[j] : 0;
    look.indent = in_header ? 0 : indent_of(cell) * docx_indent;
    look.align = at_point ? "left" : scaled ? docx_word(how) : "right";
    xml_node paragraph = add_paragraph(box, look);
    const Look letters{.letters = page_.letters, .bold = cell.header && !in_header};
    const std::string text = cell.text.substr(static_cast<std::size_t>(indent_of(cell)));
    add_run(paragraph, with_minus(text, "−", same), letters);
    add_run(paragraph, cell.stars, letters, true);
  }

  xml_node parent_;
  const Table& table_;
  PageLayout page_;
  std::vector<Align> align_;
  bool together_;
};

/// w:sectPr: the page that what stands before it is printed on.
void set_section(xml_node section, bool landscape) {
  const PageLayout page = page_size(landscape);
  for (const char* name : {"w:pgSz", "w:pgMar"}) section.remove_child(name);
  // Headers and footers come first in a section, the page after them.
  xml_node last;
  for (const xml_node child : section.children()) {
    const std::string_view name = child.name();
    if (name == "w:headerReference" || name == "w:footerReference" || name == "w:footnotePr" || name == "w:endnotePr" ||
        name == "w:type")
      last = child;
  }
  xml_node size = last ? section.insert_child_after("w:pgSz", last) : section.prepend_child("w:pgSz");
  size.append_attribute("w:w").set_value(page.width);
  size.append_attribute("w:h").set_value(page.height);
  if (landscape) size.append_attribute("w:orient").set_value("landscape");
  xml_node margins = section.insert_child_after("w:pgMar", size);
  for (const char* side : {"w:top", "w:right", "w:bottom", "w:left"})
    margins.append_attribute(side).set_value(page.margin);
  for (const char* side : {"w:header", "w:footer"}) margins.append_attribute(side).set_value(page.margin / 2);
  margins.append_attribute("w:gutter").set_value(0);
}

bool is_landscape(xml_node section) {
  const xml_node size = section.child("w:pgSz");
  return size.attribute("w:w").as_int() > size.attribute("w:h").as_int();
}

/// Puts the tables before `end`, the section at the end of the body; pages on their side are sections of their own.
void add_tables(xml_node body, xml_node end, const std::vector<Table>& tables) {
  for (const Table& table : tables) {
    const xml_node before_end = end.previous_sibling();
    if (table.landscape != is_landscape(end) && before_end) {
      xml_node paragraph = body.insert_child_before("w:p", end);
      xml_node closed = paragraph.append_child("w:pPr").append_copy(end);
      static_cast<void>(closed);
    }
    if (table.landscape != is_landscape(end)) set_section(end, table.landscape);
    pugi::xml_document made;
    xml_node root = made.append_child("made");
    DocxWriter(root, table).write();
    for (const xml_node node : root.children()) body.insert_copy_before(node, end);
  }
}

std::string xml_text(const pugi::xml_document& document) {
  std::ostringstream out;
  document.save(out, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" + out.str();
}

}  // namespace

std::string docx_document_xml(const std::vector<Table>& tables) {
  pugi::xml_document document;
  xml_node root = with(document, "w:document", "xmlns:w", namespace_of_w);
  xml_node body = root.append_child("w:body");
  xml_node section = body.append_child("w:sectPr");
  set_section(section, !tables.empty() && tables.front().landscape);
  add_tables(body, section, tables);
  return xml_text(document);
}

std::string docx_with_tables(const std::string& document_xml, const std::vector<Table>& tables) {
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(
      document_xml.data(), document_xml.size(), pugi::parse_default | pugi::parse_ws_pcdata, pugi::encoding_utf8);
  if (!parsed) throw core::Error(std::string("its text is damaged: ") + parsed.description());
  xml_node root = document.child("w:document");
  xml_node body = root.child("w:body");
  if (!body || std::string_view(root.attribute("xmlns:w").value()) != namespace_of_w)
    throw core::Error("it is not a Word document");
  xml_node end = body.last_child();
  while (end && std::string_view(end.name()) != "w:sectPr") end = end.previous_sibling();
  if (!end) {
    end = body.append_child("w:sectPr");
    set_section(end, false);
  }
  add_tables(body, end, tables);
  return xml_text(document);
}

std::string docx_file(const std::vector<Table>& tables) {
  std::vector<std::pair<std::string, std::string>> parts = docx_parts();
  parts.emplace_back(docx_document, docx_document_xml(tables));
  return zipped(parts);
}

std::string docx_appended(const std::string& file, const std::vector<Table>& tables) {
  return with_zip_entry(file, docx_document, docx_with_tables(zip_entry(file, docx_document), tables));
}

std::string render_docx(const Table& table) { return docx_file({table}); }

}  // namespace report
