-- After an estimation: test, testparm, lincom, nlcom, predict, margins. They ask the last estimate.
local load = ...
local S = load("lib/statement.lua")

local function last(name)
  return __last() or __fail("there is no estimate for " .. name, name, "run a regression first: reg y x")
end

command "last_estimate" {
  topic = "stata", summary = "The most recent estimate, as a result",
  example = "m = last_estimate()",
  run = function() return last("last_estimate") end,
}

--- _b[x] is x, 2014.year is i.year::2014.
local function coefficients(text)
  return (text:gsub("_b%[([^%]]*)%]", "[%1]"):gsub("%f[%w_](%d+)%.([%a_][%w_]*)", "i.%2::%1"))
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

--- Coefficients that a word of testparm means: a name, a pattern, the levels of i.x.
local function named(fit, word)
  local out = {}
  local factor = word:match("^i%.([%w_]+)$") or word:match("^ib?%d+%.([%w_]+)$")
  local pattern = "^" .. word:gsub("[%^%$%(%)%%%.%[%]%+%-]", "%%%0"):gsub("%*", ".*"):gsub("%?", ".") .. "$"
  for _, name in ipairs(fit.names) do
    local level = factor and (name:match("^i%." .. factor .. "::([^:]*)$") or name:match("^i%(" .. factor .. "[^)]*%)::([^:]*)$"))
    if level or (not factor and name:match(pattern)) then table.insert(out, name) end
  end
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
  source = "Oehlert (1992), The American Statistician 46: the delta method; the gradient by central differences",
  example = "nlcom _b[did] / _b[lngdp]",
  run = function(a)
    local fit, used, position = last("nlcom"), {}, {}
    local code = a.expression:gsub("_b%[%s*([^%]]-)%s*%]", function(name)
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
    return setmetatable(e, { __show = function() return estimate_text(a.expression, e) end })
  end,
}
__form("nlcom", {}, function(s)
  S.no_more_options(s)
  local body = s.body
  if body:match("^%b()$") then body = body:sub(2, -2) end
  return "nlcom", { (body:gsub("^%s*[%a_][%w_]*%s*:", "")) }
end)

-- ---- standard errors of predictions and marginal effects, for models linear in their coefficients.

local absorbs = "%s is not supported with absorbed effects: their standard errors are not known"

--- The parts of a coefficient's name: i(g)::2:x → { {factor="g", level="2"}, {text="x"} }.
local function term_parts(name)
  local parts, rest = {}, name
  while rest ~= "" do
    local factor, level, after = rest:match("^i%(([%w_]+)[^)]*%)::([^:]+)(.*)$")
    if not factor then
      factor, level, after = rest:match("^i%.([%w_]+)::([^:]+)(.*)$")
    end
    if factor then
      table.insert(parts, { factor = factor, level = level })
      rest = after:gsub("^:", "")
    else
      local head, tail = rest:match("^(.-):(.*)$")
      table.insert(parts, { text = ((head or rest):gsub("^c%.", "")) })
      rest = tail or ""
    end
  end
  return parts
end

--- Puts `value` for the variable, not for its lags (L.x).
local function substituted(text, name, value)
  return (text:gsub("()([%a_][%w_%.]*)", function(_, word) return word == name and value or nil end))
end

local function indicator(part)
  local number = tonumber(part.level)
  return "(" .. part.factor .. " == " .. (number and part.level or "'" .. part.level .. "'") .. ")"
end

--- The term as an expression, `given` variables replaced by texts; nil for the constant.
local function term_text(name, given)
  if name == "_cons" then return "1" end
  local out = {}
  for _, part in ipairs(term_parts(name)) do
    local text = part.text
    if part.factor then
      local at = given[part.factor]
      text = at and (at == part.level and "1" or "0") or indicator(part)
    end
    if part.text then
      for variable, value in pairs(given) do text = substituted(text, variable, "(" .. value .. ")") end
    end
    table.insert(out, "(" .. text .. ")")
  end
  return table.concat(out, " * ")
end

--- sqrt(x'Vx) as one expression of the data.
local function standard_error_text(fit)
  local terms, sums = {}, {}
  for i, name in ipairs(fit.names) do terms[i] = term_text(name, {}) end
  for i, one in ipairs(fit.names) do
    for j = 1, i do
      local v = fit.vcov[one][fit.names[j]] * (i == j and 1 or 2)
      table.insert(sums, string.format("(%.17g) * %s * %s", v, terms[i], terms[j]))
    end
  end
  return "sqrt(" .. table.concat(sums, " + ") .. ")"
end

--- predict yhat, xb: a new column from the last estimate.
command "predict" {
  topic = "stata", summary = "A new column from the last estimate",
  args = { { "name", "text", doc = "the column to make" } },
  options = {
    xb = { "boolean", doc = "x'b (the default)" },
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
    if a.stdp then
      if __absorbs(fit) then __fail(absorbs:format("stdp"), "stdp") end
      column = standard_error_text(fit)
    elseif a.ue then
      column = fit:predict("fe") + fit:predict("residuals")
    else
      column = fit:predict((a.xbd and "fitted") or ((a.d or a.u) and "fe") or ((a.residuals or a.e) and "residuals") or "xb")
    end
    gen({ [a.name] = column, where = a.where })
  end,
}
__form("predict", {}, function(s)
  if #s.words == 2 then S.first_word(s) end -- predict double yhat
  return s
end)

--- The margin as weights on the coefficients: the mean over the sample of the change of each term.
local function slope_weights(fit, variable, level, given)
  local weights, binary = {}, false
  for _, name in ipairs(fit.names) do
    local text = name ~= "_cons" and term_text(name, {}) or nil
    if not text then goto continue end
    if level then
      for _, part in ipairs(term_parts(name)) do
        if part.factor == variable and part.level == level then
          local at = {}
          for key, value in pairs(given) do at[key] = value end
          at[variable] = level
          weights[name] = __sample_mean(term_text(name, at))
        end
      end
    elseif substituted(text, variable, "") ~= text then
      local h = 1e-4
      local up, down = {}, {}
      for key, value in pairs(given) do up[key], down[key] = value, value end
      local middle = given[variable] or variable
      up[variable], down[variable] = middle .. " + " .. h, middle .. " - " .. h
      weights[name] = __sample_mean("((" .. term_text(name, up) .. ") - (" .. term_text(name, down) .. ")) / " .. 2 * h)
    end
    ::continue::
  end
  return weights
end

local function combination(weights, names)
  local out = {}
  for _, name in ipairs(names) do
    local w = weights[name]
    if w and w ~= 0 then table.insert(out, string.format("%.15g*`%s`", w, name)) end
  end
  return (table.concat(out, " + "):gsub("%+ %-", "- "))
end

--- at(z=(0 1) w=2): every combination, as a list of {z="0", w="2"}.
local function at_points(texts)
  local points = { {} }
  for _, text in ipairs(texts or {}) do
    local name, values = text:match("^%s*([%a_][%w_]*)%s*=%s*(.-)%s*$")
    if not name then __fail("margins: at() takes NAME=value", "at", "at(z=0), at(z=(0 1))") end
    local more = {}
    for value in values:gsub("[()]", " "):gmatch("%S+") do
      if not tonumber(value) then __fail("margins: at(" .. name .. "=…) takes numbers, not '" .. value .. "'", value) end
      for _, point in ipairs(points) do
        local copy = { [name] = value }
        for key, old in pairs(point) do copy[key] = old end
        table.insert(more, copy)
      end
    end
    points = more
  end
  return points
end

--- What dydx(…) names: continuous variables, and the levels of factors.
local function margin_targets(fit, words)
  local continuous, levels, order, seen = {}, {}, {}, {}
  local function add(key, target)
    if not seen[key] then
      seen[key] = true
      table.insert(order, target)
    end
  end
  for _, name in ipairs(fit.names) do
    for _, part in ipairs(name ~= "_cons" and term_parts(name) or {}) do
      if part.factor then
        levels[part.factor] = true
        add(part.factor .. "=" .. part.level, { variable = part.factor, level = part.level })
      else
        for word in part.text:gmatch("[%a_][%w_%.]*") do
          if not word:find(".", 1, true) and __is_column(word) then
            continuous[word] = true
            add(word, { variable = word })
          end
        end
      end
    end
  end
  if #words == 1 and words[1] == "*" then return order end
  local out = {}
  for _, word in ipairs(words) do
    local before = #out
    for _, target in ipairs(order) do
      if target.variable == word then table.insert(out, target) end
    end
    if #out == before then __fail("margins: '" .. word .. "' is no variable of the estimate", word) end
  end
  return out
end

command "margins" {
  topic = "stata", summary = "Average marginal effects of a model that is linear in its coefficients",
  options = {
    dydx = { "texts", doc = "the variables, or *: slopes of continuous ones, levels of factors against their base" },
    at = { "any", doc = "values of other variables: at(z=0), at(z=(0 1))" },
  },
  source = "the mean over the sample of the derivative of x'b, by central differences (exact for polynomials to degree 2)",
  example = "margins, dydx(lngdp) at(treat=1)",
  run = function(a)
    if not a.dydx then __fail("margins is supported with dydx(…) only", "margins", "margins, dydx(*)") end
    local fit, lines = last("margins"), {}
    local at = a.at and { } or nil
    for name, value in (a.at or ""):gmatch("([%a_][%w_]*)%s*=%s*(%b())") do table.insert(at, name .. "=" .. value) end
    for name, value in (a.at or ""):gsub("%b()", ""):gmatch("([%a_][%w_]*)%s*=%s*([-%d%.]+)") do table.insert(at, name .. "=" .. value) end
    local result = {}
    local rows, width = {}, 12
    for _, target in ipairs(margin_targets(fit, a.dydx)) do
      for _, point in ipairs(at_points(at)) do
        local text = combination(slope_weights(fit, target.variable, target.level, point), fit.names)
        local label = target.variable .. (target.level and "::" .. target.level or "")
        for name, value in pairs(point) do label = label .. " at " .. name .. "=" .. value end
        if text == "" then __fail("margins: the effect of '" .. target.variable .. "' is not estimated", target.variable) end
        local e = fit:lincom(text)
        result[label] = e
        width = math.max(width, #label)
        table.insert(rows, { label, e })
      end
    end
    local head = "%-" .. width .. "s  %10s  %10s  %7s  %7s"
    table.insert(lines, head:format("dy/dx", "estimate", "se", "t", "p"))
    for _, row in ipairs(rows) do
      local e = row[2]
      table.insert(lines, head:format(row[1], string.format("%.6g", e.estimate), string.format("%.6g", e.se), string.format("%.2f", e.t), string.format("%.4f", e.p)))
    end
    return setmetatable(result, { __show = function() return table.concat(lines, "\n") end })
  end,
}
