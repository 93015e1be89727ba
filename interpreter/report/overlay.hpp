// Figures made of others: layers over one another, panels side by side.
#pragma once

#include "report/figure.hpp"

#include <cstddef>

namespace report {

/// Draws `layer` over what is there: its colours follow those in use; titles, labels and ticks are those of the first
/// that has some. Throws core::Error for a layer of several panels.
void overlay(Figure& into, const Figure& layer);

/// Gives the panels the range and ticks of all of them.
void share_scales(Figure& figure);

/// How many different labels a legend would have.
std::size_t labelled(const Figure& figure);

}  // namespace report
