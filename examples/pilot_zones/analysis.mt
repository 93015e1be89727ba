-- Do pilot zones move a city's economy towards services?
--
-- 41 cities, 2011–2020. Between 2015 and 2020, 24 of them were approved as pilot zones for cross-border e-commerce, in five waves.
-- We compare a city before and after its approval with cities not approved: difference-in-differences with city and year effects.
-- The data are synthetic, so the true effect is known: about 0.067 on `ser` (data/ydr_truth.csv).
--
--   scripts/run examples/pilot_zones/analysis.mt
--
-- writes tables and figures to examples/pilot_zones/output. README.md beside this file reads them step by step.

use(here "data/ydr_cities.csv")
panel(city, year)
local out = folder(here "output")

-- 1. Indices -----------------------------------------------------------------------------------------------------------
-- Upgrading: output of services over output of industry. Rationalisation: how far the three sectors' shares of output
-- are from their shares of employment, Σ |(Y_i/Y)/(L_i/L) − 1|; zero when labour is as productive everywhere.
gen(output = y1 + y2 + y3, labour = l1 + l2 + l3)
replace(ser = y3 / y2,
        rat = abs((y1/output)/(l1/labour) - 1) + abs((y2/output)/(l2/labour) - 1) + abs((y3/output)/(l3/labour) - 1))

-- 2. Missing cells -----------------------------------------------------------------------------------------------------
-- Eight cells of two controls are missing. Lines between the neighbouring years fill them; at the ends the nearest value.
interpolate(retail, infra, ends="nearest")

label { ser = "Industrial upgrading", rat = "Deviation from rational structure", did = "Pilot zone × after",
        lngdp = "ln GDP", lnforeign = "ln foreign investment", retail = "Retail share", lnedu = "ln education",
        lninternet = "ln internet users", deposit = "Deposits / GDP", infra = "Infrastructure" }

local controls = lngdp + lnforeign + retail + deposit + infra + lninternet + lnedu

-- 3. Descriptive statistics --------------------------------------------------------------------------------------------
local described = summarize(ser, rat, did, lngdp, lnforeign, retail, deposit, infra, lninternet, lnedu)
described:save(out .. "/table1_descriptives.tex")
print(described)

-- 4. Difference-in-differences -----------------------------------------------------------------------------------------
-- City effects remove what does not change in a city, year effects what happens to all; errors are clustered by city.
m1 = did(ser ~ did, fe=city+year)
m2 = did(ser ~ did + controls, fe=city+year)
m3 = did(rat ~ did, fe=city+year)
m4 = did(rat ~ did + controls, fe=city+year)
print(m2)
local main = etable(m1, m2, m3, m4, title="Pilot zones and industrial structure", label="tab:did",
                    keep={"did", "lngdp", "lnforeign"})
for _, ending in ipairs {"tex", "html", "md", "csv"} do main:save(out .. "/table2_did." .. ending) end
print(main)

-- 5. Event studies -----------------------------------------------------------------------------------------------------
-- The year before approval is the reference. Before it, coefficients near zero speak for parallel trends.
es_ser = event_study(ser ~ controls, cohort=cohort, fe=city+year, ref=-1, window={-5, 4})
es_rat = event_study(rat ~ controls, cohort=cohort, fe=city+year, ref=-1, window={-5, 4})
print(es_ser)
es_ser:plot(title="Upgrading (ser)", file=out .. "/figure1_event_ser.svg")
es_rat:plot(title="Deviation (rat)", file=out .. "/figure2_event_rat.svg")

-- 6. Placebo -----------------------------------------------------------------------------------------------------------
-- 500 times the approval years are dealt out at random among the 41 cities. A real effect stands outside what chance gives.
p_ser = placebo(m2, reps=500, assign="unit", seed=20150312)
p_rat = placebo(m4, reps=500, assign="unit", seed=20150312)
print(p_ser)
print(p_rat)
p_ser:plot(title="Placebo: ser", file=out .. "/figure3_placebo_ser.svg")
p_rat:plot(title="Placebo: rat", file=out .. "/figure4_placebo_rat.svg")
p_ser:plot("scatter", file=out .. "/figure5_placebo_p.svg")

-- 7. Robustness: does last year's approval matter? -----------------------------------------------------------------------
m5 = did(ser ~ L.did + controls, fe=city+year)

-- 8. Heterogeneity: one column a province (Shanghai is a single city) ----------------------------------------------------
local columns, headers = { m2, m5 }, { "All", "Lagged" }
for _, name in ipairs { "Jiangsu", "Zhejiang", "Anhui" } do
  table.insert(columns, did(ser ~ did + controls, fe=city+year, where="province == '" .. name .. "'"))
  table.insert(headers, name)
end
local robust = etable(columns, headers=headers, keep={"did", "L.did"}, title="Robustness and heterogeneity")
robust:save(out .. "/table3_robustness.tex")
robust:save(out .. "/table3_robustness.md")
print(robust)
print("Tables and figures are in " .. out)
