-- Do the exports of neighbouring cities converge? Growth, dispersion, hot spots and spatial β-convergence in Zhejiang,
-- 2016–2020. The data are synthetic (data/README.md); README.md beside this file reads the tables step by step.
--
--   scripts/run examples/zhejiang/analysis.mt
--
-- writes tables, maps and figures to examples/zhejiang/output.

use(here "data/zj_exports.csv")
panel(city, year)
local out = folder(here "output")

-- 1. Growth ------------------------------------------------------------------------------------------------------------
-- The published table prints the arithmetic mean of the yearly rates; the compound rate stands beside it.
local rates = growth(exports)
print(rates)
rates:save(out .. "/table1_growth.tex")

-- 2. σ-convergence: does dispersion fall? ------------------------------------------------------------------------------
local sigma = sigma_convergence(exports)
print(sigma)
sigma:save(out .. "/table2_sigma.tex")
figure({"connected", sd_log ~ year, label="standard deviation of ln exports"}, {"connected", cv ~ year, label="coefficient of variation"},
       data=sigma.frame, title="Dispersion of exports", y_label="dispersion", file=out .. "/figure_sigma.svg")

-- 3. Who is whose neighbour ----------------------------------------------------------------------------------------------
-- Two matrices: shared borders (with the sea link of the island prefecture), and 1/d². Both have rows that sum to one.
local shapes = read(here "data/zj_cities.geojson")
Wc = weights.edges(here "data/zj_contiguity.csv", "city_i", "city_j", both=true, id=city)
Wd = weights.inverse_distance(lon, lat, power=2, id=city)
print(Wc)
print(Wd)
-- The borders of the sketch map give the same links, but for the one over the sea.
Wq = weights.queen(shapes, id=city)
print("links of the map: " .. Wq.links .. ", with the sea link: " .. Wq:link("Ningbo", "Zhoushan").links .. ", of the list: " .. Wc.links)

-- 4. Moran's I of every year, under both matrices ------------------------------------------------------------------------
local near = moran(lnexports, Wc)
local far = moran(lnexports, Wd)
print(near)
print(far)
near:save(out .. "/table3_moran_contiguity.tex")
far:save(out .. "/table3_moran_distance.tex")
-- Eleven units are few for a normal approximation: the same by permutation.
print(moran(lnexports, Wd, permutations=999, seed=1))

-- 5. Hot spots -----------------------------------------------------------------------------------------------------------
-- Gi* of 2016 and 2020, z-scores in four Jenks classes on the map.
for _, y in ipairs{2016, 2020} do
  local of_year = read(here "data/zj_exports.csv")
  keep("year == " .. y, data=of_year)
  print(gi(lnexports, Wc, name="spot", data=of_year))
  local drawn = merge("1:1", of_year, on="city", keepusing="spot_z", nogenerate=true, data=shapes, copy=true)
  local classes = breaks(spot_z, method="jenks", k=4, data=drawn)
  print(classes)
  classes:save(out .. "/table_classes_" .. y .. ".tex")
  map(drawn, spot_z, method="jenks", k=4, palette="diverging", label=city, title="Gi* of ln exports, " .. y,
      legend_title="z of Gi*", file=out .. "/figure_gi_" .. y .. ".svg")
end
moran_scatter(lnexports, Wc, where="year == 2020", file=out .. "/figure_moran_2020.svg")
print(correlogram(lnexports, Wc, orders=3, where="year == 2020", plot=out .. "/figure_correlogram_2020.svg"))

-- 6. Digital development -------------------------------------------------------------------------------------------------
-- Three indicators by entropy weights over all rows together, so that years can be compared.
local digital_weights = entropy_index(broadband, mobile, ecompark, name="digital_index")
print(digital_weights)
digital_weights:save(out .. "/table4_entropy.tex")

-- 7. Conditional β-convergence by the spatial lag model --------------------------------------------------------------------
-- y is the change of ln exports from the year before, lnretail ln exports of that year: its coefficient is β. Time effects
-- take what all cities share in a year. speed = -ln(1 + β), half-life = ln 2/speed; where 1 + β is not positive neither is
-- defined.
f = y ~ lnretail + lnwage + digital + open + human + lnaccess + lnqiyeshu + lnpatents
local rows = "year > 2016"
province = sar(f, Wd, fe="time", where=rows)
print(province)
print(impacts(province))
-- The tests ask least squares with the same effects: without them, what all cities share in a year would count as likeness.
print(lmtests(feols(f, fe=year, where=rows), Wd))

-- The two halves of the province: each with the weights of its own cities. With so few rows the regressors are fewer, too.
-- The Hausman test compares fixed and random unit effects of one model: time effects are in both.
g = y ~ lnretail + digital + open
local function speed(m)
  local b = m.coef.lnretail
  if 1 + b <= 0 then return "not defined" end
  local s = -math.log(1 + b)
  return string.format("%.4f a year, half-life %.1f years", s, math.log(2)/s)
end
local fits = {}
for _, region in ipairs{"all", "NE", "SW"} do
  local part = region == "all" and rows or rows .. " and region == '" .. region .. "'"
  local W = region == "all" and Wd or Wd:subset(where=part)
  local fixed = sar(g, W, fe="both", where=part)
  local random = sar(g, W, effects="random", fe="time", where=part)
  fits[#fits + 1] = sar(g, W, fe="time", where=part)
  print(region .. ": beta " .. string.format("%.4f", fits[#fits].coef.lnretail) .. ", speed " .. speed(fits[#fits]))
  print(spatial_hausman(fixed, random))
end
local table = etable(fits[1], fits[2], fits[3], title="Conditional convergence of exports, spatial lag model with time effects",
                     headers={"Province", "North-east", "South-west"})
print(table)
table:save(out .. "/table5_convergence.tex")
print("Tables and figures are in " .. out)
