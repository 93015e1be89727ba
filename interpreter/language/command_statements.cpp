// Statements that begin with a bare name: help did, ?did, search WORD, and command statements (summarize ser rat),
// which become __statement("summarize ser rat"); comments that only do-files have.
#include <algorithm>

#include "core/error.hpp"
#include "core/text.hpp"
#include "language/reader.hpp"
#include "language/statement.hpp"
#include "language/statement_text.hpp"

namespace language {
namespace {

bool closes_block(std::string_view text) {
  return text == "end" || text == "else" || text == "elseif" || text == "until";
}

/// As a Lua string on one line.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n' || c == '\r') {
      out += ' ';
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string newlines_of(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c == '\n' || c == '\r') out += c;
  return out;
}

/// Throws Fault with its place in the script: the statement without comments stands there in parts.
void check(const std::string& statement, std::size_t offset, std::string_view source) {
  try {
    parse_statement(statement);
  } catch (Fault& fault) {
    const std::size_t found = source.find(statement.substr(fault.offset, std::max<std::size_t>(fault.length, 1)),
                                          std::min(fault.offset, source.size()));
    fault.offset = found == std::string_view::npos ? offset : offset + found;
    throw;
  }
}

}  // namespace

bool Reader::declared(std::string_view name) {
  const auto known = declared_.find(name);
  if (known != declared_.end()) return known->second;
  return declared_.emplace(std::string(name), declares(script_, name)).first->second;
}

// What stands before it on its line must have ended a statement or opened a block: `x = a b c` is Lua's to refuse.
bool Reader::is_command_statement() {
  const Token& name = token(at_);
  if (at_ > 0 && token(at_ - 1).line == name.line) {
    const std::string_view before = text_of(script_, token(at_ - 1));
    const bool opens = before == ";" || before == "then" || before == "do" || before == "else" || before == "repeat" ||
                       before == ")" || before == "end";
    const bool macro = at_ > 1 && text_of(script_, token(at_ - 2)) == "local" && token(at_ - 1).kind == TokenKind::name;
    if (!opens && !macro) return false;
  }
  return is_statement(script_, name.offset, name.offset + name.length,
                      [this](std::string_view word) { return declared(word); });
}

bool is_statement_input(std::string_view text, const std::set<std::string>& commands) {
  std::vector<Token> first;
  Lexer lexer(text, false);
  if (!lexer.next(first) || first[0].kind != TokenKind::name) return false;
  const Token& name = first[0];
  return commands.count(std::string(text_of(text, name))) != 0 &&
         is_statement(text, name.offset, name.offset + name.length, [](std::string_view) { return false; });
}

void Reader::begin_with_name() {
  const bool is_help = text() == "help";
  if (is_help || text() == "search") {
    const bool name_follows = kind(1) == TokenKind::name;
    const bool word_follows = kind(1) == TokenKind::keyword && text(1) != "and" && text(1) != "or";
    const bool words_here = same_line(1) && (name_follows || (word_follows && !closes_block(text(1))));
    if (words_here) return is_help ? help_statement() : search_statement();
    if (is_help && (!more(1) || text(1) == ";" || name_follows || word_follows)) return help_statement();
  }
  if (is_command_statement()) {
    if (!exit_statement()) command_statement();
    return;
  }
  if (kind(1) == TokenKind::keyword && text(1) != "and" && text(1) != "or") {
    const std::string name(text());
    fail(at_, "the name '" + name + "' alone is not a statement",
         {"to call it write " + name + "(), to show it print(" + name + ")"});
  }
  frames_.back().reading = Reading::suffixed;
  expression_token();
}

// exit, quit, exit 198, exit, clear: the file ends, the prompt is left.
bool Reader::exit_statement() {
  if ((text() != "exit" && text() != "quit") || declared(text())) return false;
  const bool in_function =
      std::any_of(frames_.begin(), frames_.end(), [](const Frame& frame) { return frame.kind == Kind::function_body; });
  if (in_function)
    fail(at_, "'" + std::string(text()) + "' ends a file, and stands in a function here",
         {"return ends the function, os.exit() the program"});
  const Token word = token(at_);
  const std::size_t code = same_line(1) && kind(1) == TokenKind::number ? 1 : 0;
  const bool clear = same_line(code + 2) && text(code + 1) == "," && kind(code + 2) == TokenKind::name;
  const std::size_t count = 1 + code + (clear ? 2 : 0);
  if (more(count) && token(at_ + count).line == word.line && text(count) != ";" && !closes_block(text(count)))
    return false;
  const Token last = token(at_ + count - 1);
  const std::string status = std::string(code == 1 ? text(1) : "");
  edits_.push_back({word.offset, last.offset + last.length - word.offset, "__exit(" + status + ") do return end"});
  skip(count);
  return true;
}

// return list, alone on its line and outside functions, in a script that has no `list` of its own: what r() holds. Lua
// would end the script with the command list for its value.
bool Reader::is_return_list() {
  const bool in_function =
      std::any_of(frames_.begin(), frames_.end(), [](const Frame& frame) { return frame.kind == Kind::function_body; });
  if (in_function || text(1) != "list" || !same_line(1) || declared("list")) return false;
  return !more(2) || token(at_ + 2).line != token(at_).line;
}

// summarize ser rat if year > 2012, detail
void Reader::command_statement() {
  const Token name = token(at_);
  const Frame& top = frames_.back();
  const bool in_block = top.kind != Kind::chunk && top.opener < at_ && token(top.opener).line == name.line;
  if (at_ > 1 && token(at_ - 1).line == name.line && token(at_ - 1).kind == TokenKind::name)
    refuse_macro_definition();  // local controls a b
  if (text() == "global" && !declared("global")) refuse_macro_definition();
  try {
    const StatementText statement = read_statement(script_, name.offset, in_block);
    std::string call = "__statement(";
    std::string whole;
    for (const Piece& piece : statement.pieces) {
      const bool first = &piece == &statement.pieces.front();
      const bool text_before = !first && !(&piece)[-1].is_lua;
      if (!first) call += ", ";
      if (piece.is_lua && (first || !text_before)) call += "\"\", ";
      call += piece.is_lua ? piece.text : quoted(piece.text);
      whole += piece.is_lua ? "x" : piece.text;
    }
    const std::string_view source = script_.substr(name.offset, statement.end - name.offset);
    check(whole, name.offset, source);
    edits_.push_back({name.offset, source.size(), call + ");" + newlines_of(source)});
    tokens_.resize(at_ + 1);
    lexer_.continue_at(name, statement.end);
    ++at_;
    cut_short_ = cut_short_ || statement.unfinished;
  } catch (const Fault& fault) {
    fail_at(fault.offset, fault.length, fault.what, fault.hints);
  }
}

// local controls lngdp lnfdi, global controls lngdp lnfdi
void Reader::refuse_macro_definition() {
  const bool global = text() == "global";
  const std::string name(global ? "controls" : text_of(script_, token(at_ - 1)));
  fail(global ? at_ : at_ - 1,
       "macros are Lua's variables: '" + std::string(global ? "global" : "local " + name) + " …' is not read",
       {"write " + name + " = \"lngdp lnfdi\", and {=" + name + "} where it is to stand in a statement"});
}

// Comments that cannot mean Lua: // and /* at the start of a statement or after a call that is one, * at the start of a
// statement, or of a line that no expression reads so.
bool Reader::skip_comment() {
  const std::string_view word = text();
  const std::size_t at = token(at_).offset;
  const Frame& top = frames_.back();
  const bool starts = top.reading == Reading::start;
  const bool after_call = top.reading == Reading::suffixed && top.ends_in_call;
  const bool slashes = word == "//" || (word == "/" && script_.substr(at, 2) == "/*");
  const bool new_line = at_ == 0 || token(at_ - 1).line < token(at_).line;
  if (slashes && (starts || after_call)) {
    drop_comment();
    return true;
  }
  if (word != "*" || !(starts || (new_line && (after_call || is_star_comment(script_, at))))) return false;
  drop_comment();
  return true;
}

void Reader::drop_comment() {
  const Token token_here = token(at_);
  const std::size_t end = comment_end(script_, token_here.offset);
  const std::string_view source = script_.substr(token_here.offset, end - token_here.offset);
  edits_.push_back({token_here.offset, source.size(), newlines_of(source)});
  tokens_.resize(at_);
  lexer_.continue_at(token_here, end);
  if (source.substr(0, 2) == "/*" && (source.size() < 4 || source.substr(source.size() - 2) != "*/")) cut_short_ = true;
}

// help did, ?did, ? "did", help, ?
void Reader::help_statement() {
  const Token word = token(at_);
  calls_.push_back({at_, at_, no_token, true, false});
  if (text() == "?") edits_.push_back({word.offset, 1, "help"});
  const bool topic = same_line(1) && (kind(1) == TokenKind::name || kind(1) == TokenKind::string ||
                                      (kind(1) == TokenKind::keyword && !closes_block(text(1))));
  if (!topic) {
    edits_.push_back({word.offset + word.length, 0, "();"});
    return skip(1);
  }
  const Token name = token(at_ + 1);
  if (name.kind == TokenKind::string) {
    edits_.push_back({name.offset + name.length, 0, ";"});
  } else {
    edits_.push_back({name.offset, name.length, "(\"" + std::string(text(1)) + "\");"});
  }
  skip(2);
  if (more() && token(at_).line == name.line && text() != ";" && !closes_block(text()))
    fail(at_, "help takes one name", {"write help(\"" + std::string(text_of(script_, name)) + "\")"});
}

// search fixed effects
void Reader::search_statement() {
  std::size_t last = 1;
  calls_.push_back({at_, at_, no_token, true, false});
  while (same_line(last + 1) && kind(last + 1) != TokenKind::string && text(last + 1) != ";" &&
         !closes_block(text(last + 1)))
    ++last;
  const Token first_word = token(at_ + 1);
  const Token last_word = token(at_ + last);
  const std::size_t length = last_word.offset + last_word.length - first_word.offset;
  std::string words;
  for (const char c : script_.substr(first_word.offset, length)) {
    if (c == '\\') words += '\\';
    words += c;
  }
  edits_.push_back({first_word.offset, length, "(\"" + words + "\");"});
  skip(last + 1);
}

}  // namespace language
