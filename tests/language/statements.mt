-- A call that stands as a statement shows its value; assigned and passed values stay silent.
command "two" { summary = "two values", run = function() return "one", "two" end }
command "none" { summary = "no value", run = function() end }
two() --> one
none()
local a = two()
local t = {two()}
print(#t) --> 2
print((two())) --> one
local function plain() return "never shown" end
plain()
if two() then print("yes") end --> yes
local x = two() two() --> one
for k = 1, 2 do two() end
--> one
--> one
local function wrapper() two(); return two() end
wrapper() --> one
local alias = two
alias() --> one
;(function() two() end)() --> one
