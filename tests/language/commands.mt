-- Commands declared in a script: checked arguments, defaults, help.
use "towns.csv"
command "share" {
  topic   = "toys",
  summary = "Says what it got",
  args    = { {"x", "column", doc = "what to take"}, {"more", "columns", optional = true} },
  options = {
    how  = { one_of = {"first", "last"}, default = "first", doc = "which end" },
    reps = { "integer", min = 1, max = 10, default = 3 },
    level = { "number" }, names = { "strings" }, cuts = { "numbers" }, on = { "boolean" },
    keep = { "condition" }, by = { "columns" }, weights = { "weights" }, vcov = { "vcov" }, f = { "function" },
  },
  example = "share(ser, reps=5)",
  run = function(a) seen = a; return tostring(a.x) .. " " .. a.how .. " " .. a.reps end,
}
share(ser) --> ser first 3
share(ser, how="last", reps=10) --> ser last 10
share "gdp" --> gdp first 3
share(type) --> type first 3
share(x=ser) --> ser first 3
local s = share(ser)
print(s) --> ser first 3
share(ser, gdp, post) --> ser first 3
print(#seen.more, seen.more[2]) --> 2	post
share(ser, names={"a", "b"}, cuts=5, on=false) --> ser first 3
print(#seen.names, seen.cuts[1], seen.on) --> 2	5.0	false
share(ser, where="year > 2012") --> ser first 3
print(#seen.data) --> 8
share(ser, if="year > 2013") --> ser first 3
print(#seen.data) --> 4
share(ser, weights=fw(gdp), vcov=cluster(town)) --> ser first 3
print(seen.weights, seen.vcov) --> fw(gdp)	cluster town
share(ser, by="town year") --> ser first 3
print(#seen.by, seen.by[2]) --> 2	year
share(ser, keep="year == 2012 and treat == 1") --> ser first 3
print(seen.keep) --> year == 2012 and treat == 1
share() --> error: share: argument 'x' (a column) is missing
share(ser, howw="last") --> error: share: unknown option 'howw'; did you mean 'how'?
share(ser, how="lst") --> error: did you mean "last"?
share(ser, reps=11) --> error: share: option 'reps' must be between 1 and 10, not 11
share(ser, reps=2.5) --> error: option 'reps' takes a whole number, not the number 2.5
share(ser, reps="3") --> error: option 'reps' takes a whole number, not the string "3"
share(ser, level=true) --> error: option 'level' takes a number, not true
share(ser, on=1) --> error: option 'on' takes true or false, not the number 1
share(ser, f=3) --> error: option 'f' takes a function, not the number 3
share(ser, data=5) --> error: option 'data' takes a frame, not the number 5
share(ser + 1) --> error: argument 'x' takes a column, not the expression ser + 1
share(ser, keep=treat == 1) --> error: write "treat == 1"
share(ser, keep=year > 2012) --> error: write "year > 2012"
share(ser, where="yaer > 2012") --> error: no column 'yaer'
share(ser, where="year >") --> error: share: expected
share(ser, vcov="hetro") --> error: did you mean
share(ser, vcov=town) --> error: write cluster(town)
command "bad" { args = { {"x", "colum"} }, run = print } --> error: did you mean 'column'?
share{ser, how="last"} --> ser last 3
share{gdp} --> error: takes a column, not a Lua table
share(ser, names={"a", b="c"}) --> error: option 'names' takes a list, and this table has a field 'b'
