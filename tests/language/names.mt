-- Local, global, command, column, error.
use "towns.csv"
print(ser) --> ser
print(gdp + 1) --> gdp + 1
print(_G.ser, _G.no_such_thing) --> nil	nil
local year = 3
print(year) --> 3
print(col.year) --> year
print(col"year") --> year
for gdp = 1, 2 do io.write(tostring(gdp), " ") end print() --> 1 2
print(ser ~ type) --> ser ~ type
print(type(ser)) --> userdata
print(ser ~ D + D.gdp) --> ser ~ D + D.gdp
print(c.D, i.type, L.gdp, L2.gdp, F.gdp) --> c.D	i.type	L.gdp	L2.gdp	F.gdp
do local D = 7; print(D) end --> 7
print(rawequal(version, version)) --> true
post = 1 --> warning: the variable 'post' now hides the column of that name; col.post is still the column
post = 2
print(post, col.post) --> 2	post
post = nil
print(post) --> post
fresh = 4
print(fresh, _G.fresh) --> 4	4
local function f() return fresh end
print(f()) --> 4
print(sre) --> error: unknown name 'sre'
print(sre) --> error: did you mean 'ser'?
print(verison()) --> error: did you mean 'version'?
gdq = gdp + gpd --> error: did you mean 'gdp'?
print(ser.gdp) --> error: 'ser' is a column symbol
ser(1) --> error: 'ser' is a column, not a function
