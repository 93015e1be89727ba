-- Which term is the treatment, and placebo runs of models with several terms of it.
use "../../examples/pilot_zones/data/ydr_cities.csv"
panel(city, year) --> panel: city × year, 41 units, …
-- the second line of its report --> balanced
-- Bug: treat*post without fixed effects took treat for the treatment.
m = did(ser ~ treat*post)
print(m.provenance.treatment) --> treat:post
-- Bug: a 0/1 control before the treatment was taken for it.
gen(coast = "lon > 120")
print(did(ser ~ coast + did, fe=year).provenance.treatment) --> did
print(did(ser ~ coast + did, treatment="coast", fe=year).provenance.treatment) --> coast
print(did(ser ~ did*coast, fe=city+year).provenance.treatment) --> did
-- Bug: draws held did:lngdp at its real values: their spread was a tenth of the standard error.
w = did(ser ~ did*lngdp, fe=city+year)
p = placebo(w, seed=1, reps=60)
spread = 0
for _, b in ipairs(p.draws) do spread = spread + b*b end
print(math.sqrt(spread/60) > 0.04, p.p > 0.05) --> true	true
print(placebo(m, seed=1, reps=20).treatment) --> treat:post
placebo(did(ser ~ did + L.did, fe=city+year), reps=5, seed=1) --> error: L.did
placebo(m, reps=5, assign="time") --> error: post
-- Bug: strata within which nothing can change places gave equal draws and p = 1.
plain = did(ser ~ did, fe=city+year)
placebo(plain, strata=city, reps=5) --> error: nothing can change places
placebo(plain, strata=cohort, reps=5) --> error: nothing can change places
placebo(plain, strata=province, assign="time", reps=5) --> error: strata=
-- Bug: any word but density drew the scatter.
q = placebo(plain, reps=40, seed=2)
print(q:plot("histogram") ~= nil, q:plot("scatter", threshold=0.05) ~= nil) --> true	true
q:plot("violin") --> error: no placebo plot
q:plot("density", threshold=0.2) --> error: threshold=
-- A placebo run as a column of a table: the estimate with the permutation p-value.
print(etable(plain, q) ~= nil, etable(q, below="p", stats={"nobs", "placebo_p"}) ~= nil) --> true	true
-- Bug: an event study without fe= was a pooled regression. It takes those of the panel.
e = event_study(ser ~ 1, cohort=cohort)
f = event_study(ser ~ 1, cohort=cohort, fe=city+year)
print(e.coef[1] == f.coef[1], e.formula) --> true	ser ~ 1 | city + year
-- Binned ends say so, and rows beyond a window are booked as what they are.
b = event_study(ser ~ 1, cohort=cohort, fe=city+year, window={-4, 3})
print(b.names[1], b.names[#b.names]) --> event::<=-4	event::>=3
o = event_study(ser ~ 1, cohort=cohort, fe=city+year, window={-4, 3}, bin=false)
print(o.names[1], o.notes[1]:match("beyond the window %-4 to 3")) --> event::-4	beyond the window -4 to 3
-- Several references.
r = event_study(ser ~ 1, cohort=cohort, fe=city+year, ref={-1, -4})
print(r.coef["event::-3"] ~= nil, pcall(function() return r.coef["event::-4"] end)) --> true	false	no coefficient 'event::-4'
event_study(ser ~ 1, cohort=cohort, ref={-1, -40}) --> error: -40
event_study(ser ~ 1, cohort=cohort, ref=0.5) --> error: whole event times
-- Bug: without never-treated units a test was printed of effects that depend on which dummy fell out.
keep "treat == 1"
t = event_study(ser ~ 1, cohort=cohort, fe=city+year)
print(#t.tests, #t.collinear) --> 0	1
u = event_study(ser ~ 1, cohort=cohort, fe=city+year, ref={-1, -4})
print(#u.tests, #u.collinear) --> 1	0
