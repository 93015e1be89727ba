-- Value labels: sets, columns that carry them, formulas, files; assert, confirm, isid and the codes of capture.
local function open()
  use(frame{ y = {1.0, 2.5, 2.0, 4.5, 3.0, 5.5}, level = {1, 2, 1, 3, 2, 3}, city = {"A", "A", "B", "B", "C", "C"}, year = {1, 2, 1, 2, 1, 2} })
end
open()
label variable level "Grade"
label define grade 1 "low" 2 "middle" 3 "high"
label values level grade
label list grade
--> grade:
-->            1 low
-->            2 middle
-->            3 high
count if level == 2 --> 2
count if level == "middle" --> 2
gen twice = 2 * level
assert twice == 6 if level == "high"
print(data().level[1]) --> low
print(label_list().grade[3]) --> high

-- a set that changes is followed by the columns that carry it
label define grade 2 "medium" --> error: value label 'grade' is already defined
label define grade 2 "medium", modify
print(data().level[2]) --> medium
label define grade 4 "top", add
label define grade 4 "best", add --> error: already defined for 4
print(label_list("grade").grade[4]) --> top
label copy grade size
label values level nosuch --> error: no value label 'nosuch' is defined
label values city grade --> error: 'city' is text, and labels are of numbers
label define x 1 --> error: label define takes numbers and texts in turn
label define x a "b" --> error: label define takes numbers, not 'a'
label define x .a "refused" --> error: missing values have no labels here

-- formulas: numbers, unless i.x
quietly reg y level
print(table.concat(last_estimate().names, " ")) --> level _cons
print(last_estimate().notes[1]) --> level has value labels: its numbers are used; i.level makes it a factor
quietly reg y i.level
print(table.concat(last_estimate().names, " ")) --> i.level::medium i.level::high _cons
quietly reg y city
print(table.concat(last_estimate().names, " ")) --> city::B city::C _cons
print(#ols(y ~ year, fe=level).names) --> 1

-- files keep them
local path = os.tmpname() .. ".dta"
save(path)
use(path)
print(data().level[2], data().level[6]) --> medium	high
label list level
--> level:
-->            1 low
-->            2 medium
-->            3 high
-->            4 top
label values year level
print(data().year[1]) --> low
label values year .
print(math.type(data().year[1])) --> integer
os.remove(path)

-- dropped sets
open()
label values level size
label drop size
print(data().level[2]) --> 2
label drop size --> error: no value label 'size' is defined
label data "a note"
label language en --> error: label language is not supported

-- the native form
label_define("two", {[1]="one", [2]="two"}, replace=true)
label_values({level, year}, "two")
print(data().year[2], data().level[4]) --> two	3
label_values(year)
label_values(year, {[1]="first"})
print(data().year[1], data().year[2]) --> first	2
label_define("bad name", {[1]="x"}) --> error: 'bad name' is no name
label_define("bad", {x="y"}) --> error: labels are of numbers, not 'x'

-- levels
print(table.concat(levels(city), " "), #levels(level)) --> A B C	3
print(table.concat(levels(level), " ")) --> 1 2 3

-- assert, confirm, isid, capture
assert y > 0
assert y > 1 --> error: the assertion is false in 1 row
confirm variable y level
confirm variable nosuch --> error: no column 'nosuch'
confirm numeric variable y
confirm numeric variable city --> error: 'city' is no numeric variable
confirm string variable city
confirm new variable fresh
confirm new variable y --> error: 'y' is already defined
confirm file "nosuch.csv" --> error: no file 'nosuch.csv'
confirm integer number 3
confirm number x --> error: 'x' is no number
isid city year
isid city --> error: city do not identify the rows: 3 rows repeat another's
local function code(text) print(_rc, text) end
capture assert y > 1
code "assertion" --> 9	assertion
capture confirm variable nosuch
code "no variable" --> 111	no variable
capture confirm numeric variable city
code "not numeric" --> 7	not numeric
capture confirm new variable y
code "defined" --> 110	defined
capture confirm file "nosuch.csv"
code "no file" --> 601	no file
capture isid city
code "not unique" --> 459	not unique
capture gen y = 1
code "there already" --> 110	there already
capture reg y nosuch
code "unknown name" --> 111	unknown name
capture reg y level if y > 100
code "no rows" --> 2000	no rows
capture use "nosuch.dta"
code "no data file" --> 601	no data file
capture nosuchcommand y
code "no command" --> 199	no command
capture summarize y, nosuchoption
code "no option" --> 198	no option
capture summarize y
code "fine" --> 0	fine
capture gen z = y +
code "syntax" --> 198	syntax
capture merge m:1 city year using "nosuch.dta"
code "no using file" --> 601	no using file
levelsof city --> error: levelsof is not supported
