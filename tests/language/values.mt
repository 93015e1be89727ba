-- Verbs on values as they are typed, and with mistakes.
local df = frame { town = {"A", "A", "A", "B", "B", "B"}, year = {2014, 2015, 2016, 2014, 2015, 2016}, edu = {6, 9, 12, 16, 9, 3}, output = {"1,000", "1,200", "¥1,500", "900", "n/a", "950"}, share = {"12.5%", "10%", "5 %", "", "1%", "100%"}, day = {"2014-03-15", "2015-12-31", "", "2014-01-01", "2015-07-01", "2016-06-30"}, place = {"Hangzhou, Xihu", "Ningbo", " Wenzhou , Ouhai", "Huzhou,", "Jiaxing, Nanhu", "Shaoxing"} }
use(df)
panel(town, year)
--> panel: town × year, 2 units, 3 periods (2014 to 2016, step 1), 6 rows
--> balanced
local function row(name)
  local out, values = {}, data()[name]
  for i = 1, #data() do local v = values[i]; out[i] = (v == nil or v ~= v) and "." or type(v) == "number" and string.format("%.6g", v) or tostring(v) end
  print(table.concat(out, " "))
end

-- recode
recode(edu, "(min/8=1 'low') (9/12=2 'middle') (13/max=3 'high')", generate="level")
row "level" --> low middle middle high middle low
recode(edu, {{from={3, 6}, to=1}, {from="7/12", to=2}, {from="else", to=0/0}}, generate="level2")
row "level2" --> 1 2 2 . 2 1
recode("edu level2", "1=10", suffix="_r")
row "level2_r" --> 10 2 2 . 2 10
recode(town, "'A'=1 'B'=2", generate="id")
row "id" --> 1 1 1 2 2 2
recode(town, {{from="A", to="Alpha"}}, generate="letter")
row "letter" --> Alpha Alpha Alpha B B B
recode(edu, "*=0", where="town == 'A'", generate="only")
row "only" --> 0 0 0 16 9 3
recode(town, "'A'=1", generate="bad") --> error: no rule for 'B' (row 4), and the new column holds numbers
recode(edu, "1/3", generate="bad") --> error: a rule is VALUES=NEW, such as 1/3=1
recode(edu, "3/1=2") --> error: the range 3/1 is empty
recode(edu, "'low'=2") --> error: the column holds numbers
recode(edu, 5) --> error: a rule is a string such as "1/3=1"
recode(edu, {{from=1, too=2}}) --> error: a rule has no field 'too'
recode(edu, "1=2", generate="town") --> error: there is already a column 'town'
recode(edu, "1=2", generate={"a", "b"}) --> error: 1 column, but 2 new names
recode(edd, "1=2") --> error: unknown name 'edd'

-- encode, decode
encode(town, generate="code")
print(summarize(code).code.mean) --> 1.5
encode(town, generate="code2", levels={"B", "A"})
print(summarize(code2).code2.max, data().code2[1]) --> 2.0	A
decode(code, generate="back")
row "back" --> A A A B B B
encode(town, levels={"A"}, generate="c3") --> error: 'B' is none of the levels
encode(edu, generate="c3") --> error: encode: needs text, not integer
decode(town, generate="c3") --> error: decode: needs a category, not string
encode(town, where="year == 2014") --> error: unknown option 'where'

-- destring, to_string
destring(output, ignore=",¥", force=true, generate="out")
row "out" --> 1000 1200 1500 900 . 950
destring(share, percent=true, generate="sh")
row "sh" --> 0.125 0.1 0.05 . 0.01 1
destring(output, generate="o2") --> error: 'output' holds text that is no number in 4 rows: '1,000', '1,200', '¥1,500', 'n/a'
destring(edu) --> error: destring: needs text, not integer
to_string(edu, format="%03d", generate="es")
df:tostring(edu, generate="es2")
row "es2" --> 6 9 12 16 9 3
row "es" --> 006 009 012 016 009 003
to_string(sh, format="%.1f", generate="s1") --> error: '%.1f' loses digits of 3 values of 'sh'
to_string(edu, format="%s", generate="s1") --> error: '%s' is no format of a number
to_string(town) --> error: to_string: needs numbers, not string

-- text and dates in expressions, in both spellings
gen(first = word(place, 1), up = upper(town), n = length(place), pos = strpos(place, "zhou"), has = contains(place, "zhou"))
row "first" --> Hangzhou, Ningbo Wenzhou Huzhou, Jiaxing, Shaoxing
row "pos" --> 5 0 5 3 0 0
gen(city = "regex_extract(place, '[A-Z][a-z]+')", short = regex_replace(place, "^\\W*(\\w+).*$", "\\1"))
row "city" --> Hangzhou Ningbo Wenzhou Huzhou Jiaxing Shaoxing
row "short" --> Hangzhou Ningbo Wenzhou Huzhou Jiaxing Shaoxing
gen(clean = trim(place))
row "clean" --> Hangzhou, Xihu Ningbo Wenzhou , Ouhai Huzhou, Jiaxing, Nanhu Shaoxing
gen(d = date(day))
gen(q = yq(year(d), quarter(d)), wk = week(d), stamp = format(d, "%Y-W%V"), since = d - date("2014-01-01"), later = add_months(d, 2))
row "q" --> 216 223 . 216 222 225
row "stamp" --> 2014-W11 2015-W53 . 2014-W01 2015-W27 2016-W26
row "since" --> 73 729 . 0 546 911
row "later" --> 2014-05-15 2016-02-29 . 2014-03-01 2015-09-01 2016-08-30
gen(x = regexm(place, "(")) --> error: is no regular expression
gen(x = date(edu)) --> error: 'edu' is a number, but date(x) reads text
gen(x = year(day)) --> error: 'day' is not a date
split(place, separator=",", generate={"a", "b"})
row "b" --> Xihu . Ouhai . Nanhu .
split(place, separator=",", generate={"pa", "pb", "pc"}, limit=2)
split(place, separator="h", generate="piece")
row "piece1" --> Hangz Ningbo Wenz Huz Jiaxing, Nan S
split(edu) --> error: 'edu' is no text

-- winsor, trim, standardize, center, minmax
w = winsor(edu, cuts={20, 80})
print(w.edu.low, w.edu.high, w.edu.below, w.edu.above) --> 6.0	12.0	1.0	1.0
row "edu_w" --> 6 9 12 12 9 6
winsor(edu, cuts={20, 80}, replace=false) --> error: there is already a column 'edu_w'
winsor(edu, cuts={80, 20}, suffix="_x") --> error: the cuts must be percentiles from 0 to 100, the lower first, not 80 and 20
winsor(edu, cuts={5}, suffix="_x") --> error: cuts= takes two percentiles
winsor(town) --> error: column 'town' is text
winsor(edu, percentiles="r8", suffix="_x") --> error: option 'percentiles' must be one of "stata", "r6", "r7", "order"
trim(edu, cuts={20, 80})
row "edu_tr" --> 6 9 12 . 9 .
trim(edu + 1) --> error: trim: needs columns, not the expression edu + 1
standardize(edu, by=town)
row "edu_z" --> -1 0 1 1.02463 -0.0512316 -0.973399
center(edu, by=town)
row "edu_c" --> -3 0 3 6.66667 -0.333333 -6.33333
minmax(edu, range={1, 5})
row "edu_01" --> 1.92308 2.84615 3.76923 5 2.84615 1
minmax(edu, range={5, 1}, suffix="_y") --> error: range= takes two numbers, the lower first

-- interpolate
gen(v = "cond(year == 2015, number(''), edu)", t = 1)
r = interpolate(v, flag="_f", suffix="_i")
print(r.v.filled, r.v.missing) --> 2.0	0.0
row "v_i" --> 6 9 12 16 9.5 3
row "v_i_f" --> false true false false true false
interpolate(v, method="previous", ends="extrapolate") --> error: lines go on beyond the ends
ipolate(v, year, by=town, generate="vi")
row "vi" --> 6 9 12 16 9.5 3
ipolate(v, year, generate="vj") --> error: two different values at 2014 in one group
ipolate(v, year, by=town) --> error: the new column has no name

-- growth, deflate
growth(out, generate="g")
row "g" --> . 0.2 0.25 . . .
means = growth(out)
print(string.format("%.6f %.6f %.6f %d", means.A.arith, means.A.geo, means.A.cagr, means.A.to)) --> 0.225000 0.224745 0.224745 2016
print(means.B.rates, string.format("%.6f", means.B.cagr)) --> 0.0	0.027402
growth(town) --> error: column 'town' is text
growth(out, spans={2016, 2014}) --> error: the ends of the spans must increase
growth(out, generate="g2", spans={2014, 2016}) --> error: spans= is for the table of means
growth(out, steps=2) --> error: steps= goes with generate=
gen(cpi = "cond(year == 2014, 100, cond(year == 2015, 102, 105.06))")
deflate(out, index=cpi, base=2015)
row "out_real" --> 1020 1200 1456.31 918 . 922.33
prices = frame { year = {2014, 2015, 2016}, index = {101, 102, 103} }
deflate(out, index=prices, base=2015, chained=true, suffix="_chain")
row "out_chain" --> 1020 1200 1456.31 918 . 922.33
deflate(out, index=cpi, base=2013, suffix="_y") --> error: 'cpi' has no value for the base 2013
deflate(out, index=edu, base=2014, suffix="_y") --> error: 'edu' has two values in 2014: 6 and 16
deflate(out, base=2014, suffix="_y") --> error: the price index is not given
deflate(out, index=cpi, suffix="_y") --> error: base= is a time

-- adopt, panelview, match_names, check
rollout = frame { town = {"A", "B", "C", "A"}, effective = {"2015-08-01", "2017-01-01", "2015-01-01", "2016-01-01"} }
audit = adopt(rollout, rule="half_year")
print(audit.units, #audit.findings, audit.findings[1].kind, audit.findings[1].detail) --> 2	3	unmatched	no such unit
row "cohort" --> 2016 2016 2016 2017 2017 2017
row "event_time" --> -2 -1 0 -3 -2 -1
row "treated" --> 0 0 1 0 0 0
adopt(rollout) --> error: there is already a column 'cohort'
adopt(rollout, date="town", replace=true) --> error: 'A' (row 1 of the table) is no date
adopt(frame { town = {"A"}, year = {2015} }, rule="half_year", replace=true) --> error: has no day, and the rule asks when in the period it was
adopt(rollout, unit="city") --> error: no column 'city'
print(panelview(treated):text(40, 12):find("not treated") ~= nil) --> true
cross = match_names({"杭州市", "Ningbo", "Nowhere"}, {"杭州", "ningbo", "Wenzhou"})
print(cross.how[1], cross.how[2], cross.how[3], cross.b[1]) --> normalized	normalized	unmatched	杭州
match_names({1, 2}, {"a"}) --> error: argument 'a' is a list of names, not of numbers
match_names({}, {"a"}) --> error: argument 'a' holds no name
match_names({"a"}, {"b"}, aliases={a="c"}) --> error: the alias 'c' (of 'a') is none of the second names
match_names({"a"}, {"b"}, cutoff=2) --> error: option 'cutoff' must be between 0 and 1, not 2
check "edu > 0"
check "edu > 8" --> error: 2 of 6 rows fail edu > 8
check "out > 0" --> error: 1 of 6 rows fail out > 0 (1 because something is missing)
check("out > 0", missing="pass")
check("edu > 8", where="town == 'C'")
check(town) --> error: town
