-- Coefficients by Stata's names: i.year, 2014.year, *.year, i(2014/2016).year, 1.treat#2014.year, c.x#c.z, x*.
local load = ...
local numlist = load("lib/numlist.lua")

local C = {}

--- The level of a factor as coefficients are named: labelled numbers by their label.
function C.level_name(number, variable)
  local value = tonumber(number)
  for _, pair in ipairs(__column_type(variable) and __value_labels(variable) or {}) do
    if pair[1] == value then return pair[2] end
  end
  return number
end

--- The parts of a coefficient's name: { variable, level or nil } each.
local function parts_of(name)
  local out = {}
  for part in (name:gsub("::", "\1") .. ":"):gmatch("(.-):") do
    local variable, level = part:match("^i%.([^\1]+)\1(.*)$")
    if not variable then variable, level = part:match("^i%(([^,%)]+)[^\1]*%)\1(.*)$") end
    if not variable then variable, level = part:match("^I%((%S+) == ([^%)]+)%)$") end
    if not variable then variable, level = part:match("^([^\1]+)\1(.*)$") end -- text columns: province::Anhui
    table.insert(out, { variable or part, level })
  end
  return out
end

local function glob(pattern) return "^" .. pattern:gsub("[%^%$%(%)%%%.%[%]%+%-]", "%%%0"):gsub("%*", ".*"):gsub("%?", ".") .. "$" end

--- What one part of a word asks: the pattern of a variable; levels: nil (none), true (any), or a set.
local function asked(part)
  local head, variable = part:match("^(%b())%.(.+)$")
  local prefix
  if head then
    prefix = head:sub(2, -2)
  else
    prefix, variable = part:match("^i?(%b())%.(.+)$")
    if prefix then prefix = prefix:sub(2, -2) end
  end
  if not prefix then
    prefix, variable = part:match("^([%w%*]+)%.(.+)$")
    if not prefix or prefix == "c" then return glob(prefix and variable or part), nil end
    if prefix == "*" or prefix == "i" or prefix:match("^ib%w*$") then return glob(variable), true end
    prefix = prefix:gsub("^i", ""):gsub("bn?$", "")
  end
  local set = {}
  for _, number in ipairs(numlist(prefix)) do
    set[number] = true
    set[C.level_name(number, variable)] = true
  end
  return glob(variable), set
end

local function fits(part, pattern, levels)
  if not part[1]:match(pattern) then return false end
  if levels == nil then return part[2] == nil end
  return part[2] ~= nil and (levels == true or levels[part[2]] == true)
end

--- The coefficients of an estimate that a word means, in the order of the estimate; empty when there is none.
function C.matching(fit, word)
  local out, wanted = {}, {}
  local pattern = glob(word)
  for part in word:gsub("##", "#"):gmatch("[^#]+") do table.insert(wanted, { asked(part) }) end
  for _, name in ipairs(fit.names) do
    local found = name == word or (not word:find("[#%.]") and name:match(pattern) ~= nil)
    if not found then
      local parts = parts_of(name)
      found = #parts == #wanted
      local used = {}
      for _, want in ipairs(found and wanted or {}) do -- a product in any order
        local hit
        for i, part in ipairs(parts) do
          if not hit and not used[i] and fits(part, want[1], want[2]) then hit = i end
        end
        if hit then used[hit] = true else found = false end
      end
    end
    if found then table.insert(out, name) end
  end
  return out
end

--- Text with coefficients in Stata's spelling as here: _b[x] is x, 2014.year the coefficient of that level.
function C.plain(text, fit)
  local function known(word)
    if not word:find("[%.#]") or tonumber(word) then return nil end
    local found = C.matching(fit, word)
    if #found == 1 then return found[1] end
    return (word:gsub("%f[%w_](%d+)%.([%a_][%w_]*)", function(number, variable) return "i." .. variable .. "::" .. C.level_name(number, variable) end)
      :gsub("%f[%w_]c%.", ""):gsub("#", ":"))
  end
  return (text:gsub("_b%[([^%]]*)%]", function(inside) return "[" .. (known(inside) or inside) .. "]" end)
    :gsub("%f[%w_%.:%]%[][%w_][%w_%.#]*", known))
end

return C
