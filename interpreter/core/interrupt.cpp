#include "core/interrupt.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <cstdlib>
#include <thread>

namespace core {
namespace {
std::atomic<bool> requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set in a signal handler");
ProgressSink sink;
int thread_count = 0;
}  // namespace

void request_interrupt() noexcept { requested.store(true, std::memory_order_relaxed); }
void clear_interrupt() noexcept { requested.store(false, std::memory_order_relaxed); }
bool interrupt_requested() noexcept { return requested.load(std::memory_order_relaxed); }
void poll() {
  if (requested.exchange(false, std::memory_order_relaxed)) throw Interrupted();
}

void set_progress_sink(ProgressSink to) { sink = std::move(to); }

Progress::Progress(std::string what, std::uint64_t total) : what_(std::move(what)), total_(total) {
  if (sink) sink(what_, 0, total_);
}
Progress::~Progress() {
  if (sink) sink(what_, total_, total_);
}
void Progress::step(std::uint64_t by) {
  done_ += by;
  poll();
  if (sink && done_ < total_) sink(what_, done_, total_);
}

int threads() noexcept {
  if (thread_count == 0) {
    const char* asked = std::getenv("MOONTIDE_THREADS");
    const int from_user = asked ? std::atoi(asked) : 0;
    thread_count = from_user > 0 ? from_user : std::max(1U, std::thread::hardware_concurrency());
  }
  return thread_count;
}
void set_threads(int count) { thread_count = std::max(1, count); }

}  // namespace core
