#include "core/late/library.hpp"

#include "core/error.hpp"

#include <dlfcn.h>

#include <string>

namespace core {

void* LateLibrary::address(const char* name) const {
  void* const library = dlopen(file_, RTLD_NOW | RTLD_LOCAL);  // the same one on every call
  if (!library)
    throw Error(std::string(work_) + " need the library " + file_ + ", which this machine lacks")
        .hint("install Debian's package " + std::string(package_) + ": " + dlerror());
  void* const found = dlsym(library, name);
  if (!found) throw Error("the library " + std::string(file_) + " of this machine lacks " + name);
  return found;
}

}  // namespace core
