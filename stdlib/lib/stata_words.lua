-- What Stata writes inside the parentheses of an option, as Lua values. load "lib/stata_words.lua" gives these functions.
local words = {}

-- {"a", "b c"} of `a "b c"`; a list stays as it is, nothing gives {}.
function words.list(value)
  if value == nil or value == false then return {} end
  if type(value) == "table" then
    local out = {}
    for i, item in ipairs(value) do out[i] = type(item) == "table" and item or tostring(item) end
    return out
  end
  local out, text = {}, tostring(value)
  local at = 1
  while true do
    at = text:find("%S", at)
    if not at then return out end
    local quoted, after = text:match('^"([^"]*)"()', at)
    if not quoted then quoted, after = text:match('^([^%s"]+)()', at) end
    if not quoted then return error("the quotes in '" .. text .. "' do not close") end
    out[#out + 1] = quoted
    at = after
  end
end

-- {old = "new"} of `old "new" …`; a table stays as it is.
function words.pairs(value, option)
  if value == nil then return {} end
  if type(value) == "table" and #value == 0 then return value end
  local out, list = {}, words.list(value)
  if #list % 2 == 1 then error("option '" .. option .. "' takes names and labels in turn") end
  for i = 1, #list, 2 do out[list[i]] = list[i + 1] end
  return out
end

-- `N r2, fmt(0 3) labels("N" "R2")`: the words before the comma, and its options by name.
function words.with_options(value)
  if type(value) ~= "string" then return words.list(value), {} end
  local head, tail = value:match("^([^,]*),(.*)$")
  local options = {}
  for name, inside in (tail or ""):gmatch("(%a+)%(([^()]*)%)") do options[name] = words.list(inside) end
  return words.list(head or value), options
end

-- "3", "%9.3f", 3 and true (the usual one) as digits of etable.
function words.format(value, usual)
  if value == nil or value == true or value == "" then return usual end
  return tonumber(value) or value
end

return words
