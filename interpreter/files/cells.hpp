// Cells of mixed kinds, one after another, that become one column: what spreadsheets, JSON and databases hold.
#pragma once

#include "data/column.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace files {

class Cells {
 public:
  Cells() = default;
  Cells(Cells&&) noexcept = default;  ///< not copied: codes_ looks into words_
  Cells& operator=(Cells&&) noexcept = default;
  Cells(const Cells&) = delete;
  Cells& operator=(const Cells&) = delete;
  ~Cells() = default;

  void missing() { add(Kind::missing, 0); }
  void boolean(bool value) { add(Kind::boolean, value ? 1 : 0); }
  void integer(std::int64_t value) { add(Kind::integer, value); }
  void real(double value);  ///< NaN is missing
  void date(std::int64_t days) { add(Kind::date, days); }
  void text(std::string_view value);  ///< "" is missing

  std::size_t size() const { return cells_.size(); }
  void pad(std::size_t rows) {  ///< missing until there are so many
    while (cells_.size() < rows) missing();
  }

  /// What to do when the column is made.
  struct Rules {
    std::string where;                    ///< "'x.xlsx'", for errors
    std::string name;                     ///< of the column
    std::size_t first_row = 1;            ///< the file's number of the first cell
    std::optional<data::Type> type = {};  ///< asked for in types=
    bool text_may_be_dates = false;       ///< strings that are all yyyy-mm-dd, midnight or not, make dates
  };
  /// Booleans, integers, reals or dates when all cells are of that kind (integers among reals are reals); strings, with
  /// numbers as they are written shortest, when kinds mix: then a note says so. Without any value: real.
  /// Throws core::Error for a cell that does not fit the type asked for.
  data::ColumnPtr column(const Rules& rules, std::vector<std::string>& notes) const;

 private:
  enum class Kind : std::uint8_t { missing, boolean, integer, real, date, text };
  struct Cell {
    std::int64_t value;  ///< integers and codes; the bits of reals
    Kind kind;
  };
  void add(Kind kind, std::int64_t value) {
    cells_.push_back({value, kind});
    seen_ |= 1U << static_cast<unsigned>(kind);
  }
  bool only(std::initializer_list<Kind> kinds) const;
  std::string printed(const Cell& cell) const;
  data::ColumnPtr as(data::Type type, const Rules& rules) const;
  data::ColumnPtr as_text() const;

  std::vector<Cell> cells_;
  unsigned seen_ = 0;
  std::deque<std::string> words_;
  std::unordered_map<std::string_view, std::int32_t> codes_;
};

}  // namespace files
