-- Stata's words for data, where they follow no general rule: files, labels, names, merging, reshaping.
local load = ...
local S = load("lib/statement.lua")

for name, words in pairs {
  summarize = "sum su summ summa summar summariz", gen = "g ge gene generate", correlate = "corr cor",
  tabulate = "tab ta tabu", describe = "d de des desc browse br codebook", list = "l li", sort = "so", replace = "repl",
  panel = "xtset", encode = "en", append = "app", collapse = "coll", order = "aorder", head = "edit",
} do
  local abbreviations = {}
  for word in words:gmatch("%S+") do table.insert(abbreviations, word) end
  __form(name, abbreviations)
end

-- ---- files

__form("use", { "us" }, function(s)
  S.take(s, "clear")
  if s.using then -- use city year using "x.dta"
    if #s.words > 0 then S.add(s, "columns", s.body) end
    S.set_words(s, { '"' .. S.file(s.using, ".dta") .. '"' })
    s.using = nil
  elseif #s.words == 1 then
    S.set_words(s, { '"' .. S.file(s.words[1], ".dta") .. '"' })
  end
  if s.where then -- use "x.dta" if year > 2012
    local where = s.where
    s.condition, s.range = nil, nil
    local file = S.unquoted(s.words[1] or "")
    use(file)
    keep(where)
    return
  end
  return s
end)

-- merge m:1 id using "b.dta", keep(match master) nogen
local pairs_of_rows = { ["1"] = "master", ["2"] = "using", ["3"] = "match", master = "master", using = "using", match = "match",
  matched = "match", mat = "match", mas = "master", us = "using" }
local function matching(s, option)
  local value = S.take(s, option)
  if not value or value == true then return end
  local words = {}
  for word in value:gmatch("%S+") do table.insert(words, pairs_of_rows[word] or word) end
  S.add(s, option, table.concat(words, " "))
end
__form("merge", { "mer" }, function(s)
  local pairing = S.first_word(s)
  if not (pairing and pairing:match("^[1m]:[1m]$")) then
    __fail("merge begins with 1:1, m:1 or 1:m", pairing or "merge", 'merge m:1 city using "b.csv"')
  end
  if not s.using then __fail("merge needs using and a file", "merge", 'merge m:1 city using "b.csv"') end
  S.pass_over(s, "nonotes sorted")
  if S.take(s, "nolabel") ~= nil then
    __fail("merge: nolabel is not supported", "nolabel", "value labels of the using file come along; label drop takes them off")
  end
  matching(s, "keep")
  matching(s, "assert")
  S.rename(s, "nogen", "nogenerate")
  if s.body ~= "" then S.add(s, "on", s.body) end
  s.using = S.file(s.using, ".dta")
  s.body = pairing
  return s
end)
__form("joinby", {}, function(s)
  if not s.using then __fail("joinby needs using and a file", "joinby", 'joinby city using "b.csv"') end
  if s.body ~= "" then S.add(s, "on", s.body) end
  s.using, s.body = S.file(s.using, ".dta"), ""
  return s
end)
__form("append", {}, function(s)
  if not s.using then __fail("append needs using and a file", "append", 'append using "b.csv"') end
  S.rename(s, "gen", "generate")
  local files = {}
  local several = s.using:find('"', 1, true) ~= nil
  for _, word in ipairs(several and __words(s.using) or { s.using }) do
    table.insert(files, '"' .. S.file(word, ".dta") .. '"')
  end
  s.using = nil
  return S.set_words(s, files)
end)

-- reshape long gdp pop, i(city) j(year); then `reshape wide` goes back, and `reshape long` forth again
local reshaped -- what the last one was told
__form("reshape", {}, function(s)
  local way = s.words[1]
  if way == "error" or way == "query" or way == "clear" then
    __fail("reshape " .. way .. " is not supported", way, "an error of reshape names the rows and columns that are wrong")
  end
  if way ~= "long" and way ~= "wide" then
    __fail("reshape begins with long or wide", way or "reshape", "reshape long gdp pop, i(city) j(year)")
  end
  S.first_word(s)
  if #s.words == 0 and #s.options == 0 then
    if not reshaped then __fail("reshape: no stub is named, and nothing was reshaped before", way, "reshape long gdp pop, i(city) j(year)") end
    local o = { i = reshaped.i, j = reshaped.j }
    if way == "long" then o.string = reshaped.string end
    return "reshape", { way, reshaped.stubs }, o
  end
  local stubs, o = way == "wide" and __columns(s.body) or s.words, {}
  if #stubs == 0 then __fail("reshape: no stub is named", way, "reshape long gdp pop, i(city) j(year)") end
  for _, option in ipairs(s.options) do o[option[1]] = option[2] end
  if o.i and o.j then reshaped = { stubs = stubs, i = o.i, j = o.j, string = o.string } end
  return "reshape", { way, stubs }, o
end)
for name, hint in pairs {
  pivot_longer = 'reshape("long", "gdp", i=city, j="year")', pivot_wider = 'reshape("wide", gdp, i=city, j=year)',
  melt = 'reshape("long", "gdp", i=city, j="year")', dcast = 'reshape("wide", gdp, i=city, j=year)',
  pivot = 'reshape("wide", gdp, i=city, j=year); collapse(gdp = sum(gdp), by={city, year}) first where cells repeat',
} do
  __form(name, {}, function() __fail(name .. " is called reshape here", name, hint) end)
end

-- collapse (mean) a b (sd) sa=a, by(g): NAME = statistic(column)
__form("collapse", {}, function(s)
  local statistic, made, order = "mean", {}, {}
  for _, word in ipairs(s.words) do
    local inside = word:match("^%((.*)%)$")
    if inside then
      statistic = inside:match("^%s*(.-)%s*$")
    else
      local name, column = word:match("^([%a_][%w_]*)=(.+)$")
      local columns = column and { column } or __columns(word)
      for _, one in ipairs(columns) do
        local target = name or one
        if made[target] then
          __fail("collapse: '" .. target .. "' is made twice", target, "name the second: (sd) sd_" .. one .. "=" .. one)
        end
        made[target] = statistic .. "(" .. one .. ")"
        table.insert(order, target)
      end
    end
  end
  if #order == 0 then __fail("collapse: no column was named", "collapse", "collapse (mean) ser (sd) sd=ser, by(year)") end
  S.pass_over(s, "fast")
  for i, name in ipairs(order) do made[i] = name end -- in this order
  s.body, s.keywords = "", made
  return s
end)

-- ---- columns

__form("gsort", {}, function(s)
  if S.take(s, "mfirst") then __fail("gsort: mfirst is not supported", "mfirst", "gen m = missing(x), then gsort -m -x") end
  s.name = "sort"
  return S.set_words(s, __words((s.body:gsub("%+%s*", ""):gsub("%-%s+", "-"))))
end)
__form("sort", {}, function(s)
  S.pass_over(s, "stable")
  return s
end)

-- rename old new, rename (a b) (c d), rename x* y*
__form("rename", { "ren" }, function(s)
  S.no_more_options(s)
  local old, new = s.words[1], s.words[2]
  if not new or s.words[3] then __fail("rename takes an old and a new name", "rename", "rename old new") end
  if old:match("^%(") then
    old, new = __words(old:sub(2, -2)), __words(new:sub(2, -2))
  elseif old:find("*", 1, true) then
    local head, target = old:match("^([%w_]*)%*$"), new:match("^([%w_]*)%*$")
    if not head or not target then __fail("rename: patterns are x* and y*", old) end
    old, new = __columns(old), {}
    for i, name in ipairs(old) do new[i] = target .. name:sub(#head + 1) end
  else
    old, new = { old }, { new }
  end
  if #old ~= #new then __fail("rename: " .. #old .. " old names and " .. #new .. " new ones", "rename") end
  local names = {}
  for i, name in ipairs(old) do names[name] = new[i] end
  return "rename", {}, names
end)

-- format x y %9.2f, format %tm month; without a format, a list
__form("format", { "form", "forma" }, function(s)
  local format, columns = nil, {}
  for word in s.body:gmatch("%S+") do
    if not word:match("^%%") then
      table.insert(columns, word)
    elseif format then
      __fail("format takes one format, not " .. format .. " and " .. word, word, "format x y %9.2f")
    else
      format = word
    end
  end
  local rest = s.options[1] -- %tdMon_DD,_CCYY
  if format and rest and rest[2] == nil and #s.options == 1 then
    format = format .. "," .. rest[1]
  else
    S.no_more_options(s)
  end
  return "set_format", #columns > 0 and __columns(table.concat(columns, " ")) or {}, { format = format }
end)

-- recode x (1/3=1) (4=2), gen(y)
__form("recode", {}, function(s)
  local columns, rules = s.body:match("^([^%(]-)%s*(%(.*%))%s*$")
  if not columns then
    columns, rules = s.body:match("^(%S+)%s+(.*)$")
    rules = rules and rules:gsub("(%S+)", "(%1)")
  end
  if not rules then __fail("recode takes columns and rules", "recode", "recode x (1/3=1) (4=2), gen(y)") end
  return S.set_words(s, { '"' .. columns .. '"', "'" .. rules:gsub("'", '"') .. "'" })
end)

-- winsor2 x y, cuts(1 99) replace
__form("winsor2", {}, function(s)
  s.name = S.take(s, "trim") and "trim" or "winsor"
  if not S.take(s, "replace") then
    S.add(s, "suffix", S.take(s, "suffix") or (s.name == "trim" and "_tr" or "_w"))
  else
    S.add(s, "replace")
  end
  return s
end)

-- xtile q = x, nq(4) by(g): 1 + how many of the quantiles lie below
__form("xtile", {}, function(s)
  local name, expression = s.body:match("^%s*([%a_][%w_]*)%s*=%s*(.-)%s*$")
  if not name then __fail("xtile makes a column", "xtile", "xtile q = x, nq(4)") end
  if s.weight and s.weight ~= "" then __fail("xtile: weights are not supported", "xtile") end
  local groups, by = tonumber(S.take(s, "nquantiles", "nq", "n") or 2), S.take(s, "by")
  S.no_more_options(s, "nquantiles, by")
  if not groups or groups < 2 or groups > 1000 or groups ~= math.floor(groups) then __fail("xtile: nquantiles is a whole number from 2", "nquantiles") end
  local where = s.where ~= nil and s.where ~= "" and s.where or nil
  local of = where and ("cond(%s, %s, 0/0)"):format(where, expression) or expression
  local steps = { "1" }
  for k = 1, groups - 1 do table.insert(steps, ("cond((%s) > pctile(%s, %.17g), 1, 0)"):format(expression, of, 100 * k / groups)) end
  gen { [name] = table.concat(steps, " + "), where = where, by = by and S.columns(by) or nil }
end)

-- ---- the panel

--- monthly, format(%tm): how the time is shown. Dates count their own days and months.
local function time_format(s)
  S.pass_over(s, "generic delta")
  local format = S.take(s, "format")
  for word, unit in pairs { yearly = "%ty", halfyearly = "%th", quarterly = "%tq", monthly = "%tm", weekly = "%tw", daily = "%td" } do
    if S.take(s, word) then format = unit end
  end
  local time = s.words[#s.words]
  if format and time and __column_type(time) ~= "date" then set_format(time, __kw("format", { format = format })) end
end

__form("panel", { "xtset" }, function(s)
  time_format(s)
  if #s.words == 1 then __fail("a panel has units and times", s.words[1], "xtset city year") end
  return s
end)
__form("tsset", {}, function(s)
  time_format(s)
  if #s.words ~= 1 then s.name = "panel" end
  return s
end)
__form("xtdescribe", { "xtdes" }, function(s)
  S.pass_over(s, "patterns width")
  S.no_more_options(s)
  s.name, s.body = "panel", ""
  return s
end)

-- ---- rows and sessions

-- A form, not a command: count(x) is the function that expressions know.
__form("count", {}, function(s)
  S.no_words(s)
  S.no_more_options(s)
  return false, __count_rows(s.where)
end)

local kept = {}
__form("preserve", {}, function(s)
  S.no_words(s)
  table.insert(kept, __copy() or __fail("there is no data to preserve", "preserve"))
end)
__form("restore", {}, function(s)
  S.no_words(s)
  local dropped, again = S.take(s, "not"), S.take(s, "preserve")
  if #kept == 0 then __fail("nothing was preserved", "restore") end
  local frame = table.remove(kept)
  if not dropped then __in_use(frame) end
  if again then table.insert(kept, __copy()) end
end)
__form("clear", {}, function(s)
  if s.words[1] and s.words[1] ~= "all" then __fail("clear takes all, or nothing", s.words[1]) end
  __in_use(nil)
end)

__form("list", {}, function(s)
  S.pass_over(s, "clean sep separator abbreviate ab table sepby string")
  if S.take(s, "noobs") then S.add(s, "numbers", "false") end
  return s
end)
__form("describe", {}, function(s)
  S.pass_over(s, "short simple fullnames compact numbers varlist")
  if s.using then
    S.add(s, "using", '"' .. S.file(s.using, ".dta") .. '"')
    s.using = nil
  end
  return s
end)
