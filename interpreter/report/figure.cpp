#include "report/figure.hpp"

#include "report/files.hpp"
#include "report/gnuplot.hpp"
#include "report/table.hpp"

namespace report {
namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

void replace_between(std::string& text, const std::string& open, const std::string& close, const std::string& inside) {
  const std::size_t begin = text.find(open);
  if (begin == std::string::npos) return;
  const std::size_t from = begin + open.size(), to = text.find(close, from);
  if (to != std::string::npos) text.replace(from, to - from, inside);
}

std::string gnuplot_escaped(std::string text) {
  replace_all(text, "&", "&amp;");
  replace_all(text, "<", "&lt;");
  replace_all(text, ">", "&gt;");
  return text;
}

/// Names the figure for screen readers in place of the program that drew it, and adds fonts for machines without Noto.
std::string finished_svg(std::string svg, const Figure& figure) {
  replace_between(svg, "<title>", "</title>", gnuplot_escaped(figure.title.empty() ? "Figure" : figure.title));
  replace_between(svg, "<desc>", "</desc>", gnuplot_escaped(figure.note));
  replace_all(svg, "font-family=\"Noto Sans CJK SC\"",
              "font-family=\"Noto Sans CJK SC, DejaVu Sans, Helvetica, Arial, sans-serif\"");
  return svg;
}

/// The date of drawing, the one thing that changes between two runs, becomes a fixed one of the same length (a PDF
/// counts its bytes).
std::string finished_pdf(std::string pdf) {
  const std::string key = "/CreationDate (D:";
  const std::size_t at = pdf.rfind(key);
  if (at == std::string::npos) return pdf;
  const std::string fixed = "20000101000000";
  for (std::size_t i = 0; i < fixed.size() && at + key.size() + i < pdf.size(); ++i) {
    char& c = pdf[at + key.size() + i];
    if (c >= '0' && c <= '9') c = fixed[i];
  }
  return pdf;
}

}  // namespace

void save(const Figure& figure, const std::string& path) {
  const std::string ending = checked_ending(path, {".svg", ".png", ".pdf", ".txt"}, "a figure");
  std::string content;
  if (ending == ".svg") content = finished_svg(run_gnuplot(gnuplot_script(figure, Device::svg)), figure);
  if (ending == ".png") content = run_gnuplot(gnuplot_script(figure, Device::png));
  if (ending == ".pdf") content = finished_pdf(run_gnuplot(gnuplot_script(figure, Device::pdf)));
  if (ending == ".txt") content = render_text(figure);
  write_file(path, content);
}

}  // namespace report
