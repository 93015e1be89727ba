-- Stata's words that follow no general rule; stand-ins for the commands they lead to, so that only the reading is tested.
local function shown(value)
  if type(value) ~= "table" then return tostring(value) end
  local out = {}
  for i, item in ipairs(value) do out[i] = tostring(item) end
  return table.concat(out, "+")
end
local function declare(name, args, options, open)
  command(name) {
    summary = "stand-in", args = args, options = options, open_keywords = open,
    run = function(a)
      local out = {}
      for key, value in pairs(a) do
        if key ~= "keywords" and key ~= "data" then table.insert(out, key .. "=" .. shown(value)) end
      end
      for _, pair in ipairs(a.keywords or {}) do table.insert(out, pair[1] .. ":" .. tostring(pair[2])) end
      table.sort(out)
      return table.concat(out, " ")
    end,
  }
end
use(frame{ city = {"A", "A", "B", "B"}, year = {1, 2, 1, 2}, gdp1 = {1, 2, 3, 4}, gdp2 = {2, 1, 4, 3}, g = {0, 1, 0, 1} })

declare("merge", { { "pairing", "text" }, { "using", "any" } },
        { on = { "columns" }, keep = { "texts" }, assert = { "texts" }, nogenerate = { "boolean" }, update = { "boolean" } })
merge m:1 city year using "b.csv", keep(match 1) nogen update --> keep=match+master nogenerate=true on=city+year pairing=m:1 update=true using=b.csv
merge 1:1 city using b --> on=city pairing=1:1 using=b.dta
merge city using "b.csv" --> error: merge begins with 1:1, m:1 or 1:m
merge m:1 city --> error: merge needs using and a file
declare("append", { { "using", "texts", repeated = true } }, { generate = { "text" } })
append using "a.csv" "b.csv", gen(source) --> generate=source using=a.csv+b.csv
declare("reshape", { { "way", "text" }, { "stubs", "any" } }, { i = { "columns" }, j = { "text" }, string = { "boolean" } })
reshape long gdp, i(city) j(wave) --> i=city j=wave stubs=gdp way=long
reshape gdp, i(city) j(wave) --> error: reshape begins with long or wide
declare("collapse", {}, { by = { "columns" }, weights = { "any" } }, true)
collapse (mean) gdp1 m=gdp2 (sd) s=gdp1 (count) n=gdp1 [aw=g], by(city) --> by=city gdp1:mean(gdp1) m:mean(gdp2) n:count(gdp1) s:sd(gdp1) weights=aw(g)
collapse gdp*, by(year) --> by=year gdp1:mean(gdp1) gdp2:mean(gdp2)
collapse (sd) gdp1 (mean) gdp1, by(year) --> error: 'gdp1' is made twice
declare("recode", { { "columns", "columns" }, { "rules", "text" } }, { generate = { "text" } })
recode gdp1 gdp2 (1/2 = 1 "low") (3 = 2), gen(level) --> columns=gdp1+gdp2 generate=level rules=(1/2 = 1 "low") (3 = 2)
declare("winsor", { { "columns", "columns", repeated = true } }, { cuts = { "numbers" }, suffix = { "text" }, replace = { "boolean" }, by = { "columns" } })
winsor2 gdp1 gdp2, cuts(5 95) by(year) --> by=year columns=gdp1+gdp2 cuts=5.0+95.0 suffix=_w
winsor2 gdp1, replace --> columns=gdp1 replace=true
declare("tabstat", { { "columns", "columns", repeated = true } }, { by = { "columns" }, stats = { "texts" } })
tabstat gdp1 gdp2, statistics(mean sd p50) by(g) columns(statistics) --> by=g columns=gdp1+gdp2 stats=mean+sd+p50
declare("encode", { { "columns", "columns", repeated = true } }, { generate = { "texts" } })
encode city, gen(region) --> columns=city generate=region

-- data
egen total = total(gdp1), by(city)
egen double z = std(gdp1)
egen first = tag(city)
count if first == 1 --> 2
assert total == 3 if city == "A"
assert total == 7 if city == "B"
rename gdp1 income
rename (gdp2 total) (output sum_income)
label variable income "Income"
gsort -year city
assert year == 2 in 1/2
assert city == "A" in 1
xtset city year
--> panel: city × year, 2 units, 2 periods (1 to 2, step 1), 4 rows
--> balanced
gen change = D.income
count if change == . --> 2
preserve
drop if g == 0
count --> 2
restore
count --> 4
restore --> error: nothing was preserved
save "out.csv", replac --> error: unknown option 'replac'
log using --> error: no file after 'using'

-- display and returned results
quietly summarize income
display "mean " %5.2f r(mean) ", n " r(N) --> mean  2.50, n 4
display 2 + 2 --> 4
display "a" "b" --> ab
di 1/3 --> 0.33333333
local k = 7
display k * 2 --> 14
display _b[income] --> error: there is no estimate for _b[income]
display r(median) --> error: there is no number r(median)
assert income > 0
assert income > 1 --> error: the assertion is false in 1 row

-- regressions and what asks them
quietly reg output income g
display e(N) " " %6.4f _b[income] --> 4 …
test income = 1 --> income = 1: F(1, 1) = …
test income g --> income = 0, g = 0: F(2, 1) = …
testparm inc* --> income = 0: F(1, 1) = …
lincom 2*income - g --> 2*income - g = …
nlcom _b[income] / _b[g] --> _b[income] / _b[g] = …
test incme --> error: no coefficient 'incme'
predict fit, xb
predict res if e(sample), residuals
gen difference = abs(output - fit - res)
assert difference < 1e-12
areg output income, absorb(city) foo(3) --> error: unknown option 'foo'
reghdfe output income --> error: reghdfe needs absorb(…), or noabsorb
xtreg output income, be --> error: xtreg, be is not supported
ivregress gmm output (income = g) --> error: ivregress: the method is 2sls or liml, not 'gmm'
capture reghdfe output incom, absorb(city)
print(_rc) --> 111
twoway (contour output year income) --> error: twoway contour is not supported
foo output --> error: unknown command 'foo'
set obs 10 --> error: set obs is not supported
bootstrap output --> error: unknown command 'bootstrap'
-- r() is of the last variable, and display leaves it alone; e() knows Stata's names.
use "towns.csv"
quietly summarize gdp ser
display %6.4f r(mean) --> 1.8625
quietly reg ser gdp, vce(cluster town)
display e(N_clust) " " e(N) " " e(df_r) " " e(df_m) --> 4 16 3 1
display abs(e(mss) / (e(mss) + e(rss)) - e(r2)) < 1e-12 --> true
quietly logit treat gdp
display e(chi2) > 0 --> true
display e(chi3) --> error: there is no number e(chi3)
quietly xtset town year
quietly reg ser gdp, vcov(dk)
display e(N_clust) --> error: there is no number e(N_clust)
