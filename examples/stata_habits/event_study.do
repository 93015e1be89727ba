* event_study.do
* Pilot zones, the dynamic picture: sample, treatment timing, event study by dummies, heterogeneity by size, means by year.
version 17
clear all
set more off
set seed 12345
capture mkdir "output"
capture log close

* ---------------------------------------------------------------- sample
use "data/cities.csv", clear
confirm numeric variable ser did cohort
keep if inrange(year, 2011, 2020)
drop if missing(ser, lngdp)
drop treat post
isid city_id year
xtset city_id year
egen n_years = count(year), by(city_id)
assert n_years == 10
drop n_years

* ---------------------------------------------------------------- timing
replace cohort = . if cohort == 0
gen ever = !missing(cohort)
gen post = year >= cohort if ever
replace post = 0 if !ever
assert post == did
gen rel = year - cohort
label variable rel "Years since approval"
label define ever 0 "never" 1 "pilot zone"
label values ever ever
tab cohort if year == 2011, missing
tab ever if year == 2011

* ---------------------------------------------------------------- groups before the first wave
egen gdp0 = mean(lngdp) if year <= 2014, by(city_id)
egen base = max(gdp0), by(city_id)
egen size = cut(base), group(3)
label define size 0 "small" 1 "middle" 2 "large"
label values size size
egen zser = std(ser)
egen p90 = pctile(ser), p(90) by(year)
gen top = ser >= p90
tabstat ser lngdp, by(size) stats(mean sd n)

* ---------------------------------------------------------------- baseline and event study
eststo clear
eststo m1: quietly reghdfe ser did, absorb(city_id year) vce(cluster city_id)
eststo m2: quietly reghdfe ser did lngdp lnforeign, absorb(city_id year) vce(cluster city_id)
for k = 2, 4 do
  gen lead{=k} = (rel == -{=k}) & ever == 1
end
for k = 0, 3 do
  gen lag{=k} = (rel == {=k}) & ever == 1
end
replace lead4 = 1 if rel < -4 & ever == 1
replace lag3 = 1 if rel > 3 & !missing(rel) & ever == 1
foreach_lead = "lead4 lead3 lead2 lag0 lag1 lag2 lag3"
eststo m3: quietly reghdfe ser {=foreach_lead} lngdp lnforeign, absorb(city_id year) vce(cluster city_id)
test lead4 lead3 lead2
coefplot, keep(lead* lag*) vertical yline(0) title("Event study")
graph export "output/event_study.png", replace
esttab m1 m2 m3 using "output/table_event.tex", replace b(3) se star(* 0.10 ** 0.05 *** 0.01) keep(did lead* lag*) stats(N r2)
esttab m1 m2 m3, b(3) se star(* 0.10 ** 0.05 *** 0.01) keep(did lead* lag*) stats(N r2)

* ---------------------------------------------------------------- for whom
quietly reg ser i.size##i.did i.year, vce(cluster city_id)
margins size, over(did)
margins, dydx(did) over(size)
marginsplot, title("Effect by size of the city")
graph export "output/margins.png", replace
test 1.size#1.did = 2.size#1.did

* ---------------------------------------------------------------- means by year
preserve
collapse (mean) ser (sd) sd=ser (count) n=ser, by(ever year)
gen se = sd / sqrt(n)
reshape wide ser sd n se, i(year) j(ever)
list year ser0 ser1, clean noobs
reshape long
export delimited using "output/means.csv", replace
restore
count
