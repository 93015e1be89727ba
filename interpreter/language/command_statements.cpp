// Statements that begin with a bare name: help did, ?did, search WORD; and, refused with the call to write, the command
// statements of a later release (summarize ser rat).
#include <algorithm>

#include "core/error.hpp"
#include "core/text.hpp"
#include "language/reader.hpp"

namespace language {
namespace {

bool closes_block(std::string_view text) {
  return text == "end" || text == "else" || text == "elseif" || text == "until";
}

/// Turns the words of a command statement into the call that says the same; "" when they are not plain enough.
class CallWriter {
 public:
  CallWriter(std::string_view script, const Token* first, const Token* last)
      : script_(script), at_(first), last_(last) {}

  std::string write() {
    const std::string command(text());
    ++at_;
    while (is(TokenKind::name)) {
      arguments_.emplace_back(text());
      ++at_;
    }
    if (at_ < last_ && text() == "=" && !arguments_.empty()) return assignment(command);
    if (at_ < last_ && text() == "if" && !condition()) return "";
    if (at_ < last_ && text() == "," && !options()) return "";
    if (at_ < last_) return "";
    return command + "(" + core::join(arguments_, ", ") + ")";
  }

 private:
  std::string_view text() const { return text_of(script_, *at_); }
  bool is(TokenKind kind) const { return at_ < last_ && at_->kind == kind; }
  std::string_view slice(const Token* first, const Token* end) const {
    return first == end ? std::string_view()
                        : script_.substr(first->offset, end[-1].offset + end[-1].length - first->offset);
  }
  static std::string quoted(std::string_view text) {
    return text.find_first_of("\"\\") == std::string_view::npos ? "\"" + std::string(text) + "\""
                                                                : "[[" + std::string(text) + "]]";
  }

  // gen lnser = log(ser)
  std::string assignment(const std::string& command) {
    const std::string target = arguments_.back();
    arguments_.pop_back();
    const std::string_view value = slice(at_ + 1, last_);
    for (++at_; at_ < last_; ++at_)
      if (text() == "if" || text() == "=") return "";
    if (value.empty()) return "";
    arguments_.push_back(target + "=" + std::string(value));
    return command + "(" + core::join(arguments_, ", ") + ")";
  }

  bool condition() {
    const Token* const first = ++at_;
    while (at_ < last_ && text() != ",") ++at_;
    if (first == at_) return false;
    arguments_.push_back("where=" + quoted(slice(first, at_)));
    return true;
  }

  // , detail absorb(city year)
  bool options() {
    for (++at_; at_ < last_;) {
      if (!is(TokenKind::name)) return false;
      const std::string name(text());
      ++at_;
      if (at_ == last_ || text() != "(") {
        arguments_.push_back(name + "=true");
        continue;
      }
      const Token* const first = ++at_;
      int depth = 1;
      for (; at_ < last_; ++at_) {
        depth += text() == "(" ? 1 : text() == ")" ? -1 : 0;
        if (depth == 0) break;
      }
      if (depth != 0) return false;
      arguments_.push_back(name + "=" + quoted(slice(first, at_)));
      ++at_;
    }
    return true;
  }

  std::string_view script_;
  const Token* at_;
  const Token* last_;
  std::vector<std::string> arguments_;
};

}  // namespace

void Reader::begin_with_name() {
  const bool here = same_line(1);
  const bool is_help = text() == "help";
  const bool name_follows = kind(1) == TokenKind::name;
  const bool word_follows = kind(1) == TokenKind::keyword && text(1) != "and" && text(1) != "or";
  if (here && (name_follows || (word_follows && !closes_block(text(1))))) {
    if (is_help) return help_statement();
    if (text() == "search") return search_statement();
    if (name_follows || text(1) == "if" || text(1) == "in") refuse_command_statement();
  } else if (is_help && (!more(1) || text(1) == ";" || name_follows || word_follows)) {
    return help_statement();
  } else if (name_follows || word_follows) {
    const std::string name(text());
    fail(at_, "the name '" + name + "' alone is not a statement",
         {"to call it write " + name + "(), to show it print(" + name + ")"});
  }
  frames_.back().reading = Reading::suffixed;
  expression_token();
}

// help did, ?did, ? "did", help, ?
void Reader::help_statement() {
  const Token& word = token(at_);
  calls_.push_back({at_, at_, no_token, true, false});
  if (text() == "?") edits_.push_back({word.offset, 1, "help"});
  const bool topic = same_line(1) && (kind(1) == TokenKind::name || kind(1) == TokenKind::string ||
                                      (kind(1) == TokenKind::keyword && !closes_block(text(1))));
  if (!topic) {
    edits_.push_back({word.offset + word.length, 0, "();"});
    return skip(1);
  }
  const Token& name = token(at_ + 1);
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
  const Token& first_word = token(at_ + 1);
  const Token& last_word = token(at_ + last);
  const std::size_t length = last_word.offset + last_word.length - first_word.offset;
  std::string words;
  for (const char c : script_.substr(first_word.offset, length)) {
    if (c == '\\') words += '\\';
    words += c;
  }
  edits_.push_back({first_word.offset, length, "(\"" + words + "\");"});
  skip(last + 1);
}

void Reader::refuse_command_statement() const {
  std::size_t count = 1;
  while (same_line(count) && text(count) != ";" && !closes_block(text(count))) ++count;
  const Token* const first = &token(at_);
  const Token* const last = first + count;
  const std::string statement(script_.substr(first->offset, last[-1].offset + last[-1].length - first->offset));
  const std::string call = CallWriter(script_, first, last).write();
  fail(at_, "command statements like '" + statement + "' are not supported yet: write " +
                (call.empty() ? std::string(text()) + "(…), with commas between arguments" : call));
}

}  // namespace language
