// help, search, manual, version: from the pages in stdlib/docs where there is one, else from the command's record.
#include "bindings/help.hpp"
#include "bindings/convert.hpp"
#include "bindings/errors.hpp"
#include "bindings/open.hpp"
#include "bindings/pages.hpp"
#include "bindings/record_text.hpp"
#include "bindings/value.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"
#include "report/layout.hpp"
#include "report/markdown.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace bindings {
namespace {

using core::Kind;

constexpr int name_column = 16;

using Topics = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// Topics in the order in which commands were declared, with the commands of each.
Topics topics_of(const Registry& registry) {
  Topics topics;
  for (const Command* command : registry.all()) {
    const std::string topic = command->record.topic.empty() ? "other" : command->record.topic;
    auto at = std::find_if(topics.begin(), topics.end(), [&](const auto& entry) { return entry.first == topic; });
    if (at == topics.end()) at = topics.insert(topics.end(), {topic, {}});
    at->second.push_back(command->record.name);
  }
  return topics;
}

/// Names on the left, wrapped text on the right.
std::string entry(const std::string& name, const std::string& text, int width, int indent) {
  const std::string left = std::string(static_cast<std::size_t>(indent), ' ');
  std::string out, head = left + report::pad(name, name_column - 1 - indent, report::Align::left) + " ";
  for (const std::string& line : report::wrap(text, std::max(20, width - report::display_width(head)))) {
    out += head + line + "\n";
    head = std::string(name_column, ' ');
  }
  return out;
}

/// Pages that are no command's.
std::vector<const HelpPage*> subjects(const Registry& registry) {
  std::vector<const HelpPage*> out;
  for (const HelpPage& page : help_pages())
    if (std::none_of(page.names.begin(), page.names.end(),
                     [&](const std::string& name) { return registry.find(name) != nullptr; }))
      out.push_back(&page);
  return out;
}

std::string overview(const Session& s) {
  const int width = s.options.width;
  std::string out = "commands by topic (help NAME tells more, search WORD looks for a word)\n";
  for (const auto& [topic, names] : topics_of(s.commands)) out += entry(topic, core::join(names, " "), width, 2);
  std::string others;
  for (const HelpPage* page : subjects(s.commands)) others += (others.empty() ? "" : " ") + page->file;
  if (!others.empty()) out += "more pages\n" + entry("", others, width, 2);
  return out;
}

std::string commands_on(const Session& s, const std::string& topic) {
  std::string out;
  for (const Command* command : s.commands.all())
    if (command->record.topic == topic) out += entry(command->record.name, command->record.summary, s.options.width, 2);
  return out;
}

/// A method of a value, as in m:lincom(…).
std::string method_text(const Session& s, const std::string& name) {
  std::string out;
  for (const KnownMethod& method : s.methods) {
    if (method.record->name != name) continue;
    const std::string type = method.type.substr(method.type.find('.') + 1);
    out += (out.empty() ? "" : "\n") + ("method of a " + type + ": x:" + record_text(*method.record, s.options.width));
    if (const HelpPage* page = find_page(type == "result" ? "results" : type))
      out += "help " + page->file + " tells more\n";
  }
  return out;
}

std::string shown_page(const Session& s, const HelpPage& page, const std::string& name) {
  std::string out = report::render_markdown_text(page.text, {.width = s.options.width, .color = s.options.color});
  const std::string others = commands_on(s, name);
  return others.empty() ? out : out + "\ncommands on " + name + "\n" + others;
}

const ForeignName* foreign(const std::string& name) {
  for (const ForeignName& entry : foreign_names())
    if (core::lower(entry.name) == core::lower(name)) return &entry;
  return nullptr;
}

[[noreturn]] void no_help(const Session& s, const std::string& name) {
  std::vector<std::string> known = s.commands.names();
  for (const HelpPage& page : help_pages()) known.insert(known.end(), page.names.begin(), page.names.end());
  for (const KnownMethod& method : s.methods) known.push_back(method.record->name);
  for (const ForeignName& entry : foreign_names()) known.push_back(entry.name);
  const std::string near = core::nearest(name, known);
  throw core::Error("no help for '" + name + "'")
      .word(name)
      .hint(near.empty() ? "help() lists the commands, search(\"word\") looks for a word"
                         : "did you mean '" + near + "'?");
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

/// One place that `search` looks through.
struct Entry {
  std::string name, summary, text;
};

std::vector<Entry> searched(const Session& s) {
  std::vector<Entry> entries;
  std::set<const HelpPage*> seen;
  for (const Command* command : s.commands.all()) {
    const core::Record& record = command->record;
    if (const HelpPage* page = find_page(record.name)) {
      const bool first = seen.insert(page).second;
      entries.push_back({record.name, record.summary, first ? report::plain_lines(page->text) : ""});
      continue;
    }
    std::string text = record.topic + "\n" + record.source + "\n";
    for (const core::OptionSpec& option : record.options) text += option.name + "= " + option.doc + "\n";
    entries.push_back({record.name, record.summary, std::move(text)});
  }
  for (const HelpPage* page : subjects(s.commands))
    entries.push_back({page->file, page->summary, report::plain_lines(page->text)});
  return entries;
}

/// The line around a word, cut to `width` columns.
std::string excerpt(const std::string& line, std::size_t at, int width) {
  std::string text(core::trim(line));
  if (report::display_width(text) <= width) return text;
  const std::vector<std::string> pieces = report::wrap(text, width - 4);
  std::size_t passed = line.find(text[0]);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    passed += pieces[i].size() + 1;
    if (at < passed || i + 1 == pieces.size()) return (i ? "… " : "") + pieces[i] + (i + 1 < pieces.size() ? " …" : "");
  }
  return text;
}

/// Entries with the word; the line that has it where name and summary do not.
std::string found(const std::vector<Entry>& entries, const std::string& word, int width) {
  std::string by_name, by_text;
  for (const Entry& one : entries) {
    const std::string head = entry(one.name, one.summary, width, 0);
    if (core::lower(one.name + "\n" + one.summary).find(word) != std::string::npos) {
      by_name += head;
      continue;
    }
    for (const std::string& line : core::split(one.text, '\n')) {
      const std::size_t at = core::lower(line).find(word);
      if (at == std::string::npos) continue;
      by_text += head + std::string(name_column, ' ') + "» " + excerpt(line, at, width - name_column - 2) + "\n";
      break;
    }
  }
  return by_name + by_text;
}

int search_command(lua_State* L, Arguments& a) {
  const Session& s = session(L);
  const std::string word = core::lower(word_argument(L, a, "word"));
  if (core::trim(word).empty()) throw core::Error("there is no word to look for").hint("search(\"cluster\")");
  const std::string out = found(searched(s), word, s.options.width);
  push_text(L, out.empty() ? "nothing about '" + word + "'" : out);
  return 1;
}

int manual_command(lua_State* L, Arguments& a) {
  report::write_file(a.text("file"), manual_html(topics_of(session(L).commands)));
  return 0;
}

/// Languages a script can be written for: those that changed the meaning of a script. 0.1 is the first.
constexpr std::array<std::string_view, 1> known_versions{"0.1"};

/// "0.1.0" → "0.1"; "" for what is no version.
std::string language_version(std::string_view written) {
  const std::vector<std::string> parts = core::split(std::string(written), '.');
  const bool numbers = std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
    return !part.empty() && part.size() < 5 && part.find_first_not_of("0123456789") == std::string::npos;
  });
  if (!numbers || parts.size() < 2 || parts.size() > 3) return "";
  return parts[0] + "." + parts[1];
}

bool is_later(const std::string& version, const std::string& than) {
  const auto numbers = [](const std::string& text) {
    const std::vector<std::string> parts = core::split(text, '.');
    return std::pair{std::stoi(parts[0]), std::stoi(parts[1])};
  };
  return numbers(version) > numbers(than);
}

// version(): what this program is. version "0.1": what the script is written for.
int version_command(lua_State* L, Arguments& a) {
  if (!a.has("wanted")) {
    push_text(L, MOONTIDE_VERSION);
    return 1;
  }
  const std::string written = a.text("wanted"), wanted = language_version(written);
  const std::string own = language_version(MOONTIDE_VERSION);
  if (!wanted.empty() && is_later(wanted, own))
    throw core::Error("the script is written for version " + written + ", and this is Moontide " MOONTIDE_VERSION)
        .word(written)
        .hint("a newer Moontide runs it");
  if (std::find(known_versions.begin(), known_versions.end(), wanted) == known_versions.end())
    throw core::Error("there is no version '" + written + "'")
        .word(written)
        .hint("versions: " + core::join({known_versions.begin(), known_versions.end()}, ", "));
  session(L).written_for = wanted;
  return 0;
}

}  // namespace

std::string help_text(lua_State* L, const std::string& name) {
  const Session& s = session(L);
  if (name.empty()) return overview(s);
  const Command* command = s.commands.find(name);
  if (const HelpPage* page = find_page(name)) return shown_page(s, *page, name);
  if (command) return record_text(command->record, s.options.width);
  if (const std::string listed = commands_on(s, name); !listed.empty()) return "commands on " + name + "\n" + listed;
  if (std::string method = method_text(s, name); !method.empty()) return method;
  if (const ForeignName* other = foreign(name))
    if (const HelpPage* page = find_page(other->page))
      return "'" + other->name + "' is a name of " + other->program + "'s; the page here is '" + page->file +
             "' (help elsewhere lists such names)\n\n" + shown_page(s, *page, page->file);
  const std::vector<std::string>& functions = formula::function_names();
  if (std::find(functions.begin(), functions.end(), name) != functions.end())
    if (const HelpPage* page = find_page("functions")) return shown_page(s, *page, page->file);
  no_help(s, name);
}

void add_help_commands(Registry& registry) {
  registry.add({{.name = "help",
                 .topic = "help",
                 .summary = "What a command does; without a name, all commands by topic",
                 .args = {{.name = "name", .kind = Kind::any, .doc = "a command, a topic or a page", .optional = true}},
                 .example = "help did"},
                help_command});
  registry.add({{.name = "search",
                 .topic = "help",
                 .summary = "Commands and pages that mention a word, with the line that does",
                 .args = {{.name = "word", .kind = Kind::any}},
                 .example = "search cluster"},
                search_command});
  registry.add({{.name = "manual",
                 .topic = "help",
                 .summary = "Writes all help pages as one HTML file",
                 .args = {{.name = "file", .kind = Kind::text, .doc = "where to write it"}},
                 .example = "manual(\"manual.html\")"},
                manual_command});
  registry.add({{.name = "version",
                 .topic = "help",
                 .summary = "The version of this program, or the one that a script is written for",
                 .args = {{.name = "wanted", .kind = Kind::text, .doc = "a version: \"0.1\"", .optional = true}},
                 .example = "version \"0.1\""},
                version_command});
}

}  // namespace bindings
