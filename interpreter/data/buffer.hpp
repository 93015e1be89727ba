// An uninitialised array for values that a kernel writes once, from many threads: no zeroing pass before.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

namespace data {

namespace detail {
/// `bytes` of memory, on huge pages where the system offers them and the size pays. Throws std::bad_alloc.
void* allocate(std::size_t bytes);
struct Release {
  void operator()(void* memory) const noexcept;
};
}  // namespace detail

/// Owns `size` values of a trivial type. Movable only; Column takes it over without a copy.
template <class T>
class Buffer {
  static_assert(std::is_trivial_v<T>);

 public:
  Buffer() = default;
  explicit Buffer(std::size_t size) : values_(static_cast<T*>(detail::allocate(size * sizeof(T)))), size_(size) {}

  T* data() { return values_.get(); }
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return values_.get()[i]; }
  std::span<const T> span() const { return {values_.get(), size_}; }
  /// Forgets the values from `size` on.
  void shrink(std::size_t size) { size_ = size < size_ ? size : size_; }

 private:
  std::unique_ptr<T, detail::Release> values_;
  std::size_t size_ = 0;
};

}  // namespace data
