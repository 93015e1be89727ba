-- The verbs against work by hand: collapse is summarize group by group, reshape comes back, merges account for rows.
local common = require "common"
local p = common.panel(30, 8, 11)
use(p)
panel(unit, time)
gen(hole = "cond(mod(unit + time, 5) == 0, 0/0, x)")

-- collapse = summarize of each group, with and without weights.
local function by_hand(weights, kind)
  local c = weights and collapse(m = mean(hole), s = sd(hole), total = sum(hole), n = count(hole), mid = median(hole),
                                 low = min(hole), high = max(hole), by=group, weights=weights, copy=true)
            or collapse(m = mean(hole), s = sd(hole), total = sum(hole), n = count(hole), mid = median(hole),
                        low = min(hole), high = max(hole), by=group, copy=true)
  assert(#c == 3)
  for row = 1, #c do
    local where = "group == '" .. c.group:values()[row] .. "'"
    local s = weights and summarize("hole", detail=true, where=where, weights=weights) or summarize("hole", detail=true, where=where)
    local h = s.hole
    common.near(c.m:values()[row], h.mean, 1e-13, "mean")
    common.near(c.s:values()[row], h.sd, 1e-13, "sd")
    common.near(c.n:values()[row], h.N, 1e-13, "count")
    common.near(c.mid:values()[row], h.p50, 1e-13, "median")
    common.near(c.low:values()[row], h.min, 0, "min")
    common.near(c.high:values()[row], h.max, 0, "max")
    common.near(c.total:values()[row], h.mean * h.N, 1e-12, "sum")
  end
end
by_hand()
by_hand(aw(w), "aw")
by_hand(fw(w), "fw")

-- Collapsed and merged back, the mean is egen's and gen's.
egen(m1 = mean(hole), by=unit)
gen(m2 = mean(hole), by=unit)
local means = collapse(m3 = mean(hole), by=unit, copy=true)
merge("m:1", means, on=unit, assert="match", nogenerate=true)
assert(#data() == 240)
for row = 1, 240 do
  assert(data().m1:values()[row] == data().m2:values()[row])
  common.near(data().m1:values()[row], data().m3:values()[row], 1e-15, "mean")
end
gen(lagged = L.x)  -- the panel stayed

-- Wide and long again: the panel as it was.
local long = frame(unit = p.unit:values(), time = p.time:values(), x = p.x:values(), group = p.group:values())
local back = long:reshape("wide", x, i=unit, j=time, copy=true):reshape("long", "x", i=unit, j="time", copy=true)
assert(#back == #long)
for row = 1, #long do
  for _, name in ipairs { "unit", "time", "x", "group" } do
    assert(back[name]:values()[row] == long[name]:values()[row], name .. " in row " .. row)
  end
end

-- The order of the using rows does not matter to a merge.
local turned = means:sort(-unit) or means
local again = frame(unit = p.unit:values()):merge("m:1", means, on="unit", copy=true)
for row = 1, 240 do common.near(again.m3:values()[row], data().m3:values()[row], 0, "merged") end

-- Filled in, a panel with holes has units times periods rows; none of them twice.
keep "mod(unit * time, 3) ~= 1 or time == 1"
local units, periods = 30, 8
fillin(unit, time)
assert(#data() == units * periods, #data())
assert(duplicates("report", unit, time).surplus == 0)
-- Contract and expand undo each other; threads change no digit.
local counts = contract(group, d, copy=true)
local rows = 0
for _, n in ipairs(counts._freq:values()) do rows = rows + n end
assert(rows == #data())
threads(1)
local one = collapse(s = sd(x), by=time, copy=true)
threads(3)
local three = collapse(s = sd(x), by=time, copy=true)
for row = 1, periods do assert(one.s:values()[row] == three.s:values()[row]) end
