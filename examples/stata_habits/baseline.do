* baseline.do
* Pilot zones and industrial upgrading: the main tables of an ordinary difference-in-differences paper.
version 17
clear all
set more off
capture mkdir "output"
capture log close
log using "output/baseline.log", replace text

* ---------------------------------------------------------------- data
import delimited "data/cities.csv", clear
xtset city_id year
describe city year ser did
summarize ser rat did lngdp lnforeign retail
sum ser if treat == 1 & year < 2015, detail
display "mean before the first wave: " %6.3f r(mean)

gen lnser = log(ser)
gen late = (cohort >= 2018) if !missing(cohort)
replace late = 0 if cohort == 0 | missing(cohort)
label variable ser "Industrial upgrading"
label variable did "Pilot zone"
bysort city_id (year): gen obs = _n
assert inrange(obs, 1, 10)
drop obs

* ---------------------------------------------------------------- who is treated
tabulate province treat, row
tab treat, summarize(ser)
ttest ser if year == 2014, by(treat)
pwcorr ser did lngdp lnforeign, sig

* ---------------------------------------------------------------- Table 2: baseline
eststo clear
eststo: quietly reg ser did, vce(cluster city_id)
eststo: quietly areg ser did, absorb(city_id) vce(cluster city_id)
eststo: quietly xtreg ser did i.year, fe vce(cluster city_id)
eststo: quietly reghdfe ser did, absorb(city_id year) vce(cluster city_id)
eststo: quietly reghdfe ser did lngdp lnforeign retail lnedu ///
    infra, absorb(city_id year) vce(cluster city_id)
esttab using "output/table2.tex", replace b(3) se star(* 0.10 ** 0.05 *** 0.01) ///
    keep(did lngdp lnforeign) stats(N r2 r2_within) title("Pilot zones and upgrading") booktabs
esttab, b(3) se star(* 0.10 ** 0.05 *** 0.01) keep(did lngdp lnforeign) stats(N r2)

* ---------------------------------------------------------------- tests on the last column
test did = 0.1
test lngdp lnforeign
lincom did + lngdp
nlcom _b[did] / _b[lngdp]
predict uhat if e(sample), residuals
summarize uhat

* ---------------------------------------------------------------- weights and subsamples
reghdfe ser did [aw=y3] if province != "Shanghai", absorb(city_id year) vce(cluster city_id)
by province, sort: summarize ser in 1/20
quietly reg lnser did lngdp if year >= 2013, robust
display "elasticity: " %6.4f _b[lngdp] " (" %6.4f _se[lngdp] ")"
count if did == 1
log close
