-- Calls in every spelling, and the tokens that the dialect also uses: = , : # inside argument lists.
local function f(...) return ... end
local function count(...) return select("#", ...) end
local x, y, k, v = 1, 2, 3, 4

-- '=' inside an argument belongs to a function body or a table.
assert(f(function() x = 10 end) ~= nil and x == 1)
f(function() k = v; local w = 5; for i = 1, 2 do k = i end end)()
assert(k == 2)
assert(f({k = v, [k] = v, if_ = 1}).k == 4)
assert(f{k = v}.k == 4 and f{a = 1, b = {c = 2}}.b.c == 2)
assert(f(k == v) == false and f(k == 2, k ~= 2, k <= 2, k >= 2) == true)
assert(f((k) == (2)) and f(not (k == v)))
assert(count(function(a, b) a = b return a end, {a = 1; b = 2}, k == 1) == 3)
assert(f(function()
  local function g(a) a = a or 1 return a end
  while false do k = 1 end
  repeat k = 9 until k == 9
  if k == 9 then k = 10 elseif k == 11 then k = 12 else k = 13 end
  return g()
end)() == 1 and k == 10)

-- Method calls.
local s = "abc"
assert(s:upper() == "ABC" and s:rep(2):len() == 6 and ("x"):rep(3) == "xxx")
assert(s:find"b" == 2 and s:gsub("b", {b = "c"}) == "acc" and s:byte(1) == 97)
assert(s:find [[c]] == 3)
assert(s :upper() == "ABC" and s: upper() == "ABC" and s : upper () == "ABC")
assert(s:
  upper
  () == "ABC")
assert(s
  :upper()
  :lower() == "abc")
local o = {n = 0, sub = {}}
function o:add(i) self.n = self.n + (i or 1) return self end
function o.sub:get(t) return t[1] or t end
function o.sub.deep(a) return function(b) return {a = a, b = b} end end
o:add():add(2)
assert(o.n == 3 and o.sub:get{7} == 7 and o.sub:get"s" == "s" and o["sub"]:get{8} == 8)
assert((o):add(1).n == 4 and (o or s):add(1).n == 5 and ({o})[1]:add(1).n == 6)
assert(o.sub.deep(1)(2).b == 2 and o.sub.deep"x"{3}.b[1] == 3)
assert(f(f)(f)(f)(1) == 1 and f{1}[1] == 1 and f"x":upper() == "X" and f[[x]]:rep(2) == "xx")
assert(o:add(
  1,
  2
).n == 7)

-- Indices, groups, varargs.
local t = {{1, 2}, {3, 4, k = {5}}, f = f}
assert(t[2].k[1] == 5 and t[#t][#t[2]] == 4 and t[f(1)][f(2)] == 2 and t.f(1) == 1 and t["f"](2) == 2)
assert((f(1, 2)) == 1 and count((f(1, 2))) == 1 and count(f(1, 2)) == 2 and count(f(1, 2), 3) == 2)
assert(count() == 0 and count(nil) == 1 and count(f()) == 0 and count(nil, nil) == 2)
local function va(...) local a, b = ... return {...}, #{...}, (...), select('#', ...) end
assert(select(2, va(1, 2, 3)) == 3 and #{va(1)} == 4)
local e = {f(), f(1), nil, f(1, 2)}
assert(e[2] == 1 and e[4] == 1 and e[5] == 2)

-- Tables.
local u = {1, 2, x = 1, ["y"] = 2, [3] = 3, [f(4)] = f(4), [#"12345"] = 5; "three", function() return 6 end,}
assert(u[3] == "three" and u.x + u.y == 3 and u[5] == 5 and u[4]() == 6)
assert(#{{}, {{}}, {[{}] = {}}} == 3 and next({}) == nil)
local call_in_table = {f(1), f{2}, f"3", s:upper(), s:upper(), n = s:len()}
assert(#call_in_table == 5 and call_in_table.n == 3)

-- Functions as values.
local id = function(...) return ... end
assert(id(function(a) return a end)(3) == 3 and (function(a, ...) return ... end)(1, 2) == 2)
assert((function() return function() return function() return "deep" end end end)()()() == "deep")
local sorted = {3, 1, 2}
table.sort(sorted, function(a, b) return a > b end)
assert(table.concat(sorted, ",") == "3,2,1")
assert(pcall(error, {code = 2}) == false and select(2, pcall(error, {code = 2})).code == 2)
local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return b * 2 end)
assert(co(1) == 2 and co(5) == 10)
assert(#string.format("%5.2f|%-5s|%q", 3.14159, "ab", "q\n") > 0)
