-- What files and verbs must not change: a frame saved and opened is the frame, a sort keeps ties, an append can be undone.
local common = require "common"

local function equal(a, b)
  return a == b or (a ~= a and b ~= b) or (type(a) == "userdata" and tostring(a) == tostring(b))
end

--- The same names, types, values and missing values; what a format turns into something else is in `turned`.
local function same(a, b, what, turned)
  assert(#a == #b, what .. ": " .. #a .. " and " .. #b .. " rows")
  assert(table.concat(a:names(), " ") == table.concat(b:names(), " "), what .. ": " .. table.concat(b:names(), " "))
  for _, name in ipairs(a:names()) do
    for row = 1, #a do
      local x, y = a[name][row], b[name][row]
      if turned and turned[name] then x = turned[name](x) end
      assert(equal(x, y), what .. ": " .. name .. " in row " .. row .. " is " .. tostring(x) .. " and was read as " .. tostring(y))
    end
  end
end

-- Saved and opened: every type, the ends of the ranges, missing values, letters of any script, a label.
local none = 0 / 0
use(frame(x = { 0.1, none, 1e300, -1e-300, 1 / 3 }, whole = { 1, -2147483647, 2147483620, 2 ^ 53, -2 ^ 53 }, small = { -127, 100, 0, 1, 2 },
          text = { "上海", "Zürich", "a,b \"c\"\n'd'", "", "😀 1" }, number_like = { "007", "1e5", "", "-", "0" }, flag = { true, false, true, false, true },
          kind = { "low", "high", "low", "middle", "high" }, when = { "2020-02-29", "1959-12-31", "", "1900-03-01", "2100-03-01" },
          empty = { none, none, none, none, none }, story = { ("é"):rep(1500), "", "x", ("上"):rep(700), " b " }))
gen(day = date(when, "YMD"))
gen(some = "cond(whole > 0, flag, 0/0) > 0")
encode(kind, generate = "level", levels = { "low", "middle", "high" })
label(x = "变量 x", day = "jour d'été")
local made = data()

-- Stata has no logical type beside missing values: numbers there.
local function as_number(v)
  if v ~= nil then return v and 1 or 0 end
end
local turned = { dta = { flag = as_number, some = as_number } }
for _, ending in ipairs { "mtf", "csv", "dta", "xlsx", "json" } do
  local path = os.tmpname() .. "." .. ending
  local ok, why = pcall(save, path)
  assert(ok, ending .. ": " .. tostring(why))
  use(path)
  same(made, data(), ending, turned[ending])
  os.remove(path)
  use(made)
end

--- A frame of its own with these columns, for verbs that change what they are given.
local function copy(f, ...) return f:order(..., copy = true) end

-- Long, wide and long again; the cells that wide makes up are gone with the missing values.
local p = common.panel(20, 6, 5)
local long = frame(unit = p.unit:values(), time = p.time:values(), x = p.x:values(), z = p.z:values(), group = p.group:values())
long:keep("mod(unit * time, 7) ~= 3")
local wide = long:reshape("wide", {x, z}, i = unit, j = time, copy = true)
local back = wide:reshape("long", {"x", "z"}, i = unit, j = "time", copy = true)
assert(#wide == 20 and #back == 120 and #long < 120)
back:keep("x < 1e300")
same(copy(long, "unit", "time", "x", "z", "group"), copy(back, "unit", "time", "x", "z", "group"), "reshape")

-- On unique keys a merge of what matches is a joinby, whatever the order of the rows.
local left = frame(key = { 5, 2, 9, 1, 7 }, a = { 1, 2, 3, 4, 5 })
local right = frame(key = { 7, 1, 2, 8 }, b = { 10, 20, 30, 40 })
local merged = left:merge("1:1", right, on = "key", keep = "match", nogenerate = true, copy = true)
local joined = left:joinby(right, on = "key", copy = true)
merged:sort("key")
joined:sort("key")
assert(#merged == 3)
same(merged, joined, "joinby")

-- Sums of groups add up to the sum of all.
local sums = p:collapse(x = sum(x), n = count(x), by = group, copy = true)
local total, rows, all = 0, 0, 0
for row = 1, #sums do total, rows = total + sums.x[row], rows + sums.n[row] end
for row = 1, #p do all = all + p.x[row] end
common.near(total, all, 1e-12, "sum")
assert(rows == #p)

-- A sort keeps the order of ties, down and up; sorting again changes nothing.
local function before(f, row)
  return f.unit[row - 1] < f.unit[row] or (f.unit[row - 1] == f.unit[row] and f.time[row - 1] < f.time[row])
end
for _, key in ipairs { "group", "-group" } do
  local ties = copy(p, "unit")
  ties:sort(key)
  for row = 2, #ties do
    local a, b = ties.group[row - 1], ties.group[row]
    if key == "group" then assert(a <= b) else assert(a >= b) end
    if a == b then assert(before(ties, row), "ties of " .. key .. " in row " .. row) end
  end
  local again = copy(ties, "unit")
  again:sort(key)
  same(ties, again, "sort " .. key)
end

-- Appended rows taken away again leave what was there.
local both = p:append(frame(unit = { 1, 2 }, more = { "a", "b" }), generate = "from", copy = true)
assert(#both == #p + 2)
both:keep("from == 0")
both:drop("more", "from")
same(p, both, "append")
