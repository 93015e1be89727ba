// Tables as the XML of Word documents.
#pragma once

#include "report/table.hpp"

#include <string>
#include <vector>

namespace report {

/// word/document.xml of a document that holds these tables.
std::string docx_document_xml(const std::vector<Table>& tables);
/// The same text with tables added before the end of its last section. Throws core::Error for XML that is no Word
/// document.
std::string docx_with_tables(const std::string& document_xml, const std::vector<Table>& tables);

/// A whole file with these tables, and a file (its bytes) with tables added.
std::string docx_file(const std::vector<Table>& tables);
std::string docx_appended(const std::string& file, const std::vector<Table>& tables);

}  // namespace report
