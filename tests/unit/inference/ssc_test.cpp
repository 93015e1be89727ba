#include "inference/ssc.hpp"

#include "core/error.hpp"

#include <catch2/catch.hpp>

using inference::Matrix;
using inference::Sandwich;
using inference::Ssc;
using inference::ssc_preset;
using inference::Vector;

namespace {

/// Two coefficients and the given fixed effects.
double counted(const Ssc& ssc, std::vector<double> levels, std::vector<double> redundant, std::vector<bool> nested = {},
               std::vector<double> slopes = {}) {
  const Matrix none;
  const Vector nothing;
  return inference::parameters_counted(ssc,
                                       Sandwich{.scores = none,
                                                .bread = none,
                                                .residuals = nothing,
                                                .weights = nothing,
                                                .n = 400,
                                                .k = 2,
                                                .fe_levels = std::move(levels),
                                                .fe_redundant = std::move(redundant),
                                                .fe_nestable = {},
                                                .leverage = {},
                                                .fe_slopes = std::move(slopes)},
                                       nested);
}

}  // namespace

// fixest 0.14.2 counts these K on a panel of 41 cities and 10 years (dof_K of feols(ser ~ did + lngdp | …)).
TEST_CASE("K of the fixest preset is fixest's") {
  Ssc ssc = ssc_preset("fixest");
  CHECK(counted(ssc, {}, {}) == 2);
  CHECK(counted(ssc, {41}, {0}) == 43);
  CHECK(counted(ssc, {41, 10}, {0, 1}) == 52);
  CHECK(counted(ssc, {41}, {0}, {true}) == 3);
  CHECK(counted(ssc, {41, 10}, {0, 1}, {true, false}) == 12);
  CHECK(counted(ssc, {41, 10}, {0, 1}, {true, true}) == 3);
  CHECK(counted(ssc, {40, 30}, {0, 3}) == 71);  // city + province^year: levels, not rank
  CHECK(counted(ssc, {40, 30}, {0, 3}, {true, false}) == 32);
  CHECK(counted(ssc, {82, 10}, {0, 1}, {}, {41, 0}) == 93);  // city[trend] + year
  CHECK(counted(ssc, {82, 10}, {0, 1}, {true, false}, {41, 0}) == 53);
  CHECK(counted(ssc, {41, 10}, {0, 1}, {false, false}, {41, 0}) == 53);  // city[[trend]] + year
  ssc.k_fixef = Ssc::KFixef::full;
  CHECK(counted(ssc, {40, 30}, {0, 3}, {true, false}) == 71);
  ssc.k_exact = true;
  CHECK(counted(ssc, {40, 30}, {0, 3}, {true, false}) == 69);
  ssc.k_fixef = Ssc::KFixef::none;
  CHECK(counted(ssc, {40, 30}, {0, 3}) == 2);
}

TEST_CASE("the exact count is what the other dimensions add to the nested ones, in any order") {
  const Ssc ssc = ssc_preset("moontide");
  CHECK(counted(ssc, {41, 10}, {0, 1}) == 52);
  CHECK(counted(ssc, {41, 10}, {0, 1}, {true, false}) == 12);
  CHECK(counted(ssc, {10, 41}, {0, 1}, {false, true}) == 12);
  CHECK(counted(ssc, {40, 30}, {0, 3}) == 69);
  CHECK(counted(ssc, {40, 30}, {0, 3}, {true, false}) == 30);
  CHECK(counted(ssc, {30, 40}, {0, 3}, {false, true}) == 30);
  CHECK(counted(ssc, {41}, {0}, {true}) == 3);
  CHECK(counted(ssc, {41, 10}, {0, 1}, {true, true}) == 3);
  CHECK(counted(ssc, {41, 4}, {0, 4}, {true, true}) == 3);  // province within city
}

TEST_CASE("presets") {
  CHECK(ssc_preset("moontide").k_exact);
  CHECK_FALSE(ssc_preset("fixest").k_exact);
  CHECK(ssc_preset("stata").k_fixef == Ssc::KFixef::full);
  CHECK_FALSE(ssc_preset("none").k_adjust);
  CHECK(ssc_preset("reghdfe").like == "reghdfe");
  CHECK_THROWS_WITH(ssc_preset("fixst"), "unknown small-sample preset 'fixst'");
}
