-- Names with points and blanks, operators one after the other, several slopes, and what hides a prefix.
use(frame{ id={1,1,1,2,2,2,3,3,3}, t={1,2,3,1,2,3,1,2,3}, y={1,2,4,3,1,5,2,6,1}, x={2,1,4,1,3,2,5,1,1}, ["first.d"]={0,1,0,1,0,0,1,1,0}, ["a b"]={1,5,2,2,3,1,4,1,2} })
panel(id, t) --> …
-- the second line --> balanced
reg(y ~ first.d) --> error: written col"first.d"
ok, e = pcall(function() return y ~ first.d end)
print(e.hints[1]) --> a column whose name holds a point is written col"first.d"
print(reg(y ~ col"first.d").names[1], reg("y ~ first.d").names[1]) --> first.d	first.d
print(y ~ L.D.x + F.L2.x) --> y ~ L.D.x + F.L2.x
gen(a = L.D.x)
gen(b = "L.D.x")
print(data().a[3], data().b[3], data().a[2]) --> -1	-1	nil
print(y ~ x | id[t, x]) --> y ~ x | id[t, x]
print((y ~ x | id[t, x]) ~= nil, y ~ x | id[t]) --> true	y ~ x | id[t]
for i = 1, 1 do reg(y ~ i.id) end --> error: attempt to index a number value (local 'i')
-- c.x is x, as in Stata and fixest
print(reg(y ~ c.x + i.id).names[1], reg("y ~ c.x:i.id").names[1]) --> x	x:i.id::1
-- a coefficient with a blank in its name
m = reg(y ~ col"a b")
print(m.coef["a b"] == m.coef["`a b`"], m.names[1]) --> true	`a b`
m:test("`a b` = 0") --> …
