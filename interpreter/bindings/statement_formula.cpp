// Variable lists of statements: x*, a-b, i.year, ib2014.year, L(1/3).x, a##b, and the formula they make.
#include "bindings/session.hpp"
#include "bindings/statements.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "language/stata_expression.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace bindings {
namespace {

bool is_name_text(const std::string& text) {
  return !text.empty() && !std::isdigit(static_cast<unsigned char>(text[0])) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
         });
}

bool is_number_text(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

bool is_pattern(const std::string& word) {
  return word.find_first_of("*?") != std::string::npos && std::all_of(word.begin(), word.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '*' || c == '?' ||
                  static_cast<unsigned char>(c) >= 0x80;
         });
}

/// * any text, ? one character.
bool matches(const std::string& pattern, const std::string& name) {
  std::size_t p = 0, n = 0, star = std::string::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

/// Does the column hold 0 and 1 only? Then it is its own indicator.
bool is_binary(const data::Frame& frame, const std::string& name) {
  const data::ColumnPtr column = frame.find(name);
  if (!column || !column->is_numeric() || column->type() == data::Type::date) return false;
  for (std::size_t row = 0; row < column->size(); ++row)
    if (!column->missing(row) && column->number(row) != 0 && column->number(row) != 1) return false;
  return true;
}

/// a, b between the brackets at the start of a word: "(1/3).x" gives "1/3" and ".x".
bool take_brackets(std::string& rest, std::string& inside) {
  if (rest.empty() || rest[0] != '(') return false;
  const std::size_t close = rest.find(')');
  if (close == std::string::npos) return false;
  inside = rest.substr(1, close - 1);
  rest.erase(0, close + 1);
  return true;
}

/// L(1/3).x is L(x, 1, 3).
std::string lags(const std::string& letter, const std::string& range, const std::string& variable) {
  const std::size_t slash = range.find('/');
  if (slash != std::string::npos)
    return letter + "(" + variable + ", " + std::string(core::trim(range.substr(0, slash))) + ", " +
           std::string(core::trim(range.substr(slash + 1))) + ")";
  std::vector<std::string> terms;
  for (const std::string& lag : language::statement_words(range)) {
    std::string term = letter;
    terms.push_back(std::move(term.append(lag).append(".").append(variable)));
  }
  return core::join(terms, " + ");
}

[[noreturn]] void unknown_operator(const std::string& word, const std::string& hint) {
  throw core::Error("'" + word + "' is not read").word(word).hint(hint);
}

/// One operand of a term: i.x, ib3.x, c.x, 2.x, L.x, L(1/3).x, x.
class Operand {
 public:
  Operand(lua_State* L, const std::string& word, bool in_interaction)
      : L_(L), word_(word), in_interaction_(in_interaction) {}

  std::string text() const {
    int depth = 0;
    for (std::size_t dot = 0; dot < word_.size(); ++dot) {
      depth += word_[dot] == '(' ? 1 : word_[dot] == ')' ? -1 : 0;
      if (word_[dot] != '.' || depth > 0) continue;
      if (dot == 0 || dot + 1 == word_.size()) break;
      const std::string head = word_.substr(0, dot), variable = word_.substr(dot + 1);
      if (variable.size() > 1 && variable.front() == '(' && variable.back() == ')') return group(head, variable);
      return prefixed(head, variable);
    }
    return plain();
  }

 private:
  std::string plain() const {
    const FrameRef& box = session(L_).in_use();
    if (!in_interaction_ || !is_name_text(word_) || !box || !box->frame.has(word_)) return word_;
    return is_binary(box->frame, word_) ? word_ : "i." + word_;  // a bare name in an interaction is a factor
  }

  std::string group(const std::string& head, const std::string& variables) const {
    if (in_interaction_) unknown_operator(word_, "write out the interactions one by one");
    std::vector<std::string> terms;
    for (const std::string& variable :
         expand_columns(L_, language::statement_words(variables.substr(1, variables.size() - 2))))
      terms.push_back(prefixed(head, variable));
    return core::join(terms, " + ");
  }

  std::string prefixed(const std::string& head, const std::string& variable) const {
    if (head == "i") return "i." + variable;
    if (head == "c") {  // a numeric column is continuous by itself
      const FrameRef& box = session(L_).in_use();
      const data::ColumnPtr column = box ? box->frame.find(variable) : nullptr;
      return column && column->is_numeric() ? variable : "c." + variable;
    }
    if (is_number_text(head)) return "I(" + variable + " == " + head + ")";
    if (head == "ibn")
      unknown_operator(word_, "a factor has a reference level here; " + variable + " without constant: - 1");
    std::string rest = head, inside;
    if (rest[0] == 'i' || rest[0] == 'b') {
      rest.erase(0, rest[0] == 'i' && rest.size() > 1 && rest[1] == 'b' ? 2 : 1);
      if (take_brackets(rest, inside) && rest.empty()) return "i(" + variable + ", ref=" + inside + ")";
      if (is_number_text(rest)) {
        if (head[0] == 'i' && head[1] != 'b') return "I(" + variable + " == " + rest + ")";
        return "i(" + variable + ", ref=" + rest + ")";
      }
      unknown_operator(word_, "factors are written i." + variable + " and ib2014." + variable);
    }
    if (std::string_view("LFDS").find(static_cast<char>(std::toupper(static_cast<unsigned char>(rest[0])))) ==
        std::string_view::npos)
      return word_;
    std::string letter(1, static_cast<char>(std::toupper(static_cast<unsigned char>(rest[0]))));
    rest.erase(0, 1);
    if (take_brackets(rest, inside) && rest.empty()) return lags(letter, inside, variable);
    return letter + rest + "." + variable;
  }

  lua_State* L_;
  const std::string& word_;
  bool in_interaction_;
};

/// c.x##c.x is x and its square, c.x#c.x the square alone.
std::string powers_of(const std::string& variable, std::size_t most, bool full) {
  std::string out = full ? variable + " + " : "";
  for (std::size_t power = full ? 2 : most; power <= most; ++power)
    out += variable + "^" + std::to_string(power) + (power < most ? " + " : "");
  return out;
}

/// a#b##c: the operands between the signs.
std::string term_text(lua_State* L, const std::string& word) {
  std::vector<std::pair<std::string, std::string>> operands(1);  // operand, and the sign after it
  int depth = 0;
  for (std::size_t at = 0; at < word.size(); ++at) {
    const char c = word[at];
    depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    if (c != '#' || depth > 0) {
      operands.back().first += c;
      continue;
    }
    const bool full = at + 1 < word.size() && word[at + 1] == '#';
    operands.back().second = full ? "##" : "#";
    operands.emplace_back();
    if (full) ++at;
  }
  std::string out;
  for (std::size_t at = 0, last = 0; at < operands.size(); at = last + 1) {
    const std::string& operand = operands[at].first;
    if (operand.empty()) throw core::Error("'" + word + "' lacks a variable beside '#'").word(word);
    bool full = false;
    for (last = at;
         core::starts_with(operand, "c.") && last + 1 < operands.size() && operands[last + 1].first == operand; ++last)
      full = full || operands[last].second == "##";
    const std::string text = Operand(L, operand, operands.size() > 1).text();
    const std::string powers = last == at ? text : powers_of(text, last - at + 1, full);
    const bool alone = at == 0 && last + 1 == operands.size();
    out += (full && !alone ? "(" + powers + ")" : powers) + operands[last].second;
  }
  return out;
}

bool is_sign(const std::string& word) { return word == "+" || word == "-" || word == "*" || word == "~"; }

}  // namespace

std::vector<std::string> expand_columns(lua_State* L, const std::vector<std::string>& words) {
  const FrameRef& box = session(L).in_use();
  std::vector<std::string> out;
  const auto add = [&](const std::string& name) {
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  };
  for (std::string word : words) {
    if (word == "+" || word == ",") continue;
    word = language::unquoted(word);
    if (!box || box->frame.has(word)) {
      out.push_back(word);
      continue;
    }
    const std::vector<std::string>& names = box->frame.names();
    if (word == "_all" || word == "*") {
      for (const std::string& name : names) add(name);
      continue;
    }
    if (is_pattern(word)) {
      bool any = false;
      for (const std::string& name : names) {
        if (!matches(word, name)) continue;
        add(name);
        any = true;
      }
      if (!any) throw core::Error("no column matches '" + word + "'").word(word);
      continue;
    }
    const std::size_t dash = word.find('-', 1);
    if (dash != std::string::npos && is_name_text(word.substr(0, dash)) && is_name_text(word.substr(dash + 1))) {
      const auto first = std::find(names.begin(), names.end(), word.substr(0, dash));
      const auto last = std::find(names.begin(), names.end(), word.substr(dash + 1));
      if (first == names.end()) box->frame.at(word.substr(0, dash));
      if (last == names.end()) box->frame.at(word.substr(dash + 1));
      if (last < first)
        throw core::Error("'" + word + "' runs backwards: the columns stand in the other order").word(word);
      for (auto name = first; name <= last; ++name) add(*name);
      continue;
    }
    out.push_back(word);
  }
  return out;
}

std::string formula_text(lua_State* L, const std::string& body, bool left) {
  if (body.find('~') != std::string::npos) return body;  // the language's own formula
  std::vector<std::string> words, terms;
  for (const std::string& word : language::statement_words(body)) {
    const bool group = word.size() > 1 && word.front() == '(';
    if (group || is_sign(word)) {
      words.push_back(word);
    } else {
      for (std::string& name : expand_columns(L, {word})) words.push_back(std::move(name));
    }
  }
  std::string y, endogenous, glue;
  for (const std::string& word : words) {
    if (left && y.empty()) {
      y = term_text(L, word);
      continue;
    }
    if (word == "+" || word == "-" || word == "*") {
      glue = word;
      continue;
    }
    const std::size_t equals = word.front() == '(' ? language::assignment_sign(word.substr(1)) : std::string::npos;
    if (equals != std::string::npos) {
      const std::string inside = word.substr(1, word.size() - 2);
      endogenous =
          formula_text(L, inside.substr(0, equals), false) + " ~ " + formula_text(L, inside.substr(equals + 1), false);
      continue;
    }
    std::string term = term_text(L, word);
    if (terms.empty() || glue.empty() || glue == "+") {
      terms.push_back((glue == "-" ? "-" : "") + term);
    } else {
      terms.back().append(" ").append(glue).append(" ").append(term);
    }
    glue.clear();
  }
  std::string right = core::join(terms, " + ");
  if (!left) return right;
  if (y.empty()) return "";
  return y + " ~ " + (right.empty() ? "1" : right) + (endogenous.empty() ? "" : " | " + endogenous);
}

}  // namespace bindings
