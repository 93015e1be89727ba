-- coefplot: coefficients of one estimate or several with their intervals.
local load = ...
local S = load("lib/statement.lua")
local C = load("lib/coefficients.lua")

--- (m1, label(OLS)) m2: names of estimates and their labels.
local function plots_of(s)
  local out = {}
  for _, word in ipairs(s.words) do
    if word == "||" then __fail("coefplot: subgraphs (||) are not supported", "||", "one figure for each, or series in one: coefplot m1 m2") end
    if word:match("^%(") then
      local part = __parts(word:sub(2, -2))
      local label = S.take(part, "label")
      S.pass_over(part, "msymbol mcolor color ciopts lcolor lpattern offset")
      S.no_more_options(part, "label")
      local names = { part.name }
      for _, name in ipairs(part.words) do table.insert(names, name) end
      for _, name in ipairs(names) do table.insert(out, { name, label and S.unquoted(label) or name }) end
    else
      table.insert(out, { word, word })
    end
  end
  return out
end

local function text(s, ...)
  local value = S.take(s, ...)
  return value and value ~= true and S.unquoted(__words((value:gsub(",[^\"]*$", "")))[1] or "") or nil
end
local function numbers(s, name)
  local value, out = S.take(s, name), {}
  for number in (value and value ~= true and value:gsub(",.*$", "") or ""):gmatch("%-?[%d%.]+") do table.insert(out, tonumber(number)) end
  return out
end

--- Names of coefficients that the words of keep() and drop() mean in any of the estimates.
local function chosen(fits, words, option)
  local out, seen = {}, {}
  for _, word in ipairs(words) do
    local any = word == "_cons"
    for _, fit in ipairs(fits) do
      for _, name in ipairs(C.matching(fit, word)) do
        any = true
        if not seen[name] then table.insert(out, name) end
        seen[name] = true
      end
    end
    if not any then __fail("coefplot: " .. option .. "(" .. word .. ") matches no coefficient", word, "coefficients: " .. table.concat(fits[1].names, ", ")) end
  end
  return out, seen
end

--- coeflabels(did = "Pilot" 5.rel = "-5"), rename(old = new), rename(*.rel = ""): labels by name.
local function add_labels(labels, fits, given, option)
  local rest = given:gsub(",[^\"]*$", "")
  while rest:match("%S") do
    local word, label, after = rest:match('^%s*([^%s=]+)%s*=%s*("[^"]*")%s*(.*)$')
    if not word then word, label, after = rest:match("^%s*([^%s=]+)%s*=%s*(%S+)%s*(.*)$") end
    if not word then __fail("coefplot: " .. option .. "() takes NAME = \"label\"", option, option .. '(did = "Pilot")') end
    label = S.unquoted(label)
    local level_only = word:match("^%*%.")
    for _, name in ipairs(chosen(fits, { word }, option)) do
      labels[name] = level_only and (name:match("::([^:]*)$") or "") .. label or label
    end
    rest = after
  end
end

-- coefplot m1 (m2, label(IV)), keep(x*) drop(_cons) vertical yline(0) levels(90) coeflabels(x = "Label")
__form("coefplot", {}, function(s)
  local fits, names = {}, {}
  for i, plot in ipairs(plots_of(s)) do
    if plot[1] == "." then
      fits[i] = __last()
    else
      fits[i] = __stored_estimate(plot[1])
    end
    names[i] = plot[2]
  end
  if #fits == 0 then
    fits[1] = __last() or __fail("there is no estimate to plot", "coefplot", "run a regression first: reg y x")
    names[1] = ""
  end
  local o = { names = names, title = text(s, "title", "ti"), x_label = text(s, "xtitle"), y_label = text(s, "ytitle"), note = text(s, "note"),
    vertical = S.take(s, "vertical", "vert") ~= nil, noci = S.take(s, "noci") ~= nil }
  S.take(s, "horizontal")
  local keep, drop, order = S.take(s, "keep"), S.take(s, "drop"), S.take(s, "order")
  local noconstant = S.take(s, "noconstant", "nocons")
  local all, left = {}, {}
  for _, fit in ipairs(fits) do
    for _, name in ipairs(fit.names) do
      if not left[name] then table.insert(all, name) end
      left[name] = true
    end
  end
  local kept = keep and select(2, chosen(fits, __words(keep), "keep"))
  local dropped = drop and select(2, chosen(fits, __words(drop), "drop")) or {}
  if noconstant or (drop and (" " .. drop .. " "):find(" _cons ", 1, true)) then dropped._cons = true end
  o.keep = {}
  for _, name in ipairs(all) do
    if (not kept or kept[name]) and not dropped[name] then table.insert(o.keep, name) end
  end
  if #o.keep == 0 then __fail("coefplot: no coefficient is left to plot", "coefplot", "coefficients: " .. table.concat(all, ", ")) end
  if order then o.order = chosen(fits, __words(order), "order") end
  o.labels = {}
  for _, option in ipairs { "rename", "coeflabels", "coeflabel" } do
    local given = S.take(s, option)
    if given and given ~= true then add_labels(o.labels, fits, given, option) end
  end
  local xline, yline = numbers(s, "xline"), numbers(s, "yline")
  o.value_lines, o.coefficient_lines = o.vertical and yline or xline, o.vertical and xline or yline
  local levels = S.take(s, "levels", "level")
  if levels then
    local level, more = levels:match("^%s*([%d%.]+)%s*(.*)$")
    if not level or tonumber(level) <= 0 or tonumber(level) >= 100 then __fail("coefplot: levels(" .. levels .. ") is no level in per cent", "levels", "levels(95)") end
    if more ~= "" then __fail("coefplot: several levels are not supported", "levels", "levels(95) draws one") end
    o.level = tonumber(level) / 100
  end
  local recast = S.take(s, "recast")
  if recast == "connected" or recast == "line" then o.joined = true
  elseif recast and recast ~= "scatter" then __fail("coefplot: recast(" .. recast .. ") is not supported", "recast", "connected, scatter") end
  local legend = S.take(s, "legend")
  if legend and legend ~= true then
    if legend:match("%f[%a]off%f[%A]") then o.nolegend = true end
    local i = 0
    for label in (legend:match("order%s*(%b())") or ""):gmatch('%d+%s*"([^"]*)"') do
      i = i + 1
      if names[i] then names[i] = label end
    end
  end
  if S.take(s, "nokey") ~= nil then o.nolegend = true end
  for _, name in ipairs { "omitted", "baselevels" } do
    if S.take(s, name) ~= nil then __fail("coefplot: " .. name .. " is not supported: the estimate keeps no base levels", name, "event_study(…):plot() draws the reference period") end
  end
  S.pass_over(s, "ciopts msymbol msize mcolor color lcolor lwidth lpattern graphregion plotregion scheme grid xlabel ylabel xscale yscale offset citop name")
  S.no_more_options(s, "keep, drop, order, rename, coeflabels, vertical, levels, recast, noci, xline, yline, legend, title, xtitle, ytitle, note")
  if #fits == 1 then names[1] = "" end
  return false, __coefplot(fits, o)
end)
