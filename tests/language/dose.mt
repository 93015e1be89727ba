-- Continuous doses: what dose_did and dose_curve refuse, and how doses say who is treated.
use "../../examples/pilot_zones/data/ydr_cities.csv"
panel(city, year) --> panel: city × year, 41 units, …
-- the second line of its report --> balanced
gen(received = did*lnarea, minus = -lnarea, half = did*year, same = 1)
dose_did(ser ~ 1, cohort=cohort) --> error: dose= is missing
dose_did(ser ~ 1, dose=lnarea, cohort=cohort) --> error: cohort 2015 has 1 different dose, and a curve of degree 3 with 0 knots takes 4
dose_did(ser ~ 1, dose=lnarea) --> error: every treated city has a dose from the first year on
dose_did(ser ~ 1, dose=minus, cohort=cohort) --> error: it cannot be below 0
dose_did(ser ~ 1, dose=half) --> error: dose 'half' changes within city Shanghai after its treatment
dose_did(ser ~ 1, dose=same, cohort=cohort, cohorts="pooled") --> error: every treated unit has dose 1
dose_did(ser ~ 1, dose=received, cohorts="pooled", at={ 1 }) --> error: dose 1 is outside of those observed
dose_did(ser ~ 1, dose=received, cohorts="pooled", agg="level", at={ 9 }) --> error: at= names doses of the curves
dose_did(ser ~ 1, dose=received, cohorts="pooled", where="did == 1") --> error: no unit has dose 0
dose_curve(feols(ser ~ did, fe=city)) --> error: a result of dose_did has curves over the dose
m = dose_did(ser ~ 1, dose=received, cohorts="pooled")
n = dose_did(ser ~ 1, dose=lnarea, cohort=cohort, cohorts="pooled")
print(m.coef.ATT == n.coef.ATT, m.se.ACRT == n.se.ACRT, m.treated_units) --> true	true	24.0
-- The table's doses lie on the curve, and the same seed gives the same bands.
c = dose_curve(m, at={ 9 }, seed=1)
print(c.critical == dose_curve(n, at={ 9.5 }, seed=1).critical, #c.frame.dose) --> true	101
