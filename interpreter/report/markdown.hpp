// Markdown (CommonMark with pipe tables) as text for a terminal.
#pragma once

#include "report/table.hpp"

#include <string>
#include <string_view>

namespace report {

/// Headings bold where colour is, paragraphs and lists wrapped to `style.width` columns (0: 80), tables with columns
/// that fit that width, code blocks indented and never wrapped. No marks of Markdown remain. Any text is valid
/// Markdown.
std::string render_markdown_text(std::string_view markdown, const TextStyle& style = {});

/// The text of a page without its marks, one line per paragraph, cell or line of code: what `search` looks through.
std::string plain_lines(std::string_view markdown);

/// The page as HTML, without a frame around it.
std::string render_markdown_html(std::string_view markdown);

}  // namespace report
