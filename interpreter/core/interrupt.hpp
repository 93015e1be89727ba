// Ctrl-C and progress: kernels poll; the REPL listens.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <string>

namespace core {

/// Thrown by poll() after Ctrl-C. Not an Error: nothing is wrong, and no result is stored.
class Interrupted : public std::exception {
 public:
  const char* what() const noexcept override { return "interrupted"; }
};

/// Asks the running kernel to stop. Safe in a signal handler.
void request_interrupt() noexcept;
/// Forgets an earlier request (at the start of each command typed).
void clear_interrupt() noexcept;
bool interrupt_requested() noexcept;
/// Throws Interrupted once after a request. Cheap: call it every few thousand rows or once per iteration.
/// Not from inside an OpenMP region (an exception may not leave one): test interrupt_requested() there and poll()
/// after.
void poll();

/// One report of long work: `done` of `total` steps of `what`. total 0 means unknown.
using ProgressSink = std::function<void(const std::string& what, std::uint64_t done, std::uint64_t total)>;
/// Where progress goes; none by default (nothing is printed unless the program is on a terminal).
void set_progress_sink(ProgressSink sink);

/// Reports progress of one piece of work; the destructor reports its end (done == total) so that a bar is removed.
/// step() may be called from the thread that made it only, and polls for interruption.
class Progress {
 public:
  Progress(std::string what, std::uint64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void step(std::uint64_t by = 1);

 private:
  std::string what_;
  std::uint64_t done_ = 0, total_;
};

}  // namespace core
