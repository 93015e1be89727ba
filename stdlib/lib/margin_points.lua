-- Where margins evaluates a model: at() as lists of names and values, and their combinations.
local load = ...
local numlist = load("lib/numlist.lua")

local P = {}
local example = "at(z=0), at(z=(0 1)), at(z=(1/5)), at((mean) x z); atmeans puts the others at their means"

local function add(scenario, name, texts)
  for _, known in ipairs(scenario) do
    if known[1] == name then __fail("margins: at() names '" .. name .. "' twice", name, "several values: at(" .. name .. "=(0 1))") end
  end
  table.insert(scenario, { name, texts })
end

--- (mean) x z: names after a statistic; _all and _continuous are the numbers of the model, with (mean) _all factors at their shares.
local function add_statistic(scenario, statistic, name, variables)
  if statistic == "asobserved" then return end
  if name ~= "_all" and name ~= "_continuous" then return add(scenario, name, { "(" .. statistic .. ")" }) end
  local left = false
  for _, variable in ipairs(variables) do
    if variable.factor then left = true else add(scenario, variable.name, { "(" .. statistic .. ")" }) end
  end
  if left and name == "_all" then
    if statistic ~= "mean" then __fail("margins: at((" .. statistic .. ") _all): factors have no " .. statistic, "_all", "(" .. statistic .. ") _continuous leaves factors as they are") end
    scenario.at_means = true
  end
end

--- x=(0 1) g=2, (p25) z: a list of { name, {texts} }.
local function of_text(text, variables)
  local scenario, statistic = {}, nil
  local rest = text:gsub("^%s+", "")
  while rest ~= "" do
    local word, after = rest:match("^%(%s*(%a[%w]*)%s*%)%s*(.*)$")
    if word then
      statistic = word
    else
      local name, value
      name, value, after = rest:match("^([%a_\128-\255][%w_\128-\255]*)%s*=%s*(%b())%s*(.*)$")
      if name then
        value = value:sub(2, -2)
      else
        name, value, after = rest:match("^([%a_\128-\255][%w_\128-\255]*)%s*=%s*(\"[^\"]*\")%s*(.*)$")
        if not name then name, value, after = rest:match("^([%a_\128-\255][%w_\128-\255]*)%s*=%s*(%S+)%s*(.*)$") end
      end
      if name then
        if value:match("^gen[erate]*%(") or value:match("^gen[erate]*$") then __fail("margins: at(" .. name .. "=generate()) is not supported", name, "predict for each row: gen, then margins at its values") end
        add(scenario, name, numlist(value))
      else
        name, after = rest:match("^([%a_\128-\255][%w_\128-\255]*)%s*(.*)$")
        if not name or not statistic then
          local shown = rest:match("^%S+")
          __fail("margins: at() takes NAME=value, not '" .. shown .. "'", shown, example)
        end
        add_statistic(scenario, statistic, name, variables)
      end
    end
    rest = after
  end
  return scenario
end

local function of_table(values)
  local scenario = {}
  for name, value in pairs(values) do
    local texts = {}
    for _, one in ipairs(type(value) == "table" and value or { value }) do table.insert(texts, tostring(one)) end
    table.insert(scenario, { name, texts })
  end
  table.sort(scenario, function(a, b) return a[1] < b[1] end)
  return scenario
end

--- What at() says: nil, a text, {x={0, 1}}, or a list of several. A list of scenarios, each a list of { name, {texts} }.
function P.scenarios(at, variables)
  if at == nil then return { {} } end
  local given = type(at) == "table" and at[1] ~= nil and at or { at }
  local out = {}
  for i, one in ipairs(given) do out[i] = type(one) == "table" and of_table(one) or of_text(tostring(one), variables) end
  return out
end

--- Every combination of values, the last name changing fastest: a list of { {name, value}, … }.
function P.combinations(list)
  local points = { {} }
  for _, item in ipairs(list) do
    local more = {}
    for _, point in ipairs(points) do
      for _, value in ipairs(item[2]) do
        local copy = table.move(point, 1, #point, 1, {})
        table.insert(copy, { item[1], value })
        table.insert(more, copy)
      end
    end
    points = more
  end
  return points
end

function P.text(point)
  local out = {}
  for _, pair in ipairs(point) do table.insert(out, pair[1] .. "=" .. pair[2]) end
  return table.concat(out, " ")
end

return P
