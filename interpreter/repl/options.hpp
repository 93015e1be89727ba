// What the program was asked to do: its command line.
#pragma once

#include <string>
#include <vector>

namespace repl {

struct Options {
  std::vector<std::string> code;       ///< each -e, in order
  bool stay = false;                   ///< -i
  bool commands = false;               ///< --commands: print the catalogue and leave
  std::string script;                  ///< a file, "-" for standard input, or ""
  std::vector<std::string> arguments;  ///< what follows the script
  std::string answer;                  ///< --help or --version: print this and leave
};

/// Throws core::Error for an unknown option or one without its value.
Options parse_options(int argc, const char* const* argv);

}  // namespace repl
