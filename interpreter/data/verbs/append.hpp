// Frames one under another.
#pragma once

#include "data/frame.hpp"

#include <span>
#include <string>
#include <vector>

namespace data {

struct Appended {
  Frame frame;
  std::vector<std::string> notes;
};

/// The rows of `first`, then of the others; columns by name, those of `first` in front, missing where a frame lacks
/// one. Types widen (stacked()); with `force`, values of a type that does not fit are missing, and a note says so.
/// `columns`: of the others, only these; all when empty. Throws core::Error on types that do not go together.
Appended append(const Frame& first, std::span<const Frame> others, std::span<const std::string> columns, bool force);

}  // namespace data
