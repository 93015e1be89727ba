#include "data/buffer.hpp"

#include <sys/mman.h>

#include <cstdlib>

namespace data::detail {

void* allocate(std::size_t bytes) {
  constexpr std::size_t huge_page = std::size_t{2} << 20;
  void* memory = nullptr;
  if (bytes >= 2 * huge_page) {
    memory = std::aligned_alloc(huge_page, (bytes + huge_page - 1) / huge_page * huge_page);
    if (memory) madvise(memory, bytes, MADV_HUGEPAGE);  // a hint: failure changes nothing but speed
  } else {
    memory = std::malloc(bytes ? bytes : 1);
  }
  if (!memory) throw std::bad_alloc();
  return memory;
}

void Release::operator()(void* memory) const noexcept { std::free(memory); }

}  // namespace data::detail
