-- xtreg, re and hausman as statements and as calls, ivregress with z, and what they refuse.
use "../../examples/pilot_zones/data/ydr_cities.csv"
quietly xtset city year
quietly egen n = count(retail), by(city)
keep if n == 10
quietly xtreg ser did lngdp retail, fe
estimates store fixed
quietly xtreg ser did lngdp retail, re
estimates store random
display %9.7f _b[did] " " %9.7f _se[did] " " %9.6f e(sigma_u) " " %9.6f e(rho) --> 0.0930364 0.0146709  0.216490  0.915082
h = hausman(feols(ser ~ did + lngdp + retail, fe=city), random_effects(ser ~ did + lngdp + retail))
print(("%.4f %d %.3g"):format(h.chi2, h.df, h.p)) --> 415.2525 3 1.1e-89
quietly hausman fixed random
display %9.4f r(chi2) " " r(df) -->  415.2525 3
quietly hausman fixed random, sigmamore
print(random_effects(ser ~ did).F_df2 == math.huge) --> true

-- Without fe a statement means re; the test after it is a chi2.
quietly xtreg ser did lngdp
print(last_estimate().title) --> Random effects of city, generalised least squares
quietly ivregress 2sls ser did (lnforeign = L.lnforeign), vce(robust)
print(last_estimate().F_df2 == math.huge, last_estimate():test("did = 0").distribution) --> true	chi2
quietly ivregress 2sls ser did (lnforeign = L.lnforeign), vce(robust) small
print(last_estimate().F_df2 == math.huge) --> false

xtreg ser did, be --> error: xtreg, be is not supported
xtreg ser did, fe re --> error: fe and re are different models
xtreg ser did [aw=lngdp], re --> error: xtreg, re takes no weights
random_effects(ser ~ did, vcov="hc3") --> error: needs leverages
random_effects(ser ~ did | city) --> error: takes no fixed effects beside
random_effects(lnforeign ~ 1 | did ~ ser) --> error: random_effects takes no instruments
hausman(feols(ser ~ did, fe=city, vcov="hetero"), random_effects(ser ~ did)) --> error: hausman compares iid covariances
hausman(feols(ser ~ did, fe=city), random_effects(ser ~ lngdp)) --> error: no coefficient in common
hausman(feols(ser ~ did, fe=city), random_effects(ser ~ did), sigmamore=true, sigmaless=true) --> error: are one choice
random_effects(ser ~ did, where="year == 2015") --> error: the variance within units has no degrees of freedom
random_effects(ser ~ did + lngdp, where="city == 'Shanghai' or city == 'Hangzhou'") --> error: the variance between units has no degrees of freedom
