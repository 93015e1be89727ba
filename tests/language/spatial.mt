-- Spatial weights: values, algebra, joins by id, lags in gen and formulas, and what they refuse.
links = frame{ a = {"A", "B", "C"}, b = {"B", "C", "D"}, w = {1, 2, 4} }
f = frame{ town = {"D", "A", "C", "B"}, x = {1, 2, 3, 5}, z = {2, 1, 0, 1}, lon = {104, 101, 103, 102}, lat = {30, 30, 30, 30} }
use(f)
W = weights.edges(links, a, b, both=true, id=town, standardize="none")
print(W.n, W.links, W.id, W.components) --> 4	6	town	1
print(W:weight("A", "B"), W:weight("A", "C")) --> 1.0	0.0
-- rows meet by id: the frame has another order than the weights
gen(lag = W*x, again = W:lag(x))
print(f.lag:values()[1], f.lag:values()[2], f.lag:values()[4], f.again:values()[3]) --> 3.0	5.0	5.0	6.0
R = W:standardize("row")
print(R:weight("B", "A"), R.standard) --> 0.5	row
print((W + W:transpose()):weight("A", "B"), (W*0.5):weight("A", "B"), (W^2):weight("A", "C"), (W*W):weight("A", "A")) --> 2.0	0.5	1.0	1.0
print(#W:subset("A", "B", "D"), W:subset("A", "B", "D"):islands()[1]) --> 3	D
print(#W:subset(where="x > 1"):neighbours("B")) --> 2
print(W:link("A", "D"):weight("D", "A")) --> 1.0
print(weights.edges(links, a, b, w, id=town, standardize="none"):weight("C", "D")) --> 4.0
W:link("A", "Q") --> error: the weights have no unit 'Q'
W:weigth("A") --> error: did you mean 'weight'
K = weights.knn(lon, lat, k=1, id=town)
print(K:neighbours("A")[1], K:neighbours("D")[1]) --> B	C
weights.knn(lon, lat, k=4, id=town) --> error: k is a whole number from 1 to 3
weights.knn(lat*10, lon, k=1, id=town) --> error: is no place on earth
weights.inverse_distance(lat, lat, id=town) --> error: are at the same place
weights.queen(f) --> error: has no shapes
weights.band(lon, lat, id=town) --> error: option 'most' is missing
-- statistics
print(string.format("%.4f", moran(x, W).statistic)) --> -0.2381
moran(x, W, where="town != 'D'") --> error: none for 'D'
moran("x*0", W) --> error: the same value for every unit
gi(x, weights.inverse_distance(lon, lat, id=town)) --> error: the same everywhere
print(gi(x, weights.inverse_distance(lon, lat, id=town), binary=false).frame.unit:values()[1]) --> D
print(moran(x, W, permutations=99, seed=5).p_permutation == moran(x, W, permutations=99, seed=5).p_permutation) --> true
g = frame{ town = {"A", "B", "X", "D"}, x = {1, 2, 3, 4} }
moran(x, W, data=g) --> error: the weights have no unit 'X' of column 'town'
-- models: the sample and W must have the same units
sar(x ~ z, W, where="town != 'D'") --> error: W has 4 units but the sample has 3
sar(x ~ z) --> error: argument 'W'
sar(x ~ z, W, fe=town) --> error: need a panel
impacts(ols(x ~ z)) --> error: impacts is for spatial models
-- a W made from rows without ids stays with those rows
B = weights.band(lon, lat, most=150)
sort(x)
gen(l2 = B*x)
print(f.l2:values()[1], f.l2:values()[4]) --> 3.0	2.5
-- classes
print(breaks(x, k=2).frame.to:values()[1]) --> 3.0
-- weights that change over time
P = frame{ town = {"A", "B", "C", "A", "B", "C"}, year = {2001, 2001, 2001, 2002, 2002, 2002}, x = {1, 2, 4, 1, 2, 4}, z = {3, 1, 2, 5, 2, 2} }
use(P)
panel(town, year) --> panel: town × year, …
-- the second line of its report --> balanced
A = weights.edges(frame{ a = {"A", "B"}, b = {"B", "C"} }, a, b, both=true, id=town)
C = weights.edges(frame{ a = {"A", "C"}, b = {"C", "B"} }, a, b, both=true, id=town)
T = weights.by_period{[2001] = A, [2002] = C}
gen(tx = T*x)
print(P.tx:values()[1], P.tx:values()[4], P.tx:values()[2], P.tx:values()[5]) --> 2.0	4.0	2.5	4.0
print(T:period(2002):weight("A", "C")) --> 1.0
moran(x, T) --> error: takes one W, and these weights change over time
T:period(2003) --> error: there are no weights for period 2003
sar(z ~ x, weights.by_period{[2001] = A}) --> error: there are no weights for period 2002
T:standardize("row") --> error: change over time
-- local regressions of all rows alike are the one regression
use(frame{ x = {1, 2, 3, 4, 5, 6, 7, 8}, e = {0, 1, 2, 3, 4, 5, 6, 7}, n = {0, 1, 0, 1, 0, 1, 0, 1}, y = {2, 3, 5, 4, 6, 9, 8, 9} })
g = gwr(y ~ x, e, n, metric="planar", kernel="boxcar", adaptive=false, bandwidth=1000)
print(math.abs(g.x.min - g.x.global) < 1e-12, math.abs(g.x.max - g.x.global) < 1e-12, string.format("%.6f", g.trace)) --> true	true	2.000000
gwr(y ~ x, e, n, metric="planar", adaptive=false, bandwidth=0.1) --> error: too few rows near place 1
gwr(y ~ x, e, n, bandwidth=2) --> error: from 3 to 8
gwr(y ~ x, e*1000, n) --> error: is no place on earth
