-- Units without neighbours, every period in join_counts and correlogram, Moran's I of residuals, names of lags.
links = frame{ a = {"A", "B", "C", "D"}, b = {"B", "C", "D", "A"} }
f = frame{ town = {"A", "B", "C", "D", "E", "F"}, x = {1, 5, 3, 2, 9, 4}, z = {2, 1, 0, 1, 3, 1}, kind = {"u", "v", "u", "v", "u", "v"} }
use(f)
W = weights.edges(links, a, b, both=true, id=town, units=f, standardize="row")
lone = weights.edges(frame{ a = {"A"}, b = {"B"} }, a, b, id=town, units=f)
-- n counts the units with neighbours, or all; or the islands are left out of everything
a, k, d = moran(x, W), moran(x, W, islands="keep"), moran(x, W, islands="drop")
print(a.n, k.n, d.n, a.expected == d.expected, k.expected) --> 4.0	6.0	4.0	true	-0.2
S = W:subset("A", "B", "C", "D")
four = frame{ town = {"A", "B", "C", "D"}, x = {1, 5, 3, 2}, z = {2, 1, 0, 1}, kind = {"u", "v", "u", "v"} }
print(d.statistic == moran(x, S, data=four).statistic, d.variance == moran(x, S, data=four).variance) --> true	true
print(math.abs(k.statistic/a.statistic - 6/4) < 1e-12) --> true
print(geary(x, W, islands="drop").z == geary(x, S, data=four).z, getis_ord(x, W).z == getis_ord(x, S, data=four).z) --> true	true
print(getis_ord(x, W, islands="keep").statistic < getis_ord(x, W).statistic) --> true
print(tostring(a):find("2 units without neighbours (E, F): not counted in N", 1, true) ~= nil) --> true
print(tostring(d):find("2 units without neighbours (E, F): left out", 1, true) ~= nil, tostring(moran(x, S, data=four)):find("without neighbours", 1, true)) --> true	nil
-- shuffled over all units, I has the mean that the moments of "keep" say, and their variance
p = moran(x, W, islands="keep", permutations=20000, seed=3)
print(math.abs(p.draws_mean - p.expected) < 0.01, math.abs(p.draws_sd/p.sd - 1) < 0.02) --> true	true
print(join_counts(kind, W:binary(), islands="drop")["u:u"].expected == join_counts(kind, S:binary(), data=four)["u:u"].expected) --> true
moran(x, lone) --> error: fewer than two units have neighbours
moran(x, lone, islands="drop") --> error: no unit has a neighbour once units without neighbours are left out
moran(x, W, islands="none") --> error: option 'islands'
-- panels: a block of rows a period, and one period as a cross-section
q = frame{ town = {"A", "B", "C", "D", "A", "B", "C", "D"}, year = {1, 1, 1, 1, 2, 2, 2, 2}, x = {1, 5, 3, 2, 4, 4, 1, 0}, kind = {"u", "v", "u", "v", "u", "u", "v", "v"} }
use(q)
panel(town, year) --> panel: town × year, 4 units, 2 periods (1 to 2, step 1), 8 rows
--> balanced
j = join_counts(kind, S:binary())
print(j["1"]["u:v"].statistic, j["2"]["u:v"].statistic, j["2"]["u:v"].z == join_counts(kind, S:binary(), where="year == 2")["u:v"].z) --> 4.0	2.0	true
print(#j.frame, j.frame.year[4], j.frame.pair[4]) --> 6	2	u:u
c = correlogram(x, S, orders=2)
print(c["2"]["1"].statistic == correlogram(x, S, orders=2, where="year == 2")["1"].statistic, #c.frame) --> true	4
c = correlogram(x, S, orders=2, plot="periods.svg")
print(io.open("periods.svg") ~= nil) --> true
os.remove("periods.svg")
gen(w = x, where="year == 2")
print(tostring(correlogram(w, S, orders=2)):find("No values in 1: left out", 1, true) ~= nil) --> true
-- residuals: moran(m, W) has their own moments
use(four)
m = ols(x ~ z)
r = moran(m, S)
print(r.statistic == residual_moran(m, S).statistic, math.abs(r.z - lmtests(m, S)["Moran's I of residuals"].statistic) < 1e-12) --> true	true
gen(e = m:residuals())
print(math.abs(moran(e, S).statistic - r.statistic) < 1e-12, moran(e, S).expected == r.expected) --> true	false
moran(m:residuals(), S) --> error: gen(e = …) makes values a column first
moran(slx(x ~ z, S), S) --> error: moran of a result is for least squares
