-- psmdid: match first, then difference-in-differences on the matched sample; says what each step lost.
local function note(text)
  io.stdout:flush()
  io.stderr:write("note: " .. text .. "\n")
end

local function levels(frame, column)
  local seen, out = {}, {}
  for _, value in ipairs(frame[column]:values()) do
    if value ~= nil and not seen[value] then
      seen[value] = true
      table.insert(out, value)
    end
  end
  table.sort(out)
  return out
end

--- value as it stands in a condition
local function quoted(value) return type(value) == "string" and "'" .. value .. "'" or tostring(value) end

local function both(a, b) return a and b and "(" .. tostring(a) .. ") and (" .. b .. ")" or a or b end

command "psmdid" {
  topic = "matching",
  summary = "Matching, then difference-in-differences on the matched sample: baseline, pooled or year by year",
  args = { { "formula", "formula", doc = "the regression: y ~ did + controls" } },
  options = {
    treat = { "expression", doc = "0/1: the unit is ever treated" },
    on = { "terms", doc = "covariates of the match: \"lngdp + lnedu\"" },
    match = { one_of = { "baseline", "pooled", "yearly" }, default = "baseline", doc = "match units in one period, all rows at once, or rows period by period" },
    at = { "any", doc = "the period of a baseline match" },
    time = { "column", doc = "the period column; needed for baseline and yearly", default = nil },
    unit = { "column", doc = "the unit column", default = nil },
    method = { one_of = { "nearest", "kernel", "radius", "mahalanobis", "cem", "subclass", "exact" }, default = "nearest", doc = "as in match" },
    k = { "integer", min = 1, default = 1, doc = "neighbours" },
    replace = { "boolean", default = true, doc = "controls may be used again" },
    caliper = { "number", min = 0, doc = "largest distance, in standard deviations of the score", default = nil },
    common = { "boolean", default = false, doc = "common support only" },
    use_weights = { "boolean", default = true, doc = "weight the regression by how often a row was matched" },
    fe = { "terms", doc = "fixed effects of the regression", default = nil },
    vcov = { "vcov", doc = "covariance of the regression", default = nil },
    ssc = { "text", doc = "small-sample rules, as in feols", default = nil },
    where = { "condition", doc = "rows to use", aliases = { "if" }, default = nil },
    data = { "frame", doc = "the frame to use", default = nil },
  },
  source = "Heckman, Ichimura & Todd (1997), Review of Economic Studies 64(4)",
  example = [[psmdid(ser ~ did + lngdp, treat=treat, on="lngdp + lnedu", at=2014, time=year, fe="city + year", vcov="cluster city")]],
  run = function(a)
    if not a.treat or not a.on then
      __fail("psmdid needs treat= and on=", "psmdid", 'psmdid(y ~ did, treat=treat, on="x1 + x2", at=2014, time=year, fe="city + year")')
    end
    local whole = a.data or data()
    local unit = a.unit and tostring(a.unit) or __panel_unit(a.data)
    local time = a.time and tostring(a.time) or __panel_time(a.data)
    local score = tostring(a.treat) .. " ~ " .. tostring(a.on)
    local function matched(where)
      local o = { method = a.method, caliper = a.caliper, where = where, data = whole }
      if a.common then o.common = true end
      if a.method == "nearest" or a.method == "mahalanobis" then
        o.k, o.replace = a.k, a.replace
      end
      return match(score, o)
    end
    if a.match ~= "pooled" and not time then
      __fail("psmdid needs the period column", "psmdid", "declare panel(unit, time), or give time=year")
    end
    local frame, used, text
    if a.match == "baseline" then
      if not unit then __fail("psmdid needs the unit column", "psmdid", "declare panel(unit, time), or give unit=city") end
      if a.at == nil then __fail("a baseline match needs its period", "at", "psmdid(…, at=2014)") end
      used = matched(both(a.where, time .. " == " .. quoted(a.at)))
      local rows = whole
      if a.where then
        rows = order(unit, { data = whole, copy = true })
        keep(tostring(a.where), { data = rows })
      end
      frame = merge("m:1", used.frame, { on = unit, keepusing = "_weight", keep = "match", nogenerate = true, copy = true, data = rows })
      text = string.format("baseline match in %s: %d treated and %d control units kept, %d treated unmatched", tostring(math.tointeger(a.at) or a.at), used.treated, used.controls, used.unmatched)
    elseif a.match == "pooled" then
      used = matched(a.where)
      frame = used.frame
      text = string.format("pooled match: %d treated and %d control rows kept, %d treated unmatched", used.treated, used.controls, used.unmatched)
    else
      local treated, controls, unmatched, skipped = 0, 0, 0, {}
      for _, period in ipairs(levels(whole, time)) do
        local ok, m = pcall(matched, both(a.where, time .. " == " .. quoted(period)))
        if ok then
          used = m
          treated, controls, unmatched = treated + m.treated, controls + m.controls, unmatched + m.unmatched
          frame = frame and append(m.frame, { data = frame, copy = true }) or m.frame
        else
          table.insert(skipped, tostring(period))
        end
      end
      if not frame then __fail("no period could be matched", "match") end
      text = string.format("match in each %s: %d treated and %d control rows kept, %d treated unmatched", time, treated, controls, unmatched)
      if #skipped > 0 then note("periods without a match (the score is not identified there): " .. table.concat(skipped, ", ")) end
    end
    note(text .. string.format("; %d of %d rows in the regression's frame", #frame, #whole))
    local fit = feols(a.formula, { fe = a.fe, vcov = a.vcov, ssc = a.ssc, data = frame, weights = a.use_weights and aw("_weight") or nil })
    return fit, used
  end,
}
