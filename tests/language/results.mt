-- Results: fields, methods, tests.
use "towns.csv"
m = ols(ser ~ gdp + treat)
print(m.nobs, m.rank, m.depvar) --> 16	3	ser
for name in pairs(m.coef) do io.write(name, " ") end print() --> gdp treat _cons
print(m.coef.gdp == m.coef[1], #m.coef) --> true	3
print(math.abs(m.t.gdp - m.coef.gdp/m.se.gdp) < 1e-12) --> true
print(math.abs(m.vcov.gdp.gdp - m.se.gdp^2) < 1e-15) --> true
print(m.p.gdp > 0 and m.p.gdp < 1, m.r2 > 0) --> true	true
print(math.abs(m:test("gdp").statistic - m.t.gdp^2) < 1e-9) --> true
print(m:test("gdp = 0", "treat = 0").df1) --> 2
print(math.abs(m:lincom("gdp + treat").estimate - m.coef.gdp - m.coef.treat) < 1e-12) --> true
print(m:confint(level=0.9).gdp.low < m.coef.gdp) --> true
r = m:vcov_as("hetero")
print(r.coef.gdp == m.coef.gdp, r.se.gdp ~= m.se.gdp) --> true	true
print(#m:residuals(), #m:fitted()) --> 16	16
print(math.abs(m:residuals()[1] + m:fitted()[1] - 1.5) < 1e-12) --> true
f = feols(ser ~ treat:post, fe="town + year", where="year >= 2012")
print(f.nobs, f.coef["treat:post"] ~= nil) --> 12	true
print(m.call) --> ols(ser ~ gdp + treat)
print(m:json():sub(1, 1)) --> {
print(m.coef.gpd) --> error: no coefficient 'gpd'
print(m.nob) --> error: did you mean 'nobs'?
m:sumary() --> error: did you mean 'summary'?
m.summary() --> error: called with a colon
m:test("gpd = 0") --> error: gpd
m:confint(level=2) --> error: option 'level' must be between
m.nobs = 3 --> error: cannot be changed
m:vcov_as("cluster twon") --> error: twon
-- level= is that of every interval the result shows, unless another is asked for.
narrow = ols(ser ~ gdp + treat, level=0.8)
print(narrow:summary():find("80%% interval") ~= nil, narrow:summary(level=0.9):find("90%% interval") ~= nil) --> true	true
print(narrow:confint().gdp.high < m:confint().gdp.high, narrow:confint(level=0.95).gdp.high == m:confint().gdp.high) --> true	true
print(narrow:lincom("gdp").high == narrow:confint().gdp.high) --> true
