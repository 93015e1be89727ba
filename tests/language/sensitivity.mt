-- Sensitivity of event studies, and effects of treatments that rise and fall: truths that need no peer, and refusals.
use "../../examples/pilot_zones/data/ydr_cities.csv"
panel(city, year) --> panel: city × year, 41 units, …
-- the second line of its report --> balanced
function near(a, b, tol) return math.abs(a - b) <= (tol or 1e-10)*math.max(1, math.abs(b)) end
-- A binary treatment that stays on: the effects are att_gt's with controls not yet treated, averaged by cohort size.
m = dcdh(ser ~ 1, did, effects=4, placebo=2)
a = att_gt(ser ~ 1, cohort=cohort, control="notyet", base="universal"):aggte("dynamic")
for e = 0, 3 do assert(near(m.coef["event::" .. e], a.coef["event::" .. e])) end
print(m.switchers, #m.names, m:vcov_as(cluster(province)).vcov_label) --> 24.0	7	clustered by province (4)
-- Another unit of treatment: the same effects, the total per unit of treatment in proportion.
m2 = dcdh(ser ~ 1, 2*did, effects=4, placebo=2)
print(near(m2.coef["event::1"], m.coef["event::1"]), near(2*m2.coef.ATT, m.coef.ATT)) --> true	true
n = dcdh(ser ~ 1, did, effects=2, normalized=true)
print(near(2*n.coef["event::1"], dcdh(ser ~ 1, did, effects=2).coef["event::1"])) --> true
-- The sign of a change: what is gained by switching in is lost by switching out.
off = dcdh(ser ~ 1, 1 - did, effects=2)
print(near(off.coef["event::0"], -m.coef["event::0"]), near(off.coef.ATT, -dcdh(ser ~ 1, did, effects=2).coef.ATT)) --> true	true
-- A treatment that rises and falls, and its effect at once: known truth without noise.
do
  local id, t, d, y, x = {}, {}, {}, {}, {}
  for i = 1, 12 do
    for p = 1, 6 do
      local k = #id + 1
      id[k], t[k] = i, p
      d[k] = (i <= 4 and p >= 3 and 2) or (i > 8 and p < 4 and 1) or (i > 10 and 1) or 0
      x[k] = (i*p*p) % 7
      y[k] = i + p*p + 3*d[k] + 0.5*x[k]
    end
  end
  f = frame{ id = id, t = t, d = d, y = y, x = x }
end
quiet = panel("id", "t", data=f)
s = dcdh(y ~ x, d, effects=1, placebo=1, data=f)
print(near(s.coef.ATT, 3, 1e-9), near(s.coef["event::-2"], 0, 1e-9), #s.tests) --> true	true	0
print(near(dcdh(y ~ x, d, effects=1, switchers="in", data=f).coef["event::0"], 6, 1e-9), near(dcdh(y ~ x, d, effects=1, switchers="out", data=f).coef["event::0"], 3, 1e-9)) --> true	true
-- Each unit with a linear trend of its own: effects on changes find the truth, plain ones do not.
quiet = gen(trended = "2*(d > 0) + 0.3*id*t + t*t", data=f)
u = dcdh(trended ~ 1, d, effects=2, placebo=1, switchers="in", unit_trends=true, where="id <= 8", data=f)
print(near(u.coef["event::0"], 2), near(u.coef["event::1"], 2), #u.names) --> true	true	2
print(near(dcdh(trended ~ 1, d, effects=1, switchers="in", where="id <= 8", data=f).coef["event::0"], 2, 1e-3)) --> false
-- same_switchers counts an effect as there only while somebody serves as control for it (all cities treated in the end).
w = dcdh(ser ~ 1, did, effects=2, same_switchers=true, where="cohort > 0")
print(w.switchers, dcdh(ser ~ 1, did, effects=2, where="cohort > 0").switchers) --> 8.0	13.0
-- Samples of units: the seed fixes them, the estimates stay, the errors are near those of influence functions.
b1, b2 = dcdh(ser ~ 1, did, effects=2, placebo=1, bootstrap=300, seed=5), dcdh(ser ~ 1, did, effects=2, placebo=1, bootstrap=300, seed=5)
b0 = dcdh(ser ~ 1, did, effects=2, placebo=1)
print(b1.se.ATT == b2.se.ATT, b1.coef.ATT == b0.coef.ATT, math.abs(b1.se.ATT/b0.se.ATT - 1) < 0.25, b1.vcov_label) --> true	true	true	bootstrap, 300 samples of city
dcdh(ser ~ 1, did, bootstrap=10, vcov="hetero") --> error: draws units, or the levels of one cluster variable
dcdh(ser ~ 1, did, effects=2, where="year >= 2019", unit_trends=true) --> error: takes two periods before the change
dcdh(ser ~ 1, treat) --> error: treatment never changes
dcdh(ser ~ 1, did, fe=city) --> error: unknown option 'fe'
dcdh(ser ~ 1, did, within=did) --> error: changes within city
dcdh(ser ~ 1, lngdp) --> error: no effect is identified
-- Smoothness: M = 0 extrapolates a line; intervals grow with M; the breakdown value is where they reach 0.
es = event_study(ser ~ 1, cohort=cohort, window={-4, 3})
h = honest_did(es, restriction="sd", effect="average", M={0, 0.005, 0.02})
print(h.low[1] > h.low[2] and h.low[2] > h.low[3], h.high[1] < h.high[3]) --> true	true
at = honest_did(es, restriction="sd", effect="average", M={h.breakdown}, breakdown=false)
print(near(at.low[1], 0, 1e-6)) --> true
-- Relative magnitudes: the same draws for the same seed; the sign of the bias helps.
r = honest_did(es, M={0.5}, seed=3)
print(r.low[1] == honest_did(es, M={0.5}, seed=3).low[1], r.low[1] < r.estimate and r.estimate < r.high[1]) --> true	true
print(honest_did(es, M={0.5}, bias="positive", seed=3).high[1] < r.high[1]) --> true
-- A conditional set need not shrink: here it falls apart, in HonestDiD 0.2.8 too (… to 0.087 and 0.096 to 0.116).
print(string.format("%.3f", honest_did(es, M={0.5}, method="conditional", bias="positive").high[1])) --> 0.116
c = honest_did(es, M={r.breakdown - 0.001, r.breakdown + 0.001}, seed=3)
print(c.low[1] > 0, c.low[2] <= 0) --> true	true
print(near(honest_did(es, l={1, 0, 0, 0}, restriction="sd", M=0).low[1], honest_did(es, effect="0", restriction="sd", M=0).low[1])) --> true
honest_did(did(ser ~ did, fe=city+year)) --> error: has no effects by event time
honest_did(imputation(ser ~ 1, cohort=cohort, leads=3)) --> error: not relative to one period
honest_did(att_gt(ser ~ 1, cohort=cohort):aggte("dynamic")) --> error: not relative to one period
honest_did(event_study(ser ~ 1, cohort=cohort, window={-4, 3}, ref={-1, -3})) --> error: takes one reference period
honest_did(es, l={1, 2}) --> error: one weight for each of the 4 effects
honest_did(es, M=-1) --> error: M cannot be negative, as is -1
honest_did(es, method="flci") --> error: for smoothness alone
honest_did(es, effect="9") --> error: no effect at event time 9
print(honest_did(imputation(ser ~ 1, cohort=cohort, leads=3), ref=-1, restriction="sd", M=0, breakdown=false).estimate ~= nil) --> true
