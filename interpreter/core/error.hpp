// What went wrong, where, and what to do about it.
// Rooms throw core::Error with what they know; bindings/ adds the command and the script line.
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core {

/// A marked part of a text the user wrote (a formula or condition string): printed with a caret line under it.
struct Caret {
  std::string text;        ///< the whole text
  std::size_t offset = 0;  ///< first marked byte
  std::size_t length = 1;  ///< marked bytes
};

/// A user's mistake, or something their data does not allow. Programmer mistakes assert instead.
class Error : public std::exception {
 public:
  explicit Error(std::string message);

  /// Adds a line that says what to do ("did you mean 'treat'?"). Several are printed in order.
  Error& hint(std::string line) &;
  Error&& hint(std::string line) &&;
  /// Marks a part of a text the user wrote.
  Error& at(Caret caret) &;
  Error&& at(Caret caret) &&;
  /// The word of the script that is to blame; bindings/ marks it in the script line.
  Error& word(std::string name) &;
  Error&& word(std::string name) &&;
  /// Says which command met the error; the first one to say so wins. Changes what() to "command: message".
  void in_command(std::string_view command);

  const std::string& message() const { return message_; }
  const std::string& command() const { return command_; }
  const std::vector<std::string>& hints() const { return hints_; }
  const std::string& word() const { return word_; }
  const Caret* caret() const { return caret_.text.empty() ? nullptr : &caret_; }
  /// "command: message", without hints.
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  std::string message_, command_, word_, what_;
  Caret caret_;
  std::vector<std::string> hints_;
};

}  // namespace core
