#include "core/error.hpp"

namespace core {

Error::Error(std::string message) : message_(std::move(message)), what_(message_) {}

Error& Error::hint(std::string line) & {
  if (!line.empty()) hints_.push_back(std::move(line));
  return *this;
}
Error&& Error::hint(std::string line) && { return std::move(hint(std::move(line))); }

Error& Error::at(Caret caret) & {
  caret_ = std::move(caret);
  return *this;
}
Error&& Error::at(Caret caret) && { return std::move(at(std::move(caret))); }

Error& Error::word(std::string name) & {
  word_ = std::move(name);
  return *this;
}
Error&& Error::word(std::string name) && { return std::move(word(std::move(name))); }

void Error::in_command(std::string_view command) {
  if (!command_.empty() || command.empty()) return;
  command_ = command;
  // "did clusters by …" begins with the command's name already.
  const bool named = message_.size() > command_.size() && message_.compare(0, command_.size(), command_) == 0 &&
                     (message_[command_.size()] == ' ' || message_[command_.size()] == ':');
  what_ = named ? message_ : command_ + ": " + message_;
}

}  // namespace core
