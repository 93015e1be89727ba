#include "language/statement_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/ascii.hpp"
#include "core/unicode.hpp"

namespace language {
namespace {

using core::is_alpha;
using core::is_digit;
using core::is_foreign;
bool is_word(char c) { return is_alpha(c) || is_digit(c) || is_foreign(c); }
using core::is_blank;
using core::is_newline;

/// Reads along a text; past its end every character is '\0'.
struct Cursor {
  std::string_view text;
  std::size_t at;

  char peek(std::size_t ahead = 0) const { return at + ahead < text.size() ? text[at + ahead] : '\0'; }
  bool done() const { return at >= text.size(); }
  bool starts(std::string_view with) const { return text.substr(std::min(at, text.size()), with.size()) == with; }
  void skip_blanks() {
    while (is_blank(peek())) ++at;
  }
  std::string_view word() const {
    std::size_t stop = at;
    while (stop < text.size()) {
      const bool plain = is_alpha(text[stop]) || is_digit(text[stop]);
      const std::size_t length = plain ? 1 : core::foreign_letter(text.substr(stop));
      if (length == 0) break;
      stop += length;
    }
    return text.substr(std::min(at, text.size()), stop - at);
  }
  bool begins_name() const { return !is_digit(peek()) && !word().empty(); }
  void to_line_end() {
    while (!done() && !is_newline(text[at])) ++at;
  }
};

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 22> lua_words = {
    "and", "break", "do",  "else", "elseif", "end",    "false",  "for",  "function", "goto",  "if",
    "in",  "local", "nil", "not",  "or",     "repeat", "return", "then", "true",     "until", "while"};
constexpr std::array<std::string_view, 4> closing_words = {"end", "else", "elseif", "until"};
constexpr std::array<std::string_view, 8> bracket_commands = {"collapse", "twoway", "tw",    "test",
                                                              "table",    "lincom", "nlcom", "rename"};
constexpr std::array<std::string_view, 2> display_commands = {"display", "di"};
constexpr std::array<std::string_view, 3> format_commands = {"format", "form", "forma"};
constexpr std::array<std::string_view, 7> colon_prefixes = {"quietly", "qui", "noisily", "noi",
                                                            "capture", "cap", "eststo"};

/// After the closing quote of the string that begins at the cursor, on its line; false when there is none.
bool skip_string(Cursor& c) {
  const char quote = c.peek();
  for (++c.at; !c.done() && !is_newline(c.peek()); ++c.at) {
    if (c.peek() != quote) continue;
    ++c.at;
    return true;
  }
  return false;
}

/// After the bracket that closes the one at the cursor, on its line.
bool skip_bracket(Cursor& c) {
  int depth = 0;
  while (!c.done() && !is_newline(c.peek())) {
    if (c.peek() == '"' || c.peek() == '\'') {
      if (!skip_string(c)) return false;
      continue;
    }
    if (c.peek() == '(') ++depth;
    if (c.peek() == ')') --depth;
    ++c.at;
    if (depth == 0) return true;
  }
  return false;
}

/// Is there an equals sign on the rest of the logical line that Lua could read as an assignment?
bool has_assignment(Cursor c) {
  int depth = 0;
  while (!c.done() && !is_newline(c.peek())) {
    const char here = c.peek();
    if ((here == '"' || here == '\'') && skip_string(c)) continue;
    if (here == '(' || here == '[' || here == '{') ++depth;
    if (here == ')' || here == ']' || here == '}') --depth;
    if (depth == 0 && here == '=') return true;
    if (depth == 0 && (here == ';' || c.starts("--") || c.starts("//"))) return false;
    ++c.at;
  }
  return depth != 0;
}

/// What stands after the end of a line: can Lua read it as the continuation of a name, or of a list of targets?
bool continues_in_lua(Cursor c) {
  for (;;) {
    while (!c.done() && (is_blank(c.peek()) || is_newline(c.peek()) || c.peek() == '\v' || c.peek() == '\f')) ++c.at;
    if (!c.starts("--")) break;
    c.to_line_end();
  }
  if (c.done() || c.starts("::") || c.starts("//") || c.starts("/*")) return false;
  const char next = c.peek();
  if (is_word(next)) {
    const std::string_view word = c.word();
    return word == "and" || word == "or";
  }
  return std::string_view("(\"'{[=,.:").find(next) != std::string_view::npos;
}

bool ends_line(const Cursor& c) {
  return c.done() || is_newline(c.peek()) || c.peek() == ';' || c.starts("//") || c.starts("/*") || c.starts("--");
}

/// NAME alone: the command without arguments, unless the next line makes it something of Lua's.
bool stands_alone(Cursor c) {
  if (c.peek() == ';') return true;
  if (c.starts("//") || c.starts("/*")) return true;
  c.to_line_end();
  return !continues_in_lua(c);
}

/// `use "x.csv", clear`; `use "x.csv" if year > 2012`; `display "a" x`.
bool is_statement_after_string(std::string_view name, Cursor c, const Declared& declared) {
  if (!skip_string(c)) return false;
  c.skip_blanks();
  if (c.peek() == ',') return true;  // a call is no target of an assignment
  if (c.word() == "if") {
    Cursor rest = c;
    while (!ends_line(rest)) {
      if (rest.word() == "then") return false;
      rest.at += std::max<std::size_t>(rest.word().size(), 1);
    }
    return true;
  }
  return !ends_line(c) && is_one_of(name, display_commands) && !declared(name);
}

/// `collapse (mean) x`, `twoway (line y x)`, `test (x = z)`, `display (1+2)*3`.
bool is_statement_after_bracket(std::string_view name, bool blank, Cursor c, const Declared& declared) {
  if (!blank) return false;
  const bool displays = is_one_of(name, display_commands);
  if (!displays && !is_one_of(name, bracket_commands)) return false;
  if (!displays && (c.peek(1) == '"' || c.peek(1) == '\'')) return false;
  if (!skip_bracket(c)) return false;
  c.skip_blanks();
  const bool more = !ends_line(c);
  if (displays && !more) return false;
  return (more || name != "collapse") && !declared(name);
}

/// `quietly: reg y x`, `eststo: reg y x`.
bool is_statement_after_colon(std::string_view name, Cursor c, const Declared& declared) {
  ++c.at;
  if (c.peek() == ':') return false;
  const bool blank = is_blank(c.peek());
  c.skip_blanks();
  const std::string_view word = c.word();
  if (word.empty() || is_digit(word.front())) return false;
  c.at += word.size();
  const bool apart = is_blank(c.peek());
  c.skip_blanks();
  if (apart && is_word(c.peek()) && !is_one_of(c.word(), lua_words)) return true;
  if (!is_one_of(name, colon_prefixes) || !blank || declared(name)) return false;
  return ends_line(c) || c.peek() == ',' || c.peek() == '"' || is_word(c.peek());
}

}  // namespace

bool declares(std::string_view script, std::string_view name) {
  for (std::size_t at = script.find(name); at != std::string_view::npos; at = script.find(name, at + name.size())) {
    const std::size_t end = at + name.size();
    if ((at > 0 && is_word(script[at - 1])) || (end < script.size() && is_word(script[end]))) continue;
    std::size_t before = at;
    while (before > 0 && is_blank(script[before - 1])) --before;
    const std::string_view head = script.substr(0, before);
    const auto follows = [&](std::string_view word) {
      return head.size() >= word.size() && head.substr(head.size() - word.size()) == word;
    };
    Cursor after{script, end};
    after.skip_blanks();
    const bool assigned = after.peek() == '=' && after.peek(1) != '=';
    if (assigned || follows("local") || follows("function")) return true;
  }
  return false;
}

bool is_statement(std::string_view script, std::size_t begin, std::size_t end, const Declared& declared) {
  const std::string_view name = script.substr(begin, end - begin);
  Cursor c{script, end};
  c.skip_blanks();
  const bool blank = c.at > end;
  if (ends_line(c)) return stands_alone(c);
  const char next = c.peek();
  if (c.begins_name()) {
    const std::string_view word = c.word();
    if (is_one_of(word, closing_words)) return true;
    if (word == "local") return name == "estadd" && !declared(name);  // estadd local fe "Yes"
    return word == "if" || word == "in" || !is_one_of(word, lua_words);
  }
  if (is_digit(next) || (next == '.' && is_digit(c.peek(1)))) return true;
  if (next == ',') {
    Cursor rest = c;
    ++rest.at;
    rest.skip_blanks();
    if (!rest.begins_name() || has_assignment(rest)) return false;
    rest.to_line_end();
    std::size_t last = rest.at;
    while (last > c.at && (is_blank(script[last - 1]) || script[last - 1] == '\r')) --last;
    return script[last - 1] != ',' && !continues_in_lua(rest);
  }
  if (next == '"' || next == '\'') return is_statement_after_string(name, c, declared);
  if (next == '(') return is_statement_after_bracket(name, blank, c, declared);
  if (next == ':') return is_statement_after_colon(name, c, declared);
  if (next == '{') return blank && c.peek(1) == '=';
  if (next == '`' || next == '$' || next == '!') return blank;
  const char after = c.peek(1);
  if (next == '%')  // display %9.2f x, format %tm month
    return blank && ((is_one_of(name, display_commands) && (is_digit(after) || after == '-')) ||
                     (is_one_of(name, format_commands) && is_word(after)));
  const bool sign = next == '-' || next == '+' || next == '*' || next == '~';
  return blank && sign && (is_word(after) || (after == '(' && next == '-'));
}

std::size_t comment_end(std::string_view script, std::size_t at) {
  Cursor c{script, at};
  if (c.starts("/*")) {
    const std::size_t close = script.find("*/", at + 2);
    return close == std::string_view::npos ? script.size() : close + 2;
  }
  for (;;) {
    const std::size_t begin = c.at;
    c.to_line_end();
    std::size_t last = c.at;
    while (last > begin && is_blank(script[last - 1])) --last;
    const bool goes_on = last >= begin + 4 && script.substr(last - 3, 3) == "///" && is_blank(script[last - 4]);
    if (!goes_on || c.done()) return c.at;
    c.at += c.starts("\r\n") ? 2 : 1;
  }
}

bool is_star_comment(std::string_view script, std::size_t at) {
  Cursor c{script, at + 1};
  c.skip_blanks();
  if (c.peek() == '*') return true;
  std::size_t words = 0;
  for (; c.begins_name(); c.skip_blanks(), ++words) {
    if (is_one_of(c.word(), lua_words)) return false;
    if (is_foreign(c.peek())) return true;  // * 描述统计
    c.at += c.word().size();
    if (!is_blank(c.peek()) && !ends_line(c)) return words >= 2;
  }
  return words >= 3 || (words >= 1 && is_digit(c.peek()));
}

namespace {

/// `foreach x of varlist a b {` as a Lua loop.
std::string lua_loop(std::string_view head) {
  std::vector<std::string> words(1);
  for (const char c : head) {
    if (c == '{') break;
    if (!is_blank(c)) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  if (words.size() < 3) return "for _, x in ipairs{\"a\", \"b\"} do … end";
  const std::string& name = words[1];
  if (words[0] == "foreach") {
    std::string items;
    for (std::size_t i = words[2] == "of" ? 4 : 3; i < words.size(); ++i)
      items += (items.empty() ? "\"" : ", \"") + words[i] + "\"";
    return "for _, " + name + " in ipairs{" + items + "} do … end, with {=" + name + "} where `" + name + "' stands";
  }
  std::string range;
  for (std::size_t i = 2; i < words.size(); ++i) range += words[i];
  range.erase(0, range.find('=') == std::string::npos ? 0 : range.find('=') + 1);
  std::string from = range, to = "…", step;
  if (const std::size_t bracket = range.find('(');
      bracket != std::string::npos && range.find(')') != std::string::npos) {
    from = range.substr(0, bracket);
    step = range.substr(bracket + 1, range.find(')') - bracket - 1);
    to = range.substr(range.find(')') + 1);
  } else if (const std::size_t slash = range.find('/'); slash != std::string::npos) {
    from = range.substr(0, slash);
    to = range.substr(slash + 1);
  }
  return "for " + name.substr(0, name.find('=')) + " = " + from + ", " + to + (step.empty() ? "" : ", " + step) +
         " do … end, with {=" + name.substr(0, name.find('=')) + "} where `" + name.substr(0, name.find('=')) +
         "' stands";
}

class Scanner {
 public:
  Scanner(std::string_view script, std::size_t begin, bool in_one_line_block)
      : c_{script, begin}, begin_(begin), closes_(in_one_line_block) {}

  StatementText run() {
    const std::string_view name = c_.word();
    if (name == "foreach" || name == "forvalues" || name == "forval" || name == "forv") refuse_loop(name);
    while (!c_.done() && !ends_) step();
    if (!open_.empty())
      throw Fault{std::string("this '") + c_.text[open_.back()] + "' is never closed",
                  open_.back(),
                  1,
                  {"a statement ends with its line; /// continues it on the next"}};
    close_text();
    if (!out_.pieces.empty()) {
      std::string& last = out_.pieces.back().text;
      if (!out_.pieces.back().is_lua) last.erase(last.find_last_not_of(" \t") + 1);
    }
    out_.end = c_.at;
    while (out_.end > begin_ && is_blank(c_.text[out_.end - 1])) --out_.end;  // stands before `end` or a Lua comment
    return std::move(out_);
  }

 private:
  [[noreturn]] void refuse_loop(std::string_view name) {
    Cursor line = c_;
    line.to_line_end();
    throw Fault{"loops are Lua's: '" + std::string(name) + " …  {' is not read",
                begin_,
                name.size(),
                {"write " + lua_loop(c_.text.substr(begin_, line.at - begin_))}};
  }

  void close_text() {
    if (text_.empty()) return;
    out_.pieces.push_back({false, std::move(text_)});
    text_.clear();
  }

  bool after_blank() const { return c_.at == begin_ || is_blank(c_.text[c_.at - 1]) || is_newline(c_.text[c_.at - 1]); }

  /// `-- note`, `--[[ note ]]`, `--> output`; but x --y is a difference.
  bool begins_lua_comment() const {
    const char next = c_.peek(2);
    return c_.starts("--") &&
           (next == '\0' || is_blank(next) || is_newline(next) || next == '-' || next == '>' || next == '[');
  }

  void step() {
    const char here = c_.peek();
    if (is_newline(here) || (here == ';' && open_.empty()) || (after_blank() && begins_lua_comment())) {
      ends_ = true;
    } else if (here == '/' && after_blank() && c_.starts("///")) {
      continuation();
    } else if (after_blank() && c_.starts("//")) {
      c_.to_line_end();
      ends_ = true;
    } else if (c_.starts("/*") && after_blank()) {
      c_.at = comment_end(c_.text, c_.at);
      text_ += ' ';
    } else if (here == '"') {
      string();
    } else if (here == '\'') {
      Cursor ahead = c_;
      if (skip_string(ahead)) {
        string();
      } else {
        text_ += c_.text[c_.at++];
      }
    } else if (here == '`' && names_column()) {
      const std::size_t close = c_.text.find('`', c_.at + 1);
      text_ += c_.text.substr(c_.at, close + 1 - c_.at);
      c_.at = close + 1;
    } else if (here == '`' || (here == '$' && (is_alpha(c_.peek(1)) || c_.peek(1) == '{'))) {
      refuse_macro();
    } else if (c_.starts("{=")) {
      interpolation();
    } else if (here == '(' || here == '[' || here == '{') {
      open_.push_back(c_.at);
      text_ += c_.text[c_.at++];
    } else if (here == ')' || here == ']' || here == '}') {
      close_bracket(here);
    } else if (const std::string_view word = c_.word(); !word.empty()) {
      if (closes_ && open_.empty() && c_.at != begin_ && is_one_of(word, closing_words)) {
        ends_ = true;
        return;
      }
      text_ += word;
      c_.at += word.size();
    } else {
      text_ += c_.text[c_.at++];
    }
  }

  void continuation() {
    c_.to_line_end();
    if (c_.done()) {
      out_.unfinished = true;
      return;
    }
    c_.at += c_.starts("\r\n") ? 2 : 1;
    text_ += ' ';
    if (c_.done()) out_.unfinished = true;
  }

  void string() {
    const std::size_t begin = c_.at;
    const char quote = c_.peek();
    text_ += c_.text[c_.at++];
    while (!c_.done() && !is_newline(c_.peek()) && c_.peek() != quote) {
      if (c_.starts("{=")) {
        interpolation();
      } else if (quote == '"' && c_.peek() == '`' && is_alpha(c_.peek(1)) && !names_column()) {
        refuse_macro();
      } else {
        text_ += c_.text[c_.at++];
      }
    }
    if (c_.peek() != quote) throw Fault{"unfinished string", begin, c_.at - begin, {}};
    text_ += c_.text[c_.at++];
  }

  /// `a b` is a column of the language; `a' is a macro.
  bool names_column() const {
    const std::size_t close = c_.text.find_first_of("`'\n\r", c_.at + 1);
    return close != std::string_view::npos && c_.text[close] == '`';
  }

  [[noreturn]] void refuse_macro() {
    const std::size_t begin = c_.at++;
    if (c_.peek() == '{') ++c_.at;
    const std::string name(c_.word());
    c_.at += name.size();
    if (c_.peek() == '\'' || c_.peek() == '}') ++c_.at;
    throw Fault{"macros are Lua's variables: '" + std::string(c_.text.substr(begin, c_.at - begin)) + "' is not read",
                begin,
                c_.at - begin,
                {"{=" + (name.empty() ? "x" : name) + "} puts the value of a Lua variable into a statement"}};
  }

  /// {=expr}: braces and strings of Lua are matched.
  void interpolation() {
    const std::size_t begin = c_.at;
    c_.at += 2;
    const std::size_t first = c_.at;
    int depth = 1;
    while (!c_.done() && !is_newline(c_.peek())) {
      const char here = c_.peek();
      if (here == '"' || here == '\'') {
        if (!skip_string(c_)) break;
        continue;
      }
      depth += here == '{' ? 1 : here == '}' ? -1 : 0;
      if (depth == 0) break;
      ++c_.at;
    }
    if (c_.peek() != '}') throw Fault{"this '{=' is never closed", begin, 2, {"write {=expression}"}};
    const std::string_view inside = c_.text.substr(first, c_.at - first);
    if (inside.find_first_not_of(" \t") == std::string_view::npos || inside.find("--") != std::string_view::npos)
      throw Fault{"{=…} takes a Lua expression", begin, c_.at + 1 - begin, {}};
    close_text();
    out_.pieces.push_back({true, std::string(inside)});
    ++c_.at;
  }

  void close_bracket(char here) {
    const char opener = here == ')' ? '(' : here == ']' ? '[' : '{';
    if (open_.empty() || c_.text[open_.back()] != opener)
      throw Fault{std::string("this '") + here + "' closes nothing", c_.at, 1, {}};
    open_.pop_back();
    text_ += c_.text[c_.at++];
  }

  Cursor c_;
  std::size_t begin_;
  bool closes_;
  bool ends_ = false;
  std::vector<std::size_t> open_;
  std::string text_;
  StatementText out_;
};

}  // namespace

StatementText read_statement(std::string_view script, std::size_t begin, bool in_one_line_block) {
  return Scanner(script, begin, in_one_line_block).run();
}

}  // namespace language
