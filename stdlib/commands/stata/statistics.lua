-- Stata's words for descriptive statistics, where they follow no general rule.
local load = ...
local S = load("lib/statement.lua")

__form("summarize", {}, function(s)
  S.rename(s, "d", "detail")
  S.rename(s, "de", "detail")
  S.pass_over(s, "separator sep")
  return s
end)

-- tabulate x, tabulate x y, row; tabulate x, summarize(y); tabulate x, gen(d)
__form("tabulate", {}, function(s)
  S.take(s, "chi2") -- printed always
  S.rename(s, "col", "column")
  local cells = {}
  for _, word in ipairs { "cell", "expected" } do
    if S.take(s, word) then table.insert(cells, word) end
  end
  if #cells > 0 then S.add(s, "cells", table.concat(cells, " ")) end
  S.rename(s, "m", "missing")
  local summed, made = S.take(s, "summarize", "sum", "su"), S.take(s, "generate", "gen")
  if summed then
    s.name = "summarize"
    S.add(s, "by", s.body)
    s.body = summed
  elseif made then
    if #s.words ~= 1 then __fail("tabulate, generate() takes one column", "generate") end
    local name = s.words[1]
    for i, level in ipairs(__levels(name, s.where)) do
      local value = type(level) == "string" and "'" .. level:gsub("'", "\\'") .. "'" or ("%.17g"):format(level)
      gen(__kw(made .. i .. " where", { [made .. i] = name .. " == " .. value, where = s.where }))
      label { [made .. i] = name .. " == " .. tostring(level) }
    end
  end
  return s
end)

__form("tabstat", { "tabs" }, function(s)
  S.rename(s, "statistics", "stats")
  S.rename(s, "stat", "stats")
  S.rename(s, "s", "stats")
  S.pass_over(s, "longstub varwidth labelwidth")
  local across = S.take(s, "columns", "column", "col", "c")
  if across and not across:match("^s") then
    __fail("tabstat: statistics stand across and variables down", "columns", "layout(columns) sets groups side by side")
  end
  local format = S.take(s, "format", "f")
  if format and format ~= true then
    local decimals = format:match("^%%%-?%d+%.(%d+)f")
    if not decimals then __fail("tabstat: format(" .. format .. ") is not supported", "format", "format(%9.3f)") end
    S.add(s, "decimals", decimals)
  end
  if S.take(s, "nototal") then S.add(s, "total", "false") end
  return s
end)

-- pwcorr x y, sig star(.05)
__form("pwcorr", { "pwcor" }, function(s)
  if S.take(s, "sig") ~= nil then S.add(s, "p") end
  if S.take(s, "print") then __fail("pwcorr: print() is not supported", "print", "star(.05) marks, sig prints p-values") end
  for _, rule in ipairs { "bonferroni", "sidak" } do
    if S.take(s, rule, rule:sub(1, 3)) then S.add(s, "adjust", rule) end
  end
  if not S.take(s, "listwise", "casewise") then S.add(s, "pairwise") end
  s.name = "correlate"
  return s
end)
__form("correlate", {}, function(s)
  if S.take(s, "means", "m") then __fail("correlate: means is not supported", "means", "summarize prints means") end
  if S.take(s, "covariance", "cov", "c") then __fail("correlate: covariance is not supported", "covariance", "gen z = x * y, and summarize") end
  return s
end)
__form("spearman", {}, function(s)
  local stats = S.take(s, "stats")
  for word in (stats and stats ~= true and stats or ""):gmatch("%S+") do
    if word == "p" then S.add(s, "p") elseif word == "obs" then S.add(s, "obs")
    elseif word ~= "rho" then __fail("spearman: stats(" .. word .. ") is not supported", word, "stats(rho obs p)") end
  end
  if S.take(s, "pw") then S.add(s, "pairwise") end
  S.add(s, "method", "spearman")
  s.name = "correlate"
  return s
end)

-- ttest y, by(g) unequal; ttest y == 5
__form("ttest", {}, function(s)
  S.rename(s, "une", "unequal")
  S.rename(s, "welch", "unequal")
  local level = S.take(s, "level")
  if level then S.add(s, "level", tostring((tonumber(level) or __fail("ttest: level(" .. tostring(level) .. ") is no number", "level")) / 100)) end
  local name, other = s.body:match("^%s*([%w_]+)%s*==%s*(%S+)%s*$")
  if name then
    if tonumber(other) then
      S.add(s, "mu", other)
      s.body = name
    else
      S.add(s, "paired", other)
      s.body = name
    end
  end
  return s
end)
__form("ranksum", {}, function(s)
  local by = S.take(s, "by")
  if by then S.set_words(s, { s.words[1], by }) end
  return s
end)

--- Overall, between and within standard deviations of a panel.
command "xtsum" {
  topic = "stata", summary = "Means and standard deviations: overall, between units, within units",
  args = { { "columns", "columns", doc = "numeric columns", repeated = true } },
  example = "xtsum ser lngdp",
  run = function(a)
    local unit = __panel_unit(a.data)
    if not unit then __fail("xtsum needs a panel", "xtsum", "xtset city year declares it") end
    local lines, result = { string.format("%-12s %-8s %10s %10s %10s %10s %6s", "Variable", "", "Mean", "Std. dev.", "Min", "Max", "N") }, {}
    for _, column in ipairs(a.columns) do
      local name = tostring(column)
      local r = __panel_moments(name, unit, a.data)
      result[name] = r
      table.insert(lines, string.format("%-12s %-8s %10.5g %10.5g %10.5g %10.5g %6d", name, "overall", r.mean, r.sd, r.min, r.max, r.N))
      table.insert(lines, string.format("%-12s %-8s %10s %10.5g %10.5g %10.5g %6d", "", "between", "", r.sd_between, r.min_between, r.max_between, r.n))
      table.insert(lines, string.format("%-12s %-8s %10s %10.5g %10.5g %10.5g", "", "within", "", r.sd_within, r.min_within, r.max_within))
    end
    return setmetatable(result, { __show = function() return table.concat(lines, "\n") end })
  end,
}
