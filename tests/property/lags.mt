-- Lags follow the calendar of each unit: a gap gives missing, never the previous row.
local f = frame { unit = {1, 1, 1, 2, 2, 2}, time = {2001, 2002, 2004, 2001, 2003, 2004}, x = {10, 20, 40, 1, 3, 4} }
use(f)
panel(unit, time)
gen(l = L.x, f = F.x, d = D.x, l2 = L2.x)
local function check(name, expect)
  local values = data()[name]:values()
  for row = 1, 6 do
    local want = expect[row]
    assert(want == nil and values[row] ~= values[row] or values[row] == want, name .. " row " .. row .. ": " .. tostring(values[row]))
  end
end
check("l", {nil, 10, nil, nil, nil, 3})
check("f", {20, nil, nil, nil, 4, nil})
check("d", {nil, 10, nil, nil, nil, 1})
check("l2", {nil, nil, 20, nil, 1, nil})
