// A copy of standard output in a file: log using "x.log".
#pragma once

#include <string>

namespace bindings {

/// From here on what is printed also goes to the file. Throws core::Error when a log is open already, or the file
/// cannot be written.
void open_log(const std::string& path, bool append);
/// Ends the log; nothing when none is open. The program's end does it too.
void close_log();

}  // namespace bindings
