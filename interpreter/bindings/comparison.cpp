// `keep(year >= 2013)`: Lua reduces a comparison to a boolean, so the error shows the string to write instead.
#include "bindings/errors.hpp"
#include "bindings/expr.hpp"
#include "core/text.hpp"
#include "language/translate.hpp"

#include <optional>

namespace bindings {
namespace {

using language::Token;
using language::TokenKind;

bool is_space(const Token& token) { return token.kind == TokenKind::space || token.kind == TokenKind::comment; }

/// A statement's text from its line on, cut in tokens.
struct Source {
  std::string text;
  std::vector<Token> tokens;
  std::string_view word(std::size_t i) const {
    return std::string_view(text).substr(tokens[i].offset, tokens[i].length);
  }
  bool compares(std::size_t i) const {
    const std::string_view w = word(i);
    if (tokens[i].kind == TokenKind::keyword) return w == "and" || w == "or" || w == "not";
    return tokens[i].kind == TokenKind::symbol &&
           (w == "==" || w == "~=" || w == "<" || w == "<=" || w == ">" || w == ">=");
  }
};

/// The argument that a comparison stands in: its tokens, and the name before the bracket when it is the only one.
struct Argument {
  std::size_t first = 0, last = 0;
  std::string only_argument_of;
};

bool is_symbol(const Source& source, std::size_t i, std::string_view one_of) {
  const std::string_view w = source.word(i);
  return source.tokens[i].kind == TokenKind::symbol && w.size() == 1 && one_of.find(w) != std::string_view::npos;
}

std::optional<Argument> argument_around(const Source& source, std::size_t at) {
  Argument argument{at, at + 1, ""};
  int depth = 0;
  bool closed = false;
  for (std::size_t i = at; i-- > 0 && !closed;) {
    if (is_symbol(source, i, ")]}")) ++depth;
    if (depth == 0 && is_symbol(source, i, "(,={[")) {
      closed = true;
      if (is_symbol(source, i, "(") && i > 0 && source.tokens[i - 1].kind == TokenKind::name)
        argument.only_argument_of = source.word(i - 1);
    } else if (!is_space(source.tokens[i])) {
      argument.first = i;
    }
    if (is_symbol(source, i, "([{")) --depth;
  }
  if (!closed) return {};
  depth = 0;
  for (std::size_t i = at + 1; i < source.tokens.size(); ++i) {
    if (is_symbol(source, i, "([{")) ++depth;
    if (depth == 0 && is_symbol(source, i, ",")) argument.only_argument_of.clear();
    if (depth == 0 && is_symbol(source, i, ",)]}")) break;
    if (is_symbol(source, i, ")]}")) --depth;
    if (!is_space(source.tokens[i])) argument.last = i + 1;
  }
  return argument;
}

std::string quoted(const std::string& condition) {
  if (condition.find('"') == std::string::npos) return "\"" + condition + "\"";
  if (condition.find('\'') == std::string::npos) return "'" + condition + "'";
  return "[[" + condition + "]]";
}

std::string text_between(const Source& source, std::size_t first, std::size_t last) {
  const std::size_t begin = source.tokens[first].offset;
  const std::size_t end = source.tokens[last - 1].offset + source.tokens[last - 1].length;
  std::string text;  // on one line
  for (const char c : source.text.substr(begin, end - begin))
    if (c == '\n') {
      while (!text.empty() && text.back() == ' ') text.pop_back();
      text += ' ';
    } else if (c != ' ' || text.empty() || text.back() != ' ') {
      text += c;
    }
  return text;
}

}  // namespace

std::string comparison_as_string(lua_State* L) {
  const Position position = script_position(L, 1);
  if (!position.known()) return "";
  const std::vector<std::string> lines = core::split(script_text(L, position.source), '\n');
  Source source;
  for (std::size_t i = 0; i < 10; ++i) {  // a condition further down than this is not looked for
    const std::size_t line = static_cast<std::size_t>(position.line) - 1 + i;
    if (line < lines.size()) source.text += lines[line] + "\n";
  }
  source.tokens = language::tokens(source.text);
  for (std::size_t i = 0; i < source.tokens.size(); ++i) {
    if (!source.compares(i)) continue;
    const std::optional<Argument> argument = argument_around(source, i);
    if (!argument) return "";
    const std::string condition = quoted(text_between(source, argument->first, argument->last));
    return argument->only_argument_of.empty() ? condition : argument->only_argument_of + " " + condition;
  }
  return "";
}

}  // namespace bindings
