// Several fits side by side, as journals print them.
#pragma once

#include "report/number_format.hpp"
#include "report/table.hpp"
#include "results/fit.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace report {

using Fits = std::vector<std::shared_ptr<const results::Fit>>;

/// A mark for p-values below a threshold: {"***", 0.01}.
struct StarRule {
  std::string symbol = {};
  double threshold = 0;
};
/// *, **, *** for thresholds in any order: the smallest has most stars.
std::vector<StarRule> star_rules(std::vector<double> thresholds);

/// A statistic with a label and a format of its own, or without.
struct StatisticRow {
  std::string name;
  std::string label = {};
  std::optional<NumberFormat> format = {};
};

/// A row of the user's own. `at`: "" (with the fixed effects), "top", "bottom", "after NAME", "before NAME", where NAME
/// is a coefficient, a statistic, "fe" or "stats".
struct ExtraRow {
  std::string label = {};
  std::vector<std::string> cells = {};
  std::string at = {};
};

/// A label over coefficients or columns: patterns over names for a group of coefficients or an indicator row.
struct NamedPatterns {
  std::string label = {};
  std::vector<std::string> patterns = {};
};

/// A heading over `columns` neighbouring models.
struct ColumnGroup {
  std::string label = {};
  int columns = 1;
};

struct EtableOptions {
  std::string style = "en";                    ///< words and notes: "en", or "cn" as Chinese journals have them
  std::vector<std::string> headers;            ///< one per column
  std::optional<bool> numbers;                 ///< (1), (2), …; default: when there are no headers
  std::vector<ColumnGroup> groups;             ///< headings over columns, above everything
  bool depvar = true;                          ///< a row with the dependent variables
  std::vector<std::string> keep, drop, order;  ///< patterns over coefficient names: a name, or with * as a wildcard
  std::map<std::string, std::string> rename;   ///< coefficients under another name: several may share one row
  std::map<std::string, std::string> labels;   ///< of coefficients, variables, fixed effects and statistics
  std::vector<NamedPatterns> coef_groups;      ///< headings over coefficients
  std::vector<NamedPatterns> indicate;         ///< coefficients shown only as a row of Yes and No
  std::optional<std::pair<std::string, std::string>> yes_no;
  std::vector<std::string> below = {"se"};  ///< se, t, p, ci; none when empty
  std::vector<StarRule> stars = star_rules({0.1, 0.05, 0.01});
  bool stars_on_se = false;  ///< after what stands below instead of after the estimate
  NumberFormat digits;       ///< of estimates
  /// Formats by kind (coef, se, t, p, ci, stats), statistic or coefficient (patterns).
  std::vector<std::pair<std::string, NumberFormat>> formats;
  std::vector<StatisticRow> stats = {};  ///< default nobs, r2, r2_pseudo, r2_within where fitting; names of Fit::stats
  bool fe_rows = true;                   ///< Yes/No rows of fixed effects
  std::optional<bool> vcov_row;          ///< default: in English
  std::vector<ExtraRow> extra;
  std::vector<std::string> notes;
  bool usual_notes = true;                ///< what stands below, and the stars
  std::optional<std::string> stars_note;  ///< instead of the usual one; "": none
  bool exponentiate = false;              ///< exp(b), its standard error by the delta method
  /// Per fit, coefficient → factor (sd of x / sd of y); coefficients without one stay empty. Empty: not standardised.
  std::vector<std::map<std::string, double>> standardise;
  std::string title, label;
  bool landscape = false;
  double level = 0.95;
};

/// Throws core::Error for options that do not fit the results, with near names.
Table etable(const Fits& fits, const EtableOptions& options);

}  // namespace report
