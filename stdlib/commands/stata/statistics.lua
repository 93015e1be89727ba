-- Stata's words for descriptive statistics, where they follow no general rule.
local load = ...
local S = load("lib/statement.lua")

__form("summarize", {}, function(s)
  S.rename(s, "d", "detail")
  S.rename(s, "de", "detail")
  S.pass_over(s, "separator sep format")
  return s
end)

-- tabulate x, tabulate x y, row; tabulate x, summarize(y); tabulate x, gen(d)
__form("tabulate", {}, function(s)
  S.pass_over(s, "chi2 nolabel sort nofreq")
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
    local name, i = s.words[1], 0
    local table_of_levels = tabulate(name)
    for level in pairs(table_of_levels) do
      i = i + 1
      gen({ [made .. i] = name .. " == " .. (tonumber(level) and level or "'" .. level .. "'") })
    end
    return false, table_of_levels
  end
  return s
end)

__form("tabstat", { "tabs" }, function(s)
  S.rename(s, "statistics", "stats")
  S.rename(s, "stat", "stats")
  S.rename(s, "s", "stats")
  S.pass_over(s, "columns column col c format longstub nototal varwidth labelwidth")
  return s
end)

-- pwcorr x y, sig star(.05)
__form("pwcorr", { "pwcor" }, function(s)
  if S.take(s, "sig") ~= nil then S.add(s, "p") end
  if S.take(s, "star") ~= nil then
    S.note("pwcorr: p-values are printed in place of stars")
    S.take(s, "p")
    S.add(s, "p")
  end
  S.pass_over(s, "obs print bonferroni sidak listwise")
  S.add(s, "pairwise")
  s.name = "correlate"
  return s
end)
__form("correlate", {}, function(s)
  S.pass_over(s, "means")
  return s
end)
__form("spearman", {}, function(s)
  S.pass_over(s, "stats pw print star")
  S.add(s, "method", "spearman")
  s.name = "correlate"
  return s
end)

-- ttest y, by(g) unequal; ttest y == 5
__form("ttest", {}, function(s)
  S.rename(s, "une", "unequal")
  S.rename(s, "welch", "unequal")
  S.pass_over(s, "level")
  local name, other = s.body:match("^%s*([%w_]+)%s*==%s*(%S+)%s*$")
  if name then
    if not tonumber(other) then
      __fail("ttest: paired tests are not supported", other, "gen d = " .. name .. " - " .. other .. ", then ttest d == 0")
    end
    S.add(s, "mu", other)
    s.body = name
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
