-- merge, append, cross, reshape, collapse, egen, fillin, duplicates and their mistakes.
local cities = frame(city = {"A", "A", "B", "C"}, year = {2011, 2012, 2011, 2011}, gdp = {1.5, 2, 3, 4})
local areas = frame(city = {"B", "A", "D"}, area = {20, 10, 40})
local function show(f, ...)
  for row = 1, #f do
    local cells = {}
    for _, name in ipairs {...} do
      local value = f[name]:values()[row]
      cells[#cells + 1] = value ~= value and "." or value == "" and "." or tostring(value)
    end
    print(table.concat(cells, " "))
  end
end

use(cities)
local m = merge("m:1", areas, on=city, copy=true)
show(m, "city", "year", "gdp", "area", "_merge")
--> A 2011 1.5 10 Matched (3)
--> A 2012 2.0 10 Matched (3)
--> B 2011 3.0 20 Matched (3)
--> C 2011 4.0 . Master only (1)
--> D . . 40 Using only (2)
print(#cities, #merge("m:1", areas, on=city, keep="match", copy=true)) --> 4	3
print(#merge("m:1", areas, on="city", keep={"match", "using"}, nogenerate=true, copy=true)) --> 4
print(table.concat(merge("m:1", areas, on="city", nogenerate=true, copy=true):names(), " ")) --> city year gdp area
keep "_merge == 3" --> error: no column '_merge'
m:keep("_merge == 3")
print(#m) --> 3
merge("1:1", areas, on=city) --> error: merge 1:1: the key is not unique in 'frame' (master): city = A stands in rows 1 and 2
merge("m:m", areas, on=city) --> error: joinby(other, on=…) makes every pair
merge("1:2", areas, on=city) --> error: the first argument says how rows pair
merge("m:1", areas) --> error: columns in both frames: city
merge("m:1", areas, on=city, assert="match") --> error: assert: 1 row is 'Master only (1)'
merge("m:1", areas, on=city, keep="matchd") --> error: did you mean 'match'?
merge("m:1", areas, on=city, keepng="match") --> error: did you mean 'keep'?
merge("m:1", areas, on=city, where="year > 2011") --> error: unknown option 'where'
merge("m:1", frame(city = {1, 2}), on=city) --> error: the key 'city' is a string in 'frame', and 'city' is a number (integer) in 'frame'
merge("m:1", "nowhere.csv", on=city) --> error: nowhere.csv
merge("m:1", 5, on=city) --> error: argument 'using' takes a frame or a file name, not the number 5
merge("m:1", "towns.csv", left=year, right=year) --> error: not unique in 'towns' (using): year = 2011 stands in rows 1 and 5
local both = merge("m:1", frame(city = {"A"}, gdp = {9.5}), on=city, suffix="_other", nogenerate=true, copy=true)
show(both, "city", "gdp", "gdp_other")
--> A 1.5 9.5
--> A 2.0 9.5
--> B 3.0 .
--> C 4.0 .
local pairs_of_both = joinby(areas, on=city, copy=true)
print(#pairs_of_both, #joinby(areas, on=city, unmatched="both", copy=true)) --> 3	5

local more = append(frame(city = {"E"}, pop = {7}), generate="source", copy=true)
show(more, "city", "gdp", "pop", "source")
--> A 1.5 . 0
--> A 2.0 . 0
--> B 3.0 . 0
--> C 4.0 . 0
--> E . 7 1
append(frame(gdp = {"much"})) --> error: 'gdp' is a double column in 'frame' and a string column in 'frame'
print(#cross(frame(scenario = {"low", "high"}), copy=true)) --> 8
cross(areas) --> error: 'city' is in both frames
local dyads = cross(unit=city, pairs="undirected", data=frame(city = {"A", "B", "C"}, lon = {120, 121, 122}, lat = {30, 30, 31}), distance={"lon", "lat"}, generate="km", copy=true)
print(#dyads, table.concat(dyads:names(), " ")) --> 3	city_i city_j km lon_i lon_j lat_i lat_j
print(string.format("%.3f", dyads.km:values()[1])) --> 96.297

use(frame(id = {1, 2}, gdp2010 = {5, 7}, gdp2011 = {6, 8}, area = {3, 4}))
reshape("long", {"gdp"}, i=id, j="year")
show(data(), "id", "year", "gdp", "area")
--> 1 2010 5 3
--> 1 2011 6 3
--> 2 2010 7 4
--> 2 2011 8 4
reshape("long", "area", i=id, j="t") --> error: i does not identify the rows: id = 1 stands in rows 1 and 2
reshape("wide", gdp, i=id, j=year)
print(table.concat(data():names(), " ")) --> id gdp2010 gdp2011 area
reshape("lnog", "gdp", i=id, j="year") --> error: reshape makes "long" or "wide" data
reshape("long", "gpd", i=id, j="year") --> error: no column is 'gpd' and a whole number
reshape("long", "gdp", i=id) --> error: option 'j' is missing

use "towns.csv"
collapse(ser, m = mean(gdp), s = sd(gdp), n = n(), spread = max(gdp) - min(gdp), share = sum(gdp) / sum(ser), by=type)
show(data(), "type", "ser", "m", "n", "spread")
--> a 2.275 14.875 8 12
--> b 1.35 21.5 4 3
--> c 1.55 32.0 4 5
print(string.format("%.6f", data().s:values()[1])) --> 4.189698
use "towns.csv"
collapse("(mean) ser (sum) gdp (median) mid=gdp (count) n=gdp", by="treat post")
show(data(), "treat", "post", "gdp", "mid", "n")
--> 0 0 62 15.5 4
--> 0 1 70 17.5 4
--> 1 0 94 23.5 4
--> 1 1 107 26.5 4
use "towns.csv"
collapse(mean(ser), sd(ser), by=town, where="year > 2012")
print(table.concat(data():names(), " "), #data()) --> town mean_ser sd_ser	4
use "towns.csv"
collapse(m = meen(ser), by=town) --> error: did you mean 'mean'?
collapse("(meen) ser", by=town) --> error: did you mean 'mean'?
collapse(m = ser + 1, by=town) --> error: 'ser' has a value per row, not per group
collapse(mean(log(gdp)), by=town) --> error: has no name
collapse(m = mean(type), by=town) --> error: mean needs numbers, and 'type' is a string column
collapse(by=town) --> error: no statistic is named
collapse(gdp, weights=pw(ser), s = sd(gdp)) --> error: are not defined with pw()
collapse(m = mean(gdp), weights=aw(ser - 1.5)) --> error: a weight is negative

use "towns.csv"
egen(total = total(gdp), place = rank(gdp), by=town)
egen(first = tag(town), high = rowmax(gdp, year), holes = rowmiss(ser, type), differ = diff(gdp, year))
egen(late = mean(gdp), by=town, where="post == 1")
show(data()[{1, 2, 3}], "total", "place", "first", "high", "holes", "differ", "late")
--> 46 1.0 true 2011 0 true .
--> 46 2.0 false 2012 0 true .
--> 46 3.0 false 2013 0 true 12.5
egen(c = cut(gdp, at={10, 20, 30})) 
egen(q = cut(gdp, groups=4), z = std(gdp), r = rank(gdp, ties="dense"), s = seq(from=1, to=4))
show(data()[{1, 5, 16}], "c", "q", "r", "s")
--> 10.0 0 1 1
--> 20.0 1 8 1
--> . 3 15 4
print(string.format("%.10f", math.abs(summarize(z).z.mean) + summarize(z).z.sd)) --> 1.0000000000
egen(r2 = rank(gdp, ties="dens")) --> error: did you mean 'dense'?
egen(total = mean(gdp)) --> error: there is already a column 'total'

use(frame(city = {"A", "A", "B"}, year = {2011, 2013, 2011}, x = {1, 2, 3}))
fillin(city, year)
print(#data(), data()._fillin:values()[4]) --> 4	true
use(frame(city = {"A", "A", "B"}, year = {2011, 2013, 2012}, x = {1, 2, 3}))
tsfill() --> error: no panel is declared
local _ = panel(city, year)
tsfill(full=true, generate="new")
print(#data()) --> 6
show(data(), "city", "year", "x", "new")
--> A 2011 1 false
--> A 2012 . true
--> A 2013 2 false
--> B 2011 . true
--> B 2012 3 false
--> B 2013 . true
gen(lag = L.x)

use(frame(id = {1, 1, 2, 3, 3, 3}, x = {5, 5, 6, 7, 8, 7}))
print(duplicates("report", id).surplus, duplicates("report").surplus) --> 3.0	2.0
duplicates("tag", id, generate="others")
print(data().others:values()[6]) --> 2
duplicates("drop", id) --> error: 1 row differs in other columns from the first row with the same id
duplicates("drop", id, force=true)
print(#data()) --> 3
duplicates("lst") --> error: duplicates does "report", "list", "tag" or "drop", not "lst"
contract(x)
print(table.concat(data():names(), " ")) --> x _freq
expand(3, generate="again")
print(#data()) --> 9
sample(50, seed=1)
print(#data()) --> 5
sample(200) --> error: sample takes a percentage between 0 and 100, not 200
order(again, _freq)
print(table.concat(data():names(), " ")) --> again _freq x
order(_freq, last=true)
print(table.concat(data():names(), " ")) --> again x _freq
order(x, after=x) --> error: 'x' is among the columns that move
use(frame{ treat={0, 1}, y={1, 2} })
keep treat y
keep "treat" --> warning: keep "treat" keeps that column alone of 2; where="treat" keeps rows
use(frame{ id={1, 1}, t={1, 2}, y={1, 2} })
quietly panel id t
drop(t) --> warning: the panel id × t is declared no more: 't' is gone
