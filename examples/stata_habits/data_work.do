/* data_work.do
   From raw files to the panel of the study: merging, recoding, indices by group, and the descriptive tables. */
version 17
clear all
set more off
capture mkdir "output"

// the provinces first: codes and the coast
import delimited using "data/provinces.csv", clear
rename coastal coast
label variable coast "Province on the coast"
save "output/provinces.csv", replace

// the cities, with what is known of their province
use "data/cities.csv", clear
merge m:1 province using "output/provinces.csv", keep(match master) nogenerate
order city province code year
sort city_id year
xtset city_id year
xtdescribe

// variables
gen double lnser = log(ser)
gen growth = D.lnser
gen lag_did = L.did
gen event = year - cohort if cohort > 0 & !missing(cohort)
recode year (2011/2014 = 1) (2015/2020 = 2), gen(period)
encode province, gen(region)
winsor2 rat, cuts(1 99) suffix(_w)
replace retail = . if retail < 0
drop if missing(ser)

// statistics of a city's province and year
egen mean_ser = mean(ser), by(province year)
egen n_cities = count(ser), by(province year)
egen double z_gdp = std(lngdp)
egen top = max(ser), by(year)
gen gap = top - ser
assert gap >= 0
assert !missing(z_gdp)

// descriptive tables
summarize ser rat_w lngdp lnforeign retail lnedu
tabstat ser rat_w, by(treat) stats(mean sd min max)
tabulate region period
correlate ser rat_w lngdp

// a table of means by province and period, wide
preserve
collapse (mean) ser rat (sd) sd_ser=ser (count) n=ser, by(province period)
list
keep province period ser
reshape wide ser, i(province) j(period)
gen change = ser2 - ser1
gsort -change
list province ser1 ser2 change, clean noobs
restore

// what the regressions need
keep city city_id province year did ser rat rat_w lngdp lnforeign retail coast cohort
count
export delimited using "output/panel.csv", replace
save "output/panel.csv", replace
