// A text column made row by row: each distinct word is stored once.
#pragma once

#include "data/column.hpp"
#include "data/csv/words.hpp"

#include <string_view>

namespace data {

class TextBuilder {
 public:
  explicit TextBuilder(std::size_t rows) { codes_.reserve(rows); }
  /// "" is missing.
  void add(std::string_view word) { codes_.push_back(code(word)); }
  void add_missing() { codes_.push_back(missing_code); }
  void add_code(std::int32_t code) { codes_.push_back(code); }  ///< one that code() gave
  std::int32_t code(std::string_view word) { return word.empty() ? missing_code : words_.code_of_copy(word); }
  ColumnPtr column() {
    return Column::texts(std::move(codes_),
                         std::make_shared<std::vector<std::string>>(words_.list().begin(), words_.list().end()));
  }

 private:
  std::vector<std::int32_t> codes_;
  csv::Words words_;
};

}  // namespace data
