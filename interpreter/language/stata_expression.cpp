#include "language/stata_expression.hpp"

#include <algorithm>
#include <vector>

#include "core/ascii.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace language {
namespace {

using core::is_digit;
bool begins_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

struct Part {
  enum class Kind { word, number, text, sign } kind;
  std::size_t offset, length;
};

/// Words hold their prefixes: L.x, i.year.
std::vector<Part> parts_of(std::string_view text) {
  std::vector<Part> out;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const char next = at + 1 < text.size() ? text[at + 1] : ' ';
    std::size_t stop = at + 1;
    Part::Kind kind = Part::Kind::sign;
    if (c == ' ' || c == '\t') {
      ++at;
      continue;
    }
    if (c == '"' || c == '\'' || c == '`') {
      kind = Part::Kind::text;
      const std::size_t close = text.find(c, at + 1);
      stop = close == std::string_view::npos ? text.size() : close + 1;
    } else if (begins_word(c)) {
      kind = Part::Kind::word;
      while (stop < text.size() && (begins_word(text[stop]) || is_digit(text[stop]) ||
                                    (text[stop] == '.' && stop + 1 < text.size() && begins_word(text[stop + 1]))))
        ++stop;
    } else if (is_digit(c) || (c == '.' && is_digit(next))) {
      kind = Part::Kind::number;
      while (stop < text.size() &&
             (is_digit(text[stop]) || text[stop] == '.' || text[stop] == 'e' || text[stop] == 'E' ||
              ((text[stop] == '-' || text[stop] == '+') && (text[stop - 1] == 'e' || text[stop - 1] == 'E'))))
        ++stop;
    } else if ((next == '=' && std::string_view("=<>!~").find(c) != std::string_view::npos) ||
               ((c == '|' || c == '&') && next == c)) {
      stop = at + 2;
    }
    out.push_back({kind, at, stop - at});
    at = stop;
  }
  return out;
}

class Rewriter {
 public:
  Rewriter(std::string_view text, bool running_sum)
      : text_(text), parts_(parts_of(text)), closes_(partners()), running_(running_sum) {}

  std::string run() { return rewritten(0, parts_.size()); }

 private:
  std::string_view word(std::size_t i) const {
    return i < parts_.size() ? text_.substr(parts_[i].offset, parts_[i].length) : std::string_view();
  }
  bool is_dot(std::size_t i) const { return i < parts_.size() && word(i) == "."; }
  bool tests_missing(std::size_t i) const {
    const std::string_view w = word(i);
    return w == "==" || w == ">=" || w == "!=" || w == "~=" || w == "<";
  }

  /// The bracket that closes the one at `open`, or `end` when it closes beyond it or not at all.
  std::size_t closing(std::size_t open, std::size_t end) const { return std::min(closes_[open], end); }

  /// For each opening bracket, its partner.
  std::vector<std::size_t> partners() const {
    std::vector<std::size_t> out(parts_.size(), parts_.size()), open;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (word(i) == "(" || word(i) == "[" || word(i) == "{") open.push_back(i);
      if (open.empty() || (word(i) != ")" && word(i) != "]" && word(i) != "}")) continue;
      out[open.back()] = i;
      open.pop_back();
    }
    return out;
  }

  std::vector<std::string> arguments(std::size_t begin, std::size_t end) {
    std::vector<std::string> out;
    std::size_t from = begin;
    for (std::size_t i = begin; i <= end; ++i) {
      if (i < end && (word(i) == "(" || word(i) == "[" || word(i) == "{")) i = closing(i, end);
      if (i < end && word(i) != ",") continue;
      out.emplace_back(core::trim(rewritten(from, i)));
      from = i + 1;
    }
    return out;
  }

  /// The function call at `i`, or "" when it stays as it is.
  std::string call(std::size_t i, std::size_t close) {
    const std::string name(word(i));
    if (name != "mi" && name != "missing" && name != "inlist" && name != "inrange" && name != "round" &&
        !(name == "sum" && running_))
      return "";
    const std::vector<std::string> a = arguments(i + 2, close);
    if (name == "mi" || name == "missing") return "missing(" + core::join(a, ", ") + ")";
    if (name == "sum") return "cumsum(" + core::join(a, ", ") + ")";
    if (name == "inlist" && a.size() >= 2) {
      return "(" + a[0] + " in {" + core::join({a.begin() + 1, a.end()}, ", ") + "})";
    }
    if (name == "inrange" && a.size() == 3) return "(" + a[0] + " >= " + a[1] + " and " + a[0] + " <= " + a[2] + ")";
    if (name == "round" && a.size() == 2) return "(round((" + a[0] + ") / (" + a[1] + ")) * (" + a[1] + "))";
    return "";
  }

  /// Where the operand that ends before `i` begins in the text made so far.
  std::size_t operand_start(std::size_t i, std::size_t begin) const {
    for (;;) {
      if (i == begin) return i;
      --i;
      if (word(i) == ")") {
        int depth = 0;
        for (;; --i) {
          if (word(i) == ")") ++depth;
          if (word(i) == "(") --depth;
          if (depth == 0 || i == begin) break;
        }
        if (i > begin && parts_[i - 1].kind == Part::Kind::word) --i;
      }
      if (i == begin) return i;
      const std::string_view before = word(i - 1);
      if (before != "+" && before != "-" && before != "*" && before != "/" && before != "^") return i;
      --i;
    }
  }

  std::string rewritten(std::size_t begin, std::size_t end) {
    constexpr int deepest = 100;
    if (depth_ > deepest) throw core::Error("functions within functions are nested too deeply");
    ++depth_;
    std::string out = rewritten_parts(begin, end);
    --depth_;
    return out;
  }

  std::string rewritten_parts(std::size_t begin, std::size_t end) {
    std::string out;
    std::vector<std::size_t> starts(end > begin ? end - begin : 0);  // where each part begins in `out`
    std::size_t copied = begin < end ? parts_[begin].offset : 0;
    const auto gap = [&](std::size_t i) {
      out += text_.substr(copied, parts_[i].offset - copied);
      starts[i - begin] = out.size();
      copied = parts_[i].offset + parts_[i].length;
    };
    for (std::size_t i = begin; i < end; ++i) {
      gap(i);
      const std::string_view w = word(i);
      if (parts_[i].kind == Part::Kind::word && i + 1 < end && word(i + 1) == "(") {
        const std::size_t close = closing(i + 1, end);
        const std::string made = close < end ? call(i, close) : "";
        if (!made.empty()) {
          out += made;
          for (std::size_t j = i; j <= close; ++j) starts[j - begin] = starts[i - begin];
          i = close;
          copied = parts_[i].offset + parts_[i].length;
          continue;
        }
      }
      if (w == "[" && i > begin && parts_[i - 1].kind == Part::Kind::word && i + 1 < end &&
          (word(i + 1) == "_n" || word(i + 1) == "_N" || parts_[i + 1].kind == Part::Kind::number)) {
        const std::size_t close = closing(i, end);
        if (close < end) {  // x[_n-1]: the value of another row of the group
          const std::string variable(word(i - 1));
          out.erase(starts[i - 1 - begin]);
          out += "nth(" + variable + ", " + rewritten(i + 1, close) + ")";
          for (std::size_t j = i; j <= close; ++j) starts[j - begin] = starts[i - 1 - begin];
          i = close;
          copied = parts_[i].offset + parts_[i].length;
          continue;
        }
      }
      if (tests_missing(i) && is_dot(i + 1) && i + 1 < end && i > begin) {
        const bool is = w == "==" || w == ">=";
        const std::size_t from = starts[operand_start(i, begin) - begin];
        const std::string operand(core::trim(std::string_view(out).substr(from)));
        out.erase(from);
        out += (is ? "missing(" : "(not missing(") + operand + (is ? ")" : "))");
        ++i;
        starts[i - begin] = out.size();
        copied = parts_[i].offset + parts_[i].length;
      } else if (w == "." && parts_[i].kind == Part::Kind::sign) {
        out += "(0/0)";
      } else if (w == "|") {
        out += "or";
      } else if (w == "_pi") {
        out += "3.141592653589793";
      } else {
        out += w;
      }
    }
    return out;
  }

  std::string_view text_;
  std::vector<Part> parts_;
  std::vector<std::size_t> closes_;
  bool running_;
  int depth_ = 0;
};

}  // namespace

std::string plain_expression(std::string_view text, bool running_sum) { return Rewriter(text, running_sum).run(); }

std::string range_condition(const std::string& range) {
  const auto bound = [&](const std::string& text) -> std::string {
    if (text == "f" || text == "F") return "1";
    if (text == "l" || text == "L") return "_N";
    const bool back = !text.empty() && text[0] == '-';
    const std::string digits = back ? text.substr(1) : text;
    if (digits.empty() || digits.size() > 15 || digits.find_first_not_of("0123456789") != std::string::npos ||
        digits.find_first_not_of('0') == std::string::npos)
      throw core::Error("'in " + range + "' is not a range of rows").word(range).hint("write in 1/10, in 5, in -5/l");
    return back ? "_N + 1 - " + digits : digits;
  };
  const std::size_t slash = range.find('/');
  const std::string first = bound(range.substr(0, slash));
  if (slash == std::string::npos) return "_n == " + first;
  return "_n >= " + first + " and _n <= " + bound(range.substr(slash + 1));
}

}  // namespace language
