-- What spatial work costs, in seconds of CPU: moontide tests/bench/spatial/bench.mt [folder]
-- With a folder, the data of the two comparisons are written there for peer.R.
local folder = arg and arg[1]

local function grid(side)
  local x, y = {}, {}
  for r = 1, side do
    for c = 1, side do
      x[#x + 1], y[#y + 1] = c, r
    end
  end
  return frame{ col = x, row = y }
end

local function timed(what, work)
  local start = os.clock()
  local out = work()
  print(string.format("%-60s %8.2f s CPU", what, os.clock() - start))
  return out
end

--- x, and y = 0.5 W y + x + e by the first twenty terms of the series
local function simulate(f, W)
  math.randomseed(1)
  local a, b = {}, {}
  for i = 1, #f do
    a[i] = math.random() + math.random() + math.random() - 1.5
    b[i] = math.random() + math.random() + math.random() - 1.5
  end
  f.x = a
  f.u = b
  f.y = f.x + f.u
  for _ = 1, 20 do f.y = f.x + f.u + 0.5 * W:lag(f.y) end
end

for _, side in ipairs{158, 1000} do
  local f = grid(side)
  use(f)
  gen(id = "_n")
  local n = side * side
  local W = timed("kNN weights, k = 4, " .. n .. " points", function() return weights.knn(col, row, k=4, metric="planar", id=id) end)
  simulate(f, W)
  if folder and side == 158 then save(folder .. "/grid25.csv") end
  local m = timed("sar by maximum likelihood, " .. n .. " units", function() return sar(y ~ x, W) end)
  print(string.format("  rho %.4f (%.4f), x %.4f", m.coef.rho, m.se.rho, m.coef.x))
end

local f = grid(316)
use(f)
gen(id = "_n")
local W = weights.knn(col, row, k=4, metric="planar", id=id)
simulate(f, W)
if folder then save(folder .. "/grid100.csv") end
local m = timed("Moran's I, 9,999 permutations, 99,856 units", function() return moran(u, W, permutations=9999, seed=1) end)
print(string.format("  I %.5f, p %.4f", m.statistic, m.p_permutation))
