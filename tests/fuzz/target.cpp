// A libFuzzer target for the format FUZZ_FORMAT.
#include "fuzz/one_input.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>

namespace {

struct Scratch {
  std::string path = "/dev/shm/moontide_fuzz_XXXXXX";
  Scratch() {
    if (!mkdtemp(path.data())) std::abort();
  }
  ~Scratch() { std::filesystem::remove_all(path); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Scratch scratch;
  fuzz::one_input(FUZZ_FORMAT, {reinterpret_cast<const char*>(data), size}, scratch.path);
  return 0;
}
