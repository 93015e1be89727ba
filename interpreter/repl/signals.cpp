#include "repl/signals.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>

#include "core/interrupt.hpp"

namespace repl {
namespace {

// A pipe from the handler to the prompt: a signal may reach any thread, and poll() in this one must still wake.
std::array<int, 2> wake = {-1, -1};

void announce(char what) {
  const int saved = errno;
  if (wake[1] >= 0) static_cast<void>(!write(wake[1], &what, 1));
  errno = saved;
}

void interrupt_session(int /*signal*/) {
  // The request before this one was not heard: one of Lua's own functions runs, and those cannot be stopped.
  constexpr std::string_view stubborn =
      "\n(still running: a function of Lua's library, such as string.find or table.sort, cannot be stopped inside; "
      "Ctrl-\\ ends Moontide)\n";
  if (core::interrupt_requested()) static_cast<void>(!write(STDERR_FILENO, stubborn.data(), stubborn.size()));
  core::request_interrupt();
  announce('I');
}
void interrupt_script(int signal) {
  if (!core::interrupt_requested()) return core::request_interrupt();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}
void resized(int /*signal*/) { announce('R'); }
void continued(int /*signal*/) { announce('C'); }

void handle(int signal, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(signal, &action, nullptr);
}

}  // namespace

void catch_interrupts(bool session) {
  if (!session) return handle(SIGINT, interrupt_script);
  if (wake[0] < 0 && pipe2(wake.data(), O_CLOEXEC | O_NONBLOCK) != 0) wake = {-1, -1};
  handle(SIGINT, interrupt_session);
  handle(SIGWINCH, resized);
  handle(SIGCONT, continued);
}

Signal wait_for_input(int descriptor) {
  for (;;) {
    std::array<pollfd, 2> waiting = {{{descriptor, POLLIN, 0}, {wake[0], POLLIN, 0}}};
    if (poll(waiting.data(), waiting.size(), -1) < 0 && errno == EINTR) continue;
    char what = 0;
    if (wake[0] < 0 || read(wake[0], &what, 1) != 1) return Signal::none;
    if (what == 'I') core::clear_interrupt();
    return what == 'I' ? Signal::interrupt : what == 'R' ? Signal::resized : Signal::continued;
  }
}

void forget_signals() {
  core::clear_interrupt();
  char what = 0;
  while (wake[0] >= 0 && read(wake[0], &what, 1) == 1) {
  }
}

}  // namespace repl
