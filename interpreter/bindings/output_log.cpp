#include "bindings/output_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <thread>

#include "core/error.hpp"

namespace bindings {
namespace {

void write_all(int to, const char* data, ssize_t count) {
  while (count > 0) {
    const ssize_t written = write(to, data, static_cast<std::size_t>(count));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    data += written;
    count -= written;
  }
}

/// Standard output goes into a pipe; a thread copies what comes out of it to where it went before, and to the file.
class Log {
 public:
  Log(const std::string& path, bool append) {
    file_ = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC), 0666);
    if (file_ < 0) throw core::Error("cannot write '" + path + "': " + std::strerror(errno)).word(path);
    std::array<int, 2> ends{};
    std::fflush(stdout);
    before_ = dup(STDOUT_FILENO);
    if (before_ < 0 || pipe(ends.data()) != 0) {
      close(file_);
      throw core::Error(std::string("cannot begin a log: ") + std::strerror(errno));
    }
    dup2(ends[1], STDOUT_FILENO);
    close(ends[1]);
    const int from = ends[0], screen = before_, file = file_;
    copier_ = std::thread([from, screen, file] {
      std::array<char, 4096> buffer;
      for (;;) {
        const ssize_t count = read(from, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        write_all(screen, buffer.data(), count);
        write_all(file, buffer.data(), count);
      }
      close(from);
    });
  }
  ~Log() {
    std::fflush(stdout);
    dup2(before_, STDOUT_FILENO);  // closes the pipe's last writing end
    copier_.join();
    close(before_);
    close(file_);
  }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

 private:
  int file_ = -1, before_ = -1;
  std::thread copier_;
};

std::unique_ptr<Log>& current() {
  static std::unique_ptr<Log> log;
  return log;
}

}  // namespace

void open_log(const std::string& path, bool append) {
  if (current()) throw core::Error("a log is open already").hint("log close ends it");
  current() = std::make_unique<Log>(path, append);
}

void close_log() { current().reset(); }

}  // namespace bindings
