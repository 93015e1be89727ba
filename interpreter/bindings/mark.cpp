#include "bindings/mark.hpp"

#include "language/translate.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <string_view>
#include <vector>

namespace bindings {

bool in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

namespace {

using language::Token;
using language::TokenKind;

/// A statement and its tokens, blanks and comments among them.
struct Statement {
  std::string_view text;
  std::vector<Token> tokens;
  std::size_t begin = 0;  ///< offset in the script

  std::size_t token_at(std::size_t offset) const {
    const auto after = std::upper_bound(tokens.begin(), tokens.end(), offset,
                                        [](std::size_t at, const Token& token) { return at < token.offset; });
    return after == tokens.begin() ? 0 : static_cast<std::size_t>(after - tokens.begin()) - 1;
  }
  /// Is the token the name of NAME=value?
  bool names_value(std::size_t index) const {
    if (tokens[index].kind != TokenKind::name) return false;
    std::size_t next = index + 1;
    while (next < tokens.size() && tokens[next].kind == TokenKind::space) ++next;
    return next < tokens.size() && text.substr(tokens[next].offset, tokens[next].length) == "=";
  }
};

Statement statement_on(const std::string& script, int line) {
  std::size_t begin = 0;
  for (int at = 1; at < line && begin != std::string::npos; ++at) {
    begin = script.find('\n', begin);
    if (begin != std::string::npos) ++begin;
  }
  if (begin == std::string::npos || begin > script.size()) return {{}, {}, script.size()};
  constexpr std::size_t longest = 8'000;  // a statement longer than this is not searched to its end
  const std::string_view rest = std::string_view(script).substr(begin, longest);
  Statement out{rest, language::tokens(rest), begin};
  int depth = 0;
  for (const Token& token : out.tokens) {
    const std::string_view word = rest.substr(token.offset, token.length);
    if (token.kind == TokenKind::symbol && word.size() == 1) {
      if (std::strchr("([{", word[0])) ++depth;
      if (std::strchr(")]}", word[0])) --depth;
    }
    const std::size_t newline = word.find('\n');
    const bool goes_on = token.offset >= 3 && rest.substr(token.offset - 3, 3) == "///";  // a command statement
    if (token.kind != TokenKind::space || depth > 0 || newline == std::string_view::npos || goes_on) continue;
    out.text = rest.substr(0, token.offset + newline);
    break;
  }
  std::erase_if(out.tokens, [&](const Token& token) { return token.offset >= out.text.size(); });
  return out;
}

/// The word as a whole word; text with other bytes in it ("treat:post") anywhere. Of several, the name of an option
/// when the error is about an option, else the first that is none.
std::optional<Mark> find_word(const Statement& statement, const std::string& word, bool option, std::size_t from = 0) {
  if (word.empty()) return {};
  const std::string_view text = statement.text;
  std::optional<Mark> found;
  for (std::size_t at = text.find(word, from); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool opens = at == 0 || !in_name(text[at - 1]) || !in_name(word.front());
    const bool closes = end >= text.size() || !in_name(text[end]) || !in_name(word.back());
    if (!opens || !closes) continue;
    const std::size_t token = statement.token_at(at);
    if (statement.tokens[token].kind == TokenKind::comment) continue;
    const Mark mark{statement.begin + at, statement.begin + end};
    if (statement.names_value(token) == option) return mark;
    if (!found) found = mark;
  }
  return found;
}

/// The text between the quotes of a string of the script, which is the caret's text when nothing in it is escaped.
std::optional<Mark> find_string(const Statement& statement, const std::string& contents) {
  std::optional<Mark> found;
  for (const Token& token : statement.tokens) {
    if (token.kind != TokenKind::string || token.offset + token.length > statement.text.size()) continue;
    const std::size_t at = statement.text.substr(token.offset, token.length).find(contents);
    if (at == std::string_view::npos) continue;
    const Mark mark{statement.begin + token.offset + at, statement.begin + token.offset + at + contents.size()};
    if (token.length == contents.size() + 2) return mark;  // all of it
    if (!found) found = mark;
  }
  return found;
}

/// Where in a line of several calls the one of the error begins.
std::size_t call_begin(const Statement& statement, const core::Error& error) {
  std::size_t from = 0;
  for (const Token& token : statement.tokens)
    if (!error.command().empty() && statement.text.substr(token.offset, token.length) == error.command())
      from = token.offset + token.length;
  return from;
}

/// The value of the option that the message names, "the weight …" of weights=, from `from` on.
std::optional<Mark> find_option_value(const Statement& statement, const core::Error& error, std::size_t from) {
  const std::string& message = error.message();
  for (std::size_t i = 0; i < statement.tokens.size(); ++i) {
    const Token& token = statement.tokens[i];
    if (token.offset < from || !statement.names_value(i)) continue;
    std::string name(statement.text.substr(token.offset, token.length));
    if (name == "weights") name = "weight";
    const std::size_t at = message.find(name);
    if (at == std::string::npos || (at > 0 && in_name(message[at - 1])) || name == error.word()) continue;
    const std::size_t sign = statement.text.find('=', token.offset);
    const std::size_t begin = statement.text.find_first_not_of(" \t\n", sign + 1);
    if (begin == std::string_view::npos) continue;
    std::size_t end = begin;
    int depth = 0;
    for (const Token& next : statement.tokens) {
      if (next.offset < begin) continue;
      const std::string_view word = statement.text.substr(next.offset, next.length);
      if (depth == 0 && (word == "," || word == ")" || word == "}")) break;
      if (word == "(" || word == "{" || word == "[") ++depth;
      if (word == ")" || word == "}" || word == "]") --depth;
      if (next.kind != TokenKind::space) end = next.offset + word.size();
    }
    return Mark{statement.begin + begin, statement.begin + end};
  }
  return {};
}

/// The first quoted word of a message that stands in the statement.
std::optional<Mark> find_quoted(const Statement& statement, const std::string& message, std::size_t from) {
  for (std::size_t open = message.find('\''); open != std::string::npos;) {
    const std::size_t close = message.find('\'', open + 1);
    if (close == std::string::npos) return {};
    const std::string word = message.substr(open + 1, close - open - 1);
    if (const auto mark = find_word(statement, word, false, from)) return mark;
    open = message.find('\'', close + 1);
  }
  return {};
}

}  // namespace

Mark statement_bytes(const std::string& text, int line) {
  const Statement statement = statement_on(text, line);
  return {statement.begin, statement.begin + statement.text.size()};
}

std::optional<Mark> find_mark(const core::Error& error, const std::string& text, int line, bool in_command_statement) {
  const Statement statement = statement_on(text, line);
  const core::Caret* caret = error.caret();
  if (caret == nullptr) {
    const std::size_t from = call_begin(statement, error);
    const std::optional<Mark> value = find_option_value(statement, error, from);
    if (error.word().empty()) return value ? value : find_quoted(statement, error.message(), from);
    const bool option = error.message().find("option '" + error.word() + "'") != std::string::npos;
    std::optional<Mark> found;
    if (value) found = find_word(statement, error.word(), option, value->begin - statement.begin);
    if (!found) found = find_word(statement, error.word(), option, from);
    return found ? found : find_word(statement, error.word(), option);
  }
  std::optional<Mark> whole = find_string(statement, caret->text);
  if (!whole) whole = find_word(statement, caret->text, false);
  if (whole) return Mark{whole->begin + caret->offset, whole->begin + caret->offset + caret->length};
  if (!in_command_statement) return {};
  return find_word(statement, caret->text.substr(std::min(caret->offset, caret->text.size()), caret->length), false);
}

bool gives_value(const std::string& text, int line, const std::string& command, const std::string& name) {
  const Statement statement = statement_on(text, line);
  bool begun = false;
  for (std::size_t i = 0; i < statement.tokens.size(); ++i) {
    const Token& token = statement.tokens[i];
    const std::string_view word = statement.text.substr(token.offset, token.length);
    if (!begun && token.kind != TokenKind::space && word != command) return false;
    begun = begun || word == command;
    if (word == name && statement.names_value(i)) return true;
  }
  return false;
}

}  // namespace bindings
