// Every part of the runtime that puts something into a new Lua state, in the order interpreter.cpp calls them.
#pragma once

#include "bindings/commands.hpp"

#include <vector>

struct lua_State;

namespace bindings {

// Types of values: metatables only.
void open_columns(lua_State* L);
void open_frames(lua_State* L);
void open_results(lua_State* L);
void open_tables(lua_State* L);
void open_figures(lua_State* L);
void open_inference(lua_State* L);
void open_placebo(lua_State* L);
void open_weights(lua_State* L);
void open_split(lua_State* L);
void open_assignment(lua_State* L);

// Commands.
void add_estimators(Registry& registry);
void add_inference_commands(Registry& registry);
void add_data_commands(Registry& registry);
void add_value_commands(Registry& registry);
void add_statistics_commands(Registry& registry);
void add_measure_commands(Registry& registry);
void add_diagnostics(Registry& registry);
void add_placebo_command(Registry& registry);
void add_decomposition_commands(Registry& registry);  // bacon, twfe_weights
/// The checked arguments of a call as an estimator gets them.
estimators::Request request_of(lua_State* L, const Arguments& a, const core::Record& record);
void add_compare_command(Registry& registry);  // compare_did
void add_explain_command(Registry& registry);
void add_table_commands(Registry& registry);
void add_figure_commands(Registry& registry);  // figure, scatter, line, histogram, …
void add_path_commands(Registry& registry);
void add_weights_commands(lua_State* L, Registry& registry);
void add_assignment_commands(lua_State* L, Registry& registry);  // assignment.units, …
void add_spatial_commands(Registry& registry);
void add_spatial_local_commands(Registry& registry);
void add_map_commands(Registry& registry);
void add_spatial_model_commands(Registry& registry);
void add_gwr_command(Registry& registry);
void add_spatial_markov_command(Registry& registry);
void add_help_commands(Registry& registry);
/// `command "NAME" { … }` in Lua.
void open_declarations(lua_State* L);

}  // namespace bindings
