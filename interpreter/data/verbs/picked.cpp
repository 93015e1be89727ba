#include "data/verbs/picked.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/numbers.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"

#include <unistd.h>

#include <cmath>

namespace data {
namespace {

constexpr std::size_t rows_per_task = 1 << 15;
using core::nan;

template <class T>
void gather(std::span<const T> values, std::span<const std::uint32_t> rows, T missing, T* out) {
  core::for_blocks(rows.size(), rows_per_task, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) out[i] = rows[i] == no_row ? missing : values[rows[i]];
  });
  core::poll();
}

template <class T>
Buffer<T> gathered(std::span<const T> values, std::span<const std::uint32_t> rows, T missing) {
  Buffer<T> out(rows.size());
  gather(values, rows, missing, out.data());
  return out;
}

ColumnPtr with_label_of(const ColumnPtr& made, const Column& column) {
  return column.label().empty() && column.format().empty() ? made : made->described_as(column);
}

}  // namespace

ColumnPtr picked(const Column& column, std::span<const std::uint32_t> rows) {
  switch (column.type()) {
    case Type::real:
      return with_label_of(Column::from_buffer(gathered(column.reals(), rows, nan)), column);
    case Type::integer:
    case Type::date:
      return with_label_of(Column::from_buffer(column.type(), gathered(column.integers(), rows, missing_integer)),
                           column);
    case Type::boolean:
      return with_label_of(Column::from_buffer(gathered(column.booleans(), rows, missing_boolean)), column);
    case Type::text:
      return with_label_of(Column::from_buffer(gathered(column.codes(), rows, missing_code), column.dictionary()),
                           column);
    case Type::category:
      break;
  }
  std::vector<std::int32_t> codes(rows.size());
  gather(column.codes(), rows, missing_code, codes.data());
  const auto values = column.level_values();
  return with_label_of(Column::categories(std::move(codes), column.dictionary(), {values.begin(), values.end()}),
                       column);
}

ColumnPtr placed(const Column& values, std::span<const std::uint32_t> rows, std::size_t size) {
  std::vector<std::uint32_t> place(size, no_row);
  for (std::size_t i = 0; i < rows.size(); ++i) place[rows[i]] = static_cast<std::uint32_t>(i);
  return picked(values, place);
}

bool same_value(const Column& column, std::size_t row, const Column& other, std::size_t other_row) {
  const bool missing = column.missing(row);
  if (missing || other.missing(other_row)) return missing && other.missing(other_row);
  switch (column.type()) {
    case Type::real:
    case Type::boolean:
      return column.number(row) == other.number(other_row);
    case Type::integer:
    case Type::date:
      return other.type() == column.type() ? column.integers()[row] == other.integers()[other_row]
                                           : column.number(row) == other.number(other_row);
    case Type::text:
    case Type::category:
      break;
  }
  if (column.dictionary() == other.dictionary()) return column.codes()[row] == other.codes()[other_row];
  return (*column.dictionary())[static_cast<std::size_t>(column.codes()[row])] ==
         (*other.dictionary())[static_cast<std::size_t>(other.codes()[other_row])];
}

void check_size(double rows, std::size_t columns, std::string_view what) {
  constexpr double most = 4294967294.0;  // rows are counted in 32 bits, and no_row is one of these numbers
  constexpr double bytes_per_value = 8;
  constexpr double gigabyte = 1024.0 * 1024 * 1024;
  const double bytes = rows * static_cast<double>(columns) * bytes_per_value;
  const double memory = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  const std::string would = std::string(what) + " would make " +
                            (rows < 1e15 ? core::grouped(static_cast<long long>(rows)) : core::significant(rows, 3)) +
                            " rows";
  if (rows > most) throw core::Error(would + ", more than a frame takes");
  if (memory > 0 && bytes > memory)
    throw core::Error(would + " of " + core::counted(static_cast<long long>(columns), "column") + ", about " +
                      core::significant(bytes / gigabyte, 3) + " GB: more than this machine's memory")
        .hint("keep fewer rows or columns first");
}

Frame follow_panel(const Frame& before, Frame after, std::vector<std::string>& notes) {
  const Panel* panel = before.panel();
  if (panel == nullptr) return after;
  const std::string what = panel->unit.empty() ? "time " + panel->time : panel->unit + " × " + panel->time;
  if ((!panel->unit.empty() && !after.has(panel->unit)) || !after.has(panel->time)) {
    notes.push_back("the panel index " + what + " is dropped: its columns are no longer there");
    return after;
  }
  try {
    return after.with_panel(panel->unit, panel->time);
  } catch (const core::Error& error) {
    notes.push_back("the panel index " + what + " is dropped: " + error.message());
    return after;
  }
}

}  // namespace data
