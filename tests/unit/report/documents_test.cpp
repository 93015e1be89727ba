#include "core/error.hpp"
#include "report/archive.hpp"
#include "report/docx_table.hpp"
#include "report/page.hpp"
#include "report/rtf_table.hpp"
#include "report/table.hpp"
#include "report/xlsx_table.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

using report::Align;
using report::Table;

namespace {

Table small() {
  Table t;
  t.title = "表1 政策效果";
  t.align = {Align::left, Align::decimal};
  t.header = {{{{}, {.text = "产业升级"}}}};
  t.body = {{{{.text = "试验区 & 对照"}, {.text = "-0.0123", .stars = "***", .value = -0.01234}}},
            {{{}, {.text = "(0.0045)", .value = 0.0045}}},
            {{{.text = "观测值"}, {.text = "1,410"}}, true}};
  t.notes = {"注：括号内为标准误。"};
  return t;
}

Table spanning() {
  Table t;
  t.header = {{{{}, {.text = "Services", .span = 2}}}, {{{}, {.text = "(1)"}, {.text = "(2)"}}}};
  t.align = {Align::left, Align::decimal, Align::decimal};
  t.body = {{{{.text = "Panel A", .span = 3, .header = true}}},
            {{{.text = "  did"}, {.text = "1.5"}, {.text = "Yes"}}}};
  return t;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::string document_of(const std::string& file) { return report::zip_entry(file, "word/document.xml"); }

}  // namespace

TEST_CASE("an archive gives back what was put in, and refuses what is none") {
  const std::string bytes = report::zipped({{"a.txt", "one"}, {"文/b.txt", std::string(100'000, 'x')}});
  CHECK(report::zip_entry(bytes, "a.txt") == "one");
  CHECK(report::zip_entry(bytes, "文/b.txt").size() == 100'000);
  CHECK(bytes.size() < 2'000);
  CHECK((bytes == report::zipped({{"a.txt", "one"}, {"文/b.txt", std::string(100'000, 'x')}})));
  const std::string changed = report::with_zip_entry(bytes, "a.txt", "two");
  CHECK(report::zip_entry(changed, "a.txt") == "two");
  CHECK(report::zip_entry(changed, "文/b.txt").size() == 100'000);
  CHECK_THROWS_WITH(report::zip_entry(bytes, "c.txt"), "zip archive: there is no 'c.txt' in it");
  CHECK_THROWS_AS(report::zip_entry("not a zip file", "a.txt"), core::Error);
  CHECK_THROWS_AS(report::zip_entry(bytes.substr(0, bytes.size() / 2), "a.txt"), core::Error);
}

TEST_CASE("a Word table: three rules, decimal tabs, superscript stars, Chinese fonts") {
  const std::string xml = report::docx_document_xml({small()});
  CHECK_THAT(xml, Catch::StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document"));
  CHECK_THAT(xml, Catch::Contains(">表1 政策效果</w:t>") && Catch::Contains(">试验区 &amp; 对照</w:t>") &&
                      Catch::Contains(">注：括号内为标准误。</w:t>"));
  CHECK_THAT(xml, Catch::Contains("<w:tblBorders><w:top w:val=\"single\" w:sz=\"12\" w:space=\"0\" w:color=\"auto\"/>"
                                  "<w:bottom w:val=\"single\" w:sz=\"12\" w:space=\"0\" w:color=\"auto\"/>"
                                  "</w:tblBorders>"));
  // Under the header's two cells, and above the two of the row with a rule.
  CHECK(count(xml, "<w:tcBorders><w:bottom w:val=\"single\" w:sz=\"6\"") == 2);
  CHECK(count(xml, "<w:tcBorders><w:top w:val=\"single\" w:sz=\"6\"") == 2);
  CHECK_THAT(xml, Catch::Contains("<w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" "
                                  "w:eastAsia=\"SimSun\" w:cs=\"Times New Roman\"/><w:sz w:val=\"18\"/>"
                                  "<w:szCs w:val=\"18\"/></w:rPr><w:t xml:space=\"preserve\">−0.0123</w:t></w:r>"));
  CHECK_THAT(xml, Catch::Contains("<w:vertAlign w:val=\"superscript\"/></w:rPr><w:t xml:space=\"preserve\">***</w:t>"));
  CHECK(count(xml, "<w:tab w:val=\"decimal\"") == 2);  // the estimate and its standard error, not the count
  CHECK_THAT(xml, Catch::Contains("w:eastAsia=\"SimHei\""));
  CHECK_THAT(xml, Catch::Contains("<w:pStyle w:val=\"Caption\"/>"));
  CHECK_THAT(xml, Catch::Contains("<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"));
  CHECK_THAT(xml, Catch::EndsWith("</w:sectPr></w:body></w:document>"));
}

TEST_CASE("headings over several Word columns are merged and ruled, panels are bold, indents are kept") {
  const std::string xml = report::docx_document_xml({spanning()});
  CHECK(count(xml, "<w:gridSpan w:val=\"2\"/>") == 1);
  CHECK(count(xml, "<w:gridSpan w:val=\"3\"/>") == 1);
  CHECK(count(xml, "<w:pBdr><w:bottom") == 1);
  CHECK(count(xml, "<w:tblHeader/>") == 2);
  CHECK_THAT(xml, Catch::Contains("<w:b/><w:bCs/><w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/></w:rPr>"
                                  "<w:t xml:space=\"preserve\">Panel A</w:t>"));
  CHECK_THAT(xml, Catch::Contains("<w:ind w:left=\"180\"/>") && Catch::Contains(">did</w:t>"));
}

TEST_CASE("a Word file has its parts, and the same table gives the same bytes") {
  const std::string file = report::render_docx(small());
  CHECK((file == report::render_docx(small())));
  for (const char* part : {"[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/styles.xml",
                           "word/settings.xml", "word/document.xml"})
    CHECK_THAT(report::zip_entry(file, part), Catch::StartsWith("<?xml"));
  CHECK(document_of(file) == report::docx_document_xml({small()}));
}

TEST_CASE("tables are added to a Word file before its end, pages on their side as sections") {
  const std::string file = report::docx_appended(report::render_docx(small()), {spanning()});
  const std::string xml = document_of(file);
  CHECK(count(xml, "<w:tbl>") == 2);
  CHECK(count(xml, "<w:sectPr>") == 1);
  CHECK(xml.find("政策效果") < xml.find("Services"));
  CHECK(xml == report::docx_document_xml({small(), spanning()}));
  Table wide = spanning();
  wide.landscape = true;
  const std::string turned = document_of(report::docx_appended(file, {wide}));
  CHECK(count(turned, "<w:sectPr>") == 2);
  CHECK_THAT(turned, Catch::Contains("<w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/>"));
  CHECK(turned.find("w:w=\"11906\" w:h=\"16838\"") < turned.find("landscape"));
  CHECK_THROWS_WITH(report::docx_with_tables("<html><body/></html>", {small()}), "it is not a Word document");
  CHECK_THROWS_WITH(report::docx_with_tables("<w:document", {small()}), Catch::StartsWith("its text is damaged"));
}

TEST_CASE("texts that XML forbids do not break a Word file") {
  Table t;
  t.body = {{{{.text = std::string("a\x01z<>&\"'\xff", 9)}}}};
  const std::string xml = report::docx_document_xml({t});
  CHECK_THAT(xml, Catch::Contains(">a z&lt;&gt;&amp;\"'�</w:t>"));
}

TEST_CASE("columns fill the page, letters shrink before the table does") {
  Table t = small();
  report::PageLayout page = report::page_layout(t);
  CHECK(std::accumulate(page.columns.begin(), page.columns.end(), 0) == 11906 - 2880);
  CHECK(page.letters == 18);
  CHECK(page.points[0] == 0);
  CHECK(page.points[1] > 0);
  t.landscape = true;
  CHECK(report::page_layout(t).text_width == 16838 - 2880);
  Table wide;
  for (int j = 0; j < 16; ++j) wide.align.push_back(Align::decimal);
  wide.body = {{std::vector<report::Cell>(16, report::Cell{.text = "-12.3456", .stars = "***"})}};
  page = report::page_layout(wide);
  CHECK(page.letters < 18);
  CHECK(std::accumulate(page.columns.begin(), page.columns.end(), 0) == page.text_width);
}

TEST_CASE("an RTF table is ASCII with Unicode escapes, the same rules and tabs") {
  const std::string rtf = report::render_rtf(small());
  CHECK_THAT(rtf, Catch::StartsWith("{\\rtf1\\ansi"));
  CHECK_THAT(rtf, Catch::EndsWith("}\n"));
  CHECK(std::all_of(rtf.begin(), rtf.end(), [](char c) { return static_cast<unsigned char>(c) < 128; }));
  CHECK(count(rtf, "{") - count(rtf, "\\{") == count(rtf, "}") - count(rtf, "\\}"));
  CHECK_THAT(rtf,
             Catch::Contains("{\\f2 \\u-30616?}1 {\\f2 \\u25919?\\u31574?\\u25928?\\u26524?}\\par}"));  // 表1 政策效果
  CHECK_THAT(rtf, Catch::Contains("\\u8722?0.0123{\\super ***}\\cell"));
  CHECK(count(rtf, "\\tqdec") == 2);
  CHECK(count(rtf, "\\clbrdrt\\brdrs\\brdrw30") == 2);  // two cells above
  CHECK(count(rtf, "\\clbrdrb\\brdrs\\brdrw30") == 2);  // and two below
  CHECK(count(rtf, "\\brdrw15") == 4);                  // under the header, above the count
  CHECK(count(rtf, "\\row\n") == 4);
}

TEST_CASE("RTF escapes braces and characters beyond the first plane; tables are added at the end") {
  Table t;
  t.body = {{{{.text = "{a}\\ 𠮷"}}}};
  CHECK_THAT(report::render_rtf(t), Catch::Contains("\\{a\\}\\\\ {\\f1 \\u-10174?\\u-8265?}\\cell"));
  const std::string two = report::rtf_appended(report::render_rtf(small()), {spanning()});
  CHECK(two == report::rtf_file({small(), spanning()}));
  CHECK(count(two, "\\trhdr") == 3);
  CHECK(count(two, "\\clvertalb\\cellx") + count(two, "\\clvertalb\\cellx") > 0);
  Table wide = spanning();
  wide.landscape = true;
  CHECK(count(report::rtf_appended(two, {wide}), "\\lndscpsxn") == 1);
  CHECK_THROWS_WITH(report::rtf_appended("text", {t}), "it is not an RTF document");
}

TEST_CASE("numbers in cells: what is a number, and its format") {
  const auto value = [](const char* text) {
    const auto number = report::number_text(text);
    return number ? number->value : 999;
  };
  CHECK(value("-0.0123") == -0.0123);
  CHECK(value("(-2.73)") == -2.73);
  CHECK(value("[0.009]") == 0.009);
  CHECK(value("1,234,567") == 1234567);
  CHECK(value("12.5%") == 0.125);
  CHECK(value("1.2e-05") == 1.2e-05);
  CHECK(value(".5") == 0.5);
  CHECK(value("2014") == 2014);
  for (const char* text :
       {"", "Yes", "0571", "1,23", "(1)x", "[0.1, 0.2]", "12345678901234567", "--1", "1.5***", "-", "1e"})
    CHECK_FALSE(report::number_text(text));
  const auto format = [](const char* text, const char* stars, int decimals, int most, bool bracket) {
    return report::number_format(*report::number_text(text), stars, decimals, most, bracket);
  };
  CHECK(format("0.0123", "**", 4, 3, true) == "0.0000\"**\"_*_)");
  CHECK(format("(0.0045)", "", 4, 3, true) == "\"(\"0.0000\")\"_*_*_*;\"(-\"0.0000\")\"_*_*_*");
  CHECK(format("1,410", "", 0, 0, false) == "#,##0");
  CHECK(format("0.5", "", 3, 0, false) == "0.0_0_0");
  CHECK(format("12.5%", "", 1, 0, false) == "0.0%");
  CHECK(report::number_format({.decimals = 1}, "", 1, 0, false, 2) == "0.0_0_0");
}

TEST_CASE("a workbook: numbers as numbers with formats, merged headings, rules, Chinese") {
  const std::string file = report::xlsx_file({small(), spanning()});
  CHECK((file == report::xlsx_file({small(), spanning()})));
  const std::string sheet = report::zip_entry(file, "xl/worksheets/sheet1.xml");
  CHECK_THAT(sheet,
             Catch::Contains("<v>-0.01234</v>") && Catch::Contains("<v>0.0045") && Catch::Contains("<v>1410</v>"));
  CHECK_THAT(sheet, Catch::Contains("<mergeCell ref=\"A1:B1\"/>"));  // the title
  const std::string strings = report::zip_entry(file, "xl/sharedStrings.xml");
  CHECK_THAT(strings, Catch::Contains("表1 政策效果") && Catch::Contains("试验区 &amp; 对照"));
  const std::string styles = report::zip_entry(file, "xl/styles.xml");
  CHECK_THAT(styles, Catch::Contains("0.0000&quot;***&quot;_)") && Catch::Contains("style=\"medium\""));
  const std::string second = report::zip_entry(file, "xl/worksheets/sheet2.xml");
  CHECK_THAT(second, Catch::Contains("<mergeCell ref=\"B1:C1\"/>") && Catch::Contains("<mergeCell ref=\"A3:C3\"/>"));
}
