// What the commands of measures share. One scheme holds for all of them (stdlib/docs/measures.md):
//   - a measure of a distribution (gini, theil, hhi …) gives named numbers, by groups with by=; name= also writes the
//     group's number on each of its rows;
//   - a measure of a row (upgrading, lq, entropy_index …) makes columns named by name=, and gives what it was made of.
// Both return a report: named numbers, .table, .frame, :save(file).
#pragma once

#include "bindings/reported.hpp"
#include "measures/values.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bindings {

/// The rows a measure works on.
struct MeasureRows {
  FrameRef box;                       ///< the whole frame
  data::Frame frame;                  ///< the rows in use
  std::vector<std::uint32_t> origin;  ///< of each row in use: its row in the whole frame
};
MeasureRows measure_rows(const Arguments& a);

/// Groups of the rows in use, in the sorted order of the columns' values; one group of all rows without columns.
struct MeasureGroups {
  std::vector<std::string> columns;              ///< names of by=; empty: one group
  std::vector<std::string> names;                ///< "2016", "Anhui, 2016"; "" for all rows
  std::vector<std::vector<std::uint32_t>> rows;  ///< rows in use
  data::Frame keys;                              ///< one row per group: the columns
  std::size_t left_out = 0;                      ///< rows with a missing group
  bool given() const { return !columns.empty(); }
};
MeasureGroups measure_groups(const Arguments& a, const data::Frame& frame, const std::string& option = "by");

/// One value of a measure, its numbers and how they are called.
struct MeasureInput {
  std::string text;  ///< the expression as written
  std::vector<double> x, weights;
  bool frequency = false;
};
/// The expression `argument` and weights= of the call over the rows in use.
MeasureInput measure_input(const Arguments& a, const MeasureRows& rows, const std::string& argument = "x");
/// The values of one group.
measures::Values group_values(const MeasureInput& input, const MeasureRows& rows,
                              const std::vector<std::uint32_t>& group, measures::Domain domain);

/// New columns, put into the frame together at the end. `column` may be asked for before anything is computed.
class NewColumns {
 public:
  NewColumns(const Arguments& a, const MeasureRows& rows) : a_(a), rows_(rows) {}
  /// Throws core::Error when the frame has a column of that name and replace=true was not given.
  void claim(const std::string& name) const;
  /// values: one per row in use; other rows are missing (with replace=true they keep what they had).
  void add(const std::string& name, const std::vector<double>& values, const std::string& label);
  /// A column of words: codes index `levels`, −1 is missing.
  void add_words(const std::string& name, const std::vector<int>& codes, const std::vector<std::string>& levels,
                 const std::string& label);
  /// Puts them into the frame, and says on standard error how many values are missing.
  void store();

 private:
  const Arguments& a_;
  const MeasureRows& rows_;
  std::vector<std::pair<std::string, data::ColumnPtr>> columns_;
  std::vector<std::string> notes_;
};

/// One number of a report: the field of the result, its head in the table, the value.
struct Statistic {
  std::string field, head;
  double value = 0;
};
using Statistics = std::vector<Statistic>;

/// Pushes the report of a measure by groups: fields (by groups: group → fields), .table, .frame, saved to file= when
/// given. `first` heads the first column; every group has the same statistics. name= of the call becomes a column of
/// each group's first statistic.
void push_by_groups(lua_State* L, const Arguments& a, const MeasureRows& rows, const MeasureGroups& groups,
                    const std::string& title, const std::string& label, const std::vector<Statistics>& statistics,
                    std::vector<std::string> notes);
/// Pushes a report with named rows (indicators, periods, columns): row → field → number, and `fields` beside them.
/// `key`: first column of .frame, instead of the names as text.
void push_by_rows(lua_State* L, const Arguments& a, report::Table table, const std::string& first,
                  const std::vector<std::string>& names, const std::vector<Statistics>& statistics,
                  const std::vector<std::pair<std::string, double>>& fields = {}, data::ColumnPtr key = nullptr);

/// "3 rows without a value were left out", for notes; nothing for none.
void note_left_out(std::size_t rows, std::vector<std::string>& notes, const std::string& why = "without a value");

// Options that many measures have.
core::OptionSpec by_option(const std::string& doc = "a number for each of these groups");
core::OptionSpec weights_option();
core::OptionSpec name_option(const std::string& doc, const std::string& fallback = {});
core::OptionSpec replace_option();
core::OptionSpec file_option();

void add_inequality_commands(Registry& registry);     // gini, dagum, theil, atkinson, cv, percentile_ratio, inequality
void add_concentration_commands(Registry& registry);  // cr, top_share, hhi, ellison_glaeser
void add_structure_commands(Registry& registry);      // upgrading, rationalisation, lq, specialisation
void add_index_commands(Registry& registry);          // entropy_index, topsis, pca_index
void add_coupling_command(Registry& registry);
void add_convergence_commands(Registry& registry);  // sigma_convergence, beta_convergence
void add_club_commands(Registry& registry);         // log_t, convergence_clubs
void add_tabstat_command(Registry& registry);
void add_balance_command(Registry& registry);

}  // namespace bindings
