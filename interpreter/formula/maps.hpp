// Maps of whole columns that expressions call by name: spatial lags, W_lag(x). Other rooms put them in; a tree then
// only needs the name.
#pragma once

#include "data/frame.hpp"

#include <functional>
#include <string>
#include <vector>

namespace formula {

/// The values of one expression over every row of the frame → as many values. Throws core::Error.
using Map = std::function<std::vector<double>(const data::Frame&, const std::vector<double>&)>;

/// Makes `map` callable and says under which name: `wanted`, or `wanted` with a number when that name is taken. The
/// same `key` gives the same name again; the key is kept alive, so that no other object gets its address.
std::string add_map(const std::shared_ptr<const void>& key, const std::string& wanted, const Map& map);
const Map* find_map(const std::string& name);  ///< nullptr when there is none

}  // namespace formula
