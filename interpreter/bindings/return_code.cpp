#include "bindings/return_code.hpp"

#include <algorithm>
#include <array>

namespace bindings {
namespace {

/// A part of the first line of an error, and Stata's code (help error in Stata). The first that is found counts.
struct Code {
  std::string_view part;
  int number;
};
constexpr std::array<Code, 54> codes{{
    {"assertion is false", 9},
    {"is not sorted", 5},
    {"no data in use", 3},
    {"data in memory would be lost", 4},
    {"is no numeric variable", 7},
    {"is no string variable", 7},
    {"is no number", 7},
    {"is already declared", 101},
    {"no column was named", 100},
    {"no hypothesis", 100},
    {"argument '", 100},
    {"needs using and a file", 100},
    {"no option is named", 100},
    {"too many words", 103},
    {"but a number is needed", 109},
    {"needs a number", 109},
    {"a number is needed", 109},
    {"needs text, not", 109},
    {"needs numbers, not", 109},
    {"is text, and labels", 181},
    {"is already defined", 110},
    {"there is already a column", 110},
    {"already has a column", 110},
    {"no column '", 111},
    {"no column matches", 111},
    {"no coefficient", 111},
    {"unknown name", 111},
    {"no value label", 111},
    {"is no panel", 459},
    {"no panel is declared", 459},
    {"needs a panel", 459},
    {"do not identify", 459},
    {"does not identify", 459},
    {"has two rows at time", 451},
    {"occurs twice", 451},
    {"unknown command", 199},
    {"is no name", 198},
    {"unknown option", 198},
    {"unknown function", 133},
    {"no results", 301},
    {"there is no estimate", 301},
    {"no file '", 601},
    {"No such file", 601},
    {"does not exist", 601},
    {"' exists", 602},
    {"cannot write", 603},
    {"cannot open", 603},
    {"is no file of", 610},
    {"nothing was preserved", 622},
    {"no rows", 2000},
    {"no row ", 2000},
    {"no observations", 2000},
    {"no degrees of freedom", 2001},
    {"not converge", 430},
}};

/// What reads statements and expressions finds wrong before anything runs.
constexpr std::array<std::string_view, 12> syntax = {
    "expected ",   "is not supported", "takes no ",        "takes a ",   "is written ", "is missing",
    "begins with", "are not read",     "is no expression", "takes only", "given twice", "unexpected"};

bool holds(std::string_view line, std::string_view part) { return line.find(part) != std::string_view::npos; }

}  // namespace

int return_code(std::string_view message) {
  const std::string_view line = message.substr(0, message.find('\n'));
  for (const Code& code : codes)
    if (holds(line, code.part)) return code.number;
  const bool wrong_syntax =
      std::any_of(syntax.begin(), syntax.end(), [&](std::string_view part) { return holds(line, part); });
  return wrong_syntax ? 198 : 1;
}

}  // namespace bindings
