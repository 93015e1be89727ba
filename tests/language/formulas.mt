-- Operators on symbols build formulas; strings in the same grammar build the same.
use "towns.csv"
print(ser ~ treat*post) --> ser ~ treat*post
print(ser ~ treat:post) --> ser ~ treat:post
print(ser ~ treat#post) --> ser ~ treat:post
print(ser ~ treat##post) --> ser ~ treat*post
print(ser ~ treat:post:gdp) --> ser ~ treat:post:gdp
print(ser ~ gdp^2:treat) --> ser ~ gdp^2:treat
print(ser ~ treat:i(year)) --> ser ~ treat:i(year)
print(ser ~ i(year, ref=2012)) --> ser ~ i(year, ref=2012)
print(ser ~ i(type, ref="a")) --> ser ~ i(type, ref='a')
print(ser ~ i(year, treat, ref=2012)) --> ser ~ i(year, treat, ref=2012)
print(ser ~ L(gdp, 1, 3)) --> ser ~ L(gdp, 1, 3)
print(ser ~ gdp | town + year) --> ser ~ gdp | town + year
print(ser ~ 1 | town | gdp ~ post) --> ser ~ 1 | town | gdp ~ post
print(ser ~ gdp - 1) --> ser ~ gdp - 1
print(ser ~ log(gdp) + I(gdp*treat)) --> ser ~ log(gdp) + I(gdp*treat)
print(town^year + type) --> town^year + type
print(town[gdp] + year) --> town[gdp] + year
print(town[[gdp]] + year) --> town[[gdp]] + year
print(-gdp + 2*ser/3) --> -gdp + 2*ser/3
print((gdp + ser)*2) --> (gdp + ser)*2
print("ser" ~ gdp) --> ser ~ gdp
local controls = gdp + post
print(ser ~ treat + controls) --> ser ~ treat + (gdp + post)
local base = ser ~ gdp
local more = base + post
print(more) --> ser ~ gdp + post
print((ser ~ gdp | town) + post - gdp) --> ser ~ gdp + post - gdp | town
print(base) --> ser ~ gdp
for _, y in ipairs{ser, gdp} do print(y ~ treat) end
--> ser ~ treat
--> gdp ~ treat
print(7 ~ 2) --> 5
print(5 ~ gdp) --> error: the left side of the formula is the number 5
print(ser ~ nil) --> error: attempt to perform arithmetic on a nil value
print(ser + print) --> error: no open frame has a column called 'print'
print(ser + {}) --> error: attempt to perform arithmetic on a table value
print("a" .. ser) --> error: tostring(ser) is its name as a string
print(#ser) --> error: it has no length
print(year >= 2013) --> error: write print "year >= 2013"
print(ser, year < 2013) --> error: write "year < 2013"
print(ser == gdp) --> error: write print "ser == gdp"
print(log(ser) > 1) --> error: write print "log(ser) > 1"
print(ser & gdp) --> error: conditions are strings
print(ser % 2) --> error: columns have no operator '%'
print(i(year, ref={})) --> i(year, ref={})
print(log(print)) --> error: argument 1 of log(…) takes a column or a number
print("ser +" ~ gdp) --> error: expected
