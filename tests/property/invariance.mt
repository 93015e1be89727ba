-- Row order, threads and units of measure change nothing; one row per cluster is HC1.
local common = require "common"
local p = common.panel(40, 6, 3)
local m = feols(y ~ x + z, fe="unit + time", data=p, vcov=cluster(unit))

local order = {}
for row = 1, #p do order[row] = row end
for row = #p, 2, -1 do local other = math.random(row); order[row], order[other] = order[other], order[row] end
common.same_fit(m, feols(y ~ x + z, fe="unit + time", data=p[order], vcov=cluster(unit)), {"x", "z"}, 1e-10)

local text = m:json()
for _, count in ipairs {1, 3} do
  threads(count)
  assert(feols(y ~ x + z, fe="unit + time", data=p, vcov=cluster(unit)):json() == text, "threads change digits")
end
threads(2)

p.x6 = p.x * 1e6
local scaled = feols(y ~ x6 + z, fe="unit + time", data=p, vcov=cluster(unit))
common.near(scaled.coef.x6 * 1e6, m.coef.x, 1e-10, "scaled coefficient")
common.near(scaled.se.x6 * 1e6, m.se.x, 1e-10, "scaled standard error")

local rows = {}
for row = 1, #p do rows[row] = row end
p.id = rows
local n = #p
local hc1, by_row = ols(y ~ x, data=p, vcov="HC1"), ols(y ~ x, data=p, vcov=cluster(id))
-- HC1 is n/(n-k); one row per cluster gives n/(n-1) · (n-1)/(n-k), the same.
common.same_fit(hc1, by_row, {"x", "_cons"}, 1e-10)
common.same_fit(ols(y ~ x, data=p, vcov="cluster unit unit"), ols(y ~ x, data=p, vcov="cluster unit"), {"x"}, 1e-10)
