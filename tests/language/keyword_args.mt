-- f(a, k=v) passes one trailing table; its order is kept for commands, and a plain function sees a plain table.
local function show(a, o) print(a, o and o.k, o and o.j) end
show(1, k=2, j=3) --> 1	2	3
show(1, j="x") --> 1	nil	x
show(k=5) --> table: …
show(1) --> 1	nil	nil
local function keys(o) local n = 0; for _ in pairs(o) do n = n + 1 end; return n end
print(keys(a=1, b=2, c=3)) --> 3
print(keys(if=1, end=2, function=3)) --> 3
print((function(o) return o["if"] end)(if="yes")) --> yes
show(1 == 1, k=2 == 2) --> true	true	nil
show(1, k=function() local x = 1; return x end) --> 1	function: …
print(#{n=1, 2, 3}) --> 2
print(({k=7}).k) --> 7
local obj = {name="o"}
function obj:method(o) return self.name .. o.k end
print(obj:method(k=4)) --> o4
print(obj:method{k=5}) --> o5
show(1,
     k=2,      -- a comment in between
     j=3) --> 1	2	3
print(select("#", (function(...) return ... end)(1, nil, k=3))) --> 3
show(2, 1, k=1, 2) --> error: positional argument after a keyword
show(k=1, k=2) --> error: 'k'
