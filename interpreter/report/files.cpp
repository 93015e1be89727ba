// Writing whole files: a reader never sees half of one, and an old file stays as it was when anything fails.
#include "report/files.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "report/table.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace report {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& path, int reason) {
  core::Error error("cannot write '" + path + "': " + std::generic_category().message(reason));
  const fs::path folder = fs::path(path).parent_path();
  std::error_code ignored;
  if (reason == ENOENT && !folder.empty() && !fs::exists(folder, ignored))
    error.hint("there is no folder '" + folder.string() + "': make it first, or give another path");
  else if (reason == EISDIR)
    error.hint("that is a folder: add a file name");
  else if (reason == EACCES || reason == EROFS)
    error.hint("choose a folder you may write in");
  throw error;
}

/// Writes all of `content`; 0, or the system's reason.
int write_all(int descriptor, const std::string& content) {
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t step = ::write(descriptor, content.data() + done, content.size() - done);
    if (step < 0 && errno != EINTR) return errno;
    if (step > 0) done += static_cast<std::size_t>(step);
  }
  return 0;
}

/// Devices and pipes (/dev/stdout) are written to directly: there is nothing to replace.
void write_through(const std::string& path, const std::string& content) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) fail(path, errno);
  const int reason = write_all(descriptor, content);
  ::close(descriptor);
  if (reason) fail(path, reason);
}

}  // namespace

void write_file(const std::string& path, const std::string& content) {
  if (path.empty()) throw core::Error("the file name is empty");
  std::error_code ignored;
  std::string target = path;
  struct stat old {};
  const bool exists = ::stat(path.c_str(), &old) == 0;
  if (exists && S_ISDIR(old.st_mode)) fail(path, EISDIR);
  if (exists && !S_ISREG(old.st_mode)) return write_through(path, content);
  if (exists && ::access(path.c_str(), W_OK) != 0) fail(path, errno);  // a read-only file is not replaced
  if (exists) {                                                        // through a link, the file it points to
    const fs::path real = fs::canonical(path, ignored);
    if (!ignored) target = real.string();
  }

  static std::atomic<unsigned> counter{0};
  const std::string temporary = target + ".part" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) fail(path, errno);
  int reason = write_all(descriptor, content);
  if (!reason && exists && ::fchmod(descriptor, old.st_mode & 07777) != 0) reason = errno;
  if (!reason && ::fsync(descriptor) != 0) reason = errno;
  if (::close(descriptor) != 0 && !reason) reason = errno;
  if (!reason && ::rename(temporary.c_str(), target.c_str()) != 0) reason = errno;
  if (reason) {
    ::unlink(temporary.c_str());
    fail(path, reason);
  }
}

std::string checked_ending(const std::string& path, const std::vector<std::string>& known, const std::string& what) {
  std::string ending = core::lower(fs::path(path).extension().string());
  if (std::find(known.begin(), known.end(), ending) != known.end()) return ending;
  const std::string said =
      ending.empty() ? "'" + path + "' has no ending that says the format" : "unknown ending '" + ending + "'";
  throw core::Error("cannot save " + what + ": " + said).hint(core::did_you_mean(ending, known, "endings"));
}

}  // namespace report
