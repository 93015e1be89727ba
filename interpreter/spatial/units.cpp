#include "spatial/builders.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <cmath>

namespace spatial {

Units units_of(const data::Frame& frame, const std::string& id) {
  Units units;
  units.id_column = !id.empty() ? id : frame.panel() ? frame.panel()->unit : "";
  if (units.id_column.empty()) {
    units.origin = frame.row_ids().origin;
    const auto& at = frame.row_ids().at;
    for (std::uint32_t row = 0; row < frame.rows(); ++row) {
      units.ids.push_back(std::to_string((at ? (*at)[row] : row) + 1));
      units.rows.push_back(row);
    }
  } else {
    const data::ColumnPtr column = frame.at(units.id_column);
    const data::Grouping groups = data::group(*column);
    for (std::size_t row = 0; row < groups.codes.size(); ++row)
      if (groups.codes[row] < 0)
        throw core::Error("'" + units.id_column + "' is missing in row " + std::to_string(row + 1) +
                          ": every unit of the weights needs an id")
            .word(units.id_column);
    for (const std::uint32_t row : groups.first) {
      units.ids.push_back(column->text(row));
      units.rows.push_back(row);
    }
  }
  if (units.ids.size() < 2)
    throw core::Error("weights need at least two units, and there " +
                      std::string(units.ids.empty() ? "is none" : "is one"));
  return units;
}

std::vector<double> unit_values(const data::Frame& frame, const Units& units, const std::vector<double>& x,
                                const std::string& what) {
  std::vector<double> out;
  for (const std::uint32_t row : units.rows) {
    if (!std::isfinite(x[row]))
      throw core::Error(what + " of unit '" + units.ids[out.size()] + "' is missing")
          .hint("leave the unit out with where=, or fill it in");
    out.push_back(x[row]);
  }
  if (units.id_column.empty()) return out;
  const data::Grouping groups = data::group(*frame.at(units.id_column));
  for (std::size_t row = 0; row < x.size(); ++row) {
    const auto unit = static_cast<std::size_t>(groups.codes[row]);
    if (std::isfinite(x[row]) && x[row] != out[unit])
      throw core::Error(what + " of unit '" + units.ids[unit] +
                        "' differs between its rows: " + core::shortest(out[unit]) + " and " + core::shortest(x[row]))
          .hint("keep one period: where=\"year == 2020\"");
  }
  return out;
}

}  // namespace spatial
