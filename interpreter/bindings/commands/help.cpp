// help, search, version: from the pages in stdlib/docs where there is one, else from the command's record.
#include "bindings/help.hpp"
#include "bindings/convert.hpp"
#include "bindings/errors.hpp"
#include "bindings/open.hpp"
#include "bindings/stdlib.hpp"
#include "bindings/value.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "report/table.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace bindings {
namespace {

using core::Kind;

std::string_view page_of(const std::string& name) {
  const std::string file = "docs/" + name + ".md";
  for (const StdlibFile& entry : stdlib_files())
    if (entry.name == file) return entry.text;
  return {};
}

/// Text broken at spaces to `width` columns, further lines indented.
std::string wrapped(const std::string& text, int width, int indent) {
  std::string out, line;
  for (const std::string& word : core::split(text, ' ')) {
    if (!line.empty() && report::display_width(line) + 1 + report::display_width(word) > width) {
      out += line + "\n" + std::string(static_cast<std::size_t>(indent), ' ');
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return out + line;
}

std::string described_arg(const core::ArgSpec& arg) {
  std::string text = arg.kind == Kind::any && !arg.doc.empty() ? "" : kind_text(arg.kind);
  if (!arg.doc.empty()) text += (text.empty() ? "" : "; ") + arg.doc;
  return text + (arg.optional ? " (optional)" : "");
}

std::string from_record(const core::Record& record, int width) {
  std::vector<std::string> shape;
  for (const core::ArgSpec& arg : record.args) {
    const std::string name = arg.repeated ? arg.name + ", …" : arg.name;
    shape.push_back(arg.optional ? "[" + name + "]" : name);
  }
  if (!record.options.empty()) shape.emplace_back("options");
  std::string out =
      record.name + "(" + core::join(shape, ", ") + ")\n  " + wrapped(record.summary, width - 2, 2) + "\n";
  int longest = 8;
  for (const core::ArgSpec& arg : record.args) longest = std::max(longest, report::display_width(arg.name));
  for (const core::OptionSpec& option : record.options)
    longest = std::max(longest, report::display_width(option.name) + 1);
  const int left = longest + 4;
  const auto entry = [&](const std::string& name, const std::string& text) {
    const std::string head = "  " + report::pad(name, left - 4, report::Align::left) + "  ";
    out += head + wrapped(text, width - left, left) + "\n";
  };
  if (!record.args.empty()) out += "\narguments\n";
  for (const core::ArgSpec& arg : record.args) entry(arg.name, described_arg(arg));
  if (!record.options.empty()) out += "\noptions\n";
  for (const core::OptionSpec& option : record.options) {
    std::string text = option.doc;
    if (option.kind == core::Kind::text && !option.one_of.empty())
      text += (text.empty() ? "" : "; ") + ("one of " + core::join(option.one_of, ", "));
    if (text.empty()) text = kind_text(option.kind);
    if (!option.default_text.empty()) text += " (default: " + option.default_text + ")";
    entry(option.name + "=", text);
  }
  if (!record.example.empty()) {
    out += "\nexample\n";
    for (const std::string& line : core::split(record.example, '\n')) out += "  " + line + "\n";
  }
  if (!record.source.empty()) out += "\nsource\n  " + wrapped(record.source, width - 2, 2) + "\n";
  return out;
}

/// Markdown as plain text: heading marks and code fences go, code is indented.
std::string plain(std::string_view markdown) {
  std::string out;
  bool code = false;
  for (std::string line : core::split(markdown, '\n')) {
    if (core::starts_with(line, "```")) {
      code = !code;
      continue;
    }
    if (!code) {
      const std::size_t mark = line.find_first_not_of('#');
      if (mark != 0 && mark != std::string::npos && line[mark] == ' ') line.erase(0, mark + 1);
      line.erase(std::remove(line.begin(), line.end(), '`'), line.end());
    }
    out += (code && !line.empty() ? "  " : "") + line + "\n";
  }
  while (core::starts_with(out, "\n")) out.erase(0, 1);
  return out;
}

std::string topics(const Registry& registry, int width) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::string>> by_topic;
  for (const Command* command : registry.all()) {
    const std::string topic = command->record.topic.empty() ? "other" : command->record.topic;
    if (by_topic[topic].empty()) order.push_back(topic);
    by_topic[topic].push_back(command->record.name);
  }
  std::string out = "commands by topic (help NAME tells more, search WORD looks for a word)\n";
  constexpr int left = 16;
  for (const std::string& topic : order)
    out += "  " + report::pad(topic, left - 4, report::Align::left) + "  " +
           wrapped(core::join(by_topic[topic], " "), width - left, left) + "\n";
  return out;
}

/// A word a user may write as a symbol, a command or a string.
std::string word_argument(lua_State* L, Arguments& a, const std::string& name) {
  a.push(name);
  const int at = lua_gettop(L);
  if (lua_isnil(L, at)) return "";
  if (lua_type(L, at) == LUA_TSTRING) return text_at(L, at);
  std::string word = function_name(L, at);
  if (word.empty()) word = printed_at(L, at);
  return word;
}

int help_command(lua_State* L, Arguments& a) {
  push_text(L, help_text(L, word_argument(L, a, "name")));
  return 1;
}

int search_command(lua_State* L, Arguments& a) {
  const std::string word = core::lower(word_argument(L, a, "word"));
  std::string out;
  for (const Command* command : session(L).commands.all()) {
    const core::Record& record = command->record;
    std::string text = record.name + " " + record.summary + " " + record.topic + " " + record.source;
    for (const core::OptionSpec& option : record.options) text += " " + option.name + " " + option.doc;
    text += page_of(record.name);
    if (core::lower(text).find(word) == std::string::npos) continue;
    constexpr int left = 16;
    out += report::pad(record.name, left, report::Align::left) + "  " + record.summary + "\n";
  }
  push_text(L, out.empty() ? "nothing about '" + word + "'" : out);
  return 1;
}

int version_command(lua_State* L, Arguments&) {
  push_text(L, MOONTIDE_VERSION);
  return 1;
}

}  // namespace

std::string help_text(lua_State* L, const std::string& name) {
  const Session& s = session(L);
  if (name.empty()) return topics(s.commands, s.options.width);
  if (const std::string_view page = page_of(name); !page.empty()) return plain(page);
  if (const Command* command = s.commands.find(name)) return from_record(command->record, s.options.width);
  std::string listed;
  for (const Command* command : s.commands.all())
    if (command->record.topic == name)
      listed +=
          "  " + report::pad(command->record.name, 16, report::Align::left) + "  " + command->record.summary + "\n";
  if (!listed.empty()) return "commands on " + name + "\n" + listed;
  std::vector<std::string> known = s.commands.names();
  const std::string near = core::nearest(name, known);
  throw core::Error("no help for '" + name + "'")
      .word(name)
      .hint(near.empty() ? "help() lists the commands, search(\"word\") looks for a word"
                         : "did you mean '" + near + "'?");
}

void add_help_commands(Registry& registry) {
  registry.add({{.name = "help",
                 .topic = "help",
                 .summary = "What a command does; without a name, all commands by topic",
                 .args = {{.name = "name", .kind = Kind::any, .doc = "a command or a topic", .optional = true}},
                 .example = "help did"},
                help_command});
  registry.add({{.name = "search",
                 .topic = "help",
                 .summary = "Commands whose help mentions a word",
                 .args = {{.name = "word", .kind = Kind::any}},
                 .example = "search cluster"},
                search_command});
  registry.add({{.name = "version", .topic = "help", .summary = "The version of this program"}, version_command});
}

}  // namespace bindings
