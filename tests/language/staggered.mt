-- Estimators for staggered adoption: what must hold between them, and what bad designs say.
use "../../examples/pilot_zones/data/ydr_cities.csv"
panel(city, year) --> panel: city × year, 41 units, …
-- the second line of its report --> balanced
function near(a, b, tol) return math.abs(a - b) <= (tol or 1e-10)*math.max(1, math.abs(b)) end
m = att_gt(ser ~ 1, cohort=cohort)
print(m.units, m.cohorts, #m.names) --> 41.0	5.0	45
-- Without covariates every method is the difference of two mean changes.
for _, method in ipairs{"ipw", "reg", "imp"} do
  local other = att_gt(ser ~ 1, cohort=cohort, method=method)
  for name, b in pairs(m.coef) do assert(near(other.coef[name], b) and near(other.se[name], m.se[name], 1e-8)) end
end
-- With the base period before treatment, effects by cohort and period are those of a saturated regression.
u = att_gt(ser ~ 1, cohort=cohort, base="universal")
s = sunab(ser ~ 1, cohort=cohort, agg="none")
print(near(u.coef["g2019::2020"], s.coef["event::1:cohort::2019"])) --> true
-- Imputation, two stages and the extended regression share their average.
i = imputation(ser ~ 1, cohort=cohort)
print(near(i.coef.ATT, gardner(ser ~ 1, cohort=cohort, effects="static").coef.ATT), near(i.coef.ATT, etwfe(ser ~ 1, cohort=cohort, agg="att").coef.ATT)) --> true	true
-- Weights of two-way fixed effects sum to one, and give its estimate.
twfe = did(ser ~ did, fe=city+year).coef.did
b = bacon(ser ~ 1, cohort=cohort)
w = twfe_weights(ser ~ 1, cohort=cohort)
sum = 0
for _, cell in ipairs(w.cells) do sum = sum + cell.weight end
print(near(b.twfe, twfe), near(w.beta, twfe), near(sum, 1)) --> true	true	true
-- Averages are results: methods, other covariances, tests.
a = m:aggte("dynamic", min=-2, max=2)
print(#a.names, a:vcov_as(cluster(province)).vcov_label) --> 6	clustered by province (4)
print(near(a:lincom("event::1 - event::0").estimate, a.coef["event::1"] - a.coef["event::0"])) --> true
-- Draws: the same for the same seed; a band is wider than an interval.
r1, r2 = att_gt(ser ~ 1, cohort=cohort, reps=199, seed=7), att_gt(ser ~ 1, cohort=cohort, reps=199, seed=7)
print(r1.se[1] == r2.se[1], r1.sup_t > 1.96) --> true	true
-- Weights that repeat rows do not matter for a mean when they are equal.
print(near(att_gt(ser ~ 1, cohort=cohort, weights=aw(lnarea*0 + 2)).coef[3], m.coef[3])) --> true
-- Unbalanced panels: three ways, said.
gap = "not (city_id == 3 and year == 2014)"
print(att_gt(ser ~ 1, cohort=cohort, where=gap).units, att_gt(ser ~ 1, cohort=cohort, where=gap, unbalanced="pairs").units, att_gt(ser ~ 1, cohort=cohort, where=gap, unbalanced="rc").units) --> 40.0	41.0	41.0
-- Designs that do not identify an effect.
att_gt(ser ~ 1) --> error: cohort= is missing
att_gt(ser ~ 1, cohort=did) --> error: changes within city
att_gt(ser ~ 1, cohort=cohort, where="cohort > 0") --> error: no unit is never treated
att_gt(ser ~ 1, cohort=cohort, where="cohort == 0") --> error: no unit of the sample is treated
att_gt(ser ~ 1, cohort=cohort, where="year == 2015") --> error: one period
att_gt(ser ~ 1, cohort=cohort, where="year >= 2016 and (cohort == 2016 or cohort == 0)") --> error: is treated
att_gt(ser ~ 1, cohort=cohort, vcov="iid") --> error: does not suit influence functions
att_gt(ser ~ 1, cohort=cohort, cluster=year) --> error: changes within city
imputation(ser ~ 1, cohort=cohort, leads=9) --> error: is not identified
stacked(ser ~ 1, cohort=cohort, window={-8, 5}) --> error: no cohort has all of the window's periods
drdid(ser ~ 1, treat=treat) --> error: compares two periods
drdid(ser ~ lngdp, treat=treat, where="year == 2014 or year == 2020") --> error: outside what the untreated reach
aggte(did(ser ~ did, fe=city+year), "dynamic") --> error: 'did' has none
sunab(ser ~ 1, cohort=cohort):predict() --> error: needs a result that keeps its sample
n = att_gt(ser ~ 1, cohort=cohort, where="cohort > 0", control="notyet")
print(n.notes[2]) --> no never-treated units: cohort 2020 is a control only, and periods from its treatment on are not used
-- Side by side.
c = compare_did(ser ~ 1, cohort=cohort, window={-2, 1})
print(near(c.estimates["two-way fixed effects"].att, twfe), near(c.estimates.imputation.att, i.coef.ATT)) --> true	true
print(compare_did(ser, cohort=cohort).estimates.imputation.att == compare_did(ser ~ 1, cohort=cohort).estimates.imputation.att) --> true
c:plot{title="x"} --> error: takes file= alone
-- sunab as a term of a regression is the command, with the regression's covariance.
term = feols(ser ~ lngdp + sunab(cohort, year) | city + year, cluster=city)
own = sunab(ser ~ lngdp, cohort=cohort)
for name, b in pairs(own.coef) do assert(term.coef[name] == b and term.se[name] == own.se[name], name) end
print(feols("ser ~ sunab(cohort, year, att=true) | city + year").se.ATT == sunab(ser ~ 1, cohort=cohort, agg="att", vcov="iid").se.ATT) --> true
print(ols(ser ~ sunab(cohort, year, ref={-1, -9}), fe=city+year).coef["event::0"] == sunab(ser ~ 1, cohort=cohort, ref={-1, -9}).coef["event::0"]) --> true
feols(ser ~ sunab(cohort, year)) --> error: needs fixed effects of units and periods
feols(ser ~ sunab(cohort, year):lngdp | city + year) --> error: is a term of its own in feols and ols
feols(ser ~ sunab(cohort, year, bin=2) | city + year) --> error: takes ref=, agg= and att=true, not bin=2
feols(ser ~ sunab(cohort, year) + sunab(cohort, year) | city + year) --> error: a formula takes one sunab(cohort, period), not 2
event_study(ser ~ sunab(cohort, year), cohort=cohort) --> error: is a term of its own in feols and ols
-- Goodman-Bacon by a 0/1 treatment, and with covariates: the comparisons add up to the regression.
print(bacon(ser ~ 1, treatment=did).twfe == bacon(ser ~ 1, cohort=cohort).twfe) --> true
print(near(bacon(ser ~ lngdp + lnedu, treatment=did).twfe, feols(ser ~ did + lngdp + lnedu, fe=city+year).coef.did)) --> true
print(near(bacon(ser ~ lnarea, treatment=did).twfe, bacon(ser ~ 1, treatment=did).twfe)) --> true
gen(off = 1 - did)
bacon(ser ~ 1, treatment=off) --> error: treatment 'off' ends in city Shanghai
bacon(ser ~ 1, treatment=lngdp) --> error: treatment= is 0 or 1, not
bacon(ser ~ did, treatment=did) --> error: covariates and fixed effects absorb the treatment
bacon(ser ~ 1, treatment=did, cohort=cohort) --> error: give cohort= or treatment=, not both
-- Plain regression in drdid: least squares with robust errors; in a panel the difference of mean changes.
gen(late = "year == 2020")
two = "year == 2014 or year == 2020"
plain = drdid(ser ~ lngdp, treat=treat, where=two, method="twfe", panel=false)
same = ols(ser ~ treat + late + treat:late + lngdp, vcov="hc0", where=two)
print(near(plain.coef.ATT, same.coef["treat:late"]), near(plain.se.ATT, same.se["treat:late"])) --> true	true
plain, same = drdid(ser ~ lngdp, treat=treat, where=two, method="twfe"), drdid(ser ~ 1, treat=treat, where=two, method="reg")
print(near(plain.coef.ATT, same.coef.ATT), near(plain.se.ATT, same.se.ATT)) --> true	true
-- Event studies whose pre-trend test could miss a lot, or rejects, point to honest_did; a test of power does not.
told = function(m) return table.concat(m.notes, " "):find("honest_did", 1, true) ~= nil end
print(told(own)) --> false
print(told(stacked(ser ~ 1, cohort=cohort, window={-2, 1}))) --> true
replace(ser = ser + 0.2*(year - cohort)*treat)
print(told(event_study(ser ~ 1, cohort=cohort))) --> true
