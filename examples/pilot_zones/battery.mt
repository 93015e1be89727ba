-- What a referee asks for after the table of analysis.mt: is the effect on upgrading real, and how sure can we be?
--
--   scripts/run examples/pilot_zones/battery.mt
--
-- Nine questions, each with the command that answers it. The data are synthetic: the true average effect is 0.067, so every answer can be
-- judged. README.md says how to read them.

use(here "data/ydr_cities.csv")
panel(city, year)
local out = folder(here "output")
replace(ser = y3 / y2)
interpolate(retail, infra, ends="nearest")

m = did(ser ~ did + lngdp + lnedu, fe=city+year)
print(m)

-- 1. Are 41 clusters enough? -----------------------------------------------------------------------------------------------
-- The clustered standard error is an average over cities, and 24 treated ones carry it. CR2 weighs each city by its leverage and gives every
-- coefficient degrees of freedom of its own; the wild bootstrap needs no formula for the distribution of t at all.
print(etable({ m, m:vcov_as("cr2 city"), m:vcov_as("cr3 city") }, { headers={ "CR1", "CR2", "CR3" }, keep="did", below={ "se", "p" } }))
print(boottest(m, "did", reps=9999, seed=1))
print(cluster_report(m, "did", show=5))
-- Four provinces are too few for any of this, and the program says so. Errors that hang together in a city and in a year: two ways.
print(boottest(m, "did", reps=999, seed=1, cluster="city + year"))

-- 2. Could chance have dealt it? ---------------------------------------------------------------------------------------------
-- The zones were chosen, not drawn. But if they had been: among all cities, within provinces, or in another order?
for _, design in ipairs { assignment.units(), assignment.units(within=province), assignment.timing(dates="permute") } do
  local r = ri(m, assign=design, reps=499, seed=2)
  print(string.format("%-60s p = %.3f", tostring(design), r.p))
end

-- 3. What if something was left out? -----------------------------------------------------------------------------------------
print(sensitivity(m, "did", benchmark="lngdp", kd={ 1, 3 }))
print(oster(m, "did", keep_fe=true))

-- 4. Are the cities comparable? -------------------------------------------------------------------------------------------------
-- Matching in 2014, before the first zone, keeps whole cities; what it loses it says.
local matched, how = psmdid(ser ~ did + lngdp + lnedu, treat=treat, on="lngdp + lnedu", at=2014, fe="city + year", vcov="cluster city")
print(how)
print(etable({ m, matched }, { headers={ "All", "Matched" }, keep="did" }))
how:plot("love", file=out .. "/battery_balance.svg")

-- 5. Do already treated cities spoil the comparison? ---------------------------------------------------------------------------------
local compared = compare_did(ser ~ 1, cohort=cohort)
print(compared)
compared:plot { file=out .. "/battery_estimators.svg" }

-- 6. Does it work through innovation? ---------------------------------------------------------------------------------------------
print(mediate(ser ~ did + lngdp + lnedu, mediator=lnpatent, fe="city + year", vcov=cluster(city), reps=199, seed=3))

-- 7. For whom? -----------------------------------------------------------------------------------------------------------------------
-- A column a province, and a test whether the three provinces with several cities differ.
local parts = did(ser ~ did + lngdp + lnedu, fe=city+year, split=province, where="province ~= 'Shanghai'")
print(etable(parts, { keep="did" }))
print(split_test(parts, x="did", reps=99, seed=4))
print(moderate(ser ~ lnedu, x=did, z=lngdp, fe="city + year", vcov="cluster city"))

-- 8. Is it one specification? --------------------------------------------------------------------------------------------------------
local grid = robust(ser ~ did + lngdp + lnedu, fe="city + year", vcov="cluster city", drop={ "lngdp", "lnedu", "lngdp + lnedu" },
                    add={ "lnforeign", "retail + infra" }, windows={ "year >= 2013", "year <= 2019", "province ~= 'Shanghai'" }, lag=true, lag_x=true,
                    winsor={ 1, 99 }, fes={ "city + province^year" }, vcovs={ "hetero", "cr2 city", "dk 2" })
print(grid)
grid:plot(file=out .. "/battery_specifications.svg")

-- 9. Without a regression: a city made of other cities -----------------------------------------------------------------------------------
-- Hangzhou alone was a zone in 2015. Its synthetic twin is a weighted mean of the cities that never became one; every one of those takes its
-- turn as a placebo. Synthetic difference-in-differences does it for all five waves.
local hangzhou = synth(ser ~ 1, treated="Hangzhou", at=2015, where="treat == 0 or city == 'Hangzhou'", leave_one_out=false)
print(hangzhou)
hangzhou:plot("path", file=out .. "/battery_hangzhou.svg")
print(sdid(ser ~ 1, treat=did, vce="bootstrap", reps=100, seed=5))
