#include "report/files.hpp"
#include "report/layout.hpp"

#include <algorithm>

namespace report {

void save(const Table& table, const std::string& path) {
  const std::string ending = checked_ending(path, {".txt", ".tex", ".html", ".md", ".csv"}, "a table");
  std::string content;
  if (ending == ".txt") content = render_text(table);
  if (ending == ".tex") content = render_latex(table);
  if (ending == ".html") content = html_page(table);
  if (ending == ".md") content = render_markdown(table);
  if (ending == ".csv") {
    content = render_csv(table);
    const bool ascii =
        std::all_of(content.begin(), content.end(), [](char c) { return static_cast<unsigned char>(c) < 128; });
    if (!ascii) content.insert(0, "\xEF\xBB\xBF");  // spreadsheets take a file without this mark for Latin-1
  }
  write_file(path, content);
}

}  // namespace report
