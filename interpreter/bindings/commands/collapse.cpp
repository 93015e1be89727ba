// collapse: one row per group, of statistics of the rows.
#include "bindings/expr.hpp"
#include "bindings/open.hpp"
#include "bindings/verbs.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "data/verbs/keys.hpp"
#include "data/verbs/picked.hpp"
#include "data/verbs/shapes.hpp"
#include "formula/evaluate.hpp"
#include "formula/parse.hpp"
#include "measures/by_group.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace bindings {
namespace {

using core::Kind;
using formula::Op;
using formula::Tree;

/// A column of the result. The name of one that was not named is settled by name_items().
struct Item {
  std::string name;
  Tree tree;
};

bool is_statistic(const Tree& tree) {
  if (tree->op != Op::call) return false;
  if (tree->text == "n") return tree->children.empty();
  return tree->children.size() == 1 && (measures::group_statistic(tree->text) || measures::group_row(tree->text));
}

std::vector<std::string> statistic_names() {
  std::vector<std::string> names = measures::group_statistic_names();
  for (const char* name : {"first", "last", "firstnm", "lastnm", "n"}) names.emplace_back(name);
  return names;
}

[[noreturn]] void unknown_statistic(const std::string& word) {
  throw core::Error("unknown statistic '" + word + "'")
      .word(word)
      .hint(core::did_you_mean(word, statistic_names(), "statistics", 40));
}

/// Stata's list: (mean) x y (sd) sx = x.
void read_list(const std::string& text, std::vector<Item>& items) {
  std::vector<std::string> tokens;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) tokens.push_back(std::exchange(word, {}));
  };
  for (const char c : text) {
    if (c == '(' || c == ')' || c == '=') {
      end_word();
      tokens.emplace_back(1, c);
    } else if (c == ' ' || c == '\t' || c == '\n' || c == ',') {
      end_word();
    } else {
      word += c;
    }
  }
  end_word();
  std::string statistic = "mean";
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto is = [&](std::size_t at, const char* what) { return at < tokens.size() && tokens[at] == what; };
    if (is(i, "(")) {
      if (i + 2 >= tokens.size() || !is(i + 2, ")"))
        throw core::Error("a statistic stands in parentheses: (mean) x y").hint("in \"" + text + "\"");
      statistic = tokens[i + 1];
      if (!measures::group_statistic(statistic) && !measures::group_row(statistic)) unknown_statistic(statistic);
      i += 2;
    } else if (is(i, ")") || is(i, "=")) {
      throw core::Error("'" + tokens[i] + "' is out of place in \"" + text + "\"").hint("(mean) x y (sd) sx=x");
    } else if (is(i + 1, "=") && i + 2 < tokens.size()) {
      items.push_back({tokens[i], formula::call(statistic, {formula::name(tokens[i + 2])})});
      i += 2;
    } else {
      items.push_back({"", formula::call(statistic, {formula::name(tokens[i])})});
    }
  }
}

Tree of_name(const Tree& tree) {  // a column alone: its mean, as in Stata
  return tree->op == Op::name ? formula::call("mean", {tree}) : tree;
}

void read_positional(lua_State* L, int index, std::vector<Item>& items) {
  index = lua_absindex(L, index);
  if (lua_type(L, index) == LUA_TSTRING) {
    const std::string text(core::trim(text_at(L, index)));
    const bool one_expression = !text.empty() && text.front() != '(' && text.find('(') != std::string::npos;
    if (one_expression) {
      items.push_back({"", formula::parse(text)});
    } else {
      read_list(text, items);
    }
    return;
  }
  if (lua_istable(L, index) && function_name(L, index).empty()) {
    const lua_Integer n = luaL_len(L, index);
    for (lua_Integer i = 1; i <= n; ++i) {
      lua_geti(L, index, i);
      read_positional(L, -1, items);
      lua_pop(L, 1);
    }
    return;
  }
  const Tree tree = tree_at(L, index);
  if (!tree) throw core::Error("collapse takes statistics such as mean(x), not " + described(L, index));
  items.push_back({"", of_name(tree)});
}

/// mean(x) is called x; several statistics of one column are mean_x, sd_x.
void name_items(std::vector<Item>& items) {
  std::map<std::string, int> sources;
  for (const Item& item : items)
    if (item.name.empty() && is_statistic(item.tree) && !item.tree->children.empty())
      ++sources[formula::print(item.tree->children[0])];
  for (Item& item : items) {
    if (!item.name.empty()) continue;
    if (!is_statistic(item.tree) || item.tree->children.empty() || item.tree->children[0]->op != Op::name)
      throw core::Error("'" + formula::print(item.tree) + "' has no name")
          .hint("collapse(NAME = " + formula::print(item.tree) + ", by=…)");
    const std::string& source = item.tree->children[0]->text;
    item.name = sources[source] > 1 ? item.tree->text + "_" + source : source;
  }
}

/// The rows to use, their groups and weights: what every statistic is made from.
struct Groups {
  data::Frame frame;
  std::vector<std::string> by;
  data::Grouping groups;
  data::GroupRows rows;
  std::vector<double> weights;
  measures::GroupWeighting weighting = measures::GroupWeighting::none;
};

data::ColumnPtr whole_or_real(std::vector<double> values, bool whole) {
  whole = whole && std::all_of(values.begin(), values.end(),
                               [](double x) { return x == std::floor(x) && std::abs(x) <= 0x1p53; });
  if (!whole) return data::Column::reals(std::move(values));
  return data::Column::integers({values.begin(), values.end()});
}

std::string label_of(const Groups& g, const Tree& tree) {
  if (tree->children.empty()) return "Rows";
  const Tree& arg = tree->children[0];
  const std::string text = formula::print(arg);
  const data::ColumnPtr column = arg->op == Op::name ? g.frame.find(arg->text) : nullptr;
  return "(" + tree->text + ") " + (column && !column->label().empty() ? column->label() : text);
}

/// A statistic in the unit of its column is shown as the column is.
std::string format_of(const Groups& g, const Tree& tree) {
  if (tree->children.empty() || tree->children[0]->op != Op::name || tree->text == "count") return {};
  return g.frame.at(tree->children[0]->text)->format();
}

data::ColumnPtr statistic(const Groups& g, const Tree& tree) {
  if (tree->text == "n") {
    std::vector<std::int64_t> counts(g.rows.groups());
    for (std::size_t k = 0; k < counts.size(); ++k) counts[k] = static_cast<std::int64_t>(g.rows.of(k).size());
    return data::Column::integers(std::move(counts));
  }
  const data::ColumnPtr column = formula::evaluate(tree->children[0], g.frame);
  const bool words = column->type() == data::Type::text || column->type() == data::Type::category;
  const std::optional<measures::GroupRow> row = measures::group_row(tree->text);
  if (row && (!words || (tree->text != "min" && tree->text != "max")))
    return data::picked(*column, measures::row_of_group(*column, g.rows, *row));
  const measures::Asked asked = *measures::group_statistic(tree->text);
  if (words && asked.statistic == measures::GroupStatistic::count && g.weights.empty()) {
    std::vector<std::int64_t> counts(g.rows.groups(), 0);
    for (std::size_t k = 0; k < counts.size(); ++k)
      for (const std::uint32_t r : g.rows.of(k)) counts[k] += column->missing(r) ? 0 : 1;
    return data::Column::integers(std::move(counts));
  }
  if (column->type() == data::Type::text)
    throw core::Error(tree->text + " needs numbers, and '" + formula::print(tree->children[0]) + "' is a string column")
        .word(tree->children[0]->op == Op::name ? tree->children[0]->text : tree->text)
        .hint("count, first, last, firstnm and lastnm take text");
  std::vector<double> copy;
  std::span<const double> x = column->type() == data::Type::real ? column->reals() : std::span<const double>();
  if (column->type() != data::Type::real) x = copy = column->numbers();
  const bool whole = asked.statistic == measures::GroupStatistic::count ||
                     (asked.statistic == measures::GroupStatistic::sum && g.weights.empty() &&
                      (column->type() == data::Type::integer || column->type() == data::Type::boolean));
  return whole_or_real(measures::by_group(x, g.rows, asked, g.weights, g.weighting), whole);
}

/// The statistics inside an expression become columns of `groups`; what is left is arithmetic over groups.
Tree over_groups(const Groups& g, const Tree& tree, data::Frame& groups) {
  if (is_statistic(tree)) {
    const std::string name = " " + std::to_string(groups.width());  // no user's column begins with a blank
    groups = groups.with(name, statistic(g, tree));
    return formula::name(name);
  }
  if (tree->op == Op::name) {
    if (std::find(g.by.begin(), g.by.end(), tree->text) != g.by.end()) return tree;
    g.frame.at(tree->text);
    throw core::Error("'" + tree->text + "' has a value per row, not per group")
        .word(tree->text)
        .hint("say which: mean(" + tree->text + "), sum(" + tree->text + "), first(" + tree->text + "), …");
  }
  auto copy = std::make_shared<formula::Node>(*tree);
  for (Tree& child : copy->children) child = over_groups(g, child, groups);
  return copy;
}

data::ColumnPtr evaluated(const Groups& g, const Tree& tree, const data::Frame& by) {
  if (is_statistic(tree)) return statistic(g, tree)->labelled(label_of(g, tree))->formatted(format_of(g, tree));
  if (tree->op == Op::call && tree->children.size() == 1 && tree->children[0]->op == Op::name) {
    const std::vector<std::string>& known = formula::function_names();
    if (std::find(known.begin(), known.end(), tree->text) == known.end()) unknown_statistic(tree->text);
  }
  data::Frame groups = by;
  const Tree rest = over_groups(g, tree, groups);
  return formula::evaluate(rest, groups)->labelled(formula::print(tree));
}

/// Rows with a missing or zero weight count nowhere, as in Stata.
void apply_weights(const Arguments& a, Groups& g) {
  const formula::Weights weights = a.weights();
  if (!weights.expression) return;
  g.weighting = weights.kind == formula::WeightKind::frequency     ? measures::GroupWeighting::frequency
                : weights.kind == formula::WeightKind::probability ? measures::GroupWeighting::probability
                                                                   : measures::GroupWeighting::analytic;
  g.weights = formula::evaluate_numbers(weights.expression, g.frame);
  std::vector<std::uint32_t> rows;
  std::vector<double> kept;
  for (std::uint32_t row = 0; row < g.weights.size(); ++row) {
    const double w = g.weights[row];
    if (w < 0) throw core::Error("a weight is negative: " + core::shortest(w) + " in row " + std::to_string(row + 1));
    if (!(w > 0)) continue;
    rows.push_back(row);
    kept.push_back(w);
  }
  if (rows.size() < g.weights.size()) g.frame = g.frame.take(rows);
  g.weights = std::move(kept);
}

void drop_incomplete(const std::vector<Item>& items, Groups& g) {
  std::vector<data::ColumnPtr> used;
  for (const Item& item : items)
    for (const std::string& name : formula::names_in(item.tree)) used.push_back(g.frame.at(name));
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < g.frame.rows(); ++row)
    if (std::none_of(used.begin(), used.end(), [row](const data::ColumnPtr& c) { return c->missing(row); }))
      rows.push_back(row);
  if (rows.size() < g.frame.rows()) g.frame = g.frame.take(rows);
}

int collapse(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  std::vector<Item> items;
  if (a.has("statistics")) {
    a.push("statistics");
    read_positional(L, -1, items);
    lua_pop(L, 1);
  }
  name_items(items);
  for (const std::string& name : a.keywords()) items.push_back({name, of_name(a.keyword_tree(name))});
  if (items.empty())
    throw core::Error("no statistic is named")
        .word("collapse")
        .hint("collapse(gdp = mean(gdp), n = count(gdp), by=province)");
  Groups g;
  g.frame = a.frame();
  if (a.boolean("cw")) drop_incomplete(items, g);
  apply_weights(a, g);
  g.by = a.column_names("by");
  const std::vector<data::ColumnPtr> by = data::columns_of(g.frame, g.by);
  g.groups = data::keyed_in_order(by, g.frame.rows());
  if (by.empty() && g.frame.rows() == 0) throw core::Error("there are no rows to collapse");
  g.rows = data::rows_by_group(g.groups.codes, g.groups.first.size());
  data::Frame keys = g.frame.selected(g.by);
  data::Frame made(box->frame.name());
  for (std::size_t k = 0; k < by.size(); ++k) made = made.with(g.by[k], data::picked(*by[k], g.groups.first));
  const data::Frame groups = made;
  for (const Item& item : items) {
    if (made.has(item.name))
      throw core::Error("there would be two columns '" + item.name + "'")
          .word(item.name)
          .hint("name them: collapse(m = mean(x), s = sd(x), by=…)");
    made = made.with(item.name, evaluated(g, item.tree, groups));
  }
  std::vector<std::string> notes;
  made = data::with_shapes_of_groups(g.frame, std::move(made), g.groups.codes, g.groups.first, notes);
  made = data::follow_panel(box->frame, std::move(made), notes);
  print_notes(notes);
  say(L, rows_text(box->frame.rows()) + " → " + rows_text(made.rows()));
  return finish(L, a, box, std::move(made));
}

}  // namespace

void add_collapse_command(Registry& registry) {
  registry.add(
      {{.name = "collapse",
        .topic = "data",
        .summary = "Replaces the data by statistics of groups of rows",
        .args = {{.name = "statistics",
                  .kind = Kind::any,
                  .doc = "mean(x), sd(x), …; or Stata's list \"(mean) x y (sd) sx=x\"",
                  .optional = true,
                  .repeated = true}},
        .options = {{.name = "by", .kind = Kind::columns, .doc = "the groups", .default_text = {}},
                    {.name = "weights", .kind = Kind::weights, .doc = "aw(x), fw(x) or pw(x)", .default_text = {}},
                    {.name = "cw",
                     .kind = Kind::boolean,
                     .doc = "leave out rows with a missing value in any column used",
                     .default_text = "false"},
                    copy_option()},
        .example = "collapse(gdp = sum(gdp), growth = mean(growth), n = count(gdp), by={province, year})",
        .open_keywords = true},
       collapse});
}

}  // namespace bindings
