// A 64-bit hash of the columns an estimate used: the same data give the same number on any machine.
#pragma once

#include "data/frame.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace estimators {

/// Hash of names, types and values of `columns` (whole columns, missing included), in the order given; names the frame
/// does not have are skipped. Independent of the number of threads. Not cryptographic.
std::uint64_t fingerprint(const data::Frame& frame, const std::vector<std::string>& columns);
/// 16 hexadecimal digits.
std::string hexadecimal(std::uint64_t value);

}  // namespace estimators
