-- Estimators on made-up data whose truth is known: means of the estimates within Monte-Carlo error of it, intervals that hold it about as often
-- as they say, tests that reject a true null about as often as they may. Seeds are fixed; the bounds are three Monte-Carlo standard errors.
math.randomseed(20240607)
local function normal() return math.sqrt(-2 * math.log(1 - math.random())) * math.cos(2 * math.pi * math.random()) end

--- Estimates and standard errors of `draws` samples: the bias, and how often estimate ± z se holds the truth.
local function study(what, draws, truth, sample, options)
  options = options or {}
  local sum, squares, held = 0, 0, 0
  for _ = 1, draws do
    local estimate, se = sample()
    sum, squares = sum + estimate, squares + estimate ^ 2
    if se and math.abs(estimate - truth) <= (options.z or 1.96) * se then held = held + 1 end
  end
  local mean = sum / draws
  local sd = math.sqrt((squares / draws - mean ^ 2) * draws / (draws - 1))
  local bound = 3 * sd / math.sqrt(draws) + (options.bias or 0)
  if not (math.abs(mean - truth) <= bound) then
    error(string.format("%s: mean %.4f of %d draws, truth %.4f, bound %.4f", what, mean, draws, truth, bound), 2)
  end
  local low, high = options.low or 0.95 - 3 * math.sqrt(0.95 * 0.05 / draws), options.high or 1
  if options.coverage ~= false and not (held / draws >= low and held / draws <= high) then
    error(string.format("%s: intervals hold the truth in %.3f of %d draws, not in %.3f to %.3f", what, held / draws, draws, low, high), 2)
  end
end

--- Rows with one confounder: treatment likelier where x is high, effect 1.5.
local function confounded(n)
  local treat, x, y = {}, {}, {}
  for i = 1, n do
    x[i] = normal()
    treat[i] = math.random() < 1 / (1 + math.exp(1 - 0.8 * x[i])) and 1 or 0
    y[i] = 1 + 2 * x[i] + 1.5 * treat[i] + normal()
  end
  return frame { treat = treat, x = x, y = y }
end

-- Matching on one covariate has a bias of order 1/n; the naive difference is off by more than 1.
study("match", 120, 1.5, function()
  local m = match("treat ~ x", { y = "y", replace = true, data = confounded(400) })
  return m.estimate, m.se
end, { bias = 0.03 })
local naive = ols("y ~ treat", { data = confounded(4000) }).coef.treat
assert(naive - 1.5 > 1, "the confounder does not confound")

-- Entropy balancing is exact where the outcome is linear in what it balances; robust errors of the weighted regression on treatment and covariate.
study("ebalance", 120, 1.5, function()
  local e = ebalance("treat ~ x", { y = "y", data = confounded(300) })
  local m = reg("y ~ treat + x", { data = e.frame, weights = pw("_weight") })
  assert(math.abs(e.estimate - m.coef.treat) < 1e-6)
  return e.estimate, m.se.treat
end)

--- A panel with unit and period effects and an interactive one that the treated load on more: parallel trends fail, and weights can mend it.
local function factors(units, treated, periods, before, effect)
  local unit, time, d, y, trend = {}, {}, {}, {}, {}
  for t = 1, periods do trend[t] = 0.3 * t + 0.3 * normal() end
  for i = 1, units do
    local a, load = normal(), i <= treated and 0.7 + 0.3 * math.random() or 0.2 + 0.9 * math.random()
    for t = 1, periods do
      local k = #unit + 1
      unit[k], time[k], d[k] = i, t, (i <= treated and t > before) and 1 or 0
      y[k] = a + load * trend[t] + effect * d[k] + 0.25 * normal()
    end
  end
  local f = frame { unit = unit, time = time, d = d, y = y }
  local quiet = panel("unit", "time", { data = f })
  return f
end

-- Difference-in-differences is biased here, synthetic difference-in-differences hardly. Its placebo errors are for equal noise in all units.
study("sdid", 60, 1, function()
  local s = sdid("y ~ 1", { treat = "d", data = factors(30, 5, 20, 14, 1), vce = "placebo", reps = 40, seed = 1 })
  return s.estimate, s.se
end, { bias = 0.1, low = 0.8 })
local plain = 0
for _ = 1, 20 do plain = plain + did("y ~ d", { fe = "unit + time", data = factors(30, 5, 20, 14, 1) }).coef.d / 20 end
assert(plain > 1.3, "trends are parallel after all: " .. plain)

-- Synthetic control: the treated unit is a mean of donors plus noise, so that the gap after is the effect, and its RMSPE ratio the largest.
local first = 0
study("synth", 25, 2, function()
  local f = factors(12, 0, 16, 16, 0)
  local unit, time, y = {}, {}, {}
  for row = 1, #f do unit[row], time[row], y[row] = f.unit[row], f.time[row], f.y[row] end
  for t = 1, 16 do
    local twin = (y[t] + y[16 + t] + y[32 + t]) / 3
    table.insert(unit, 13)
    table.insert(time, t)
    table.insert(y, twin + (t > 11 and 2 or 0) + 0.1 * normal())
  end
  local all = frame { unit = unit, time = time, y = y }
  local quiet = panel("unit", "time", { data = all })
  local s = synth("y ~ 1", { treated = 13, at = 12, data = all, nested = false, leave_one_out = false })
  if s.p <= 1 / 13 + 1e-9 then first = first + 1 end
  return s.estimate
end, { coverage = false, bias = 0.05 })
assert(first >= 20, "an effect of 20 standard deviations is the largest of 13 in " .. first .. " of 25 draws only")

-- Few clusters of unequal size, a treatment that does not vary within them, no effect: the clustered t rejects far too often, the wild
-- bootstrap (null imposed) and CR2 with Satterthwaite's degrees of freedom do not.
local draws, plain_rejects, wild_rejects, cr2_rejects = 150, 0, 0, 0
for _ = 1, draws do
  local g, d, y = {}, {}, {}
  for cluster = 1, 10 do
    local shock = normal()
    for _ = 1, 6 + 6 * cluster do
      local k = #g + 1
      g[k], d[k] = cluster, cluster % 3 == 0 and 1 or 0
      y[k] = shock + normal()
    end
  end
  local m = ols("y ~ d", { data = frame { g = g, d = d, y = y }, vcov = "cluster g" })
  plain_rejects = plain_rejects + (m.p.d < 0.05 and 1 or 0)
  wild_rejects = wild_rejects + (boottest(m, "d", { reps = 1024, type = "rademacher", ci = false }).p < 0.05 and 1 or 0)
  cr2_rejects = cr2_rejects + (m:vcov_as("cr2 g").p.d < 0.05 and 1 or 0)
end
local most = 0.05 + 3 * math.sqrt(0.05 * 0.95 / draws)
local rates = string.format("%.3f, %.3f, %.3f of %d draws", plain_rejects / draws, wild_rejects / draws, cr2_rejects / draws, draws)
assert(plain_rejects / draws > 0.1, "the clustered t holds its size: " .. rates)
assert(wild_rejects / draws <= most and cr2_rejects / draws <= most, "a test of a true null rejects too often: " .. rates)
