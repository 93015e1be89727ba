// A balanced panel as matrices: outcome and treatment, units × periods.
#pragma once

#include "data/frame.hpp"
#include "formula/design.hpp"
#include "formula/tree.hpp"
#include "numerics/types.hpp"

#include <string>
#include <vector>

namespace estimators {

struct PanelMatrix {
  std::string y_name, unit, time;
  std::vector<std::string> units, periods;
  numerics::Matrix Y;  ///< N×T, no missing
  std::vector<std::string> x_names;
  std::vector<numerics::Matrix> X;  ///< N×T each; NaN where missing
  std::vector<double> times;        ///< numbers behind the periods (their order)
  std::vector<std::uint32_t> rows;  ///< frame row of (unit, period), unit by unit
  std::vector<std::string> notes;
};

/// y ~ x1 + x2 over the frame; `unit`, `time`: columns, "" for those of the declared panel. Units without the outcome
/// in every period are left out and named. Throws core::Error: no panel, two rows in one cell, fewer than two periods.
PanelMatrix panel_matrix(const formula::Tree& formula, const data::Frame& frame, const std::string& unit,
                         const std::string& time, const std::string& command);

/// An expression as N×T (a treatment); missing counts as an error.
numerics::Matrix cells(const PanelMatrix& panel, const formula::Tree& expression, const data::Frame& frame);

/// First treated period of each unit; T where never. Throws core::Error when treatment is not 0/1 or ends again.
std::vector<numerics::Index> adoption(const PanelMatrix& panel, const numerics::Matrix& D);

/// The unit called `name`; the period called `name` (by its number when it is one). Throw core::Error with near names.
numerics::Index unit_called(const PanelMatrix& panel, const std::string& name);
numerics::Index period_called(const PanelMatrix& panel, const std::string& name);

}  // namespace estimators
