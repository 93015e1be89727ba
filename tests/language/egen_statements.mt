-- egen as a statement: Stata's functions and where their options go.
use(frame{ x = {5, 1, 3, 4, 2, 6}, y = {1, 2, 3, 1, 2, 3}, g = {1, 1, 1, 2, 2, 2}, s = {"a b c", "d", "e f", "g h", "i", "j k"} })
local function col(name) local out = {} for i = 1, 6 do local v = data()[name][i] out[i] = v == nil and "." or tostring(v) end print(table.concat(out, " ")) end
egen p25 = pctile(x), p(25) by(g)
col "p25" --> 1.0 1.0 1.0 2.0 2.0 2.0
egen c = cut(x), at(0(2)8)
col "c" --> 4.0 0.0 2.0 4.0 2.0 6.0
egen q = cut(x), group(2)
col "q" --> 1 0 0 1 0 1
egen r = rank(x), field
col "r" --> 2 6 4 3 5 1
egen t = rank(y), track
col "t" --> 1 3 5 1 3 5
egen k = seq(), from(1) to(2)
col "k" --> 1 2 1 2 1 2
egen b = seq(), f(1) t(3) block(2)
col "b" --> 1 1 2 2 3 3
egen a = anymatch(x y), values(1/2)
col "a" --> 1 1 0 1 1 0
egen ac = anycount(x y), values(1 2)
col "ac" --> 1 2 0 1 2 0
egen av = anyvalue(x), v(1 6)
col "av" --> nan 1.0 nan nan nan 6.0
egen first = ends(s)
col "first" --> a d e g i j
egen last = ends(s), last
col "last" --> c d f h i k
egen f = fill(0 5)
col "f" --> 0 5 10 15 20 25
egen rp = rowpctile(x y g), p(50)
col "rp" --> 1.0 1.0 3.0 2.0 2.0 3.0
egen rt = rowtotal(x-y)
col "rt" --> 6 3 6 5 4 9
egen cc = concat(g y), punct("-")
col "cc" --> 1-1 1-2 1-3 2-1 2-2 2-3
egen z = std(x), mean(10) std(2)
quietly summarize z
display %4.1f r(mean) " " %4.1f r(sd) --> 10.0  2.0
egen id = group(g y)
col "id" --> 1 2 3 4 5 6
egen one = tag(g)
col "one" --> true false false true false false
egen m = mad(x), by(g)
egen w = iqr(x), by(g)
egen mx = max(x)
egen nm = rownonmiss(x y)
egen mo = mode(y)
egen h = mtr(x y) --> error: mtr is not supported
egen h = fill(1 2 4) --> error: shows no pattern
egen f2 = fill(1 1 2 2)
col "f2" --> 1 1 2 2 3 3
egen f3 = fill(1/3 1/3)
col "f3" --> 1 2 3 1 2 3
egen f4 = fill(10 0 8 -2 6 -4)
col "f4" --> 10 0 8 -2 6 -4
gen path = concat(s, "/", s)
egen head = ends(path), punct("/")
egen tail = ends(path), punct(/) tail
egen rest = ends(s), tail trim
col "head" --> a b c d e f g h i j k
col "tail" --> a b c d e f g h i j k
col "rest" --> b c . f h . k
egen two = ends(s), head last --> error: one of head, last and tail
replace y = . in 2
egen id1 = group(g y)
col "id1" --> 1 . 2 3 4 5
egen id2 = group(g y), missing label
col "id2" --> 1 1 1 . 1 3 2 1 2 2 2 3
egen t1 = tag(g y)
egen t2 = tag(g y), missing
col "t1" --> true false true true true true
col "t2" --> true true true true true true
egen mo1 = mode(y), by(g)
egen mo2 = mode(y), by(g) maxmode
egen mo3 = mode(y), by(g) minmode
col "mo1" --> nan nan nan nan nan nan
col "mo2" --> 3.0 3.0 3.0 3.0 3.0 3.0
col "mo3" --> 1.0 1.0 1.0 1.0 1.0 1.0
egen to1 = total(y) if g == 1 & missing(y), missing
egen to2 = total(y) if g == 1 & missing(y)
col "to1" --> nan nan nan nan nan nan
col "to2" --> nan 0.0 nan nan nan nan
egen ro = rowtotal(y), missing
col "ro" --> 1.0 nan 3.0 1.0 2.0 3.0
label define yesno 1 "yes" 2 "no"
label values g yesno
egen c1 = concat(g x)
egen c2 = concat(g x), decode punct(" ")
col "c1" --> 15 11 13 24 22 26
col "c2" --> yes 5 yes 1 yes 3 no 4 no 2 no 6
egen h = anymatch(x) --> error: egen: anymatch needs values(…)
egen h = nosuch(x) --> error: nosuch
