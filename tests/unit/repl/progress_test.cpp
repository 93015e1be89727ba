#include "repl/progress.hpp"

#include <catch2/catch.hpp>

using repl::bar_text;

TEST_CASE("a bar shows its share and the time left, within the width") {
  CHECK(bar_text("placebo", 50, 100, 3.0, 80) == "placebo  [###############...............]   50 %  3 s left");
  CHECK(bar_text("placebo", 250, 1000, 100.0, 80) == "placebo  [#######.......................]   25 %  5 min left");
  CHECK(bar_text("placebo", 1, 1000, 10.0, 80) == "placebo  [..............................]    0 %  3 h left");
  CHECK(bar_text("placebo", 50, 100, 3.0, 40) == "placebo  [#####......]   50 %  3 s left");
  for (int width = 1; width < 60; ++width)
    CHECK(static_cast<int>(bar_text("placebo", 1, 3, 9.0, width).size()) < width);
}

TEST_CASE("the bar waits half a second, follows the outermost work, and wipes itself") {
  using std::chrono::milliseconds;
  const repl::ProgressBar::Clock::time_point start;
  repl::ProgressBar bar;
  const auto report = [&](const std::string& what, std::uint64_t done, int ms) {
    return bar.report(what, done, 100, start + milliseconds(ms), 80);
  };
  CHECK(report("placebo", 0, 0).empty());
  CHECK(report("placebo", 10, 400).empty());
  CHECK(report("placebo", 20, 600) == "\r" + bar_text("placebo", 20, 100, 0.6, 80));
  CHECK(report("placebo", 21, 650).empty());  // drawn a moment ago
  CHECK(report("absorb", 0, 700).empty());
  CHECK(report("absorb", 50, 900).empty());
  CHECK(report("absorb", 100, 950).empty());
  CHECK(report("placebo", 30, 1000) == "\r" + bar_text("placebo", 30, 100, 1.0, 80));
  const std::string wipe = report("placebo", 100, 1100);
  CHECK(wipe.find_first_not_of("\r ") == std::string::npos);
  CHECK(wipe.size() > bar_text("placebo", 30, 100, 1.0, 80).size());
  CHECK(report("short", 0, 1200).empty());
  CHECK(report("short", 100, 1300).empty());  // never drawn: nothing to wipe
  CHECK(bar.report("unknown", 0, 0, start, 80).empty());
}
