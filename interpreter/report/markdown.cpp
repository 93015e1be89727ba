// Help pages on a terminal. cmark-gfm parses; each kind of block is laid out here.
#include "report/markdown.hpp"

#include "core/text.hpp"
#include "report/layout.hpp"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <numeric>

namespace report {
namespace {

constexpr int column_gap = 2;
constexpr int code_indent = 4;
// Inside a text that is not laid out yet: bold begins and ends, and a space where a line must not break. All three are
// of width zero or one to utf8proc, as what they become.
constexpr char bold_on = '\x01', bold_off = '\x02';
constexpr const char* hard_space = "\xC2\xA0";
constexpr std::size_t longest_unbroken = 24;  ///< code up to this many bytes stays on one line

struct FreeNode {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
using Document = std::unique_ptr<cmark_node, FreeNode>;

class Parser {
 public:
  Parser() : parser_(cmark_parser_new(CMARK_OPT_DEFAULT)) {
    cmark_gfm_core_extensions_ensure_registered();
    if (cmark_syntax_extension* table = cmark_find_syntax_extension("table"))
      cmark_parser_attach_syntax_extension(parser_, table);
  }
  ~Parser() { cmark_parser_free(parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  Document parse(std::string_view markdown) {
    cmark_parser_feed(parser_, markdown.data(), markdown.size());
    return Document(cmark_parser_finish(parser_));
  }
  std::string html(std::string_view markdown) {
    const Document document = parse(markdown);
    char* text = cmark_render_html(document.get(), CMARK_OPT_DEFAULT, cmark_parser_get_syntax_extensions(parser_));
    std::string out = text;
    std::free(text);  // NOLINT: cmark allocates with malloc
    return out;
  }

 private:
  cmark_parser* parser_;
};

std::string literal(cmark_node* node) {
  const char* text = cmark_node_get_literal(node);
  return text ? text : "";
}

std::string kind_of(cmark_node* node) { return cmark_node_get_type_string(node); }

template <class Visit>
void for_children(cmark_node* node, const Visit& visit) {
  for (cmark_node* child = cmark_node_first_child(node); child; child = cmark_node_next(child)) visit(child);
}

std::string unbroken(const std::string& code) {
  if (code.size() > longest_unbroken) return code;
  std::string out;
  for (const char c : code) out += c == ' ' ? std::string(hard_space) : std::string(1, c);
  return out;
}

/// The words of a paragraph, heading or cell.
std::string inline_text(cmark_node* node) {
  std::string out;
  for_children(node, [&](cmark_node* child) {
    switch (cmark_node_get_type(child)) {
      case CMARK_NODE_CODE:
        out += unbroken(literal(child));
        break;
      case CMARK_NODE_SOFTBREAK:
      case CMARK_NODE_LINEBREAK:
        out += ' ';
        break;
      case CMARK_NODE_STRONG:
        out += bold_on + inline_text(child) + bold_off;
        break;
      case CMARK_NODE_LINK: {
        const char* url = cmark_node_get_url(child);
        const std::string text = inline_text(child);
        out += text;
        if (url && *url && text != url) out += " (" + std::string(url) + ")";
        break;
      }
      default:
        out += cmark_node_first_child(child) ? inline_text(child) : literal(child);
    }
  });
  return out;
}

std::string bolded(const std::string& text) {
  std::string out(1, bold_on);
  out += text;
  out += bold_off;
  return out;
}

class Page {
 public:
  explicit Page(const TextStyle& style) : style_(style), width_(style.width > 0 ? style.width : 80) {}

  std::string render(cmark_node* document) {
    blocks(document, "", "");
    return out_;
  }

 private:
  TextStyle style_;
  int width_;
  std::string out_;

  /// Marks of bold become escapes, or nothing; hard spaces become spaces. The style ends with each line.
  std::string styled(const std::string& line, bool& bold) const {
    std::string out = bold && style_.color ? "\x1b[1m" : "";
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == bold_on || line[i] == bold_off) {
        bold = line[i] == bold_on;
        if (style_.color) out += bold ? "\x1b[1m" : "\x1b[0m";
      } else if (line.compare(i, 2, hard_space) == 0) {
        out += ' ';
        ++i;
      } else {
        out += line[i];
      }
    }
    return bold && style_.color ? out + "\x1b[0m" : out;
  }

  void end_line(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    out_ += line + "\n";
  }
  void blank_line() {
    if (!out_.empty() && !(out_.size() > 1 && out_[out_.size() - 1] == '\n' && out_[out_.size() - 2] == '\n'))
      out_ += "\n";
  }

  /// Wrapped text; the first line begins with `first`, the others with `rest` (of the same width).
  void paragraph(const std::string& text, const std::string& first, const std::string& rest) {
    bool bold = false, begun = false;
    for (const std::string& line : wrap(text, std::max(20, width_ - display_width(rest)))) {
      end_line((begun ? rest : first) + styled(line, bold));
      begun = true;
    }
  }

  void code(cmark_node* node, const std::string& rest) {
    std::string text = literal(node);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    const std::string left = rest + std::string(code_indent, ' ');
    for (const std::string& line : core::split(text, '\n')) end_line(left + line);
  }

  void list(cmark_node* node, const std::string& rest) {
    const bool numbered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
    int number = cmark_node_get_list_start(node);
    for_children(node, [&](cmark_node* item) {
      const std::string mark = numbered ? std::to_string(number++) + ". " : "• ";
      blocks(item, rest + mark, rest + std::string(static_cast<std::size_t>(display_width(mark)), ' '), true);
    });
  }

  /// Column widths: natural ones while they fit; else the widest columns give way, none below its longest word.
  std::vector<int> column_widths(const std::vector<std::vector<std::string>>& rows, int room) const {
    std::vector<int> natural, least;
    for (const auto& row : rows) {
      natural.resize(std::max(natural.size(), row.size()));
      least.resize(natural.size());
      for (std::size_t j = 0; j < row.size(); ++j) {
        natural[j] = std::max(natural[j], display_width(row[j]));
        for (const std::string& word : wrap(row[j], 1)) least[j] = std::max(least[j], display_width(word));
      }
    }
    int total = std::accumulate(natural.begin(), natural.end(), 0);
    total += column_gap * (static_cast<int>(natural.size()) - 1);
    while (total > room) {
      std::size_t widest = natural.size();
      for (std::size_t j = 0; j < natural.size(); ++j)
        if (natural[j] > least[j] && (widest == natural.size() || natural[j] > natural[widest])) widest = j;
      if (widest == natural.size()) break;
      --natural[widest];
      --total;
    }
    return natural;
  }

  void table(cmark_node* node, const std::string& rest) {
    std::vector<std::vector<std::string>> rows;
    for_children(node, [&](cmark_node* row) {
      rows.emplace_back();
      for_children(row, [&](cmark_node* cell) { rows.back().push_back(inline_text(cell)); });
    });
    const std::vector<int> widths = column_widths(rows, width_ - display_width(rest));
    const std::uint8_t* alignments = cmark_gfm_extensions_get_table_alignments(node);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      table_row(rows[r], widths, alignments, r == 0, rest);
      if (r > 0) continue;
      std::string rule;
      for (std::size_t j = 0; j < widths.size(); ++j) {
        if (j) rule += std::string(column_gap, ' ');
        for (int i = 0; i < widths[j]; ++i) rule += style_.ascii ? "-" : "─";
      }
      out_ += rest;
      out_ += style_.color ? "\x1b[2m" + rule + "\x1b[0m\n" : rule + "\n";
    }
  }

  void table_row(const std::vector<std::string>& cells, const std::vector<int>& widths, const std::uint8_t* alignments,
                 bool header, const std::string& rest) {
    std::vector<std::vector<std::string>> lines;
    std::size_t height = 1;
    for (std::size_t j = 0; j < cells.size(); ++j) {
      lines.push_back(wrap(cells[j], std::max(1, widths[j])));
      height = std::max(height, lines.back().size());
    }
    for (std::size_t i = 0; i < height; ++i) {
      std::string line;
      for (std::size_t j = 0; j < cells.size(); ++j) {
        std::string text = i < lines[j].size() ? lines[j][i] : "";
        if (header && !text.empty()) text = bolded(text);
        const Align align = alignments && alignments[j] == 'r'   ? Align::right
                            : alignments && alignments[j] == 'c' ? Align::center
                                                                 : Align::left;
        bool bold = false;
        line += std::string(j ? column_gap : 0, ' ') + styled(pad(text, widths[j], align), bold);
      }
      end_line(rest + line);
    }
  }

  /// The blocks inside `parent`. The first line of all begins with `first`, the others with `rest`.
  void blocks(cmark_node* parent, const std::string& first, const std::string& rest, bool tight = false) {
    bool begun = false;
    for_children(parent, [&](cmark_node* block) {
      const std::string& head = begun ? rest : first;
      if (begun || !tight) {
        if (!(tight && cmark_node_get_type(block) == CMARK_NODE_LIST)) blank_line();
      }
      begun = true;
      const std::string kind = kind_of(block);
      if (kind == "table") return table(block, rest);
      switch (cmark_node_get_type(block)) {
        case CMARK_NODE_HEADING:
          return paragraph(bolded(inline_text(block)), head, rest);
        case CMARK_NODE_CODE_BLOCK:
          return code(block, rest);
        case CMARK_NODE_LIST:
          return list(block, rest);
        case CMARK_NODE_BLOCK_QUOTE:
          return blocks(block, rest + "  ", rest + "  ", true);
        case CMARK_NODE_THEMATIC_BREAK:
          return end_line(rest + std::string(static_cast<std::size_t>(std::min(width_, 20)), '-'));
        case CMARK_NODE_PARAGRAPH:
          return paragraph(inline_text(block), head, rest);
        default:
          return paragraph(literal(block), head, rest);
      }
    });
  }
};

void collect_lines(cmark_node* node, std::string& out) {
  for_children(node, [&](cmark_node* child) {
    const std::string kind = kind_of(child);
    const cmark_node_type type = cmark_node_get_type(child);
    if (type == CMARK_NODE_CODE_BLOCK) {
      out += literal(child) + "\n";
    } else if (kind == "table_row" || kind == "table_header") {
      for_children(child,
                   [&](cmark_node* cell) { out += (cmark_node_previous(cell) ? "  " : "") + inline_text(cell); });
      out += "\n";
    } else if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING) {
      out += inline_text(child) + "\n";
    } else {
      collect_lines(child, out);
    }
  });
}

}  // namespace

std::string render_markdown_text(std::string_view markdown, const TextStyle& style) {
  Parser parser;
  return Page(style).render(parser.parse(markdown).get());
}

std::string plain_lines(std::string_view markdown) {
  Parser parser;
  std::string marked, out;
  collect_lines(parser.parse(markdown).get(), marked);
  for (std::size_t i = 0; i < marked.size(); ++i) {
    if (marked[i] == bold_on || marked[i] == bold_off) continue;
    const bool space = marked.compare(i, 2, hard_space) == 0;
    out += space ? ' ' : marked[i];
    if (space) ++i;
  }
  return out;
}

std::string render_markdown_html(std::string_view markdown) { return Parser().html(markdown); }

}  // namespace report
