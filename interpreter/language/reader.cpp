#include "language/reader.hpp"

#include <algorithm>

namespace language {
Reader::Reader(std::string_view script, std::string_view chunk_name)
    : script_(script), chunk_name_(chunk_name), lexer_(script, false) {
  push(Kind::chunk);
}

void Reader::read() {
  while (more() && !stopped_) step();
  if (!stopped_ && frames_.size() == 1 && frames_.back().operand) end_statement();
}

void Reader::require_closed_calls() const {
  if (stopped_) return;
  const auto open = std::find_if(frames_.begin(), frames_.end(), [](const Frame& f) { return bool(f.keywords); });
  if (open == frames_.end()) return;
  if (lexer_.unclosed() && token(at_ - 1).kind == TokenKind::string) fail(at_ - 1, "unfinished string");
  fail(open->opener, "this '(' is never closed");
}

bool Reader::incomplete() const {
  if (stopped_ || (lexer_.unclosed() && !lexer_.unfinished())) return false;
  const Frame& top = frames_.back();
  const bool expects_more =
      !top.operand && (top.reading == Reading::expression || top.reading == Reading::local_names ||
                       top.reading == Reading::function_name);
  return lexer_.unfinished() || cut_short_ || frames_.size() > 1 || expects_more;
}

bool Reader::more(std::size_t ahead) {
  while (at_ + ahead >= tokens_.size())
    if (!lexer_.next(tokens_)) return false;
  return true;
}

std::string_view Reader::text(std::size_t ahead) {
  return more(ahead) ? text_of(script_, token(at_ + ahead)) : std::string_view();
}
TokenKind Reader::kind(std::size_t ahead) { return more(ahead) ? token(at_ + ahead).kind : TokenKind::end; }

bool Reader::opens_call(std::size_t ahead) {
  return text(ahead) == "(" || text(ahead) == "{" || kind(ahead) == TokenKind::string;
}

void Reader::step() {
  if (kind() == TokenKind::symbol && static_cast<unsigned char>(text().front()) >= 0x80) return foreign_text();
  const Kind here = frames_.back().kind;
  if (here == Kind::parameters) return parameter_token();
  if (holds_statements(here) || here == Kind::if_head || here == Kind::loop_head) return statement_token();
  bracket_token();
}

void Reader::push(Kind frame_kind, Reading reading, bool call_suffix) {
  Frame frame{};
  frame.kind = frame_kind;
  frame.reading = reading;
  frame.call_suffix = call_suffix;
  frame.fresh = true;
  frame.opener = at_;
  frame.name = frame.colon = no_token;
  frames_.push_back(std::move(frame));
}

// Consumes `count` tokens of one construct, or notes that the text ends inside it.
void Reader::skip(std::size_t count) {
  if (count > 0 && !more(count - 1)) cut_short_ = true;
  at_ = std::min(at_ + count, tokens_.size());
}

// A token that no rule fits. Inside a call with keywords the text handed to Lua would be half rewritten, so the error
// is ours; elsewhere Lua finds the same fault.
void Reader::stop() {
  stopped_ = true;
  const bool rewriting = std::any_of(frames_.begin(), frames_.end(), [](const Frame& f) { return bool(f.keywords); });
  if (!rewriting) return;
  const Frame& top = frames_.back();
  const std::string near = more() ? "'" + std::string(text()) + "'" : "the end";
  if (!top.operand || top.kind < Kind::call) fail(at_, "unexpected symbol near " + near);
  const char* const closer = top.kind == Kind::table ? "'}'" : top.kind == Kind::index ? "']'" : "')'";
  fail(at_, std::string(closer) + " expected near " + near,
       {"it closes the bracket of line " + std::to_string(token(top.opener).line)});
}

// ---- Statements

void Reader::statement_token() {
  Frame& top = frames_.back();
  switch (top.reading) {
    case Reading::start:
      return begin_statement();
    case Reading::local_names:
    case Reading::for_names:
      return names_token();
    case Reading::function_name:
      return function_name_token();
    case Reading::suffixed:
    case Reading::expression:
    case Reading::result:
      break;
  }
  const std::string_view word = text();
  if (top.operand && (word == "," || word == "=")) {  // lists of targets and values; Lua checks the order
    top.reading = Reading::expression;
    top.operand = false;
    return skip(1);
  }
  const std::size_t here = frames_.size() - 1;  // the expression may open a frame, which moves the others
  if (expression_token()) {
    if (frames_[here].reading == Reading::result) frames_[here].reading = Reading::expression;
    return;
  }
  if (!top.operand && top.reading != Reading::result) return stop();
  if (top.kind == Kind::if_head || top.kind == Kind::loop_head) {
    if (word == "{") fail(at_, "blocks are Lua's: a '{' opens none", {"write if … then … end, while … do … end"});
    if (word != (top.kind == Kind::if_head ? "then" : "do")) return stop();
    if (word == "then") note_tested_names(at_);
    top.kind = top.kind == Kind::if_head ? Kind::if_body : Kind::block;
    top.reading = Reading::start;
    top.operand = false;
    return skip(1);
  }
  end_statement();
}

void Reader::end_statement() {
  Frame& top = frames_.back();
  if (top.reading == Reading::suffixed && top.ends_in_call) calls_[top.last_call].statement = true;
  top.reading = Reading::start;
  top.operand = false;
}

void Reader::begin_statement() {
  Frame& top = frames_.back();
  top.operand = false;
  if (skip_comment()) return;
  if (kind() == TokenKind::keyword) return begin_with_keyword();
  if (kind() == TokenKind::name) return begin_with_name();
  if (text() == ";") return skip(1);
  if (text() == "::") {
    require_ascii(1, "a label");
    return skip(3);
  }
  if (text() == "?") return help_statement();
  top.reading = text() == "(" ? Reading::suffixed : Reading::expression;
  if (!expression_token()) stop();
}

void Reader::begin_with_keyword() {
  Frame& top = frames_.back();
  const std::string_view word = text();
  if (word == "if") {
    push(Kind::if_head, Reading::expression);
  } else if (word == "elseif" && top.kind == Kind::if_body) {
    top.kind = Kind::if_head;
    top.reading = Reading::expression;
  } else if (word == "else" && top.kind == Kind::if_body) {
    top.kind = Kind::block;
  } else if (word == "while") {
    push(Kind::loop_head, Reading::expression);
  } else if (word == "for") {
    push(Kind::loop_head, Reading::for_names);
  } else if (word == "do" && kind(1) == TokenKind::string && same_line(1)) {  // do "more.do"
    edits_.push_back({token(at_).offset, 2, "dofile"});
    edits_.push_back({token(at_ + 1).offset + token(at_ + 1).length, 0, ";"});
    return skip(2);
  } else if (word == "do") {
    push(Kind::block);
  } else if (word == "repeat") {
    push(Kind::repeat_body);
  } else if (word == "until" && top.kind == Kind::repeat_body) {
    frames_.pop_back();
    frames_.back().reading = Reading::expression;
    frames_.back().operand = false;
  } else if (word == "end" && frames_.size() > 1 && top.kind != Kind::repeat_body) {
    return close_block();
  } else if (word == "return" && is_return_list()) {
    return command_statement();
  } else if (word == "return") {
    top.reading = Reading::result;
  } else if (word == "break") {
    top.reading = Reading::start;
  } else if (word == "goto") {
    require_ascii(1, "a label");
    return skip(2);
  } else if (word == "function" && text(1) == "(") {  // an expression, as the REPL takes it
    top.reading = Reading::expression;
    return open_function(true);
  } else if (word == "function") {
    top.reading = Reading::function_name;
  } else if (word == "local" && text(1) == "function") {
    top.reading = Reading::function_name;
    return skip(2);
  } else if (word == "local") {
    top.reading = Reading::local_names;
  } else {
    top.reading = Reading::expression;
    if (!expression_token()) stop();
    return;
  }
  skip(1);
}

void Reader::close_block() {
  const bool is_expression = frames_.back().kind == Kind::function_body && frames_.back().call_suffix;
  frames_.pop_back();
  Frame& outer = frames_.back();
  if (is_expression) {
    outer.operand = true;
    outer.callable = outer.ends_in_call = false;
  } else {
    outer.reading = Reading::start;
    outer.operand = false;
  }
  skip(1);
}

// local a <const>, b = …   for k, v in …
void Reader::names_token() {
  Frame& top = frames_.back();
  const bool in_for = top.reading == Reading::for_names;
  const std::string_view word = text();
  if (!top.operand) {
    if (kind() != TokenKind::name) return stop();
    require_ascii(0, "a local variable");
    top.operand = true;
    return skip(1);
  }
  if (!in_for && word == "<") return skip(3);
  if (word == "," || word == "=" || (in_for && word == "in")) {
    top.operand = false;
    if (word != ",") top.reading = Reading::expression;
    return skip(1);
  }
  if (in_for) return stop();
  if (kind() == TokenKind::string && token(at_).line == token(at_ - 1).line) refuse_macro_definition();
  end_statement();
}

void Reader::function_name_token() {
  if (text() == "(") {
    frames_.back().reading = Reading::start;
    push(Kind::parameters);
    return skip(1);
  }
  if (kind() != TokenKind::name && text() != "." && text() != ":") return stop();
  require_ascii(0, "a function so defined");
  skip(1);
}

// ---- Brackets

void Reader::open_function(bool is_expression) {
  if (more(1) && text(1) != "(") return stop();
  push(Kind::parameters, Reading::start, is_expression);
  skip(2);
}

void Reader::parameter_token() {
  Frame& top = frames_.back();
  if (text() == ")") {
    top.kind = Kind::function_body;
  } else if (kind() != TokenKind::name && text() != "," && text() != "...") {
    return stop();
  }
  require_ascii(0, "a parameter");
  skip(1);
}

void Reader::bracket_token() {
  Frame& top = frames_.back();
  const bool is_list = top.kind == Kind::call || top.kind == Kind::table;
  const std::string_view word = text();
  if (word == (top.kind == Kind::table   ? "}"
               : top.kind == Kind::index ? "]"
                                         : ")") &&
      (top.operand || (is_list && top.fresh)))
    return close_bracket();
  if (top.kind == Kind::call && top.fresh) {
    if ((kind() == TokenKind::name || kind() == TokenKind::keyword) && text(1) == "=") return keyword_argument();
    if (word == ",") fail(at_, "an argument is missing between two commas", {"take one comma away"});
    if (top.keywords)
      fail(at_, "positional argument after a keyword", {"put the positional arguments first, then NAME=value"});
  }
  if (is_list && top.operand && (word == "," || (top.kind == Kind::table && word == ";"))) {
    top.operand = false;
    top.fresh = true;
    return skip(1);
  }
  if (top.kind == Kind::table && top.operand && word == "=") {
    top.operand = false;
    return skip(1);
  }
  if (top.kind == Kind::index && top.operand && word == ",") {  // city[trend, x], which Lua cannot read
    edits_.push_back({token(at_).offset, 1, "]["});
    top.operand = false;
    return skip(1);
  }
  if (top.kind == Kind::table && top.fresh && word == "[") {  // [key] = value
    top.fresh = false;
    push(Kind::index);
    return skip(1);
  }
  if (top.kind == Kind::table && top.fresh && is_foreign() && text(1) == "=") {
    top.fresh = false;
    top.operand = true;
    rewrite_foreign("[", "]");
    return skip(1);
  }
  top.fresh = false;
  if (!expression_token()) stop();
}

void Reader::close_bracket() {
  Frame& top = frames_.back();
  const bool callable = top.kind != Kind::table || top.call_suffix;
  if (top.keywords) {
    edits_[top.keywords->edit].text.insert(0, "__kw(\"" + top.keywords->names + "\", {");
    edits_.push_back({token(at_).offset, 0, "})"});
  }
  frames_.pop_back();
  frames_.back().operand = true;
  frames_.back().callable = callable;
  skip(1);
}

// f(a, k=v, if="…") becomes f(a, __kw("k if", {k=v, ["if"]="…"})).
void Reader::keyword_argument() {
  Frame& top = frames_.back();
  const Token& word = token(at_);
  const std::string_view name = text();
  const bool quoted = kind() == TokenKind::keyword || is_foreign();
  const std::string written = quoted ? "[\"" + std::string(name) + "\"]" : std::string(name);
  if (!top.keywords) {
    top.keywords = std::make_unique<Keywords>(Keywords{edits_.size(), std::string(name), {name}});
    edits_.push_back({word.offset, word.length, written});
  } else {
    if (!top.keywords->seen.insert(name).second) fail(at_, "keyword '" + std::string(name) + "' is given twice");
    top.keywords->names += " " + std::string(name);
    if (quoted) edits_.push_back({word.offset, word.length, written});
  }
  top.fresh = false;
  skip(2);
}

}  // namespace language
