-- import and export by Stata's options.
local base = os.tmpname()
local file = io.open(base .. ".csv", "w")
file:write("City,GDP\na,1\nb,2\n")
file:close()
import delimited "{=base}.csv", clear
print(table.concat(__all_columns(), " ")) --> city gdp
import delimited "{=base}.csv", clear case(preserve) stringcols(2)
print(table.concat(__all_columns(), " "), (__column_type("GDP"))) --> City GDP	string
import delimited "{=base}.csv", clear varnames(nonames)
print(#data(), __all_columns()[1]) --> 3	v1
import delimited "{=base}.csv", clear
gen g = _n
label define gg 1 "one" 2 "two"
label values g gg
export delimited city g using "{=base}.csv" if g == 2, replace nolabel
for line in io.lines(base .. ".csv") do print(line) end
--> city,g
--> b,2
print(#data(), #__all_columns()) --> 2	3
export excel using "{=base}.xlsx", replace sheet("Data")
import excel using "{=base}.xlsx", sheet("Data") firstrow clear
print(table.concat(__all_columns(), " ")) --> city gdp g
import excel using "{=base}.xlsx", clear
print(table.concat(__all_columns(), " "), #data()) --> A B C	3
saveold "{=base}.dta", replace version(12)
file = io.open(base .. ".dta", "rb")
print(file:read(1):byte()) --> 115
file:close()
import delimited "{=base}.csv", foo(3) --> error: unknown option 'foo'
import delimited "{=base}.csv", stringcols(9) --> error: but the file has 2 columns
import spss "x.sav" --> error: import spss is not supported
export excel using "{=base}.xlsx", sheetmodify --> error: sheets of a workbook that is there are not changed
export delimited using "{=base}.csv" --> error: exists
saveold "{=base}.dta", replace version(3) --> error: Stata 10 to 18
for _, ending in ipairs { "", ".csv", ".xlsx", ".dta" } do os.remove(base .. ending) end
