// What the data commands share: columns from Lua values, changes to a frame that is held by a box.
#pragma once

#include "bindings/value.hpp"

#include <string>
#include <vector>

namespace bindings {

/// A column from a Lua list (numbers, strings or booleans; NaN is missing), a column value, or one number, string or
/// boolean for all `rows`. Throws core::Error for mixed or other values, naming the column.
data::ColumnPtr column_of_values(lua_State* L, int index, const std::string& name, std::size_t rows);
/// The same for a column of `frame`: the values of a column of the same rows in another order find their rows.
data::ColumnPtr column_of_values(lua_State* L, int index, const std::string& name, const data::Frame& frame);
/// Is it something column_of_values takes that is no expression: a list or a column value?
bool holds_values(lua_State* L, int index);
/// A column as a Lua list; missing numbers are NaN, other missing values false.
void push_values(lua_State* L, const data::Column& column);
/// A frame's first rows, as wide as the page.
report::Table frame_preview(lua_State* L, const data::Frame& frame);
/// The string keys of a Lua table, sorted.
std::vector<std::string> sorted_keys(lua_State* L, int table);
/// `fresh` in the marked rows, `old` in the others; null `old` is missing everywhere. Numbers of different types become
/// doubles. Throws core::Error when one is text and the other is not.
data::ColumnPtr spliced(const data::ColumnPtr& old, const data::ColumnPtr& fresh,
                        const std::vector<std::uint32_t>& rows);

void add_file_commands(Registry& registry);     // use, read, save
void add_row_commands(Registry& registry);      // keep, drop, sort
void add_column_commands(Registry& registry);   // gen, replace, rename, label, panel
void add_listing_commands(Registry& registry);  // describe, list, head
void add_format_command(Registry& registry);    // set_format

}  // namespace bindings
