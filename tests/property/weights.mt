-- Frequency weights are repeated rows; analytic weights do not depend on their scale.
local common = require "common"
local p = common.panel(15, 5, 2)
local long = { y = {}, x = {}, z = {}, unit = {} }
local columns = { y = p.y:values(), x = p.x:values(), z = p.z:values(), unit = p.unit:values() }
for row, times in ipairs(p.w:values()) do
  for _ = 1, times do
    for name, values in pairs(columns) do table.insert(long[name], values[row]) end
  end
end
local repeated = frame(long)
for _, vcov in ipairs {"iid", "HC1", "cluster unit"} do
  local a = feols(y ~ x + z, data=p, weights=fw(w), vcov=vcov)
  local b = feols(y ~ x + z, data=repeated, vcov=vcov)
  common.same_fit(a, b, {"x", "z", "_cons"}, 1e-9)
  assert(a.nobs == b.nobs)
  common.near(a.r2, b.r2, 1e-10, "r2")
  local c = feols(y ~ x + z, data=p, weights=fw(w), fe="unit", vcov=vcov)
  local d = feols(y ~ x + z, data=repeated, fe="unit", vcov=vcov)
  common.same_fit(c, d, {"x", "z"}, 1e-9)
end
common.same_fit(ols(y ~ x, data=p, weights=aw(w)), ols(y ~ x, data=p, weights=aw("7 * w")), {"x", "_cons"}, 1e-10)
common.same_fit(ols(y ~ x, data=p, weights=pw(w)), ols(y ~ x, data=p, weights=aw(w), vcov="HC1"), {"x", "_cons"}, 1e-10)
