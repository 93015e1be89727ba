-- Absorbing fixed effects gives the regression with dummies.
local common = require "common"
local p = common.panel(23, 7, 1)
local dummies = ols(y ~ x + z + i.unit + i.time, data=p)
local absorbed = feols(y ~ x + z, fe="unit + time", data=p)
common.same_fit(dummies, absorbed, {"x", "z"}, 1e-9)
common.near(dummies.rss, absorbed.rss, 1e-10, "rss")
common.near(dummies.r2, absorbed.r2, 1e-10, "r2")

for _, spec in ipairs {"HC1", "HC2", "HC3"} do
  common.same_fit(dummies:vcov_as(spec), absorbed:vcov_as(spec), {"x", "z"}, 1e-8)
end
-- Nested effects are not counted when clustering by unit; with every parameter counted both agree.
common.same_fit(dummies:vcov_as(cluster(unit)), absorbed:vcov_as(cluster(unit), ssc="k_fixef=full"), {"x", "z"}, 1e-8)

-- Varying slopes are dummies times the slope.
local trends = feols(y ~ x, fe="unit[z]", data=p)
common.same_fit(ols(y ~ x + i.unit + i(unit, z), data=p), trends, {"x"}, 1e-8)
local slopes_only = feols(y ~ x, fe="unit[[z]]", data=p)
common.same_fit(ols(y ~ x + i(unit, z), data=p), slopes_only, {"x", "_cons"}, 1e-8)
-- Combined effects are one effect.
gen(cell = "unit * 100 + mod(time, 3)", third = "mod(time, 3)", data=p)
common.same_fit(feols(y ~ x, fe="cell", data=p), feols(y ~ x, fe="unit^third", data=p), {"x"}, 1e-9)
-- Weights
common.same_fit(ols(y ~ x + i.unit + i.time, data=p, weights=w), feols(y ~ x, fe="unit + time", data=p, weights=w), {"x"}, 1e-9)
