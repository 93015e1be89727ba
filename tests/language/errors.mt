-- Errors inside pcall read as text and carry their parts; interruption aside, Lua's own rules hold.
use "towns.csv"
local ok, e = pcall(ols, "ser ~ gpd")
print(ok, e) --> false	ols: no column 'gpd' in frame 'towns'
print(e.command, e.message) --> ols	no column 'gpd' in frame 'towns'
print(e:find("gpd", 1, true)) --> 17	19
print("got " .. e) --> got ols: no column 'gpd' in frame 'towns'
print(pcall(ols)) --> false	ols: argument 'formula' (a formula such as y ~ x) is missing
print(select(2, pcall(error, "text", 0))) --> text
print(select(2, pcall(error))) --> nil
print(xpcall(ols, function(m) return "handled: " .. m.message end, "ser ~ gpd")) --> false	handled: no column 'gpd'…
ols("ser ~ gpd") --> error: did you mean 'gdp'?
ols("ser ~ gpd") --> error: ^^^
ols("ser ~ gpd + ") --> error: expected
print(rawequal(select(2, pcall(error, e)), e)) --> true
use "no_such_file.csv" --> error: no_such_file.csv
