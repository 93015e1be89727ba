-- egen NAME = function(…), options: Stata's functions and their options in terms of ours.
local load = ...
local S = load("lib/statement.lua")

--- Options that Stata writes after the comma and ours are arguments: option → keyword of the function.
local arguments = {
  pctile = { p = "p" }, rowpctile = { p = "p" }, cut = { at = "at", group = "groups", groups = "groups", icodes = "icodes" },
  seq = { from = "from", f = "from", to = "to", t = "to", block = "block", b = "block" }, std = { mean = "mean", m = "mean", std = "sd", sd = "sd" },
}
local ties = { field = "field", track = "min", unique = "unique" }

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
  S.pass_over(s, "format decode maxlength")
  if not punct then return "concat(" .. table.concat(columns, ", ") .. ")" end
  return "concat(" .. table.concat(columns, ", '" .. S.unquoted(punct) .. "', ") .. ")"
end

local function ends(s, inside)
  local punct, last, tail = S.take(s, "punct", "p"), S.take(s, "last"), S.take(s, "tail")
  S.take(s, "head")
  if punct or tail then
    __fail("egen: ends(…) with " .. (punct and "punct" or "tail") .. " is not supported", "ends", "regex_extract(s, 'pattern') takes any part of a text")
  end
  return "word(" .. inside .. ", " .. (last and "-1" or "1") .. ")"
end

--- fill(1 2), fill(0 5): an arithmetic sequence over the rows.
local function fill(inside)
  local numbers = {}
  for word in inside:gmatch("%S+") do table.insert(numbers, tonumber(word)) end
  local step = #numbers > 1 and numbers[2] - numbers[1]
  for i = 2, #numbers do
    if numbers[i] - numbers[i - 1] ~= step then step = nil end
  end
  if not step or step == 0 then
    __fail("egen: fill(" .. inside .. ") is not supported: only sequences with one step", "fill", "seq(from=1, to=4, block=2) repeats and blocks")
  end
  return ("%.15g + %.15g * (_n - 1)"):format(numbers[1], step)
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
    if call == "total" or call == "group" then S.pass_over(s, "missing label lname truncate autotype") end
    text = with_arguments(s, call, inside)
  end
  s.body = target .. " = " .. text
  return s
end)
