-- Convergence: data built to converge at a known speed give it back.
local common = require "common"
local rate, target, years = 0.05, 5, 10
local c = { unit = {}, year = {}, x = {}, z = {} }
for u = 1, 30 do
  local start = 1 + 0.2 * u
  for t = 0, years do
    table.insert(c.unit, u); table.insert(c.year, 2000 + t); table.insert(c.z, math.sin(u))
    table.insert(c.x, math.exp(target + (start - target) * math.exp(-rate * t)))
  end
end
local f = frame(c)
panel(unit, year, data=f)
-- growth = (1 − e^(−λT))/T · (target − start) exactly: the fit has no error, so it needs a little noise in z to have one
local b = beta_convergence(x, data=f)
common.near(b.speed, rate, 1e-8, "speed"); common.near(b.half_life, math.log(2) / rate, 1e-8, "half-life")
common.near(beta_convergence(x, from=2002, to=2006, data=f).speed, rate, 1e-8, "speed over other years")
common.near(beta_convergence(x, controls=z, data=f).speed, rate, 1e-8, "conditional speed")
common.near(beta_convergence(x, method="panel", fe=unit, data=f).speed, rate, 1e-7, "speed period by period")
-- money in other units changes nothing
gen(y = 1000 * x, data=f)
common.near(beta_convergence(y, data=f).beta, b.beta, 1e-9, "units")
-- the spread of logs falls by the rate
local s = sigma_convergence(x, data=f)
common.near(s["2001"].sd_log / s["2000"].sd_log, math.exp(-rate), 1e-11, "sigma")
assert(s.sd_slope < 0 and s.sd_p < 0.01)
-- Units whose distance from a common path shrinks as a power of time: the log t test does not reject, and there is one club.
-- A second group around another path makes two; the test of all rejects.
local two = { unit = {}, year = {}, y = {}, path = {} }
for u = 1, 12 do
  for t = 1, 30 do
    local path = u <= 6 and 8 or 12
    table.insert(two.unit, u); table.insert(two.year, t); table.insert(two.path, path)
    table.insert(two.y, path * (1 + 0.05 * (u % 6 + 1) * t ^ -1.5 + 1e-4 * math.sin(7 * u + 3 * t)))
  end
end
local g = frame(two)
panel(unit, year, data=g)
assert(log_t(y, where="path == 8", data=g).t > -1.65)
assert(log_t(y, data=g).t < -1.65)
local clubs = convergence_clubs(y, name="club", data=g)
assert(clubs.clubs == 2 and #clubs.divergent == 0 and clubs.club1.size == 6)
gen(right = "(path == 12 and club == 1) or (path == 8 and club == 2)", data=g)
assert(summarize(right, data=g).right.min == 1)
