-- What a text file's cells mean: dates in other orders, separators of thousands, stray words; options that settle it.
local path = os.tmpname()
local function written(text)
  local file = io.open(path, "w")
  file:write(text)
  file:close()
  return path
end
local d = read(written("d,n\n15/3/2020,1\n2/4/2020,2\n"), {format = "csv"})
print(d.d[1], d.d[2]) --> 2020-03-15	2020-04-02
d = read(written("d,n\n2020/3/15,1\n2020/4/2,2\n"), {format = "csv"})
print(d.d[1]) --> 2020-03-15
d = read(written("d,n\n2020年3月15日,1\n2020年4月2日,2\n"), {format = "csv"})
print(d.d[2]) --> 2020-04-02
d = read(written("d,n\n3/4/2020,1\n5/6/2020,2\n"), {format = "csv"})
print(d.d[1]) --> 3/4/2020
d = read(written("d,n\n3/4/2020,1\n5/6/2020,2\n"), {format = "csv", dates = "mdy"})
print(d.d[1]) --> 2020-03-04
d = read(written("d,n\n2020/3/15,1\n"), {format = "csv", dates = "none"})
print(d.d[1]) --> 2020/3/15
d = read(written("pop;x\n1,234,567;1\n89,000;2\n12;3\n"), {format = "csv"})
print(d.pop[1] + d.pop[2] + d.pop[3]) --> 1323579
d = read(written("pop;x\n1,234,567;1\n89,000;2\n"), {format = "csv", thousands = ""})
print(d.pop[1]) --> 1,234,567
d = read(written("pop;x\n1 234;1,5\n89 000;2,5\n"), {format = "csv", thousands = " ", decimal = ","})
print(d.pop[1], d.x[2]) --> 1234	2.5
d = read(written("zip,x\n00701,1\n10001,2\n"), {format = "csv"})
print(d.zip[1]) --> 00701
d = read(written("x,y\n1,1\n2,n/a\n3,3\n-,4\n5,5\n6,6\n7,7\n"), {format = "csv", na = {"-", "n/a"}})
print(d.x[5] + d.y[7]) --> 12
d = read(written("x,y\n1,1\n2\n"), {format = "csv", fill = true})
print(#d) --> 2
read(written("x,y\n1,1\n2\n"), {format = "csv"}) --> error: the row ends after 1 cell of 2
read(written("x,y\n1,1\n2,3,4\n"), {format = "csv"}) --> error: more than the 2 cells of the first row
read(written("x,y\n1,1\n2,3,4\n"), {format = "csv", dates = "ymx"}) --> error: must be one of "dmy", "mdy", "ymd", "none"
