// etable(m1, m2, …): columns of estimates, saved by file= and shown as a table.
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "estimators/sample.hpp"
#include "report/regression.hpp"
#include "report/statistics.hpp"

#include <algorithm>
#include <set>

namespace bindings {
namespace {

using core::Kind;

/// Labels of the columns of the frames the fits came from; an earlier fit wins.
std::map<std::string, std::string> frame_labels(const std::vector<FitRef>& fits) {
  std::map<std::string, std::string> labels;
  for (const FitRef& fit : fits) {
    const auto* context = dynamic_cast<const estimators::Context*>(fit->sample.get());
    if (!context) continue;
    for (std::size_t i = 0; i < context->frame.width(); ++i) {
      const std::string& label = context->frame.column(i)->label();
      if (!label.empty()) labels.emplace(context->frame.names()[i], label);
    }
  }
  return labels;
}

/// labels = {did = "Pilot zone"}: keys are coefficients or columns.
void add_labels(lua_State* L, Arguments& a, std::map<std::string, std::string>& labels) {
  a.push("labels");
  if (lua_istable(L, -1)) {
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
      lua_pushvalue(L, -2);
      const std::string key = printed_at(L, -1);
      lua_pop(L, 1);
      labels[key] = printed_at(L, -1);
    }
  }
  lua_pop(L, 1);
}

/// extra = {{"Controls", "No", "Yes"}, …}
void add_rows(lua_State* L, Arguments& a, std::vector<std::pair<std::string, std::vector<std::string>>>& rows) {
  a.push("extra");
  const int list = lua_gettop(L);
  const lua_Integer n = lua_istable(L, list) ? luaL_len(L, list) : 0;
  for (lua_Integer i = 1; i <= n; ++i) {
    if (lua_geti(L, list, i) != LUA_TTABLE)
      throw core::Error("extra= is a list of rows: {{\"Controls\", \"No\", \"Yes\"}}").word("extra");
    std::vector<std::string> cells;
    const int row = lua_gettop(L);
    const lua_Integer width = luaL_len(L, row);
    for (lua_Integer j = 1; j <= width; ++j) {
      lua_geti(L, row, j);
      cells.push_back(printed_at(L, -1));
      lua_pop(L, 1);
    }
    if (cells.empty()) throw core::Error("a row of extra= begins with its name").word("extra");
    std::string name = cells.front();
    cells.erase(cells.begin());
    rows.emplace_back(std::move(name), std::move(cells));
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/// stars = false, or thresholds.
void set_stars(lua_State* L, Arguments& a, std::vector<double>& stars) {
  a.push("stars");
  if (lua_isboolean(L, -1)) {
    if (!lua_toboolean(L, -1)) stars.clear();
  } else if (lua_istable(L, -1)) {
    stars.clear();
    const int list = lua_gettop(L);
    const lua_Integer n = luaL_len(L, list);
    for (lua_Integer i = 1; i <= n; ++i) {
      if (lua_geti(L, list, i) != LUA_TNUMBER)
        throw core::Error("option 'stars' takes false or thresholds such as {0.1, 0.05, 0.01}").word("stars");
      stars.push_back(lua_tonumber(L, -1));
      lua_pop(L, 1);
    }
  } else if (!lua_isnil(L, -1)) {
    throw core::Error("option 'stars' takes false or thresholds such as {0.1, 0.05, 0.01}, not " + described(L, -1))
        .word("stars");
  }
  lua_pop(L, 1);
}

void check_stats(const std::vector<std::string>& stats, const std::vector<FitRef>& fits) {
  std::set<std::string> known;
  for (const FitRef& fit : fits)
    for (const std::string& name : report::statistic_names(*fit)) known.insert(name);
  for (const std::string& name : stats) {
    if (known.count(name)) continue;
    throw core::Error("no statistic '" + name + "' in these results")
        .word(name)
        .hint(core::did_you_mean(name, {known.begin(), known.end()}, "statistics", 40));
  }
}

int etable(lua_State* L, Arguments& a) {
  const std::vector<FitRef> fits = a.results("results");
  if (fits.empty()) throw core::Error("no results to tabulate");
  report::EtableOptions options;
  options.headers = a.texts("headers");
  if (!options.headers.empty() && options.headers.size() != fits.size())
    throw core::Error(core::counted(static_cast<long long>(options.headers.size()), "header") + " for " +
                      core::counted(static_cast<long long>(fits.size()), "result"))
        .word("headers");
  options.depvar = a.boolean("depvar", options.depvar);
  options.keep = a.texts("keep");
  options.drop = a.texts("drop");
  options.order = a.texts("order");
  options.labels = frame_labels(fits);
  add_labels(L, a, options.labels);
  options.below = a.text("below", options.below);
  set_stars(L, a, options.stars);
  options.digits = static_cast<int>(a.integer("digits", options.digits));
  options.stats = a.texts("stats");
  check_stats(options.stats, fits);
  options.fe_rows = a.boolean("fe_rows", options.fe_rows);
  options.vcov_row = a.boolean("vcov_row", options.vcov_row);
  add_rows(L, a, options.extra);
  options.notes = a.texts("notes");
  options.title = a.text("title");
  options.label = a.text("label");
  options.level = a.number("level", options.level);
  auto table = std::make_shared<const report::Table>(report::etable(fits, options));
  if (a.has("file")) report::save(*table, a.text("file"));
  push_value<TableRef>(L, std::move(table));
  return 1;
}

core::OptionSpec option(const std::string& name, Kind kind, const std::string& doc,
                        const std::string& default_text = "") {
  return {.name = name, .kind = kind, .doc = doc, .default_text = default_text};
}

}  // namespace

void add_table_commands(Registry& registry) {
  core::Record record;
  record.name = "etable";
  record.topic = "tables";
  record.summary = "Results side by side: estimates, standard errors below, fixed effects, statistics";
  record.args = {{.name = "results", .kind = Kind::result, .doc = "results, or one list of them", .repeated = true}};
  record.options = {option("file", Kind::text, "where to save it (.tex, .html, .md, .csv, .txt)"),
                    option("headers", Kind::texts, "one per column", "(1), (2), …"),
                    option("keep", Kind::texts, "coefficients to show; * is a wildcard"),
                    option("drop", Kind::texts, "coefficients to leave out"),
                    option("order", Kind::texts, "coefficients to put first"),
                    option("labels", Kind::list, "{did = \"Pilot zone\"}", "labels of the columns"),
                    option("below", Kind::text, "what stands under an estimate", "se"),
                    option("stars", Kind::any, "thresholds, or false", "{0.1, 0.05, 0.01}"),
                    option("digits", Kind::integer, "decimals of estimates", "4"),
                    option("stats", Kind::texts, "statistics rows", "nobs, r2, r2_within"),
                    option("fe_rows", Kind::boolean, "rows that say which fixed effects are in", "true"),
                    option("vcov_row", Kind::boolean, "a row that names the covariance", "true"),
                    option("depvar", Kind::boolean, "a row with the dependent variables", "true"),
                    option("extra", Kind::list, "rows of your own: {{\"Controls\", \"No\", \"Yes\"}}"),
                    option("notes", Kind::texts, "lines under the table"),
                    option("title", Kind::text, "above the table"),
                    option("label", Kind::text, "LaTeX label"),
                    option("level", Kind::number, "of intervals (below=\"ci\")", "0.95")};
  for (core::OptionSpec& made : record.options) {
    if (made.name == "below") made.one_of = {"se", "t", "p", "ci"};
    if (made.name == "digits") made.min = 0, made.max = 15;
    if (made.name == "level") made.min = 0.5, made.max = 0.9999;
  }
  record.example = "etable(m1, m2, file=\"table3.tex\")";
  registry.add({std::move(record), etable});
}

}  // namespace bindings
