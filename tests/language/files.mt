-- Files of every kind: the format is found by content and ending; options count where they apply.
local base = os.tmpname()
local df = frame{city={"A", "B"}, year={2011, 2012}, y={1.5, 2}}
for _, ending in ipairs{"csv", "dta", "xlsx", "json", "jsonl", "mtf"} do
  save(base .. "." .. ending, data=df)
  local back = read(base .. "." .. ending)
  print(ending, #back, back.city[2], back.y[1])
  os.remove(base .. "." .. ending)
end
--> csv	2	B	1.5
--> dta	2	B	1.5
--> xlsx	2	B	1.5
--> json	2	B	1.5
--> jsonl	2	B	1.5
--> mtf	2	B	1.5
os.remove(base)
save(base .. ".sav", data=df) --> error: an SPSS file can be read, not written
save(base .. ".csv", data=df, version=118) --> error: option 'version' does not apply to writing delimited text
save("/nowhere/x.dta", data=df) --> error: cannot write '/nowhere/x.dta': No such file or directory

local cities = "../data/files/cities_stata14.dta"
local d = read(cities, columns={"kind", "gdp"}, rows=2)
print(#d, d.kind[2], d:names()[1]) --> 2	inland	kind
print(read(cities, labels=false).kind[2]) --> 2.0
print(#read("../data/files/cities.sav"), #read("../data/files/cities.sas7bdat")) --> 5	5
print(read("../data/files/book.xlsx", sheet=1, range="B3").y[1]) --> 0.1
print(read("../data/files/cities.sqlite", query="select 2*n as m from city").m[2]) --> 4
read(cities, sheet=2) --> error: option 'sheet' does not apply to reading a Stata file
read(cities, columns="citi") --> error: no column 'citi' in '../data/files/cities_stata14.dta'
read("../data/files/cities_stata41.dta") --> error: no file '../data/files/cities_stata41.dta'
read("../data/files/cities.sqlite") --> error: table= must say which of its 2 tables
read("../data/files/book.xlsx", sheet="2018") --> error: no sheet '2018' in '../data/files/book.xlsx'
read("../data/files/book.xlsx", range="C") --> error: range "C" is not one of a sheet
-- A day at midnight is how pandas and JavaScript write a date into JSON; another time of day keeps the column text.
local moments = os.tmpname() .. ".json"
local file = assert(io.open(moments, "w"))
file:write('[{"day": "2020-02-29T00:00:00.000Z", "at": "2020-02-29T00:00:00"}, {"day": null, "at": "2020-02-29T12:34:56"}, {"day": "1959-12-31", "at": null}]')
file:close()
local read_back = read(moments)
print(tostring(read_back.day[1]), read_back.day[2], tostring(read_back.day[3]), read_back.at[1]) --> 2020-02-29	nil	1959-12-31	2020-02-29T00:00:00
os.remove(moments)
