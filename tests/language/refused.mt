-- Input that would give a number without meaning is refused by name.
f = frame{ id={1,1,2,2,3,3,4,4}, t={1,2,1,2,1,2,1,2}, g={1,1,1,1,2,2,2,2}, y={1,2,1,4,2,3,1,3}, d={0,1,0,0,0,1,0,0}, k={7,7,7,7,7,7,7,7} }
use(f)
panel(id, t) --> …
-- the second line --> balanced
did(y ~ d, vcov="iid", se="hetero") --> error: 'vcov' and 'se' are two spellings of one option
did(y ~ d, se="iid", vce="hc1") --> error: 'se' and 'vce' are two spellings
reg(k ~ d) --> error: the outcome 'k' is the same in every row of the sample: 7
feols(k ~ d, fe=id) --> error: the outcome 'k' is the same in every row
gen(big = y * 1e200)
reg(y ~ big) --> error: the values of 'big' are too large to be squared: 4e+200
gen(small = y * 1e-200)
reg(small ~ d) --> error: the values of 'small' are too small to be squared
summarize(y, where=1) --> error: '1' is no condition
keep(2015) --> error: '2015' is no condition
print(reg(y ~ 1, where="d").nobs) --> 2
m = did(y ~ d, fe="id + t")
placebo(m, unit=g, reps=9, seed=1) --> error: treatment differs within a g and t
event_study(y ~ 1, cohort=t, window={-1.5, 1}) --> error: window takes whole event times, not -1.5
print(#frame{a=1, b="x"}) --> 1
print(#frame{a=1}, #frame{a=2, b={1, 2, 3}}) --> 1	3
gen(n = _n)
print(n) --> n
gen(_cons = y)
reg(y ~ d + _cons) --> error: a column called '_cons' has the name of the constant
i = 2
reg(y ~ i.id) --> error: the variable 'i' hides the prefix 'i.' of formulas
gen(bad = cond(d == 1, 1, 0)) --> error: columns are compared in strings, not with symbols
reg(y ~ i(d == 1)) --> error: columns are compared in strings, not with symbols
