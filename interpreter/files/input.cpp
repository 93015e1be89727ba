#include "files/input.hpp"

#include "core/near.hpp"
#include "data/cannot_read.hpp"
#include "data/csv/text.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <system_error>

namespace files {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::string& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (number_ < 0) throw data::cannot_read(path, errno);
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }
  std::size_t size(const std::string& path) const {
    struct stat about {};
    if (::fstat(number_, &about) != 0) throw data::cannot_read(path, errno);
    if (S_ISDIR(about.st_mode)) throw data::cannot_read(path, EISDIR);
    return static_cast<std::size_t>(about.st_size);
  }

 private:
  int number_;
};

}  // namespace

Mapped map_file(const std::string& path) {
  const Descriptor file(path);
  const std::size_t size = file.size(path);
  if (size == 0) throw core::Error("'" + path + "' is empty");
  void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (memory == MAP_FAILED) throw data::cannot_read(path, errno);
  return {{static_cast<const char*>(memory), size},
          std::shared_ptr<const void>(memory, [size](void* m) { ::munmap(m, size); })};
}

std::string first_bytes(const std::string& path, std::size_t count) {
  const Descriptor file(path);
  file.size(path);
  struct stat about {};
  if (::fstat(file.get(), &about) == 0 && !S_ISREG(about.st_mode)) return {};  // a pipe is read once
  std::string out(count, '\0');
  std::size_t done = 0;
  while (done < count) {
    const ssize_t step = ::read(file.get(), out.data() + done, count - done);
    if (step < 0 && errno == EINTR) continue;
    if (step < 0) throw data::cannot_read(path, errno);
    if (step == 0) break;
    done += static_cast<std::size_t>(step);
  }
  out.resize(done);
  return out;
}

std::size_t size_of(const std::string& path) { return Descriptor(path).size(path); }

core::Error file_error(const std::string& path, const std::string& what) {
  return core::Error("'" + path + "': " + what);
}

core::Error text_error(const std::string& path, std::string_view text, std::size_t offset, const std::string& what) {
  const data::csv::Place place = data::csv::place_of(text, std::min(offset, text.size()));
  return core::Error("'" + path + "', line " + std::to_string(place.line) + ", column " + std::to_string(place.column) +
                     ": " + what);
}

core::Error no_column(const std::string& path, const std::string& name, const std::vector<std::string>& known) {
  return core::Error("no column '" + name + "' in '" + path + "'")
      .hint(core::did_you_mean(name, known, "columns"))
      .word(name);
}

void check_columns(const std::string& path, const std::vector<std::string>& wanted,
                   const std::vector<std::string>& known) {
  std::set<std::string> seen;
  for (const std::string& name : wanted) {
    if (std::find(known.begin(), known.end(), name) == known.end()) throw no_column(path, name, known);
    if (!seen.insert(name).second) throw core::Error("column '" + name + "' is named twice in columns=").word(name);
  }
}

std::vector<std::string> distinct_names(std::vector<std::string> names) {
  std::set<std::string> taken(names.begin(), names.end());
  std::set<std::string> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string base = names[i].empty() ? "V" + std::to_string(i + 1) : names[i];
    std::string name = base;
    for (int n = 2; seen.contains(name) || (name != names[i] && taken.contains(name)); ++n)
      name = base + "_" + std::to_string(n);
    seen.insert(name);
    names[i] = name;
  }
  return names;
}

std::string stem(const std::string& path) { return std::filesystem::path(path).stem().string(); }

}  // namespace files
