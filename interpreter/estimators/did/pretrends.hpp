// The joint test of pre-treatment coefficients, and what it could have found.
#pragma once

#include "results/fit.hpp"

namespace estimators {

/// Tests that every coefficient with a negative event time is zero (Wald, vcov in force), and adds its power: the
/// linear trend per period, through zero at event time `reference`, that the test at the 5 % level would detect with
/// 50 % and with 80 % probability (statistics pretrend_slope50, pretrend_slope80, and a note) when `power`: with
/// several references a linear trend is not zero at each of them. Nothing when there is no such coefficient. Source:
/// Roth (2022), American Economic Review: Insights 4(3), 305–322. Variant: power of the joint Wald test (his software
/// takes the test that any single coefficient is significant).
void add_pretrend_test(results::Fit& fit, double reference, bool power);

}  // namespace estimators
