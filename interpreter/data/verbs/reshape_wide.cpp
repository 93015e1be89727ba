#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "data/verbs/keys.hpp"
#include "data/verbs/picked.hpp"
#include "data/verbs/reshape.hpp"
#include "data/verbs/shapes.hpp"

#include <algorithm>
#include <atomic>

namespace data {
namespace {

constexpr std::size_t cells_per_task = 1 << 14;

/// Throws for the first row that differs from the first row of its unit in a column that is no stub.
void check_constant(const Frame& frame, const std::string& name, const Grouping& units, const ReshapeOptions& options) {
  const ColumnPtr column = frame.at(name);
  const std::size_t n = frame.rows();
  std::vector<std::size_t> found((n + cells_per_task - 1) / cells_per_task, n);
  core::for_blocks(n, cells_per_task, [&](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r)
      if (!same_value(*column, r, *column, units.first[static_cast<std::size_t>(units.codes[r])])) {
        found[begin / cells_per_task] = r;
        return;
      }
  });
  core::poll();
  const std::size_t row = found.empty() ? n : *std::min_element(found.begin(), found.end());
  if (row == n) return;
  const std::uint32_t first = units.first[static_cast<std::size_t>(units.codes[row])];
  const auto value = [&](std::size_t r) { return column->missing(r) ? "missing" : column->text(r); };
  const std::vector<ColumnPtr> by = columns_of(frame, options.i);
  throw core::Error("'" + name + "' varies within " + key_text(options.i, by, row) + ": " + value(first) + " in row " +
                    std::to_string(first + 1) + ", " + value(row) + " in row " + std::to_string(row + 1))
      .word(name)
      .hint("spread it too (name it among the columns), drop it, or add it to i=");
}

}  // namespace

Reshaped reshape_wide(const Frame& frame, const ReshapeOptions& options) {
  const std::vector<ColumnPtr> by = columns_of(frame, options.i);
  const ColumnPtr j = frame.at(options.j);
  for (std::size_t r = 0; r < frame.rows(); ++r)
    if (j->missing(r))
      throw core::Error("'" + options.j + "' is missing in row " + std::to_string(r + 1))
          .word(options.j)
          .hint("each row needs a value to name its column by; drop such rows first");
  const Grouping units = keyed(by, frame.rows());
  const std::vector<ColumnPtr> only_j = {j};
  const Grouping times = keyed_in_order(only_j, frame.rows());
  const std::size_t n = units.first.size();
  const std::size_t k = times.first.size();
  constexpr std::size_t most_columns = 32767;
  if (k * options.stubs.size() > most_columns)
    throw core::Error("'" + options.j + "' has " + core::counted(static_cast<long long>(k), "value") +
                      ": reshape would make " + core::grouped(static_cast<long long>(k * options.stubs.size())) +
                      " columns")
        .word(options.j)
        .hint("is it the right column? at most 32,767 columns are made");
  check_size(static_cast<double>(n) * static_cast<double>(k), options.stubs.size(), "reshape");

  std::vector<std::uint32_t> cell(n * k, no_row);  // value v of unit u is at v·n + u
  for (std::size_t r = 0; r < frame.rows(); ++r) {
    std::uint32_t& at = cell[static_cast<std::size_t>(times.codes[r]) * n + static_cast<std::size_t>(units.codes[r])];
    if (at != no_row)
      throw core::Error("i and j do not identify the rows: " + key_text(options.i, by, r) + ", " + options.j + " = " +
                        j->text(r) + " stands in rows " + std::to_string(at + 1) + " and " + std::to_string(r + 1))
          .word(options.j)
          .hint(
              "add a column to i=, or make the pairs unique first: collapse(mean(x), by={…}) or duplicates(\"drop\")");
    at = static_cast<std::uint32_t>(r);
  }
  Reshaped out;
  // labelled numbers name columns by their number, as in Stata
  for (const std::uint32_t row : times.first)
    out.values.push_back(j->level_values().empty() ? j->text(row) : core::shortest(j->number(row)));
  out.frame = Frame(frame.name());
  const auto add = [&](const std::string& name, ColumnPtr column) {
    if (out.frame.has(name))
      throw core::Error("there would be two columns '" + name + "'").word(name).hint("rename or drop one first");
    out.frame = out.frame.with(name, std::move(column));
  };
  const auto spread = [&](const std::string& written, const Column& column) {
    const std::size_t at = written.find('@');
    const std::string tail = at == std::string::npos ? "" : written.substr(at + 1);
    for (std::size_t v = 0; v < k; ++v) {
      core::poll();
      ColumnPtr made = picked(column, std::span(cell).subspan(v * n, n));
      if (!column.label().empty()) made = made->labelled(out.values[v] + " " + column.label());
      const std::string name = written.substr(0, at) + options.separator + out.values[v] + tail;
      out.columns.push_back(name);
      add(name, std::move(made));
    }
  };
  for (const std::string& name : options.i) add(name, picked(*frame.at(name), units.first));
  std::vector<std::string> names;  // of the columns that the stubs spread
  for (std::string name : options.stubs) {
    name.erase(std::remove(name.begin(), name.end(), '@'), name.end());
    if (name == options.j || std::find(options.i.begin(), options.i.end(), name) != options.i.end())
      throw core::Error("'" + name + "' is both spread and named in i= or j=").word(name);
    names.push_back(name);
  }
  columns_of(frame, names);
  for (const std::string& name : frame.names()) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at != names.end()) {
      spread(options.stubs[static_cast<std::size_t>(at - names.begin())], *frame.at(name));
    } else if (name != options.j && std::find(options.i.begin(), options.i.end(), name) == options.i.end()) {
      check_constant(frame, name, units, options);
      add(name, picked(*frame.at(name), units.first));
    }
  }
  const std::size_t holes = n * k - frame.rows();
  if (holes > 0)
    out.notes.push_back(core::counted(static_cast<long long>(holes), "pair") + " of " + core::join(options.i, ", ") +
                        " and " + options.j + (holes == 1 ? " does" : " do") + " not occur: missing");
  out.frame = with_shapes_of_groups(frame, std::move(out.frame), units.codes, units.first, out.notes);
  if (frame.panel()) out.notes.push_back("the panel index is dropped: its time is now in the columns' names");
  return out;
}

}  // namespace data
