-- margins and marginsplot: predictive margins, marginal effects and contrasts of the last estimate.
local load = ...
local S = load("lib/statement.lua")
local P = load("lib/margin_points.lua")
local R = load("lib/margin_rows.lua")

local last_margins -- what marginsplot draws

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

local contrast_of = { r = "r", a = "a", ar = "ar", g = "g", rb = "r" }

--- One factor of a word: i.g, g, r.g. Its name, levels, base and the contrast before it.
local function factor(fit, part, word, list, known, seen)
  local operator, name = part:match("^(%a+)%.(.+)$")
  if not known[part] and operator then
    if operator ~= "i" and not contrast_of[operator] then
      __fail("margins: operator '" .. operator .. ".' is not supported", part, "r.g against the base, ar.g and a.g between neighbours, g.g against the mean of all")
    end
  else
    name, operator = part, nil
  end
  if not known[name] then unknown(name, list) end
  if seen[name] then __fail("margins: '" .. name .. "' stands twice in '" .. word .. "'", name) end
  seen[name] = true
  if not known[name].factor and not is_indicator(fit, name) then
    __fail("margins: '" .. name .. "' is no factor of the estimate", name, "at(" .. name .. "=(…)) puts it to values; i." .. name .. " in the regression makes it a factor")
  end
  local levels, base = __margin_levels(fit, name)
  return { name, levels, base = base, contrast = operator and contrast_of[operator] }
end

--- Words such as g, g#h, r.g, r.g@h: terms of { factors, within, contrast }.
local function terms_of(fit, words, pairwise)
  local list, known = variables_of(fit)
  local out = {}
  for _, word in ipairs(words) do
    local seen, term = {}, { factors = {}, within = {}, contrast = pairwise and "pairs" or nil }
    local front, behind = word:match("^(.-)@(.*)$")
    for part in (front or word):gsub("##", "#"):gmatch("[^#:]+") do
      local one = factor(fit, part, word, list, known, seen)
      if one.contrast and pairwise then __fail("margins: pwcompare compares all pairs, and '" .. part .. "' asks for one contrast", part) end
      term.contrast = term.contrast or one.contrast
      table.insert(term.factors, one)
    end
    for part in (behind or ""):gmatch("[^#:@]+") do table.insert(term.within, factor(fit, part, word, list, known, seen)) end
    if term.contrast and term.contrast ~= "pairs" and #term.factors > 1 then
      __fail("margins: contrasts of '" .. word .. "' are not supported", word, "r.g contrasts the levels of one factor, r.g@h within each level of another")
    end
    if front and not term.contrast then __fail("margins: '" .. word .. "' has no contrast before '@'", word, "r." .. word) end
    table.insert(out, term)
  end
  return out
end

--- The variables of dydx(…): numbers have a slope, factors an effect of each level against the base.
local function effects(fit, words, scale)
  local list, known = variables_of(fit)
  local out = {}
  local all = #words == 1 and (words[1] == "*" or words[1] == "_all")
  if #words == 1 and (all or words[1] == "_continuous" or words[1] == "_factor") then
    local wanted = words[1]
    words = {}
    for _, variable in ipairs(list) do
      if all or variable.factor == (wanted == "_factor") then table.insert(words, variable.name) end
    end
  end
  for _, word in ipairs(words) do
    local name = word:gsub("^[ic]%.", "")
    if not known[name] then unknown(name, list) end
    if known[name].factor then
      if scale == "eyex" or scale == "dyex" then
        __fail("margins: " .. scale .. "() takes numbers, and '" .. name .. "' is a factor", name, "eydx(" .. name .. ") is the difference of logarithms")
      end
      local levels, base = __margin_levels(fit, name)
      for _, level in ipairs(levels) do
        if level ~= base then table.insert(out, { name = name .. "::" .. level, posted = "i." .. name .. "::" .. level, factor = name, to = level, base = base }) end
      end
    else
      table.insert(out, { name = name, posted = name, slope = name })
    end
  end
  return out
end

-- ---- the margins

--- Weights of the contrasts on n levels: a list of { label, {weight, …} }.
local function contrasts_on(kind, names, base)
  local out = {}
  local function versus(i, j)
    local weights = {}
    for k = 1, #names do weights[k] = (k == i and 1 or 0) - (k == j and 1 or 0) end
    table.insert(out, { names[i] .. " vs " .. names[j], weights })
  end
  for i, name in ipairs(names) do
    if kind == "r" and i ~= base then versus(i, base) end
    if kind == "a" and i < #names then versus(i, i + 1) end
    if kind == "ar" and i > 1 then versus(i, i - 1) end
    if kind == "g" then
      local weights = {}
      for k = 1, #names do weights[k] = (k == i and 1 or 0) - 1 / #names end
      table.insert(out, { name .. " vs mean", weights })
    end
    if kind == "pairs" then
      for j = 1, i - 1 do versus(i, j) end
    end
  end
  return out
end

--- The weighted sum of margins; nil when one of them is not estimable.
local function combined(cells, weights)
  local value, gradient
  for i, weight in ipairs(weights) do
    if weight ~= 0 then
      local cell = cells[i]
      if not cell then return end
      if not gradient then
        value, gradient = 0, {}
        for j = 1, #cell.gradient do gradient[j] = 0 end
      end
      value = value + weight * cell.value
      for j = 1, #gradient do gradient[j] = gradient[j] + weight * cell.gradient[j] end
    end
  end
  return { value = value, gradient = gradient }
end

local function put(spec, row, pairs_of_values, where)
  for _, pair in ipairs(pairs_of_values) do
    if where == "values" and spec.values[pair[1]] then __fail("margins: '" .. pair[1] .. "' stands before the comma and in at()", pair[1]) end
    spec[where][pair[1]] = pair[2]
    row.at[pair[1]] = pair[2]
  end
end

--- The cell of one effect, levels, point of at() and group of over().
local function cell(fit, a, result, row, effect, levels, point, group)
  local spec = { values = {}, over = {}, at_means = a.atmeans or point.at_means, where = a.where, index = result.index, scale = result.scale,
    slope = effect.slope, factor = effect.factor, to = effect.to, base = effect.base }
  put(spec, row, levels, "values")
  put(spec, row, point, "values")
  put(spec, row, group, "over")
  local value, gradient = __margin(fit, spec)
  return value and { value = value, gradient = gradient } or nil
end

local function names_of(levels)
  local out = {}
  for _, pair in ipairs(levels) do table.insert(out, "i." .. pair[1] .. "::" .. pair[2]) end
  return out
end

--- What a row is called in the table, and as a coefficient after post.
local function name_row(row, effect, levels, contrast, point, group)
  local words, posted = {}, {}
  if effect.name then
    words[1], posted[1] = effect.name, effect.posted
    row.at[""] = effect.name
  end
  if contrast then table.insert(words, contrast) end
  local at = table.move(point, 1, #point, effect.name and #levels + 1 or 1, effect.name and table.move(levels, 1, #levels, 1, {}) or {})
  if not effect.name and #levels > 0 then table.insert(words, (#words > 0 and "at " or "") .. P.text(levels)) end
  if #at > 0 then table.insert(words, (#words > 0 and "at " or "") .. P.text(at)) end
  if #group > 0 then table.insert(words, (#words > 0 and "over " or "") .. P.text(group)) end
  if point.number then table.insert(posted, "i._at::" .. point.number) end
  if contrast then table.insert(posted, contrast) end
  for _, list in ipairs { levels, group } do table.move(names_of(list), 1, #list, #posted + 1, posted) end
  row.label = #words > 0 and table.concat(words, " ") or "_cons"
  row.posted = #posted > 0 and table.concat(posted, ":") or "_cons"
end

local function finish(fit, result, row, found)
  if found then
    row.value, row.gradient = found.value, found.gradient
    row.estimate = __margin_estimate(fit, found.value, found.gradient, result.level)
  end
  table.insert(result.rows, row)
end

--- The contrasts of a term at one point; their joint test.
local function add_contrasts(fit, a, result, term, effect, levels, point, group)
  local cells, names, base = {}, {}, 1
  local combos = P.combinations(term.factors)
  for i, combo in ipairs(combos) do
    local both = table.move(levels, 1, #levels, #combo + 1, table.move(combo, 1, #combo, 1, {}))
    cells[i] = cell(fit, a, result, { at = {} }, effect, both, point, group) or false
    local texts = {}
    for _, pair in ipairs(combo) do table.insert(texts, pair[2]) end
    names[i] = table.concat(texts, " ")
    if #combo == 1 and combo[1][2] == term.factors[1].base then base = i end
  end
  local title = {}
  for _, one in ipairs(term.factors) do table.insert(title, one[1]) end
  title = table.concat(title, "#")
  local tested = {}
  for _, contrast in ipairs(contrasts_on(term.contrast, names, base)) do
    local row = { at = { [title] = contrast[1] } }
    for _, list in ipairs { levels, point, group } do
      for _, pair in ipairs(list) do row.at[pair[1]] = pair[2] end
    end
    name_row(row, effect, levels, title .. "=" .. contrast[1], point, group)
    local found = combined(cells, contrast[2])
    finish(fit, result, row, found)
    if found then table.insert(tested, found) end
  end
  if a.nowald or term.contrast == "pairs" or #tested == 0 then return end
  local words = {}
  for _, list in ipairs { levels, point, group } do
    if #list > 0 then table.insert(words, P.text(list)) end
  end
  local name = "joint test of " .. (effect.name and effect.name .. ", " or "") .. title .. (#words > 0 and " at " .. table.concat(words, " ") or "")
  local tested_well, test = pcall(__margins_test, fit, tested, name) -- fails where all are known without error
  if tested_well then table.insert(result.tests, test) end
end

--- Every effect, group of over(), point of at() and term.
local function computed(fit, a, terms, targets, points, over, result)
  for _, effect in ipairs(targets) do
    for _, term in ipairs(terms) do
      local levels_of = term.contrast and P.combinations(term.within) or P.combinations(term.factors)
      for _, levels in ipairs(term.contrast and levels_of or { {} }) do
        for _, group in ipairs(P.combinations(over)) do
          if term.contrast then
            for _, point in ipairs(points) do add_contrasts(fit, a, result, term, effect, levels, point, group) end
          end
        end
      end
      for _, levels in ipairs(term.contrast and {} or levels_of) do
        for _, group in ipairs(P.combinations(over)) do
          for _, point in ipairs(points) do
            local row = { at = {} }
            local found = cell(fit, a, result, row, effect, levels, point, group)
            name_row(row, effect, levels, nil, point, group)
            finish(fit, result, row, found)
          end
        end
      end
    end
  end
end

--- The points of at(), numbered where there are several.
local function points_of(a, list)
  local points = {}
  for _, scenario in ipairs(P.scenarios(a.at, list)) do
    for _, point in ipairs(P.combinations(scenario)) do
      point.at_means = scenario.at_means
      table.insert(points, point)
    end
  end
  if #points > 1 then
    for i, point in ipairs(points) do point.number = i end
  end
  return points
end

--- What the rows differ by, the x axis of a figure first: what at() moves, then levels, groups, effects.
local function dimensions_of(points, terms, over, targets, result)
  local out, seen = {}, {}
  local function add(name)
    if not seen[name] then table.insert(out, name) end
    seen[name] = true
  end
  local first = {}
  for _, point in ipairs(points) do
    for _, pair in ipairs(point) do
      if first[pair[1]] and first[pair[1]] ~= pair[2] then add(pair[1]) end
      first[pair[1]] = first[pair[1]] or pair[2]
    end
  end
  for _, term in ipairs(terms) do
    local contrasted = {}
    for _, one in ipairs(term.factors) do
      result.factors[one[1]] = true
      if term.contrast then table.insert(contrasted, one[1]) else add(one[1]) end
    end
    if term.contrast then add(table.concat(contrasted, "#")) end
    for _, one in ipairs(term.within) do add(one[1]) end
  end
  for _, item in ipairs(over) do
    add(item[1])
    result.factors[item[1]] = true
  end
  if #targets > 1 then add("") end
  return out
end

local scales = { dydx = "dy/dx", eyex = "ey/ex", eydx = "ey/dx", dyex = "dy/ex" }

--- Which of dydx(), eyex(), eydx(), dyex() was given, and its variables.
local function asked(a)
  local scale
  for name in pairs(scales) do
    if a[name] then
      if scale then __fail("margins: " .. scale .. "() and " .. name .. "() are two questions", name, "ask them one after the other") end
      scale = name
    end
  end
  return scale, scale and a[scale]
end

local function posted(fit, result)
  local names, cells = {}, {}
  for _, row in ipairs(result.rows) do
    if row.value then
      table.insert(names, row.posted)
      table.insert(cells, { value = row.value, gradient = row.gradient })
    end
  end
  return __margins_post(fit, names, cells, result.heading)
end

local doc = "slopes of numbers, levels of factors against their base"
command "margins" {
  topic = "stata", summary = "Predictive margins, marginal effects, elasticities and contrasts of linear models, logit and probit",
  args = { { "factors", "texts", doc = "factors: the mean prediction with each level put to every row; g#h for combinations; r.g, r.g@h for contrasts", repeated = true, optional = true } },
  options = {
    dydx = { "texts", doc = "marginal effects of these variables, or *: " .. doc },
    eyex = { "texts", doc = "elasticities: d ln y / d ln x" },
    eydx = { "texts", doc = "semi-elasticities: d ln y / dx" },
    dyex = { "texts", doc = "semi-elasticities: dy / d ln x" },
    at = { "any", doc = "values put into variables: at(z=(0 1)), at((mean) x), at={z={0, 1}}; several at() are several points" },
    atmeans = { "boolean", doc = "the other variables at their means, factors at their shares", default = false },
    over = { "columns", doc = "over the rows of each group of these columns" },
    predict = { "text", one_of = { "pr", "xb" }, doc = "of the probability (logit, probit), or of the linear index; the probability where there is one" },
    pwcompare = { "boolean", doc = "all pairs of levels", default = false },
    nowald = { "boolean", doc = "no joint tests of contrasts", default = false },
    post = { "boolean", doc = "the margins become the last estimate, for test, lincom, esttab, coefplot", default = false },
    where = { "condition", doc = "rows of the sample to take the mean over", aliases = { "if" } },
    level = { "number", min = 10, max = 99.99, doc = "of the intervals, in per cent", default = 95 },
    result = { "result", doc = "the estimate; the last one when none is given" },
  },
  source = "Searle, Speed & Milliken (1980), The American Statistician 34; Stata's [R] margins",
  example = "margins, dydx(lngdp) at(treat=(0 1))",
  run = function(a)
    local fit = a.result or __last() or __fail("there is no estimate for margins", "margins", "run a regression first: reg y x")
    a.where = a.where ~= nil and tostring(a.where) or nil
    local scale, variables = asked(a)
    local probability = __margin_probability(fit)
    if a.predict == "pr" and not probability then __fail("margins: '" .. fit.command .. "' predicts no probability", "pr", "predict(xb) is the linear prediction") end
    local result = { rows = {}, factors = {}, tests = {}, level = a.level / 100, effects = scale ~= nil, scale = scale, fit = fit,
      index = a.predict == "xb", normal = probability }
    local targets = scale and effects(fit, variables, scale) or { {} }
    local words = a.factors or {}
    if a.pwcompare and #words == 0 then __fail("margins: pwcompare needs factors before the comma", "pwcompare", "margins g, pwcompare") end
    local terms = #words > 0 and terms_of(fit, words, a.pwcompare) or { { factors = {}, within = {} } }
    local over = {}
    for _, name in ipairs(a.over or {}) do table.insert(over, { tostring(name), (__margin_levels(fit, tostring(name))) }) end
    local points = points_of(a, __margin_variables(fit))
    result.dimensions = dimensions_of(points, terms, over, targets, result)
    local contrasted = false
    for _, term in ipairs(terms) do contrasted = contrasted or term.contrast ~= nil end
    result.effects = result.effects or contrasted
    local of = probability and not result.index and "Pr(" .. fit.depvar .. " = 1)" or probability and "index of " .. fit.depvar or fit.depvar
    result.heading = (scale and "Effect on " or contrasted and "Contrasts of " or "Prediction of ") .. of
    result.column = contrasted and "contrast" or scale and scales[scale] or "margin"
    computed(fit, a, terms, targets, points, over, result)
    local what = probability and not result.index and "probability" or "linear prediction"
    result.note = (a.atmeans and "at means" or "means over the sample") .. " of the " .. what .. "; standard errors of the estimate, by the delta method"
    if #fit.collinear > 0 then result.note = result.note .. "\nleft out as collinear, and so taken as zero: " .. table.concat(fit.collinear, ", ") end
    last_margins = R.finished(result)
    if a.post then __last(posted(fit, result)) end
    return last_margins
  end,
}

-- ---- statements

--- Options that Stata's output needs and this table has anyway, or has not.
local function margin_words(s, name)
  local value = S.take(s, name)
  if value == nil then return false end
  for word in (value ~= true and value or ""):gmatch("%S+") do
    if word == "nowald" then
      S.add(s, "nowald")
    elseif not word:match("^effects?$") and not word:match("^[cp][iv]e?f?f?e?c?t?s?$") then
      __fail("margins: " .. name .. "(" .. word .. ") is not supported", word, "effects and nowald are")
    end
  end
  return true
end

__form("margins", {}, function(s)
  S.pass_over(s, "noestimcheck vsquish noatlegend noempty")
  local vce = S.take(s, "vce")
  if vce and vce ~= "delta" then __fail("margins: vce(" .. vce .. ") is not supported", "vce", "the delta method is: regressors are taken as given") end
  local what = S.take(s, "predict")
  if what and what ~= true then
    local word = what:match("^%s*(%a*)%s*$")
    if word == "mu" then word = "pr" end
    if word ~= "xb" and word ~= "pr" and word ~= "" then __fail("margins: predict(" .. what .. ") is not supported", "predict", "xb and pr are") end
    if word ~= "" then S.add(s, "predict", word) end
  end
  for _, name in ipairs { "expression", "nose", "vce", "asbalanced", "within", "noweights", "mcompare" } do
    if S.take(s, name) ~= nil then __fail("margins: " .. name .. " is not supported", name) end
  end
  local contrast = margin_words(s, "contrast")
  if margin_words(s, "pwcompare") then S.add(s, "pwcompare") end
  if contrast then
    local words = {}
    for i, word in ipairs(s.words) do words[i] = word:find("^%a+%.") and not word:find("^i%.") and word or "r." .. word:gsub("^i%.", "") end
    S.set_words(s, words)
  end
  local at = {}
  while true do
    local one = S.take(s, "at")
    if one == nil then break end
    if one == true then __fail("margins: at() is empty", "at", "at(z=0)") end
    table.insert(at, one)
  end
  if #at > 0 then s.keywords = { at = #at == 1 and at[1] or at } end
  return s
end)

-- marginsplot, noci level(90) xdimension(g) recast(line) recastci(rarea) title(…): of the last margins
local figure_style = "plotopts plot1opts plot2opts plot3opts ciopts ci1opts ci2opts legend scheme graphregion plotregion xlabel ylabel name"
__form("marginsplot", {}, function(s)
  local function text(name)
    local value = S.take(s, name)
    return value and value ~= true and S.unquoted(__words((value:gsub(",[^\"]*$", "")))[1] or "") or nil
  end
  local function numbers(name)
    local value, out = S.take(s, name), {}
    for number in (value and value ~= true and value:gsub(",.*$", "") or ""):gmatch("%-?[%d%.]+") do table.insert(out, tonumber(number)) end
    return out
  end
  local o = { title = text("title"), x_label = text("xtitle"), y_label = text("ytitle"), note = text("note"), x = S.take(s, "xdimension", "xdim"),
    noci = S.take(s, "noci") ~= nil, xline = numbers("xline"), yline = numbers("yline") }
  local level = S.take(s, "level")
  if level then o.level = tonumber(level) or __fail("marginsplot: level is a number in per cent", "level") end
  local recast, intervals = S.take(s, "recast"), S.take(s, "recastci")
  local marks = { line = "lines", connected = "both", scatter = "points" }
  if recast and not marks[recast] then __fail("marginsplot: recast(" .. tostring(recast) .. ") is not supported", "recast", "line, connected, scatter") end
  o.marks = recast and marks[recast]
  local bands = { rarea = true, rcap = false, rspike = false }
  if intervals and bands[intervals] == nil then __fail("marginsplot: recastci(" .. tostring(intervals) .. ") is not supported", "recastci", "rarea, rcap, rspike") end
  o.bands = intervals and bands[intervals]
  for _, name in ipairs { "horizontal", "plotdimension", "bydimension", "graphdimension", "unique", "csort", "addplot" } do
    if S.take(s, name) ~= nil then __fail("marginsplot: " .. name .. " is not supported", name, "xdimension() chooses the x axis; the others are series") end
  end
  S.pass_over(s, figure_style)
  S.no_words(s)
  S.no_more_options(s, "title, xtitle, ytitle, note, noci, level, xdimension, recast, recastci, xline, yline")
  if not last_margins then __fail("there are no margins to plot", "marginsplot", "margins comes first: margins, dydx(x) at(z=(0 1))") end
  return false, last_margins:plot(o)
end)
