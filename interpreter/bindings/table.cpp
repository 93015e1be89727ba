// Tables of results as values: they print aligned and save in the format that the file's ending says.
#include "bindings/table.hpp"

#include "bindings/named.hpp"
#include "bindings/open.hpp"

#include <array>

namespace bindings {
namespace {

using core::Kind;

/// A copy on a page of the asked direction; the table itself when nothing is asked.
TableRef turned(const TableRef& table, const Arguments& a) {
  if (!a.has("landscape")) return table;
  report::Table copy = *table;
  copy.landscape = a.boolean("landscape");
  return std::make_shared<const report::Table>(std::move(copy));
}

int save(lua_State* L, Arguments& a, const TableRef& table) {
  report::save(*turned(table, a), a.text("file"), a.boolean("append"));
  push_value<TableRef>(L, table);
  return 1;
}

int text(lua_State* L, Arguments& a, const TableRef& table) {
  push_text(L, report::render_text(*table, {.width = static_cast<int>(a.integer("width"))}));
  return 1;
}

template <std::string (*Render)(const report::Table&)>
int rendered(lua_State* L, Arguments& a, const TableRef& table) {
  push_text(L, Render(*turned(table, a)));
  return 1;
}

/// A copy with another title, label or notes.
int with(lua_State* L, Arguments& a, const TableRef& table) {
  report::Table copy = *turned(table, a);
  copy.title = a.text("title", copy.title);
  copy.label = a.text("label", copy.label);
  if (a.has("notes")) copy.notes = a.texts("notes");
  push_value<TableRef>(L, std::make_shared<const report::Table>(std::move(copy)));
  return 1;
}

const TableRef& self(lua_State* L) { return *test_value<TableRef>(L, 1); }

/// t:save(…) gives the table back, for another :save, and as a statement shows nothing.
int quiet_save(lua_State* L) {
  push_method(L, table_methods(), "save");
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

int index(lua_State* L) {
  const std::string name = printed_at(L, 2);
  if (name == "save") {
    lua_pushcfunction(L, guarded<quiet_save>);
    return 1;
  }
  if (push_method(L, table_methods(), name)) return 1;
  std::vector<std::string> names;
  for (const Method<TableRef>& method : table_methods()) names.push_back(method.record.name);
  throw no_field("a table", name, names);
}

int show_table(lua_State* L) {
  push_text(L, report::render_text(*self(L), text_style(L)));
  return 1;
}

int tostring(lua_State* L) {
  push_text(L, report::render_text(*self(L)));
  return 1;
}

}  // namespace

const std::vector<Method<TableRef>>& table_methods() {
  const core::OptionSpec landscape{
      .name = "landscape", .kind = Kind::boolean, .doc = "a page on its side", .default_text = {}};
  static const std::vector<Method<TableRef>> all = {
      {{.name = "save",
        .topic = "tables",
        .summary = "Saves the table in the format of the file's ending",
        .args = {{.name = "file", .kind = Kind::text, .doc = ".docx, .xlsx, .rtf, .tex, .html, .md, .csv, .txt"}},
        .options = {{.name = "append",
                     .kind = Kind::boolean,
                     .doc = "add it to the end of a file that is there",
                     .default_text = "false"},
                    landscape},
        .example = "t:save(\"table1.docx\")"},
       save},
      {{.name = "text",
        .topic = "tables",
        .summary = "The table as it prints",
        .options =
            {{.name = "width", .kind = Kind::integer, .doc = "notes wrap here", .default_text = "80", .min = 10}}},
       text},
      {{.name = "latex",
        .topic = "tables",
        .summary = "The table as LaTeX (booktabs, threeparttable)",
        .options = {landscape}},
       rendered<report::render_latex>},
      {{.name = "html", .topic = "tables", .summary = "The table as HTML"}, rendered<report::render_html>},
      {{.name = "markdown", .topic = "tables", .summary = "The table as Markdown"}, rendered<report::render_markdown>},
      {{.name = "csv", .topic = "tables", .summary = "The table as CSV"}, rendered<report::render_csv>},
      {{.name = "rtf", .topic = "tables", .summary = "The table as an RTF document", .options = {landscape}},
       rendered<report::render_rtf>},
      {{.name = "docx", .topic = "tables", .summary = "The bytes of a Word document", .options = {landscape}},
       rendered<report::render_docx>},
      {{.name = "xlsx", .topic = "tables", .summary = "The bytes of a workbook", .options = {landscape}},
       rendered<report::render_xlsx>},
      {{.name = "with",
        .topic = "tables",
        .summary = "A copy with another title, label or notes",
        .options = {{.name = "title", .kind = Kind::text, .doc = "above the table", .default_text = {}},
                    {.name = "label", .kind = Kind::text, .doc = "LaTeX label", .default_text = {}},
                    {.name = "notes", .kind = Kind::texts, .doc = "lines under the table", .default_text = {}},
                    landscape},
        .example = "t:with(title=\"Table 2\"):save(\"table2.docx\")"},
       with}};
  return all;
}

void open_tables(lua_State* L) {
  constexpr std::array<luaL_Reg, 4> functions{{{"__index", guarded<index>},
                                               {"__show", guarded<show_table>},
                                               {"__tostring", guarded<tostring>},
                                               {nullptr, nullptr}}};
  new_type<TableRef>(L, functions.data());
  register_methods(L, table_methods());
  lua_pop(L, 1);
}

}  // namespace bindings
