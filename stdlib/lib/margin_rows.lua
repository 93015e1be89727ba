-- Margins once they are known: their table, their figure, the fields m.rows, m["x"], m:plot().
local R = {}

local function lines_of(result)
  local width = utf8.len(result.heading) or #result.heading
  for _, row in ipairs(result.rows) do width = math.max(width, utf8.len(row.label) or #row.label) end
  local function padded(text) return text .. (" "):rep(width - (utf8.len(text) or #text)) end
  local numbers = "  %10s  %10s  %7s  %7s  %21s"
  local interval = ("%.4g%% interval"):format(100 * result.level)
  local lines = { padded(result.heading) .. numbers:format(result.column, "se", result.normal and "z" or "t", "p", interval) }
  for _, row in ipairs(result.rows) do
    local e = row.estimate
    if not e then
      table.insert(lines, padded(row.label) .. "  (not estimable: the sample lacks the combination)")
    elseif e.se == 0 then
      table.insert(lines, padded(row.label) .. ("  %10s  %10s  (without error)"):format(("%.6g"):format(e.estimate), "0"))
    else
      table.insert(lines, padded(row.label) .. numbers:format(("%.6g"):format(e.estimate), ("%.6g"):format(e.se), ("%.2f"):format(e.t),
        ("%.4f"):format(e.p), ("%.6g to %.6g"):format(e.low, e.high)))
    end
  end
  for _, test in ipairs(result.tests) do table.insert(lines, tostring(test)) end
  table.insert(lines, result.note)
  return table.concat(lines, "\n")
end

-- ---- the figure

--- The dimensions with the one of the x axis in front.
local function dimensions_by(result, x)
  if not x then return result.dimensions end
  local out, names = { x }, {}
  local found = false
  for _, name in ipairs(result.dimensions) do
    if name == x then found = true else table.insert(out, name) end
    if name ~= "" then table.insert(names, name) end
  end
  if not found then __fail("marginsplot: '" .. x .. "' is no dimension of the margins", x, "dimensions: " .. table.concat(names, ", ")) end
  return out
end

--- The rows as series over one variable: the x axis, and a series for every combination of the others.
local function series_of(result, dimensions, level)
  local on_x = dimensions[1]
  local values, place, numbers = {}, {}, true
  for _, row in ipairs(result.rows) do
    local value = on_x and row.at[on_x] or row.label
    if not place[value] then
      table.insert(values, value)
      place[value] = #values
      numbers = numbers and on_x ~= nil and tonumber(value) ~= nil
    end
  end
  numbers = numbers and (#values > 2 or not result.factors[on_x]) -- two levels are names
  local series, by_label = {}, {}
  for _, row in ipairs(result.rows) do
    local value = on_x and row.at[on_x] or row.label
    if row.estimate then
      local e = level == result.level and row.estimate or __margin_estimate(result.fit, row.value, row.gradient, level)
      local words = {}
      for i = 2, #dimensions do
        if row.at[dimensions[i]] then table.insert(words, (dimensions[i] == "" and "" or dimensions[i] .. "=") .. row.at[dimensions[i]]) end
      end
      local label = table.concat(words, ", ")
      local one = by_label[label]
      if not one then
        one = { label = label, x = {}, estimate = {}, low = {}, high = {} }
        by_label[label] = one
        table.insert(series, one)
      end
      table.insert(one.x, numbers and tonumber(value) or place[value])
      table.insert(one.estimate, e.estimate)
      table.insert(one.low, e.low)
      table.insert(one.high, e.high)
    end
  end
  return series, numbers and {} or values, on_x or ""
end

local known = { title = 1, x_label = 1, y_label = 1, note = 1, file = 1, noci = 1, level = 1, x = 1, marks = 1, bands = 1, xline = 1, yline = 1, width = 1, height = 1 }
local methods = {}
function methods.plot(result, options)
  options = options or {}
  for name in pairs(options) do
    if not known[name] then __fail("margins: plot has no option '" .. tostring(name) .. "'", tostring(name), "options: title, x_label, y_label, note, file, x, level, noci, bands, marks, xline, yline") end
  end
  local level = options.level and options.level / 100 or result.level
  if level <= 0 or level >= 1 then __fail("marginsplot: level is between 10 and 99.99 per cent", "level") end
  local series, ticks, on_x = series_of(result, dimensions_by(result, options.x), level)
  if #series == 0 then __fail("there is no margin to plot", "marginsplot") end
  local figure = __margins_plot(series, ticks, { title = options.title, x_label = options.x_label or on_x, y_label = options.y_label or result.heading,
    note = options.note, zero = result.effects, level = level, noci = options.noci, bands = options.bands, marks = options.marks,
    xline = options.xline, yline = options.yline })
  if options.file then figure:save(options.file) end
  return figure
end

local fields = { rows = true, level = true, note = true, heading = true, dimensions = true, tests = true }
--- The value that margins returns.
function R.finished(result)
  local by_label = {}
  for _, row in ipairs(result.rows) do by_label[row.label] = row.estimate or false end
  return setmetatable({}, {
    __index = function(_, key)
      if methods[key] then return function(_, options) return methods[key](result, options) end end
      if fields[key] then return result[key] end
      local found = by_label[key]
      if found == nil then __fail("margins: no margin '" .. tostring(key) .. "'", tostring(key)) end
      return found or nil -- nil: not estimable
    end,
    __len = function() return #result.rows end,
    __show = function() return lines_of(result) end,
  })
end

return R
