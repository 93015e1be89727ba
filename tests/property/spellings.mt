-- Symbols, strings and fragments are one grammar: the same fit, to the digit.
local common = require "common"
use(common.panel(12, 6, 5))
panel(unit, time)
local function numbers(m) return (m:json():gsub('"call":[^\n]*', ""):gsub('"formula":[^\n]*', "")) end
local function same(a, b)
  if numbers(a) ~= numbers(b) then error("the two spellings differ:\n" .. numbers(a) .. "\n" .. numbers(b), 2) end
end
same(feols(y ~ x + z | unit + time), feols("y ~ x + z | unit + time"))
same(feols(y ~ x*z | unit), feols(y ~ x + z + x:z, fe=unit))
same(feols(y ~ x##z), feols("y ~ x##z"))
same(feols(y ~ x#z), feols(y ~ x:z))
same(feols(log(w) ~ L.x + D.z + x^2), feols("log(w) ~ L.x + D.z + x^2"))
same(feols(y ~ i.group + i(time, x, ref=2)), feols("y ~ i.group + i(time, x, ref=2)"))
same(feols(y ~ x | unit^group + time), feols(y ~ x, fe="unit^group + time"))
same(feols(y ~ x, fe=unit[z]), feols(y ~ x, fe="unit[z]"))
local controls = x + z
same(feols(y ~ d + controls), feols(y ~ d + x + z))
local base = y ~ d
same(feols(base + z), feols(y ~ d + z))
same(feols(base), feols(y ~ d))
for _, outcome in ipairs {y, w} do assert(feols(outcome ~ x).nobs == 72) end
same(feols(y ~ x, where="time > 2 and d == 0"), feols(y ~ x, if="time > 2 and d == 0"))
