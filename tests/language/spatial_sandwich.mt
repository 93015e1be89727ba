-- What effects that were removed do to standard errors, and what a result says of its covariance.
use "../../examples/zhejiang/data/zj_exports.csv"
panel(city, year) --> panel: city × year, 11 units, 5 periods (2016 to 2020, step 1), 55 rows
--> balanced
W = weights.edges("../../examples/zhejiang/data/zj_contiguity.csv", "city_i", "city_j", both=true, id=city)
-- K counts open, rho and the effects, but for those nested in a cluster: N = 55, k = 2, 11 units, 5 periods
local function factor(m, vcov) return (m:vcov_as(vcov).se.open/m:vcov_as(vcov, ssc="none").se.open)^2 end
for _, estimator in ipairs{sar, stsls} do
  local m = estimator(lnexports ~ open, W, fe="both")
  print(math.abs(factor(m, "hetero")/(55/(55 - 2 - 15)) - 1) < 1e-12, math.abs(factor(m, "cluster city")/(54/(55 - 2 - 5)*11/10) - 1) < 1e-12)
  local u = estimator(lnexports ~ open, W, fe="unit")
  print(math.abs(factor(u, "hetero")/(55/(55 - 2 - 11)) - 1) < 1e-12, math.abs(factor(u, "cluster city")/(54/(55 - 2 - 1)*11/10) - 1) < 1e-12)
end --> true	true
--> true	true
--> true	true
--> true	true
m = sar(lnexports ~ open, W, fe="both")
-- slx is least squares: errors and degrees of freedom are those of feols
for _, vcov in ipairs{"iid", "hetero", "cluster city", "dk"} do
  b = slx(lnexports ~ open, W, fe="both", vcov=vcov)
  o = feols(lnexports ~ open + W*open, fe="city + year", vcov=vcov)
  print(math.abs(b.se.open/o.se.open - 1) < 1e-9, math.abs(b.se["W*open"]/o.se["W*open"] - 1) < 1e-9, b.p.open == o.p.open or math.abs(b.p.open/o.p.open - 1) < 1e-9)
end --> true	true	true
--> true	true	true
--> true	true	true
--> true	true	true
-- a spatial lag is called the same whoever takes it
print(o.names[2], b.names[2], math.abs(o.coef["W*open"]/b.coef["W*open"] - 1) < 1e-9) --> W*open	W*open	true
print(o:test("W*open = 0").df1) --> 1
print(m:json():find('"type": "ml"', 1, true) ~= nil, m:vcov_as("hetero"):json():find('"type": "hetero"', 1, true) ~= nil) --> true	true
print(m:json():find('"name": "city"', 1, true) ~= nil) --> true
print(tostring(m:lincom("open - rho")):find(", z = ", 1, true) ~= nil, tostring(o:lincom("open")):find(", t = ", 1, true) ~= nil) --> true	true
-- unit effects under a filter that differs between periods are dummies: with the same W in all periods nothing changes
B = weights.by_period{[2016] = W, [2017] = W, [2018] = W, [2019] = W, [2020] = W}
for _, fe in ipairs{"unit", "both"} do
  local one, many = sem(lnexports ~ open, W, fe=fe), sem(lnexports ~ open, B, fe=fe)
  print(math.abs(one.coef.lambda - many.coef.lambda) < 1e-8, math.abs(one.loglik - many.loglik) < 1e-9, math.abs(one.coef.open - many.coef.open) < 1e-8)
  local a, b = one:vcov_as("hetero"), many:vcov_as("hetero")
  print(math.abs(a.se.open/b.se.open - 1) < 0.02)
end --> true	true	true
--> true
--> true	true	true
--> true
print(tostring(sem(lnexports ~ open, B, fe="unit")):find("dummies that are filtered", 1, true) ~= nil) --> true
-- unbalanced: a row that is missing; lee_yu is not advised where it cannot be had
holes = read("../../examples/zhejiang/data/zj_exports.csv")
panel(city, year, data=holes) --> panel: city × year, 11 units, 5 periods (2016 to 2020, step 1), 55 rows
--> balanced
drop("city == 'Ningbo' and year == 2017", data=holes)
u = sac(lnexports ~ open, W, fe="both", unbalanced=true, data=holes)
print(u.coef.rho ~= nil, u.coef.lambda ~= nil, tostring(u):find("lee_yu=true corrects that in balanced panels", 1, true) ~= nil) --> true	true	true
sem(lnexports ~ open, W, fe="both", unbalanced=true, demean="first", data=holes) --> error: demean="first" with a spatial error needs a balanced panel
sem(lnexports ~ open, W, fe="both", data=holes) --> error: or unbalanced=true
print(m.notes[#m.notes]:find("lee_yu=true corrects it", 1, true) ~= nil) --> true
