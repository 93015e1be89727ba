// What statistics commands return: named numbers that show and save as a table.
#pragma once

#include "bindings/named.hpp"

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace bindings {

/// For the table of fields `names` on top of the stack: adds :save(file) and .table, and seals it (seal_named) so that
/// it shows as `table`.
void seal_reported(lua_State* L, report::Table table, std::vector<std::string> names, const std::string& what);
/// Pushes a sealed table of numbers.
void push_fields(lua_State* L, const std::vector<std::pair<std::string, double>>& fields, const std::string& what);

report::Row header_row(const std::vector<std::string>& names);
report::Row text_row(const std::vector<std::string>& texts);
/// A number as tables of statistics print it: whole numbers whole, others to `digits` significant digits.
std::string statistic_text(double value, int digits = 6);
std::string p_value_text(double p);
/// A column's label, or its name.
std::string shown_name(const data::Frame& frame, const std::string& name);
/// Doubles of a column; throws core::Error that names a text column and says what to do.
std::vector<double> numbers_of(const data::Frame& frame, const std::string& name);

void add_two_sample_commands(Registry& registry);  // ttest, ranksum, kstest, anova
void add_tabulate_command(Registry& registry);
void add_interpolate_command(Registry& registry);

}  // namespace bindings
