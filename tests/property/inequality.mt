-- Measures of inequality: scale, replication, transfers, order, decompositions, weights.
local common = require "common"
math.randomseed(11)
local xs, gs, ws, years = {}, {}, {}, {}
for i = 1, 240 do
  xs[i] = math.exp(1.3 * math.sqrt(-2 * math.log(1 - math.random())) * math.cos(2 * math.pi * math.random()))
  gs[i], ws[i], years[i] = "g" .. i % 5, i % 4 + 1, 2000 + i % 3
end
local map = function(t, f) local out = {}; for i, v in ipairs(t) do out[i] = f(v, i) end; return out end
local f = frame{ x = xs, g = gs, w = ws, year = years }
local all = inequality(x, data=f)

-- units of measure, and every row twice
local doubled = { x = {}, g = {} }
for i = 1, #xs do for _ = 1, 2 do table.insert(doubled.x, xs[i]); table.insert(doubled.g, gs[i]) end end
for name, other in pairs { scale = frame{ x = map(xs, function(v) return 1e5 * v end) }, replication = frame(doubled) } do
  local m = inequality(x, data=other)
  for _, k in ipairs { "gini", "theil_T", "theil_L", "atkinson_05", "atkinson_1", "p90_p10" } do common.near(m[k], all[k], 1e-11, name .. " " .. k) end
end
common.near(hhi(x, data=frame(doubled)).hhi, hhi(x, data=f).hhi / 2, 1e-12, "hhi halves when every unit is split")

-- a transfer from the richest to the poorest lowers every index; adding the same to all lowers the relative ones
local richest, poorest = 1, 1
for i = 2, #xs do
  if xs[i] > xs[richest] then richest = i end
  if xs[i] < xs[poorest] then poorest = i end
end
local moved = map(xs, function(v, i) return i == richest and v - 0.1 or i == poorest and v + 0.1 or v end)
for name, other in pairs { transfer = moved, lift = map(xs, function(v) return v + 1 end) } do
  local m = inequality(x, data=frame{ x = other })
  for _, k in ipairs { "gini", "theil_T", "theil_L", "atkinson_05", "cv" } do assert(m[k] < all[k], name .. " does not lower " .. k) end
end

-- row order
local back = {}
for i = #xs, 1, -1 do table.insert(back, xs[i]) end
common.near(gini(x, data=frame{ x = back }).gini, all.gini, 1e-13, "row order")

-- frequency weights are repeated rows, standard errors too
local long = {}
for i = 1, #xs do for _ = 1, ws[i] do table.insert(long, xs[i]) end end
for _, se in ipairs { "jackknife", "influence" } do
  local a, b = gini(x, weights=fw(w), se=se, data=f), gini(x, se=se, data=frame{ x = long })
  common.near(a.gini, b.gini, 1e-12, "fw"); common.near(a.se, b.se, 1e-11, "fw " .. se); assert(a.n == b.n)
end
common.near(theil(x, weights=aw(w), data=f).T, theil(x, data=frame{ x = long }).T, 1e-12, "aw as shares")

-- decompositions add up, in each year
local gd, td, dd = gini(x, groups=g, by=year, data=f), theil(x, groups=g, by=year, data=f), dagum(x, g, by=year, data=f)
local gy, ty = gini(x, by=year, data=f), theil(x, by=year, data=f)
for y = 2000, 2002 do
  local k = tostring(y)
  common.near(gd[k].within + gd[k].between + gd[k].overlap, gy[k].gini, 1e-11, "Gini parts")
  common.near(dd[k].within + dd[k].net_between + dd[k].transvariation, gy[k].gini, 1e-11, "Dagum parts")
  common.near(dd[k].share_within + dd[k].share_net_between + dd[k].share_transvariation, 100, 1e-11, "Dagum shares")
  common.near(td[k].T_within + td[k].T_between, ty[k].T, 1e-11, "Theil parts")
  common.near(td[k].L_within + td[k].L_between, ty[k].L, 1e-11, "Theil L parts")
end
assert(math.abs(gini(x, groups=year, data=frame{ x = {1, 2, 1, 2}, year = {1, 1, 2, 2} }).between) < 1e-15)

-- the Herfindahl index by hand, and its bounds
local sum, squares = 0, 0
for _, v in ipairs(xs) do sum, squares = sum + v, squares + v * v end
common.near(hhi(x, data=f).hhi, squares / sum ^ 2, 1e-12, "hhi")
common.near(hhi(x, data=frame{ x = {3, 3, 3, 3} }).hhi, 0.25, 1e-15, "equal shares")
common.near(cr(x, n=240, data=f).cr240, 1, 1e-15, "all of them")
common.near(top_share(x, top=100, data=f).top100, 1, 1e-15, "all of it")
assert(cr(x, n=1, data=f).cr1 <= cr(x, n=2, data=f).cr2)
