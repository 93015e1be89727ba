// The distinct words of a text column, numbered in order of first appearance.
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace data::csv {

/// Hash table from words to codes. Holds views: what they point to must outlive it, except words added with keep().
class Words {
 public:
  /// The code of a word that stays where it is (in the file's text).
  std::int32_t code(std::string_view word) { return find(word, false); }
  /// The code of a word that must be copied when it is new.
  std::int32_t code_of_copy(std::string_view word) { return find(word, true); }
  const std::vector<std::string_view>& list() const { return list_; }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::int32_t code = -1;
  };

  static std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    a = (a ^ b) * 0x9E3779B97F4A7C15ULL;
    return a ^ (a >> 29);
  }
  static std::uint64_t hash_of(std::string_view word) {
    const char* p = word.data();
    std::size_t left = word.size();
    std::uint64_t hash = mix(left, 0xD6E8FEB86659FD93ULL);
    for (; left >= 8; p += 8, left -= 8) {
      std::uint64_t part = 0;
      std::memcpy(&part, p, 8);
      hash = mix(hash, part);
    }
    if (left >= 4) {  // two overlapping halves cover 4 to 7 bytes
      std::uint32_t head = 0;
      std::uint32_t tail = 0;
      std::memcpy(&head, p, 4);
      std::memcpy(&tail, p + left - 4, 4);
      hash = mix(hash, (std::uint64_t{head} << 32) | tail);
    } else if (left > 0) {
      const auto byte = [p](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(p[i])}; };
      hash = mix(hash, byte(0) | (byte(left / 2) << 8) | (byte(left - 1) << 16));
    }
    return mix(hash, hash >> 32);
  }

  std::int32_t find(std::string_view word, bool copy) {
    const std::uint64_t hash = hash_of(word);
    std::size_t at = hash & mask_;
    for (; slots_[at].code >= 0; at = (at + 1) & mask_)
      if (slots_[at].hash == hash && list_[static_cast<std::size_t>(slots_[at].code)] == word) return slots_[at].code;
    if (copy) word = copies_.emplace_back(word);
    const auto code = static_cast<std::int32_t>(list_.size());
    slots_[at] = {hash, code};
    list_.push_back(word);
    if (list_.size() * 2 > mask_) grow();
    return code;
  }
  void grow() {
    mask_ = mask_ * 2 + 1;
    std::vector<Slot> old(mask_ + 1);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.code < 0) continue;
      std::size_t at = slot.hash & mask_;
      while (slots_[at].code >= 0) at = (at + 1) & mask_;
      slots_[at] = slot;
    }
  }

  std::size_t mask_ = 255;
  std::vector<Slot> slots_ = std::vector<Slot>(256);
  std::vector<std::string_view> list_;
  std::deque<std::string> copies_;
};

}  // namespace data::csv
