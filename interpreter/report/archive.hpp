// Zip archives in memory: what .docx files are.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace report {

/// An archive of these entries (name, content), in this order. The same entries give the same bytes: no date is stored.
std::string zipped(const std::vector<std::pair<std::string, std::string>>& entries);
/// The content of one entry. Throws core::Error when `archive` is no zip archive, lacks the entry, or the entry is
/// damaged or larger than 256 MB.
std::string zip_entry(const std::string& archive, const std::string& name);
/// The archive with one entry's content replaced, all others as they were. Throws as zip_entry() does.
std::string with_zip_entry(const std::string& archive, const std::string& name, const std::string& content);

}  // namespace report
