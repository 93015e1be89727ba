// match_names: which name of one list is which of another.
#include "data/match_names.hpp"
#include "bindings/commands/value_verbs.hpp"
#include "bindings/convert.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <map>

namespace bindings {
namespace {

using core::Kind;
using data::MatchHow;

/// The distinct texts of a column, in order of first appearance.
std::vector<std::string> distinct(const data::Column& column, const std::string& what) {
  if (column.size() == 0) throw core::Error(what + " holds no name").word("match_names");
  if (column.type() != data::Type::text && column.type() != data::Type::category)
    throw core::Error(what + " is a list of names, not of numbers").word("match_names");
  const data::Grouping groups = data::group(column);
  std::vector<std::string> out;
  for (const std::uint32_t row : groups.first) out.push_back(column.text(row));
  return out;
}

/// A list of strings, a column taken out of a frame, or a column of the data in use.
std::vector<std::string> names_at(lua_State* L, const Arguments& a, const std::string& argument) {
  const std::string what = "argument '" + argument + "'";
  a.push(argument);
  const int index = lua_gettop(L);
  data::ColumnPtr column;
  if (holds_values(L, index)) {
    column = column_of_values(L, index, argument, 0);
  } else {
    push_converted(L, index, {Kind::column, what});
    column = data_in_use(L)->frame.at(test_value<Expr>(L, -1)->tree->text);
  }
  lua_settop(L, index - 1);
  std::vector<std::string> out = distinct(*column, what);
  if (out.empty()) throw core::Error(what + " holds no name").word("match_names");
  return out;
}

/// {["杭州"]="Hangzhou"}, or a frame whose first two columns are the names.
std::vector<std::pair<std::string, std::string>> aliases_of(lua_State* L, const Arguments& a) {
  std::vector<std::pair<std::string, std::string>> out;
  if (!a.has("aliases")) return out;
  a.push("aliases");
  const int index = lua_gettop(L);
  if (const FrameRef* box = test_value<FrameRef>(L, index)) {
    const data::Frame& frame = (*box)->frame;
    if (frame.width() < 2) throw core::Error("a frame of aliases has two columns").word("aliases");
    for (std::size_t row = 0; row < frame.rows(); ++row)
      out.emplace_back(frame.column(0)->text(row), frame.column(1)->text(row));
  } else if (lua_istable(L, index)) {
    for (const std::string& key : sorted_keys(L, index)) {
      lua_getfield(L, index, key.c_str());
      if (lua_type(L, -1) != LUA_TSTRING)
        throw core::Error("the alias of '" + key + "' is a string, not " + described(L, -1)).word("aliases");
      out.emplace_back(key, text_at(L, -1));
      lua_pop(L, 1);
    }
  } else {
    throw core::Error("aliases= is a table {[\"name\"]=\"other name\"} or a frame of two columns, not " +
                      described(L, index))
        .word("aliases");
  }
  lua_settop(L, index - 1);
  return out;
}

int match_names(lua_State* L, Arguments& a) {
  const std::vector<std::string> first = names_at(L, a, "a");
  const std::vector<std::string> second = names_at(L, a, "b");
  data::MatchOptions options;
  options.aliases = aliases_of(L, a);
  options.suffixes = a.texts("suffixes");
  const std::string method = a.text("method", "jaro_winkler");
  options.similarity = method == "none"          ? data::Similarity::none
                       : method == "levenshtein" ? data::Similarity::levenshtein
                                                 : data::Similarity::jaro_winkler;
  options.cutoff = a.number("cutoff", 0.9);
  options.normalize = a.boolean("normalize", true);
  for (const auto& [from, to] : options.aliases)
    if (std::find(second.begin(), second.end(), to) == second.end())
      throw core::Error("the alias '" + to + "' (of '" + from + "') is none of the second names").word("aliases");
  const std::vector<data::Match> matches = data::match_names(first, second, options);

  std::vector<std::string> matched;
  std::vector<std::string> how;
  std::vector<std::string> nearest;
  std::vector<double> score;
  std::vector<std::string> open;
  std::vector<int> uses(second.size(), 0);
  std::map<MatchHow, long long> counts;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const data::Match& match = matches[i];
    const bool sure = match.how != MatchHow::unmatched && match.how != MatchHow::ambiguous;
    const std::string candidate = match.b < 0 ? "" : second[static_cast<std::size_t>(match.b)];
    ++counts[match.how];
    matched.push_back(sure ? candidate : "");
    nearest.push_back(sure ? "" : candidate);
    how.emplace_back(data::name_of(match.how));
    score.push_back(match.score);
    if (sure)
      ++uses[static_cast<std::size_t>(match.b)];
    else
      open.push_back(first[i] + (match.how == MatchHow::ambiguous ? " (several are as near)"
                                 : candidate.empty()
                                     ? ""
                                     : " (near: " + candidate + ", " + core::fixed(match.score, 2) + ")"));
  }
  std::vector<std::string> unused;
  std::vector<std::string> doubled;
  for (std::size_t j = 0; j < second.size(); ++j) {
    if (uses[j] == 0) unused.push_back(second[j]);
    if (uses[j] > 1) doubled.push_back(second[j]);
  }
  data::Frame out("crosswalk");
  out = out.with("a", data::Column::texts(first));
  out = out.with("b", data::Column::texts(matched));
  out = out.with("how", data::Column::texts(how));
  out = out.with("score", data::Column::reals(std::move(score)));
  out = out.with("nearest", data::Column::texts(nearest));

  std::vector<std::string> parts;
  for (const auto& [kind, count] : counts)
    parts.push_back(core::grouped(count) + " " + std::string(data::name_of(kind)));
  say_note(core::counted(static_cast<long long>(first.size()), "name") + ": " + core::join(parts, ", "));
  if (!open.empty()) say_note("without a match: " + core::join(open, ", "));
  if (!unused.empty()) say_note("of the second list, nobody's match: " + core::join(unused, ", "));
  if (!doubled.empty()) say_note("matched by several: " + core::join(doubled, ", "));
  push_frame(L, out);
  return 1;
}

}  // namespace

void add_match_names_command(Registry& registry) {
  registry.add({{.name = "match_names",
                 .topic = "data",
                 .summary = "Matches two lists of place names: exact, by aliases, normalized, then by similarity",
                 .args = {{.name = "a", .kind = Kind::any, .doc = "names: a column or a list of strings"},
                          {.name = "b", .kind = Kind::any, .doc = "the names they should be among"}},
                 .options = {{.name = "aliases",
                              .kind = Kind::any,
                              .doc = "{[\"name\"]=\"other name\"}, or a frame of two columns",
                              .default_text = {}},
                             {.name = "suffixes",
                              .kind = Kind::texts,
                              .doc = "suffixes to take off beside 市 省 县 区 city province county …",
                              .default_text = {}},
                             {.name = "normalize",
                              .kind = Kind::boolean,
                              .doc = "fold width, case, accents and suffixes",
                              .default_text = "true"},
                             {.name = "method",
                              .kind = Kind::text,
                              .doc = "similarity of what is left",
                              .default_text = "jaro_winkler",
                              .one_of = {"jaro_winkler", "levenshtein", "none"}},
                             {.name = "cutoff",
                              .kind = Kind::number,
                              .doc = "least similarity of a match",
                              .default_text = "0.9",
                              .min = 0,
                              .max = 1}},
                 .source = "Winkler (1990), String comparator metrics; Levenshtein (1966)",
                 .example = "match_names(left.city, right.name)"},
                match_names,
                false});
}

}  // namespace bindings
