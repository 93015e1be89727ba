-- Every statement of Lua 5.4, and the ways one can end and the next begin.
local a, b, c = 1, 2
assert(a == 1 and b == 2 and c == nil)
local x <const>, y <close> = 5, nil
local z<const> = 6
assert(x + z == 11 and y == nil)
a, b = b, a
a = a b = b
assert(a == 2 and b == 1)
local t = {f = {g = {}}, [1] = 10}
t.f.g.h, t[1], t["k"] = 1, 2, 3
assert(t.f.g.h == 1 and t[1] == 2 and t.k == 3); t.k = nil;

do local inner = 1; assert(inner == 1) end
do end
while a > 0 do a = a - 1 if a == 1 then break end end
assert(a == 1)
repeat local stop = a; a = a + 1 until stop > 3
assert(a == 5)
if a == 1 then error"no" elseif a == 2 then error("no") elseif a == 5 then a = 6 else error "no" end
if a == 6 then end
if not (a == 5) then a = 7 else end
assert(a == 7)

local sum = 0
for i = 1, 3 do sum = sum + i end
for i = 3, 1, -1 do sum = sum + i end
for i = 1, (function() return 2 end)() do sum = sum + i end
for k, v in pairs({p = 1, q = 2}) do sum = sum + v end
for k, v in next, {1, 2} do sum = sum + k * v end
for _ in ipairs {1} do sum = sum + 1 end
assert(sum == 24)

do
  local i = 0
  ::top:: i = i + 1
  if i < 3 then goto top end
  assert(i == 3)
  for j = 1, 3 do
    for k = 1, 3 do
      if k == 2 then goto continue end
      sum = sum + 1
      ::continue::
    end
  end
  goto done
  ::done::
end
:: last ::
assert(sum == 30)

-- Two statements on a line, with nothing between.
local function f(...) return ... end
local log = {}
local function note(v) log[#log + 1] = v return note end
note(1) note(2) local u = f(3) note(u) u = 4 note(u)
note(f(5))(6)
(note)(7);
(function(v) note(v) end)(8)
local g = note
(9)
u = nil (note or f)(10)
u = "s" (note)(11)
u = {} (note)(12)
u = 3 (note)(13)
u = function() end (note)(14)
u = true (note)(15) u = ... (note)(16)
note"17" note{18}
note [[19]]
assert(#log == 20 and log[7] == note and log[18] == "17" and log[19][1] == 18 and log[20] == "19")

function globalfn(p) return p end
function t.f.g.deep(p) return p end
function t.f.g:method(p) return self, p end
local function recursive(n) if n == 0 then return 0 end return recursive(n - 1) end
assert(globalfn(1) == 1 and t.f.g.deep(2) == 2 and select(2, t.f.g:method(3)) == 3 and recursive(5) == 0)

local function ends(n)
  if n == 1 then return end
  if n == 2 then return; end
  if n == 3 then return 1, 2 end
  while true do return n end
end
assert(ends(1) == nil and ends(2) == nil and select("#", ends(3)) == 2 and ends(4) == 4)
local function semicolon() return 1; end
local function call() return semicolon() end
local function chain() return ("x"):rep(2):upper() end
assert(call() == 1 and chain() == "XX")
return
