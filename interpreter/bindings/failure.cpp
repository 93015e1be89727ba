// The one printer of errors: what happened, the script line with carets, what to do, and where it was called from.
#include "bindings/errors.hpp"
#include "bindings/expr.hpp"
#include "bindings/mark.hpp"
#include "bindings/session.hpp"
#include "bindings/statements.hpp"
#include "core/text.hpp"
#include "language/translate.hpp"
#include "report/layout.hpp"
#include "report/table.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

namespace bindings {
namespace {

/// Lua names what is to blame in its own errors: "(global 'x')", "near 'x'", "to 'x'".
std::string blamed_word(const std::string& message) {
  for (const char* before : {"(global '", "(local '", "(field '", "(method '", "(upvalue '", "near '"}) {
    const std::size_t at = message.find(before);
    if (at == std::string::npos) continue;
    const std::size_t begin = at + std::strlen(before);
    const std::size_t end = message.find('\'', begin);
    if (end != std::string::npos) return message.substr(begin, end - begin);
  }
  return "";
}

/// A variable with the name of a command or of a formula's prefix is often what Lua stumbles over.
std::string hidden_by_variable(lua_State* L, const std::string& message, const std::string& word) {
  if (message.find("attempt to index") != std::string::npos && is_prefix(word))
    return (message.find("(local '") == std::string::npos
                ? "the variable '" + word + "'"
                : "'" + word + "' is a variable here (a loop's, perhaps): it") +
           " hides the prefix '" + word +
           ".' of formulas: give the variable another name, or write the formula as a string";
  if (message.find("attempt to call") != std::string::npos && session(L).commands.find(word))
    return "the variable '" + word + "' hides the command of that name: give it another name";
  return "";
}

/// A name, a field or a value that stands alone: "m.nobs", "m:summary"; "" when the code is something else.
std::string lone_value(std::string_view code) {
  code = core::trim(code.substr(code.rfind(';') == std::string_view::npos ? 0 : code.rfind(';') + 1));
  const bool path = !code.empty() && std::all_of(code.begin(), code.end(), [](char c) {
    return in_name(c) || std::strchr(".:[]\"'", c) != nullptr;
  });
  const bool keyword = code == "end" || code == "else" || code == "do" || code == "then" || code == "break";
  return path && !keyword && !std::isdigit(static_cast<unsigned char>(code[0])) ? std::string(code) : "";
}

/// What Lua's words for a statement that it cannot read have mostly been: a value that stands alone (on this line, or
/// on the last one before it that is not blank), R's assignment, signs of other languages.
core::Error explained_syntax(core::Error error, const std::string& text, Position& position) {
  if (!position.known() || error.message().find(" near ") == std::string::npos) return error;
  const std::vector<std::string> lines = core::split(text, '\n');
  std::size_t line = std::min(static_cast<std::size_t>(position.line), lines.size());
  const auto code_of = [&](std::size_t number) {
    const std::string_view whole = lines[number - 1];
    return core::trim(whole.substr(0, whole.find("--")));
  };
  if (line == 0) return error;
  const std::string code(code_of(line));
  if (code.find("<-") != std::string::npos) return std::move(error.hint("assignment is written with =: x = 3"));
  if (code.find("!=") != std::string::npos) return std::move(error.hint("unequal is ~= (in a string, != too)"));
  if (error.message().find("syntax error") == std::string::npos) return error;
  std::string value = lone_value(code);
  while (value.empty() && line > 1 && (code_of(line).empty() || line == static_cast<std::size_t>(position.line)))
    value = lone_value(code_of(--line));
  if (value.empty()) return error;
  position.line = static_cast<int>(line);
  const std::size_t colon = value.find(':');
  return core::Error("'" + value + "' alone is no statement")
      .word(value)
      .hint(colon == std::string::npos ? "to show a value write print(" + value + ")"
                                       : "a method is called with brackets: " + value + "()");
}

/// What calls of things that are no functions have mostly been.
std::string uncallable_hint(const std::string& message) {
  if (message.find("for iterator") != std::string::npos) return "for _, x in ipairs {1, 2} do … end, or pairs(table)";
  const std::size_t method = message.find("value (method '");
  if (message.find("attempt to call a") == std::string::npos || method == std::string::npos) return "";
  const std::string name = message.substr(method + 15, message.find('\'', method + 15) - method - 15);
  return "'" + name + "' is no method: a field is read with a point, ." + name;
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\t', ' ');
  std::replace(text.begin(), text.end(), '\r', ' ');
  return text;
}

std::string carets(const std::string& before, const std::string& marked) {
  return std::string(static_cast<std::size_t>(report::display_width(before)), ' ') +
         std::string(static_cast<std::size_t>(std::max(1, report::display_width(marked))), '^');
}

/// A line to show and the bytes of it to mark.
struct Part {
  std::string text;
  std::size_t begin, end;
};

/// The line, or of a very long one what stands around bytes [begin, end).
Part around(const std::string& line, std::size_t begin, std::size_t end) {
  constexpr std::size_t longest = 400, before = 100, after = 200;
  begin = std::min(begin, line.size());
  end = std::clamp(end, begin, line.size());
  if (line.size() <= longest) return {line, begin, end};
  const auto is_inside = [&](std::size_t at) { return at < line.size() && (line[at] & 0xC0) == 0x80; };
  std::size_t from = begin > before ? begin - before : 0, to = std::min(line.size(), begin + after);
  while (from > 0 && is_inside(from)) --from;
  while (is_inside(to)) ++to;
  const std::string dots = "…";
  const std::string front = from > 0 ? dots : "", back = to < line.size() ? dots : "";
  return {front + line.substr(from, to - from) + back, front.size() + begin - from,
          front.size() + std::min(end, to) - from};
}

/// The line after `head`, and carets under its marked bytes.
std::string marked(const std::string& head, const Part& part) {
  return head + part.text + "\n" +
         carets(head + part.text.substr(0, part.begin), part.text.substr(part.begin, part.end - part.begin)) + "\n";
}

/// "  trend.mt:4:  did(ser ~ tret)" and a line of carets when there is a mark.
std::string script_line(const std::string& text, const Position& position, std::optional<Mark> mark) {
  int line = position.line;
  const Mark statement = statement_bytes(text, line);
  std::size_t begin = statement.begin;
  if (mark) {
    line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                        text.begin() + static_cast<std::ptrdiff_t>(mark->begin), '\n'));
    const std::size_t newline = mark->begin == 0 ? std::string::npos : text.rfind('\n', mark->begin - 1);
    begin = newline == std::string::npos ? 0 : newline + 1;
  }
  std::size_t end = text.find('\n', begin);
  if (end == std::string::npos) end = text.size();
  while (begin < end && std::isspace(static_cast<unsigned char>(text[begin]))) ++begin;
  const std::string head = "  " + shown_source(position.source) + ":" + std::to_string(line) + ":  ";
  std::string code = one_line(text.substr(begin, end - begin));
  while (!code.empty() && std::isspace(static_cast<unsigned char>(code.back()))) code.pop_back();
  if (code.empty()) return "  " + shown_source(position.source) + ":" + std::to_string(line) + "\n";
  if (!mark || mark->begin < begin || mark->begin > end) return head + around(code, 0, 0).text + "\n";
  return marked(head, around(code, mark->begin - begin, std::min(mark->end, end) - begin));
}

std::string caret_block(const core::Caret& caret) {
  const std::size_t offset = std::min(caret.offset, caret.text.size());
  const std::size_t newline = offset == 0 ? std::string::npos : caret.text.rfind('\n', offset - 1);
  const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
  std::size_t end = caret.text.find('\n', begin);
  if (end == std::string::npos) end = caret.text.size();
  const std::string line = one_line(caret.text.substr(begin, end - begin));
  return marked("  in:  ", around(line, offset - begin, offset - begin + caret.length));
}

struct Level {
  Position position;
  std::string name;  ///< "function 'fit_all'", "main chunk"
};

/// How many levels the stack has. lua_getstack walks from the top, so that asking level by level is quadratic.
int stack_depth(lua_State* L) {
  lua_Debug ar;
  int known = 0, beyond = 1;
  while (lua_getstack(L, beyond, &ar)) {
    known = beyond;
    beyond *= 2;
  }
  while (beyond - known > 1) {
    const int middle = known + (beyond - known) / 2;
    (lua_getstack(L, middle, &ar) ? known : beyond) = middle;
  }
  return known + 1;
}

/// The script's levels; of a deep recursion those at its top and bottom.
std::vector<Level> script_levels(lua_State* L) {
  constexpr int top = 60, bottom = 20;
  std::vector<Level> levels;
  lua_Debug ar;
  const int depth = stack_depth(L);
  for (int level = 0; level < depth; ++level) {
    if (level == top && depth > top + bottom) level = depth - bottom;
    if (!lua_getstack(L, level, &ar)) break;
    lua_getinfo(L, "Sln", &ar);
    if (ar.currentline <= 0 || is_library(ar.source)) continue;
    std::string name = "a function";
    if (std::string_view(ar.what) == "main") {
      name = "main chunk";
    } else if (ar.name != nullptr && *ar.namewhat != '\0') {
      name = std::string("function '") + ar.name + "'";
    }
    levels.push_back({{ar.source, ar.currentline}, std::move(name)});
  }
  return levels;
}

/// Takes "chunk:12: " (and "chunk:12:5: ") off a message and says where it was; `levels` and all known chunks are
/// tried.
Position take_position(std::string& message, lua_State* L, const std::vector<Level>& levels) {
  std::vector<std::string> sources;
  for (const Level& level : levels) sources.push_back(level.position.source);
  for (const auto& [source, chunk] : session(L).chunks) sources.push_back(source);
  for (const std::string& source : sources) {
    const std::string shown = shown_source(source);
    std::size_t at = shown.size() + 1;
    if (!core::starts_with(message, shown + ":")) {
      // Lua shortens long names to their tail after three dots.
      if (!core::starts_with(message, "...")) continue;
      const std::size_t colon = message.find(':');
      if (colon == std::string::npos || colon < 4) continue;
      const std::string tail = message.substr(3, colon - 3);
      if (shown.size() < tail.size() || shown.compare(shown.size() - tail.size(), tail.size(), tail) != 0) continue;
      at = colon + 1;
    }
    int line = 0;
    std::size_t digits = at;
    while (digits < message.size() && std::isdigit(static_cast<unsigned char>(message[digits])))
      line = line * 10 + (message[digits++] - '0');
    if (digits == at || digits >= message.size() || message[digits] != ':') continue;
    ++digits;
    std::size_t column = digits;
    while (column < message.size() && std::isdigit(static_cast<unsigned char>(message[column]))) ++column;
    if (column > digits && column < message.size() && message[column] == ':') digits = column + 1;
    message.erase(0, digits);
    message.erase(0, message.find_first_not_of(' '));
    return {source, line};
  }
  return {};
}

std::string dim(const std::string& text, bool color) { return color ? "\x1b[2m" + text + "\x1b[0m" : text; }

bool begins_with_hash(lua_State* L, const Position& position) {
  if (!position.known()) return false;
  const std::string& text = script_text(L, position.source);
  const Mark statement = statement_bytes(text, position.line);
  const std::string_view code =
      core::trim(std::string_view(text).substr(statement.begin, statement.end - statement.begin));
  return core::starts_with(code, "#") && !core::starts_with(code, "#!");
}

std::string print_failure(lua_State* L, const core::Error& error, const Position& position,
                          const std::vector<Level>& levels) {
  const bool color = session(L).options.color;
  const InterpreterOptions& options = session(L).options;
  const auto lines = [&](const std::string& text, int indent) {
    std::vector<std::string> parts;
    for (const std::string& line : core::split(text, '\n'))
      for (std::string& part :
           options.fold ? report::wrap(line, std::max(20, options.width - indent)) : std::vector{line})
        parts.push_back(std::string(static_cast<std::size_t>(indent), ' ') + part);
    return core::join(parts, "\n");
  };
  const std::string message = lines(error.what(), 0);
  std::string out = (color ? "\x1b[1;31m" + message + "\x1b[0m" : message) + "\n";
  if (position.known()) {
    const std::string& text = script_text(L, position.source);
    const std::optional<Mark> mark = find_mark(error, text, position.line, !statement_state(L).text.empty());
    out += script_line(text, position, mark);
    if (error.caret() && !mark) out += caret_block(*error.caret());
  } else if (error.caret()) {
    out += caret_block(*error.caret());
  }
  for (const std::string& hint : error.hints()) out += lines(hint, 2) + "\n";
  if (begins_with_hash(L, position)) out += lines("comments begin with --; # joins terms, as : does", 2) + "\n";
  if (levels.size() > 1) {
    std::string trace;
    constexpr std::size_t most = 12;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      if (i == most && levels.size() > most + 2) {
        trace += "    … " + std::to_string(levels.size() - most - 1) + " more\n";
        i = levels.size() - 1;
      }
      trace += "    " + shown_source(levels[i].position.source) + ":" + std::to_string(levels[i].position.line) +
               ": in " + levels[i].name + "\n";
    }
    out += dim("  traceback:\n" + trace, color);
  }
  out.pop_back();
  return out;
}

Outcome failure(lua_State* L, int index, const std::vector<Level>& levels) {
  Outcome outcome;
  outcome.ok = false;
  outcome.exit_status = 1;
  if (const auto* value = test_value<ErrorValue>(L, index)) {
    if (value->kind == ErrorValue::Kind::interrupted) {
      outcome.interrupted = true;
      outcome.exit_status = 130;
      outcome.error = "interrupted";
      if (value->position.known() && value->position.source[0] == '@')
        outcome.error += "\n" + script_line(script_text(L, value->position.source), value->position, {});
      while (outcome.error.back() == '\n') outcome.error.pop_back();
    } else if (value->kind == ErrorValue::Kind::leave) {
      outcome.leave = true;
      outcome.exit_status = value->exit_status;
      outcome.ok = value->exit_status == 0;
    } else {
      core::Error error = value->error;
      Position position = value->position;
      if (!position.known()) {  // the translator's messages carry their position
        std::string message = error.message();
        position = take_position(message, L, levels);
        if (position.known()) {
          core::Error plain(message);
          for (const std::string& hint : error.hints()) plain.hint(hint);
          if (error.caret()) plain.at(*error.caret());
          error = plain.word(error.word());
        }
      }
      outcome.error = print_failure(L, error, position, levels);
    }
    return outcome;
  }
  std::string message;
  if (lua_type(L, index) == LUA_TSTRING || luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) {
    message = printed_at(L, index);
  } else {
    message = std::string("(error object is a ") + luaL_typename(L, index) + " value)";
  }
  Position position = take_position(message, L, levels);
  if (!position.known() && !levels.empty()) position = levels.front().position;
  core::Error error(message);
  const std::string word = blamed_word(message);
  error.word(word);
  if (message == "C stack overflow" || message.find("chunk has too many syntax levels") != std::string::npos)
    error.hint("200 brackets or calls within each other are the limit");
  if (const std::string hint = hidden_by_variable(L, message, word); !hint.empty()) error.hint(hint);
  if (const std::string hint = uncallable_hint(message); !hint.empty()) error.hint(hint);
  if (position.known()) error = explained_syntax(std::move(error), script_text(L, position.source), position);
  outcome.error = print_failure(L, error, position, levels);
  return outcome;
}

}  // namespace

int on_error(lua_State* L) {
  const int index = lua_gettop(L);
  session(L).outcome = failure(L, index, script_levels(L));
  lua_settop(L, index);
  return 1;
}

Outcome describe_failure(lua_State* L, int index) { return failure(L, lua_absindex(L, index), {}); }

}  // namespace bindings
