#include "bindings/table_options.hpp"

#include "bindings/expr.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "estimators/sample.hpp"
#include "estimators/standardise.hpp"
#include "report/statistics.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace bindings {
namespace {

using core::Kind;

/// Keeps the stack as it was: an option's value for as long as it is looked at.
class Pushed {
 public:
  Pushed(lua_State* L, const Arguments& a, const std::string& name) : L_(L), top_(lua_gettop(L)) { a.push(name); }
  ~Pushed() { lua_settop(L_, top_); }
  Pushed(const Pushed&) = delete;
  Pushed& operator=(const Pushed&) = delete;
  int index() const { return top_ + 1; }
  bool given() const { return !lua_isnil(L_, index()); }

 private:
  lua_State* L_;
  int top_;
};

[[noreturn]] void wrong(const std::string& option, const std::string& shape) {
  throw core::Error("option '" + option + "' takes " + shape).word(option);
}

/// Calls item(index) for each value of the list part.
template <class Item>
void for_items(lua_State* L, int list, const Item& item) {
  const lua_Integer n = luaL_len(L, list);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, list, i);
    item(lua_gettop(L));
    lua_pop(L, 1);
  }
}

/// String keys (symbols as their names) with the index of their value, sorted.
template <class Item>
void for_fields(lua_State* L, int table, const Item& item) {
  std::vector<std::pair<std::string, int>> fields;
  const int top = lua_gettop(L);
  lua_pushnil(L);
  while (lua_next(L, table)) {
    if (lua_isinteger(L, -2)) {
      lua_pop(L, 1);
      continue;
    }
    lua_pushvalue(L, -2);
    std::string key = printed_at(L, -1);
    lua_pop(L, 1);
    luaL_checkstack(L, 8, "fields");
    lua_insert(L, -2);  // the value under its key, which the next step needs on top
    fields.emplace_back(std::move(key), lua_gettop(L) - 1);
  }
  std::sort(fields.begin(), fields.end());
  for (const auto& [key, index] : fields) item(key, index);
  lua_settop(L, top);
}

std::map<std::string, std::string> text_map(lua_State* L, const Arguments& a, const std::string& option) {
  std::map<std::string, std::string> map;
  const Pushed value(L, a, option);
  if (value.given())
    for_fields(L, value.index(), [&](const std::string& key, int index) { map[key] = printed_at(L, index); });
  return map;
}

/// A symbol and its threshold: {"***", 0.01}.
report::StarRule star_rule(lua_State* L, int index) {
  report::StarRule rule;
  lua_geti(L, index, 1);
  lua_geti(L, index, 2);
  if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TNUMBER)
    wrong("stars", "pairs such as {{\"*\", 0.1}, {\"**\", 0.05}}");
  rule.symbol = text_at(L, -2);
  rule.threshold = lua_tonumber(L, -1);
  lua_pop(L, 2);
  return rule;
}

/// stars = false, {0.1, 0.05, 0.01}, {["***"] = 0.01, ["†"] = 0.1}, {{"*", 0.1}, …}, "* 0.1 ** 0.05".
std::vector<report::StarRule> star_rules(lua_State* L, const Arguments& a, std::vector<report::StarRule> usual) {
  const std::string shape = "false, thresholds such as {0.1, 0.05, 0.01}, or marks such as {[\"*\"] = 0.1}";
  const Pushed value(L, a, "stars");
  if (!value.given() || (lua_isboolean(L, value.index()) && lua_toboolean(L, value.index()))) return usual;
  if (lua_isboolean(L, value.index())) return {};
  std::vector<report::StarRule> rules;
  std::vector<double> thresholds;
  if (lua_type(L, value.index()) == LUA_TSTRING) {
    std::vector<std::string> words;
    for (const std::string& word : core::split(text_at(L, value.index()), ' '))
      if (!word.empty()) words.push_back(word);
    if (words.size() % 2) wrong("stars", "marks and thresholds in turn: \"* 0.1 ** 0.05\"");
    for (std::size_t i = 0; i < words.size(); i += 2) {
      char* end = nullptr;
      const double threshold = std::strtod(words[i + 1].c_str(), &end);
      if (*end != '\0') wrong("stars", "marks and thresholds in turn: \"* 0.1 ** 0.05\"");
      rules.push_back({words[i], threshold});
    }
    return rules;
  }
  if (!lua_istable(L, value.index())) wrong("stars", shape + ", not " + described(L, value.index()));
  for_items(L, value.index(), [&](int item) {
    if (lua_type(L, item) == LUA_TNUMBER)
      thresholds.push_back(lua_tonumber(L, item));
    else if (lua_istable(L, item))
      rules.push_back(star_rule(L, item));
    else
      wrong("stars", shape);
  });
  for_fields(L, value.index(), [&](const std::string& symbol, int item) {
    if (lua_type(L, item) != LUA_TNUMBER) wrong("stars", shape);
    rules.push_back({symbol, lua_tonumber(L, item)});
  });
  if (thresholds.empty()) return rules;
  if (!rules.empty()) wrong("stars", "either thresholds or marks with thresholds");
  return report::star_rules(std::move(thresholds));
}

report::NumberFormat number_format(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TNUMBER && lua_type(L, index) != LUA_TSTRING)
    wrong("digits", "decimals (3), \"a3\", \"%9.3f\", or a table of them such as {3, se = 4, r2 = 2}");
  lua_pushvalue(L, index);
  const std::string text = printed_at(L, -1);
  lua_pop(L, 1);
  return report::parse_number_format(text);
}

/// digits = 3, "a3", {3, se = 4, r2 = 2, ["ln*"] = 1}
void set_formats(lua_State* L, const Arguments& a, report::EtableOptions& options) {
  const Pushed value(L, a, "digits");
  if (!value.given()) return;
  if (!lua_istable(L, value.index())) {
    options.digits = number_format(L, value.index());
    return;
  }
  lua_geti(L, value.index(), 1);
  if (!lua_isnil(L, -1)) options.digits = number_format(L, lua_gettop(L));
  lua_pop(L, 1);
  for_fields(L, value.index(),
             [&](const std::string& key, int index) { options.formats.emplace_back(key, number_format(L, index)); });
}

/// stats = {"nobs", {"r2_adj", "Adj. R²", 3}}, "nobs", {} or false for none
std::vector<report::StatisticRow> statistic_rows(lua_State* L, const Arguments& a) {
  std::vector<report::StatisticRow> rows;
  const Pushed value(L, a, "stats");
  if (!value.given()) return rows;
  if (lua_isboolean(L, value.index())) {
    if (!lua_toboolean(L, value.index())) rows.push_back({.name = "none"});
    return rows;
  }
  if (!lua_istable(L, value.index()) || !operand_name(L, value.index()).empty()) {
    for (const std::string& name : printed_list(L, value.index(), "option 'stats'")) rows.push_back({.name = name});
    return rows;
  }
  for_items(L, value.index(), [&](int item) {
    if (!is_list(L, item)) {
      rows.push_back({.name = printed_at(L, item)});
      return;
    }
    report::StatisticRow row;
    lua_geti(L, item, 1);
    row.name = printed_at(L, -1);
    if (lua_geti(L, item, 2) != LUA_TNIL) row.label = printed_at(L, -1);
    if (lua_geti(L, item, 3) != LUA_TNIL) row.format = number_format(L, lua_gettop(L));
    lua_pop(L, 3);
    rows.push_back(std::move(row));
  });
  if (rows.empty()) rows.push_back({.name = "none"});
  return rows;
}

/// Stata's, fixest's and other common names of the statistics.
std::string our_name(const std::string& name) {
  static const std::map<std::string, std::string> ours = {{"N", "nobs"},
                                                          {"n", "nobs"},
                                                          {"obs", "nobs"},
                                                          {"adj_r2", "r2_adj"},
                                                          {"ar2", "r2_adj"},
                                                          {"r2_a", "r2_adj"},
                                                          {"adjr2", "r2_adj"},
                                                          {"wr2", "r2_within"},
                                                          {"r2_w", "r2_within"},
                                                          {"within_r2", "r2_within"},
                                                          {"war2", "r2_within_adj"},
                                                          {"r2_a_within", "r2_within_adj"},
                                                          {"pr2", "r2_pseudo"},
                                                          {"r2_p", "r2_pseudo"},
                                                          {"ll", "loglik"},
                                                          {"N_clust", "clusters"},
                                                          {"df_r", "df_residual"},
                                                          {"f", "F"},
                                                          {"my", "depvar_mean"},
                                                          {"sd_y", "depvar_sd"}};
  const auto found = ours.find(name);
  return found == ours.end() ? name : found->second;
}

void check_stats(std::vector<report::StatisticRow>& stats, const std::vector<FitRef>& fits) {
  std::set<std::string> known;
  for (const FitRef& fit : fits)
    for (const std::string& name : report::statistic_names(*fit)) known.insert(name);
  for (report::StatisticRow& row : stats) {
    if (known.count(row.name) == 0) row.name = our_name(row.name);
    if (known.count(row.name) || row.name == "none") continue;
    throw core::Error("no statistic '" + row.name + "' in these results")
        .word(row.name)
        .hint(core::did_you_mean(row.name, {known.begin(), known.end()}, "statistics", 40));
  }
}

/// extra = {{"Controls", "No", "Yes", at = "after did"}, …}
std::vector<report::ExtraRow> extra_rows(lua_State* L, const Arguments& a) {
  std::vector<report::ExtraRow> rows;
  const Pushed value(L, a, "extra");
  if (!value.given()) return rows;
  for_items(L, value.index(), [&](int item) {
    if (!is_list(L, item)) wrong("extra", "a list of rows: {{\"Controls\", \"No\", \"Yes\"}}");
    report::ExtraRow row;
    row.cells = printed_list(L, item, "a row of extra=");
    if (row.cells.empty()) throw core::Error("a row of extra= begins with its name").word("extra");
    row.label = row.cells.front();
    row.cells.erase(row.cells.begin());
    for_fields(L, item, [&](const std::string& key, int index) {
      if (key != "at")
        throw core::Error("a row of extra= has the unknown field '" + key + "'")
            .word(key)
            .hint("at = \"top\", \"bottom\", \"before NAME\" or \"after NAME\" says where it stands");
      row.at = printed_at(L, index);
    });
    rows.push_back(std::move(row));
  });
  return rows;
}

/// groups = {{"OLS", 2}, {"IV", 1}}
std::vector<report::ColumnGroup> column_groups(lua_State* L, const Arguments& a) {
  std::vector<report::ColumnGroup> groups;
  const Pushed value(L, a, "groups");
  if (!value.given()) return groups;
  for_items(L, value.index(), [&](int item) {
    if (!is_list(L, item)) wrong("groups", "headings and numbers of columns: {{\"OLS\", 2}, {\"IV\", 1}}");
    report::ColumnGroup group;
    lua_geti(L, item, 1);
    group.label = printed_at(L, -1);
    const bool counted = lua_geti(L, item, 2) != LUA_TNIL;
    if (counted && !lua_isinteger(L, -1))
      wrong("groups", "headings and numbers of columns: {{\"OLS\", 2}, {\"IV\", 1}}");
    if (counted) group.columns = static_cast<int>(lua_tointeger(L, -1));
    lua_pop(L, 2);
    groups.push_back(std::move(group));
  });
  return groups;
}

std::optional<bool> given_boolean(const Arguments& a, const std::string& option) {
  return a.has(option) ? std::optional<bool>(a.boolean(option)) : std::nullopt;
}

/// below = "se", {"se", "ci"}, or false
std::vector<std::string> below_kinds(lua_State* L, const Arguments& a, std::vector<std::string> usual) {
  const Pushed value(L, a, "below");
  if (!value.given()) return usual;
  if (lua_isboolean(L, value.index())) return lua_toboolean(L, value.index()) ? usual : std::vector<std::string>{};
  return printed_list(L, value.index(), "option 'below'");
}

}  // namespace

std::vector<std::string> printed_list(lua_State* L, int index, const std::string& what) {
  std::vector<std::string> items;
  if (!is_list(L, index)) {
    if (lua_isboolean(L, index) || lua_isnil(L, index))
      throw core::Error(what + " takes a list, not " + described(L, index));
    lua_pushvalue(L, index);
    items.push_back(printed_at(L, -1));
    lua_pop(L, 1);
    return items;
  }
  for_items(L, index, [&](int item) {
    if (is_list(L, item)) throw core::Error(what + " has a table inside, where a text belongs");
    items.push_back(printed_at(L, item));
  });
  return items;
}

std::vector<report::NamedPatterns> named_patterns(lua_State* L, const Arguments& a, const std::string& option) {
  std::vector<report::NamedPatterns> rows;
  const Pushed value(L, a, option);
  if (!value.given()) return rows;
  const std::string shape = "a list of labels with coefficients: {{\"Controls\", \"lngdp\", \"retail\"}}";
  const auto take = [&](int item) {
    report::NamedPatterns row;
    if (is_list(L, item)) {
      row.patterns = printed_list(L, item, "option '" + option + "'");
      if (row.patterns.size() < 2) wrong(option, shape);
      row.label = row.patterns.front();
      row.patterns.erase(row.patterns.begin());
    } else {  // "Controls = lngdp retail"
      lua_pushvalue(L, item);
      const std::string text = printed_at(L, -1);
      lua_pop(L, 1);
      const std::size_t equals = text.find('=');
      if (equals == std::string::npos) wrong(option, shape);
      row.label = core::trim(text.substr(0, equals));
      for (const std::string& word : core::split(text.substr(equals + 1), ' '))
        if (!word.empty()) row.patterns.push_back(word);
      if (row.label.empty() || row.patterns.empty()) wrong(option, shape);
    }
    rows.push_back(std::move(row));
  };
  if (is_list(L, value.index()))
    for_items(L, value.index(), take);
  else
    take(value.index());
  return rows;
}

std::map<std::string, std::string> table_labels(lua_State* L, const Arguments& a, const std::vector<FitRef>& fits) {
  std::map<std::string, std::string> labels;
  for (const FitRef& fit : fits) {
    if (!a.boolean("frame_labels", true)) break;
    const auto* context = dynamic_cast<const estimators::Context*>(fit->sample.get());
    if (!context) continue;
    for (std::size_t i = 0; i < context->frame.width(); ++i) {
      const std::string& label = context->frame.column(i)->label();
      if (!label.empty()) labels.emplace(context->frame.names()[i], label);
    }
  }
  for (const auto& [name, label] : text_map(L, a, "labels")) labels[name] = label;
  return labels;
}

report::EtableOptions etable_options(lua_State* L, const Arguments& a, const std::vector<FitRef>& fits) {
  report::EtableOptions options;
  options.style = a.text("style", options.style);
  options.headers = a.texts("headers");
  options.numbers = given_boolean(a, "numbers");
  options.groups = column_groups(L, a);
  options.depvar = a.boolean("depvar", options.depvar);
  options.keep = a.texts("keep");
  options.drop = a.texts("drop");
  options.order = a.texts("order");
  options.rename = text_map(L, a, "rename");
  options.labels = table_labels(L, a, fits);
  options.coef_groups = named_patterns(L, a, "coef_groups");
  options.indicate = named_patterns(L, a, "indicate");
  if (const std::vector<std::string> words = a.texts("yes_no"); !words.empty()) {
    if (words.size() != 2) wrong("yes_no", "two words: {\"Yes\", \"No\"}");
    options.yes_no = {words[0], words[1]};
  }
  options.below = below_kinds(L, a, options.below);
  options.stars = star_rules(L, a, options.stars);
  options.stars_on_se = a.text("stars_on", "coef") == "se";
  set_formats(L, a, options);
  options.stats = statistic_rows(L, a);
  check_stats(options.stats, fits);
  options.fe_rows = a.boolean("fe_rows", options.fe_rows);
  options.vcov_row = given_boolean(a, "vcov_row");
  options.extra = extra_rows(L, a);
  options.notes = a.texts("notes");
  options.usual_notes = a.boolean("default_notes", options.usual_notes);
  if (a.has("stars_note")) options.stars_note = a.text("stars_note");
  options.exponentiate = a.boolean("eform");
  options.title = a.text("title");
  options.label = a.text("label");
  options.landscape = a.boolean("landscape");
  options.level = a.number("level", options.level);
  return options;
}

std::vector<std::map<std::string, double>> standard_factors_of(const std::vector<FitRef>& fits) {
  std::vector<std::map<std::string, double>> factors;
  for (const FitRef& fit : fits) factors.push_back(estimators::standard_factors(*fit));
  return factors;
}

std::vector<core::OptionSpec> file_options() {
  return {{.name = "file",
           .kind = Kind::text,
           .doc = "where to save it (.docx, .xlsx, .rtf, .tex, .html, .md, .csv, .txt)",
           .default_text = {}},
          {.name = "append",
           .kind = Kind::boolean,
           .doc = "add it to the end of a file that is there",
           .default_text = "false"},
          {.name = "landscape", .kind = Kind::boolean, .doc = "a page on its side", .default_text = "false"}};
}

void save_if_asked(const Arguments& a, const report::Table& table) {
  if (a.has("file")) {
    report::Table saved = table;
    saved.landscape = saved.landscape || a.boolean("landscape");
    report::save(saved, a.text("file"), a.boolean("append"));
  } else if (a.has("append")) {
    throw core::Error("append=true adds to a file: give it as file=").word("append");
  }
}

}  // namespace bindings
