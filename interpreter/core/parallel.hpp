// Threads: how many, and loops whose result does not depend on that number.
#pragma once

#include <cstddef>

namespace core {

/// Threads that kernels use; 1 or more. Starts at the machine's cores, or MOONTIDE_THREADS.
int threads() noexcept;
void set_threads(int count);

/// Calls body(begin, end) over blocks of fixed size `block` that cover [0, n), on threads(). The blocks do not depend
/// on the number of threads, so a body that writes only its own rows, or its own block's partial sum (index begin /
/// block), gives the same digits on any machine. `body` must not throw, and must test core::interrupt_requested()
/// itself when it is long; poll after the loop.
template <class Body>
void for_blocks(std::size_t n, std::size_t block, const Body& body) {
  const auto blocks = static_cast<long long>((n + block - 1) / block);
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic) num_threads(threads()) if (blocks > 1)
#endif
  for (long long b = 0; b < blocks; ++b) {
    const std::size_t begin = static_cast<std::size_t>(b) * block;
    const std::size_t end = begin + block < n ? begin + block : n;
    body(begin, end);
  }
}

}  // namespace core
