// The parts of a Word file that are the same whatever stands in it.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace report {

/// Everything but word/document.xml: content types, relations, styles, settings.
std::vector<std::pair<std::string, std::string>> docx_parts();

inline constexpr const char* docx_document = "word/document.xml";

}  // namespace report
