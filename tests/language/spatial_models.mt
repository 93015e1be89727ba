-- What spatial models refuse, name and count: bounds, effects, tests, lists of links.
use "../../examples/zhejiang/data/zj_exports.csv"
panel(city, year) --> panel: city × year, 11 units, 5 periods (2016 to 2020, step 1), 55 rows
--> balanced
W = weights.edges("../../examples/zhejiang/data/zj_contiguity.csv", "city_i", "city_j", both=true, id=city)
f = lnexports ~ lnwage + open
-- W without negative eigenvalues: rho has no lower bound, the search still ends at the maximum
P = weights.edges("../../examples/zhejiang/data/zj_contiguity.csv", "city_i", "city_j", both=true, id=city, standardize="none"):with_self()
Q = (P*P):standardize("row")
m = sar(lnexports ~ lnwage, Q, where="year == 2020")
open_below = false
for _, note in ipairs(m.notes) do open_below = open_below or note:find("rho below 1", 1, true) ~= nil end
print(open_below) --> true
-- effects
sar(f, W, fe="both", where="year == 2020") --> error: unit effects need two periods or more, and the sample has one, 2020
u, r, rt = sar(f, W, fe="unit"), sar(f, W, effects="random"), sar(f, W, effects="random", fe="time")
d = sar(lnexports ~ lnwage + open + i.year, W, effects="random")
print(math.abs(d.loglik - rt.loglik) < 1e-6, math.abs(d.coef.rho - rt.coef.rho) < 1e-6, math.abs(d.coef["i.year::2017"] - rt.coef["year::2017"]) < 1e-6) --> true	true	true
print(math.abs(impacts(rt).lnwage.total - rt.coef.lnwage/(1 - rt.coef.rho)) < 1e-9) --> true
print(impacts(rt)["year::2017"]) --> error: no field 'year::2017'
sar(f, W, effects="random", fe="unit") --> error: unit effects are fixed (fe=) or random (effects="random"), not both
-- the Hausman test compares one model
print(spatial_hausman(u, r).Hausman.df1) --> 2
print(spatial_hausman(sar(f, W, fe="both"), rt).Hausman.df1) --> 2
print(spatial_hausman(u, r, variance="given_rho").Hausman.df1) --> 2
spatial_hausman(sar(f, W, fe="both"), r) --> error: the first has time effects, the second has none
spatial_hausman(u, rt) --> error: the second has time effects, the first has none
spatial_hausman(u, sem(f, W, effects="random")) --> error: sar and sem
spatial_hausman(r, u) --> error: takes the fixed-effects result first
spatial_hausman(u, u) --> error: the second result of spatial_hausman has no random unit effects
spatial_hausman(u, sar(f, W, effects="random", where="year > 2016")) --> error: the samples have 55 and 44 observations
spatial_hausman(u, sar(lnexports ~ lnwage, W, effects="random")) --> error: only the first has 'open'
spatial_hausman(u, sar(f, W:transpose(), effects="random")) --> error: these differ: W is
-- z stays z
print(u:vcov_as("hetero").df, sar(f, W, fe="unit", vcov="hetero").df) --> inf	inf
print(u:vcov_as("hetero").p.open == sar(f, W, fe="unit", vcov="hetero").p.open) --> true
-- R2 of a panel
er = sem(f, W, fe="unit")
gen(fit = er.coef.lnwage*lnwage + er.coef.open*open)
gen(my = mean(lnexports), mf = mean(fit), by=city)
print(math.abs(er.r2_overall - ols(lnexports ~ fit).r2) < 1e-12, math.abs(er.r2_between - ols(my ~ mf).r2) < 1e-12) --> true	true
print(math.abs(er.r2_within - feols(lnexports ~ fit, fe=city).r2_within) < 1e-12) --> true
-- rho = 0 with lagged regressors is not "no spatial dependence"
s = sdm(f, W, fe="unit")
print(s.tests["rho = 0 (LR)"].df1, s.tests["rho = 0, no lagged regressors (LR)"].df1) --> 1	3
print(math.abs(s.tests["rho = 0 (LR)"].statistic - 2*(s.loglik - slx(f, W, fe="unit").loglik)) < 1e-6) --> true
print(spatial_choice(f, W, fe="unit").fits.slx.command) --> slx
-- LM tests after absorbed effects are those after their dummies
absorbed, dummies = lmtests(feols(f, fe={city, year}), W), lmtests(ols(lnexports ~ lnwage + open + i.city + i.year), W)
for _, test in ipairs{"LM lag", "robust LM lag", "robust LM error"} do print(math.abs(absorbed[test].statistic/dummies[test].statistic - 1) < 1e-9) end --> true
--> true
--> true
-- impacts by traces are means of the unit by unit ones, by the inverse
sp, open_direct, open_received = spillovers(s, "open"), 0, 0
for _, v in ipairs(sp.frame.direct:values()) do open_direct = open_direct + v/11 end
for _, v in ipairs(sp.frame.received:values()) do open_received = open_received + v/11 end
print(math.abs(open_direct - impacts(s).open.direct) < 1e-12, math.abs(open_received - impacts(s).open.indirect) < 1e-12) --> true	true
-- moments on panels
gs2sls(f, W, fe="both") --> error: the moments of 'gs2sls' know unit effects, not those of time
gmerror(f, W, fe="unit", moments="het") --> error: moments="het" is for cross-sections and pooled data
stsls(f, W, effects="random") --> error: option 'effects'
gen(wy = W*lnexports, w1 = W*lnwage, w2 = W*open)
gen(w11 = W*w1, w22 = W*w2)
w = stsls(f, W, fe="unit")
iv = feols(lnexports ~ lnwage + open | wy ~ w1 + w2 + w11 + w22, fe=city)
print(math.abs(w.coef.rho - iv.coef.wy) < 1e-9, math.abs(w.coef.open - iv.coef.open) < 1e-9) --> true	true
w = stsls(f, W, fe="city + year")
iv = feols(lnexports ~ lnwage + open | wy ~ w1 + w2 + w11 + w22, fe=city+year)
print(math.abs(w.coef.rho - iv.coef.wy) < 1e-9, math.abs(w.se.rho - iv.se.wy) < 1e-9) --> true	true
-- moments="het": lambda in the table
h = gmerror(f, W, moments="het", where="year == 2020")
print(h.coef.lambda == h.lambda, math.abs(h.se.lambda - h.lambda_se) < 1e-12) --> true	true
-- an estimate beyond the bounds has no impacts
z = frame{ town = {"A", "B", "C", "D", "E", "F"}, v = {1, 0, 2, 1, 3, 0}, y = {9, 2, 7, 30, 9, 12} }
use(z)
L = weights.edges(frame{ a = {"A", "B", "C", "D", "E"}, b = {"B", "C", "D", "E", "F"} }, a, b, both=true, id=town)
t = stsls(y ~ v, L, w2x=false)
print(t.notes[#t.notes]:match("^warning: rho is not admissible") ~= nil) --> true
impacts(t) --> error: rho = 2.6032 is not admissible
spillovers(t, "v") --> error: rho = 2.6032 is not admissible
-- lists of links
links = frame{ a = {1, 2}, b = {2, 3} }
N = weights.edges(links, a, b, both=true, units={1, 2, 3, 4}, standardize="none")
print(N.n, N:islands()[1], N:weight(1, 2), #N:neighbours(2), #N:subset(1, 2), N:link(3, 4):weight(4, 3)) --> 4	4	1.0	2	2	1.0
weights.edges(links, a, b, both=true, units={1, 2}) --> error: has '3', which is none of the units
weights.band(v, y, most=0.001, metric="planar", id=town) --> error: no two units are linked
weights.inverse_distance(v, y, cutoff=0, metric="planar", id=town) --> error: cutoff= is a distance above 0
L:subset{} --> error: subset keeps no unit
print(#L:subset(z, "v > 0")) --> 4
M = L:subset("F", "E", "D", "C", "B", "A")
print(math.abs(sac(y ~ v, L).loglik - sac(y ~ v, L, error_W=M).loglik) < 1e-9) --> true
sac(y ~ v, L, error_W=L:subset("A", "B", "C", "D", "E")) --> error: only one of them has 'F'
-- conley in the plane: nobody nearer than the cutoff gives the heteroskedastic covariance
use(frame{ e = {0, 3000, 90000, 5000, 400}, n = {0, 0, 10, 70000, 9000}, x = {1, 2, 4, 3, 7}, y = {1, 3, 2, 5, 4} })
o = ols(y ~ x)
print(math.abs(o:vcov_as(conley(100, lat=n, lon=e, metric="planar")).se.x/o:vcov_as("hetero").se.x - 1) < 1e-12) --> true
print(math.abs(o:vcov_as(conley(3500, lat=n, lon=e, metric="planar")).se.x/o:vcov_as("hetero").se.x - 1) > 1e-6) --> true
print(conley(3500, lat=n, lon=e, kernel="bartlett", metric="planar")) --> conley 3500 kernel=bartlett metric=planar lat=n lon=e
print(o:vcov_as("conley 3500 metric=planar lat=n lon=e").se.x == o:vcov_as(conley(3500, lat=n, lon=e, metric="planar")).se.x) --> true
conley(3500, metric="flat") --> error: great_circle
o:vcov_as(conley(3500, lat=n, lon=e)) --> error: metric="planar" takes projected ones
-- a larger snap never takes links away
shapes = read("../../examples/zhejiang/data/zj_cities.geojson")
grows, last = true, 0
for _, kind in ipairs{"rook", "queen"} do
  last = 0
  for _, snap in ipairs{0, 1e-6, 1e-4, 1e-3, 1e-2, 0.05} do
    local links = weights[kind](shapes, snap=snap, id=city).links
    grows, last = grows and links >= last, links
  end
end
print(grows, last) --> true	34
weights.rook(shapes, snap=100, id=city) --> error: is longer than every edge of unit
-- densities by period of a declared panel
use "../../examples/zhejiang/data/zj_exports.csv"
panel(city, year) --> panel: city × year, 11 units, 5 periods (2016 to 2020, step 1), 55 rows
--> balanced
print(kdensity(lnexports, over=year)) --> figure…
-- a lag with where= is taken over those rows alone
gen(wl = W*lnexports, where="year == 2020")
gen(wy = W*lnexports)
o = ols(wl ~ wy)
print(o.nobs, math.abs(o.coef.wy - 1) < 1e-9) --> 11	true
-- tables say what spatial panels hold
text = tostring(etable(u, rt))
print(text:find("city fixed effects +Yes +No") ~= nil, text:find("city random effects +No +Yes") ~= nil, text:find("Log likelihood") ~= nil, text:find("Squared correlation") ~= nil) --> true	true	true	true
print(tostring(etable(u, below="t")):find("z statistics in parentheses", 1, true) ~= nil) --> true
