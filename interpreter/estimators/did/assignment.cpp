#include "estimators/did/assignment.hpp"

#include "core/text.hpp"

#include <cmath>

namespace estimators {

std::string words(const AssignmentDesign& design) {
  const std::string who = design.level == nullptr ? "units" : "levels of " + formula::print(design.level);
  const std::string within = design.within == nullptr ? "" : " within " + formula::print(design.within);
  std::string window;
  if (!std::isnan(design.first)) window += " from " + core::shortest(design.first);
  if (!std::isnan(design.last)) window += " to " + core::shortest(design.last);
  switch (design.draws) {
    case Assignment::unit:
      return who + within;
    case Assignment::time:
      return design.permute_dates ? "dates change places among the treated " + who + within
                                  : "dates of the treated " + who + ", uniform" + window;
    case Assignment::both:
      break;
  }
  return who + within + ", and dates, uniform" + window;
}

}  // namespace estimators
