-- fixest's and Stata's spellings of a covariance, and its notes.
use "towns.csv"
panel(town, year) --> panel: town × year, 4 units, …
-- the second line of its report --> balanced
want = feols(ser ~ gdp, fe=town, vcov=cluster(town))
print(feols(ser ~ gdp, fe=town, vcov=~town).se.gdp == want.se.gdp) --> true
print(feols(ser ~ gdp, fe=town, vcov="~town").se.gdp == want.se.gdp) --> true
print(feols(ser ~ gdp, fe=town, cluster=town).se.gdp == want.se.gdp) --> true
print(feols(ser ~ gdp, fe=town, cluster="town").se.gdp == want.se.gdp) --> true
print(feols(ser ~ gdp, fe=town, cluster=~town).vcov_label) --> clustered by town (4)
print(feols(ser ~ gdp, fe=town, vcov="cluster").vcov_label) --> clustered by town (4)
print(feols(ser ~ gdp, fe=town+year, vcov="twoway").vcov_label) --> clustered by town (4) and year (4)
print(feols(ser ~ gdp, fe=town+year, vcov=~town+year).vcov_label) --> clustered by town (4) and year (4)
print(feols(ser ~ gdp, fe=town, cluster={town, year}).vcov_label) --> clustered by town (4) and year (4)
print(want:vcov_as("cluster").vcov_label) --> clustered by town (4)
print(feols(ser ~ gdp, fe=town, se="hetero").vcov_label) --> heteroskedasticity-robust (HC1)
feols(ser ~ gdp, vcov="cluster") --> error: fixed effect
feols(ser ~ gdp, fe=town, vcov="twoway") --> error: first 2 fixed effects
feols(ser ~ gdp, cluster=town, vcov="iid") --> error: both vcov= and cluster=
feols(ser ~ gdp, cluster=twon) --> error: town
-- Bug: notes of the covariance were printed, but not in m.notes.
print(want.notes[#want.notes]) --> few clusters: town has 4…
-- Bug: method="liml" without instruments was ignored.
ols(ser ~ gdp, method="liml") --> error: no instruments
-- Bug: a formula without an outcome said "no rows to estimate on".
ols(ser) --> error: a formula has an outcome and regressors: y ~ x
ols("ser") --> error: has no outcome
ols(~ser) --> error: has no outcome
-- Bug: names of coefficients had to be typed with the program's own blanks.
s = ols(ser ~ log(gdp+2))
print(s:test("log(gdp+2)=0").p == s.p["log(gdp + 2)"], s.coef["log(gdp+2)"] == s.coef[1]) --> true	true
print(s:lincom("2*log( gdp+2 ) + _cons").estimate == 2*s.coef[1] + s.coef._cons) --> true
-- Bug: numbers as levels of fixed effects gave nil.
e = feols(ser ~ gdp, fe=town+year):fe()
print(e.year[2012] == e.year["2012"], e.town[1] == e.town["1"]) --> true	true
print(e.year[2020]) --> error: no level
-- explain(m): the formulas with this result's numbers.
text = explain(want)
print(text:find("c1 = (N - 1)/(N - K) = 15/14 = 1.07143", 1, true) ~= nil) --> true
print(text:find("c2 = G/(G - 1) = 4/3 = 1.33333", 1, true) ~= nil) --> true
print(text:find("ser = b1*gdp + a[town] + u", 1, true) ~= nil) --> true
print(text:find("t with 3 degrees of freedom (G - 1)", 1, true) ~= nil) --> true
print(explain(ols(ser ~ gdp)):find("s^2 = RSS/(N - K)", 1, true) ~= nil) --> true
print(explain(ols(ser ~ 1 | gdp ~ D)):find("2SLS", 1, true) ~= nil) --> true
explain(3) --> error: takes a result
-- json: counts are whole numbers.
print(want:json():find('"nobs": 16,', 1, true) ~= nil) --> true
