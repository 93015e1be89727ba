-- Staggered adoption with effects that differ between cohorts and grow: 60 samples of 40 units and 7 periods with a known
-- average effect on treated rows. The mean estimate lies within four Monte-Carlo standard errors of it, and of 60
-- intervals of 95 % at least 49 cover it (fewer have a chance below 1 in 2,000 at 95 %, allowing 2 % for 40 clusters).
math.randomseed(20240607)
local function normal() return math.sqrt(-2*math.log(1 - math.random()))*math.cos(2*math.pi*math.random()) end
local first = {0, 4, 5, 6}
local function effect(g, t) return (g > 0 and t >= g) and (1 + 0.5*(t - g) + (g == 4 and 0.8 or 0)) or 0 end
local function sample()
  local id, time, cohort, d, y = {}, {}, {}, {}, {}
  for i = 1, 40 do
    local g = first[i % 4 + 1]
    local a, walk = normal(), 0
    for t = 1, 7 do
      local k = #id + 1
      walk = 0.5*walk + normal()
      id[k], time[k], cohort[k] = i, t, g
      d[k] = (g > 0 and t >= g) and 1 or 0
      y[k] = a + 0.3*t + effect(g, t) + 0.5*walk
    end
  end
  return frame{ id = id, time = time, cohort = cohort, d = d, y = y }
end
-- The truth: rows treated, and the mean over switchers by event time (what dcdh's total averages, one unit of treatment).
local total, rows = 0, 0
for _, g in ipairs(first) do for t = 1, 7 do if g > 0 and t >= g then total, rows = total + effect(g, t), rows + 1 end end end
local truth = total/rows
local estimators = {
  att_gt = function(f) return att_gt("y ~ 1", {cohort="cohort", unit="id", time="time", data=f}):aggte("simple") end,
  imputation = function(f) return imputation("y ~ 1", {cohort="cohort", unit="id", time="time", data=f}) end,
  sunab = function(f) return sunab("y ~ 1", {cohort="cohort", unit="id", time="time", agg="att", data=f}) end,
  gardner = function(f) return gardner("y ~ 1", {cohort="cohort", unit="id", time="time", effects="static", data=f}) end,
  etwfe = function(f) return etwfe("y ~ 1", {cohort="cohort", unit="id", time="time", agg="att", data=f}) end,
  dcdh = function(f) return dcdh("y ~ 1", "d", {unit="id", time="time", placebo=0, data=f}) end,
  -- The effect a period after treatment began, which every cohort has in a stack of these periods.
  stacked = function(f)
    local m = stacked("y ~ 1", {cohort="cohort", unit="id", time="time", window={-2, 1}, data=f})
    return { coef = { m.coef["event::1"] }, se = { m.se["event::1"] } }
  end,
}
local names = {"att_gt", "imputation", "sunab", "gardner", "etwfe", "dcdh", "stacked"}
local truths = { stacked = (effect(4, 5) + effect(5, 6) + effect(6, 7))/3 }
for _, name in ipairs(names) do truths[name] = truths[name] or truth end
local sums, squares, covered = {}, {}, {}
for _, name in ipairs(names) do sums[name], squares[name], covered[name] = 0, 0, 0 end
local reps, twfe = 60, 0
for r = 1, reps do
  local f = sample()
  for _, name in ipairs(names) do
    local m = estimators[name](f)
    local b, se = m.coef[1], m.se[1]
    sums[name], squares[name] = sums[name] + b, squares[name] + b*b
    if math.abs(b - truths[name]) <= 1.96*se then covered[name] = covered[name] + 1 end
  end
  twfe = twfe + feols("y ~ d", {fe="id + time", data=f}).coef.d/reps
end
for _, name in ipairs(names) do
  local mean = sums[name]/reps
  local sd = math.sqrt((squares[name]/reps - mean*mean)*reps/(reps - 1))
  assert(math.abs(mean - truths[name]) <= 4*sd/math.sqrt(reps), name .. ": mean " .. mean .. ", truth " .. truths[name])
  assert(covered[name] >= 49, name .. ": " .. covered[name] .. " of " .. reps .. " intervals cover")
end
-- Two-way fixed effects miss it: the test can fail.
assert(math.abs(twfe - truth) > 0.15, "two-way fixed effects: " .. twfe .. ", truth " .. truth)
