-- After an estimation: test, testparm, lincom, nlcom, predict. They ask the last estimate.
local load = ...
local S = load("lib/statement.lua")
local C = load("lib/coefficients.lua")

local function last(name)
  return __last() or __fail("there is no estimate for " .. name, name, "run a regression first: reg y x")
end

command "last_estimate" {
  topic = "stata", summary = "The most recent estimate, as a result",
  example = "m = last_estimate()",
  run = function() return last("last_estimate") end,
}

--- Stata's names of coefficients as here, of the last estimate where there is one.
local function coefficients(text)
  local fit = __last()
  return fit and C.plain(text, fit) or text
end

command "test" {
  topic = "stata", summary = "Wald test of hypotheses on the last estimate",
  args = { { "hypotheses", "texts", doc = "x, x = z, x + 2*z = 1", repeated = true } },
  options = { result = { "result", doc = "the estimate", default = nil } },
  example = "test did = lngdp",
  run = function(a) return (a.result or last("test")):test(table.unpack(a.hypotheses)) end,
}

__form("test", {}, function(s)
  S.no_more_options(s)
  local hypotheses = {}
  local body = coefficients(s.body):gsub("==", "=")
  if body:match("^%s*%(") then
    for inside in body:gmatch("%b()") do table.insert(hypotheses, inside:sub(2, -2)) end
  elseif body:find("=", 1, true) then
    hypotheses[1] = body
  else
    for _, word in ipairs(__words(body)) do table.insert(hypotheses, word) end
  end
  if #hypotheses == 0 then __fail("test: no hypothesis", "test", "test x, test x = z, test (x = 0) (z = 1)") end
  return "test", hypotheses
end)

-- hausman fe re, hausman fe: the stored estimates, `.` or nothing for the last one
__form("hausman", {}, function(s)
  local o = { sigmamore = S.take(s, "sigmamore"), sigmaless = S.take(s, "sigmaless") }
  S.no_more_options(s, "sigmamore, sigmaless")
  if #s.words == 0 or #s.words > 2 then __fail("hausman compares two estimates", "hausman", "estimates store fixed, then hausman fixed random or hausman fixed .") end
  local fits = {}
  for i, word in ipairs { s.words[1], s.words[2] or "." } do fits[i] = word == "." and last("hausman") or __stored_estimate(word) end
  return "hausman", fits, o
end)

--- Coefficients that a word of testparm means: a name, a pattern, levels of a factor.
local function named(fit, word)
  local out = C.matching(fit, word)
  if #out == 0 then
    __fail("testparm: no coefficient matches '" .. word .. "'", word, "coefficients: " .. table.concat(fit.names, ", "))
  end
  return out
end

command "testparm" {
  topic = "stata", summary = "Joint Wald test that coefficients are zero, by name or pattern",
  args = { { "names", "texts", doc = "names, x*, i.year", repeated = true } },
  example = "testparm i.year",
  run = function(a)
    local fit, all = last("testparm"), {}
    for _, word in ipairs(a.names) do
      for _, name in ipairs(named(fit, word)) do table.insert(all, name) end
    end
    return fit:test(table.unpack(all))
  end,
}

command "lincom" {
  topic = "stata", summary = "A linear combination of coefficients of the last estimate",
  args = { { "combination", "text", doc = "x + 2*z" } },
  options = { level = { "number", min = 10, max = 99.99, doc = "confidence level in per cent" } },
  example = "lincom did + 2*lngdp",
  run = function(a)
    return last("lincom"):lincom(a.combination, { level = a.level and a.level / 100 or nil })
  end,
}
__form("lincom", {}, function(s)
  local level = S.take(s, "level")
  S.no_more_options(s, "level")
  return "lincom", { coefficients(s.body) }, level and { level = tonumber(level) } or nil
end)

local function estimate_text(name, e)
  return string.format("%s = %.6g, se %.6g, z = %.2f, p = %.4f, 95%% interval [%.6g, %.6g]", name, e.estimate, e.se, e.z, e.p, e.low, e.high)
end

command "nlcom" {
  topic = "stata", summary = "A function of the coefficients of the last estimate, by the delta method",
  args = { { "expression", "text", doc = "_b[x] / _b[z]" } },
  options = { name = { "text", doc = "what the line calls it; nlcom (ratio: _b[x] / _b[z]) in a statement" } },
  source = "Oehlert (1992), The American Statistician 46: the delta method; the gradient by central differences",
  example = "nlcom _b[did] / _b[lngdp]",
  run = function(a)
    local fit, used, position = last("nlcom"), {}, {}
    local code = a.expression:gsub("_b%[%s*([^%]]-)%s*%]", function(name)
      name = C.matching(fit, name)[1] or name
      local _ = fit.coef[name] -- an unknown name is an error with the near one
      if not position[name] then
        table.insert(used, name)
        position[name] = #used
      end
      return "b[" .. position[name] .. "]"
    end)
    if #used == 0 then __fail("nlcom: no coefficient is named", "nlcom", "nlcom _b[x] / _b[z]") end
    local made = _G.load("local b, exp, log, ln, sqrt, abs = ... return " .. code, "=[moontide] nlcom", "t", {})
    if not made then __fail("nlcom: '" .. a.expression .. "' is no expression", "nlcom") end
    local function value(b) return made(b, math.exp, math.log, math.log, math.sqrt, math.abs) end
    local b, gradient = {}, {}
    for i, name in ipairs(used) do b[i] = fit.coef[name] end
    for i = 1, #b do
      local h = math.max(math.abs(b[i]), 1e-4) * 6e-6
      local at = b[i]
      b[i] = at + h
      local above = value(b)
      b[i] = at - h
      gradient[i] = (above - value(b)) / (2 * h)
      b[i] = at
    end
    local variance = 0
    for i, one in ipairs(used) do
      for j, other in ipairs(used) do variance = variance + gradient[i] * gradient[j] * fit.vcov[one][other] end
    end
    local e = { estimate = value(b), se = math.sqrt(variance) }
    e.z = e.estimate / e.se
    e.p = 2 * normal(-math.abs(e.z))
    e.low, e.high = e.estimate - 1.959963984540054 * e.se, e.estimate + 1.959963984540054 * e.se
    return setmetatable(e, { __show = function() return estimate_text(a.name or a.expression, e) end })
  end,
}
__form("nlcom", {}, function(s)
  S.no_more_options(s)
  local body = s.body
  if body:match("^%b()$") then body = body:sub(2, -2) end
  local name, expression = body:match("^%s*([%a_][%w_]*)%s*:%s*(.*)$")
  return "nlcom", { expression or body }, name and { name = name } or nil
end)

-- ---- predictions

--- predict yhat, xb: a new column from the last estimate.
command "predict" {
  topic = "stata", summary = "A new column from the last estimate",
  args = { { "name", "text", doc = "the column to make" } },
  options = {
    xb = { "boolean", doc = "x'b (the default of linear models)" },
    pr = { "boolean", doc = "the probability (the default after logit and probit)" },
    xbd = { "boolean", doc = "x'b and the absorbed effects" },
    d = { "boolean", doc = "the absorbed effects" },
    residuals = { "boolean", doc = "y - x'b - effects", aliases = { "resid", "residual", "res", "r" } },
    e = { "boolean", doc = "residuals of xtreg" },
    u = { "boolean", doc = "unit effects of xtreg" },
    ue = { "boolean", doc = "unit effects and residuals of xtreg" },
    stdp = { "boolean", doc = "the standard error of x'b, without absorbed effects" },
    where = { "condition", doc = "rows to fill", aliases = { "if" } },
  },
  example = "predict yhat, xb",
  run = function(a)
    local fit = last("predict")
    local column
    local probability = __margin_probability(fit)
    if a.pr and not probability then __fail("predict: '" .. fit.command .. "' predicts no probability", "pr", "xb is the linear prediction") end
    if a.stdp then
      column = __prediction_errors(fit)
    elseif a.ue then
      column = fit:predict("fe") + fit:predict("residuals")
    else
      column = fit:predict(((a.xbd or a.pr or (probability and not a.xb)) and not (a.residuals or a.d or a.u or a.e) and "fitted") or ((a.d or a.u) and "fe") or ((a.residuals or a.e) and "residuals") or "xb")
    end
    gen({ [a.name] = column, where = a.where })
  end,
}
__form("predict", {}, function(s)
  if #s.words == 2 then S.first_word(s) end -- predict double yhat
  return s
end)
