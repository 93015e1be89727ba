-- robust: one coefficient over a grid of specifications. Each variation changes one thing of the base.
local function sides(formula)
  local left, right = formula:match("^%s*(.-)%s*~%s*(.-)%s*$")
  return left, right
end

command "robust" {
  topic = "heterogeneity",
  summary = "A grid of specifications around one regression: a table and a specification curve",
  args = { { "formula", "formula", doc = "the base: y ~ x + controls" } },
  options = {
    x = { "text", doc = "the coefficient; the first by default", default = nil },
    outcomes = { "texts", doc = "other outcomes", default = {} },
    drop = { "texts", doc = "terms to leave out, each in a specification of its own; \"a + b\" together", default = {} },
    add = { "texts", doc = "terms to add, each in a specification of its own", default = {} },
    policies = { "texts", doc = "0/1 columns of other policies: each is controlled for, then the units that ever had it are left out", default = {} },
    windows = { "texts", doc = "conditions on rows: \"year >= 2013\"", default = {} },
    winsor = { "numbers", doc = "percentiles: outcome and controls winsorised, {1, 99}", default = nil },
    lag = { "boolean", doc = "controls lagged one period (needs a panel)", default = false },
    lag_x = { "boolean", doc = "x lagged one period (needs a panel)", default = false },
    unit = { "text", doc = "the units that policies= leaves out", default = nil },
    fes = { "texts", doc = "other fixed effects", default = {} },
    vcovs = { "texts", doc = "other covariances", default = {} },
    fe = { "terms", doc = "fixed effects of the base", default = nil },
    vcov = { "vcov", doc = "covariance of the base", default = nil },
    weights = { "weights", doc = "observation weights", default = nil },
    ssc = { "text", doc = "small-sample rules, as in feols", default = nil },
    where = { "condition", doc = "rows to use", aliases = { "if" }, default = nil },
    data = { "frame", doc = "the frame to use", default = nil },
    title = { "text", doc = "above the table", default = nil },
    file = { "text", doc = "where to save the table", default = nil },
  },
  source = "Simonsohn, Simmons & Nelson (2020), Nature Human Behaviour 4",
  example = [[robust(ser ~ did + lngdp + lnedu, fe="city + year", vcov="cluster city", drop={"lnedu"}, windows={"year >= 2013"}, lag=true)]],
  run = function(a)
    local base = tostring(a.formula)
    local left, right = sides(base)
    if not left or left == "" then __fail("robust needs an outcome", "robust", "robust(y ~ x + controls, …)") end
    local fits, labels = {}, {}
    local x, controls = a.x, {}
    local function add(label, formula, change)
      local o = { fe = a.fe, vcov = a.vcov, weights = a.weights, ssc = a.ssc, where = a.where, data = a.data }
      for key, value in pairs(change or {}) do o[key] = value end
      local ok, fit = pcall(feols, formula, o)
      if not ok then __fail("specification '" .. label .. "': " .. tostring(fit):gsub("^feols: ", "")) end
      table.insert(fits, fit)
      table.insert(labels, label)
    end
    add("base", base)
    x = x or fits[1].names[1]
    for _, name in ipairs(fits[1].names) do
      if name ~= x and name ~= "_cons" then table.insert(controls, name) end
    end
    for _, y in ipairs(a.outcomes) do add("outcome " .. y, y .. " ~ " .. right) end
    for _, term in ipairs(a.drop) do
      local changed = right
      for one in (term .. "+"):gmatch("%s*(.-)%s*%+") do changed = changed .. " - " .. one end
      add("without " .. term, left .. " ~ " .. changed)
    end
    for _, term in ipairs(a.add) do add("with " .. term, left .. " ~ " .. right .. " + " .. term) end
    for _, window in ipairs(a.windows) do
      add(window, base, { where = a.where and "(" .. tostring(a.where) .. ") and (" .. window .. ")" or window })
    end
    local function copied() return order(left, { data = a.data or data(), copy = true }) end
    for _, policy in ipairs(a.policies) do
      if not a.unit then __fail("policies= leaves units out: say which with unit=", "policies", 'robust(…, policies={"low_carbon"}, unit="city")') end
      add("with " .. policy, left .. " ~ " .. right .. " + " .. policy)
      local frame, ever = copied(), "ever " .. policy
      gen { [ever] = "max(" .. policy .. ")", by = a.unit, data = frame }
      local outside = "`" .. ever .. "` == 0"
      add("without units of " .. policy, base, { data = frame, where = a.where and "(" .. tostring(a.where) .. ") and " .. outside or outside })
    end
    if a.lag_x then
      if not x:match("^[%a_][%w_]*$") then __fail("lag_x=true lags a plain column, and '" .. x .. "' is none", "lag_x") end
      local frame = copied()
      replace { [x] = "L." .. x, data = frame }
      add(x .. " lagged", base, { data = frame })
    end
    if a.lag then
      local terms = { x }
      for _, name in ipairs(controls) do
        if not name:match("^[%a_][%w_]*$") then __fail("lag=true lags plain controls, and '" .. name .. "' is none", "lag") end
        table.insert(terms, "L." .. name)
      end
      add("controls lagged", left .. " ~ " .. table.concat(terms, " + "))
    end
    if a.winsor then
      if #a.winsor ~= 2 then __fail("winsor= takes two percentiles: {1, 99}", "winsor") end
      local columns = { left }
      for _, name in ipairs(controls) do table.insert(columns, name) end
      for _, name in ipairs(columns) do
        if not name:match("^[%a_][%w_]*$") then __fail("winsor= is for plain columns, and '" .. name .. "' is none", "winsor") end
      end
      local frame = copied()
      winsor(columns, { cuts = a.winsor, replace = true, data = frame })
      add(string.format("winsorised %g, %g", a.winsor[1], a.winsor[2]), base, { data = frame })
    end
    for _, fe in ipairs(a.fes) do add("effects " .. fe, base, { fe = fe }) end
    for _, vcov in ipairs(a.vcovs) do add("errors " .. vcov, base, { vcov = vcov }) end
    table.insert(fits, { x = x, labels = labels, title = a.title or "Robustness of " .. x, file = a.file })
    return spec_curve(table.unpack(fits))
  end,
}
