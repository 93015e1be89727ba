-- What the property scripts share: seeded synthetic panels and comparisons.
local common = {}

--- A panel of `units` × `periods` with two regressors, effects of both dimensions and a noisy outcome, as a frame.
function common.panel(units, periods, seed)
  math.randomseed(seed)
  local c = { unit = {}, time = {}, x = {}, z = {}, y = {}, d = {}, w = {}, group = {} }
  local normal = function() return math.sqrt(-2 * math.log(1 - math.random())) * math.cos(2 * math.pi * math.random()) end
  for unit = 1, units do
    local effect, start = normal(), math.random(2, 2 * periods)
    for time = 1, periods do
      local x, z = normal() + effect, normal() + time / periods
      local d = time >= start and 1 or 0
      local row = { unit = unit, time = time, x = x, z = z, d = d, w = math.random(1, 4), group = "g" .. unit % 3,
                    y = 1 + 0.5 * x - 0.25 * z + 0.3 * d + effect + time / 10 + normal() }
      for name, value in pairs(row) do table.insert(c[name], value) end
    end
  end
  return frame(c)
end

function common.near(a, b, tol, what)
  local size = math.max(math.abs(a), math.abs(b), 1e-300)
  if not (math.abs(a - b) <= (tol or 1e-10) * size) then
    error(string.format("%s: %.17g and %.17g differ by %.2e", what or "values", a, b, math.abs(a - b) / size), 2)
  end
end

--- Coefficients (and standard errors unless coef_only) of two fits agree for the names given.
function common.same_fit(a, b, names, tol, coef_only)
  for _, name in ipairs(names) do
    common.near(a.coef[name], b.coef[name], tol, "coef " .. name)
    if not coef_only then common.near(a.se[name], b.se[name], tol, "se " .. name) end
  end
end

return common
