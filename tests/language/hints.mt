-- What common slips are told.
print(ser) --> error: no data are in use: use "file.csv" makes its columns names
use "towns.csv"
gen(ser = log(gdp)) --> error: replace(ser = …) changes it
gen ser = log(gdp) --> error: replace ser = … changes it
replace(sre = 1) --> error: gen(sre = …) makes it
gen(early = year == 2011) --> error: write "year == 2011"
gen(late = year ~= 2011) --> error: columns are compared in strings, not with symbols
gen(early = year < 2012) --> error: write "year < 2012"
gen("x = log(ser)") --> error: gen(lny = log(y)
gen x log(ser) --> error: gen x = …
gen x == 3 --> error: gen takes NAME = expression, and there is no '='
keep(year = 2011) --> error: a condition is a string: where="year == …"
gen x = 1 if year = 2012 --> error: equality is written '=='
n = 3
gen(same = n == 3)
print(#data()) --> 16
-- Results are read only, field by field.
m = ols(ser ~ gdp)
m.coef = 3 --> error: 'coef' of a result cannot be changed
m.coef.gdp = 3 --> error: coefficient 'gdp' of a result cannot be changed
m.nobs = 3 --> error: 'nobs' of a result cannot be changed
b = m.coef
b.other = 3 --> error: coefficient 'other' of a result cannot be changed
print(m.coef.gdp == b.gdp, #b, b[1] == b.gdp) --> true	2	true
for name, value in pairs(b) do print(name, value == m.coef[name]) end --> gdp	true
--> _cons	true
print(m.names) --> gdp
--> _cons
print(m.cof) --> error: did you mean 'coef'?
-- Columns called as commands, libraries and options are.
s = frame{math={1, 2, 3}, io={2, 4, 7}, data={1, 0, 1}}
use(s)
gen(twice = io)
print(s.twice[3]) --> 7
rename(data = "sample")
print(s.sample[1]) --> 1
drop(io)
-- Expressions and numbers where columns stand.
print(summarize(math^2).table ~= nil) --> true
print(summarize(math^2)["math^2"].mean) --> 4.6666666666667
print(summarize("log(math)")["log(math)"].min) --> 0.0
-- What a slip is taken for.
use "towns.csv"
gen(a1 = 1, b1 = a1 + 1) --> error: symbols are read before the call begins
gen(a1 = 1, b1 = "a1 + 1")
m = ols(ser ~ gdp)
m:summary --> error: a method is called with brackets: m:summary()
reg(ser ~ gdp, , fe=town) --> error: an argument is missing between two commas
confint(m) --> error: 'confint' is a method of results
keep "type == a" --> error: 'a' is a value of type: values that are text stand in quotes, type == 'a'
gen(z = ser[_n-1]) --> error: for another row's value
reg(ser ~ gdp, vcov="cluster(town") --> error: vcov: '(' is never closed
reg(ser ~ gdp, vcov="cluster town)") --> error: vcov: ')' closes nothing
quietly panel town year
reg(ser ~ gdp, vcov="nw 9") --> error: so that lags end at 3
print(fasle) --> error: did you mean 'false'?
qiut --> error: did you mean 'quit'?
gen(人均 = 1)
su 人军 --> error: did you mean '人均'?
panel(town, month) --> error: no column has that name
print(m:confint(level=95).gdp.low == m:confint(level=0.95).gdp.low) --> true
-- Values that stand alone, other languages' signs.
m.nobs --> error: to show a value write print(m.nobs)
x <- 3 --> error: assignment is written with =
# comment --> error: comments begin with --
m:coef() --> error: a field is read with a point, .coef
for v in {1, 2} do end --> error: for _, x in ipairs
reg(ser ~ gdp, ef=town) --> error: did you mean 'fe'?
