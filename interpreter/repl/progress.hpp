// A bar for long work, on a terminal only.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace repl {

/// "placebo  [#########.....................]  30 %  12 s left" within `width` columns.
std::string bar_text(const std::string& what, std::uint64_t done, std::uint64_t total, double elapsed_seconds,
                     int width);

/// Follows reports of nested work and draws the outermost. Nothing appears in the first half second, and the bar is
/// wiped when the work ends.
class ProgressBar {
 public:
  using Clock = std::chrono::steady_clock;
  /// What to write to the terminal now ("" for nothing), `width` columns wide. done 0 begins a piece of work, done ==
  /// total ends it.
  std::string report(const std::string& what, std::uint64_t done, std::uint64_t total, Clock::time_point now,
                     int width);

 private:
  std::vector<std::string> running_;
  Clock::time_point started_, drawn_at_;
  std::size_t drawn_ = 0;  ///< columns on the terminal
};

/// Draws on standard error when that is a terminal.
void show_progress();

}  // namespace repl
