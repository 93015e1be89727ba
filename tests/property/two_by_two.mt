-- With two groups and two periods, DID is the difference of four means.
local common = require "common"
math.randomseed(4)
local c = { unit = {}, time = {}, treat = {}, post = {}, y = {} }
local sum, count = {}, {}
for unit = 1, 30 do
  for time = 0, 1 do
    local treat = unit % 3 == 0 and 1 or 0
    local y = math.random() + 0.4 * treat * time + unit / 10
    for name, value in pairs { unit = unit, time = time, treat = treat, post = time, y = y } do table.insert(c[name], value) end
    local cell = treat .. time
    sum[cell], count[cell] = (sum[cell] or 0) + y, (count[cell] or 0) + 1
  end
end
local mean = function(cell) return sum[cell] / count[cell] end
local by_hand = (mean "11" - mean "10") - (mean "01" - mean "00")
local f = frame(c)
common.near(ols(y ~ treat*post, data=f).coef["treat:post"], by_hand, 1e-10, "ols")
common.near(did(y ~ treat:post, fe="unit + time", data=f).coef["treat:post"], by_hand, 1e-10, "did")
common.near(did(y ~ treat*post, fe="unit + time", data=f).coef["treat:post"], by_hand, 1e-10, "did with absorbed main effects")
