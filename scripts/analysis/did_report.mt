-- The robustness section of a difference-in-differences paper, from a panel in one file.
--
--   scripts/run scripts/analysis/did_report.mt panel.csv outcome=ser unit=city time=year cohort=cohort
--   scripts/run scripts/analysis/did_report.mt panel.csv outcome=ser unit=city time=year treatment=did controls="lngdp + lnedu" at=2014 out=report
--
-- writes report.md and report.html, and the figures and tables beside them, into the folder out. In the order of a paper: descriptive statistics,
-- two-way fixed effects, event study, placebo, the Goodman-Bacon decomposition, estimators for staggered adoption, matching before
-- difference-in-differences, sensitivity, inference with few clusters, a grid of specifications. A part that the data cannot give says why.
--
-- Arguments, NAME=VALUE in any order after the file:
--   outcome=      the outcome, a column                                                                required
--   unit=, time=  who and when: one row for each pair at most                                          required
--   cohort=       first treated period of a unit, the same in all its rows; 0 or missing: never        this or treatment=
--   treatment=    0/1, staying 1 once it is: the cohort is its first period
--   controls=     "x + z"                                                                              none
--   match=        covariates of the matching, "x + z"                                                  controls=
--   at=           the period in which units are matched                                                the last before the first cohort
--   cluster=      the variable of clustered errors                                                     unit=
--   window=       event times shown to each side                                                       5
--   reps=         draws of the placebo and the bootstrap                                               999
--   seed=         of all draws                                                                         1
--   title=        of the report                                                                        "OUTCOME: robustness"
--   out=          the folder                                                                           did_report

-- 1. Arguments -----------------------------------------------------------------------------------------------------------
local known = { outcome = 1, unit = 1, time = 1, cohort = 1, treatment = 1, controls = 1, match = 1, at = 1, cluster = 1, window = 1,
                reps = 1, seed = 1, title = 1, out = 1 }
local given = {}
local file = arg[1]
if not file or file:find("^%w+=") then error("the first argument is the file: did_report.mt panel.csv outcome=… unit=… time=… cohort=…", 0) end
for i = 2, #arg do
  local name, value = arg[i]:match("^(%w+)=(.*)$")
  if not name then error("argument '" .. arg[i] .. "' is not NAME=VALUE", 0) end
  if not known[name] then error("no argument is called '" .. name .. "='; the head of the script lists them", 0) end
  given[name] = value
end
for _, name in ipairs { "outcome", "unit", "time" } do
  if not given[name] then error(name .. "= is missing: the head of the script lists the arguments", 0) end
end
if not given.cohort and not given.treatment then error("cohort= or treatment= is missing: when does treatment begin?", 0) end
local function number_of(name, default)
  if not given[name] then return default end
  return tonumber(given[name]) or error(name .. "=" .. given[name] .. " is not a number", 0)
end
local y, unit, time, cluster = given.outcome, given.unit, given.time, given.cluster or given.unit
local reps, seed, reach = math.floor(number_of("reps", 999)), math.floor(number_of("seed", 1)), math.floor(number_of("window", 5))
local effects, errors = unit .. " + " .. time, "cluster " .. cluster

-- 2. Data ------------------------------------------------------------------------------------------------------------------
use(file)
panel(unit, time)
--- `name`, or with underscores behind it when the data have such a column.
local function unused(name)
  for _, taken in ipairs(data():names()) do
    if taken == name then return unused(name .. "_") end
  end
  return name
end
local d, cohort = given.treatment, given.cohort
if not d then
  d = unused("treated")
  gen { [d] = string.format("%s > 0 and %s >= %s", cohort, time, cohort) }
end
if not cohort then
  cohort = unused("first_treated")
  local began = unused("began")
  gen { [began] = time, where = d .. " == 1" }
  gen { [cohort] = string.format("min(%s)", began), by = unit }
end
local out = folder(given.out or "did_report")
local controls = given.controls
local right = controls and " + " .. controls or ""
local plain = controls or "1"

-- 3. The report: blocks, written as Markdown and as HTML ------------------------------------------------------------------
local blocks = {}
local function add(kind, value, note) table.insert(blocks, { kind = kind, value = value, note = note }) end
local function text(format, ...) add("text", select("#", ...) > 0 and format:format(...) or format) end
local function put(made, name)
  local ok, t = pcall(function() return made.table end)
  if not ok or t == nil then t = made end
  t:save(out .. "/" .. name .. ".tex")
  add("table", t)
end
local function draw(what, name, caption, options)
  options = options or {}
  options.file = out .. "/" .. name .. ".svg"
  what(options)
  add("figure", name .. ".svg", caption)
end
local function first_line(problem) return (tostring(problem):match("^[^\n]*")) end
--- A part of the report; what the data cannot give is said in its place.
local function part(title, body)
  add("heading", title)
  local ok, problem = pcall(body)
  if not ok then text("Left out: %s.", first_line(problem)) end
end
local function exists(command)
  local ok, value = pcall(function() return load("return " .. command)() end)
  return ok and type(value) == "function"
end
local function number(x) return string.format("%.4g", x) end
local function p_value(p) return p < 0.001 and "p < 0.001" or string.format("p = %.3f", p) end

-- 4. Parts -----------------------------------------------------------------------------------------------------------------
-- The regression that every part is about: what is wrong with the arguments is an error here.
local m1 = did(y .. " ~ " .. d, { fe = effects, vcov = errors })
local m2 = controls and did(y .. " ~ " .. d .. right, { fe = effects, vcov = errors }) or m1

part("Data and treatment", function()
  local columns = { y, d }
  for name in (controls or ""):gmatch("[%a_][%w_.]*") do table.insert(columns, name) end
  put(summarize(columns, { title = "Descriptive statistics" }), "table1_descriptives")
  put(summarize({ y }, { by = d, title = "The outcome with and without treatment" }), "table2_outcome")
  draw(function(o) panelview(d, { title = "Treatment by unit and period" }):save(o.file) end, "figure1_treatment",
       "Which units are treated when; units in the order of their first treated period.")
end)

part("Two-way fixed effects", function()
  put(etable(controls and { m1, m2 } or { m1 }, { title = "Two-way fixed effects" }), "table3_twfe")
  text("The estimate is %s with a standard error of %s (%s). For staggered treatment it is an average in which units treated already serve as " ..
       "controls; later parts show how much that matters.", number(m2.coef[d]), number(m2.se[d]), p_value(m2.p[d]))
end)

part("Event study", function()
  local es = event_study(y .. " ~ " .. plain, { cohort = cohort, fe = effects, vcov = errors, window = { -reach, reach } })
  draw(function(o) es:plot(o) end, "figure2_event_study", "Two-way fixed effects by time since treatment began; the period before is the reference.")
  for _, test in ipairs(es.tests) do
    text("Before treatment the coefficients are jointly %s from zero (%s).", test.p < 0.05 and "different" or "not distinguishable", p_value(test.p))
  end
  for _, note in ipairs(es.notes) do
    if note:find("trend", 1, true) then text("%s.", note) end
  end
end)

part("Placebo", function()
  local p = placebo(m2, { reps = reps, seed = seed, treatment = d })
  draw(function(o) p:plot(o) end, "figure3_placebo", "Estimates when treatment histories are dealt out at random among the units; the line marks the estimate.")
  text("%d times the histories of treatment change places among units. As far from zero as the estimate, counting it: %s by the coefficient, %s by |t|.",
       reps, p_value(p.p), p_value(p.p_t))
end)

part("What two-way fixed effects average", function()
  local ok, b = pcall(bacon, y .. " ~ 1", { cohort = cohort })
  if ok then
    local some, forbidden = pcall(function() return b.types["later and earlier treated"] end)
    forbidden = some and forbidden or nil
    text("The decomposition of Goodman-Bacon (2021): comparisons with units treated already have a weight of %.1f %%%s.",
         100 * (forbidden and forbidden.weight or 0), forbidden and " and average " .. number(forbidden.estimate) or "")
    put(b, "table4_bacon")
    draw(function(o) b:plot(o) end, "figure4_bacon", "Every comparison of two cohorts: its weight and its estimate.")
  else
    text("The Goodman-Bacon decomposition is left out: %s.", first_line(b))
  end
  local w = twfe_weights(y .. " ~ " .. plain, { cohort = cohort })
  text("Weights of de Chaisemartin and D'Haultfœuille (2020): %d of the treated cells count positively and %d negatively, with a sum of %s.",
       math.floor(w.positive), math.floor(w.negative), number(w.negative_sum))
end)

part("Estimators for staggered adoption", function()
  local c = compare_did(y .. " ~ " .. plain, { cohort = cohort, vcov = errors })
  put(c, "table5_estimators")
  draw(function(o) c:plot(o) end, "figure5_estimators", "Event studies of the estimators on the same rows.")
end)

part("Matching before difference-in-differences", function()
  local on = given.match or controls
  if not on then text("Left out: match= or controls= name the covariates."); return end
  local ever = unused("ever_treated")
  gen { [ever] = string.format("max(%s)", d), by = unit }
  local at = number_of("at")
  if not at then
    at = summarize(cohort, { where = cohort .. " > 0" })[cohort].min - 1
  end
  local fit, matched = psmdid(y .. " ~ " .. d .. right, { treat = ever, on = on, at = at, fe = effects, vcov = errors })
  put(etable({ m2, fit }, { headers = { "All", "Matched" }, title = "Before and after matching", keep = d }),
      "table6_psmdid")
  text("Units are matched by their propensity score in %g, from %s; the regression has the matched units only.", at, on)
  draw(function(o) matched:plot("love", o) end, "figure6_balance", "Standardised differences of the covariates before and after matching.")
end)

if exists("honest_did") then
  part("If trends were not parallel", function()
    local es = event_study(y .. " ~ " .. plain, { cohort = cohort, fe = effects, vcov = errors, window = { -reach, reach } })
    local h = honest_did(es, { seed = seed })
    put(h, "table7_honest")
    draw(function(o) h:plot(o) end, "figure7_honest", "Intervals when violations of parallel trends are as large as those before treatment, and larger.")
  end)
end

part("What is left out of the regression", function()
  if not controls then text("Left out: without controls= there is nothing to compare unobserved confounders with."); return end
  local s = sensitivity(m2, d)
  put(s, "table8_sensitivity")
  text("A confounder would have to explain %.1f %% of what is left of both treatment and outcome to bring the estimate to zero (Cinelli and Hazlett 2020).",
       100 * s.rv)
  put(oster(m2, d), "table9_oster")
end)

part("Inference with few clusters", function()
  local w = boottest(m2, d, { reps = reps, seed = seed })
  put(w, "table10_boottest")
  local few = crv(m2, "cr2")
  text("Bias-reduced standard error (CR2): %s, %s.", number(few.se[d]), p_value(few.p[d]))
  local report = cluster_report(m2, d)
  text("The %d clusters count like %.1f of equal size; without one cluster the estimate lies between %s and %s.", math.floor(report.clusters),
       report.effective, number(report.without_min), number(report.without_max))
end)

part("Other specifications", function()
  local options = { x = d, fe = effects, vcov = errors }
  local drop = {}
  for name in (controls or ""):gmatch("[^+%s][^+]*") do table.insert(drop, (name:gsub("%s+$", ""))) end
  options.drop = drop
  if controls then options.lag, options.winsor = true, { 1, 99 } end
  local times = summarize(time)[time]
  options.windows = { string.format("%s > %g", time, times.min), string.format("%s < %g", time, times.max) }
  local r = robust(y .. " ~ " .. d .. right, options)
  put(r, "table11_specifications")
  draw(function(o) r:plot(o) end, "figure8_specifications", "The estimate in every specification, in order of size.")
end)

-- 5. Writing -----------------------------------------------------------------------------------------------------------------
local title = given.title or y .. ": robustness"
local function escaped(s) return (s:gsub("[&<>]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" })) end
local markdown, html = { "# " .. title .. "\n" }, {
  "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" .. escaped(title) .. "</title>\n<style>body{font-family:Georgia,serif;" ..
  "max-width:56em;margin:2em auto;padding:0 1em;line-height:1.45}h1,h2{font-family:sans-serif}figure{margin:1.5em 0;text-align:center}" ..
  "figure img{max-width:100%}figcaption{font-size:90%;color:#444}</style></head><body>\n<h1>" .. escaped(title) .. "</h1>\n" }
local writers = {
  heading = function(b) return "\n## " .. b.value .. "\n", "<h2>" .. escaped(b.value) .. "</h2>\n" end,
  text = function(b) return "\n" .. b.value .. "\n", "<p>" .. escaped(b.value) .. "</p>\n" end,
  table = function(b) return "\n" .. b.value:markdown() .. "\n", b.value:html() .. "\n" end,
  figure = function(b)
    return "\n![" .. b.note .. "](" .. b.value .. ")\n\n*" .. b.note .. "*\n",
      "<figure><img src=\"" .. b.value .. "\" alt=\"" .. escaped(b.note) .. "\"><figcaption>" .. escaped(b.note) .. "</figcaption></figure>\n"
  end,
}
add("heading", "How this was made")
text("Data: %s, %d rows. Outcome %s; units %s, periods %s; errors clustered by %s; %d draws with seed %d. Moontide %s.", file:match("[^/]+$"), #data(), y,
     unit, time, cluster, reps, seed, m1.provenance.version)
for _, b in ipairs(blocks) do
  local md, page = writers[b.kind](b)
  table.insert(markdown, md)
  table.insert(html, page)
end
table.insert(html, "</body></html>\n")
for name, parts in pairs { ["report.md"] = markdown, ["report.html"] = html } do
  local f = assert(io.open(out .. "/" .. name, "w"))
  f:write(table.concat(parts))
  f:close()
end
print("report.md and report.html are in " .. out)
