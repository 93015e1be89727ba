-- Stata's statements around event studies: each is ours, and refuses what ours lacks by name.
use "../../examples/pilot_zones/data/ydr_cities.csv"
panel(city, year) --> panel: city × year, 41 units, …
-- the second line of its report --> balanced
function near(a, b) return math.abs(a - b) <= 1e-10*math.max(1, math.abs(b)) end
quietly did_multiplegt_dyn ser city year did, effects(3) placebo(2)
print(last_estimate().coef.ATT == dcdh(ser ~ 1, did, effects=3, placebo=2).coef.ATT) --> true
quietly did_multiplegt_dyn ser city year did, effects(2) trends_lin bootstrap(20, 3)
t = dcdh(ser ~ 1, did, effects=2, placebo=0, unit_trends=true, bootstrap=20, seed=3)
print(last_estimate().coef["event::1"] == t.coef["event::1"], last_estimate().se["event::1"] == t.se["event::1"]) --> true	true
did_multiplegt_dyn ser city year did, effects(2) continuous(1) --> error: a polynomial in the first treatment is not offered
quietly eventstudyinteract ser g_4 g0, absorb(city year) cohort(cohort)
print(near(last_estimate().coef["event::0"], sunab(ser ~ 1, cohort=cohort).coef["event::0"])) --> true
quietly did2s ser, first_stage(i.city i.year) second_stage(i.did) treatment(did) cluster(city)
print(near(last_estimate().coef[1], gardner(ser ~ 1, cohort=cohort, effects="static").coef[1])) --> true
quietly stackedev ser pre2 post0 post1, cohort(cohort) time(year) unit_fe(city) clust_unit(city)
print(near(last_estimate().coef["event::0"], stacked(ser ~ 1, cohort=cohort, window={-2, 1}, weighting="none").coef["event::0"])) --> true
quietly xthdidregress ra (ser) (did), group(city)
print(near(last_estimate().coef[1], att_gt(ser ~ 1, cohort=cohort, method="reg").coef[1])) --> true
quietly estat event, window(-1 2)
print(last_estimate().command, #last_estimate().names) --> aggte	5
quietly drdid ser if year == 2014 | year == 2020, ivar(city) time(year) tr(treat) dripw
print(near(last_estimate().coef[1], drdid(ser ~ 1, treat=treat, method="dr", where="year == 2014 or year == 2020").coef[1])) --> true
quietly drdid ser if year == 2014 | year == 2020, treat(treat) method(dr)
quietly event_study ser, cohort(cohort) window(-4 3)
quietly honestdid, mvec(0.5(0.5)1) delta(sd)
did_multiplegt_dyn ser city year --> error: takes outcome, unit, time and treatment
twowayfeweights ser city year did, type(fdTR) --> error: type(fdTR) is not supported
quietly bacondecomp ser did lngdp
xthdidregress ra (ser) (did), group(city) hettype(time) --> error: option 'hettype' is not supported
honestdid, delta(xx) --> error: takes rm, sd or sdrm
