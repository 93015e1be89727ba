#include "bindings/measures.hpp"

#include "bindings/frame_values.hpp"
#include "bindings/open.hpp"
#include "core/text.hpp"
#include "data/sort.hpp"
#include "formula/evaluate.hpp"

#include <cmath>
#include <cstdio>
#include <numeric>

namespace bindings {
namespace {

std::string row_name(const data::Frame& keys, std::size_t row) {
  std::string name;
  for (std::size_t c = 0; c < keys.width(); ++c) name += (c ? ", " : "") + keys.column(c)->text(row);
  return name;
}

void push_statistics(lua_State* L, const Statistics& statistics) {
  std::vector<std::pair<std::string, double>> fields;
  for (const Statistic& s : statistics) fields.emplace_back(s.field, s.value);
  push_fields(L, fields, "statistic");
}

report::Row statistics_row(const std::string& name, const Statistics& statistics) {
  std::vector<std::string> cells = {name};
  cells.reserve(statistics.size() + 1);
  for (const Statistic& s : statistics) cells.push_back(statistic_text(s.value));
  return text_row(cells);
}

void add_columns(data::Frame& frame, const std::vector<Statistics>& statistics) {
  if (statistics.empty()) return;
  for (std::size_t j = 0; j < statistics.front().size(); ++j) {
    std::vector<double> values;
    for (const Statistics& row : statistics) values.push_back(row[j].value);
    frame = frame.with(statistics.front()[j].field, data::Column::reals(std::move(values)));
  }
}

}  // namespace

MeasureRows measure_rows(const Arguments& a) {
  MeasureRows rows{a.box(), {}, {}};
  const data::Frame& whole = rows.box->frame;
  if (const formula::Tree where = a.tree("where")) {
    rows.origin = formula::rows_where(where, whole);
    rows.frame = whole.take(rows.origin);
    if (rows.origin.empty()) throw core::Error("no row fulfils " + formula::print(where)).word("where");
  } else {
    rows.origin.resize(whole.rows());
    std::iota(rows.origin.begin(), rows.origin.end(), 0U);
    rows.frame = whole;
  }
  if (rows.frame.rows() == 0) throw core::Error("the data have no rows");
  return rows;
}

MeasureGroups measure_groups(const Arguments& a, const data::Frame& frame, const std::string& option) {
  MeasureGroups out;
  out.columns = a.column_names(option);
  if (out.columns.empty()) {
    out.names = {""};
    out.rows.emplace_back(frame.rows());
    std::iota(out.rows[0].begin(), out.rows[0].end(), 0U);
    return out;
  }
  std::vector<data::ColumnPtr> columns;
  std::vector<data::SortKey> keys;
  for (const std::string& name : out.columns) {
    columns.push_back(frame.at(name));
    keys.push_back({name});
  }
  const data::Grouping groups = data::group(columns);
  const data::Frame first = frame.selected(out.columns).take(groups.first);
  const std::vector<std::uint32_t> order = data::sorted_rows(first, keys);
  out.keys = first.take(order);
  std::vector<std::size_t> place(order.size());
  for (std::size_t g = 0; g < order.size(); ++g) {
    place[order[g]] = g;
    out.names.push_back(row_name(out.keys, g));
  }
  out.rows.resize(order.size());
  for (std::size_t row = 0; row < groups.codes.size(); ++row) {
    if (groups.codes[row] < 0) {
      ++out.left_out;
    } else {
      out.rows[place[static_cast<std::size_t>(groups.codes[row])]].push_back(static_cast<std::uint32_t>(row));
    }
  }
  if (out.rows.empty()) throw core::Error("'" + out.columns[0] + "' is missing in every row").word(out.columns[0]);
  return out;
}

MeasureInput measure_input(const Arguments& a, const MeasureRows& rows, const std::string& argument) {
  MeasureInput input;
  const formula::Tree tree = a.tree(argument);
  input.text = formula::print(tree);
  input.x = formula::evaluate_numbers(tree, rows.frame);
  const formula::Weights weights = a.weights();
  if (weights.expression) input.weights = formula::evaluate_numbers(weights.expression, rows.frame);
  input.frequency = weights.kind == formula::WeightKind::frequency;
  return input;
}

measures::Values group_values(const MeasureInput& input, const MeasureRows& rows,
                              const std::vector<std::uint32_t>& group, measures::Domain domain) {
  return measures::values_of(input.x, input.weights, input.frequency, group, domain, input.text, rows.origin);
}

void NewColumns::claim(const std::string& name) const {
  if (name.empty()) throw core::Error("the name of the new column is empty").word("name");
  if (rows_.box->frame.has(name) && !a_.boolean("replace"))
    throw core::Error("there is already a column '" + name + "'")
        .word(name)
        .hint("give another name=, or replace=true");
}

void NewColumns::add(const std::string& name, const std::vector<double>& values, const std::string& label) {
  claim(name);
  const data::Frame& whole = rows_.box->frame;
  const data::ColumnPtr old = whole.find(name);
  std::vector<double> all = old && old->is_numeric() ? old->numbers() : std::vector<double>(whole.rows(), std::nan(""));
  std::size_t missing = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    all[rows_.origin[i]] = values[i];
    missing += std::isnan(values[i]) ? 1 : 0;
  }
  columns_.emplace_back(name, data::Column::reals(std::move(all))->labelled(label));
  notes_.push_back(name + ": " + core::counted(static_cast<long long>(values.size() - missing), "value") +
                   (missing ? ", " + core::grouped(static_cast<long long>(missing)) + " missing" : ""));
}

void NewColumns::add_words(const std::string& name, const std::vector<int>& codes,
                           const std::vector<std::string>& levels, const std::string& label) {
  claim(name);
  std::vector<std::int32_t> all(rows_.box->frame.rows(), data::missing_code);
  for (std::size_t i = 0; i < codes.size(); ++i) all[rows_.origin[i]] = codes[i];
  columns_.emplace_back(
      name, data::Column::categories(std::move(all), std::make_shared<const std::vector<std::string>>(levels))
                ->labelled(label));
}

void NewColumns::store() {
  data::Frame frame = rows_.box->frame;
  for (const auto& [name, column] : columns_) frame = frame.with(name, column);
  rows_.box->frame = frame;
  std::fflush(stdout);
  for (const std::string& note : notes_) std::fprintf(stderr, "note: %s\n", note.c_str());
}

void push_by_groups(lua_State* L, const Arguments& a, const MeasureRows& rows, const MeasureGroups& groups,
                    const std::string& title, const std::string& label, const std::vector<Statistics>& statistics,
                    std::vector<std::string> notes) {
  note_left_out(groups.left_out, notes, "without a group");
  if (a.has("name")) {
    NewColumns columns(a, rows);
    std::vector<double> values(rows.frame.rows(), std::nan(""));
    for (std::size_t g = 0; g < groups.rows.size(); ++g)
      for (const std::uint32_t row : groups.rows[g]) values[row] = statistics[g].front().value;
    columns.add(a.text("name"), values, label);
    columns.store();
  }
  report::Table table;
  table.title = title;
  table.notes = std::move(notes);
  std::vector<std::string> heads = {core::join(groups.columns, ", ")};
  for (const Statistic& s : statistics.front()) heads.push_back(s.head);
  table.header.push_back(header_row(heads));
  for (std::size_t g = 0; g < statistics.size(); ++g)
    table.body.push_back(statistics_row(groups.given() ? groups.names[g] : label, statistics[g]));
  if (a.has("file")) report::save(table, a.text("file"));
  std::vector<std::string> names;
  data::Frame frame = groups.given() ? groups.keys : data::Frame();
  if (groups.given()) {
    lua_newtable(L);
    for (std::size_t g = 0; g < statistics.size(); ++g) {
      push_statistics(L, statistics[g]);
      lua_setfield(L, -2, groups.names[g].c_str());
    }
    names = groups.names;
  } else {
    lua_newtable(L);
    for (const Statistic& s : statistics.front()) {
      if (s.field == "n") {  // a count
        lua_pushinteger(L, static_cast<lua_Integer>(s.value));
      } else {
        lua_pushnumber(L, s.value);
      }
      lua_setfield(L, -2, s.field.c_str());
      names.push_back(s.field);
    }
  }
  add_columns(frame, statistics);
  push_frame(L, frame);
  lua_setfield(L, -2, "frame");
  seal_reported(L, std::move(table), names, groups.given() ? "group" : "statistic");
}

void push_by_rows(lua_State* L, const Arguments& a, report::Table table, const std::string& first,
                  const std::vector<std::string>& names, const std::vector<Statistics>& statistics,
                  const std::vector<std::pair<std::string, double>>& fields, data::ColumnPtr key) {
  if (table.header.empty() && !statistics.empty()) {
    std::vector<std::string> heads = {first};
    for (const Statistic& s : statistics.front()) heads.push_back(s.head);
    table.header.push_back(header_row(heads));
  }
  lua_newtable(L);
  std::vector<std::string> all = names;
  const bool laid_out = !table.body.empty();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!laid_out) table.body.push_back(statistics_row(names[i], statistics[i]));
    push_statistics(L, statistics[i]);
    lua_setfield(L, -2, names[i].c_str());
  }
  for (const auto& [name, value] : fields) {
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name.c_str());
    all.push_back(name);
  }
  data::Frame frame;
  if (!statistics.empty()) frame = frame.with(first, key ? key : data::Column::texts(names));
  add_columns(frame, statistics);
  push_frame(L, frame);
  lua_setfield(L, -2, "frame");
  if (a.has("file")) report::save(table, a.text("file"));
  seal_reported(L, std::move(table), all, "field");
}

void note_left_out(std::size_t rows, std::vector<std::string>& notes, const std::string& why) {
  if (rows) notes.push_back(core::counted(static_cast<long long>(rows), "row") + " " + why + " left out");
}

core::OptionSpec by_option(const std::string& doc) {
  return {.name = "by", .kind = core::Kind::columns, .doc = doc, .default_text = {}};
}
core::OptionSpec weights_option() {
  return {.name = "weights",
          .kind = core::Kind::weights,
          .doc = "aw(x) or pw(x): how much each row counts; fw(x): how many rows it stands for",
          .default_text = {}};
}
core::OptionSpec name_option(const std::string& doc, const std::string& fallback) {
  return {.name = "name", .kind = core::Kind::text, .doc = doc, .default_text = fallback};
}
core::OptionSpec replace_option() {
  return {.name = "replace",
          .kind = core::Kind::boolean,
          .doc = "change a column of that name that is there",
          .default_text = "false"};
}
core::OptionSpec file_option() {
  return {.name = "file",
          .kind = core::Kind::text,
          .doc = "where to save the table (.tex, .html, .md, .csv, .txt)",
          .default_text = {}};
}

void add_measure_commands(Registry& registry) {
  add_inequality_commands(registry);
  add_concentration_commands(registry);
  add_structure_commands(registry);
  add_index_commands(registry);
  add_coupling_command(registry);
  add_convergence_commands(registry);
  add_club_commands(registry);
  add_tabstat_command(registry);
  add_balance_command(registry);
}

}  // namespace bindings
