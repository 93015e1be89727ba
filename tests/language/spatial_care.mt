-- Weights keep what they were made of, maps show every value, and spatial results say what they are.
links = frame{ a = {"A", "B", "C"}, b = {"B", "C", "D"}, w = {1, 2, 4} }
f = frame{ town = {"A", "B", "C", "D"}, x = {1, 5, 3, 2}, z = {2, 1, 0, 1}, k = {7, 7, 7, 7} }
use(f)
R = weights.edges(links, a, b, w, both=true, id=town)
N = weights.edges(links, a, b, w, both=true, id=town, standardize="none")
-- standardising again starts from the raw weights
print(R:standardize("none"):weight("C", "D"), R:standardize("minmax"):weight("C", "D") == N:standardize("minmax"):weight("C", "D")) --> 4.0	true
print(R:standardize("spectral"):weight("B", "C") == N:standardize("spectral"):weight("B", "C"), R:standardize("spectral"):standardize("row"):weight("B", "C") == R:weight("B", "C")) --> true	true
print(R:subset("D", "C", "B", "A"):standardize("none"):weight("D", "C"), R:subset("B", "C", "D"):standardize("none"):weight("C", "D")) --> 4.0	4.0
print(R:subset("B", "C", "D"):weight("C", "D") == N:subset("B", "C", "D"):standardize("row"):weight("C", "D")) --> true
print(R:link("A", "D", weight=3):weight("A", "D"), R:binary():standardize("row"):weight("B", "C")) --> 0.75	0.5
-- what algebra makes is raw
print((R*0.5 + R*0.5):standardize("none"):weight("B", "A") == R:weight("B", "A"), (R*2):standardize("none"):weight("A", "B")) --> true	2.0
-- negative weights: a row over a negative sum would turn round
M = N - N*2
M:standardize("row") --> error: weights must not be negative to be row-standardised: that of A - B is -1
weights.edges(frame{ a = {"A", "B"}, b = {"B", "C"}, w = {1, -1} }, a, b, w, both=true) --> error: must not be negative
print(weights.edges(frame{ a = {"A", "B"}, b = {"B", "C"}, w = {1, -1} }, a, b, w, both=true, standardize="none"):weight("B", "C")) --> -1.0
-- lists print
print(R:neighbours("B")) --> A
--> C
I = weights.edges(links, a, b, both=true, units={"A", "B", "C", "D", "E"})
print(I:islands()) --> E
print(weights.edges(frame{ a = {"A"}, b = {"B"} }, a, b, both=true):eigenvalues()) --> -1  1
-- an outcome that does not vary
sar(k ~ x, R) --> error: the outcome k is constant
-- an estimate at an end of its interval
pairs_of = weights.edges(frame{ a = {"A", "C", "E", "G"}, b = {"B", "D", "F", "H"} }, a, b, both=true, id=town)
use(frame{ town = {"A", "B", "C", "D", "E", "F", "G", "H"}, y = {1, 1.0001, 5, 5.0002, 9, 8.9999, 3, 3}, x = {1, 2, 0, 1, 1, 0, 2, 1} })
at_bound = false
for _, note in ipairs(sar(y ~ x, pairs_of).notes) do at_bound = at_bound or note:find("lies at the bound of its interval (between -1 and 1)", 1, true) ~= nil end
print(at_bound) --> true
-- polygons that share an id
shapes = read("../../examples/zhejiang/data/zj_cities.geojson")
use(shapes)
gen(half = floor((_n + 1)/2), v = 1000*_n + 14)
weights.queen(shapes, id=half) --> error: the shape of unit '1' of 'half' differs between rows 1 and 2
weights.rook(shapes, id=half) --> error: the shape of unit '1' of 'half' differs between rows 1 and 2
-- maps: limits that leave values out, colours of ten classes, a polygon with two values
map(shapes, v, at={3000, 9000}, file="at.svg")
text = io.open("at.svg"):read("a")
print(text:find("&lt; 3000", 1, true) ~= nil, text:find("3000 – 9000", 1, true) ~= nil, text:find("> 9000", 1, true) ~= nil) --> true	true	true
for _, palette in ipairs{"reds", "blues"} do
  map(shapes, v, k=10, palette=palette, file="at.svg")
  local colours, count = {}, 0
  for colour in io.open("at.svg"):read("a"):gmatch("fill = 'rgb%([%d, ]+%)'") do colours[colour] = true end
  for _ in pairs(colours) do count = count + 1 end
  print(count)
end --> 10
--> 10
replace(v = 1234567*_n)
map(shapes, v, file="at.svg")
print(io.open("at.svg"):read("a"):find("e+", 1, true)) --> nil
-- limits have decimals in common: no 6.626e-07 beside 0.3
gen(tiny = "6.626e-07 + 0.1*(_n - 1)")
map(shapes, tiny, method="equal", k=3, file="at.svg")
text = io.open("at.svg"):read("a")
print(text:find("e−", 1, true), text:find("0.0000 – ", 1, true) ~= nil or text:find("0.000 – ", 1, true) ~= nil) --> nil	true
os.remove("at.svg")
use "../../examples/zhejiang/data/zj_exports.csv"
panel(city, year) --> panel: city × year, 11 units, 5 periods (2016 to 2020, step 1), 55 rows
--> balanced
gen(share = open)
drawn = merge("1:m", data(), on=city, keepusing={share, year}, nogenerate=true, data=shapes, copy=true)
map(drawn, share) --> error: a polygon stands in several rows with different values
print(map(drawn, share, where="year == 2020")) --> figure…
-- gwr pools periods, and its columns are labelled by their names
g = gwr(lnexports ~ open, lon, lat, metric="planar", bandwidth=40, name="b")
print(tostring(g):find("Rows of all 5 periods are pooled", 1, true) ~= nil) --> true
print(tostring(gwr(lnexports ~ open, lon, lat, metric="planar", bandwidth=9, where="year == 2020")):find("pooled", 1, true)) --> nil
-- what explain writes, and predictions
W = weights.edges("../../examples/zhejiang/data/zj_contiguity.csv", "city_i", "city_j", both=true, id=city)
m = sar(lnexports ~ open, W, fe="unit")
text = explain(m)
print(text:find("lnexports = rho W lnexports + b1*open + a[city] + e", 1, true) ~= nil, text:find("(X'X)^-1", 1, true) == nil) --> true	true
print(explain(sem(lnexports ~ open, W)):find("u = lambda E u + e", 1, true) ~= nil, explain(stsls(lnexports ~ open, W)):find("(Z'Ph Z)^-1 Z'Ph y", 1, true) ~= nil) --> true	true
print(explain(slx(lnexports ~ open, W)):find("b3*(W open)", 1, true) ~= nil) --> true
print(m:predict():values()[3] == m:fitted():values()[3], m:predict("residuals"):values()[3] == m:residuals():values()[3]) --> true	true
m:predict("fe") --> error: nothing called 'fe' to predict after a spatial model
