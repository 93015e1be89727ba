// What a column of strings may mean: dates in other orders than yyyy-mm-dd, numbers with thousands separators.
#pragma once

#include "data/csv.hpp"

#include <string>
#include <vector>

namespace data::csv {

/// The column as dates or numbers when every one of its words is one, else the column itself. What was made of it, or
/// which cell keeps it a string, goes into `notes`. A day and a month that could be either way round stay text, with a
/// note, unless options.dates says which comes first.
ColumnPtr meaning_of(const ColumnPtr& text, const std::string& name, const CsvOptions& options, char decimal,
                     std::vector<std::string>& notes);

}  // namespace data::csv
