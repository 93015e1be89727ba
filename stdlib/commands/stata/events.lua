-- Stata's names around event studies and their sensitivity, read into the commands of the same purpose.
local load = ...
local S = load("lib/statement.lua")
local numlist = load("lib/numlist.lua")

local function last(name)
  return __last() or __fail("there is no estimate for " .. name, name, "run an event study first: event_study(y ~ 1, cohort=first_year)")
end

local function number(s, ...)
  local value = S.take(s, ...)
  return value and tonumber(value) or nil
end

--- Options that Stata's command has and ours has not: an error that names the option.
local function refuse(s, names, hint)
  for name in names:gmatch("%S+") do
    if S.take(s, name) ~= nil then __fail(s.name .. ": option '" .. name .. "' is not supported", name, hint) end
  end
end

local function sum(words, from)
  local text = table.concat(words, " + ", from or 1)
  return text ~= "" and text or "1"
end
local function terms(text) return text and (text:gsub("^%s+", ""):gsub("%s+$", ""):gsub("%s+", " + ")) end
local function words_of(text)
  local out = {}
  for word in (text or ""):gmatch("%S+") do table.insert(out, word) end
  return out
end

--- What every form shares: rows and weights of the statement, clusters.
local function settings(s, o)
  o.where = s.where
  if s.weight then o.weights = (s.weight_kind or "aw"):sub(1, 2) .. "(" .. s.weight .. ")" end
  local vce, cluster = S.take(s, "vce"), S.take(s, "cluster", "cl")
  cluster = cluster or (vce and vce:match("^%s*cl%a*%s+(.+)$"))
  if cluster then o.cluster = cluster:gsub("%s+$", "") end
  local level = number(s, "level", "ci_level")
  if level then o.level = level / 100 end
  return o
end

--- A copy of the data in use with the first period in which `treat` is 1, by unit.
local function with_first(name, treat, unit, time)
  local whole = data()
  unit, time = unit or __panel_unit(whole), time or __panel_time(whole)
  if not unit or not time then __fail(name .. " needs to know units and periods", name, "xtset id year") end
  local rows = {}
  for i = 1, #whole do rows[i] = i end
  local copy = whole[rows]
  egen({ first_treated_ = ("min(cond(%s == 1, %s, .))"):format(treat, time), by = unit, data = copy })
  return copy, "first_treated_", unit, time
end

--- did_multiplegt_dyn y unit time treatment, effects(3) placebo(2) controls(x)
__form("did_multiplegt_dyn", {}, function(s)
  local w = s.words
  if #w ~= 4 then
    __fail("did_multiplegt_dyn takes outcome, unit, time and treatment", "did_multiplegt_dyn", "did_multiplegt_dyn y g t d, effects(3) placebo(2)")
  end
  local o = settings(s, { unit = w[2], time = w[3] })
  o.effects, o.placebo = number(s, "effects") or 1, number(s, "placebo") or 0
  o.switchers, o.within = S.take(s, "switchers"), S.take(s, "trends_nonparam")
  for stata, ours in pairs { normalized = "normalized", same_switchers = "same_switchers", only_never_switchers = "only_never", dont_drop_larger_lower = "both_ways", trends_lin = "unit_trends" } do
    if S.take(s, stata) ~= nil then o[ours] = true end
  end
  local bootstrap = S.take(s, "bootstrap")
  if bootstrap then
    local reps, seed = tostring(bootstrap):match("^%s*(%d*)%s*,?%s*(%d*)%s*$")
    if not reps then __fail("did_multiplegt_dyn: bootstrap takes draws and a seed, not '" .. tostring(bootstrap) .. "'", "bootstrap", "bootstrap(100, 1)") end
    o.bootstrap, o.seed = tonumber(reps) or 50, tonumber(seed)
  end
  if S.take(s, "continuous") ~= nil then
    __fail("did_multiplegt_dyn: a polynomial in the first treatment is not offered: its variance has no proof", "continuous", "group the first treatments, as gen(d = round(dose)), or dose_did for doses that start from 0")
  end
  local weight = S.take(s, "weight")
  if weight then o.weights = "aw(" .. weight .. ")" end
  local controls = terms(S.take(s, "controls"))
  S.pass_over(s, "graph_off graphoptions effects_equal no_updates normalized_weights")
  refuse(s, "predict_het by by_path design date_first_switch save_results save_sample same_switchers_pl less_conservative_se more_granular_demeaning", "help dcdh")
  S.no_more_options(s, "effects, placebo, controls, normalized, switchers, cluster, weight, trends_nonparam, trends_lin, bootstrap, same_switchers, only_never_switchers, dont_drop_larger_lower, ci_level")
  return "dcdh", { w[1] .. " ~ " .. (controls or "1"), w[4] }, o
end)

--- honestdid, mvec(0.5(0.5)2) delta(sd) l_vec(1 0 0): on the last estimate
__form("honestdid", {}, function(s)
  local o = {}
  local mvec, l_vec = S.take(s, "mvec"), S.take(s, "l_vec")
  local delta = S.take(s, "delta") or "rm"
  if delta ~= "rm" and delta ~= "sd" and delta ~= "sdrm" then __fail("honestdid: delta takes rm, sd or sdrm, not '" .. delta .. "'", "delta") end
  o.restriction = delta
  local function numbers(text)
    local out = {}
    for i, word in ipairs(numlist(text)) do out[i] = tonumber(word) or __fail("honestdid: not a number: " .. word, word) end
    return out
  end
  if mvec then o.M = numbers(mvec) end
  if l_vec then o.l = numbers(l_vec) end
  local method = S.take(s, "method")
  if method then o.method = ({ flci = "flci", conditional = "conditional", ["c-lf"] = "c-lf" })[method:lower()] or __fail("honestdid: method takes FLCI, Conditional or C-LF, not '" .. method .. "'", "method") end
  local alpha, grid = number(s, "alpha"), number(s, "grid_points", "gridpoints")
  if alpha then o.level = 1 - alpha end
  o.grid, o.seed = grid, number(s, "seed")
  if S.take(s, "omit") ~= nil then S.note("honestdid: omit means nothing here and is passed over") end
  for _, name in ipairs { "pre", "post", "numpre", "reference", "referenceperiodindex" } do
    if S.take(s, name) ~= nil then S.note("honestdid: periods are those of the last event study; " .. name .. "() is passed over") end
  end
  S.pass_over(s, "coefplot cached parallel")
  refuse(s, "b vcov", "honest_did(m) takes an event study")
  S.no_more_options(s, "mvec, delta, l_vec, method, alpha, grid_points, seed")
  return "honest_did", { last("honestdid") }, o
end)

--- eventstudyinteract y g_4 g_3 g0 g1, absorb(id year) cohort(first) control_cohort(never)
__form("eventstudyinteract", {}, function(s)
  local cohort = S.take(s, "cohort")
  if not cohort then __fail("eventstudyinteract needs cohort(…)", "cohort", "eventstudyinteract y, absorb(id year) cohort(first_year)") end
  local absorb, covariates = words_of((S.take(s, "absorb") or ""):gsub("i%.", "")), terms(S.take(s, "covariates"))
  local o = settings(s, { cohort = cohort, unit = absorb[1], time = absorb[2] })
  if absorb[3] then o.fe = table.concat(absorb, " + ") end
  local ref = S.take(s, "ref")
  if ref then
    o.ref = {}
    for i, word in ipairs(words_of(ref)) do o.ref[i] = tonumber(word) end
  end
  if #s.words > 1 then S.note("eventstudyinteract: event-time dummies are made here, all but ref(-1); those listed are passed over") end
  if S.take(s, "control_cohort") ~= nil then S.note("eventstudyinteract: controls are the never treated, else the last treated; control_cohort() is passed over") end
  S.no_more_options(s, "absorb, cohort, control_cohort, covariates, vce, ref")
  return "sunab", { s.words[1] .. " ~ " .. (covariates or "1") }, o
end)

--- did2s y, first_stage(x | i.unit i.time) second_stage(i.treat) treatment(treat) cluster(state)
__form("did2s", {}, function(s)
  local treat, first, second = S.take(s, "treatment"), S.take(s, "first_stage"), S.take(s, "second_stage")
  local unit, time, cohort = S.take(s, "unit"), S.take(s, "time"), S.take(s, "cohort")
  if not treat and not cohort then __fail("did2s needs treatment(…)", "did2s", "did2s y, first_stage(i.id i.year) second_stage(i.treat) treatment(treat) cluster(id)") end
  local controls = {}
  for _, word in ipairs(words_of(first)) do
    local effect = word:match("^i%.([%w_]+)$")
    if not effect then
      table.insert(controls, word)
    elseif not unit or unit == effect then
      unit = effect
    elseif not time or time == effect then
      time = effect
    else
      __fail("did2s: first_stage takes two fixed effects, unit and time; '" .. word .. "' is the third", word, "gardner(y ~ x, cohort=first, fe=…)")
    end
  end
  local o = settings(s, {})
  if cohort then
    o.cohort, o.unit, o.time = cohort, unit, time
  else
    o.data, o.cohort, o.unit, o.time = with_first("did2s", treat, unit, time)
  end
  o.effects = (second == nil or second:gsub("i%.", ""):match("^%s*" .. tostring(treat) .. "%s*$")) and "static" or "event"
  refuse(s, "bootstrap", "gardner has analytic errors: cluster(…)")
  S.no_more_options(s, "first_stage, second_stage, treatment, cluster")
  return "gardner", { s.words[1] .. " ~ " .. sum(controls) }, o
end)

--- bacondecomp y treat, ddetail; ddtiming y treat, i(id) t(year)
local function bacon_of(s, unit, time)
  if #s.words < 2 then __fail(s.name .. " takes the outcome and the treatment", s.name, s.name .. " y treat") end
  local o = { where = s.where }
  o.data, o.cohort, o.unit, o.time = with_first(s.name, s.words[2], unit, time)
  S.pass_over(s, "ddetail nograph nolegend msymbols msizes mcolors gropt savegraph savedata replace ddline noline vce cluster")
  refuse(s, "stub weight control_group")
  S.no_more_options(s, "ddetail, nograph, i, t")
  local controls = #s.words > 2 and table.concat(s.words, " + ", 3) or "1"
  return "bacon", { s.words[1] .. " ~ " .. controls }, o
end
__form("bacondecomp", {}, function(s) return bacon_of(s) end)
__form("ddtiming", {}, function(s)
  local unit, time = S.take(s, "i"), S.take(s, "t")
  return bacon_of(s, unit, time)
end)

--- twowayfeweights y unit time treat, type(feTR) controls(x)
__form("twowayfeweights", {}, function(s)
  local w = s.words
  if #w ~= 4 then __fail("twowayfeweights takes outcome, unit, time and treatment", "twowayfeweights", "twowayfeweights y g t d, type(feTR)") end
  local kind = S.take(s, "type") or "feTR"
  if kind ~= "feTR" then __fail("twowayfeweights: type(" .. kind .. ") is not supported: only feTR is", "type", "twfe_weights(y ~ 1, cohort=first)") end
  local o = { where = s.where }
  if s.weight then o.weights = "aw(" .. s.weight .. ")" end
  local controls = terms(S.take(s, "controls"))
  o.data, o.cohort, o.unit, o.time = with_first("twowayfeweights", w[4], w[2], w[3])
  refuse(s, "test_random_weights path other_treatments summary_measures")
  S.no_more_options(s, "type, controls")
  return "twfe_weights", { w[1] .. " ~ " .. (controls or "1") }, o
end)

--- drdid y x, ivar(id) time(year) tr(treat) drimp
__form("drdid", {}, function(s)
  local stata = false
  for _, option in ipairs(s.options) do stata = stata or option[1] == "ivar" or option[1] == "tr" or option[1] == "treatment" end
  if not stata then return s end
  local o = settings(s, { treat = S.take(s, "tr", "treatment"), unit = S.take(s, "ivar"), time = S.take(s, "time") })
  if not o.treat then __fail("drdid needs tr(…)", "drdid", "drdid y x, ivar(id) time(year) tr(treat)") end
  if not o.unit then o.panel = false end
  for stata, ours in pairs { drimp = "imp", dripw = "dr", reg = "reg", stdipw = "stdipw", ipw = "ipw" } do
    if S.take(s, stata) ~= nil then o.method = ours end
  end
  refuse(s, "all ipwra sipwra", "one method at a time: drimp, dripw, reg, stdipw, ipw")
  if S.take(s, "wboot") ~= nil then o.reps = 999 end
  o.reps, o.seed = number(s, "reps") or o.reps, number(s, "seed", "rseed")
  S.no_more_options(s, "ivar, time, tr, drimp, dripw, reg, stdipw, ipw, wboot, reps, seed")
  return "drdid", { s.words[1] .. " ~ " .. sum(s.words, 2) }, o
end)

--- stackedev y pre3 pre2 post0 post1, cohort(first) time(year) never_treat(never) unit_fe(id) clust_unit(id)
__form("stackedev", {}, function(s)
  local low, high = 0, 0
  for i = 2, #s.words do
    local name = s.words[i]:lower()
    local n = tonumber(name:match("(%d+)$") or "")
    if n and name:match("^pre") or n and name:match("^lead") then low = math.max(low, n) end
    if n and name:match("^post") or n and name:match("^lag") then high = math.max(high, n) end
  end
  local window = words_of(S.take(s, "window"))
  local o = settings(s, { cohort = S.take(s, "cohort"), time = S.take(s, "time"), unit = S.take(s, "unit_fe") })
  o.window = #window == 2 and { tonumber(window[1]), tonumber(window[2]) } or { -low, high }
  if not o.cohort then __fail("stackedev needs cohort(…)", "stackedev", "stackedev y pre3 pre2 post0 post1, cohort(first) time(year) unit_fe(id) clust_unit(id)") end
  if o.window[1] == 0 then __fail("stackedev: the window is not known from the names of the dummies", "stackedev", "window(-3 2)") end
  o.cluster = S.take(s, "clust_unit") or o.cluster
  if S.take(s, "never_treat") ~= nil then o.control = "never" end
  local controls = terms(S.take(s, "covariates"))
  refuse(s, "other_fe interact_cov", "stacked(y ~ x, cohort=first, window={-3, 2})")
  S.no_more_options(s, "cohort, time, never_treat, unit_fe, clust_unit, covariates, window")
  o.weighting = "none"
  return "stacked", { s.words[1] .. " ~ " .. (controls or "1") }, o
end)

--- xthdidregress aipw (y x) (treat z), group(id) controlgroup(notyet)
local function hdidregress(s, panel)
  local method = S.first_word(s)
  local parts = {}
  for inside in s.body:gmatch("%b()") do table.insert(parts, words_of(inside:sub(2, -2))) end
  if #parts < 2 or #parts[1] < 1 or #parts[2] < 1 then
    __fail(s.name .. " takes a method, (outcome covariates) and (treatment covariates)", s.name, s.name .. " aipw (y x) (treat x), group(id)")
  end
  local group, time = S.take(s, "group"), S.take(s, "time")
  if not panel and not time then __fail(s.name .. " needs time(…)", s.name, s.name .. " aipw (y) (treat), group(county) time(year)") end
  local control = S.take(s, "controlgroup")
  local o = settings(s, {})
  local unit
  o.data, o.cohort, unit, o.time = with_first(s.name, parts[2][1], not panel and group or nil, time)
  if panel then o.unit = unit else o.panel = false end
  if group and not o.cluster and group ~= unit or group and not panel then o.cluster = o.cluster or group end
  S.pass_over(s, "nolog verbose")
  refuse(s, "hettype basetime pstrim", "att_gt(y ~ x, cohort=first, method=\"dr\")")
  S.no_more_options(s, "group, time, controlgroup, vce")
  local outcome = parts[1][1]
  if method == "twfe" then
    if not panel then __fail(s.name .. ": twfe is for panels here", "twfe", "etwfe(y ~ 1, cohort=first)") end
    return "etwfe", { outcome .. " ~ " .. sum(parts[1], 2) }, o
  end
  local ours = ({ ra = "reg", ipw = "ipw", aipw = "dr" })[method]
  if not ours then __fail(s.name .. ": unknown method '" .. tostring(method) .. "'", method, "ra, ipw, aipw, twfe") end
  o.method, o.control = ours, control == "notyet" and "notyet" or "never"
  local covariates = method == "ipw" and parts[2] or parts[1]
  if method == "aipw" and #parts[2] > 1 and table.concat(parts[2], " ", 2) ~= table.concat(parts[1], " ", 2) then
    __fail(s.name .. ": aipw takes the same covariates for outcome and treatment here", "aipw", "att_gt(y ~ x, cohort=first, method=\"dr\")")
  end
  return "att_gt", { outcome .. " ~ " .. sum(covariates, 2) }, o
end
__form("xthdidregress", {}, function(s) return hdidregress(s, true) end)
__form("hdidregress", {}, function(s) return hdidregress(s, false) end)

--- didregress (y x) (treated), group(g) time(t): two-way fixed effects, clustered by group
__form("didregress", {}, function(s)
  local outcome, treatment = s.body:match("^%s*(%b())%s*(%b())%s*$")
  local group, time = S.take(s, "group"), S.take(s, "time")
  if not outcome or not group or not time then
    __fail("didregress takes (outcome covariates) (treatment), group() and time()", "didregress", "didregress (y x) (did), group(city) time(year)")
  end
  local words = S.columns(outcome:sub(2, -2))
  local treated = S.columns((treatment:sub(2, -2):gsub(",.*$", "")))[1]
  if treatment:match(",%s*cont") then __fail("didregress: continuous is not supported", "continuous", "feols(y ~ dose | city + year)") end
  local o = { fe = group .. " + " .. time, where = s.where ~= "" and s.where or nil, cluster = group }
  local vce, level = S.take(s, "vce"), S.take(s, "level")
  if vce and not vce:match("^cl") then __fail("didregress: vce(" .. vce .. ") is not supported", "vce", "cluster by the group, or feols with vcov=") end
  if vce then o.cluster = vce:match("^cl%a*%s+(.-)%s*$") end
  if level then o.level = tonumber(level) / 100 end
  S.pass_over(s, "nolog")
  S.no_more_options(s, "group, time, vce, level")
  return "feols", { words[1] .. " ~ " .. treated .. (#words > 1 and " + " .. sum(words, 2) or "") }, o
end)

--- estat vif, hettest, ovtest, …: diagnostics of the last estimate; those of instruments are its tests
local diagnostics = {
  vif = { "vif", {} }, ovtest = { "reset", { powers = 4 } }, dwatson = { "dwtest", {} }, bgodfrey = { "bgtest", {} },
}
local function estat_tests(m, what)
  local wanted = { firststage = { "first-stage F", "Kleibergen-Paap", "Cragg-Donald", "Anderson" }, overid = { "Hansen J", "Sargan", "Basmann" }, endogenous = { "Wu-Hausman", "Durbin" } }
  local lines = {}
  for _, test in ipairs(m.tests) do
    for _, name in ipairs(wanted[what]) do
      if test.name:sub(1, #name) == name then table.insert(lines, tostring(test)) end
    end
  end
  if #lines == 0 then __fail("estat " .. what .. ": the last estimate has no such test", what, "ivregress 2sls y x (d = z)") end
  return false, table.concat(lines, "\n")
end
local function estat_regression(s, what, m)
  if what == "ic" then
    S.no_more_options(s)
    local ok, line = pcall(function() return ("N = %d, log likelihood = %.6g, AIC = %.6g, BIC = %.6g"):format(m.nobs, m.loglik, m.aic, m.bic) end)
    return false, ok and line or __fail("estat ic: the last estimate has no likelihood", "ic")
  end
  local name, o = table.unpack(diagnostics[what] or {})
  if what == "hettest" then
    if S.take(s, "rhs") == nil then __fail("estat hettest on fitted values is not supported", "hettest", "estat hettest, rhs tests on the regressors; whitetest(m) on fitted values and their squares") end
    name, o = "bptest", { studentize = S.take(s, "iid") ~= nil }
  end
  local lags = S.take(s, "lags")
  if lags then o = { order = tonumber(lags) } end
  S.no_more_options(s)
  return name, { m }, o
end

--- estat event, window(-3 3): averages of the group-time effects that were estimated last
local group_time
__form("estat", {}, function(s)
  local what = S.first_word(s)
  local kinds = { simple = "simple", group = "group", calendar = "calendar", event = "dynamic", aggregation = "simple" }
  local m = last("estat")
  if m.command == "att_gt" then group_time = m end
  if what == "pretrend" or what == "ptrends" then
    if not m.pretrend_p then __fail("estat " .. what .. ": the last estimate has no pre-trend test", what) end
    print(("pre-trends: p = %.4f"):format(m.pretrend_p))
    return true
  end
  if what == "firststage" or what == "overid" or what == "endogenous" then
    S.pass_over(s, "all")
    return estat_tests(m, what)
  end
  if diagnostics[what] or what == "ic" or what == "hettest" then return estat_regression(s, what, m) end
  if not kinds[what] then
    __fail("estat " .. tostring(what) .. " is not supported", what, "after csdid: estat simple, group, calendar, event, pretrend; vif, ovtest, hettest, ic, firststage, overid, endogenous")
  end
  local o = {}
  local window = words_of((S.take(s, "window") or ""))
  if #window == 2 then o.min, o.max = tonumber(window[1]), tonumber(window[2]) end
  S.pass_over(s, "estore esave replace post graph")
  S.no_more_options(s, "window")
  return "aggte", { m.command == "aggte" and group_time or m, kinds[what] }, o
end)
