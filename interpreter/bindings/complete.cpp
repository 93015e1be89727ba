// What Tab offers: options inside a call, fields after a dot, columns and files in strings, else names.
#include "bindings/complete.hpp"

#include "bindings/assignment.hpp"
#include "bindings/expr.hpp"
#include "bindings/named.hpp"
#include "bindings/pages.hpp"
#include "bindings/result.hpp"
#include "bindings/statements.hpp"
#include "bindings/value.hpp"
#include "core/text.hpp"
#include "inference/registry.hpp"
#include "language/translate.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <optional>
#include <set>

namespace bindings {
namespace {

using language::Token;
using language::TokenKind;
using Words = std::vector<std::string>;

bool completes(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// Start of the name that ends at the end of `text`.
std::size_t name_begin(const std::string& text) {
  std::size_t begin = text.size();
  while (begin > 0 && completes(text[begin - 1])) --begin;
  return begin;
}

void add_matching(const Words& from, const std::string& head, Words& to, const char* tail = "") {
  for (const std::string& word : from)
    if (core::starts_with(word, head)) to.push_back(word + tail);
}

/// Files and folders whose path begins with `path`; folders end with a slash.
Words files(const std::string& path) {
  namespace fs = std::filesystem;
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  const std::string head = path.substr(folder.size());
  Words out;
  std::error_code failed;
  for (fs::directory_iterator it(folder.empty() ? "." : folder, failed), end; !failed && it != end;
       it.increment(failed)) {
    const std::string name = it->path().filename().string();
    if (!core::starts_with(name, head) || (head.empty() && name[0] == '.')) continue;
    std::error_code unknown;
    out.push_back(folder + name + (it->is_directory(unknown) ? "/" : ""));
  }
  return out;
}

/// The string that is still open at the end of the text, without its quote.
std::optional<std::size_t> open_string(const std::string& text, const std::vector<Token>& tokens) {
  for (auto it = tokens.rbegin(); it != tokens.rend(); ++it) {
    if (it->kind == TokenKind::end || it->length == 0) continue;
    if (it->kind != TokenKind::string || it->offset + it->length != text.size()) return {};
    const std::string body = text.substr(it->offset, it->length);
    if (body[0] == '[') {
      const std::size_t second = body.find('[', 1);
      if (second == std::string::npos) return {};
      const std::string closing = "]" + std::string(second - 1, '=') + "]";
      if (body.find(closing, second) != std::string::npos) return {};
      return it->offset + second + 1;
    }
    if (body.size() > 1 && body.back() == body[0]) return {};
    return it->offset + 1;
  }
  return {};
}

/// Names joined by dots and a colon that lead to the value before the last separator: {"m", "coef"} of "m.coef.d".
Words path_before(const std::string& text, std::size_t separator) {
  Words path;
  std::size_t end = separator;
  while (true) {
    std::size_t begin = end;
    while (begin > 0 && completes(text[begin - 1])) --begin;
    if (begin == end) return {};
    path.insert(path.begin(), text.substr(begin, end - begin));
    if (begin == 0 || text[begin - 1] != '.') return path;
    end = begin - 1;
  }
}

/// Pushes the value a path of names leads to, without running any script's code; nil when there is none.
void push_path(lua_State* L, const Words& path) {
  lua_pushglobaltable(L);
  for (const std::string& name : path) {
    if (const FitRef* fit = test_value<FitRef>(L, -1)) {
      const FitRef held = *fit;
      lua_pop(L, 1);
      if (!push_result_field(L, held, name)) lua_pushnil(L);
    } else if (lua_istable(L, -1)) {
      if (push_sealed_values(L, -1)) lua_remove(L, -2);
      push_text(L, name);
      lua_rawget(L, -2);
      lua_remove(L, -2);
    } else {
      lua_pop(L, 1);
      lua_pushnil(L);
    }
  }
}

Words result_fields(lua_State* L, bool method) {
  Words words;
  if (const FitRef* fit = test_value<FitRef>(L, -1); fit && !method) return result_field_names(**fit);
  for (const KnownMethod& known : session(L).methods)
    if (luaL_testudata(L, -1, known.type.c_str())) words.push_back(known.record->name);
  if (const FrameRef* box = test_value<FrameRef>(L, -1); box && !method)
    words.insert(words.end(), (*box)->frame.names().begin(), (*box)->frame.names().end());
  if (lua_isuserdata(L, -1)) {
    const Words methods = method_names(L, -1);
    words.insert(words.end(), methods.begin(), methods.end());
  }
  if (lua_type(L, -1) == LUA_TSTRING && method) {
    lua_getglobal(L, LUA_STRLIBNAME);
  } else {
    lua_pushvalue(L, -1);
  }
  if (push_sealed_values(L, -1)) lua_remove(L, -2);
  if (lua_istable(L, -1)) {
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
      if (lua_type(L, -2) == LUA_TSTRING) words.push_back(text_at(L, -2));
  }
  lua_pop(L, 1);
  return words;
}

/// The innermost bracket that is still open. Of a call: its record, the option whose value is being typed ("" before an
/// =), the variable whose method it is. Of an index: the variable before it.
struct TypedCall {
  const core::Record* record = nullptr;
  std::string option;
  std::string receiver = {};
  bool index = false;
};

TypedCall call_here(lua_State* L, const std::string& text, const std::vector<Token>& tokens) {
  std::vector<TypedCall> open;  // for each open bracket
  Words before;                 // the last tokens that are no space, newest last
  for (const Token& token : tokens) {
    if (token.kind == TokenKind::space || token.kind == TokenKind::comment || token.length == 0) continue;
    const std::string word = text.substr(token.offset, token.length);
    if (word == "(" || word == "{" || word == "[") {
      const std::size_t n = before.size();
      const core::Record* record = nullptr;
      std::string receiver = word == "[" && n > 0 ? before[n - 1] : "";
      if (word == "(" && n > 0) {
        if (n > 1 && before[n - 2] == ":") {
          if (n > 2) receiver = before[n - 3];
          for (const KnownMethod& known : session(L).methods)
            if (known.record->name == before[n - 1]) record = known.record;
        } else if (const Command* command = session(L).commands.find(before[n - 1])) {
          record = &command->record;
        }
      }
      open.push_back({record, "", receiver, word == "["});
    } else if (word == "=" && !open.empty() && !before.empty()) {
      open.back().option = before.back();
    } else if (word == "," && !open.empty()) {
      open.back().option.clear();
    } else if ((word == ")" || word == "}" || word == "]") && !open.empty()) {
      open.pop_back();
    }
    before.push_back(word);
  }
  return open.empty() ? TypedCall{} : open.back();
}

Words options_of(const core::Record& record) {
  Words global_names;
  for (const core::OptionSpec& option : record.options) global_names.push_back(option.name);
  return global_names;
}

Words vcov_words(bool bare) {
  const std::string quote = bare ? "" : "\"";
  Words words;
  for (const inference::VcovType& type : inference::vcov_types())
    if (type.kind != inference::VcovKind::cluster) words.push_back(quote + type.names.front() + quote);
  words.push_back(quote + "HC1" + quote);  // as people write hetero
  words.push_back(bare ? "cluster " : "cluster(");
  return words;
}

Words in_quotes(Words words, bool bare) {
  if (!bare)
    for (std::string& word : words) word = "\"" + word + "\"";
  return words;
}

/// What an option takes where that is a list: its words, kinds of covariance, true and false. Words in quotes unless
/// `bare`.
Words choices(const core::Record& record, const std::string& name, bool bare) {
  if (name.empty() && !record.args.empty() && record.args.front().kind == core::Kind::vcov)  // m:vcov_as("
    return vcov_words(bare);
  if (name.empty() && record.name == "predict" && !record.args.empty() && record.args.front().name == "what")
    return in_quotes({"fitted", "xb", "fe", "residuals"}, bare);
  const auto option = std::find_if(record.options.begin(), record.options.end(), [&](const core::OptionSpec& o) {
    return o.name == name || std::find(o.aliases.begin(), o.aliases.end(), name) != o.aliases.end();
  });
  if (option == record.options.end()) return {};
  if (option->kind == core::Kind::boolean) return {"true", "false"};
  if (option->kind == core::Kind::vcov) return vcov_words(bare);
  if (name == "assign") return in_quotes(assignment_words(), bare);
  return in_quotes(option->one_of, bare);
}

/// What a string holds by the record of its call: columns in a formula and where columns are named, else perhaps a
/// file's path.
bool names_columns(const core::Record& record, const std::string& option) {
  using core::Kind;
  const auto is_named = [](Kind kind) {
    return kind == Kind::column || kind == Kind::columns || kind == Kind::expression || kind == Kind::condition ||
           kind == Kind::formula || kind == Kind::terms || kind == Kind::vcov || kind == Kind::weights;
  };
  if (option.empty()) return !record.args.empty() && is_named(record.args.front().kind);
  return std::any_of(record.options.begin(), record.options.end(), [&](const core::OptionSpec& o) {
    const bool same = o.name == option || std::find(o.aliases.begin(), o.aliases.end(), option) != o.aliases.end();
    return same && is_named(o.kind);
  });
}

/// What a string may be in `es.coef["…`, `m:test("…`: names of the value before the bracket, or of its coefficients.
Words names_of_receiver(lua_State* L, const std::string& text, std::size_t string, const TypedCall& call) {
  if (call.index) {
    std::size_t bracket = text.rfind('[', string);
    const Words path = bracket == std::string::npos ? Words{} : path_before(text, bracket);
    if (path.empty()) return {};
    push_path(L, path);
    return result_fields(L, false);
  }
  const bool of_coefficients =
      call.record && !call.record->args.empty() && call.record->args[0].kind == core::Kind::texts;
  if (call.receiver.empty() || !of_coefficients) return {};  // m:test("…", m:lincom("…"
  push_path(L, {call.receiver});
  const FitRef* fit = test_value<FitRef>(L, -1);
  return fit ? (*fit)->names : Words{};
}

/// The last sign before the word at the end that is no space: "~" in "reg(y ~ x".
char sign_before(const std::string& text, std::size_t begin) {
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  return begin > 0 ? text[begin - 1] : '\0';
}

Words global_names(lua_State* L) {
  const Session& s = session(L);
  Words words = statement_names(L);
  const Words columns = s.column_names();
  words.insert(words.end(), columns.begin(), columns.end());
  lua_pushglobaltable(L);
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
    if (lua_type(L, -2) == LUA_TSTRING) words.push_back(text_at(L, -2));
  lua_pop(L, 1);
  for (const char* keyword :
       {"and", "break", "do",  "else", "elseif", "end",    "false",  "for",  "function", "goto",  "if",
        "in",  "local", "nil", "not",  "or",     "repeat", "return", "then", "true",     "until", "while"})
    words.emplace_back(keyword);
  return words;
}

/// The command statement that is being typed: its command, and whether the options have begun.
struct Typed {
  std::string command;
  bool in_options = false, in_brackets = false;
  std::string option = {};  ///< before the open bracket
};

std::optional<Typed> statement_here(lua_State* L, const std::string& text) {
  std::size_t begin = 0;
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1))
    if (at < 3 || text.compare(at - 3, 3, "///") != 0) begin = at + 1;
  std::size_t at = text.find_first_not_of(" \t", begin);
  Typed typed;
  for (;;) {
    if (at == std::string::npos) return {};
    std::size_t end = at;
    while (end < text.size() && completes(text[end])) ++end;
    if (end == at || end == text.size()) return {};
    const std::string word = text.substr(at, end - at);
    const bool groups = word == "by" || word == "bys" || word == "bysort";
    if (groups && text.find(':', end) == std::string::npos) return Typed{"by", false, false};
    if (groups) end = text.find(':', end);
    const bool prefix =
        groups || word == "quietly" || word == "qui" || word == "noisily" || word == "capture" || word == "cap";
    if (!prefix) {
      typed.command = statement_command(L, word);
      at = end;
      break;
    }
    at = text.find_first_not_of(" \t:", end);
  }
  if (typed.command.empty() || (text[at] != ' ' && text[at] != ',')) return {};
  const std::size_t next = text.find_first_not_of(" \t", at);
  if (next != std::string::npos && (text[next] == '(' || (text[next] == '=' && text.compare(next, 2, "==") != 0)))
    return {};
  int depth = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '(' || text[at] == '[') {
      if (depth++ == 0) typed.option = text.substr(name_begin(text.substr(0, at)), at - name_begin(text.substr(0, at)));
    }
    if (text[at] == ')' || text[at] == ']') --depth;
    if (text[at] == ',' && depth == 0) typed.in_options = true;
  }
  typed.in_brackets = depth > 0;
  return typed;
}

/// Columns among the words and in brackets; options, with a bracket where they take a value, after the comma.
Words statement_words_here(lua_State* L, const Typed& typed) {
  if (typed.in_options && typed.in_brackets) {  // vce(r…
    const Command* command = session(L).commands.find(typed.command);
    const Words words =
        command ? choices(command->record, typed.option == "vce" ? "vcov" : typed.option, true) : Words{};
    if (!words.empty()) return words;
  }
  if (!typed.in_options || typed.in_brackets) {
    Words words = session(L).column_names();
    if (!typed.in_brackets) words.insert(words.end(), {"if", "in", "using"});
    return words;
  }
  Words words;
  if (const Command* command = session(L).commands.find(typed.command)) {
    for (const core::OptionSpec& option : command->record.options) {
      if (option.name == "where" || option.name == "data" || option.name == "weights") continue;
      words.push_back(option.name + (option.kind == core::Kind::boolean ? "" : "("));
    }
  }
  return words;
}

/// use cit…: the command's first word is a file.
bool takes_file(lua_State* L, const std::string& command) {
  const Command* known = session(L).commands.find(command);
  return known && !known->record.args.empty() && known->record.args.front().name == "file";
}

Interpreter::Completion find(lua_State* L, const std::string& text) {
  const std::vector<Token> tokens = language::tokens(text);
  Interpreter::Completion out;
  if (const std::optional<std::size_t> string = open_string(text, tokens)) {
    const std::string path = text.substr(*string);
    out.begin = *string;
    if (text[*string - 1] != '[') out.closing = text[*string - 1];
    const TypedCall call = call_here(L, text, tokens);
    if (call.record) add_matching(choices(*call.record, call.option, true), path, out.words);
    if (!out.words.empty()) return out;
    const bool coefficients = !call.record || call.option.empty();
    if (coefficients) add_matching(names_of_receiver(L, text, *string, call), path, out.words);
    if (!out.words.empty()) return out;
    const bool only_columns = call.record && names_columns(*call.record, call.option);
    if (!only_columns) out.words = files(path);
    const std::size_t begin = std::max(name_begin(text), *string);
    if (path.find('/') == std::string::npos && (out.words.empty() || begin == *string)) {
      out.begin = begin;
      if (out.words.empty()) out.closing.clear();  // the formula may go on
      add_matching(session(L).column_names(), text.substr(begin), out.words);
    }
    return out;
  }
  out.begin = name_begin(text);
  const std::string head = text.substr(out.begin);
  const char separator = out.begin > 0 ? text[out.begin - 1] : ' ';
  if (separator == '.' || separator == ':') {
    const Words path = path_before(text, out.begin - 1);
    if (path.empty()) return out;
    push_path(L, path);
    Words words = result_fields(L, separator == ':');
    if (lua_isnil(L, -1) && (is_prefix(path.back()) || separator == ':')) words = session(L).column_names();
    add_matching(words, head, out.words);
    return out;
  }
  if (const std::optional<Typed> typed = statement_here(L, text)) {
    if (typed->command == "help" || typed->command == "search") {
      Words topics = statement_names(L);
      for (const HelpPage& page : help_pages()) topics.insert(topics.end(), page.names.begin(), page.names.end());
      add_matching(topics, head, out.words);
      return out;
    }
    if (!typed->in_options && takes_file(L, typed->command)) {
      const std::size_t blank = text.find_last_of(" \t");
      out.begin = blank + 1;
      out.words = files(text.substr(out.begin));
      if (!out.words.empty()) return out;
      out.begin = name_begin(text);
    }
    add_matching(statement_words_here(L, *typed), head, out.words);
    return out;
  }
  const TypedCall call = call_here(L, text, tokens);
  const char sign = sign_before(text, out.begin);
  if (call.record && (!call.option.empty() || sign == '(')) {
    const Words taken = choices(*call.record, call.option, false);
    for (const std::string& word : taken)
      if (core::starts_with(word, head) || core::starts_with(word, "\"" + head)) out.words.push_back(word);
    if (!out.words.empty()) return out;
  }
  if (std::string_view("~+*|^").find(sign) != std::string_view::npos && sign != '\0') {
    add_matching(session(L).column_names(), head, out.words);
    if (!out.words.empty()) return out;
  }
  if (call.record && call.option.empty() && (sign == ',' || sign == '(' || !head.empty()))
    add_matching(options_of(*call.record), head, out.words, "=");
  if (!head.empty() || out.words.empty()) {
    Words others = global_names(L);
    std::erase_if(others, [&](const std::string& name) {  // weights= wins over the names weights and weights.queen
      const std::string option = name.substr(0, name.find('.')) + "=";
      return std::find(out.words.begin(), out.words.end(), option) != out.words.end();
    });
    add_matching(others, head, out.words);
  }
  return out;
}

struct Question {
  std::string text;
  Interpreter::Completion answer;
};

int answer(lua_State* L) {
  auto& question = *static_cast<Question*>(lua_touserdata(L, 1));
  question.answer = find(L, question.text);
  return 0;
}

}  // namespace

std::vector<std::string> field_names(lua_State* L) { return result_fields(L, false); }

Interpreter::Completion completions(lua_State* L, const std::string& text, std::size_t cursor) {
  Question question{text.substr(0, std::min(cursor, text.size())), {}};
  lua_pushcfunction(L, guarded<answer>);
  lua_pushlightuserdata(L, &question);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) lua_pop(L, 1);
  Words& words = question.answer.words;
  std::set<std::string> seen;
  words.erase(std::remove_if(
                  words.begin(), words.end(),
                  [&](const std::string& word) { return core::starts_with(word, "__") || !seen.insert(word).second; }),
              words.end());
  return std::move(question.answer);
}

}  // namespace bindings
