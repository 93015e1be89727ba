-- Who was treated when? From the dates of a policy, written as texts, to cohorts, event time and growth tables.
--
-- A programme reached 12 of 24 cities in two waves (2013 and 2018). The dates stand in notices, in five ways of writing,
-- with misspelt names. Before any regression: which year counts as the first treated one, and for whom?
--
--   scripts/run examples/rollout/analysis.mt
--
-- README.md beside this file reads it step by step.

local out = folder(here "output")
use(here "data/cities.csv")
panel(city, year)

-- 1. Names: the notices against the panel --------------------------------------------------------------------------------
-- Every fuzzy match is listed and looked at before it is used.
local rollout = read(here "data/rollout.csv")
local names = match_names(rollout.city, data().city)
list(a, b, how, score, data=names, where="how != 'exact'")
for i = 1, #names do
  local match = names.b[i]
  if match ~= nil and match ~= names.a[i] then replace(city = "'" .. match .. "'", where="city == '" .. names.a[i] .. "'", data=rollout) end
end

-- 2. Dates: which year is the first treated one? ---------------------------------------------------------------------------
-- effective: the year that holds the date. half_year: that year when the date is before 1 July, else the next one.
local by_date = adopt(rollout, rule="effective", cohort="cohort0", event_time="event0", treated="treated0")
local audit = adopt(rollout, rule="half_year", date="effective")
print(audit)
audit:save(out .. "/table1_audit.md")

-- Where the rules disagree
print("Cities whose cohort depends on the rule:")
list(city, cohort0, cohort, where="year == 2010 and cohort0 != cohort")

-- 3. Who is treated when ---------------------------------------------------------------------------------------------------
audit.calendar:save(out .. "/figure1_calendar.svg")
audit.pattern:save(out .. "/figure2_pattern.svg")
tabulate(event_time, where="!missing(event_time) and event_time >= -3 and event_time <= 2")

-- 4. Real exports ----------------------------------------------------------------------------------------------------------
-- The index has the year before as 100, and one for each province.
interpolate(exports, method="log")
deflate(exports, index=read(here "data/prices.csv"), base=2010, chained=true, by=province)
label(exports_real = "Exports (prices of 2010)")

-- 5. Growth ----------------------------------------------------------------------------------------------------------------
-- Arithmetic mean of yearly rates, geometric mean, compound rate (CAGR); then by span of time, around the two waves.
local rates = growth(exports_real, total=true, where="province == 'Zhejiang'")
print(rates)
rates:save(out .. "/table2_growth.tex")
local spans = growth(exports_real, spans={2010, 2012, 2017, 2020}, mean="cagr")
spans:save(out .. "/table3_spans.md")
growth(exports_real, kind="log", generate="dln")

-- 6. A first look: growth of treated and other cities ----------------------------------------------------------------------
gen(group = "cond(missing(cohort), 'never', concat('cohort ', cohort))")
tabstat(dln, by=group, stats="n mean sd")

-- 7. The regression the table was made for ---------------------------------------------------------------------------------
gen(lnx = log(exports_real))
label(lnx = "ln real exports")
local es = event_study(lnx ~ 1, cohort=cohort, fe=city+year, window={-4, 3})
es:plot(title="ln real exports", file=out .. "/figure3_event.svg")
print(es)
print("Tables and figures are in " .. out)
