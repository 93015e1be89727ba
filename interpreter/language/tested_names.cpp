// Names that stand where Lua asks for a value's truth, or compares it with ==: `a and …`, `a or …`, `not a`, `if a
// then`, `a == 1`. A column's symbol there is always true and equal to nothing, which Lua cannot tell anybody; the
// program asks this list when such a name turns out to be a column. The script itself stays as it is.
#include "language/reader.hpp"

#include <algorithm>

namespace language {
namespace {

constexpr std::size_t furthest = 200;  // tokens of one operand: more are not looked at, so that the time stays linear

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}
bool opens(std::string_view word) { return one_of(word, {"(", "[", "{"}); }
bool closes(std::string_view word) { return one_of(word, {")", "]", "}"}); }
bool compares(std::string_view word) { return one_of(word, {"==", "~=", "<", "<=", ">", ">="}); }
/// Words and signs that no operand of `and`, `or` and comparisons reaches across.
bool bounds(std::string_view word) {
  return compares(word) || one_of(word, {",", ";", "=", "and", "or", "not", "if", "elseif", "while", "in", "until",
                                         "return", "do", "then", "else", "end", "repeat", "local", "function"});
}

}  // namespace

bool Reader::is_call_of(std::size_t index) const {
  if (index + 1 >= tokens_.size()) return false;
  const std::string_view next = text_of(script_, token(index + 1));
  return next == "(" || next == "{" || token(index + 1).kind == TokenKind::string;
}

void Reader::note_tested(std::size_t index, std::size_t sign) {
  std::string name(text_of(script_, token(index)));
  if (index + 1 < tokens_.size() && text_of(script_, token(index + 1)) == ".") name += '.';
  const std::string word(text_of(script_, token(sign)));
  for (int line = std::min(token(index).line, token(sign).line); line <= std::max(token(index).line, token(sign).line);
       ++line)
    tested_[line].emplace(name, word);
}

// The operand that ends before the token `sign`. Names in the arguments of a call are the call's own affair.
void Reader::note_operand_before(std::size_t sign) {
  std::vector<std::size_t> names;
  std::vector<std::size_t> outside;  // how many names there were when each open bracket was met
  std::string_view bound;
  const std::size_t least = sign > furthest ? sign - furthest : 0;
  for (std::size_t i = sign; i-- > least;) {
    const std::string_view word = text_of(script_, token(i));
    const std::string_view before = i == 0 ? "" : text_of(script_, token(i - 1));
    if (closes(word)) outside.push_back(names.size());
    if (outside.empty() && (opens(word) || bounds(word))) {
      bound = word;
      break;
    }
    if (opens(word)) {
      const bool is_group =
          word == "(" && i > 0 && token(i - 1).kind != TokenKind::name && !closes(before) && before != "function";
      if (!is_group) names.resize(outside.back());
      outside.pop_back();
    }
    if (token(i).kind == TokenKind::name && before != "." && before != ":" && !is_call_of(i)) names.push_back(i);
  }
  const std::string_view word = text_of(script_, token(sign));
  const bool is_chosen = bound == "and" && word == "or";  // ready and treat or post: a choice between columns
  const bool is_truth = compares(bound) || bound == "not";
  if (is_chosen || is_truth) return;
  for (const std::size_t name : names) note_tested(name, sign);
}

// `sign` has been met: what it tests for truth, or compares.
void Reader::note_tested_names(std::size_t sign) {
  const std::string_view word = text_of(script_, token(sign));
  const bool has_name = more(1) && kind(1) == TokenKind::name;
  if (has_name) more(2);
  if (word == "not") {
    if (has_name && !is_call_of(sign + 1)) note_tested(sign + 1, sign);
    return;
  }
  if (one_of(word, {"==", "~="})) {
    if (text(1) == "nil" || text_of(script_, token(sign - 1)) == "nil") return;
    if (has_name && !is_call_of(sign + 1)) note_tested(sign + 1, sign);
  } else if (!one_of(word, {"and", "or", "then"})) {
    return;
  }
  note_operand_before(sign);
}

}  // namespace language
