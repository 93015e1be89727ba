-- Value labels: named sets of texts for numbers, and the columns that carry them.
-- A set lives in the session; a column keeps its own copy, which goes with it into files and frames.
local load = ...

local sets = {} -- name → { {number, text}, … } by number
local V = {}

local function sorted(pairs_of)
  local out = {}
  for number, text in pairs(pairs_of) do table.insert(out, { number, text }) end
  table.sort(out, function(a, b) return a[1] < b[1] end)
  return out
end

local function by_number(set)
  local out = {}
  for _, pair in ipairs(set or {}) do out[pair[1]] = pair[2] end
  return out
end

local function same(a, b)
  if not a or not b or #a ~= #b then return false end
  for i, pair in ipairs(a) do
    if pair[1] ~= b[i][1] or pair[2] ~= b[i][2] then return false end
  end
  return true
end

local function known()
  local names = {}
  for name in pairs(sets) do table.insert(names, name) end
  table.sort(names)
  return names
end

--- The set of this name: of the session, or that of the labelled column of this name.
local function set_of(name, word)
  if sets[name] then return sets[name] end
  local column = __column_type(name) and __value_labels(name)
  if column then return column end
  local names = known()
  __fail("no value label '" .. name .. "' is defined", word or name,
         #names > 0 and "defined: " .. table.concat(names, ", ") or 'label_define("' .. name .. '", {[1]="low", [2]="high"})')
end

--- Puts a changed set into the columns that carried it as it was.
local function carry_over(before, after)
  if not before then return end
  for _, column in ipairs(__all_columns()) do
    if same(__value_labels(column), before) then __set_value_labels(column, after) end
  end
end

--- mode: nil, "add", "modify" or "replace", as Stata's options.
function V.define(name, labels, mode)
  if not name:match("^[%a_\128-\255][%w_\128-\255]*$") then __fail("'" .. name .. "' is no name", name) end
  local before = sets[name]
  if before and not mode then
    __fail("value label '" .. name .. "' is already defined", name, "add, modify or replace change it")
  end
  local merged = mode == "replace" and {} or by_number(before)
  for number, text in pairs(labels) do
    if math.type(number) == nil then __fail("labels are of numbers, not '" .. tostring(number) .. "'", tostring(number)) end
    if type(text) ~= "string" then __fail("the label of " .. number .. " is a string, not " .. tostring(text), name) end
    if mode == "add" and merged[number] and merged[number] ~= text then
      __fail("value label '" .. name .. "' is already defined for " .. number, name, "modify changes it")
    end
    merged[number] = text ~= "" and text or nil
  end
  sets[name] = sorted(merged)
  carry_over(before, sets[name])
end

--- set: a name, a table of texts by number, or nil to take labels away.
function V.attach(column, set, frame)
  if type(set) == "string" then
    set = set_of(set)
  elseif set then
    for number in pairs(set) do
      if math.type(number) == nil then __fail("labels are of numbers, not '" .. tostring(number) .. "'", tostring(number)) end
    end
    set = sorted(set)
  end
  __set_value_labels(column, set, frame)
end

function V.drop(names)
  for _, name in ipairs(names) do
    if not sets[name] then set_of(name) end
    local before = sets[name] or __value_labels(name)
    sets[name] = nil
    carry_over(before, nil)
  end
end

function V.drop_all() V.drop(known()) end

--- {{name, {{number, text}, …}}, …}: sets of the session, then those that only columns carry.
function V.all(names)
  local out = {}
  if names and #names > 0 then
    for _, name in ipairs(names) do table.insert(out, { name, set_of(name) }) end
    return out
  end
  for _, name in ipairs(known()) do table.insert(out, { name, sets[name] }) end
  for _, column in ipairs(__all_columns()) do
    local set = __value_labels(column)
    local named = set == nil or sets[column] ~= nil
    for _, one in pairs(sets) do named = named or same(one, set) end
    if not named then table.insert(out, { column, set }) end
  end
  return out
end

function V.text(names)
  local lines = {}
  for _, set in ipairs(V.all(names)) do
    table.insert(lines, set[1] .. ":")
    for _, pair in ipairs(set[2]) do table.insert(lines, string.format("%12s %s", tostring(pair[1]), pair[2])) end
  end
  return #lines > 0 and table.concat(lines, "\n") or "no value labels"
end

command "label_define" {
  topic = "data", summary = "Defines a set of value labels: texts for numbers",
  args = { { "name", "text", doc = "of the set" }, { "labels", "list", doc = '{[1]="low", [2]="high"}' } },
  options = {
    add = { "boolean", doc = "to a set that is there", default = false },
    modify = { "boolean", doc = "change labels of a set that is there; \"\" takes one away", default = false },
    replace = { "boolean", doc = "in place of the set", default = false },
  },
  example = 'label_define("grade", {[1]="low", [2]="high"})',
  run = function(a)
    V.define(a.name, a.labels, a.replace and "replace" or a.modify and "modify" or a.add and "add" or nil)
  end,
}

command "label_values" {
  topic = "data", summary = "Puts value labels on columns, or takes them away",
  args = { { "columns", "texts", doc = "names of columns of numbers" },
           { "labels", "any", doc = 'the name of a set, or {[1]="low", [2]="high"}; none takes the labels away', optional = true } },
  options = { data = { "frame", doc = "the frame to change; the data in use when none is given" } },
  example = 'label_values(level, {[1]="low", [2]="high"})',
  run = function(a)
    if a.labels ~= nil and type(a.labels) ~= "table" then a.labels = tostring(a.labels) end
    for _, column in ipairs(a.columns) do V.attach(tostring(column), a.labels, a.data) end
  end,
}

command "label_list" {
  topic = "data", summary = "Shows the sets of value labels",
  args = { { "names", "texts", doc = "all when none is named", repeated = true, optional = true } },
  example = 'label_list("grade")',
  run = function(a)
    local out = {}
    for _, set in ipairs(V.all(a.names)) do out[set[1]] = by_number(set[2]) end
    local text = V.text(a.names)
    return setmetatable(out, { __show = function() return text end })
  end,
}

command "label_drop" {
  topic = "data", summary = "Forgets sets of value labels; columns that carry them become numbers",
  args = { { "names", "texts", doc = "of sets", repeated = true } },
  example = 'label_drop("grade")',
  run = function(a) V.drop(a.names) end,
}
