// Where in a script's statement the words to blame stand.
#pragma once

#include "core/error.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace bindings {

/// Bytes [begin, end) of a script.
struct Mark {
  std::size_t begin, end;
};

/// A letter, digit or _ of ASCII, or a byte beyond it.
bool in_name(char c);

/// Bytes of the statement that starts on `line`: up to the end of the line on which its brackets are closed.
Mark statement_bytes(const std::string& text, int line);

/// What the error blames in the statement on `line`, by caret or by word; comments are not looked at. The formula of a
/// command statement is made of its words, so there the marked part is looked for instead of the whole.
std::optional<Mark> find_mark(const core::Error& error, const std::string& text, int line, bool in_command_statement);

/// Does the statement on `line` begin with `command` and hold `name` = …?
bool gives_value(const std::string& text, int line, const std::string& command, const std::string& name);

}  // namespace bindings
