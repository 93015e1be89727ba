// A library that is loaded when the first of its functions is called: starting the program does not pay for it.
#pragma once

namespace core {

class LateLibrary {
 public:
  /// `file` as the loader knows it ("libzip.so.4"); `work` ("workbooks") and Debian's `package` for the error.
  constexpr LateLibrary(const char* file, const char* work, const char* package)
      : file_(file), work_(work), package_(package) {}

  /// A function by its name. Throws core::Error when the library is not on this machine, or lacks it.
  template <class Function>
  Function* function(const char* name) const {
    return reinterpret_cast<Function*>(address(name));
  }

 private:
  void* address(const char* name) const;

  const char* file_;
  const char* work_;
  const char* package_;
};

}  // namespace core

/// The function of this name in `library`, looked up once.
#define MOONTIDE_LATE(library, name)                                        \
  ([] {                                                                     \
    static auto* const found = (library).function<decltype(::name)>(#name); \
    return found;                                                           \
  }())
