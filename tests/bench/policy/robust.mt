-- A grid of 64 specifications on a panel of 100,000 rows and two fixed effects: robust{…} beside as many feols.
--   moontide tests/bench/policy/robust.mt        processor seconds of both
threads(1)
local id, t, d, y, x = {}, {}, {}, {}, {}
for j = 1, 12 do x[j] = {} end
math.randomseed(1)
for i = 1, 10000 do
  for p = 1, 10 do
    local k = #id + 1
    id[k], t[k] = i, p
    d[k] = (i % 3 == 0 and p > 4 + i % 4) and 1 or 0
    for j = 1, 12 do x[j][k] = math.random() + (i % 7) * 0.1 * (j % 3) end
    y[k] = d[k] + x[1][k] + math.random()
  end
end
local columns = { id = id, t = t, d = d, y = y }
for j = 1, 12 do columns["x" .. j] = x[j] end
use(frame(columns))

local base, drop, add = "y ~ d + x1 + x2 + x3 + x4 + x5", {}, {}
for a = 1, 5 do
  table.insert(drop, "x" .. a)
  for b = a + 1, 5 do table.insert(drop, "x" .. a .. " + x" .. b) end
end
for a = 6, 12 do
  table.insert(add, "x" .. a)
  for b = a + 1, 12 do
    table.insert(add, "x" .. a .. " + x" .. b)
    for c = b + 1, 12 do table.insert(add, "x" .. a .. " + x" .. b .. " + x" .. c) end
  end
end
while #drop + #add > 63 do table.remove(add) end

local start = os.clock()
local curve = robust(base, { fe = "id + t", vcov = "cluster id", drop = drop, add = add })
local grid = os.clock() - start
start = os.clock()
local function one(right) local m = feols(base .. right, { fe = "id + t", vcov = "cluster id" }) return m end
local fits = { one("") }
for _, term in ipairs(drop) do table.insert(fits, one(" - " .. term:gsub(" %+ ", " - "))) end
for _, term in ipairs(add) do table.insert(fits, one(" + " .. term)) end
print(string.format("robust, %d specifications: %.2f s; as many feols: %.2f s", #fits, grid, os.clock() - start))
