// The help pages compiled into the program: stdlib/docs/*.md, found by the names in their headings.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bindings {

struct HelpPage {
  std::string file;                ///< "reg"
  std::vector<std::string> names;  ///< of "# reg, ols, feols": what `help` finds it by
  std::string summary;             ///< its first paragraph
  std::string_view text;           ///< Markdown
};

/// In alphabetical order of their files.
const std::vector<HelpPage>& help_pages();
/// Null when no page has the name.
const HelpPage* find_page(std::string_view name);

/// A name that people bring along from Stata or R: a cell of the table in the page `elsewhere`.
struct ForeignName {
  std::string name;     ///< "reghdfe"
  std::string program;  ///< "Stata", "R"
  std::string page;     ///< ours
};
const std::vector<ForeignName>& foreign_names();

/// Every page as one HTML document, commands by topic first; `topics`: a title and names of pages each.
std::string manual_html(const std::vector<std::pair<std::string, std::vector<std::string>>>& topics);

}  // namespace bindings
