-- Names of Lua's functions and libraries are columns where a frame has them, and stay themselves otherwise.
use "scores.csv"
print(math ~ string + type) --> math ~ string + type
print(math.floor(2.5), string.rep("x", 2), type(1)) --> 2	xx	number
m = ols(math ~ string + table)
print(m.depvar, m.coef.string ~= nil, m.coef.table ~= nil) --> math	true	true
print(L.math, c.string, i.type) --> L.math	c.string	i.type
print(log(math)) --> log(math)
print(next ~ math) --> next ~ math
print(select:i(type)) --> select:i(type)
print(table.concat({1, 2}, "-")) --> 1-2
for k in pairs({a = 1}) do print(k) end --> a
print(os + math) --> error: no open frame has a column called 'os'
print(math > 3) --> error: write print "math > 3"
