-- and, or, not, if and == asked a symbol for its truth, which is always true, and one operand was taken for the whole:
-- keep(treat and post) kept by post. Names of columns there are errors; logic of variables is Lua's.
use(frame{ id={1,1,2,2}, t={1,2,1,2}, y={1,2,1,4}, d={0,1,0,0}, x={0,0,1,1} })
panel(id, t) --> …
-- the second line --> balanced
keep(d and x) --> error: 'and' cannot join columns: Lua would take one of the two for the whole
keep(d or x) --> error: 'or' cannot join columns: Lua would take one of the two for the whole
keep(not d) --> error: 'not' cannot join columns: Lua would take 'not d' as false
gen(z = d or x) --> error: 'or' cannot join columns
keep(y + d and x) --> error: 'and' cannot join columns
keep((y + d) and x) --> error: 'and' cannot join columns
keep(L.d and x) --> error: 'and' cannot join columns
summarize(y, where = d == 1 and x == 1) --> error: columns are compared in strings, not with symbols
keep(y > 1 and d) --> error: columns are compared in strings, not with symbols
if d == 1 then print "never" end --> error: columns are compared in strings, not with symbols
if d then print "never" end --> error: 'd' is a column, and a column is neither true nor false
ok, e = pcall(function() keep(d and x) end)
print(e.hints[1]) --> write keep "d and x"
ok, e = pcall(function() summarize(y, where = d or x) end)
print(e.hints[1]) --> write "d or x"
print(summarize(y, where="d | x").y.N, summarize(y, where="not d").y.N) --> 3	3
-- '|' is the loosest of the operators of conditions
print(summarize(y, where="d == 1 | x == 1 & y == 4").y.N, summarize(y, where="!(d | x)").y.N) --> 2	1
keep "d == 1 | x == 1"
print(#data()) --> 3
-- what is no column: Lua's own
local opts
print(opts and opts.x, opts or 3, not opts, nil and d, false or "a") --> nil	3	true	nil	a
function pick(c, e) return c and e or x end
print(pick(true, 1), pick(false, 1), pick(nil)) --> 1	x	x
controls = opts or x
print(controls, opts == nil and d or x) --> x	d
print(d == nil, x ~= nil) --> false	true
local d = 5
if d == 5 and d then print(not d, d or 1) end --> false	5
