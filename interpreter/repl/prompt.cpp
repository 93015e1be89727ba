#include "repl/prompt.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "repl/signals.hpp"

namespace repl {
namespace {

class PlainPrompt : public Prompt {
 public:
  Line read(const std::string& prompt, const std::string& /*before*/) override {
    std::fputs(prompt.c_str(), stdout);
    std::fflush(stdout);
    for (;;) {
      const std::size_t newline = typed_.find('\n');
      if (newline != std::string::npos) return {Line::End::entered, take(newline + 1)};
      if (wait_for_input(STDIN_FILENO) == Signal::interrupt) {
        std::fputs("\n", stdout);
        typed_.clear();
        return {Line::End::interrupted, ""};
      }
      std::array<char, 4096> buffer{};
      const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
      if (got > 0) {
        typed_.append(buffer.data(), static_cast<std::size_t>(got));
      } else if (typed_.empty()) {
        std::fputs("\n", stdout);
        return {Line::End::closed, ""};
      } else {
        return {Line::End::entered, take(typed_.size())};
      }
    }
  }
  void remember(const std::string& /*input*/) override {}

 private:
  std::string take(std::size_t length) {
    std::string line = typed_.substr(0, length);
    typed_.erase(0, length);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    return line;
  }

  std::string typed_;
};

}  // namespace

std::unique_ptr<Prompt> plain_prompt() { return std::make_unique<PlainPrompt>(); }

std::unique_ptr<Prompt> make_prompt(Prompt::Completer completer, std::function<void(int)> on_width) {
#ifdef MOONTIDE_READLINE
  if (isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0)
    return readline_prompt(std::move(completer), std::move(on_width));
#else
  static_cast<void>(completer);
  static_cast<void>(on_width);
#endif
  return plain_prompt();
}

std::string common_head(const std::vector<std::string>& words) {
  if (words.empty()) return "";
  std::string head = words.front();
  for (const std::string& word : words) {
    const auto stop = std::mismatch(head.begin(), head.end(), word.begin(), word.end()).first;
    head.erase(stop, head.end());
  }
  const auto continues = [&](std::size_t at) {  // a character that began before
    return at < words.front().size() && (static_cast<unsigned char>(words.front()[at]) & 0xC0U) == 0x80U;
  };
  while (!head.empty() && continues(head.size())) head.pop_back();
  return head;
}

}  // namespace repl
