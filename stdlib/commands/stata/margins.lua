-- margins and marginsplot: predictive margins and marginal effects of the last estimate.
local load = ...
local S = load("lib/statement.lua")

local last_margins -- what marginsplot draws

-- ---- at(): where the model is evaluated

local numlist = load("lib/numlist.lua")

--- x=(0 1) g=2, {x={0, 1}, g=2}: a list of { name, {texts} }.
local function at_list(at)
  local list = {}
  if at == nil then return list end
  if type(at) == "table" then
    for name, value in pairs(at) do
      local texts = {}
      for _, one in ipairs(type(value) == "table" and value or { value }) do table.insert(texts, tostring(one)) end
      table.insert(list, { name, texts })
    end
    table.sort(list, function(a, b) return a[1] < b[1] end)
    return list
  end
  local rest = tostring(at):gsub("^%s+", "")
  while rest ~= "" do
    local name, value, after = rest:match("^([%a_\128-\255][%w_\128-\255]*)%s*=%s*(%b())%s*(.*)$")
    if name then
      value = value:sub(2, -2)
    else
      name, value, after = rest:match("^([%a_\128-\255][%w_\128-\255]*)%s*=%s*(\"[^\"]*\")%s*(.*)$")
      if not name then name, value, after = rest:match("^([%a_\128-\255][%w_\128-\255]*)%s*=%s*(%S+)%s*(.*)$") end
    end
    if not name then
      local word = rest:match("^%S+")
      __fail("margins: at() takes NAME=value, not '" .. word .. "'", word, "at(z=0), at(z=(0 1)), at(z=(1/5)); atmeans puts the others at their means")
    end
    for _, known in ipairs(list) do
      if known[1] == name then __fail("margins: at() names '" .. name .. "' twice", name, "several values: at(" .. name .. "=(0 1))") end
    end
    table.insert(list, { name, numlist(value) })
    rest = after
  end
  return list
end

--- Every combination of values, the last name changing fastest: a list of { {name, value}, … }.
local function combinations(list)
  local points = { {} }
  for _, item in ipairs(list) do
    local more = {}
    for _, point in ipairs(points) do
      for _, value in ipairs(item[2]) do
        local copy = table.move(point, 1, #point, 1, {})
        table.insert(copy, { item[1], value })
        table.insert(more, copy)
      end
    end
    points = more
  end
  return points
end

-- ---- what is asked

local function variables_of(fit)
  local by_name, list = {}, __margin_variables(fit)
  for _, variable in ipairs(list) do by_name[variable.name] = variable end
  return list, by_name
end

local function unknown(word, list)
  local names = {}
  for _, variable in ipairs(list) do table.insert(names, variable.name) end
  __fail("margins: '" .. word .. "' is no variable of the estimate", word, "variables: " .. table.concat(names, ", "))
end

--- A column of zeros and ones is its own indicator in a formula, and has these two levels.
local function is_indicator(fit, name)
  local levels = __margin_levels(fit, name)
  return #levels == 2 and ((levels[1] == "0" and levels[2] == "1") or (levels[1] == "false" and levels[2] == "true"))
end

--- Words such as g, i.g, g#h: lists of factors.
local function factor_lists(fit, words)
  local list, known = variables_of(fit)
  local out = {}
  for _, word in ipairs(words) do
    local factors, seen = {}, {}
    for part in word:gsub("##", "#"):gmatch("[^#:]+") do
      local name = part:gsub("^i%.", "")
      if not known[name] then unknown(name, list) end
      if seen[name] then __fail("margins: '" .. name .. "' stands twice in '" .. word .. "'", name) end
      seen[name] = true
      if not known[name].factor and not is_indicator(fit, name) then
        __fail("margins: '" .. name .. "' is no factor of the estimate", name, "at(" .. name .. "=(…)) puts it to values; i." .. name .. " in the regression makes it a factor")
      end
      table.insert(factors, { name, (__margin_levels(fit, name)) })
    end
    table.insert(out, factors)
  end
  return out
end

--- The variables of dydx(…): numbers have a slope, factors an effect of each level against the base.
local function effects(fit, words)
  local list, known = variables_of(fit)
  local out = {}
  if #words == 1 and (words[1] == "*" or words[1] == "_all") then
    words = {}
    for _, variable in ipairs(list) do table.insert(words, variable.name) end
  end
  for _, word in ipairs(words) do
    local name = word:gsub("^[ic]%.", "")
    if not known[name] then unknown(name, list) end
    if known[name].factor then
      local levels, base = __margin_levels(fit, name)
      for _, level in ipairs(levels) do
        if level ~= base then table.insert(out, { name = name .. "::" .. level, factor = name, to = level, base = base }) end
      end
    else
      table.insert(out, { name = name, slope = name })
    end
  end
  return out
end

-- ---- the table

local function text_of(point)
  local out = {}
  for _, pair in ipairs(point) do table.insert(out, pair[1] .. "=" .. pair[2]) end
  return table.concat(out, " ")
end

local function lines_of(result)
  local width = #result.heading
  for _, row in ipairs(result.rows) do width = math.max(width, utf8.len(row.label) or #row.label) end
  local function padded(text) return text .. (" "):rep(width - (utf8.len(text) or #text)) end
  local numbers = "  %10s  %10s  %7s  %7s  %21s"
  local interval = ("%.4g%% interval"):format(100 * result.level)
  local lines = { padded(result.heading) .. numbers:format(result.column, "se", "t", "p", interval) }
  for _, row in ipairs(result.rows) do
    local e = row.estimate
    if e then
      table.insert(lines, padded(row.label) .. numbers:format(("%.6g"):format(e.estimate), ("%.6g"):format(e.se), ("%.2f"):format(e.t),
        ("%.4f"):format(e.p), ("%.6g to %.6g"):format(e.low, e.high)))
    else
      table.insert(lines, padded(row.label) .. "  (not estimable: the sample lacks the combination)")
    end
  end
  table.insert(lines, result.note)
  return table.concat(lines, "\n")
end

local methods = {}

--- The rows as series over one variable: the x axis, and a series for every combination of the others.
local function series_of(result)
  local dimensions = result.dimensions
  local on_x = dimensions[1]
  local values, place, numbers = {}, {}, true
  for _, row in ipairs(result.rows) do
    local value = on_x and row.at[on_x] or row.label
    if not place[value] then
      table.insert(values, value)
      place[value] = #values
      numbers = numbers and on_x ~= nil and tonumber(value) ~= nil and not result.factors[on_x]
    end
  end
  local series, by_label = {}, {}
  for _, row in ipairs(result.rows) do
    local e, value = row.estimate, on_x and row.at[on_x] or row.label
    if e then
      local words = {}
      for i = 2, #dimensions do table.insert(words, (dimensions[i] == "" and "" or dimensions[i] .. "=") .. row.at[dimensions[i]]) end
      local label = table.concat(words, ", ")
      local one = by_label[label]
      if not one then
        one = { label = label, x = {}, estimate = {}, low = {}, high = {} }
        by_label[label] = one
        table.insert(series, one)
      end
      table.insert(one.x, numbers and tonumber(value) or place[value])
      table.insert(one.estimate, e.estimate)
      table.insert(one.low, e.low)
      table.insert(one.high, e.high)
    end
  end
  return series, numbers and {} or values, on_x or ""
end

function methods.plot(result, options)
  options = options or {}
  local series, ticks, on_x = series_of(result)
  if #series == 0 then __fail("there is no margin to plot", "marginsplot") end
  local figure = __margins_plot(series, ticks, { title = options.title, x_label = options.x_label or on_x, y_label = options.y_label or result.y_label,
    note = options.note, zero = result.effects, level = result.level })
  if options.file then figure:save(options.file) end
  return figure
end

local fields = { "rows", "level", "note", "heading", "dimensions" }
local function finished(result)
  local by_label = {}
  for _, row in ipairs(result.rows) do by_label[row.label] = row.estimate or false end
  return setmetatable({}, {
    __index = function(_, key)
      if methods[key] then return function(_, options) return methods[key](result, options) end end
      for _, field in ipairs(fields) do
        if key == field then return result[key] end
      end
      local found = by_label[key]
      if found == nil then __fail("margins: no margin '" .. tostring(key) .. "'", tostring(key)) end
      return found or nil -- nil: not estimable
    end,
    __len = function() return #result.rows end,
    __show = function() return lines_of(result) end,
  })
end

--- One list of margins: for every point of at(), group of over() and target.
local function computed(fit, a, targets, dimensions, result)
  local at = at_list(a.at)
  local over = {}
  for _, name in ipairs(a.over or {}) do table.insert(over, { tostring(name), (__margin_levels(fit, tostring(name))) }) end
  for i = #at, 1, -1 do -- as Stata's marginsplot: what at() moves is the x axis
    if #at[i][2] > 1 then table.insert(dimensions, 1, at[i][1]) end
  end
  for _, item in ipairs(over) do
    table.insert(dimensions, item[1])
    result.factors[item[1]] = true
  end
  for _, target in ipairs(targets) do
    for _, group in ipairs(combinations(over)) do
      for _, point in ipairs(combinations(at)) do
        local spec = { values = {}, over = {}, at_means = a.atmeans, where = a.where, level = result.level, slope = target.slope, factor = target.factor,
          to = target.to, base = target.base }
        local row = { at = {} }
        local words = {}
        if target.name then
          words[1] = target.name
          row.at[""] = target.name
        end
        for _, pair in ipairs(target.levels or {}) do
          spec.values[pair[1]] = pair[2]
          row.at[pair[1]] = pair[2]
        end
        for _, pair in ipairs(point) do
          if spec.values[pair[1]] then __fail("margins: '" .. pair[1] .. "' stands before the comma and in at()", pair[1]) end
          spec.values[pair[1]] = pair[2]
          row.at[pair[1]] = pair[2]
        end
        for _, pair in ipairs(group) do
          spec.over[pair[1]] = pair[2]
          row.at[pair[1]] = pair[2]
        end
        if target.levels and #target.levels > 0 then table.insert(words, text_of(target.levels)) end
        if #point > 0 then table.insert(words, (#words > 0 and "at " or "") .. text_of(point)) end
        if #group > 0 then table.insert(words, (#words > 0 and "over " or "") .. text_of(group)) end
        row.label = #words > 0 and table.concat(words, " ") or "_cons"
        row.estimate = __margin(fit, spec)
        table.insert(result.rows, row)
      end
    end
  end
end

command "margins" {
  topic = "stata", summary = "Predictive margins and marginal effects of a model that is linear in its coefficients",
  args = { { "factors", "texts", doc = "factors: the mean prediction with each level put to every row; g#h for combinations", repeated = true, optional = true } },
  options = {
    dydx = { "texts", doc = "marginal effects of these variables, or *: slopes of numbers, levels of factors against their base" },
    at = { "any", doc = "values put into variables: at(z=(0 1)), at={z={0, 1}}" },
    atmeans = { "boolean", doc = "the other variables at their means, factors at their shares", default = false },
    over = { "columns", doc = "over the rows of each group of these columns" },
    where = { "condition", doc = "rows of the sample to take the mean over", aliases = { "if" } },
    level = { "number", min = 10, max = 99.99, doc = "of the intervals, in per cent", default = 95 },
    result = { "result", doc = "the estimate; the last one when none is given" },
  },
  source = "Searle, Speed & Milliken (1980), The American Statistician 34; weights on the coefficients, so that the delta method is exact",
  example = "margins, dydx(lngdp) at(treat=(0 1))",
  run = function(a)
    local fit = a.result or __last() or __fail("there is no estimate for margins", "margins", "run a regression first: reg y x")
    local where = a.where ~= nil and tostring(a.where) or nil
    a.where = where
    local result = { rows = {}, factors = {}, level = a.level / 100, effects = a.dydx ~= nil }
    local targets, dimensions = {}, {}
    if a.dydx then
      if a.factors and #a.factors > 0 then __fail("margins: dydx() goes with at() and over(), not with factors before the comma", "dydx") end
      targets = effects(fit, a.dydx)
      dimensions = #targets > 1 and { "" } or {}
    elseif a.factors and #a.factors > 0 then
      for _, factors in ipairs(factor_lists(fit, a.factors)) do
        for _, factor in ipairs(factors) do
          result.factors[factor[1]] = true
          table.insert(dimensions, factor[1])
        end
        for _, levels in ipairs(combinations(factors)) do table.insert(targets, { levels = levels }) end
      end
    else
      targets = { {} }
    end
    result.heading = a.dydx and "Effect on " .. fit.depvar or "Prediction of " .. fit.depvar
    result.column = a.dydx and "dy/dx" or "margin"
    result.y_label = result.heading
    computed(fit, a, targets, dimensions, result)
    for i, name in ipairs(dimensions) do -- several variables of dydx() are series
      if name == "" and #dimensions > 1 then table.insert(dimensions, table.remove(dimensions, i)) break end
    end
    result.dimensions = dimensions
    result.note = (a.atmeans and "at means" or "means over the sample") .. " of the linear prediction; standard errors of the estimate, by the delta method"
    if #fit.collinear > 0 then result.note = result.note .. "\nleft out as collinear, and so taken as zero: " .. table.concat(fit.collinear, ", ") end
    last_margins = finished(result)
    return last_margins
  end,
}
__form("margins", {}, function(s)
  S.pass_over(s, "noestimcheck nose force")
  local vce = S.take(s, "vce")
  if vce and vce ~= "delta" then __fail("margins: vce(" .. vce .. ") is not supported", "vce", "the delta method is: regressors are taken as given") end
  local what = S.take(s, "predict")
  if what and what ~= "xb" and what ~= "" then __fail("margins: predict(" .. what .. ") is not supported", "predict", "the linear prediction is") end
  if S.take(s, "post") ~= nil then __fail("margins: post is not supported", "post", "m = margins(…) keeps them; m[\"x\"].estimate is one") end
  for _, option in ipairs { "eyex", "dyex", "eydx" } do
    if S.take(s, option) then __fail("margins: elasticities (" .. option .. ") are not supported", option, "take logs in the regression") end
  end
  return s
end)

-- marginsplot, title(…) xtitle(…) ytitle(…): of the last margins
__form("marginsplot", {}, function(s)
  local function text(name)
    local value = S.take(s, name)
    return value and S.unquoted(value) or nil
  end
  local o = { title = text("title"), x_label = text("xtitle"), y_label = text("ytitle"), note = text("note") }
  S.pass_over(s, "recast recastci noci xdimension horizontal plotopts ciopts legend scheme graphregion xlabel ylabel yline xline name level")
  S.no_words(s)
  S.no_more_options(s, "title, xtitle, ytitle, note")
  if not last_margins then __fail("there are no margins to plot", "marginsplot", "margins comes first: margins, dydx(x) at(z=(0 1))") end
  return false, last_margins:plot(o)
end)
