-- Incomes in 253 cities, 2011–2021: indices, winsorizing, descriptive tables, convergence.
--
-- What stands before the first regression of a paper: outliers dealt with, indices made from raw indicators, a table of
-- descriptives, a table that compares groups, and how unequal the cities are, in every year and over time.
-- The data are synthetic (data/README.md).
--
--   scripts/run examples/city_gini/analysis.mt
--
-- writes tables to examples/city_gini/output. README.md beside this file reads them step by step.

use(here "data/city_gini.csv")
panel(city_id, year)
local out = folder(here "output")

-- 1. Outliers ----------------------------------------------------------------------------------------------------------
-- Winsorizing: what lies beyond the 1st and 99th percentile is set to it. Percentiles follow Stata's rule (type 2).
gen(gini_w = "min(max(gini, p1(gini)), p99(gini))", uil_w = "min(max(uil, p1(uil)), p99(uil))")
gen(income = exp(gdp))
label { gini = "Gini within the city", gini_w = "Gini, winsorized", uil = "Industrial upgrading", uil_w = "Upgrading, winsorized",
        gdp = "ln GDP per head", difi = "Digital finance", income = "GDP per head", resource = "Resource city" }

-- 2. An index of several indicators ------------------------------------------------------------------------------------
-- Entropy weights over all rows together, so that levels can be compared between years; the weights come back as a table.
weights_table = entropy_index(difi, dl, es, name="digital")
label { digital = "Digital development" }
print(weights_table)
weights_table:save(out .. "/table1_weights.tex")
components = pca_index(difi, dl, es, name="digital_pc")
print(components)
print(correlate(digital, digital_pc))

-- 3. Descriptive tables ------------------------------------------------------------------------------------------------
local described = tabstat(gini, gini_w, uil, gdp, digital, stats="n mean sd min p50 max", decimals=3)
print(described)
described:save(out .. "/table2_descriptives.tex")
local compared = balance(gini_w, uil, gdp, digital, by=resource, where="year == 2011", title="Resource cities and others, 2011")
print(compared)
compared:save(out .. "/table3_balance.tex")

-- 4. How unequal are the cities? ---------------------------------------------------------------------------------------
-- Between cities, not within: the Gini of GDP per head, its standard error, and the part that lies between the two kinds.
local yearly = inequality(income, by=year)
print(yearly)
yearly:save(out .. "/table4_inequality.csv")
print(gini(income, by=year, se="jackknife", where="year == 2011 or year == 2021"))
print(theil(income, groups=resource, by=year, where="year == 2011 or year == 2021"))
print(dagum(income, resource, where="year == 2021"))

-- 5. Do the cities converge? -------------------------------------------------------------------------------------------
print(sigma_convergence(income))
absolute = beta_convergence(income, vcov="hetero")
conditional = beta_convergence(income, controls={uil, dl, sn}, vcov="hetero")
print(absolute)
print(conditional)
print(string.format("speed %.4f without and %.4f with controls, half-life %.1f and %.1f years", absolute.speed, conditional.speed,
                    absolute.half_life, conditional.half_life))

-- 6. What winsorizing does to a regression -----------------------------------------------------------------------------
-- The true coefficient of upgrading is -0.10. The controls enter the truth nonlinearly, so neither column hits it exactly.
m1 = feols(gini ~ uil + gdp + digital, fe=city_id+year, vcov=cluster(city_id))
m2 = feols(gini_w ~ uil_w + gdp + digital, fe=city_id+year, vcov=cluster(city_id))
local table = etable(m1, m2, title="Upgrading and income gaps")
table:save(out .. "/table5_regressions.tex")
print(table)
print("Tables are in " .. out)
