// etable(m1, m2, …): columns of estimates; stack_tables and save_tables for several tables.
#include "bindings/open.hpp"
#include "bindings/table_options.hpp"
#include "core/text.hpp"

namespace bindings {
namespace {

using core::Kind;

struct Panel {
  std::string title;
  std::vector<FitRef> fits;
};

/// panel = {{"A. Services", m1, m2}, {"B. Trade", m3, m4}}
std::vector<Panel> panels(lua_State* L, const Arguments& a) {
  std::vector<Panel> out;
  a.push("panel");
  const int list = lua_gettop(L);
  const lua_Integer n = lua_istable(L, list) ? luaL_len(L, list) : 0;
  const core::Error wrong = core::Error("option 'panel' takes a list of panels, a title and results each")
                                .word("panel")
                                .hint("panel={{\"Panel A\", m1, m2}, {\"Panel B\", m3, m4}}");
  for (lua_Integer i = 1; i <= n; ++i) {
    if (lua_geti(L, list, i) != LUA_TTABLE) throw wrong;
    Panel panel;
    const int items = lua_gettop(L);
    if (lua_geti(L, items, 1) != LUA_TSTRING) throw wrong;
    panel.title = text_at(L, -1);
    lua_pop(L, 1);
    const lua_Integer count = luaL_len(L, items);
    for (lua_Integer k = 2; k <= count; ++k) {
      lua_geti(L, items, k);
      const FitRef* fit = test_value<FitRef>(L, -1);
      if (!fit) throw wrong;
      panel.fits.push_back(*fit);
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
    out.push_back(std::move(panel));
  }
  lua_pop(L, 1);
  return out;
}

int etable(lua_State* L, Arguments& a) {
  const std::vector<FitRef> results = a.results("results");
  const std::vector<Panel> parts = panels(L, a);
  if (!results.empty() && !parts.empty())
    throw core::Error("give the results as arguments or in panel=, not both").word("panel");
  std::vector<FitRef> fits = results;
  for (const Panel& panel : parts) fits.insert(fits.end(), panel.fits.begin(), panel.fits.end());
  if (fits.empty()) throw core::Error("no results to tabulate").hint("give one or more: etable(m1, m2)");
  const std::size_t columns = parts.empty() ? fits.size() : parts.front().fits.size();
  report::EtableOptions options = etable_options(L, a, fits);
  if (!options.headers.empty() && options.headers.size() != columns)
    throw core::Error(core::counted(static_cast<long long>(options.headers.size()), "header") + " for " +
                      core::counted(static_cast<long long>(columns), "result"))
        .word("headers");
  report::Table made;
  if (parts.empty()) {
    if (a.boolean("beta")) options.standardise = standard_factors_of(fits);
    made = report::etable(fits, options);
  } else {
    std::vector<report::Table> tables;
    std::vector<std::string> titles;
    for (const Panel& panel : parts) {
      if (a.boolean("beta")) options.standardise = standard_factors_of(panel.fits);
      tables.push_back(report::etable(panel.fits, options));
      titles.push_back(panel.title);
    }
    made = report::stack(tables, titles);
  }
  auto table = std::make_shared<const report::Table>(std::move(made));
  save_if_asked(a, *table);
  push_value<TableRef>(L, std::move(table));
  return 1;
}

std::vector<report::Table> tables_of(lua_State* L, const Arguments& a) {
  std::vector<report::Table> tables;
  a.push("tables");
  const int list = lua_gettop(L);
  const lua_Integer n = lua_istable(L, list) ? luaL_len(L, list) : 0;
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, list, i);
    if (const TableRef* table = test_value<TableRef>(L, -1)) tables.push_back(**table);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return tables;
}

int stack_tables(lua_State* L, Arguments& a) {
  report::Table made = report::stack(tables_of(L, a), a.texts("titles"));
  made.title = a.text("title", made.title);
  made.label = a.text("label", made.label);
  if (a.has("notes")) made.notes = a.texts("notes");
  auto table = std::make_shared<const report::Table>(std::move(made));
  save_if_asked(a, *table);
  push_value<TableRef>(L, std::move(table));
  return 1;
}

int save_tables(lua_State* L, Arguments& a) {
  if (!a.has("file")) throw core::Error("file= is missing: where should the tables go?").word("save_tables");
  std::vector<report::Table> tables = tables_of(L, a);
  for (report::Table& table : tables) table.landscape = table.landscape || a.boolean("landscape");
  report::save(tables, a.text("file"), a.boolean("append"));
  lua_settop(L, 0);
  return 0;
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
  record.args = {{.name = "results",
                  .kind = Kind::result,
                  .doc = "results, or one list of them",
                  .optional = true,
                  .repeated = true}};
  record.options = file_options();
  const std::vector<core::OptionSpec> own = {
      option("style", Kind::text, "en, or cn: words and notes of Chinese journals", "en"),
      option("headers", Kind::texts, "one per column", "(1), (2), …"),
      option("numbers", Kind::boolean, "a row (1), (2), …", "true without headers="),
      option("groups", Kind::list, "headings over columns: {{\"OLS\", 2}, {\"IV\", 1}}"),
      option("panel", Kind::list, "tables under each other: {{\"Panel A\", m1, m2}, {\"Panel B\", m3, m4}}"),
      option("depvar", Kind::boolean, "a row with the dependent variables", "true"),
      option("keep", Kind::texts, "coefficients to show; * is a wildcard"),
      option("drop", Kind::texts, "coefficients to leave out"),
      option("order", Kind::texts, "coefficients to put first"),
      option("rename", Kind::list, "{old = \"new\"}: several coefficients may share a row"),
      option("labels", Kind::list, "{did = \"Pilot zone\"}", "labels of the columns"),
      option("frame_labels", Kind::boolean, "labels of the columns where labels= has none", "true"),
      option("coef_groups", Kind::list, "headings over coefficients: {{\"Controls\", \"ln*\"}}"),
      option("indicate", Kind::any, "coefficients shown as Yes or No: {{\"Controls\", \"ln*\"}}"),
      option("yes_no", Kind::texts, "the two words", "Yes, No"),
      option("below", Kind::any, "what stands under an estimate: se, t, p, ci, several, or false", "se"),
      option("stars", Kind::any, "thresholds, marks with thresholds, or false", "{0.1, 0.05, 0.01}"),
      option("stars_on", Kind::text, "coef, or se: after which number", "coef"),
      option("digits", Kind::any, "decimals, \"a3\", or by kind and name: {3, se = 4, r2 = 2}", "4"),
      option("stats", Kind::any, "statistics rows: names, or {name, label, digits}; false: none",
             "nobs, r2, r2_within"),
      option("fe_rows", Kind::boolean, "rows that say which fixed effects are in", "true"),
      option("vcov_row", Kind::boolean, "a row that names the covariance", "true; false with style=\"cn\""),
      option("extra", Kind::list, "rows of your own: {{\"Controls\", \"No\", \"Yes\", at = \"after did\"}}"),
      option("eform", Kind::boolean, "exponentiated coefficients", "false"),
      option("beta", Kind::boolean, "standardised coefficients", "false"),
      option("notes", Kind::texts, "lines under the table"),
      option("default_notes", Kind::boolean, "the notes on stars and on what stands below", "true"),
      option("stars_note", Kind::text, "instead of the note on stars; \"\": none"),
      option("title", Kind::text, "above the table"),
      option("label", Kind::text, "LaTeX label"),
      option("level", Kind::number, "of intervals (below=\"ci\")", "0.95")};
  record.options.insert(record.options.end(), own.begin(), own.end());
  for (core::OptionSpec& made : record.options) {
    if (made.name == "style") made.one_of = {"en", "cn"};
    if (made.name == "stars_on") made.one_of = {"coef", "se"};
    if (made.name == "level") made.min = 0.5, made.max = 0.9999;
  }
  record.example = "etable(m1, m2, file=\"table3.docx\")";
  registry.add({std::move(record), etable});

  const core::ArgSpec tables{
      .name = "tables", .kind = Kind::table, .doc = "tables, or one list of them", .repeated = true};
  core::Record stacked;
  stacked.name = "stack_tables";
  stacked.topic = "tables";
  stacked.summary = "Tables under each other as panels of one";
  stacked.args = {tables};
  stacked.options = file_options();
  stacked.options.push_back(option("titles", Kind::texts, "one per panel"));
  stacked.options.push_back(option("title", Kind::text, "above the table", "the first one's"));
  stacked.options.push_back(option("label", Kind::text, "LaTeX label", "the first one's"));
  stacked.options.push_back(option("notes", Kind::texts, "lines under the table", "those of the tables"));
  stacked.example = "stack_tables(t1, t2, titles={\"Panel A\", \"Panel B\"})";
  registry.add({std::move(stacked), stack_tables});

  core::Record saved;
  saved.name = "save_tables";
  saved.topic = "tables";
  saved.summary = "Several tables in one file: one document, or one workbook with a sheet each";
  saved.args = {tables};
  saved.options = file_options();
  saved.example = "save_tables(t1, t2, t3, file=\"tables.docx\")";
  registry.add({std::move(saved), save_tables});
  add_table_constructor(registry);
}

}  // namespace bindings
