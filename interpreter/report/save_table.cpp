// Tables into files, whose ending says the format.
#include "core/error.hpp"
#include "core/text.hpp"
#include "report/docx_table.hpp"
#include "report/files.hpp"
#include "report/layout.hpp"
#include "report/rtf_table.hpp"
#include "report/xlsx_table.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace report {
namespace {

namespace fs = std::filesystem;

constexpr const char* utf8_mark = "\xEF\xBB\xBF";

bool ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 128; });
}

std::string old_content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in) throw core::Error("cannot read '" + path + "', to which the table should be added");
  return content;
}

std::string joined(const std::vector<Table>& tables, const std::string& between,
                   std::string (*render)(const Table& table)) {
  std::string out;
  for (const Table& table : tables) out += (out.empty() ? "" : between) + render(table);
  return out;
}

std::string text_of(const Table& table) { return render_text(table); }

/// A spreadsheet takes a file without the mark for Latin-1.
std::string csv_file(const std::string& old, const std::vector<Table>& tables) {
  const bool marked = core::starts_with(old, utf8_mark);
  std::string out = marked ? old.substr(3) : old;
  const std::string added = joined(tables, "\n", render_csv);
  out += (out.empty() ? "" : "\n") + added;
  return ascii(out) ? out : utf8_mark + out;
}

std::string html_file(const std::string& old, const std::vector<Table>& tables) {
  if (old.empty()) {
    const std::string page = html_page(tables.front());
    return html_file(page, {tables.begin() + 1, tables.end()});
  }
  const std::size_t end = old.rfind("</body>");
  if (end == std::string::npos) throw core::Error("it is not an HTML page: there is no </body>");
  return old.substr(0, end) + joined(tables, "", render_html) + old.substr(end);
}

/// What the file holds afterwards. `old`: what it holds now; "" for a new one.
std::string content_of(const std::string& ending, const std::string& old, const std::vector<Table>& tables) {
  const std::string gap = old.empty() ? "" : old + "\n";
  if (ending == ".txt") return gap + joined(tables, "\n", text_of);
  if (ending == ".tex") return gap + joined(tables, "\n", render_latex);
  if (ending == ".md") return gap + joined(tables, "\n", render_markdown);
  if (ending == ".csv") return csv_file(old, tables);
  if (ending == ".html") return html_file(old, tables);
  if (ending == ".rtf" || ending == ".doc") return old.empty() ? rtf_file(tables) : rtf_appended(old, tables);
  if (ending == ".docx") return old.empty() ? docx_file(tables) : docx_appended(old, tables);
  if (!old.empty())
    throw core::Error("a workbook cannot be added to")
        .hint("save its tables together: save_tables(t1, t2, file=\"tables.xlsx\")");
  return xlsx_file(tables);
}

}  // namespace

const std::vector<std::string>& table_endings() {
  static const std::vector<std::string> endings = {".txt",  ".tex",  ".html", ".md", ".csv",
                                                   ".xlsx", ".docx", ".rtf",  ".doc"};
  return endings;
}

void save(const std::vector<Table>& tables, const std::string& path, bool append) {
  if (tables.empty()) throw core::Error("there is no table to save");
  const std::string ending = checked_ending(path, table_endings(), "a table");
  std::error_code ignored;
  const std::string old = append && fs::is_regular_file(path, ignored) ? old_content(path) : "";
  std::string content;
  try {
    content = content_of(ending, old, tables);
  } catch (core::Error& error) {
    if (old.empty()) throw;
    core::Error said("cannot add a table to '" + path + "': " + error.message());
    for (const std::string& hint : error.hints()) said.hint(hint);
    throw said;
  }
  write_file(path, content);
}

void save(const Table& table, const std::string& path, bool append) { save(std::vector<Table>{table}, path, append); }

}  // namespace report
