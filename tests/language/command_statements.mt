-- Command statements: NAME words [if] [in] [weights] [, options], for native commands, Lua's and the script's own.
command "show" {
  summary = "what a statement becomes",
  args = { { "columns", "columns", optional = true } },
  options = { detail = { "boolean" }, title = { "text" }, by = { "columns" }, digits = { "integer" },
              fe = { "terms" }, vcov = { "any" }, weights = { "any" }, labels = { "texts" }, cuts = { "numbers" } },
  run = function(a)
    local out = {}
    for _, column in ipairs(a.columns or {}) do table.insert(out, tostring(column)) end
    if a.detail ~= nil then table.insert(out, "detail=" .. tostring(a.detail)) end
    if a.title then table.insert(out, "title=" .. a.title) end
    if a.digits then table.insert(out, "digits=" .. a.digits) end
    if a.by then table.insert(out, "by=" .. #a.by) end
    if a.fe then table.insert(out, "fe=" .. tostring(a.fe)) end
    if a.labels then table.insert(out, "labels=" .. table.concat(a.labels, "/")) end
    if a.cuts then table.insert(out, "cuts=" .. table.concat(a.cuts, "/")) end
    if a.weights then table.insert(out, "weights=" .. tostring(a.weights)) end
    if a.data then table.insert(out, "rows=" .. #a.data) end
    return table.concat(out, " ")
  end,
}
command "formula" {
  summary = "the formula of a statement", args = { { "f", "formula" } }, options = { weights = { "weights" } },
  run = function(a) return tostring(a.f) end,
}
command "copy" { summary = "texts", args = { { "from", "text" }, { "to", "text" } }, run = function(a) return a.from .. " to " .. a.to end }

use(frame{ city = {"A", "A", "A", "B", "B", "B"}, year = {1, 2, 3, 1, 2, 3}, x1 = {1, 2, 3, 4, 5, 6}, x2 = {2, 1, 4, 3, 6, 5},
           d = {0, 0, 1, 0, 1, 1}, w = {1, 1, 2, 2, 1, 1}, g = {1, 2, 3, 1, 2, 3} })

-- words, options
show x1 x2 --> x1 x2
show x1, detail --> x1 detail=true
show, nodetail --> detail=false
show x1, title("a, b (c)") digits(3) --> x1 title=a, b (c) digits=3
show x1, det --> x1 detail=true
show, by(city year) labels("a b" c) cuts(1 99) --> by=2 labels=a b/c cuts=1.0/99.0
show, fe(i.city d#year) --> fe=city + d^year
show --> 
copy a.csv "b c.csv" --> a.csv to b c.csv
show x*  --> x1 x2
show x?, detail --> x1 x2 detail=true
show d-x1 --> d g w x1
show x1-d --> error: 'x1-d' runs backwards
show x1, detial --> error: unknown option 'detial'; did you mean 'detail'?
show x9 q*  --> error: no column matches 'q*'
shwo x1 --> error: unknown command 'shwo'
copy a --> error: argument 'to' (a string) is missing
copy a b c --> error: too many words: 'c' is not taken
show x1, title --> error: option 'title' takes a value
show x1, detail(3) --> error: option 'detail' takes no value

-- if, in
show x1 if year == 2 --> x1 rows=2
show if year == 2 | city == "A" --> rows=4
show x1 in 1/2 --> x1 rows=2
show x1 in -2/l if d == 1 --> x1 rows=2
show x1 if inlist(year, 1, 3) & !missing(x2), detail --> x1 detail=true rows=4
copy a b if year == 2 --> error: copy takes no 'if'
show x1 if yeer == 2 --> error: yeer
show x1 in 0/3 --> error: 'in 0/3' is not a range of rows

-- formulas
formula x1 x2 d --> x1 ~ x2 + d
formula x1 --> x1 ~ 1
formula x1 i.g c.x2 ib2.g --> x1 ~ i.g + x2 + i(g, ref=2)
formula x1 d##c.x2 g#d --> x1 ~ d##x2 + i.g:d
formula x1 c.x2##c.x2 d --> x1 ~ x2 + x2^2 + d
formula x1 c.x2#c.x2#c.x2 --> x1 ~ x2^3
formula x1 i.g##c.x2##c.x2 --> x1 ~ i.g##(x2 + x2^2)
formula x1 L(1/2).x2 L.d 2.g --> x1 ~ L(x2, 1, 2) + L.d + I(g == 2)
formula x1 i.(g d) --> x1 ~ i.g + i.d
formula x1 w (d = x2 g) --> x1 ~ w | d ~ x2 + g
formula x1 (d = x2), noconstant --> x1 ~ -1 | d ~ x2
formula x1 x2, noconstant --> x1 ~ x2 - 1
formula x1 ~ x2 + d --> x1 ~ x2 + d
formula x1 x2 [aw=w] --> x1 ~ x2
formula x1 x2 [iw=w] --> error: importance weights are not supported
show x1 [aw=w] --> x1 weights=aw(w)
copy a b [aw=w] --> error: copy takes no weights

-- Lua in a statement
local controls = x2 + d
local names = { "x1", "x2" }
local k = 2
formula x1 {=controls} w --> x1 ~ x2 + d + w
show {=names}, digits({=k + 1}) title("k is {=k}") --> x1 x2 title=k is 2 digits=3
for _, name in ipairs(names) do show {=name} end
--> x1
--> x2
if k == 2 then show x1 else show x2 end --> x1

-- gen, replace, by
gen a = x1 + x2 if year > 1
count if missing(a) --> 2
assert a == 3 if city == "A" & year == 2
replace a = . if year == 2
gen b = x1 == 1 | x2 == 5
count if missing(a) --> 4
count if a == . --> 4
count if a < . --> 2
gen double s = sum(x1)
assert s == 21 in 6
gen r = round(x1, 2)
bysort city (year): gen n = _n
by city: gen N = _N
assert n <= N
assert n < N --> error: the assertion is false in 2 rows
egen m = mean(x1), by(city)
quietly summarize m
drop a b s
keep city year x1 x2 d w g
drop in 6
count --> 5
keep if x1 < 4 | x1 == 5
count --> 4
by city, sort: count
--> 
--> -> city = A
--> 3
--> 
--> -> city = B
--> 1
gen a = 1
gen a = 2 --> error: there is already a column 'a'
gen c = x1[_n-1]

-- quietly, capture
quietly show x1
quietly {=names[1]} --> error: unknown command 'x1'
capture drop nothing
print(_rc, _error ~= "") --> 111	true
capture drop a
print(_rc, _error == "") --> 0	true
capture noisily show x1 --> x1

-- comments that only do-files have
* this isn't Lua
show x1 // neither is this --> x1
show x1 /// the rest of the line is
  x2 --> x1 x2
/* nor
this */
