// The help pages: which names they answer to, and all of them as one manual.
#include "bindings/pages.hpp"

#include "bindings/stdlib.hpp"
#include "core/text.hpp"
#include "report/markdown.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace bindings {
namespace {

HelpPage read_page(std::string file, std::string_view text) {
  HelpPage page{.file = std::move(file), .names = {}, .summary = {}, .text = text};
  std::vector<std::string> paragraph;
  for (const std::string& line : core::split(text, '\n')) {
    const std::string_view trimmed = core::trim(line);
    if (page.names.empty() && core::starts_with(trimmed, "# ")) {
      for (const std::string& name : core::split(trimmed.substr(2), ',')) page.names.emplace_back(core::trim(name));
    } else if (!page.names.empty() && trimmed.empty() && !paragraph.empty()) {
      break;
    } else if (!page.names.empty() && !trimmed.empty()) {
      paragraph.emplace_back(trimmed);
    }
  }
  page.summary = core::join(core::split(report::plain_lines(core::join(paragraph, "\n")), '\n'), " ");
  page.summary = core::trim(page.summary);
  return page;
}

/// The cells of a row of a pipe table; none for other lines.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  if (line.empty() || line[0] != '|') return cells;
  std::string cell;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cell += '|';
      ++i;
    } else if (line[i] == '|') {
      cells.emplace_back(core::trim(cell));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  return cells;
}

/// The first word of each piece of code in a cell: `reghdfe y x, absorb(a)` gives reghdfe.
std::vector<std::string> first_words(const std::string& cell) {
  std::vector<std::string> words;
  const std::vector<std::string> pieces = core::split(cell, '`');
  for (std::size_t i = 1; i < pieces.size(); i += 2) {
    const std::string& piece = pieces[i];
    std::size_t end = 0;
    while (end < piece.size() &&
           (std::isalnum(static_cast<unsigned char>(piece[end])) || piece[end] == '_' || piece[end] == '.'))
      ++end;
    if (end > 0) words.push_back(piece.substr(0, end));
  }
  return words;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

/// `help NAME` in a page becomes a link to that page.
std::string with_links(std::string html) {
  for (const HelpPage& page : help_pages()) {
    for (const std::string& name : page.names) {
      const std::string code = "<code>help " + name + "</code>";
      html = replaced(std::move(html), code, core::join({"<a href=\"#", page.file, "\">", code, "</a>"}, ""));
    }
  }
  return html;
}

constexpr const char* manual_head = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Moontide manual</title>
<style>
body { font: 16px/1.5 Georgia, "Noto Serif CJK SC", serif; margin: 0; color: #222; }
nav { position: fixed; inset: 0 auto 0 0; width: 13em; overflow: auto; padding: 1em; background: #f6f6f3; font-size: 14px; }
nav h2 { font-size: 14px; margin: 1em 0 0.2em; }
nav a { display: inline-block; margin-right: 0.7em; }
main { margin-left: 16em; max-width: 46em; padding: 1em 2em; }
section { border-top: 1px solid #ccc; padding-top: 1em; margin-top: 2em; }
h1 { font-size: 1.6em; } h2 { font-size: 1.1em; }
code, pre { font-family: "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace; font-size: 13px; }
pre { background: #f6f6f3; padding: 0.7em 1em; overflow: auto; line-height: 1.35; }
pre:has(code.language-output) { background: none; border-left: 3px solid #ccc; }
table { border-collapse: collapse; border-top: 2px solid #222; border-bottom: 2px solid #222; }
th, td { text-align: left; vertical-align: top; padding: 0.2em 1em 0.2em 0; }
thead { border-bottom: 1px solid #222; }
a { color: #1f4e79; text-decoration: none; }
@media (max-width: 50em) { nav { position: static; width: auto; } main { margin-left: 0; } }
</style>
</head>
<body>
)";

}  // namespace

const std::vector<HelpPage>& help_pages() {
  static const std::vector<HelpPage> pages = [] {
    std::vector<HelpPage> found;
    constexpr std::string_view folder = "docs/", ending = ".md";
    for (const StdlibFile& entry : stdlib_files()) {
      if (!core::starts_with(entry.name, folder) || entry.name.size() <= folder.size() + ending.size() ||
          entry.name.substr(entry.name.size() - ending.size()) != ending)
        continue;
      const std::string_view file = entry.name.substr(folder.size(), entry.name.size() - folder.size() - ending.size());
      found.push_back(read_page(std::string(file), entry.text));
    }
    return found;
  }();
  return pages;
}

const HelpPage* find_page(std::string_view name) {
  for (const HelpPage& page : help_pages())
    if (page.file == name || std::find(page.names.begin(), page.names.end(), name) != page.names.end()) return &page;
  return nullptr;
}

const std::vector<ForeignName>& foreign_names() {
  static const std::vector<ForeignName> names = [] {
    std::vector<ForeignName> found;
    const HelpPage* page = find_page("elsewhere");
    if (!page) return found;
    for (const std::string& line : core::split(page->text, '\n')) {
      const std::vector<std::string> cells = cells_of(line);  // Stata | R | here | page
      if (cells.size() < 4) continue;
      const std::vector<std::string> ours = first_words(cells[3]);
      if (ours.empty()) continue;
      for (const std::string& name : first_words(cells[0])) found.push_back({name, "Stata", ours[0]});
      for (const std::string& name : first_words(cells[1])) found.push_back({name, "R", ours[0]});
    }
    return found;
  }();
  return names;
}

std::string manual_html(const std::vector<std::pair<std::string, std::vector<std::string>>>& topics) {
  std::vector<std::pair<std::string, std::vector<const HelpPage*>>> chapters;
  std::set<const HelpPage*> placed;
  for (const auto& [topic, names] : topics) {
    std::vector<const HelpPage*> pages;
    for (const std::string& name : names)
      if (const HelpPage* page = find_page(name); page && placed.insert(page).second) pages.push_back(page);
    if (!pages.empty()) chapters.emplace_back(topic, pages);
  }
  std::vector<const HelpPage*> others;
  for (const HelpPage& page : help_pages())
    if (!placed.count(&page)) others.push_back(&page);
  chapters.insert(chapters.begin(), {"language", others});

  std::string nav, body;
  for (const auto& [topic, pages] : chapters) {
    nav += "<h2>" + topic + "</h2>\n";
    for (const HelpPage* page : pages) {
      for (const std::string& name : page->names) nav += "<a href=\"#" + page->file + "\">" + name + "</a>\n";
      body += "<section id=\"" + page->file + "\">\n" + with_links(report::render_markdown_html(page->text)) +
              "</section>\n";
    }
  }
  return manual_head + ("<nav><strong>Moontide " MOONTIDE_VERSION "</strong>\n" + nav + "</nav>\n<main>\n") + body +
         "</main>\n</body>\n</html>\n";
}

}  // namespace bindings
