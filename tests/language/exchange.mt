-- Files written by haven, openxlsx and pandas, read back; and ours through the same round: values, labels, dates, missing values.
local function check()
  local d = data()
  print(d.a[1] == 0.1, d.a[2] ~= d.a[2], d.a[3] == 1e300)
  print(tostring(d.day[1]), d.day[2], tostring(d.day[3]))
  print(d.txt[1], d.txt[2], d.txt[3])
  print(#d.longer[1], d.longer[2], d.longer[3])
  print(d.f[1], d.f[2], d.f[3])
end
use "../data/files/exchange.dta"
check()
--> true	true	true
--> 2020-02-29	nil	1959-12-31
--> 上海	nil	Zürich
--> 2400	short	nil
--> b	a	nil
print(data().t[1], data().t[2], data().t[3], data().a_name_of_thirty_two_characters_[3]) --> yes	nil	no	3
count if t == 2 --> 1
print(data().part[2]) --> 2.0
print(data().month[1], data().month[2], data().month[3]) --> 0	13	-1
local path = os.tmpname() .. ".dta"
save(path)
use(path)
check()
--> true	true	true
--> 2020-02-29	nil	1959-12-31
--> 上海	nil	Zürich
--> 2400	short	nil
--> b	a	nil
count if t == 2 --> 1
os.remove(path)
use "../data/files/exchange.xlsx"
check()
--> true	true	true
--> 2020-02-29	nil	1959-12-31
--> 上海	nil	Zürich
--> 2400	short	nil
--> b	a	nil
path = os.tmpname() .. ".xlsx"
save(path)
use(path)
check()
--> true	true	true
--> 2020-02-29	nil	1959-12-31
--> 上海	nil	Zürich
--> 2400	short	nil
--> b	a	nil
os.remove(path)
for _, file in ipairs{"exchange_pandas.dta", "exchange_pandas.xlsx"} do
  use("../data/files/" .. file)
  check()
end
--> true	true	true
--> 2020-02-29	nil	1959-12-31
--> 上海	nil	Zürich
--> 2400	short	nil
--> b	a	nil
--> true	true	true
--> 2020-02-29	nil	1959-12-31
--> 上海	nil	Zürich
--> 2400	short	nil
--> b	a	nil
