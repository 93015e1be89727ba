#!moontide
-- Every token of Lua 5.4: a plain program that translation must not change. The first line is the shell's.
--[[ a long comment with f(a, k=v), a:b, a##b, ?help and "an unclosed quote
]] local after = 1 --[==[ level two ]] still inside
]==] local later = 2
--[ not long: f(k=v)
--[=not long either
assert(after == 1 and later == 2)

-- Strings keep what looks like the dialect.
assert("f(a, k=v)" == 'f(a, k=v)')
assert("a:b a#b a##b ?x" .. '"' == 'a:b a#b a##b ?x"')
assert([[f(a, k=v) ]=] "]] == "f(a, k=v) ]=] \"")
assert([==[
a:b]]=]==] == "a:b]]=")
assert("line\
next" == "line\nnext")
assert("skip \z
        space" == "skip space")
assert('\x41\65\u{41}\065' == "AAAA" and "\a\b\f\n\r\t\v\\\"\'" == '\7\8\12\10\13\9\11\92\34\39')
assert(#"#" == 1 and #'--' == 2 and "--[[" == "--" .. '[[')
assert("中文 'naïve' “quotes”" ~= "")

-- Numbers.
assert(3 == 0x3 and 3.0 == 3. and .5 == 0.5 and 1e2 == 100 and 1E+2 == 1e02 and 1e-2 == .01)
assert(0xA == 10 and 0Xa.8p0 == 10.5 and 0x.1p4 == 1 and 0xA.8P+1 == 21 and 0xep1 == 28 and 0xe+1 == 15)
assert(3 ..4 == "34" and 1 .. "" == "1")
assert(9223372036854775807 == math.maxinteger and 0xffffffffffffffff == -1)

-- Symbols side by side.
local t = {1, 2, 3; 4}
assert(#t == 4 and #{} == 0 and - -2 == 2 and not not true and ~~5 == 5 and -#t == -4 and #t * #t == 16)
assert(7 // 2 == 3 and 7 % 4 == 3 and 7 / 2 == 3.5 and 2 ^ 3 ^ 2 == 512 and -2 ^ 2 == -4)
assert(6 & 3 == 2 and 6 | 3 == 7 and (6 ~ 3) == 5 and 1 << 4 == 16 and 256 >> 4 == 16)
assert(1 < 2 and 1 <= 2 and 2 > 1 and 2 >= 1 and 1 ~= 2 and 1 == 1.0)
local lengths = {#"abc", #t, # t, -#"x", #tostring(#t)}
assert(lengths[1] == 3 and lengths[2] == 4 and lengths[3] == 4 and lengths[4] == -1 and lengths[5] == 1)
local nested = setmetatable({}, {__len = function() return "xy" end})
assert(##nested == 2 and # #nested == 2)
assert(t[#t] == 4 and t[#t-1] == 3 and (t)[1] == 1)
if #t==4 then assert(true) end;;;
