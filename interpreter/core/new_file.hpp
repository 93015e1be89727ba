// Writing whole files: a reader never sees half of one, and an old file stays as it was when anything fails.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace core {

/// A file on its way to `path`: written beside it under another name, and renamed over it by commit(). Without commit()
/// the destructor removes what was written. Through a symbolic link, the file it points to is replaced; a file that may
/// not be written is not replaced. Devices and pipes (/dev/stdout) are written to directly: there is nothing to
/// replace.
class NewFile {
 public:
  /// Throws Error when there can be no such file (no folder, a folder of that name, no permission).
  explicit NewFile(std::string path);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  /// Appends. Throws Error "cannot write 'x.csv': No space left on device".
  void write(std::string_view bytes);
  /// Overwrites bytes written before.
  void write_at(std::size_t offset, std::string_view bytes);
  /// Flushes to the disk and takes the place of the old file. Throws Error; the old file then stays.
  void commit();

  /// The name the file has until commit(), for libraries that write by name. "" for devices.
  const std::string& temporary() const { return temporary_; }
  const std::string& path() const { return path_; }
  /// Throws the Error of a failed write, for a system's error number.
  [[noreturn]] void fail(int reason) const;

 private:
  std::string path_, target_, temporary_;
  int descriptor_ = -1;
  int mode_ = -1;  ///< permissions of the file that is replaced
};

/// Writes `content` as the whole of the file at `path`, as NewFile does.
void write_file(const std::string& path, std::string_view content);

}  // namespace core
