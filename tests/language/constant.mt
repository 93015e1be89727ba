-- Bug: with a full set of dummies the constant was dropped and all dummies stayed, so that F was that of a model without
-- a constant beside a centred R2. R, Stata and fixest keep the constant and drop the last dummy.
use "towns.csv"
gen(d1 = "town == 1", d2 = "town == 2", d3 = "town == 3", d4 = "town == 4")
m = ols(ser ~ d1 + d2 + d3 + d4)
for name in pairs(m.coef) do io.write(name, " ") end print() --> d1 d2 d3 _cons
print(m.collinear[1], m.F_df1) --> d4	3
same = ols(ser ~ i.town)
print(math.abs(m.F - same.F) < 1e-9, math.abs(m.r2 - same.r2) < 1e-12) --> true	true
gen(one = 3)
k = ols(ser ~ one + gdp)
print(k.notes[1]) --> the same in every row, dropped: one
for name in pairs(k.coef) do io.write(name, " ") end print() --> gdp _cons
-- With instruments, too.
iv = ols(ser ~ d1 + d2 + d3 + d4 | gdp ~ D)
for name in pairs(iv.coef) do io.write(name, " ") end print() --> gdp d1 d2 d3 _cons
