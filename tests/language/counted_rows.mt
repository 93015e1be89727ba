-- where= says which rows a statistic counts, as in egen; elsewhere which rows are filled.
use "towns.csv"
gen(a = mean(ser), where="treat == 1")
egen(b = mean(ser), where="treat == 1")
print(data().a[16] == data().b[16], data().a[1] ~= data().a[1]) --> true	true
gen(c = mean(ser), where="treat == 1", by=town)
egen(d = mean(ser), where="treat == 1", by=town)
print(math.abs(data().c[16] - data().d[16]) < 1e-12) --> true
replace(ser = ser - mean(ser), where="treat == 1")
print(math.abs(summarize(ser, where="treat == 1").ser.mean) < 1e-12) --> true
gen(l = L.ser + mean(ser), where="treat == 1") --> error: make the lag a column first
-- A date is compared with a date in quotes.
f = frame{ day = {"2020-01-31", "2020-02-01", "2020-03-01"}, x = {1, 2, 3} }
use(f)
gen(when = date(day, "ymd"))
keep "when > 2020-02-01" --> error: dates stand in quotes
keep "when > 2020" --> error: the year alone is year(when)
keep "when > '2020-01-31'"
print(#data()) --> 2
-- Negative weights are no slip to pass over.
reg(x ~ 1, weights=aw(x - 3)) --> error: the weight x - 3 is negative in row 1: -1
