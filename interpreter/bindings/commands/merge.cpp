// merge, joinby: other frames beside this one, by keys.
#include "data/verbs/merge.hpp"
#include "bindings/open.hpp"
#include "bindings/verbs.hpp"
#include "core/near.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cstdio>

namespace bindings {
namespace {

using core::Kind;
using data::Origin;

const std::vector<std::string>& labels() {
  static const std::vector<std::string> texts = {"Master only (1)", "Using only (2)", "Matched (3)",
                                                 "Missing updated (4)", "Nonmissing conflict (5)"};
  return texts;
}

std::size_t place(Origin origin) { return static_cast<std::size_t>(origin); }

/// keep= and assert=: Stata's words and numbers.
std::array<bool, 6> origins_of(const Arguments& a, const std::string& option) {
  std::array<bool, 6> out = {};
  static const std::vector<std::vector<std::string>> words = {{"master", "masters", "1"},
                                                              {"using", "usings", "2"},
                                                              {"match", "matches", "matched", "3"},
                                                              {"match_update", "4"},
                                                              {"match_conflict", "5"}};
  for (const std::string& given : a.texts(option))
    for (const std::string& word : core::split(given, ' ')) {
      if (word.empty()) continue;
      bool found = false;
      for (std::size_t i = 0; i < words.size(); ++i)
        if (std::find(words[i].begin(), words[i].end(), word) != words[i].end()) found = out[i + 1] = true;
      if (!found)
        throw core::Error("option '" + option + "' takes match, master or using, not '" + word + "'")
            .word(word)
            .hint(core::did_you_mean(word, {"match", "master", "using", "match_update", "match_conflict"}, "words"));
      if (word[0] == 'm' && (word == "match" || word == "matches" || word == "matched")) out[4] = out[5] = true;
    }
  return out;
}

/// keep= of an option; all when it is not given.
std::array<bool, 6> kept_origins(const Arguments& a) {
  if (!a.has("keep")) return {true, true, true, true, true, true};
  return origins_of(a, "keep");
}

void read_keys(const Arguments& a, data::MergeOptions& options, const data::Frame& master, const data::Frame& other) {
  options.left = a.column_names(a.has("left") ? "left" : "on");
  options.right = a.column_names(a.has("right") ? "right" : "on");
  if (a.has("on") && (a.has("left") || a.has("right")))
    throw core::Error("keys are given twice").hint("on= names keys of both frames; left= and right= those of each");
  if (a.has("left") != a.has("right"))
    throw core::Error(std::string("option '") + (a.has("left") ? "right" : "left") + "' is missing")
        .hint("left= and right= name the keys of each frame, pair by pair");
  if (!options.left.empty()) return;
  std::vector<std::string> common;
  for (const std::string& name : master.names())
    if (other.has(name)) common.push_back(name);
  throw core::Error("no key is named")
      .hint(common.empty() ? "the frames have no column in common: name the keys with left= and right="
                           : "on={…} names the keys; columns in both frames: " + core::join(common, ", "));
}

data::ColumnPtr merge_column(const std::vector<Origin>& origin) {
  std::vector<std::int32_t> codes(origin.size());
  std::transform(origin.begin(), origin.end(), codes.begin(),
                 [](Origin o) { return static_cast<std::int32_t>(o) - 1; });
  return data::Column::categories(std::move(codes), std::make_shared<std::vector<std::string>>(labels()),
                                  {1, 2, 3, 4, 5})
      ->labelled("Matching result from merge");
}

std::string counts_text(const std::string& head, const std::array<std::size_t, 6>& counts) {
  std::string text = head;
  for (std::size_t i = 1; i < counts.size(); ++i) {
    if (i > place(Origin::matched) && counts[i] == 0) continue;
    const std::string number = core::grouped(static_cast<long long>(counts[i]));
    text += "\n  " + labels()[i - 1] + std::string(24 - labels()[i - 1].size(), ' ') +
            std::string(number.size() < 11 ? 11 - number.size() : 0, ' ') + number;
  }
  return text;
}

void check_asserted(const Arguments& a, const data::Merged& merged, const std::string& what) {
  if (!a.has("assert")) return;
  const std::array<bool, 6> allowed = origins_of(a, "assert");
  for (std::size_t i = 1; i < allowed.size(); ++i)
    if (!allowed[i] && merged.counts[i] > 0)
      throw core::Error("assert: " + rows_text(merged.counts[i]) + (merged.counts[i] == 1 ? " is '" : " are '") +
                        labels()[i - 1] + "'")
          .word("assert")
          .hint(what + " without assert= shows which; nothing was changed");
}

data::MergeOptions merge_options(const Arguments& a, const data::Frame& master, const data::Frame& other) {
  data::MergeOptions options;
  read_keys(a, options, master, other);
  options.columns = option_names(a, "keepusing", other);
  options.suffix = a.text("suffix");
  options.update = a.boolean("update") || a.boolean("replace");
  options.replace = a.boolean("replace");
  if (a.boolean("replace") && a.has("update") && !a.boolean("update"))
    throw core::Error("replace=true is a kind of update").word("replace");
  if (options.update && !options.suffix.empty())
    throw core::Error("update= and suffix= exclude each other").word("suffix");
  return options;
}

int merge(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  const std::string how = a.text("pairing");
  if (how == "m:m")
    throw core::Error(
        "m:m pairs rows by their place within a key, which depends on the order of rows and means nothing")
        .word(how)
        .hint("joinby(other, on=…) makes every pair of rows with the same key")
        .hint("or make the key unique on one side, with collapse or duplicates(\"drop\", …), and say m:1 or 1:m");
  if (how != "1:1" && how != "m:1" && how != "1:m")
    throw core::Error("the first argument says how rows pair: \"1:1\", \"m:1\" or \"1:m\", not \"" + how + "\"")
        .word(how)
        .hint("merge(\"m:1\", \"provinces.csv\", on=province): many rows of the data, one of the file, per key");
  a.push("using");
  const data::Frame other = frame_or_file(L, -1, "using");
  lua_pop(L, 1);
  data::MergeOptions options = merge_options(a, box->frame, other);
  const std::array<bool, 6> keep = kept_origins(a);
  options.keep = keep;
  const bool nogenerate = a.boolean("nogenerate");
  const std::string name = a.text("generate", "_merge");
  if (!nogenerate) with_new(box->frame, name, merge_column(std::vector<Origin>(box->frame.rows())), "generate");
  data::Merged merged = data::merge(box->frame, other,
                                    how == "1:1"   ? data::Pairing::one_to_one
                                    : how == "m:1" ? data::Pairing::many_to_one
                                                   : data::Pairing::one_to_many,
                                    options);
  check_asserted(a, merged, "merge");
  data::Frame made = merged.frame;
  if (!nogenerate) made = with_new(made, name, merge_column(merged.origin), "generate");
  print_notes(merged.notes);
  say(L, counts_text("merge " + how + " on " + core::join(options.left, ", ") + ": " + rows_text(made.rows()),
                     merged.counts));
  return finish(L, a, box, std::move(made));
}

int joinby(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  a.push("using");
  const data::Frame other = frame_or_file(L, -1, "using");
  lua_pop(L, 1);
  data::MergeOptions options = merge_options(a, box->frame, other);
  const std::string unmatched = a.text("unmatched", "none");
  options.keep[place(Origin::master)] = unmatched == "master" || unmatched == "both";
  options.keep[place(Origin::other)] = unmatched == "using" || unmatched == "both";
  data::Merged merged = data::join(box->frame, other, options);
  data::Frame made = merged.frame;
  if (unmatched != "none") made = with_new(made, a.text("generate", "_merge"), merge_column(merged.origin), "generate");
  print_notes(merged.notes);
  say(L, counts_text("joinby on " + core::join(options.left, ", ") + ": " + rows_text(made.rows()), merged.counts));
  return finish(L, a, box, std::move(made));
}

std::vector<core::OptionSpec> key_options() {
  return {
      {.name = "on", .kind = Kind::columns, .doc = "the keys, by the same names in both frames", .default_text = {}},
      {.name = "left", .kind = Kind::columns, .doc = "the keys in the data", .default_text = {}},
      {.name = "right", .kind = Kind::columns, .doc = "the keys in the other frame, pair by pair", .default_text = {}},
      {.name = "keepusing", .kind = Kind::texts, .doc = "columns to bring from the other frame", .default_text = "all"},
      {.name = "suffix",
       .kind = Kind::text,
       .doc = "bring columns that both frames have under their name and this",
       .default_text = {}},
      {.name = "update",
       .kind = Kind::boolean,
       .doc = "fill missing values of the data from matched rows",
       .default_text = "false"},
      {.name = "replace",
       .kind = Kind::boolean,
       .doc = "update, and let known values of the other frame win",
       .default_text = "false"}};
}

std::vector<core::OptionSpec> own_and_shared(std::vector<core::OptionSpec> first, std::vector<core::OptionSpec> more) {
  first.insert(first.end(), more.begin(), more.end());
  first.push_back(copy_option());
  return first;
}

}  // namespace

void add_merge_commands(Registry& registry) {
  const core::ArgSpec other{.name = "using", .kind = Kind::any, .doc = "another frame, or the name of a file"};
  const core::OptionSpec generate{.name = "generate",
                                  .kind = Kind::text,
                                  .doc = "name of the column that says where rows come from",
                                  .default_text = "_merge"};
  registry.add(whole_frame(
      {.name = "merge",
       .topic = "data",
       .summary = "Brings columns of another frame beside the rows with the same keys",
       .args =
           {{.name = "pairing", .kind = Kind::text, .doc = "\"1:1\", \"m:1\" or \"1:m\": rows per key here and there"},
            other},
       .options = own_and_shared(
           key_options(),
           {{.name = "keep", .kind = Kind::texts, .doc = "rows to keep: match, master, using", .default_text = "all"},
            {.name = "assert",
             .kind = Kind::texts,
             .doc = "rows that may be: an error when there are others",
             .default_text = {}},
            generate,
            {.name = "nogenerate", .kind = Kind::boolean, .doc = "make no such column", .default_text = "false"}}),
       .example = "merge(\"m:1\", \"provinces.csv\", on=province, keep={\"match\", \"master\"})"},
      merge));
  registry.add(whole_frame({.name = "joinby",
                            .topic = "data",
                            .summary = "Makes every pair of rows of two frames that have the same keys",
                            .args = {other},
                            .options = own_and_shared(key_options(), {{.name = "unmatched",
                                                                       .kind = Kind::text,
                                                                       .doc = "rows without any pair to keep",
                                                                       .default_text = "none",
                                                                       .one_of = {"none", "both", "master", "using"}},
                                                                      generate}),
                            .example = "joinby(\"patents.csv\", on={city, year})"},
                           joinby));
}

}  // namespace bindings
