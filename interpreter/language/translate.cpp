#include "language/translate.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "language/reader.hpp"

namespace language {
namespace {

/// The script with the edits made. They do not overlap; at one offset insertions come first, else the order given
/// counts.
std::string apply(std::string_view script, std::vector<Edit> edits) {
  std::stable_sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) {
    return a.offset != b.offset ? a.offset < b.offset : a.length == 0 && b.length > 0;
  });
  std::string out;
  out.reserve(script.size() + 16 * edits.size());
  std::size_t done = 0;
  for (const Edit& edit : edits) {
    out += script.substr(done, edit.offset - done);
    out += edit.text;
    done = edit.offset + edit.length;
  }
  out += script.substr(done);
  return out;
}

class Statements {
 public:
  Statements(std::string_view script, const Reader& reader, const std::set<std::string>& commands)
      : script_(script), tokens_(reader.tokens()), calls_(reader.calls()), commands_(commands) {
    if (!commands.empty()) add_declared();
  }

  /// The names to show by line. A command that is called on one line both as a statement and otherwise is told apart
  /// by an edit instead: __shown(did)(b), __shown(m, "plot")().
  std::map<int, std::set<std::string>> names(std::vector<Edit>& edits) const {
    std::set<std::pair<int, std::string_view>> otherwise;
    if (!commands_.empty())
      for (const Call& call : calls_)
        if (!call.statement && call.name != no_token) otherwise.emplace(line(call), name(call));
    std::map<int, std::set<std::string>> shown;
    for (const Call& call : calls_) {
      if (!call.statement || call.name == no_token) continue;
      const std::string called(name(call));
      if (otherwise.count({line(call), name(call)}) != 0 && commands_.count(called) != 0 && call.written) {
        mark(call, edits);
      } else {
        shown[line(call)].insert(called);
      }
    }
    return shown;
  }

 private:
  int line(const Call& call) const { return tokens_[call.first].line; }
  std::string_view name(const Call& call) const {
    const std::string_view written = text_of(script_, tokens_[call.name]);
    return written == "?" ? "help" : written;
  }

  // command "two" {…}: a command from then on, though nobody has run the script yet.
  void add_declared() {
    for (const Call& call : calls_) {
      if (call.name == no_token || name(call) != "command") continue;
      std::size_t argument = call.name + 1;
      if (argument < tokens_.size() && text_of(script_, tokens_[argument]) == "(") ++argument;
      if (argument >= tokens_.size() || tokens_[argument].kind != TokenKind::string) continue;
      const std::string_view quoted = text_of(script_, tokens_[argument]);
      if (quoted.size() > 2) commands_.emplace(quoted.substr(1, quoted.size() - 2));
    }
  }

  void mark(const Call& call, std::vector<Edit>& edits) const {
    const Token& called = tokens_[call.name];
    edits.push_back({tokens_[call.first].offset, 0, "__shown("});
    if (call.colon == no_token) {
      edits.push_back({called.offset + called.length, 0, ")"});
    } else {
      edits.push_back({tokens_[call.colon].offset, 1, ","});
      edits.push_back({called.offset, called.length, "\"" + std::string(name(call)) + "\")"});
    }
  }

  std::string_view script_;
  const std::vector<Token>& tokens_;
  const std::vector<Call>& calls_;
  std::set<std::string> commands_;
};

}  // namespace

Translation translate(std::string_view script, const std::string& chunk_name, const std::set<std::string>& commands) {
  Reader reader(script, chunk_name);
  reader.read();
  reader.require_closed_calls();
  std::vector<Edit> edits = reader.edits();
  Translation out;
  out.statement_calls = Statements(script, reader, commands).names(edits);
  out.tested = reader.tested();
  out.lua = apply(script, std::move(edits));
  return out;
}

bool incomplete(std::string_view script) {
  try {
    Reader reader(script, "");
    reader.read();
    return reader.incomplete();
  } catch (const core::Error&) {
    return false;  // a mistake that no further line can mend
  }
}

void Reader::fail(std::size_t index, const std::string& what, std::vector<std::string> hints,
                  std::size_t length) const {
  const Token& token = tokens()[std::min(index, tokens().size() - 1)];
  fail_at(token.offset, std::min(length, token.length), what, std::move(hints));
}

void Reader::fail_at(std::size_t offset, std::size_t length, const std::string& what,
                     std::vector<std::string> hints) const {
  std::size_t start = 0;
  int line = 1;
  for (std::size_t at = 0; at < offset;) {
    const char c = script_[at++];
    if (c != '\n' && c != '\r') continue;
    if (at < offset && (script_[at] == '\n' || script_[at] == '\r') && script_[at] != c) ++at;
    ++line;
    start = at;
  }
  std::size_t stop = offset;
  while (stop < script_.size() && script_[stop] != '\n' && script_[stop] != '\r') ++stop;
  length = std::min(length, stop - offset);
  core::Error error(std::string(chunk_name_) + ":" + std::to_string(line) + ":" + std::to_string(offset - start + 1) +
                    ": " + what);
  error.at({std::string(script_.substr(start, stop - start)), offset - start, length});
  for (std::string& hint : hints) error.hint(std::move(hint));
  throw error;
}

}  // namespace language
