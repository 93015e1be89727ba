#include "bindings/commands/value_verbs.hpp"

#include "bindings/open.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"

#include <cstdio>
#include <set>

namespace bindings {

using core::Kind;
using core::OptionSpec;

std::vector<OptionSpec> target_options(const std::string& own_suffix) {
  return {
      {.name = "generate", .kind = Kind::texts, .doc = "names of the new columns, one for each", .default_text = {}},
      {.name = "prefix", .kind = Kind::text, .doc = "new columns: this and the name", .default_text = {}},
      {.name = "suffix", .kind = Kind::text, .doc = "new columns: the name and this", .default_text = own_suffix},
      {.name = "replace",
       .kind = Kind::boolean,
       .doc = "change the columns themselves, or new ones that are there already",
       .default_text = own_suffix.empty() ? "true without a new name" : "false"}};
}

std::vector<std::string> target_names(const Arguments& a, const data::Frame& frame,
                                      const std::vector<std::string>& columns, const std::string& own_suffix) {
  const bool replace = a.boolean("replace");
  std::vector<std::string> names;
  if (a.has("generate")) {
    if (a.has("prefix") || a.has("suffix")) throw core::Error("new columns are named twice").word("generate");
    names = a.texts("generate");
    if (names.size() != columns.size())
      throw core::Error(core::counted(static_cast<long long>(columns.size()), "column") + ", but " +
                        core::counted(static_cast<long long>(names.size()), "new name"))
          .word("generate");
  } else {
    const bool affixed = a.has("prefix") || a.has("suffix");
    const std::string tail = affixed || replace ? a.text("suffix") : own_suffix;
    for (const std::string& name : columns) names.push_back(a.text("prefix") + name + tail);
  }
  std::set<std::string> seen;
  const bool in_place = names == columns;
  for (const std::string& name : names) {
    if (name.empty()) throw core::Error("a new column needs a name").word("generate");
    if (!seen.insert(name).second) throw core::Error("two columns would be called '" + name + "'").word(name);
    if (!in_place && !replace && frame.has(name))
      throw core::Error("there is already a column '" + name + "'").word(name).hint("replace=true writes over it");
  }
  return names;
}

OptionSpec where_option(const std::string& doc) {
  return {.name = "where", .kind = Kind::condition, .doc = doc, .default_text = {}, .aliases = {"if"}};
}

std::optional<data::Grouping> by_groups(const Arguments& a, const data::Frame& frame) {
  if (!a.has("by")) return std::nullopt;
  std::vector<data::ColumnPtr> columns;
  for (const std::string& name : a.column_names("by")) columns.push_back(frame.at(name));
  return data::group(columns);
}

std::optional<std::vector<std::uint8_t>> chosen_rows(const Arguments& a, const data::Frame& frame) {
  const formula::Tree where = a.tree("where");
  if (!where) return std::nullopt;
  std::vector<std::uint8_t> out(frame.rows(), 0);
  for (const std::uint32_t row : formula::rows_where(where, frame)) out[row] = 1;
  return out;
}

std::optional<data::Grouping> groups_within(const Arguments& a, const data::Frame& frame) {
  std::optional<data::Grouping> groups = by_groups(a, frame);
  const std::optional<std::vector<std::uint8_t>> rows = chosen_rows(a, frame);
  if (!rows) return groups;
  if (!groups) groups = data::Grouping{std::vector<std::int32_t>(frame.rows(), 0), {0}};
  for (std::size_t i = 0; i < rows->size(); ++i)
    if ((*rows)[i] == 0) groups->codes[i] = -1;
  return groups;
}

void say_note(const std::string& text) {
  std::fflush(stdout);
  std::fprintf(stderr, "note: %s\n", text.c_str());
}

std::string share_of(std::size_t part, std::size_t all, const std::string& noun) {
  return core::grouped(static_cast<long long>(part)) + " of " + core::counted(static_cast<long long>(all), noun);
}

std::string listed(const std::vector<std::string>& words, std::size_t most) {
  std::vector<std::string> shown(words.begin(),
                                 words.begin() + static_cast<std::ptrdiff_t>(std::min(most, words.size())));
  std::string out = core::join(shown, ", ");
  if (words.size() > most) out += " and " + core::grouped(static_cast<long long>(words.size() - most)) + " more";
  return out;
}

void add_value_commands(Registry& registry) {
  add_recode_commands(registry);
  add_rescale_commands(registry);
  add_growth_commands(registry);
  add_adopt_commands(registry);
  add_match_names_command(registry);
  add_check_command(registry);
}

}  // namespace bindings
