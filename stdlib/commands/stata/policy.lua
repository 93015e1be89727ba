-- Stata's names for few clusters, matching, synthetic control and mediation, read into the commands of the same purpose.
local load = ...
local S = load("lib/statement.lua")

local function last(name)
  return __last() or __fail("there is no estimate for " .. name, name, "run a regression first: reg y x")
end

local function number(s, ...)
  local value = S.take(s, ...)
  return value and tonumber(value) or nil
end

--- "y x1 x2" → "x1 + x2"
local function sum(words, from) return table.concat(words, " + ", from or 1) end

-- boottest did, reps(999) weighttype(webb) cluster(city) nonull seed(1)
__form("boottest", {}, function(s)
  local o = { reps = number(s, "reps", "r"), seed = number(s, "seed"), type = S.take(s, "weighttype", "weight", "w") }
  -- Several ways of clustering: weights by their combinations unless bootcluster() says otherwise, as Stata's command has it.
  local ways, boot = S.take(s, "cluster"), S.take(s, "bootcluster")
  if ways and ways:find("%S%s+%S") then boot = boot or ways end
  if ways then o.cluster = ways:match("^%s*(.-)%s*$"):gsub("%s+", " + ") end
  if boot then o.bootcluster = boot:match("^%s*(.-)%s*$"):gsub("%s+", "^") end
  if S.take(s, "nonull") ~= nil then o.null = false end
  local level, ptype = number(s, "level"), S.take(s, "ptype")
  if level then o.level = level / 100 end
  if ptype then o.ptype = ptype == "equaltail" and "equaltail" or "symmetric" end
  if S.take(s, "noci") ~= nil then o.ci = false end
  S.pass_over(s, "nograph quietly")
  S.no_more_options(s, "reps, seed, weighttype, cluster, bootcluster, nonull, level, ptype, noci")
  local hypothesis = s.body:gsub("_b%[([^%]]*)%]", "%1"):gsub("==", "=")
  return "boottest", { last("boottest"), (hypothesis:gsub("^%s+", ""):gsub("%s+$", "")) }, o
end)

-- psmatch2 treat x1 x2, outcome(y) neighbor(1) caliper(.01) kernel radius logit noreplacement common ate
__form("psmatch2", {}, function(s)
  local o = { link = "probit", where = s.where }
  if S.take(s, "logit") ~= nil then o.link = "logit" end
  o.y = S.take(s, "outcome", "out")
  o.k = number(s, "neighbor", "n")
  o.caliper = number(s, "caliper", "cal")
  if o.caliper then o.caliper_unit = "raw" end
  local once = S.take(s, "noreplacement", "norepl") ~= nil
  if S.take(s, "ties") ~= nil then o.ties = true end
  if S.take(s, "kernel") ~= nil then o.method = "kernel" end
  if S.take(s, "radius") ~= nil then o.method = "radius" end
  if S.take(s, "mahalanobis", "mahal") ~= nil then o.method, o.link = "mahalanobis", nil end
  if o.method ~= "kernel" and o.method ~= "radius" then o.replace = not once end
  if S.take(s, "index") ~= nil then o.linear = true end
  if S.take(s, "common", "com") ~= nil then o.common = true end
  local ate, kind, width = S.take(s, "ate"), S.take(s, "kerneltype", "k"), number(s, "bwidth", "bw")
  if ate ~= nil then o.estimand = "ate" end
  if kind then o.kernel = kind == "epan" and "epanechnikov" or kind end
  o.bandwidth = width
  local ai = S.take(s, "ai")
  if ai then o.nn = tonumber(ai) end
  S.pass_over(s, "quietly qui descending")
  S.no_more_options(s, "outcome, neighbor, caliper, kernel, radius, mahalanobis, logit, noreplacement, ties, common, ate, ai, index, kerneltype, bwidth")
  if #s.words < 2 then __fail("psmatch2 takes the treatment and covariates", "psmatch2", "psmatch2 treat x1 x2, outcome(y)") end
  return "match", { s.words[1] .. " ~ " .. sum(s.words, 2) }, o
end)

-- teffects ipw (y) (treat x1 x2), atet
__form("teffects", {}, function(s)
  local method = S.first_word(s)
  local parts = {}
  for inside in s.body:gmatch("%b()") do
    local words = {}
    for word in inside:sub(2, -2):gsub(",.*", ""):gmatch("%S+") do table.insert(words, word) end
    table.insert(parts, words)
  end
  local link = s.body:find("probit") and "probit" or "logit"
  if #parts ~= 2 then __fail("teffects takes two parentheses", "teffects", "teffects aipw (y x1) (treat x1 x2)") end
  local o = { method = method, link = link, where = s.where, estimand = S.take(s, "atet") ~= nil and "att" or "ate" }
  S.take(s, "ate")
  local vce = S.take(s, "vce")
  if vce and vce:match("^cluster") then o.cluster = vce:match("%S+%s+(%S+)") end
  S.pass_over(s, "nolog")
  S.no_more_options(s, "atet, vce(cluster …)")
  if method == "psmatch" or method == "nnmatch" then
    local out = { y = parts[1][1], replace = true, ties = true, nn = 2, estimand = o.estimand, link = link, where = s.where }
    if method == "nnmatch" then
      out.method, out.link = "mahalanobis", nil
      return "match", { parts[2][1] .. " ~ " .. sum(parts[1], 2) }, out
    end
    out.adjust = true
    return "match", { parts[2][1] .. " ~ " .. sum(parts[2], 2) }, out
  end
  local outcome = #parts[1] > 1 and sum(parts[1], 2) or "1"
  local treatment = #parts[2] > 1 and sum(parts[2], 2) or "1"
  return "teffects", { parts[1][1] .. " ~ " .. outcome, parts[2][1] .. " ~ " .. treatment }, o
end)

-- ebalance treat x1 x2, targets(2) generate(w)
__form("ebalance", { "ebal" }, function(s)
  local o = { moments = number(s, "targets", "tar"), name = S.take(s, "generate", "gen"), where = s.where }
  S.no_more_options(s, "targets, generate")
  return "ebalance", { s.words[1] .. " ~ " .. sum(s.words, 2) }, o
end)

-- cem age educ race, treatment(treat)
__form("cem", {}, function(s)
  local treat = S.take(s, "treatment", "tr")
  if not treat then __fail("cem needs treatment(…)", "cem", "cem age educ, treatment(treat)") end
  S.no_more_options(s, "treatment")
  return "match", { treat .. " ~ " .. sum(s.words) }, { method = "cem", where = s.where }
end)

-- synth y x1 x2 y(1988) y(1980), trunit(3) trperiod(1989)
__form("synth", {}, function(s)
  local unit, period = S.take(s, "trunit"), S.take(s, "trperiod")
  if not unit or not period then __fail("synth needs trunit(…) and trperiod(…)", "synth", "synth y x1 y(1988), trunit(California) trperiod(1989)") end
  local y, terms, lags = nil, {}, {}
  for word in s.body:gmatch("%S+") do
    local name, inside = word:match("^([%a_][%w_]*)%((%S+)%)$")
    if not y then
      y = word
    elseif name and name == y then
      table.insert(lags, inside)
    elseif name then
      __fail("synth: averages over own periods are taken for the outcome only, not for '" .. name .. "'", name)
    else
      table.insert(terms, word)
    end
  end
  local o = { treated = unit, at = period, nested = S.take(s, "nested") ~= nil, where = s.where, lags = #lags > 0 and lags or nil }
  S.pass_over(s, "fig keep figure allopt")
  S.no_more_options(s, "trunit, trperiod, nested")
  return "synth", { y .. " ~ " .. (#terms > 0 and sum(terms) or "1") }, o
end)

-- sdid y unit time treat, vce(placebo) reps(50) seed(1) covariates(x1 x2)
__form("sdid", {}, function(s)
  local w = s.words
  if #w ~= 4 then __fail("sdid takes outcome, unit, time and treatment", "sdid", "sdid y unit time treat, vce(placebo)") end
  local covariates = S.take(s, "covariates", "cov")
  local o = { unit = w[2], time = w[3], treat = w[4], vce = S.take(s, "vce"), reps = number(s, "reps"), seed = number(s, "seed"), method = S.take(s, "method"), where = s.where }
  if o.vce == "noinference" then o.vce = "none" end
  S.pass_over(s, "graph")
  S.no_more_options(s, "vce, reps, seed, method, covariates")
  local terms = "1"
  if covariates then terms = covariates:gsub(",.*", ""):gsub("^%s+", ""):gsub("%s+$", ""):gsub("%s+", " + ") end
  return "sdid", { w[1] .. " ~ " .. terms }, o
end)

-- sgmediation y, mv(m) iv(x) cv(z1 z2)
__form("sgmediation", { "sgmediation2" }, function(s)
  local mediator, x, controls = S.take(s, "mv"), S.take(s, "iv"), S.take(s, "cv")
  if not mediator or not x then __fail("sgmediation needs mv(…) and iv(…)", "sgmediation", "sgmediation y, mv(m) iv(x) cv(z)") end
  S.pass_over(s, "quietly prefix opts level")
  S.no_more_options(s, "mv, iv, cv")
  local right = x
  if controls then right = right .. " + " .. controls:gsub("^%s+", ""):gsub("%s+$", ""):gsub("%s+", " + ") end
  return "mediate", { s.words[1] .. " ~ " .. right }, { mediator = mediator, x = x, reps = 0, where = s.where }
end)

-- psacalc delta x, rmax(.9) beta(0); psacalc beta x, delta(1)
__form("psacalc", {}, function(s)
  local what = S.first_word(s)
  if what ~= "delta" and what ~= "beta" then __fail("psacalc takes delta or beta", what, "psacalc delta x, rmax(0.9)") end
  local o = { rmax = number(s, "rmax"), beta = number(s, "beta"), delta = number(s, "delta") }
  local kept = S.take(s, "mcontrol")
  if kept then
    o.keep = {}
    for word in kept:gmatch("%S+") do table.insert(o.keep, word) end
  end
  if not o.rmax then o.rmax = 1 end
  S.no_more_options(s, "rmax, beta, delta, mcontrol")
  return "oster", { last("psacalc"), s.words[1] }, o
end)

-- rwolf y1 y2 y3, indepvar(x) controls(z1 z2) reps(999) seed(1) vce(cluster city)
__form("rwolf", { "rwolf2" }, function(s)
  local x, controls, vce = S.take(s, "indepvar"), S.take(s, "controls"), S.take(s, "vce", "cluster")
  if not x then __fail("rwolf needs indepvar(…)", "rwolf", "rwolf y1 y2, indepvar(treat) controls(z) vce(cluster city)") end
  local o = { x = x, reps = number(s, "reps"), seed = number(s, "seed") }
  local absorb = S.take(s, "abs", "absorb")
  S.pass_over(s, "method verbose")
  S.no_more_options(s, "indepvar, controls, reps, seed, vce, abs")
  local right = x
  if controls then right = right .. " + " .. controls:gsub("^%s+", ""):gsub("%s+$", ""):gsub("%s+", " + ") end
  local arguments = {}
  local cluster = vce and (vce:match("^cluster%s+(%S+)") or vce)
  for _, y in ipairs(s.words) do
    table.insert(arguments, feols(y .. " ~ " .. right, { fe = absorb, vcov = cluster and "cluster " .. cluster or nil, where = s.where }))
  end
  return "romano_wolf", arguments, o
end)
