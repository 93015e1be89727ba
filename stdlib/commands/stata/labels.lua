-- label variable, label define, label values, label list, label drop, label copy: Stata's statements for labels.
local load = ...
local S = load("lib/statement.lua")

local verbs = { variable = "variable", var = "variable", define = "define", def = "define", de = "define", values = "values", val = "values",
  value = "values", list = "list", li = "list", l = "list", dir = "list", drop = "drop", copy = "copy", data = "data" }

--- 1 "low" 2 "high": the labels by number.
local function labels_of(words)
  local labels = {}
  if #words % 2 == 1 then
    __fail("label define takes numbers and texts in turn", words[#words], 'label define grade 1 "low" 2 "high"')
  end
  for i = 1, #words, 2 do
    local number = math.tointeger(tonumber(words[i])) or tonumber(words[i])
    if words[i]:match("^%.[a-z]?$") then
      __fail("missing values have no labels here: '" .. words[i] .. "'", words[i], "there is one missing value; use notes those of a file")
    elseif not number then
      __fail("label define takes numbers, not '" .. words[i] .. "'", words[i], 'label define grade 1 "low" 2 "high"')
    end
    labels[number] = S.unquoted(words[i + 1])
  end
  return labels
end

local function define(s, name)
  S.pass_over(s, "nofix")
  local o = { add = S.take(s, "add"), modify = S.take(s, "modify"), replace = S.take(s, "replace") }
  S.no_more_options(s, "add, modify, replace")
  return o, name or __fail("label define needs a name", "label", 'label define grade 1 "low" 2 "high"')
end

local forms = {}

function forms.variable(s)
  local name, text = s.words[1], s.words[2]
  if not name then __fail("label variable takes a column and a text", "label", 'label variable ser "Upgrading"') end
  return "label", {}, { [name] = S.unquoted(text or '""') }
end

function forms.define(s)
  local o, name = define(s, table.remove(s.words, 1))
  if #s.words == 0 then __fail("label define needs numbers and texts", name, 'label define grade 1 "low" 2 "high"') end
  return "label_define", { name, labels_of(s.words) }, o
end

-- label values x y grade; `.` or nothing takes the labels away
function forms.values(s)
  S.pass_over(s, "nofix")
  S.no_more_options(s)
  local words = s.words
  local set = #words > 1 and table.remove(words) or nil
  if #words == 0 then __fail("label values takes columns and the name of a set", "label", "label values level grade") end
  if set == "." then set = nil end
  return "label_values", { __columns(table.concat(words, " ")), set }
end

function forms.list(s)
  S.no_more_options(s)
  return "label_list", s.words
end

function forms.drop(s)
  S.no_more_options(s)
  local names = s.words
  if names[1] == "_all" then
    names = {}
    for name in pairs(label_list()) do table.insert(names, name) end
  end
  if #names > 0 then return "label_drop", names end
  if #s.words == 0 then __fail("label drop needs names, or _all", "label", "label drop grade") end
end

function forms.copy(s)
  local o, from = define(s, s.words[1])
  local to = s.words[2] or __fail("label copy takes two names", from, "label copy grade level")
  return "label_define", { to, label_list(from)[from] }, o
end

function forms.data() S.note("label data: a frame has no label of its own; the text is passed over") end

__form("label", { "la", "lab" }, function(s)
  local word = S.first_word(s)
  local verb = verbs[word]
  if not verb then
    __fail("label " .. tostring(word) .. " is not supported", word, "label variable, define, values, list, drop, copy")
  end
  return forms[verb](s)
end)
