// Effects of changes in treatment against differences of means by hand.
#include "estimators/did/switchers.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using estimators::Matrix;
using estimators::switch_effect;
using estimators::SwitchChoices;
using estimators::SwitchEffect;
using estimators::SwitchPanel;

namespace {

constexpr int periods = 4;

/// Units 0 and 1 change at period 2 (from `from` to `to`), units 2 to 4 never do.
SwitchPanel panel(double from, double to) {
  SwitchPanel p;
  p.y.resize(5, periods);
  p.y << 1, 2, 5, 7,  //
      0, 1, 3, 6,     //
      2, 3, 3.5, 4,   //
      1, 1, 2, 2.5,   //
      0, 2, 2, 3;
  p.treatment = Matrix::Constant(5, periods, from);
  p.weight = Matrix::Ones(5, periods);
  p.classes.assign(5, 0);
  p.class_count = 1;
  p.class_names = {"all"};
  for (int g = 0; g < 5; ++g) {
    const bool changes = g < 2;
    if (changes) p.treatment.row(g).tail(2).setConstant(to);
    p.change.push_back(changes ? 2 : periods);
    p.known.push_back(changes ? 2 : periods);
    p.sign.push_back(static_cast<std::int8_t>(changes ? (to > from ? 1 : -1) : 0));
  }
  return p;
}

// Changes from period 1: of units 0 and 1, and of the three others.
constexpr double first = (3 + 2) / 2.0 - (0.5 + 1 + 0) / 3.0, second = (5 + 5) / 2.0 - (1 + 1.5 + 1) / 3.0;

}  // namespace

TEST_CASE("effects of a rise are differences of mean changes") {
  const SwitchPanel p = panel(0, 1);
  const SwitchEffect one = switch_effect(p, {}, 1, false), two = switch_effect(p, {}, 2, false);
  CHECK(one.value == Approx(first).epsilon(1e-14));
  CHECK(two.value == Approx(second).epsilon(1e-14));
  CHECK(one.switchers == 2);
  CHECK(one.dose == Approx(1));
  CHECK(two.dose_sum == Approx(2));
  CHECK(std::abs(one.influence.sum()) < 1e-12);
  CHECK(switch_effect(p, {}, 3, false).switchers == 0);
}

TEST_CASE("a fall of treatment turns the sign, and the dose is what it falls by") {
  const SwitchEffect one = switch_effect(panel(3, 1), {}, 1, false);
  CHECK(one.value == Approx(-first).epsilon(1e-14));
  CHECK(one.dose == Approx(2));
  SwitchChoices rises;
  rises.direction = 1;
  CHECK(switch_effect(panel(3, 1), rises, 1, false).switchers == 0);
}

TEST_CASE("placebos compare the changes before") {
  const SwitchEffect placebo = switch_effect(panel(0, 1), {}, 1, true);
  CHECK(placebo.value == Approx(-1 - (-1 + 0 - 2) / 3.0).margin(1e-14));
}

TEST_CASE("units of another first treatment are no controls") {
  SwitchPanel p = panel(0, 1);
  p.classes = {0, 0, 1, 1, 1};
  p.class_count = 2;
  p.class_names = {"0", "1"};
  CHECK(switch_effect(p, {}, 1, false).switchers == 0);
}
