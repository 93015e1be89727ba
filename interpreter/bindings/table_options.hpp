// The options of tables as scripts write them.
#pragma once

#include "bindings/value.hpp"
#include "report/etable.hpp"

#include <string>
#include <vector>

namespace bindings {

/// The items of a list of texts (symbols and numbers as they print). Throws core::Error, naming `what`, for a value
/// that is neither a list nor a text.
std::vector<std::string> printed_list(lua_State* L, int index, const std::string& what);
/// {{"Controls", "a", "b*"}, …}: a label and what follows it; also "Controls = a b*".
std::vector<report::NamedPatterns> named_patterns(lua_State* L, const Arguments& a, const std::string& option);
/// Labels of the columns of the frames the fits came from; an earlier fit wins. Then labels=.
std::map<std::string, std::string> table_labels(lua_State* L, const Arguments& a, const std::vector<FitRef>& fits);
/// Everything etable takes but the results. `fits`: all of them, for labels and statistics.
report::EtableOptions etable_options(lua_State* L, const Arguments& a, const std::vector<FitRef>& fits);

/// For beta=true: a factor for each coefficient of each fit.
std::vector<std::map<std::string, double>> standard_factors_of(const std::vector<FitRef>& fits);

/// file=, append= and landscape= of commands that make tables: their declarations, and what they ask for.
std::vector<core::OptionSpec> file_options();
void save_if_asked(const Arguments& a, const report::Table& table);

void add_table_constructor(Registry& registry);  // table{ … }

}  // namespace bindings
