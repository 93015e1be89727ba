-- egen NAME = function(…), options: Stata's functions and their options in terms of ours.
local load = ...
local S = load("lib/statement.lua")

--- Options that Stata writes after the comma and ours are arguments: option → keyword of the function.
local arguments = {
  pctile = { p = "p" }, rowpctile = { p = "p" }, cut = { at = "at", group = "groups", groups = "groups", icodes = "icodes" },
  seq = { from = "from", f = "from", to = "to", t = "to", block = "block", b = "block" }, std = { mean = "mean", m = "mean", std = "sd", sd = "sd" },
}
local ties = { field = "field", track = "min", unique = "unique" }

--- Options that are words: of Stata, as keywords of the function.
local flags = {
  group = { missing = "missing", label = "label" }, tag = { missing = "missing" },
}
local modes = { minmode = "min", maxmode = "max" }

--- {1, 2, 3} of `1 2 3`, `1/3`, `1,2,3`.
local function list_text(text)
  local out = {}
  for word in text:gsub(",", " "):gmatch("%S+") do
    local from, to = word:match("^(%-?%d+)/(%-?%d+)$")
    if from then
      for value = math.tointeger(tonumber(from)), math.tointeger(tonumber(to)) do table.insert(out, tostring(value)) end
    else
      local from_step, step, last = word:match("^(%-?[%d%.]+)%((%-?[%d%.]+)%)(%-?[%d%.]+)$")
      if from_step then
        for k = 0, math.floor((tonumber(last) - tonumber(from_step)) / tonumber(step) + 1e-9) do
          table.insert(out, ("%.15g"):format(tonumber(from_step) + k * tonumber(step)))
        end
      else
        table.insert(out, word)
      end
    end
  end
  return "{" .. table.concat(out, ", ") .. "}"
end

--- anymatch, anycount, anyvalue: does the column hold one of values()?
local function holds(column, values) return "cond(missing(" .. column .. "), 0, (" .. column .. " in " .. values .. ") * 1)" end

local made = {}

function made.anymatch(columns, values)
  local out = {}
  for i, column in ipairs(columns) do out[i] = holds(column, values) end
  return #out == 1 and out[1] or "max(" .. table.concat(out, ", ") .. ")"
end

function made.anycount(columns, values)
  local out = {}
  for i, column in ipairs(columns) do out[i] = holds(column, values) end
  return table.concat(out, " + ")
end

function made.anyvalue(columns, values)
  local column = columns[1]
  return "cond(" .. holds(column, values) .. " == 1, " .. column .. ", .)"
end

local function concat(s, columns)
  local punct = S.take(s, "punct", "p")
  if not S.take(s, "decode", "d") then -- numbers in place of value labels
    for i, column in ipairs(columns) do
      if __column_type(column) and __value_labels(column) then columns[i] = "(" .. column .. " + 0)" end
    end
  end
  if not punct then return "concat(" .. table.concat(columns, ", ") .. ")" end
  return "concat(" .. table.concat(columns, ", '" .. S.unquoted(punct) .. "', ") .. ")"
end

local function ends(s, inside)
  local punct, trim, which = S.take(s, "punct", "p"), S.take(s, "trim", "t"), nil
  for _, word in ipairs { "head", "last", "tail" } do
    if S.take(s, word, word:sub(1, 1)) then
      if which then __fail("egen: ends takes one of head, last and tail", word) end
      which = word
    end
  end
  local text = ("ends(%s, '%s', '%s')"):format(inside, which or "head", punct and punct ~= true and S.unquoted(punct) or " ")
  return trim and "trim(" .. text .. ")" or text
end

--- fill(1 2), fill(1 1 2 2), fill(1/3 1/3): the shortest pattern, shown twice, of which each round adds the same to the one before.
local function fill(inside)
  local numbers = {}
  for number in list_text(inside):gmatch("[^{}, ]+") do
    table.insert(numbers, tonumber(number) or __fail("egen: fill takes numbers, not '" .. number .. "'", number, "fill(0 5), fill(1 1 2 2), fill(1/3 1/3)"))
  end
  local period, step
  for p = 1, #numbers - 1 do
    local d = numbers[p + 1] - numbers[1]
    local holds = p == 1 or #numbers >= 2 * p
    for i = 1, #numbers - p do holds = holds and numbers[i + p] - numbers[i] == d end
    if holds then period, step = p, d break end
  end
  if not period then
    __fail("egen: fill(" .. inside .. ") shows no pattern", "fill", "show more than one round of it: fill(0 5), fill(1 1 2 2), fill(1/3 1/3)")
  end
  if period > 50 then __fail("egen: the pattern of fill is longer than 50 numbers", "fill", "seq() counts, repeats and blocks") end
  local at = ("%.15g"):format(numbers[period])
  for i = period - 1, 1, -1 do at = ("cond(mod(_n - 1, %d) == %d, %.15g, %s)"):format(period, i - 1, numbers[i], at) end
  return ("%s + %.15g * (seq(block=%d) - 1)"):format(at, step, period)
end

--- The call with Stata's options as arguments.
local function with_arguments(s, call, inside)
  local parts = inside ~= "" and { inside } or {}
  for option, name in pairs(arguments[call] or {}) do
    local value = S.take(s, option)
    if value ~= nil then
      if value == true then value = "true" end
      table.insert(parts, name .. "=" .. (name == "at" and list_text(value) or value))
    end
  end
  for option, name in pairs(flags[call] or {}) do
    if S.take(s, option, option:sub(1, 1)) then table.insert(parts, name .. "=true") end
  end
  if call == "group" then
    S.pass_over(s, "autotype lname")
    local truncate = S.take(s, "truncate")
    if truncate then table.insert(parts, "truncate=" .. tostring(truncate)) end
  end
  if call == "mode" then -- Stata's: no value where several are most frequent
    local rule = "missing"
    for option, kind in pairs(modes) do
      if S.take(s, option) then rule = kind end
    end
    if S.take(s, "nummode") then __fail("egen: mode with nummode() is not supported", "nummode", "minmode, maxmode") end
    table.insert(parts, "ties='" .. rule .. "'")
  end
  if call == "rank" then
    for option, kind in pairs(ties) do
      if S.take(s, option) ~= nil then table.insert(parts, "ties='" .. kind .. "'") end
    end
  end
  return call .. "(" .. table.concat(parts, ", ") .. ")"
end

-- egen m = mean(x), by(city)
__form("egen", { "eg", "ege" }, function(s)
  local target, call, inside = s.body:match("^%s*([%w_%s\128-\255]-)%s*=%s*([%a_][%w_]*)%s*(%b())%s*$")
  if not target then __fail("egen is written egen NAME = function(…)", "egen", "egen m = mean(x), by(city)") end
  inside = inside:sub(2, -2):match("^%s*(.-)%s*$")
  if call == "mtr" then __fail("egen: mtr is not supported: it holds tax rates of the United States", "mtr") end
  if call == "fill" then
    s.body = target .. " = " .. fill(inside)
    s.name = "gen"
    S.no_more_options(s)
    return s
  end
  local words = __words(inside)
  local plain = #words > 0
  for _, word in ipairs(words) do plain = plain and word:match("^[%w_%*%?%-\128-\255]+,?$") ~= nil end
  local columns = plain and (#words > 1 or inside:find("[%*%?]") or inside:find("-", 1, true)) and __columns((inside:gsub(",", " "))) or { inside }
  if plain then inside = table.concat(columns, ", ") end
  local text
  if made[call] then
    local values = S.take(s, "values", "v")
    if not values then __fail("egen: " .. call .. " needs values(…)", call, "egen y = " .. call .. "(x), values(1/3)") end
    text = made[call](columns, list_text(values))
  elseif call == "concat" then
    text = concat(s, columns)
  elseif call == "ends" then
    text = ends(s, inside)
  else
    local known = (call == "total" and "count" or (call == "rowtotal" or call == "rowsum") and "rownonmiss")
    local missing = known and S.take(s, "missing", "m")
    if call == "count" or call == "rownonmiss" or call == "rowmiss" then S.take(s, "strok") end -- text is counted as it is
    text = with_arguments(s, call, inside)
    if missing then text = ("cond(%s(%s) == 0, ., %s)"):format(known, inside, text) end
  end
  s.body = target .. " = " .. text
  return s
end)
