-- Stata's names of estimators for staggered adoption, on top of the native ones.
local function column(x) return x and tostring(x) or nil end

local shared = {
  cluster = { "terms", doc = "cluster variable, above the units" },
  weights = { "weights", doc = "[aw=x], [pw=x] in a statement" },
  where = { "condition", doc = "rows to use", aliases = { "if" } },
  data = { "frame", doc = "the frame to use" },
}
local function options(more)
  for name, option in pairs(shared) do more[name] = option end
  return more
end
local function settings(a) return { cluster = a.cluster, weights = a.weights, where = a.where, data = a.data } end

local methods = { dripw = "dr", drimp = "imp", reg = "reg", stdipw = "ipw" }
local averages = { attgt = false, simple = "simple", group = "group", calendar = "calendar", event = "dynamic" }

command "csdid" {
  topic = "stata", summary = "Group-time effects; Stata's csdid on att_gt",
  args = { { "formula", "formula", doc = "y x1 x2 in a statement, y ~ x1 + x2 in a call" } },
  options = options {
    ivar = { "column", doc = "units; without it repeated cross-sections" },
    time = { "column", doc = "periods" },
    gvar = { "expression", doc = "first treated period, 0: never" },
    method = { one_of = { "dripw", "drimp", "reg", "stdipw" }, default = "dripw", doc = "estimator of each effect" },
    notyet = { "boolean", doc = "controls: not yet treated units, too" },
    long2 = { "boolean", doc = "base period before treatment: always the last before it" },
    agg = { one_of = { "attgt", "simple", "group", "calendar", "event" }, default = "attgt", doc = "averages instead of all effects" },
    wboot = { "boolean", doc = "multiplier bootstrap" },
    reps = { "integer", default = 999, doc = "its draws" },
    seed = { "integer", doc = "its seed" },
  },
  example = "csdid lemp lpop, ivar(countyreal) time(year) gvar(first_treat) method(dripw)",
  run = function(a)
    if not a.gvar then __fail("csdid needs gvar(…)", "csdid", "csdid y x, ivar(id) time(year) gvar(first)") end
    local o = settings(a)
    o.cohort, o.time, o.unit, o.like = a.gvar, a.time, a.ivar, "csdid"
    if not a.ivar and not __panel_unit(a.data) then o.panel = false end
    o.method, o.control = methods[a.method], a.notyet and "notyet" or "never"
    o.base = a.long2 and "universal" or "varying"
    if a.wboot then o.reps, o.seed = a.reps, a.seed end
    local m = att_gt(a.formula, o)
    local average = averages[a.agg]
    if average then return aggte(m, average) end
    return m
  end,
}

command "did_imputation" {
  topic = "stata", summary = "Imputation; Stata's did_imputation on imputation",
  args = { { "vars", "columns", doc = "outcome, unit, time, first treated period: did_imputation y i t Ei" } },
  options = options {
    fe = { "terms", doc = "fixed effects instead of unit and time" },
    controls = { "columns", doc = "controls" },
    pretrends = { "integer", default = 0, doc = "periods before treatment with a coefficient" },
    leaveout = { "boolean", doc = "the mean effect of a cohort leaves out the unit itself" },
  },
  example = "did_imputation ser city year cohort, pretrends(3)",
  run = function(a)
    if not a.vars or #a.vars ~= 4 then
      __fail("did_imputation takes outcome, unit, time and first treated period", "did_imputation", "did_imputation y i t Ei, pretrends(3)")
    end
    local y, unit, time, first = tostring(a.vars[1]), tostring(a.vars[2]), tostring(a.vars[3]), tostring(a.vars[4])
    local right = {}
    for i, x in ipairs(a.controls or {}) do right[i] = tostring(x) end
    local o = settings(a)
    o.cohort, o.unit, o.time, o.fe, o.leads, o.leave_out = first, unit, time, a.fe, a.pretrends, a.leaveout
    return imputation(y .. " ~ " .. (#right > 0 and table.concat(right, " + ") or "1"), o)
  end,
}

command "jwdid" {
  topic = "stata", summary = "Extended two-way fixed effects; Stata's jwdid on etwfe",
  args = { { "formula", "formula", doc = "y x1 x2 in a statement, y ~ x1 + x2 in a call" } },
  options = options {
    ivar = { "column", doc = "units" },
    tvar = { "column", doc = "periods", aliases = { "time" } },
    gvar = { "expression", doc = "first treated period, 0: never" },
    never = { "boolean", doc = "controls: never treated units alone" },
    agg = { one_of = { "simple", "event", "group", "calendar", "none" }, default = "simple", doc = "averages" },
  },
  example = "jwdid ser, ivar(city) tvar(year) gvar(cohort) agg(event)",
  run = function(a)
    if not a.gvar then __fail("jwdid needs gvar(…)", "jwdid", "jwdid y, ivar(id) tvar(year) gvar(first)") end
    local o = settings(a)
    o.cohort, o.unit, o.time, o.control, o.agg = a.gvar, a.ivar, a.tvar, a.never and "never" or "notyet", a.agg
    if o.agg == "simple" then o.agg = "att" elseif o.agg == "event" then o.agg = "period" elseif o.agg == "group" then o.agg = "cohort" end
    return etwfe(a.formula, o)
  end,
}
