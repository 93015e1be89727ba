#include "repl/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>

#include "core/interrupt.hpp"
#include "repl/terminal.hpp"

namespace repl {
namespace {

std::string time_text(double seconds) {
  const auto whole = static_cast<long long>(std::ceil(seconds));
  if (whole < 100) return std::to_string(whole) + " s";
  if (whole < 6000) return std::to_string((whole + 59) / 60) + " min";
  return std::to_string((whole + 3599) / 3600) + " h";
}

}  // namespace

std::string bar_text(const std::string& what, std::uint64_t done, std::uint64_t total, double elapsed_seconds,
                     int width) {
  const double share = static_cast<double>(done) / static_cast<double>(total);
  const std::string percent = std::to_string(static_cast<int>(100 * share));
  std::string tail = "  " + std::string(percent.size() < 3 ? 3 - percent.size() : 0, ' ') + percent + " %";
  if (done > 0) tail += "  " + time_text(elapsed_seconds * (1 - share) / share) + " left";
  const int room = std::min(30, width - 1 - static_cast<int>(what.size() + tail.size()) - 4);
  if (room < 5) return (what + tail).substr(0, static_cast<std::size_t>(std::max(0, width - 1)));
  const auto cells = static_cast<std::size_t>(room);
  const auto full = static_cast<std::size_t>(share * room);
  return what + "  [" + std::string(full, '#') + std::string(cells - full, '.') + "]" + tail;
}

std::string ProgressBar::report(const std::string& what, std::uint64_t done, std::uint64_t total, Clock::time_point now,
                                int width) {
  if (total == 0) return "";
  if (done == 0) {
    if (running_.empty()) started_ = now;
    running_.push_back(what);
    return "";
  }
  if (done >= total) {
    if (!running_.empty()) running_.pop_back();
    if (!running_.empty() || drawn_ == 0) return "";
    const std::size_t columns = std::min(drawn_ + 2, static_cast<std::size_t>(std::max(0, width - 1)));  // with a "^C"
    const std::string wipe = "\r" + std::string(columns, ' ') + "\r";
    drawn_ = 0;
    return wipe;
  }
  using Seconds = std::chrono::duration<double>;
  const bool is_outermost = running_.size() == 1;
  const bool is_due = drawn_ == 0 ? Seconds(now - started_).count() > 0.5 : Seconds(now - drawn_at_).count() > 0.1;
  if (!is_outermost || !is_due) return "";
  drawn_at_ = now;
  std::string line = bar_text(what, done, total, Seconds(now - started_).count(), width);
  const std::size_t columns = line.size();
  if (columns < drawn_) line.append(drawn_ - columns, ' ');
  drawn_ = columns;
  return "\r" + line;
}

void show_progress() {
  if (isatty(STDERR_FILENO) == 0) return;
  core::set_progress_sink(
      [bar = std::make_shared<ProgressBar>()](const std::string& what, std::uint64_t done, std::uint64_t total) {
        const std::string text = bar->report(what, done, total, ProgressBar::Clock::now(), terminal_width(80));
        if (!text.empty()) std::fputs(text.c_str(), stderr);
      });
}

}  // namespace repl
