-- Several regressions in one formula, as fixest: outcomes {y1, y2} or c(y1, y2), steps sw, sw0, csw, csw0.
use "towns.csv"
ms = feols({ser, gdp} ~ treat)
print(#ms, ms[1].depvar, ms[2].depvar) --> 2	ser	gdp
cs = ols("c(ser, gdp) ~ treat")
print(cs[2].formula) --> gdp ~ treat
print(cs[2].coef.treat == ms[2].coef.treat) --> true
steps = ols(ser ~ treat + csw0(gdp, D))
print(#steps, steps[1].formula, steps[2].formula, steps[3].formula) --> 3	ser ~ treat	ser ~ treat + gdp	ser ~ treat + gdp + D
print(#ols(ser ~ sw(gdp, D)), ols(ser ~ sw(gdp, D))[2].formula) --> 2	ser ~ D
print(ols(ser ~ sw0(gdp))[1].formula) --> ser ~ 1
print(#feols({ser, gdp} ~ csw(treat, D), fe=sw(town, year))) --> 8
print(feols(ser ~ D | csw(town, year))[2].formula) --> ser ~ D | town + year
print(etable(steps) ~= nil, etable(ms[1], ms[2]) ~= nil) --> true	true
one = ols(ser ~ csw(gdp))
print(one.formula) --> ser ~ gdp
ols(ser ~ gdp:sw(treat, D)) --> error: steps inside
ols(ser ~ csw0()) --> error: 'csw0' needs an argument
-- Bug: | fe and fe= together printed as two bars, which the parser refuses.
both = feols(ser ~ gdp | town, fe=year)
print(both.formula) --> ser ~ gdp | town + year
print(feols(both.formula).formula == both.formula) --> true
print(feols(ser ~ 1 | gdp ~ D, fe=town).formula) --> ser ~ 1 | town | gdp ~ D
-- i(…, bin=): levels that share a coefficient.
b = ols(ser ~ i(year, bin={2012, 2013}))
for name in pairs(b.coef) do io.write(name, " ") end print() --> i(year)::2012 i(year)::2014 _cons
gen(middle = "year == 2012 or year == 2013", last = "year == 2014")
direct = ols(ser ~ middle + last)
print(math.abs(b.coef[1] - direct.coef.middle) < 1e-12, math.abs(b.rss - direct.rss) < 1e-12) --> true	true
b2 = ols(ser ~ i(year, bin=2))
for name in pairs(b2.coef) do io.write(name, " ") end print() --> i(year)::2013-2014 _cons
b3 = ols("ser ~ i(year, bin='bin::2')")
print(b3.rss == b2.rss) --> true
b4 = ols(ser ~ i(year, bin={early={2011, 2012}, late={2013, 2014}}, ref="late"))
print(b4.names[1], math.abs(b4.coef[1] + b2.coef[1]) < 1e-12) --> i(year)::early	true
print(ols(b4.formula).names[1]) --> i(year)::early
b5 = ols(ser ~ i(type, bin={{"a", "b"}}))
for name in pairs(b5.coef) do io.write(name, " ") end print() --> i(type)::c _cons
ols(ser ~ i(year, bin={2012, 2019})) --> error: 2019
ols(ser ~ i(year, bin={{2011, 2012}, {2012, 2013}})) --> error: two bins
