#include "estimators/fingerprint.hpp"

#include "core/parallel.hpp"

#include <bit>
#include <cstring>
#include <span>

namespace estimators {
namespace {

constexpr std::size_t cells_per_task = 1 << 16;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
  return hash ^ (hash >> 29);
}

template <class T, class ToBits>
std::uint64_t values_hash(std::span<const T> values, ToBits&& bits) {
  std::vector<std::uint64_t> parts((values.size() + cells_per_task - 1) / cells_per_task);
  core::for_blocks(values.size(), cells_per_task, [&](std::size_t begin, std::size_t end) {
    std::uint64_t hash = begin;
    for (std::size_t i = begin; i < end; ++i) hash = mix(hash, bits(values[i]));
    parts[begin / cells_per_task] = hash;
  });
  std::uint64_t hash = values.size();
  for (const std::uint64_t part : parts) hash = mix(hash, part);
  return hash;
}

std::uint64_t text_hash(const std::string& text) {
  std::uint64_t hash = text.size();
  for (const char letter : text) hash = mix(hash, static_cast<unsigned char>(letter));
  return hash;
}

std::uint64_t column_hash(const data::Column& column) {
  const auto real_bits = [](double value) {  // every NaN is the same missing value, and −0 is 0
    return value != value ? ~std::uint64_t{0} : std::bit_cast<std::uint64_t>(value + 0.0);
  };
  const auto integer_bits = [](auto value) { return static_cast<std::uint64_t>(value); };
  switch (column.type()) {
    case data::Type::real:
      return values_hash(column.reals(), real_bits);
    case data::Type::integer:
    case data::Type::date:
      return values_hash(column.integers(), integer_bits);
    case data::Type::boolean:
      return values_hash(column.booleans(), integer_bits);
    case data::Type::text:
    case data::Type::category:
      break;
  }
  std::uint64_t hash = values_hash(column.codes(), integer_bits);
  for (const std::string& word : *column.dictionary()) hash = mix(hash, text_hash(word));
  return hash;
}

}  // namespace

std::uint64_t fingerprint(const data::Frame& frame, const std::vector<std::string>& columns) {
  std::uint64_t hash = frame.rows();
  for (const std::string& name : columns) {
    const data::ColumnPtr column = frame.find(name);
    if (column == nullptr) continue;
    hash = mix(hash, text_hash(name));
    hash = mix(hash, static_cast<std::uint64_t>(column->type()));
    hash = mix(hash, column_hash(*column));
  }
  return hash;
}

std::string hexadecimal(std::uint64_t value) {
  static const char digits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) text[i] = digits[value & 15];
  return text;
}

}  // namespace estimators
