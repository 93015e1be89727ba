-- Display formats: kept with columns, shown by list, describe, tabulate and summarize; periods count from 1960.
use(frame{ town = {"A", "A", "B", "B"}, year = {2014, 2015, 2014, 2015}, m = {12, 1, 12, 3}, gdp = {1234567.891, 2500.5, 31.25, 1/3} })
local function shows(value, ...)
  local text = tostring(value)
  for _, part in ipairs { ... } do
    if not text:find(part, 1, true) then return part .. " is not in " .. text end
  end
  return true
end
quietly gen month = ym(year, m)
quietly gen day = mdy(m, 15, year)
format gdp %12.1fc
format %tdDD/NN/CCYY day
format town %-10s
list month day gdp
--> ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
-->      month         day          gdp
--> ───────────────────────────────────
--> 1  2014m12  15/12/2014  1,234,567.9
--> 2   2015m1  15/01/2015      2,500.5
--> 3  2014m12  15/12/2014         31.2
--> 4   2015m3  15/03/2015          0.3
--> ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
print(shows(tabulate(month), "2014m12", "2015m1", "2015m3")) --> true
print(shows(describe(month, gdp), "Format", "%tm", "%12.1fc", "2014m12, 2015m1")) --> true
print(shows(summarize(gdp, format=true), "309,275.0", "1,234,567.9")) --> true
print(shows(summarize(gdp), "309275")) --> true
quietly gen since = month - tm(2014m12)
print(data().since[1], data().since[2], data().since[4]) --> 0	1	3
count if month >= tm(2015m1) --> 2
count if year(dofm(month)) == 2014 --> 2
quietly gen q = qofd(day)
print(shows(list(q), "2015q1")) --> true
quietly tabulate q, gen(q_)
print(data().q_1[1], data().q_1[2], data().q_2[2]) --> true	false	true
-- formats stay with columns
sort day
rename gdp output
print(shows(list(output), "1,234,567.9")) --> true
quietly collapse (mean) output (max) month (count) n=month, by(town)
print(shows(list(output, month), "618,534.2", "2015m3")) --> true
local path = os.tmpname() .. ".dta"
save(path)
use(path, {})
print(shows(list(output, month), "618,534.2", "2015m3"), shows(set_format(month), "%tm")) --> true	true
os.remove(path)
quietly xtset town month
quietly gen before = L2.month
format before %tm
-- what does not suit
format town %9.2f --> error: does not suit it
format output %tmm --> error: is no display format
format output %9.2f %9.3f --> error: format takes one format
format nosuch %9.2f --> error: no column 'nosuch'
quietly gen d2 = date("2015-03-01")
format d2 %tm --> error: does not suit it
quietly gen n2 = 21914
format n2 %td
print(shows(list(n2), "31dec2019"), (__column_type("n2"))) --> true	date
set_format(output, format="")
print(shows(list(output), "618534.2")) --> true
format output %9.3e
print(shows(list(output), "6.185e+05")) --> true

-- periods are shown as such by panel, and a format says what it cannot show
use(frame{ id = {1, 1, 1, 2, 2, 2}, m = {660, 661, 662, 660, 661, 662}, y = {1.5, 2, 3, 4, 5, 6} })
xtset id m, monthly
--> panel: id × m, 2 units, 3 periods (2015m1 to 2015m3, step 1 month), 6 rows
--> balanced
format m %tq
xtdescribe
--> panel: id × m, 2 units, 3 periods (2125q1 to 2125q3, step 1 quarter), 6 rows
--> balanced
format m
--> ━━━━━━━━━━━━━━━━━━━━━━━
--> Column  Type     Format
--> ───────────────────────
--> m       integer  %tq
--> ━━━━━━━━━━━━━━━━━━━━━━━

-- in strings tostring is a function of columns; as a word of the script it is Lua's
gen(a = "tostring(m)")
gen b = string(m)
gen(c = "strofreal(y)")
print(math.type(data().m[1]), type(data().a[1]), data().b[2], data().c[1], tostring(12)) --> integer	string	661	1.5	12
print(tostring(y ~ m)) --> y ~ m

-- head says which columns it leaves out
use(frame{ a_very_long_name_of_a_column_that_fills_more_than_half_of_a_line_of_a_page = {1}, another_long_name_of_a_column_that_fills_more_than_half_of_a_line_of_a_page = {2}, z = {3} })
head(rows=1)
--> ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
-->    a_very_long_name_of_a_column_that_fills_more_than_half_of_a_line_of_a_page
--> ─────────────────────────────────────────────────────────────────────────────
--> 1                                                                           1
--> ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
--> 2 columns not shown:
--> another_long_name_of_a_column_that_fills_more_than_half_of_a_line_of_a_page, z;
--> list() shows all,
--> head(another_long_name_of_a_column_that_fills_more_than_half_of_a_line_of_a_page)
--> one
