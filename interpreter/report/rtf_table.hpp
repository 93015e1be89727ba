// Tables as RTF.
#pragma once

#include "report/table.hpp"

#include <string>
#include <vector>

namespace report {

/// A document with these tables, and a document with tables added before its end. Throws core::Error for text that is
/// no RTF.
std::string rtf_file(const std::vector<Table>& tables);
std::string rtf_appended(const std::string& file, const std::vector<Table>& tables);

}  // namespace report
