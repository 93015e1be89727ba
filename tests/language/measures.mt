-- Measures: columns and reports, names, where=, by=, and what they refuse.
f = frame{ city = {"a", "b", "c", "a", "b", "c"}, year = {2001, 2001, 2001, 2002, 2002, 2002}, x = {1, 2, 3, 2, 2, 2},
           y1 = {1, 2, 0, 4, 5, 6}, y2 = {4, 4, 5, 5, 6, 0}, y3 = {5, 4, 5, 1, 1, 2}, l1 = {2, 2, 2, 2, 2, 2}, k = {7, 7, 7, 7, 7, 7},
           bad = {1, -2, 3, 4, 5, 6}, zero = {0, 0, 0, 0, 0, 0}, hole = {1, 0/0, 3, 4, 5, 6}, name_ = {"u", "v", "w", "u", "v", "w"} }
-- reports: named numbers
print(gini(x, where="year == 2002", data=f).gini) --> 0.0
print(string.format("%.6f", gini(x, where="year == 2001", data=f).gini)) --> 0.222222
local g = gini(x, by=year, data=f)
print(#g, string.format("%.6f", g["2001"].gini), g["2002"].n) --> 2	0.222222	3
print(g.frame.year:values()[2]) --> 2002
print(gini(hole, data=f).n) --> 5
print(gini("x * 2", data=f).mean) --> 4.0
-- name= writes the group's number on its rows
local named = gini(x, by=year, name="g", data=f)
print(string.format("%.4f %.4f", f.g:values()[1], f.g:values()[6])) --> 0.2222 0.0000
gini(x, by=year, name="g", data=f) --> error: gini: there is already a column 'g'
local again = gini(x, name="g", replace=true, where="year == 2001", data=f)
print(string.format("%.4f %.4f", f.g:values()[1], f.g:values()[6])) --> 0.2222 0.0000
-- rows
local u = upgrading(y1, y2, y3, data=f)
print(u.upgrading.n, f.upgrading:values()[1]) --> 6	2.4
local r = upgrading(y1, y2, y3, form="ratio", name="ser", where="year == 2002", data=f)
print(f.ser:values()[4], f.ser:values()[1], f.ser:values()[6]) --> 0.2	nan	nan
-- mistakes
gini(bad, data=f) --> error: bad is negative: -2 in row 2
gini(zero, data=f) --> error: sum to zero
gini(name_, data=f) --> error: text
gini(x, by=yaer, data=f) --> error: unknown name 'yaer'
gini(x, by="yaer", data=f) --> error: no column 'yaer'
gini(x, see="jackknife", data=f) --> error: unknown option 'see'; did you mean 'se'?
gini(x, se="jacknife", data=f) --> error: did you mean "jackknife"?
gini(x, weights=fw(y2 / 3), data=f) --> error: frequency weights must be whole numbers
gini(x, weights=aw(bad), data=f) --> error: a weight is negative
gini(x, groups=city, se="jackknife", data=f) --> error: has no standard error
gini(x, where="year == 1999", data=f) --> error: no row fulfils year == 1999
theil(bad, data=f) --> error: bad is negative
atkinson(x, epsilon=-1, data=f) --> error: option 'epsilon' must be between
percentile_ratio(x, ratios="90-10", data=f) --> error: '90-10' is no ratio of percentiles
cr(x, n=0, data=f) --> error: whole numbers of units from 1 on, not 0
top_share(x, top=120, data=f) --> error: percents above 0 up to 100, not 120
hhi(zero, data=f) --> error: sum to zero
ellison_glaeser(x, region=city, data=f) --> error: option 'industry' is missing
upgrading(y1, data=f) --> error: needs two sectors or more
upgrading(y1, bad, name="again", data=f) --> error: 'bad' is negative: -2 in row 2
upgrading(y1, y2, name="x", data=f) --> error: there is already a column 'x'
rationalisation(y1, y2, data=f) --> error: option 'employment' is missing
rationalisation(y1, y2, employment={l1}, data=f) --> error: 2 sectors of output, but 1 of employment
lq(y1, data=f) --> error: one column alone has no structure
lq(y1, region=city, data=f) --> error: long data need both region= and industry=
entropy_index(x, data=f) --> error: two indicators or more
entropy_index(x, k, data=f) --> error: indicator 'k' has the same value in every row
entropy_index(x, x, data=f) --> error: indicator 'x' is given twice
entropy_index(y1, y3, shift=-1, data=f) --> error: option 'shift' must be between 0 and 1
topsis(y1, y2, importance={1, 2, 3}, data=f) --> error: 2 indicators, but 3 numbers in importance=
topsis(y1, y2, importance={1, 2}, scheme="equal", data=f) --> error: give one of them
topsis(y1, zero, scheme="equal", data=f) --> error: indicator 'zero' is zero in every row
pca_index(y1, y2, components=3, data=f) --> error: 2 indicators have no 3 components
coupling(y1, data=f) --> error: coupling needs two systems or more
coupling(y1, y2, scale="none", data=f) --> error: system 'y1' is 2 in row 2
coupling(y1, k, data=f) --> error: system 'k' has the same value in every row
coupling(y1, y2, exponent=3, data=f) --> error: exponent= belongs to form="power"
sigma_convergence(x, data=f) --> error: the time is not known
sigma_convergence(x, time=year, data=f) --> error: a trend needs three periods
beta_convergence(x, data=f) --> error: the units and their time are not known
beta_convergence(y1, unit=city, time=year, data=f) --> error: y1 is zero in row 3
log_t(x, unit=city, time=year, data=f) --> error: the log t regression needs three
tabstat(x, stats="maen", data=f) --> error: no statistic 'maen'
balance(x, by=city, data=f) --> error: city has 3 groups; balance compares two
balance(x, data=f) --> error: option 'by' is missing
