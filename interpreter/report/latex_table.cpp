// Tables for LaTeX: booktabs rules, notes by threeparttable. Nothing in a cell can end up as a command.
#include "report/layout.hpp"

#include "core/text.hpp"
#include "report/page.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace report {
namespace {

/// Signs that pdflatex's usual fonts lack or that mean something to TeX. Everything else is passed as UTF-8.
constexpr std::array<std::pair<int, const char*>, 36> signs{{
    {'\\', "\\textbackslash{}"},
    {'{', "\\{"},
    {'}', "\\}"},
    {'$', "\\$"},
    {'&', "\\&"},
    {'#', "\\#"},
    {'_', "\\_"},
    {'%', "\\%"},
    {'^', "\\textasciicircum{}"},
    {'~', "\\textasciitilde{}"},
    {'<', "$<$"},
    {'>', "$>$"},
    {'|', "$|$"},
    {'"', "\\textquotedbl{}"},
    {'`', "\\textasciigrave{}"},
    {0xB2, "\\textsuperscript{2}"},
    {0xB3, "\\textsuperscript{3}"},
    {0xB7, "$\\cdot$"},
    {0xD7, "$\\times$"},
    {0x2212, "$-$"},
    {0x2264, "$\\leq$"},
    {0x2265, "$\\geq$"},
    {0x2260, "$\\neq$"},
    {0x2026, "\\ldots{}"},
    {0x2192, "$\\rightarrow$"},
    {0xB1, "$\\pm$"},
    {0x221E, "$\\infty$"},
    {0x3B1, "$\\alpha$"},
    {0x3B2, "$\\beta$"},
    {0x3B3, "$\\gamma$"},
    {0x3B4, "$\\delta$"},
    {0x3BB, "$\\lambda$"},
    {0x3C1, "$\\rho$"},
    {0x3C3, "$\\sigma$"},
    {0x3C4, "$\\tau$"},
    {0x3C7, "$\\chi$"},
}};

std::string latex_escaped(const std::string& text) {
  std::string out;
  for (const int point : code_points(text)) {
    const auto* sign = std::find_if(signs.begin(), signs.end(), [&](const auto& s) { return s.first == point; });
    if (sign != signs.end())
      out += sign->second;
    else if (point == '\n' || point == '\t')
      out += ' ';
    else if (point >= 0x20)
      append_utf8(out, point);
  }
  return out;
}

std::string latex_cell(const Cell& cell) {
  std::string out = with_minus(cell.text.substr(static_cast<std::size_t>(indent_of(cell))), "$-$", latex_escaped);
  if (!out.empty() && (out[0] == '[' || out[0] == '*')) out.insert(0, "{}");  // not an argument of \\ or \item
  if (!cell.stars.empty()) out += "\\sym{" + latex_escaped(cell.stars) + "}";
  if (cell.header && !out.empty()) out = "\\textit{" + out + "}";
  if (const int indent = indent_of(cell); indent > 0) out.insert(0, "\\hspace{" + core::fixed(0.5 * indent, 1) + "em}");
  return out;
}

/// A key that \ref can take: letters, digits and a few marks; anything else becomes a hyphen.
std::string safe_label(std::string label) {
  for (char& c : label) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && std::string(":_.-").find(c) == std::string::npos) c = '-';
  }
  return label;
}

char column_letter(Align align) { return align == Align::left ? 'l' : align == Align::right ? 'r' : 'c'; }

/// `ruled`: spans get a rule under them (a header row that is not the last).
std::string latex_row(const Row& row, const std::vector<Align>& align, bool in_header, bool ruled) {
  std::vector<std::string> cells;
  std::string partial_rules;
  std::size_t j = 0;
  for (const Cell& cell : row.cells) {
    const auto span = static_cast<std::size_t>(std::max(cell.span, 1));
    const Align how = cell_alignment(cell, j, align, in_header);
    if (span > 1 || (in_header && !cell.text.empty() && column_letter(how) != column_letter(align[j])))
      cells.push_back("\\multicolumn{" + std::to_string(span) + "}{" + column_letter(how) + "}{" + latex_cell(cell) +
                      "}");
    else
      cells.push_back(latex_cell(cell));
    if (ruled && span > 1 && j > 0 && !cell.text.empty())
      partial_rules += "\\cmidrule(lr){" + std::to_string(j + 1) + "-" + std::to_string(j + span) + "}\n";
    j += span;
  }
  return core::join(cells, " & ") + " \\\\\n" + partial_rules;
}

bool has_stars(const Table& table) {
  return std::any_of(table.body.begin(), table.body.end(), [](const Row& row) {
    return std::any_of(row.cells.begin(), row.cells.end(), [](const Cell& cell) { return !cell.stars.empty(); });
  });
}

bool has_wide(const Table& table) {
  const auto wide = [](const std::string& text) {
    const std::vector<int> points = code_points(text);
    return std::any_of(points.begin(), points.end(), [](int point) { return code_point_width(point) == 2; });
  };
  const auto wide_row = [&](const Row& row) {
    return std::any_of(row.cells.begin(), row.cells.end(), [&](const Cell& cell) { return wide(cell.text); });
  };
  return wide(table.title) || std::any_of(table.header.begin(), table.header.end(), wide_row) ||
         std::any_of(table.body.begin(), table.body.end(), wide_row) ||
         std::any_of(table.notes.begin(), table.notes.end(), wide);
}

}  // namespace

std::string render_latex(const Table& table) {
  const std::vector<Align> align = column_alignment(table);
  const std::string place = table.landscape ? "sidewaystable" : "table";
  std::string out =
      std::string("% needs \\usepackage{booktabs,threeparttable") + (table.landscape ? ",rotating}\n" : "}\n");
  if (has_wide(table)) out += "% Chinese, Japanese or Korean text: compile with XeLaTeX and \\usepackage{ctex}\n";
  out += "\\begin{" + place + "}[htbp]\n\\centering\n";
  if (has_stars(table)) out += "\\providecommand{\\sym}[1]{\\rlap{\\textsuperscript{#1}}}\n";
  out += "\\begin{threeparttable}\n";
  if (!table.title.empty()) out += "\\caption{" + latex_escaped(table.title) + "}\n";
  if (!table.label.empty()) out += "\\label{" + safe_label(table.label) + "}\n";
  if (!align.empty()) {
    std::string letters;
    for (const Align a : align) letters += column_letter(a);
    out += "\\begin{tabular}{" + letters + "}\n\\toprule\n";
    for (const Row& row : table.header) out += latex_row(row, align, true, &row != &table.header.back());
    if (!table.header.empty() && !table.body.empty()) out += "\\midrule\n";
    for (std::size_t i = 0; i < table.body.size(); ++i) {
      if (table.body[i].rule_above && i > 0) out += "\\midrule\n";
      out += latex_row(table.body[i], align, false, false);
    }
    out += "\\bottomrule\n\\end{tabular}\n";
  }
  if (!table.notes.empty()) {
    out += "\\begin{tablenotes}[flushleft]\n\\footnotesize\n";
    for (const std::string& note : table.notes) out += "\\item " + latex_cell({.text = note}) + "\n";
    out += "\\end{tablenotes}\n";
  }
  return out + "\\end{threeparttable}\n\\end{" + place + "}\n";
}

}  // namespace report
