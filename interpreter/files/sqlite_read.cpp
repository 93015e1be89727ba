// Tables and queries of SQLite databases, opened so that nothing can be changed.
#include "core/interrupt.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "data/csv/encoding.hpp"
#include "files/cells.hpp"
#include "files/format.hpp"
#include "files/input.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <memory>

namespace files {
namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

core::Error database_error(const std::string& path, sqlite3* database) {
  return file_error(path, std::string("SQLite says: ") + sqlite3_errmsg(database));
}

Database open(const std::string& path) {
  size_of(path);  // says what is wrong with a missing file
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(opened);
  if (code != SQLITE_OK) throw database_error(path, opened);
  // A file from elsewhere: its schema may not call functions, and queries may not reach other files.
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_limit(opened, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_progress_handler(
      opened, 10000, [](void*) { return core::interrupt_requested() ? 1 : 0; }, nullptr);
  return database;
}

Statement prepare(const std::string& path, sqlite3* database, const std::string& sql) {
  sqlite3_stmt* made = nullptr;
  const char* rest = nullptr;
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &made, &rest) != SQLITE_OK) throw database_error(path, database);
  Statement statement(made);
  if (!made || !core::trim(rest).empty() || sqlite3_column_count(made) == 0 || !sqlite3_stmt_readonly(made))
    throw file_error(path, "query= takes one select statement");
  return statement;
}

/// Steps; false at the end.
bool step(const std::string& path, sqlite3* database, sqlite3_stmt* statement) {
  const int code = sqlite3_step(statement);
  core::poll();
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw database_error(path, database);
}

std::string text_at(sqlite3_stmt* statement, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  return text ? std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))) : std::string();
}

std::vector<std::string> tables_of(const std::string& path, sqlite3* database) {
  const Statement statement = prepare(path, database,
                                      "select name from sqlite_master where type in ('table', 'view') and name not "
                                      "like 'sqlite\\_%' escape '\\' order by name");
  std::vector<std::string> out;
  while (step(path, database, statement.get())) out.push_back(text_at(statement.get(), 0));
  return out;
}

std::string quoted(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string query_of(const std::string& path, sqlite3* database, const ReadOptions& options) {
  if (!options.query.empty() && !options.table.empty()) throw core::Error("table= and query= exclude each other");
  if (!options.query.empty()) return options.query;
  const std::vector<std::string> tables = tables_of(path, database);
  if (tables.empty()) throw file_error(path, "the database has no tables");
  if (options.table.empty()) {
    if (tables.size() == 1) return "select * from " + quoted(tables.front());
    throw file_error(path, "table= must say which of its " + std::to_string(tables.size()) + " tables")
        .hint("tables: " + core::join(tables, ", "));
  }
  if (std::find(tables.begin(), tables.end(), options.table) == tables.end())
    throw core::Error("no table '" + options.table + "' in '" + path + "'")
        .hint(core::did_you_mean(options.table, tables, "tables"))
        .word(options.table);
  return "select * from " + quoted(options.table);
}

void add(Cells& cells, sqlite3_stmt* statement, int column, bool boolean, const std::string& path, std::size_t row,
         const std::string& name) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: {
      const sqlite3_int64 value = sqlite3_column_int64(statement, column);
      if (boolean && (value == 0 || value == 1))
        cells.boolean(value == 1);
      else if (value == data::missing_integer)
        cells.real(static_cast<double>(value));  // the mark of a missing integer
      else
        cells.integer(value);
      return;
    }
    case SQLITE_FLOAT:
      return cells.real(sqlite3_column_double(statement, column));
    case SQLITE_NULL:
      return cells.missing();
    case SQLITE_BLOB:
      throw file_error(path, "column '" + name + "' has binary data in row " + std::to_string(row))
          .hint("leave it out: columns= names the others, or query= selects them");
    default: {
      const std::string text = text_at(statement, column);
      if (data::csv::invalid_utf8(text) != std::string::npos)
        throw file_error(path, "row " + std::to_string(row) + ", column '" + name + "': not UTF-8");
      return cells.text(text);
    }
  }
}

}  // namespace

data::Frame read_sqlite(const std::string& path, const ReadOptions& options, Report& report) {
  const Database database = open(path);
  const Statement statement = prepare(path, database.get(), query_of(path, database.get(), options));
  const int width = sqlite3_column_count(statement.get());
  std::vector<std::string> names;
  std::vector<bool> booleans;
  for (int i = 0; i < width; ++i) {
    const char* name = sqlite3_column_name(statement.get(), i);
    names.emplace_back(name ? name : "");
    if (data::csv::invalid_utf8(names.back()) != std::string::npos)
      throw file_error(path, "a column name is not UTF-8");
    const char* type = sqlite3_column_decltype(statement.get(), i);
    booleans.push_back(type && core::starts_with(core::lower(type), "bool"));
  }
  names = distinct_names(std::move(names));
  check_columns(path, options.csv.columns, names);
  const std::vector<std::string>& wanted = options.csv.columns.empty() ? names : options.csv.columns;
  std::vector<int> at;
  at.reserve(wanted.size());
  for (const std::string& name : wanted)
    at.push_back(static_cast<int>(std::find(names.begin(), names.end(), name) - names.begin()));
  for (const auto& [name, type] : options.csv.types)
    if (std::find(names.begin(), names.end(), name) == names.end()) throw no_column(path, name, names);
  std::vector<Cells> cells(wanted.size());
  std::size_t row = 0;
  while ((!options.csv.rows || row < *options.csv.rows) && step(path, database.get(), statement.get())) {
    ++row;
    for (std::size_t i = 0; i < wanted.size(); ++i)
      add(cells[i], statement.get(), at[i], booleans[static_cast<std::size_t>(at[i])], path, row, wanted[i]);
  }
  data::Frame frame;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    Cells::Rules rules{.where = "'" + path + "'", .name = wanted[i], .text_may_be_dates = true};
    if (const auto type = options.csv.types.find(wanted[i]); type != options.csv.types.end()) rules.type = type->second;
    frame = frame.with(wanted[i], cells[i].column(rules, report.notes));
  }
  return frame;
}

}  // namespace files
