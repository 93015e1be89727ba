-- Continuous-dose difference-in-differences: what it must equal exactly, and a known curve.
math.randomseed(20240811)
local function normal() return math.sqrt(-2*math.log(1 - math.random()))*math.cos(2*math.pi*math.random()) end
local function effect(d) return 0.2*d + 0.5*d*d end
local function sample(units, doses)
  local id, time, cohort, dose, received, y = {}, {}, {}, {}, {}, {}
  for i = 1, units do
    local g = ({0, 3, 4})[i % 3 + 1]
    local d = g == 0 and 0 or doses and doses[math.random(#doses)] or 0.2 + 1.8*math.random()
    local a = normal() + d  -- units that get more are different to begin with
    for t = 1, 5 do
      local k = #id + 1
      id[k], time[k], cohort[k], dose[k] = i, t, g, d
      received[k] = (g > 0 and t >= g) and d or 0
      y[k] = a + 0.3*t + (received[k] > 0 and effect(d) or 0) + 0.5*normal()
    end
  end
  return frame{ id = id, time = time, cohort = cohort, dose = dose, received = received, y = y }
end
local function close(a, b, what) assert(math.abs(a - b) <= 1e-9*math.max(1, math.abs(b)), what .. ": " .. a .. ", " .. b) end
local function dose(f, o)
  for k, v in pairs({ unit="id", time="time", dose="dose", cohort="cohort", data=f }) do if o[k] == nil then o[k] = v end end
  if o.cohort == false then o.cohort = nil end
  return dose_did("y ~ 1", o)
end

-- The average over doses is Callaway and Sant'Anna's average by cohort, with its standard error, for any curve; by event time, too.
local f = sample(120)
local g = att_gt("y ~ 1", { cohort="cohort", unit="id", time="time", base="universal", data=f })
for _, degree in ipairs{ 1, 3 } do
  local m, group = dose(f, { degree=degree }), g:aggte("group")
  close(m.coef.ATT, group.coef.ATT, "ATT"); close(m.se.ATT, group.se.ATT, "s.e. of ATT")
end
local events, dynamic = dose(f, { agg="level" }), g:aggte("dynamic")
for _, e in ipairs{ "event::-3", "event::-2", "event::0", "event::2" } do
  close(events.coef[e], dynamic.coef[e], e); close(events.se[e], dynamic.se[e], "s.e. of " .. e)
end
-- A dose that is 0 before treatment says when it starts.
local dated = dose(f, { dose="received", cohort=false })
close(dated.coef.ACRT, dose(f, {}).coef.ACRT, "cohorts from doses")
-- Two doses and degree 1: each dose has the effect of its own units, and the slope is the difference.
local two = sample(120, { 1, 2 })
local m = dose(two, { degree=1, cohorts="pooled", at={ 1, 2 } })
close(m.coef["ACRT::1"], m.coef["ATT::2"] - m.coef["ATT::1"], "slope of two doses")
local only = att_gt("y ~ 1", { cohort="cohort", unit="id", time="time", where="dose == 0 or dose == 2", data=two }):aggte("group")
close(m.coef["ATT::2"], only.coef.ATT, "units of dose 2 alone")

-- A known curve: 60 samples, mean within four Monte-Carlo standard errors, and at least 49 of 60 intervals cover.
local truth = { ["ATT::0.5"]=effect(0.5), ["ATT::1.5"]=effect(1.5), ["ACRT::1"]=0.2 + 1, ACRT=0.2 + 1.1 }
local sums, squares, covered, reps, twfe = {}, {}, {}, 60, 0
for r = 1, reps do
  local data = sample(150)
  local fit = dose(data, { degree=2, at={ 0.5, 1, 1.5 } })
  twfe = twfe + fit.twfe/reps
  for name, value in pairs(truth) do
    local b, se = fit.coef[name], fit.se[name]
    sums[name], squares[name] = (sums[name] or 0) + b, (squares[name] or 0) + b*b
    covered[name] = (covered[name] or 0) + (math.abs(b - value) <= 1.96*se and 1 or 0)
  end
end
for name, value in pairs(truth) do
  local mean = sums[name]/reps
  local sd = math.sqrt((squares[name]/reps - mean*mean)*reps/(reps - 1))
  assert(math.abs(mean - value) <= 4*sd/math.sqrt(reps), name .. ": mean " .. mean .. ", truth " .. value)
  assert(covered[name] >= 49, name .. ": " .. covered[name] .. " of " .. reps .. " intervals cover")
end
-- The regression on the dose is not the average slope: the test can fail.
assert(math.abs(twfe - truth.ACRT) > 0.1, "two-way fixed effects " .. twfe)
