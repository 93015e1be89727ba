-- Operators of values with metatables, and their precedences: what symbols rely on must be Lua's own.
local function show(op) return function(a, b) return "(" .. tostring(a) .. op .. tostring(b) .. ")" end end
local S = {__add = show "+", __sub = show "-", __mul = show "*", __div = show "/", __pow = show "^",
           __bxor = show "~", __bor = show "|", __band = show "&", __idiv = show "//", __mod = show "%",
           __concat = show "..", __shl = show "<<", __shr = show ">>", __unm = function(a) return "-" .. tostring(a) end,
           __bnot = function(a) return "~" .. tostring(a) end, __len = function() return "len" end,
           __tostring = function(s) return s.name end, __call = function(s, a) return s.name .. "(" .. tostring(a) .. ")" end,
           __eq = function(a, b) return a.name == b.name end, __lt = function(a, b) return a.name < b.name end,
           __le = function(a, b) return a.name <= b.name end}
local function sym(name) return setmetatable({name = name}, S) end
local y, x, z, w = sym "y", sym "x", sym "z", sym "w"
assert(x + z == "(x+z)" and x * z == "(x*z)" and (x ~ z) == "(x~z)" and (x | z) == "(x|z)" and x ^ 2 == "(x^2)")
assert(-x == "-x" and ~x == "~x" and #x == "len" and x(z) == "x(z)" and x "s" == "x(s)")
assert(x .. "" == "(x..)" and x // 2 == "(x//2)" and x % 2 == "(x%2)" and x << 1 == "(x<<1)" and x >> 1 == "(x>>1)")
assert(x < z and not (z < x) and x <= z and z > x and z >= x and x ~= z and x == sym "x")
assert(2 + 3 * 4 ^ 2 / 2 - 1 == 25.0 and (2 + 3) * 4 == 20 and 2 ^ -1 == 0.5 and -2 ^ -2 == -0.25)
assert("a" .. "b" .. "c" == "abc" and 1 .. 2 == "12" and (1 < 2) == true and 1 + 1 == 2 and not nil == true)
assert((1 or error()) == 1 and (nil and error()) == nil and (false or nil) == nil and (1 and 2 or 3) == 2)
assert(5 & 3 | 8 ~ 1 == 9 or 5 & 3 | 8 ~ 1 ~= 9)
assert(1 | 2 ~ 3 & 5 << 1 == 1 | (2 ~ (3 & (5 << 1))))
assert(7 // 2 * 2 + 7 % 2 == 7 and -7 // 2 == -4 and -7 % 3 == 2 and 7 // -2.0 == -4.0)
assert(not (1 == 2) and not (1 > 2 or 2 > 3) and (1 ~= 2 and 2 ~= 3))
local a <const> = 10
local r = a
  + 1
  -- a comment between operator and operand
  * 2
assert(r == 12)
assert((y ~ 1) == "(y~1)")
