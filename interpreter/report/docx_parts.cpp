#include "report/docx_parts.hpp"

#include "report/page.hpp"

namespace report {
namespace {

constexpr const char* declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

constexpr const char* content_types =
    R"(<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">)"
    R"(<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>)"
    R"(<Default Extension="xml" ContentType="application/xml"/>)"
    R"(<Override PartName="/word/document.xml" )"
    R"(ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>)"
    R"(<Override PartName="/word/styles.xml" )"
    R"(ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>)"
    R"(<Override PartName="/word/settings.xml" )"
    R"(ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>)"
    R"(</Types>)";

constexpr const char* relations =
    R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)"
    R"(<Relationship Id="rId1" )"
    R"(Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" )"
    R"(Target="word/document.xml"/></Relationships>)";

constexpr const char* document_relations =
    R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)"
    R"(<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" )"
    R"(Target="styles.xml"/>)"
    R"(<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings" )"
    R"(Target="settings.xml"/></Relationships>)";

constexpr const char* settings =
    R"(<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:compat>)"
    R"(<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>)"
    R"(</w:compat></w:settings>)";

std::string fonts(const char* east_asian) {
  const std::string latin = latin_font;
  return "<w:rFonts w:ascii=\"" + latin + "\" w:hAnsi=\"" + latin + "\" w:eastAsia=\"" + east_asian + "\" w:cs=\"" +
         latin + "\"/>";
}

std::string styles() {
  const std::string title = std::to_string(title_letters);
  return std::string(R"(<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">)") +
         "<w:docDefaults><w:rPrDefault><w:rPr>" + fonts(east_asian_font) +
         R"(<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/>)"
         R"(</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>)"
         R"(<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>)"
         R"(<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/><w:basedOn w:val="Normal"/>)"
         R"(<w:pPr><w:keepNext/><w:spacing w:before="120" w:after="60"/><w:jc w:val="center"/></w:pPr><w:rPr>)" +
         fonts(east_asian_title_font) + R"(<w:b/><w:bCs/><w:sz w:val=")" + title + R"("/><w:szCs w:val=")" + title +
         R"("/></w:rPr></w:style></w:styles>)";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> docx_parts() {
  const std::string head = declaration;
  return {{"[Content_Types].xml", head + content_types},
          {"_rels/.rels", head + relations},
          {"word/_rels/document.xml.rels", head + document_relations},
          {"word/styles.xml", head + styles()},
          {"word/settings.xml", head + settings}};
}

}  // namespace report
