* robustness.do
* Event study by hand, heterogeneity, instruments, and the margins of an interaction.
set more off
capture mkdir "output"
use "data/cities.csv", clear
xtset city_id year

* ---------------------------------------------------------------- event study by hand: three years before to three after
gen event = year - cohort if cohort > 0 & !missing(cohort)
gen pre3 = (event <= -3) & treat == 1
gen pre2 = event == -2 & treat == 1
gen d0 = event == 0 & treat == 1
gen after1 = event == 1 & treat == 1
gen after2 = event == 2 & treat == 1
gen after3 = event >= 3 & treat == 1
* cities without a zone have no event time: their indicators are 0
replace pre3 = 0 if missing(event)
replace pre2 = 0 if missing(event)
replace d0 = 0 if missing(event)
replace after1 = 0 if missing(event)
replace after2 = 0 if missing(event)
replace after3 = 0 if missing(event)

reghdfe ser pre* d0 after*, absorb(city_id year) vce(cluster city_id)
testparm pre*
testparm after*
lincom (after1 + after2 + after3) / 3
coefplot, keep(pre* d0 after*) title("Before and after approval")
graph export "output/event.svg", replace

* ---------------------------------------------------------------- heterogeneity: does the effect grow with income?
eststo clear
quietly summarize lngdp
gen c_gdp = lngdp - r(mean)
eststo m1: quietly reghdfe ser did lngdp, absorb(city_id year) vce(cluster city_id)
eststo m2: quietly reg ser c.did##c.c_gdp i.year, vce(cluster city_id)
margins, dydx(did) at(c_gdp=(-1 0 1))
testparm i.year
eststo m3: quietly reghdfe ser did lngdp if province == "Jiangsu" | province == "Zhejiang", ///
    absorb(city_id year) vce(cluster city_id)
eststo m4: quietly reghdfe ser L.did lngdp, absorb(city_id year) vce(cluster city_id)
esttab m1 m3 m4, b(3) se star(* 0.10 ** 0.05 *** 0.01) mtitles("All" "Two provinces" "Lagged")
estimates table m1 m2, b(%9.4f) se

* ---------------------------------------------------------------- instruments: foreign investment by its lags
ivregress 2sls ser did (lnforeign = L(1/2).lnforeign), vce(cluster city_id) small
ivreghdfe ser did (lnforeign = L.lnforeign), absorb(city_id year) cluster(city_id)
estimates store iv

* ---------------------------------------------------------------- placebo: zones moved two years back
preserve
keep if year < cohort | treat == 0
gen fake = treat == 1 & year >= cohort - 2
capture noisily reghdfe ser fake, absorb(city_id year) vce(cluster city_id)
display "placebo: " %7.4f _b[fake] ", t = " %5.2f _b[fake]/_se[fake]
restore

* ---------------------------------------------------------------- fitted values
reghdfe ser did lngdp, absorb(city_id year)
predict double fit, xbd
predict double effects, d
correlate ser fit effects
capture drop fit effects nothing
display "return code " _rc
