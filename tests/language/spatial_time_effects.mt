-- Effects of time where rows of W sum to different numbers, and absorbed effects in lmtests: the numbers of dummies.
use "../../examples/zhejiang/data/zj_exports.csv"
panel(city, year) --> panel: city × year, 11 units, 5 periods (2016 to 2020, step 1), 55 rows
--> balanced
Q = weights.queen(read("../../examples/zhejiang/data/zj_cities.geojson"), id=city) -- an island: its row sums to 0
S = weights.edges("../../examples/zhejiang/data/zj_contiguity.csv", "city_i", "city_j", both=true, id=city, standardize="spectral")
f = lnexports ~ lnwage + open
function gap(a, b)
  local worst = math.abs(a.loglik - b.loglik)
  for _, name in ipairs{"lnwage", "open", "rho", "lambda"} do
    for _, of in ipairs{"coef", "se"} do
      local known = name == "lnwage" or name == "open" or a.command ~= "sem" and a.command ~= "sdem" and name == "rho" or a.command ~= "sar" and a.command ~= "sdm" and name == "lambda"
      if known then worst = math.max(worst, math.abs(a[of][name]/b[of][name] - 1)) end
    end
  end
  return worst < 1e-6 and "equal" or worst
end
for _, W in ipairs{Q, S} do print(gap(sem(f, W, fe="time"), sem(f + i.year, W)), gap(sem(f, W, fe="both"), sem(f + i.year, W, fe="unit"))) end
--> equal	equal
--> equal	equal
for _, W in ipairs{Q, S} do print(gap(sar(f, W, fe="time"), sar(f + i.year, W)), gap(sar(f, W, fe="both"), sar(f + i.year, W, fe="unit"))) end
--> equal	equal
--> equal	equal
print(gap(sac(f, S, fe="time"), sac(f + i.year, S)), gap(sdem(f, S, fe="time"), sdem(f + i.year, S, durbin=lnwage + open))) --> equal	equal
print(gap(sdm(f, S, fe="both"), sdm(f + i.year, S, fe="unit", durbin=lnwage + open))) --> equal
a, b = sar(f, S, fe="both"), sar(f + i.year, S, fe="unit")
print(math.abs(a.tests["spatial error left (LM)"].statistic/b.tests["spatial error left (LM)"].statistic - 1) < 1e-6) --> true
print(impacts(a)["year::2017"]) --> error: no field 'year::2017'
-- W whose rows sum to one keeps its means of periods
W = S:binary():standardize("row")
print(#sem(f, W, fe="time").names, #sem(f, S, fe="time").names) --> 3	8
print(sar(f, S, fe="both", dynamic="lag")) --> error: with time effects a dynamic model needs weights whose rows sum to one
print(gs2sls(f, S, fe="time")) --> error: know unit effects, not those of time
-- lmtests
function same(p, q)
  local worst = 0
  for name, t in pairs(lmtests(p, S)) do
    if type(t) == "table" and t.statistic then worst = math.max(worst, math.abs(t.statistic/lmtests(q, S)[name].statistic - 1)) end
  end
  return worst < 1e-8 and "equal" or worst
end
print(same(feols(f, fe=year), ols(f + i.year)), same(feols(f, fe=city + year), ols(f + i.city + i.year))) --> equal	equal
T = weights.by_period{[2016] = W, [2017] = W, [2018] = W, [2019] = W, [2020] = S}
-- unit effects under a filter that changes over time are dummies, those of time as well where rows sum to different numbers
print(tostring(sem(f, T, fe="unit")):find("dummies that are filtered", 1, true) ~= nil) --> true
keep "year == 2020"
print(same(feols(lnexports ~ lnwage, fe=region), ols(lnexports ~ lnwage + i.region))) --> equal
