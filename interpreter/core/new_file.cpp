#include "core/new_file.hpp"

#include "core/error.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace core {
namespace fs = std::filesystem;

NewFile::NewFile(std::string path) : path_(std::move(path)), target_(path_) {
  if (path_.empty()) throw Error("the file name is empty");
  struct stat old {};
  const bool exists = ::stat(path_.c_str(), &old) == 0;
  if (exists && S_ISDIR(old.st_mode)) fail(EISDIR);
  if (exists && !S_ISREG(old.st_mode)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail(errno);
    return;
  }
  if (exists) {
    if (::access(path_.c_str(), W_OK) != 0) fail(errno);
    std::error_code failed;
    const fs::path real = fs::canonical(path_, failed);
    if (!failed) target_ = real.string();
    mode_ = static_cast<int>(old.st_mode & 07777U);
  }
  static std::atomic<unsigned> counter{0};
  temporary_ = target_ + ".part" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
  descriptor_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    const int reason = errno;
    temporary_.clear();
    fail(reason);
  }
}

NewFile::~NewFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void NewFile::fail(int reason) const {
  Error error("cannot write '" + path_ + "': " + std::generic_category().message(reason));
  const fs::path folder = fs::path(path_).parent_path();
  std::error_code ignored;
  if (reason == ENOENT && !folder.empty() && !fs::exists(folder, ignored))
    error.hint("there is no folder '" + folder.string() + "': make it first, or give another path");
  else if (reason == EISDIR)
    error.hint("that is a folder: add a file name");
  else if (reason == EACCES || reason == EROFS)
    error.hint("choose a folder you may write in");
  throw error;
}

void NewFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t step = ::write(descriptor_, bytes.data(), bytes.size());
    if (step < 0 && errno != EINTR) fail(errno);
    if (step > 0) bytes.remove_prefix(static_cast<std::size_t>(step));
  }
}

void NewFile::write_at(std::size_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t step = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (step < 0 && errno != EINTR) fail(errno);
    if (step > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(step));
      offset += static_cast<std::size_t>(step);
    }
  }
}

void NewFile::commit() {
  int reason = 0;
  const bool replaces = !temporary_.empty();
  if (replaces && mode_ >= 0 && ::fchmod(descriptor_, static_cast<mode_t>(mode_)) != 0) reason = errno;
  if (replaces && !reason && ::fsync(descriptor_) != 0) reason = errno;
  if (::close(std::exchange(descriptor_, -1)) != 0 && !reason) reason = errno;
  if (replaces && !reason && ::rename(temporary_.c_str(), target_.c_str()) != 0) reason = errno;
  if (!reason) return;
  if (replaces) ::unlink(temporary_.c_str());
  fail(reason);
}

void write_file(const std::string& path, std::string_view content) {
  NewFile file(path);
  file.write(content);
  file.commit();
}

}  // namespace core
