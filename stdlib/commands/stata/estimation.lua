-- Stata's names for regressions, with Stata's small-sample rules, on top of feols and reg.
local load = ...
local S = load("lib/statement.lua")

local shared = {
  vce = { "vcov", doc = "robust, cluster city, cluster city year, unadjusted; other covariances as in vcov" },
  robust = { "boolean", doc = "vce(robust)", aliases = { "r" } },
  cluster = { "terms", doc = "vce(cluster …)", aliases = { "cl" } },
  weights = { "weights", doc = "[aw=x], [fw=x], [pw=x] in a statement" },
  where = { "condition", doc = "rows to use", aliases = { "if" } },
  data = { "frame", doc = "the frame to use" },
  level = { "number", min = 10, max = 99.99, doc = "confidence level in per cent" },
}

local function options(more)
  local out = {}
  for name, option in pairs(shared) do out[name] = option end
  for name, option in pairs(more) do out[name] = option end
  return out
end

--- Terms as cluster variables: "city + year" → "cluster city year".
local function clusters(terms) return "cluster " .. tostring(terms):gsub("%s*%+%s*", " ") end

--- The options of feols that Stata's say.
local function settings(a, like)
  local given = (a.vce and 1 or 0) + (a.robust and 1 or 0) + (a.cluster and 1 or 0)
  if given > 1 then __fail("vce(), robust and cluster() are one choice: give one of them", "vce") end
  return {
    vcov = a.vce or (a.cluster and clusters(a.cluster)) or (a.robust and "hetero") or nil,
    weights = a.weights, where = a.where, data = a.data, like = like,
    level = a.level and a.level / 100 or nil,
  }
end

command "areg" {
  topic = "stata", summary = "Regression that absorbs one factor; Stata's areg on feols",
  args = { { "formula", "formula", doc = "y x1 x2 in a statement, y ~ x1 + x2 in a call" } },
  options = options { absorb = { "terms", doc = "the factor", aliases = { "a" } } },
  example = "areg ser did lngdp, absorb(city) vce(cluster city)",
  run = function(a)
    if not a.absorb then __fail("areg needs absorb(…)", "areg", "areg y x, absorb(city)") end
    local o = settings(a, "stata")
    o.fe, o.cons = a.absorb, "reghdfe"
    return feols(a.formula, o)
  end,
}

command "reghdfe" {
  topic = "stata", summary = "Regression with absorbed fixed effects; Stata's reghdfe on feols",
  args = { { "formula", "formula", doc = "y x1 x2 (d = z) in a statement, y ~ x1 + x2 in a call" } },
  options = options {
    absorb = { "terms", doc = "fixed effects: absorb(city year), absorb(city prov#year), absorb(city##c.t)", aliases = { "a", "abs" } },
    noabsorb = { "boolean", doc = "absorb nothing" },
    keepsingletons = { "boolean", doc = "keep rows that are alone in a level" },
  },
  example = "reghdfe ser did lngdp if year >= 2012, absorb(city year) vce(cluster city)",
  run = function(a)
    if not a.absorb and not a.noabsorb then
      __fail("reghdfe needs absorb(…), or noabsorb", "reghdfe", "reghdfe y x, absorb(city year)")
    end
    local o = settings(a, "reghdfe")
    o.fe, o.keep_singletons = a.absorb, a.keepsingletons
    if a.absorb then o.cons = "reghdfe" end
    return feols(a.formula, o)
  end,
}

command "xtreg" {
  topic = "stata", summary = "Panel regression with fixed or random effects of the units; Stata's xtreg on feols and random_effects",
  args = { { "formula", "formula", doc = "y x1 i.year in a statement, y ~ x1 + i.year in a call" } },
  options = options {
    fe = { "boolean", doc = "fixed effects of the panel's units" },
    re = { "boolean", doc = "random effects of the panel's units (the default)" },
    sa = { "boolean", doc = "with re: the components of Baltagi and Chang where units have unequal lengths" },
    be = { "boolean", doc = "between effects: not supported here" },
    mle = { "boolean", doc = "not supported here" },
    pa = { "boolean", doc = "not supported here" },
  },
  example = "xtreg ser did lngdp i.year, fe vce(cluster city)",
  run = function(a)
    if a.be then __fail("xtreg, be is not supported", "be", "collapse y x, by(unit) and reg y x: the means of the units") end
    if a.mle or a.pa then __fail("xtreg is supported with fe and re", a.mle and "mle" or "pa", "xtreg …, re: generalised least squares") end
    if a.fe and (a.re or a.sa) then __fail("fe and " .. (a.re and "re" or "sa") .. " are different models", a.re and "re" or "sa", "estimate each, and hausman compares them") end
    local unit = __panel_unit(a.data)
    if not unit then __fail("xtreg needs a panel", "xtreg", "xtset city year declares it") end
    local o = settings(a, "moontide")
    if a.robust or (a.vce and (tostring(a.vce) == "hetero" or tostring(a.vce) == "hc1")) then o.vcov = "cluster " .. unit end
    if not a.fe then
      if a.weights then __fail("xtreg, re takes no weights", "weights") end
      o.sa = a.sa
      return random_effects(a.formula, o)
    end
    o.fe, o.cons = unit, "xtreg"
    return feols(a.formula, o)
  end,
}

--- Instruments: y x (d = z). ivregress and ivreg2 take no small-sample factor unless `small` is given.
local function instruments(name, like, more, fe)
  command(name) {
    topic = "stata", summary = "Instrumental variables; Stata's " .. name .. " on feols",
    args = { { "formula", "formula", doc = "y x (d = z) in a statement, y ~ x | d ~ z in a call" } },
    options = options(more),
    example = name == "ivregress" and "ivregress 2sls ser lngdp (did = z), vce(cluster city)"
      or name .. " ser lngdp (did = z), " .. (fe and "absorb(city year) " or "") .. "cluster(city)",
    run = function(a)
      local o = settings(a, (a.small or fe) and like or "none")
      if not a.small and not fe then o.ssc = "t_df=normal" end
      o.fe, o.method = a.absorb, a.liml and "liml" or a.method
      local fit = feols(a.formula, o)
      if a.first then
        for _, stage in ipairs(fit.first_stages) do print(stage) end
      end
      return fit
    end,
  }
end

local small = { "boolean", doc = "small-sample factors" }
local first = { "boolean", doc = "the first stages are shown, too", aliases = { "ffirst" } }
local liml = { "boolean", doc = "LIML instead of two-stage least squares" }
instruments("ivregress", "stata", { small = small, first = first, method = { one_of = { "2sls", "liml" }, default = "2sls", doc = "the word after ivregress" } })
instruments("ivreg2", "stata", { small = small, liml = liml, first = first })
instruments("ivreghdfe", "reghdfe", { liml = liml, first = first, absorb = { "terms", doc = "fixed effects", aliases = { "a", "abs" } } }, true)

local quiet = "nolog noheader nofootnote noomitted baselevels allbaselevels nopvalues resid residuals verbose timeit"

for _, name in ipairs { "areg", "reghdfe", "xtreg", "ivreg2", "ivreghdfe" } do
  __form(name, {}, function(s)
    S.pass_over(s, quiet .. (name == "xtreg" and " theta" or ""))
    return s
  end)
end

-- ivregress 2sls y x (d = z)
__form("ivregress", {}, function(s)
  S.pass_over(s, quiet)
  local method = s.words[1]
  if method ~= "2sls" and method ~= "liml" then
    __fail("ivregress: the method is 2sls or liml" .. (method and ", not '" .. method .. "'" or ""), method, "ivregress 2sls y x (d = z)")
  end
  S.first_word(s)
  S.add(s, "method", method)
  return s
end)

-- reg y x, vce(cluster city): the native reg under Stata's names of options.
__form("reg", { "regress", "regres", "regr" }, function(s)
  S.pass_over(s, quiet)
  local robust, cluster = S.take(s, "robust", "r", "rob"), S.take(s, "cluster", "cl")
  S.rename(s, "vce", "vcov")
  if robust then S.add(s, "vcov", "hetero") end
  if cluster then S.add(s, "vcov", "cluster " .. cluster) end
  S.rename(s, "absorb", "fe")
  local level = S.take(s, "level")
  if level then S.add(s, "level", tostring((tonumber(level) or 95) / 100)) end
  s.keywords = { like = "stata" }
  return s
end)
