// The part of the reader inside expressions: where operands begin and end, calls, interactions.
#include <algorithm>
#include <array>

#include "language/reader.hpp"

namespace language {
namespace {

constexpr std::array<std::string_view, 20> binary_symbols = {
    "+", "-", "*", "/", "//", "%", "^", "..", "==", "~=", "<", "<=", ">", ">=", "&", "|", "~", "<<", ">>", "#"};

bool is_binary(std::string_view text) {
  return std::find(binary_symbols.begin(), binary_symbols.end(), text) != binary_symbols.end() || text == "and" ||
         text == "or";
}
bool is_unary(std::string_view text) {
  return text == "-" || text == "not" || text == "#" || text == "##" || text == "~";
}

}  // namespace

// Consumes the next token or tokens of an expression; false when the expression cannot go on with them.
bool Reader::expression_token() { return frames_.back().operand ? suffix_token() : operand_token(); }

bool Reader::operand_token() {
  Frame& top = frames_.back();
  const std::string_view word = text();
  if (is_unary(word)) {
    if (word == "not") note_tested_names(at_);
    return skip(1), true;
  }
  const bool is_name = kind() == TokenKind::name;
  top.first = at_;
  top.name = is_name ? at_ : no_token;
  top.colon = no_token;
  top.ends_in_call = false;
  if (is_name) rewrite_foreign("_ENV[", "]");
  if (is_name || kind() == TokenKind::number || kind() == TokenKind::string || word == "nil" || word == "true" ||
      word == "false" || word == "...") {
    top.operand = true;
    top.callable = is_name;
    return skip(1), true;
  }
  if (word == "function") return open_function(true), true;
  if (word != "(" && word != "{") return false;
  push(word == "(" ? Kind::group : Kind::table);
  return skip(1), true;
}

bool Reader::suffix_token() {
  Frame& top = frames_.back();
  const std::string_view word = text();
  if (top.operand && holds_statements(top.kind) && skip_comment()) return true;
  if (word == "##" || is_binary(word)) {
    if (word == "##") edits_.push_back({token(at_).offset, 2, "*"});
    if (word == "#") edits_.push_back({token(at_).offset, 1, "^__ia^"});
    if (top.reading == Reading::suffixed) top.reading = Reading::expression;
    note_tested_names(at_);
    top.operand = false;
    return skip(1), true;
  }
  if (word == ":") return colon_token();
  if (!top.callable) return false;
  if (word == ".") {
    if (more(1) && kind(1) != TokenKind::name) return false;
    if (is_foreign(1)) {
      edits_.push_back({token(at_).offset, 1, ""});
      rewrite_foreign("[", "]", 1);
    }
    top.name = at_ + 1;
    top.colon = no_token;
    top.ends_in_call = false;
    return skip(2), true;
  }
  if (word == "[") {
    top.name = top.colon = no_token;
    top.ends_in_call = false;
    push(Kind::index);
    return skip(1), true;
  }
  if (!opens_call(0)) return false;
  note_call();
  if (word == "(") push(Kind::call);
  if (word == "{") push(Kind::table, Reading::start, true);
  return skip(1), true;
}

// A method call when arguments follow the name; otherwise an interaction, by Lua's tightest operator: a:b is
// a^__ia^b, which groups as a ^ (__ia ^ b) wherever the operands end. A number stands there in x^2:b.
bool Reader::colon_token() {
  Frame& top = frames_.back();
  if (!top.callable && token(at_ - 1).kind != TokenKind::number) return false;
  if (more(1) && kind(1) != TokenKind::name && text(1) != "(") return false;
  if (!more(1) || (top.callable && kind(1) == TokenKind::name && opens_call(2))) {
    if (more(1)) require_ascii(1, "a method");
    top.colon = at_;
    top.name = at_ + 1;
    top.ends_in_call = false;
    return skip(2), true;
  }
  edits_.push_back({token(at_).offset, 1, "^__ia^"});
  if (top.reading == Reading::suffixed) top.reading = Reading::expression;
  top.operand = false;
  return skip(1), true;
}

void Reader::note_call() {
  Frame& top = frames_.back();
  calls_.push_back({top.first, top.name, top.colon});
  top.last_call = calls_.size() - 1;
  top.ends_in_call = true;
  top.name = top.colon = no_token;
}

}  // namespace language
