// What the verbs on values share: names of new columns, groups, chosen rows, notes.
#pragma once

#include "bindings/frame_values.hpp"
#include "bindings/reported.hpp"

#include <optional>
#include <string>
#include <vector>

namespace bindings {

/// generate=, prefix=, suffix=, replace=: where a verb puts its columns. own_suffix "": in place unless another is
/// given.
std::vector<core::OptionSpec> target_options(const std::string& own_suffix);
/// Names for the results of `columns`, checked against the frame. Throws core::Error for names that are taken, and for
/// options that contradict each other.
std::vector<std::string> target_names(const Arguments& a, const data::Frame& frame,
                                      const std::vector<std::string>& columns, const std::string& own_suffix);

core::OptionSpec by_option(const std::string& doc);
core::OptionSpec where_option(const std::string& doc);
/// Groups of by=, or nothing.
std::optional<data::Grouping> by_groups(const Arguments& a, const data::Frame& frame);
/// 1 in the rows of where=, or nothing when it is not given.
std::optional<std::vector<std::uint8_t>> chosen_rows(const Arguments& a, const data::Frame& frame);
/// Groups of by= within the rows of where=; null when neither is given.
std::optional<data::Grouping> groups_within(const Arguments& a, const data::Frame& frame);

/// Writes "note: …" on standard error, after what standard output holds.
void say_note(const std::string& text);
/// "12 of 410 values"
std::string share_of(std::size_t part, std::size_t all, const std::string& noun);
/// "a, b, c and 4 more"
std::string listed(const std::vector<std::string>& words, std::size_t most);

void add_recode_commands(Registry& registry);   // recode, encode, decode, destring, tostring, split
void add_rescale_commands(Registry& registry);  // winsor, trim, standardize, center, minmax
void add_growth_commands(Registry& registry);   // growth, deflate
void add_adopt_commands(Registry& registry);    // adopt, panelview
void add_match_names_command(Registry& registry);
void add_check_command(Registry& registry);

}  // namespace bindings
