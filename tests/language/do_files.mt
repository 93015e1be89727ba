-- What do-files write: subscripts, quantiles, estadd, cells(), coefplot, estat, return list, graph export.
use(frame{ y = {1, 3, 2, 5, 4, 8, 6, 9, 7, 12, 9, 14}, x = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, g = {1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3},
           id = {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4}, t = {3, 1, 2, 1, 2, 3, 1, 2, 3, 1, 2, 3}, z = {2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11},
           d = {0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1}, s = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"} })

-- x[_n-1] is the row before, within by; outside there is none
gen before = x[_n-1]
print(data().before[1], data().before[5]) --> nil	4
by id (t): gen change = y - y[_n-1]
quietly list t y change in 1/3, noobs
print(data().change[2], data().change[3]) --> -1	-1
by id: gen last = y[_N]
by id: gen word = s[1]
print(data().last[1], data().word[2], data().word[4]) --> 1	b	d
gen far = y[40]
print(data().far[1]) --> nil
gen b = nth(x) --> error: 'nth' takes 2 arguments, not 1

xtile q = x, nq(4)
print(data().q[1], data().q[3], data().q[12]) --> 1	1	4
xtile h = x if g < 3, nq(2) by(g)
xtile w = x, nq(1) --> error: nquantiles is a whole number from 2
xtile w = x [aw=y], nq(2) --> error: weights are not supported

-- collapse keeps the order of the statement
preserve
quietly collapse (mean) zz=y aa=x (sd) mm=y, by(g)
print(table.concat(data():names(), " ")) --> g zz aa mm
restore

-- capture noisily shows the error, capture does not
capture gen a = nosuch
print(_rc) --> 111

-- names of coefficients as Stata writes them
quietly reg y c.x##i.g
local fit = last_estimate()
local tmp = os.tmpname()
local function near(a, b) print(math.abs(a - b) <= 1e-9 * math.max(1, math.abs(b))) end
quietly lincom x + 2.g#c.x
near(fit:lincom("x + x:i.g::2").estimate, last_estimate():lincom("x + x:i.g::2").estimate) --> true
quietly testparm i.g#c.x
quietly testparm i(2/3).g
testparm i(7/9).g --> error: no coefficient matches 'i(7/9).g'
quietly ereturn list
quietly nlcom (slope: _b[x] + 0*_b[2.g])
print(nlcom("_b[x]", { name = "slope" }).estimate == fit.coef.x) --> true

-- estadd and esttab
eststo clear
quietly eststo m1: reg y x
estadd local city "Yes"
estadd scalar extra = 2.5
estadd local city "No" --> error: 'city' is there already
quietly eststo m2: reg y x z
estadd local city "No": m2
estadd matrix v = 1 --> error: estadd matrix is not supported
quietly esttab m1 m2, cells(b(star fmt(3)) se(par fmt(2))) s(N city extra, fmt(0 0 1)) nogap nonumber
esttab m1 m2, cells(b se t) --> error: several statistics below the estimates
esttab m1 m2, cells(b beta) --> error: cells(beta) is not supported
esttab m1 m2, stats(N nosuch) --> error: no statistic 'nosuch'
quietly outreg2 using "{=tmp}.doc", replace word dec(3) ctitle(OLS)
quietly outreg2 [m1 m2] using "{=tmp}.doc", append
outreg2 using "{=tmp}.doc", replace excel --> error: are two formats
outreg2 using "{=tmp}.doc", replace sum --> error: outreg2: sum is not supported

-- coefplot of several estimates; its figure goes to several files, of any size
quietly coefplot m1 (m2, label(Two)), keep(x z) vertical yline(0) xline(1.5) levels(90) recast(connected) coeflabels(x = "X")
quietly graph export "{=tmp}.svg", replace width(400)
quietly graph export "{=tmp}.png", replace width(600) height(300)
local file = io.open(tmp .. ".png", "rb")
print(string.unpack(">I4I4", file:read(24):sub(17))) --> 600	300	9
file:close()
graph export "{=tmp}.png", replace as(pdf) --> error: are two formats
graph export "{=tmp}.pdf", replace width(1200) --> error: between 1 and 40 inches
graph export "{=tmp}.png", replace quality(3) --> error: unknown option 'quality'
coefplot m1, keep(nosuch) --> error: keep(nosuch) matches no coefficient
coefplot m1, levels(95 90) --> error: several levels are not supported
coefplot m1, omitted --> error: omitted is not supported
coefplot m9 --> error: no estimate is stored as 'm9'
merge 1:1 id using "x.dta", nolabel --> error: merge: nolabel is not supported

-- diagnostics, and tests of instruments
quietly reg y x z
quietly estat vif
quietly estat ovtest
estat hettest --> error: estat hettest on fitted values is not supported
quietly estat hettest, rhs
quietly estat ic
estat overid --> error: the last estimate has no such test
quietly ivregress 2sls y (x = z g d)
quietly estat overid
quietly estat firststage
quietly didregress (y x) (d), group(id) time(t)
print(last_estimate().coef.d == feols("y ~ d + x | id + t").coef.d) --> true
didregress y d --> error: didregress takes (outcome covariates) (treatment)

-- after logit predict gives probabilities
quietly logit d x
predict p
predict index, xb
near(data().p[1], 1 / (1 + math.exp(-data().index[1]))) --> true
quietly reg y x
predict p2, pr --> error: 'reg' predicts no probability
binscatter ser lngdp --> error: binscatter is not supported
for _, ending in ipairs { "", ".svg", ".png", ".doc" } do os.remove(tmp .. ending) end
-- `return list` is a statement where `list` is the command, also in a block, and what follows it runs; e() has Stata's names.
use "../../examples/pilot_zones/data/ydr_cities.csv"
count if did == 1 --> 56
return list -->                   r(N) = 56
quietly summarize ser
display r(N) " " %6.4f r(mean) --> 410 0.9878
quietly reg ser did
quietly ereturn list
display e(N) " " e(df_m) " " e(df_r) " " %7.3f e(ll) " " %6.4f e(r2_a) --> 410 1 408 -77.844 0.2332
