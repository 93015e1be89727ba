-- Estimates kept by name, and tables of them: eststo, estimates, esttab and estout on etable.
local load = ...
local S = load("lib/statement.lua")
local words = load("lib/stata_words.lua")

local function last(name)
  return __last() or __fail("there is no estimate for " .. name, name, "run a regression first: reg y x")
end

local stored, order = {}, {}
local counter = 0

--- What estadd gave the last estimate: { names in order, name = value }.
local added, added_to = {}, nil
local function additions()
  local _, id = __last()
  if id ~= added_to then added, added_to = {}, id end
  return added
end

local function store(name, fit, title)
  if not stored[name] then table.insert(order, name) end
  stored[name] = { fit = fit, title = title, added = additions() } -- shared, so that a later estadd counts
  if __has_command("eststo") then eststo(fit, { title = title }) end -- esttab() in a call sees it too
  if rawget(_G, name) == nil or type(rawget(_G, name)) == "userdata" then rawset(_G, name, fit) end
end

local function find(name)
  if stored[name] then return stored[name] end
  local value = __value(name)
  if value ~= nil then return { fit = value } end
  __fail("no estimate is stored as '" .. name .. "'", name, #order > 0 and "stored: " .. table.concat(order, ", ") or "estimates store NAME keeps the last one")
end

rawset(_G, "__stored_estimate", function(name) return find(name).fit end)

--- The estimates a table statement names: words, patterns, all that are stored.
local function estimates(words)
  local out = {}
  if #words == 0 or (#words == 1 and (words[1] == "*" or words[1] == "_all")) then
    for _, name in ipairs(order) do table.insert(out, stored[name]) end
    if #out == 0 then table.insert(out, { fit = last("the table"), added = additions() }) end
    return out
  end
  for _, word in ipairs(words) do
    if word == "." then
      table.insert(out, { fit = last("the table"), added = additions() })
    elseif word:find("*", 1, true) then
      local pattern = "^" .. word:gsub("%*", ".*") .. "$"
      for _, name in ipairs(order) do
        if name:match(pattern) then table.insert(out, stored[name]) end
      end
    else
      table.insert(out, find(word))
    end
  end
  return out
end

-- estadd local cfe "Yes"; estadd scalar f = 12.3; estadd … : m1 m2
__form("estadd", {}, function(s)
  local replace = S.take(s, "replace") ~= nil
  S.no_more_options(s, "replace")
  local body, names = s.body:match('^(.-["%w_])%s*:%s*([%w_%s%*]+)$')
  body = body or s.body
  local kind, name, value = body:match("^%s*(%a+)%s+([%a_][%w_]*)%s*=?%s*(.-)%s*$")
  if kind == "loc" then kind = "local" end
  if kind ~= "local" and kind ~= "scalar" then
    __fail("estadd " .. (kind or body:match("%S+") or "") .. " is not supported", kind, 'estadd local cfe "Yes", estadd scalar f = 12.3')
  end
  value = S.unquoted(value)
  if kind == "scalar" then value = tonumber(value) or __fail("estadd scalar takes a number, not '" .. value .. "'", value, "estadd scalar ymean = r(mean)") end
  local tables = {}
  if names then
    for _, entry in ipairs(estimates(__words(names))) do table.insert(tables, entry.added or __fail("estadd: this estimate was not stored", "estadd")) end
  else
    last("estadd")
    tables[1] = additions()
  end
  for _, extra in ipairs(tables) do
    if extra[name] ~= nil and not replace then __fail("estadd: '" .. name .. "' is there already", name, "the option replace writes over it") end
    if extra[name] == nil then table.insert(extra, name) end
    extra[name] = value
  end
end)

--- Statistics of ivreg2 from the tests of an instrumental-variables estimate: the test's first words, which number.
local of_tests = { widstat = { "first-stage F", "statistic" }, idstat = { "Kleibergen-Paap rk LM", "statistic" }, idp = { "Kleibergen-Paap rk LM", "p" },
  j = { "Hansen J", "statistic" }, jp = { "Hansen J", "p" }, sargan = { "Sargan", "statistic" }, sarganp = { "Sargan", "p" } }
local function of_test(fit, name)
  local wanted, found, several = of_tests[name], nil, false
  for _, test in ipairs(fit.tests) do
    if test.name:sub(1, #wanted[1]) == wanted[1] then
      several = several or found ~= nil
      found = test[wanted[2]]
    end
  end
  return not several and found or nil -- several endogenous regressors have a first-stage F each
end

--- Rows of stats() and scalars() that estadd or tests give: taken out of the text, as rows of words for etable.
local function extra_rows(o, option, entries)
  local value = o[option]
  if type(value) ~= "string" then return end
  local names, options = words.with_options(value)
  local formats, labels = options.fmt or words.list(o.sfmt), options.labels or options.label or {}
  local left, rows = {}, {}
  local ours = false
  for i, name in ipairs(names) do
    local row, any = { labels[i] or name }, false
    for m, entry in ipairs(entries) do
      local given = entry.added and entry.added[name]
      if given == nil and of_tests[name] then given = of_test(entry.fit, name) end
      any = any or given ~= nil
      local format = formats[i] or formats[#formats] or 3
      local decimals = tonumber(format) or tonumber(tostring(format):match("%.(%d+)")) or 3
      row[m + 1] = given == nil and "" or type(given) == "number" and ("%." .. decimals .. "f"):format(given) or tostring(given)
    end
    if any then
      if #left > 0 then row.at = "bottom" end
      table.insert(rows, row)
      ours = true
    else
      table.insert(left, { name, labels[i], formats[i] or formats[#formats] })
    end
  end
  if not ours then return end
  o[option] = #left > 0 and left or nil
  if option == "stats" and #left == 0 then o.noobs = true end
  return rows
end

local statistics = { N = "nobs", r2 = "r2", r2_a = "r2_adj", r2_within = "r2_within", F = "F", rmse = "rmse", N_clust = "n_clusters", ll = "ll" }

--- star(* 0.10 ** 0.05 *** 0.01): the thresholds.
local function thresholds(text)
  local out = {}
  for number in text:gmatch("%d*%.%d+") do table.insert(out, tonumber(number)) end
  table.sort(out, function(a, b) return a > b end)
  return out
end

local function digits(text)
  return tonumber(text:match("%.(%d+)") or text:match("^%a*%((%d+)%)") or text:match("(%d+)"))
end

local function texts(value)
  local out = {}
  for i, word in ipairs(__words(value)) do out[i] = S.unquoted(word) end
  return out
end

local cells_of

local passed_over = "label nonumbers nonumber nodepvars compress nogaps booktabs tex html csv rtf plain noobs obslast alignment width "
  .. "nonotes legend varwidth modelwidth fragment wide onecell page depvars number numbers nomtitles nomtitle obs indicate"

local function written(file)
  io.stdout:flush()
  io.stderr:write("written to " .. file .. "\n")
end

--- cells(b(star fmt(3)) se(par fmt(3))): the statistics and their formats.
function cells_of(s, text)
  local star = false
  for name, inside in (text:gsub("[\"&]", " ") .. " "):gmatch("(%a+)(%b())") do
    if name ~= "b" and name ~= "se" and name ~= "t" and name ~= "p" and name ~= "ci" then
      __fail("esttab: cells(" .. name .. "()) is not supported", name, "b, se, t, p, ci with star, par, fmt()")
    end
    star = star or inside:match("%f[%a]star%f[%A]") ~= nil
    local format = inside:match("fmt%s*%(%s*([^%s%)]+)")
    S.add(s, name, format or nil)
  end
  for name in text:gsub("%a+%b()", " "):gmatch("%a+") do
    if name == "b" or name == "se" or name == "t" or name == "p" or name == "ci" then S.add(s, name)
    else __fail("esttab: cells(" .. name .. ") is not supported", name, "b, se, t, p, ci with star, par, fmt()") end
  end
  local below = 0
  for _, name in ipairs { "se", "t", "p", "ci" } do
    for _, option in ipairs(s.options) do
      if option[1] == name then below = below + 1 end
    end
  end
  if below > 1 then __fail("esttab: cells() with several statistics below the estimates is not supported", "cells", "one of se, t, p, ci") end
  if below == 0 then S.add(s, "not") end
  if not star then S.add(s, "nostar") end
end

--- For the command esttab, where there is one: its options have Stata's names and read Stata's texts.
local function to_esttab(s)
  local o, results, titled = {}, {}, {}
  S.pass_over(s, "compress plain obslast alignment width legend varwidth modelwidth onecell page depvars nodepvars number numbers obs")
  local ending
  for _, kind in ipairs { "tex", "html", "csv", "rtf", "md" } do
    if S.take(s, kind) then ending = "." .. kind end
  end
  for _, name in ipairs { "mtitle", "mlabels" } do S.rename(s, name, "mtitles") end
  for _, name in ipairs { "coeflabel", "varlabel" } do S.rename(s, name, "coeflabels") end
  for _, name in ipairs { "addnote", "notes", "note" } do S.rename(s, name, "addnotes") end
  S.rename(s, "starlevels", "star")
  for short, long in pairs { s = "stats", nogap = "nogaps", nonumber = "nonumbers", nonote = "nonotes", nomtitle = "nomtitles", noconst = "noconstant" } do
    S.rename(s, short, long)
  end
  local cells = S.take(s, "cells", "c")
  if cells then cells_of(s, cells) end
  for _, option in ipairs(s.options) do
    local name, value = option[1], option[2]
    if name == "addnotes" then
      value = texts(value)
    elseif value ~= true then
      value = tonumber(value) or (name == "title" and S.unquoted(value)) or value
    end
    o[name] = value
  end
  local entries = estimates(s.words)
  local extra = {}
  for _, option in ipairs { "scalars", "stats" } do
    for _, row in ipairs(extra_rows(o, option, entries) or {}) do table.insert(extra, row) end
  end
  if #extra > 0 then o.extra = extra end
  for i, entry in ipairs(entries) do
    results[i] = entry.fit
    titled[i] = entry.title or entry.fit.depvar
    titled.any = titled.any or entry.title
  end
  if titled.any and o.mtitles == nil then o.mtitles = titled end
  titled.any = nil
  if not s.using then return "esttab", results, o end
  o.using = S.file(s.using, ending or (o.booktabs and ".tex" or ".txt"))
  _G.esttab(results, o)
  written(o.using)
end

--- Reads esttab's options; returns the arguments of etable.
local function esttab(s)
  if __has_command("esttab") then return to_esttab(s) end
  local o, results = { stats = { "nobs" } }, {}
  local found = estimates(s.words)
  for i, entry in ipairs(found) do results[i] = entry.fit end
  local function option(...) return S.take(s, ...) end
  local b, cells = option("b", "beta"), option("cells", "c")
  if b and b ~= true then o.digits = digits(b) end
  for _, below in ipairs { "se", "t", "p", "ci" } do
    local given = option(below)
    if given then o.below = below end
  end
  o.below = o.below or (cells and cells:match("%f[%a](se)%f[%A]")) or "t" -- esttab shows t unless told otherwise
  if cells then
    o.digits = tonumber(cells:match("b%(.-%.(%d+)")) or o.digits
  end
  local star, nostar = option("star", "starlevels"), option("nostar")
  o.stars = { 0.05, 0.01, 0.001 }
  if star and star ~= true then o.stars = thresholds(star) end
  if nostar then o.stars = false end
  local stats = option("stats", "scalars", "s")
  if stats then
    o.stats = {}
    for word in stats:gsub(",.*", ""):gsub('"[^"]*"', " "):gmatch("[%w_]+") do table.insert(o.stats, statistics[word] or word) end
  end
  if option("r2") then table.insert(o.stats, "r2") end
  if option("ar2") then table.insert(o.stats, "r2_adj") end
  for _, name in ipairs { "keep", "drop", "order" } do
    local value = option(name)
    if value then o[name] = __words(value) end
  end
  local titles = option("mtitles", "mtitle", "mlabels")
  if titles and titles ~= true then o.headers = texts(titles) end
  local title = option("title")
  if title then o.title = S.unquoted(title) end
  local notes = option("addnotes", "addnote", "note", "notes")
  if notes and notes ~= true then o.notes = texts(notes) end
  local labels, any = {}, false
  for pair in (option("coeflabels", "coeflabel", "varlabels", "rename") or ""):gmatch('[%w_%.:#]+%s+"[^"]*"') do
    local name, text = pair:match('^(%S+)%s+"(.*)"$')
    labels[name], any = text, true
  end
  if any then o.labels = labels end
  local file = s.using
  if file then
    local ending = option("tex", "booktabs") and ".tex" or option("html") and ".html" or option("csv") and ".csv"
      or option("rtf") and ".rtf" or option("md") and ".md" or ".txt"
    o.file = S.file(file, ending)
    S.check_replace(s, o.file)
  end
  S.pass_over(s, passed_over)
  S.no_more_options(s, "b, se, t, p, ci, star, nostar, stats, scalars, r2, ar2, keep, drop, order, mtitles, title, addnotes, coeflabels, replace")
  if not o.file then return "etable", results, o end
  etable(results, o)
  written(o.file)
end

for _, name in ipairs { "esttab", "estout" } do __form(name, {}, esttab) end

-- eststo, eststo m1, eststo clear; as a prefix it runs after the command.
__form("eststo", {}, function(s)
  local title = S.take(s, "title", "t")
  S.pass_over(s, "nocopy refresh")
  S.no_more_options(s, "title")
  if s.words[1] == "clear" then
    stored, order, counter = {}, {}, 0
    if __has_command("eststo_clear") then eststo_clear() end
    return
  end
  local name = s.words[1]
  if not name then
    counter = counter + 1
    name = "est" .. counter
  end
  store(name, last("eststo"), title and S.unquoted(title))
end)

-- estimates store m1, estimates table m1 m2, estimates restore m1, estimates clear
__form("estimates", { "est", "estim" }, function(s)
  local verb = S.first_word(s)
  if verb == "store" or verb == "sto" then
    S.no_more_options(s)
    if not s.words[1] then __fail("estimates store needs a name", "store") end
    store(s.words[1], last("estimates store"), nil)
  elseif verb == "restore" then
    __last(find(s.words[1] or "").fit)
  elseif verb == "clear" or verb == "drop" then
    stored, order, counter = {}, {}, 0
  elseif verb == "dir" then
    return false, #order > 0 and table.concat(order, "\n") or "no estimates are stored"
  elseif verb == "replay" then
    return false, last("estimates replay")
  elseif verb == "table" then
    s.name = "esttab"
    local b, se, star, stats = S.take(s, "b"), S.take(s, "se"), S.take(s, "star"), S.take(s, "stats")
    if b and b ~= true then S.add(s, "b", b) end
    if se then S.add(s, "se", se ~= true and se or nil) end
    if star then S.add(s, "star", star ~= true and star or nil) end
    if stats then S.add(s, "stats", stats) end
    return esttab(s)
  else
    __fail("estimates " .. tostring(verb) .. " is not supported", verb, "estimates store, restore, table, dir, clear")
  end
end)

