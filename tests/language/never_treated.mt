-- cohorts that stand for "never": 10000 in yearly data of ten years
d = frame{ id = {1,1,1,2,2,2,3,3,3}, t = {1,2,3,1,2,3,1,2,3}, first = {2,2,2,9999,9999,9999,3,3,3}, y = {1,4,6,2,2.5,3.5,1,1.5,5} }
use(d)
panel(id, t) --> panel: id × t, 3 units, 3 periods (1 to 3, step 1), 9 rows
--> balanced
m = event_study(y ~ 1, cohort=first, fe=id + t)
print(table.concat(m.names, " ")) --> event::-2 event::0 event::1
print(table.concat(m.notes, "|"):find("first 9999 lies far beyond the last period: never treated", 1, true) ~= nil) --> true
-- values and symbols
gen(z = y - ols(y ~ t):predict()) --> error: a column's name and values that were taken out of the data do not mix
gen(odd = t % 2) --> error: gen(odd = "x % 2")
gen(odd = "t % 2")
print(data().odd[3]) --> 1
