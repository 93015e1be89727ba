// Figures of who is treated when.
#pragma once

#include "report/plots.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace report {

enum class CellState : std::uint8_t { absent, untreated, treated, missing };

/// Units × periods.
struct TreatmentPattern {
  std::vector<std::string> units;    ///< rows, the first on top
  std::vector<std::string> periods;  ///< columns
  std::vector<CellState> cells;      ///< units · periods, row by row
};

/// A tile for every cell that is there, coloured by its state (as panelview draws it).
Figure treatment_plot(const TreatmentPattern& pattern, const PlotText& text = {});

/// How many units adopt in each period, as bars.
Figure calendar_plot(const std::vector<std::string>& periods, const std::vector<double>& counts,
                     const PlotText& text = {});

}  // namespace report
