// recode, encode, decode, destring, tostring, split: values that change their names or their type.
#include "data/recode.hpp"
#include "bindings/commands/value_verbs.hpp"
#include "core/text.hpp"
#include "data/retype.hpp"
#include "data/text_builder.hpp"
#include "formula/words.hpp"

#include <cmath>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;

std::vector<OptionSpec> joined(std::vector<OptionSpec> own, std::vector<OptionSpec> shared) {
  own.insert(own.end(), shared.begin(), shared.end());
  return own;
}

bool is_text(const data::Column& column) {
  return column.type() == data::Type::text || (column.type() == data::Type::category && column.level_values().empty());
}

[[noreturn]] void wrong_rule(lua_State* L, int index) {
  throw core::Error("a rule is a string such as \"1/3=1\" or a table {from={1, 2}, to=1, label=\"low\"}, not " +
                    described(L, index))
      .word("rules");
}

/// One value of from=: a number, a text, or in a string what a rule's left side may hold.
void add_source(lua_State* L, int index, bool text_source, data::RecodeRule& rule) {
  if (lua_type(L, index) == LUA_TNUMBER) {
    const double value = lua_tonumber(L, index);
    rule.ranges.emplace_back(value, value);
    return;
  }
  if (lua_type(L, index) != LUA_TSTRING) wrong_rule(L, index);
  const std::string text = text_at(L, index);
  const bool word = text == "else" || text == "missing" || text == "nonmissing" || text == ".";
  if (text_source && !word) {
    rule.words.push_back(text);
    return;
  }
  const data::RecodeRule read = data::parse_recode("(" + text + "=.)", text_source).front();
  rule.ranges.insert(rule.ranges.end(), read.ranges.begin(), read.ranges.end());
  rule.words.insert(rule.words.end(), read.words.begin(), read.words.end());
  rule.missing = rule.missing || read.missing;
  rule.nonmissing = rule.nonmissing || read.nonmissing;
  rule.otherwise = rule.otherwise || read.otherwise;
}

/// {from=…, to=…, label=…}
data::RecodeRule rule_of_table(lua_State* L, int table, bool text_source, long long number) {
  data::RecodeRule rule;
  rule.written = "number " + std::to_string(number);
  for (const std::string& key : sorted_keys(L, table))
    if (key != "from" && key != "to" && key != "label")
      throw core::Error("a rule has no field '" + key + "'").word(key).hint("fields: from, to, label");
  if (lua_getfield(L, table, "from") == LUA_TTABLE) {
    const int list = lua_gettop(L);
    const lua_Integer n = luaL_len(L, list);
    for (lua_Integer i = 1; i <= n; ++i) {
      lua_geti(L, list, i);
      add_source(L, lua_gettop(L), text_source, rule);
      lua_pop(L, 1);
    }
  } else {
    add_source(L, lua_gettop(L), text_source, rule);
  }
  lua_pop(L, 1);
  const int type = lua_getfield(L, table, "to");
  if (type == LUA_TNUMBER) {
    rule.number = lua_tonumber(L, -1);
    if (std::isinf(rule.number)) throw core::Error("the new value of a rule is infinite").word("to");
    if (!std::isnan(rule.number)) rule.becomes = data::RecodeRule::Becomes::number;
  } else if (type == LUA_TSTRING) {
    rule.text = text_at(L, -1);
    if (rule.text != "." && !rule.text.empty()) rule.becomes = data::RecodeRule::Becomes::text;
  } else if (type != LUA_TNIL) {
    wrong_rule(L, lua_gettop(L));
  }
  lua_pop(L, 1);
  if (lua_getfield(L, table, "label") == LUA_TSTRING) {
    if (rule.becomes != data::RecodeRule::Becomes::number)
      throw core::Error("a label goes with a number").word("label").hint("{from=1, to=1, label=\"low\"}");
    rule.text = text_at(L, -1);
  }
  lua_pop(L, 1);
  return rule;
}

std::vector<data::RecodeRule> rules_at(lua_State* L, int index, bool text_source) {
  if (lua_type(L, index) == LUA_TSTRING) return data::parse_recode(text_at(L, index), text_source);
  if (!lua_istable(L, index)) wrong_rule(L, index);
  std::vector<data::RecodeRule> out;
  if (lua_getfield(L, index, "from") != LUA_TNIL) {  // one rule
    lua_pop(L, 1);
    out.push_back(rule_of_table(L, index, text_source, 1));
    return out;
  }
  lua_pop(L, 1);
  const lua_Integer n = luaL_len(L, index);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, index, i);
    const int item = lua_gettop(L);
    if (lua_type(L, item) == LUA_TSTRING) {
      for (data::RecodeRule& rule : data::parse_recode(text_at(L, item), text_source)) out.push_back(std::move(rule));
    } else if (lua_istable(L, item)) {
      out.push_back(rule_of_table(L, item, text_source, i));
    } else {
      wrong_rule(L, item);
    }
    lua_pop(L, 1);
  }
  if (out.empty()) throw core::Error("there is no rule").word("rules").hint("write \"1/3=1 4=. else=0\"");
  return out;
}

int recode(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  data::Frame frame = box->frame;
  const std::vector<std::string> columns = a.column_names("columns");
  const std::vector<std::string> names = target_names(a, frame, columns, "");
  const auto rows = chosen_rows(a, frame);
  std::vector<std::string> notes;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const data::ColumnPtr column = frame.at(columns[k]);
    a.push("rules");
    const std::vector<data::RecodeRule> rules = rules_at(L, lua_gettop(L), is_text(*column));
    lua_pop(L, 1);
    try {
      data::Recoded done = data::recode(*column, rules, rows);
      notes.push_back(columns[k] + ": " + share_of(done.changed, frame.rows(), "value") + " changed" +
                      (done.unruled > 0
                           ? ", " + core::grouped(static_cast<long long>(done.unruled)) + " without a rule kept"
                           : ""));
      frame = frame.with(names[k], std::move(done.column));
    } catch (core::Error& error) {
      core::Error named(columns[k] + ": " + error.message());
      for (const std::string& hint : error.hints()) named.hint(hint);
      throw named.word(columns[k]);
    }
  }
  box->frame = frame;
  for (const std::string& text : notes) say_note(text);
  return 0;
}

/// Each column through `change`, in place or under a new name; `change` may add notes.
template <class Change>
int change_columns(Arguments& a, const Change& change) {
  const FrameRef box = a.box();
  data::Frame frame = box->frame;
  const std::vector<std::string> columns = a.column_names("columns");
  const std::vector<std::string> names = target_names(a, frame, columns, "");
  std::vector<std::string> notes;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    try {
      frame = frame.with(names[k], change(*frame.at(columns[k]), columns[k], notes));
    } catch (core::Error& error) {
      if (error.word().empty()) error.word(columns[k]);
      throw;
    }
  }
  box->frame = frame;
  for (const std::string& text : notes) say_note(text);
  return 0;
}

int encode(lua_State*, Arguments& a) {
  const std::vector<std::string> levels = a.texts("levels");
  const auto order =
      a.text("order", "alphabetical") == "appearance" ? data::LevelOrder::appearance : data::LevelOrder::alphabetical;
  return change_columns(a, [&](const data::Column& column, const std::string& name, std::vector<std::string>& notes) {
    const data::ColumnPtr out = data::encode(column, order, levels);
    notes.push_back(name + ": " + core::counted(static_cast<long long>(out->dictionary()->size()), "level"));
    return out;
  });
}

int decode(lua_State*, Arguments& a) {
  return change_columns(a, [&](const data::Column& column, const std::string&, std::vector<std::string>&) {
    return data::decode(column);
  });
}

int destring(lua_State*, Arguments& a) {
  data::DestringOptions options;
  options.ignore = a.text("ignore");
  options.percent = a.boolean("percent");
  options.comma = a.text("decimal", ".") == ",";
  const bool force = a.boolean("force");
  return change_columns(a, [&](const data::Column& column, const std::string& name, std::vector<std::string>& notes) {
    data::Destrung done = data::destring(column, options);
    if (done.failed > 0 && !force)
      throw core::Error("'" + name + "' holds text that is no number in " +
                        core::counted(static_cast<long long>(done.failed), "row") + ": '" +
                        core::join(done.examples, "', '") + "'")
          .word(name)
          .hint("ignore=\"…\" takes characters out, percent=true reads %, force=true makes such values missing");
    notes.push_back(name + ": now " + std::string(data::name_of(done.column->type())) +
                    (done.failed > 0 ? "; " + core::counted(static_cast<long long>(done.failed), "value") +
                                           " made missing: '" + core::join(done.examples, "', '") + "'"
                                     : ""));
    return done.column;
  });
}

int tostring(lua_State*, Arguments& a) {
  const std::string format = a.text("format");
  const bool force = a.boolean("force");
  return change_columns(a, [&](const data::Column& column, const std::string& name, std::vector<std::string>& notes) {
    data::Tostrung done = data::tostring(column, format);
    const std::string lost = core::counted(static_cast<long long>(done.inexact), "value");
    if (done.inexact > 0 && !force)
      throw core::Error("'" + format + "' loses digits of " + lost + " of '" + name + "'")
          .word(name)
          .hint("force=true writes them all the same");
    if (done.inexact > 0) notes.push_back(name + ": " + lost + " lost digits");
    return done.column;
  });
}

int split(lua_State*, Arguments& a) {
  const FrameRef box = a.box();
  data::Frame frame = box->frame;
  const std::string name = a.column_names("column").at(0);
  const data::ColumnPtr column = frame.at(name);
  if (column->is_numeric()) throw core::Error("'" + name + "' is no text").word(name);
  const std::string separator = a.text("separator");
  const auto limit = static_cast<std::size_t>(a.integer("limit", 0));
  std::vector<std::vector<std::string>> by_word;
  std::size_t most = 0;
  for (const std::string& word : *column->dictionary()) {
    by_word.push_back(formula::pieces(word, separator));
    for (std::string& piece : by_word.back()) piece = core::trim(piece);
    most = std::max(most, by_word.back().size());
  }
  constexpr std::size_t most_columns = 1000;
  std::vector<std::string> names = a.texts("generate");
  const std::size_t wanted = limit > 0 ? std::min(limit, most) : most;
  if (wanted > most_columns)
    throw core::Error("'" + name + "' would become " + core::counted(static_cast<long long>(wanted), "column"))
        .hint("limit= takes the first pieces");
  const std::string stub = names.size() == 1 ? names[0] : name;
  if (names.size() <= 1) {
    names.clear();
    for (std::size_t k = 1; k <= wanted; ++k) names.push_back(stub + std::to_string(k));
  } else if (names.size() < wanted) {
    throw core::Error("the texts have up to " + core::counted(static_cast<long long>(wanted), "piece") + ", but " +
                      core::counted(static_cast<long long>(names.size()), "name") + " are given")
        .word("generate")
        .hint("limit=" + std::to_string(names.size()) + " drops the rest");
  }
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (frame.has(names[k])) throw core::Error("there is already a column '" + names[k] + "'").word(names[k]);
    std::vector<std::string> words;
    words.reserve(by_word.size());
    for (const std::vector<std::string>& pieces : by_word) words.push_back(k < pieces.size() ? pieces[k] : "");
    frame = frame.with(names[k], formula::with_words(*column, std::move(words)));
  }
  box->frame = frame;
  say_note(name + ": " + core::counted(static_cast<long long>(names.size()), "column") + ": " + listed(names, 8) +
           (wanted < most ? "; pieces beyond them dropped" : ""));
  return 0;
}

core::ArgSpec columns_arg(const std::string& doc) {
  return {.name = "columns", .kind = Kind::columns, .doc = doc, .repeated = true};
}

}  // namespace

void add_recode_commands(Registry& registry) {
  registry.add({{.name = "recode",
                 .topic = "data",
                 .summary = "Gives values new ones by rules",
                 .args = {{.name = "columns", .kind = Kind::columns, .doc = "one or more, as {a, b} or \"a b\""},
                          {.name = "rules",
                           .kind = Kind::any,
                           .doc = "\"1/3=1 4=. else=0\", or a list of tables {from={1, 2}, to=1, label=\"low\"}"}},
                 .options = joined({where_option("rows to recode; the others keep their values")}, target_options("")),
                 .source = "Stata [D] recode",
                 .example = "recode(edu, \"(min/8=1 'low') (9/max=2 'high')\", generate=\"level\")"},
                recode});
  registry.add(for_whole_columns({{.name = "encode",
                                   .topic = "data",
                                   .summary = "Makes a category with numbered levels of text",
                                   .args = {columns_arg("text columns")},
                                   .options = joined({{.name = "levels",
                                                       .kind = Kind::texts,
                                                       .doc = "the levels in their order; every text must be one",
                                                       .default_text = {}},
                                                      {.name = "order",
                                                       .kind = Kind::text,
                                                       .doc = "order of the levels",
                                                       .default_text = "alphabetical",
                                                       .one_of = {"alphabetical", "appearance"}}},
                                                     target_options("")),
                                   .source = "Stata [D] encode",
                                   .example = "encode(province, generate=\"region\")"},
                                  encode}));
  registry.add(for_whole_columns({{.name = "decode",
                                   .topic = "data",
                                   .summary = "Makes text of a category",
                                   .args = {columns_arg("categories")},
                                   .options = target_options(""),
                                   .source = "Stata [D] encode",
                                   .example = "decode(region)"},
                                  decode}));
  registry.add(for_whole_columns(
      {{.name = "destring",
        .topic = "data",
        .summary = "Makes numbers of text",
        .args = {columns_arg("text columns")},
        .options = joined(
            {{.name = "ignore", .kind = Kind::text, .doc = "characters to take out first", .default_text = {}},
             {.name = "percent", .kind = Kind::boolean, .doc = "\"12.5%\" is 0.125", .default_text = "false"},
             {.name = "decimal", .kind = Kind::text, .doc = "decimal mark", .default_text = ".", .one_of = {".", ","}},
             {.name = "force",
              .kind = Kind::boolean,
              .doc = "text that is no number becomes missing, and is counted",
              .default_text = "false"}},
            target_options("")),
        .source = "Stata [D] destring",
        .example = "destring(output, ignore=\",¥\")"},
       destring}));
  // Lua has a tostring of its own: in scripts the command is to_string(…); Stata's name serves statements and
  // df:tostring.
  for (const char* name : {"to_string", "tostring"})
    registry.add(for_whole_columns({{.name = name,
                                     .topic = "data",
                                     .summary = "Makes text of numbers",
                                     .args = {columns_arg("columns of numbers, dates or booleans")},
                                     .options = joined({{.name = "format",
                                                         .kind = Kind::text,
                                                         .doc = "one printf conversion: \"%06d\", \"%.2f\"",
                                                         .default_text = "shortest that reads back the same"},
                                                        {.name = "force",
                                                         .kind = Kind::boolean,
                                                         .doc = "also when the format loses digits",
                                                         .default_text = "false"}},
                                                       target_options("")),
                                     .source = "Stata [D] destring",
                                     .example = "to_string(code, format=\"%06d\")"},
                                    tostring}));
  registry.add(for_whole_columns(
      {{.name = "split",
        .topic = "data",
        .summary = "Splits text into columns",
        .args = {{.name = "column", .kind = Kind::column, .doc = "a text column"}},
        .options =
            {{.name = "separator",
              .kind = Kind::text,
              .doc = "text between the pieces",
              .default_text = "blanks",
              .aliases = {"sep", "parse"}},
             {.name = "generate",
              .kind = Kind::texts,
              .doc = "names of the new columns, or one stem for name1, name2, …",
              .default_text = "the column's name as stem"},
             {.name = "limit", .kind = Kind::integer, .doc = "at most so many pieces", .default_text = {}, .min = 1}},
        .source = "Stata [D] split",
        .example = "split(address, separator=\",\", generate={\"city\", \"district\"})"},
       split}));
}

}  // namespace bindings
