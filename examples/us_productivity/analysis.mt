-- Does public capital pay next door? Spatial panel models of output in 48 states, 1970–1986, from tests to a map of
-- spill-overs. The data are synthetic (data/README.md), on the design of Munnell (1990); README.md reads the tables.
--
--   scripts/run examples/us_productivity/analysis.mt
--
-- writes tables and maps to examples/us_productivity/output.

use(here "data/us_states.csv")
panel(state, year)
local out = folder(here "output")
gen(lgsp = log(gsp), lpcap = log(pcap), lpc = log(pc), lemp = log(emp))
gen(growth = D.lgsp)
summarize(lgsp, lpcap, lpc, lemp, unemp)

-- 1. Who is whose neighbour ----------------------------------------------------------------------------------------------
W = weights.edges(here "data/us_borders.csv", "a", "b", both=true, id=state)
print(W)
local tiles = read(here "data/us_tiles.geojson")

-- 2. Is there anything spatial? ------------------------------------------------------------------------------------------
print(moran(growth, W, where="year > 1970"))

-- 3. Which model? --------------------------------------------------------------------------------------------------------
-- Up by LM tests from least squares, down by Wald and LR tests from the Durbin model.
local f = lgsp ~ lpcap + lpc + lemp + unemp
local choice = spatial_choice(f, W, fe="state + year", lee_yu=true)
print(choice)
choice:save(out .. "/table1_choice.tex")

-- 4. Fixed or random effects? --------------------------------------------------------------------------------------------
print(bsktests(ols(f), W))
print(spatial_hausman(sdm(f, W, fe="state"), sdm(f, W, effects="random")))
-- The difference of two covariances need not be one. Means of the regressors by state ask the same and always can be had.
egen(m_pcap = mean(lpcap), m_pc = mean(lpc), m_emp = mean(lemp), m_unemp = mean(unemp), by=state)
local mundlak = sar(lgsp ~ lpcap + lpc + lemp + unemp + m_pcap + m_pc + m_emp + m_unemp, W, effects="random")
print(mundlak:test("m_pcap = 0", "m_pc = 0", "m_emp = 0", "m_unemp = 0"))

-- 5. Estimates -----------------------------------------------------------------------------------------------------------
local durbin = choice.fits.sdm
print(durbin)
local direct = sdm(f, W, fe="state + year")
local models = etable(feols(f, fe="state + year"), choice.fits.sar, choice.fits.sem, durbin, direct)
print(models)
models:save(out .. "/table2_models.tex")

-- 6. Impacts -------------------------------------------------------------------------------------------------------------
local effects = impacts(durbin, reps=500, seed=1)
print(effects)
effects:save(out .. "/table3_impacts.tex")

-- 7. The past ------------------------------------------------------------------------------------------------------------
local past = sdm(f, W, fe="state + year", lee_yu=true, dynamic="both")
print(past)
print(impacts(past, run="short"))
print(impacts(past, run="long"))

-- 8. Where? --------------------------------------------------------------------------------------------------------------
local spill = spillovers(durbin, "lpc", from="Illinois")
print(spill)
local drawn = merge("1:1", spill.frame, on="state", nogenerate=true, data=tiles, copy=true)
map(drawn, received, k=4, label=abbr, title="Private capital: impact received from all others",
    file=out .. "/figure1_received.svg")
map(drawn, effect, k=4, label=abbr, title="Private capital of Illinois: impact on each state", file=out .. "/figure2_illinois.svg")
