-- A .lua file is plain Lua: nothing is translated, a missing global is nil.
print(undefined_name) --> nil
print(type(undefined_name)) --> nil
x = 5
print(x, _G.x) --> 5	5
print(7 // 2, 7 % 3, 2^10, 7 ~ 2, ~0) --> 3	1	1024.0	5	-1
print(1 << 4, 256 >> 4, 6 & 3, 6 | 3) --> 16	16	2	7
print("a" .. "b" .. 1) --> ab1
print(#"four", #{1, 2, 3}) --> 4	3
goto done
print("skipped")
::done::
local t <const> = 5
print(t) --> 5
print(pcall(error, "x")) --> false	x
print(select(2, pcall(error, {code = 3})).code) --> 3
print(string.format("%5.2f|%-4s|", 3.14159, "ab")) -->  3.14|ab  |
for i = 1, 3 do io.write(i, " ") end print() --> 1 2 3
print(tostring(nil), tostring(true)) --> nil	true
local mt = setmetatable({}, {__index = function(_, k) return k .. "!" end, __call = function(_, a) return a end})
print(mt.hello, mt(4)) --> hello!	4
print(pcall(function() return 1 + {} end)) --> false	…
local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1); return b * 2 end)
print(co(1), co(10)) --> 2	20
print(math.type(1), math.type(1.0), math.maxinteger) --> integer	float	9223372036854775807
print(table.concat({1, 2, 3}, ","), table.unpack({1, 2})) --> 1,2,3	1	2
print(load("return 1 + 1")()) --> 2
print(string.rep("ab", 3), ("x"):upper()) --> ababab	X
print(next({}), rawlen({1, 2}), rawget({a = 1}, "a")) --> nil	2	1
print(getmetatable("").__index == string) --> true
print(xpcall(function() error("boom", 0) end, function(m) return "handled " .. m end)) --> false	handled boom
print(os.time{year=2020, month=1, day=1, hour=12} > 0) --> true
nosuch.field = 1 --> error: attempt to index a nil value (global 'nosuch')
print(1 < "2") --> error: attempt to compare number with string
error("stop here") --> error: stop here
error({code = 1}) --> error: (error object is a table value)
local a = nil .. "x" --> error: attempt to concatenate a nil value
