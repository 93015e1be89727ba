-- Tables of results, of rows, of frames; Stata's habits.
use "towns.csv"
label(ser="Upgrading", treat="Zone")
m1 = ols(ser ~ treat)
m2 = ols(ser ~ treat + gdp)
-- print(a, b) of one cell keeps these tests short
function row(t, name) for line in t:csv():gmatch("[^\n]+") do if line:sub(1, #name) == name then return line end end end
print(row(etable(m1, m2), "Zone") == row(etable(m1, m2), "nothing")) --> false
print(row(etable(m1, m2, digits=2, stars=false), "Zone"):match("^Zone,%-?%d+%.%d%d,%-?%d+%.%d%d$") ~= nil) --> true
print(row(etable(m1, m2, frame_labels=false, digits=1, stars=false), "treat"):match("^treat,") ~= nil) --> true
print(row(etable(m1, m2, indicate={{"Controls", gdp}}), "Controls")) --> Controls,No,Yes
print(row(etable(m1, m2, indicate="Controls = gdp", yes_no={"x", "-"}), "Controls")) --> Controls,-,x
print(row(etable(m1, m2, extra={{"FE", "a", "b", at="top"}}), "FE")) --> FE,a,b
print(row(etable(m1, m2, stats={{"nobs", "N", 0}}), "N")) --> N,16,16
print(row(etable(m1, m2, stats=false), "Obs") == nil) --> true
print(row(etable(m1, stats="depvar_mean", digits=3), "Mean") == "Mean of dependent variable," .. string.format("%.3f", 0 + summarize(ser).ser.mean)) --> true
print(etable(m1, m2, groups={{"Both", 2}}):csv():match("^[^\n]*")) --> ,Both,
print(row(etable(m1, m2, coef_groups={{"Policy", "treat"}}), "Policy")) --> Policy,,
print(#etable{m1, m2, below={"se", "p"}, keep="treat", stats=false, vcov_row=false}:csv():gsub("[^\n]", "")) --> 5
print(row(etable{panel={{"Panel A", m1}, {"Panel B", m2}}, keep="treat"}, "Panel B")) --> Panel B,
print(row(stack_tables(etable(m1), etable(m2), titles={"A", "B"}), "B")) --> B,
models = {}
for i = 1, 3 do models[i] = ols(ser ~ treat, where="year <= " .. 2011 + i) end
print(row(etable(models, stats="nobs"), "Observations")) --> Observations,8,12,16
-- Standardised: the slope of a regression on one variable is the correlation.
b = ols(ser ~ gdp)
print(math.abs(tonumber(row(etable(b, beta=true, digits=10, stars=false, keep="gdp"), "gdp"):match(",(.*)")) - correlate(ser, gdp).ser.gdp) < 1e-9) --> true
print(row(etable(b, beta=true, stars=false), "Constant") == nil) --> true
print(row(etable(b, eform=true, digits=6, stars=false), "gdp") == "gdp," .. string.format("%.6f", math.exp(b.coef.gdp))) --> true
etable(m1, headers={"a", "b"}) --> error: 2 headers for 1 result
etable(m1, stats="r2_adi") --> error: did you mean 'r2_adj'?
etable(m1, stars={2}) --> error: not a p-value
etable(m1, stars={["*"]="x"}) --> error: option 'stars' takes
etable(m1, digits="x") --> error: no number format
etable(m1, style="zh") --> error: option 'style'
etable(m1, rename={tret="x"}) --> error: did you mean 'treat'?
etable(m1, indicate="gdp") --> error: option 'indicate' takes
etable(m1, extra={{"a", "b", att="top"}}) --> error: unknown field 'att'
etable(m1, append=true) --> error: give it as file=
etable() --> error: no results to tabulate
etable(m1, panel={{"A", m1}}) --> error: not both
etable{panel={{m1}}} --> error: a title and results each
etable{panel={{"A", m1}, {"B", m1, m2}}} --> error: the same number
-- Rows of one's own.
t = table{{"a", 1.5}, "Part", {"b", 2}, "-", {{"c", span=2}}, header={"", "x"}, digits=2}
print((t:csv():gsub("\n", "|"))) --> ,x|a,1.50|Part,|b,2|c,|
print(t:latex():find("\\midrule", 1, true) ~= nil) --> true
print((table({{"a", 0.5}, {"b", 0/0}}, digits=1):csv():gsub("\n", "|"))) --> a,0.5|b,|
print((data():table(columns="town ser", where="year == 2011 and ser < 1.6", digits=1):csv():match("^[^\n]*\n[^\n]*"):gsub("\n", "|"))) --> town,Upgrading|1,1.5
print(table.concat({1, 2}, "-")) --> 1-2
print(select("#", table.unpack({1, 2, 3}))) --> 3
table{{"a"}, title="T"} --> T
--> ━
--> a
--> ━
print(t:with(title="New", notes="n"):text():match("^New")) --> New
print(tostring(t):find("New")) --> nil
table{{"a", {1, spam=2}}} --> error: did you mean 'span'?
table{5} --> error: row 1 is a list of cells
table(5) --> error: a list of rows or a frame
table{{"a", "b"}, align="lxd"} --> error: align
t.sav("x") --> error: did you mean 'save'?
t:save("x.docs") --> error: unknown ending '.docs'
t:save("nowhere/x.docx") --> error: there is no folder 'nowhere'
math{1} --> error: cannot be called
save_tables(t, t) --> error: file= is missing
-- Stata's habits.
print(row(esttab(m1, m2, b=2, nostar=true, keep="treat"), "treat"):match("^treat,%-?%d+%.%d%d,%-?%d+%.%d%d$") ~= nil) --> true
print(row(esttab(m1, label=true, keep={"treat"}, nostar=true), "Zone") ~= nil) --> true
print(row(esttab(m1, m2, r2=true, ar2=2, scalars="F"), "N")) --> N,16,16
print(esttab(m1, r2=4):csv():find("R-sq,0.%d%d%d%d\n") ~= nil) --> true
print(row(esttab(m1, m2, mtitles='"Model A" "Model B"', nonumbers=true), ",")) --> ,Model A,Model B
print(row(esttab(m1, stats='N r2, fmt(0 1) labels("Obs" "Fit")'), "Obs")) --> Obs,16
print(esttab(m1):text():find("* p<0.05, ** p<0.01, *** p<0.001", 1, true) ~= nil) --> true
print(esttab(m1, star="+ 0.2 ++ 0.1"):text():find("+ p<0.2, ++ p<0.1", 1, true) ~= nil) --> true
print(esttab(m1):text():find("t statistics in parentheses") ~= nil) --> true
print(row(esttab(m1, m2, indicate="Controls = gdp", labels={"x", "o"}), "Controls")) --> Controls,o,x
esttab() --> error: keep them by eststo
eststo(m1, title="first")
eststo(m2)
print(row(esttab(), ",f")) --> ,first,ser
eststo_clear()
esttab(m1, replace=true) --> error: give it as using=
-- Files: each in its own temporary name.
base = os.tmpname()
function content(path) local f = io.open(path, "rb") local text = f:read("a") f:close() return text end
function count(text, part) local n, at = 0, 1 while true do local i = text:find(part, at, true) if not i then return n end n, at = n + 1, i + 1 end end
t = esttab(m1, using=base .. ".rtf")
print(content(base .. ".rtf"):sub(1, 6)) --> {\rtf1
esttab(m1, using=base .. ".rtf") --> error: is there already
t = esttab(m2, using=base .. ".rtf", append=true)
print(count(content(base .. ".rtf"), "fonttbl"), count(content(base .. ".rtf"), "\\trhdr")) --> 1	4
t = esttab(m1, using=base .. ".rtf", replace=true)
print(count(content(base .. ".rtf"), "\\trhdr")) --> 2
t = outreg2(m1, using=base .. ".doc", replace=true, ctitle="A", addtext={"City FE", "Yes"})
t = outreg2(m2, using=base .. ".doc", append=true, ctitle="B", addtext="City FE, No, Year FE, Yes", addstat={"F", 2.5})
print(row(t, "City FE"), row(t, "Year FE"), row(t, "F"), row(t, ",A")) --> City FE,Yes,No	Year FE,,Yes	F,,2.500	,A,B
print(row(t, "Observations"), t:text():find("*** p<0.01", 1, true) ~= nil) --> Observations,16,16	true
print(content(base .. ".doc"):sub(1, 6)) --> {\rtf1
outreg2(m1, using=base .. ".rtf", append=true) --> error: were not written in this session
outreg2(m1, using=base .. ".xls", replace=true) --> error: did you mean '.xlsx'?
outreg2(m1) --> error: using= is missing
outreg2(m1, using=base .. ".doc", addtext={"a"}) --> error: is there already
outreg2(m1, using=base .. ".doc", replace=true, addtext={"a"}) --> error: in turn
s = summarize(ser, gdp, file=base .. ".docx")
print(content(base .. ".docx"):sub(1, 2)) --> PK
s:save(base .. ".docx", append=true)
x = ttest(ser, by=treat, file=base .. ".xlsx")
x = anova(ser, type, file=base .. ".html")
x = tabulate(treat, file=base .. ".html", append=true)
print(count(content(base .. ".html"), "<table"), count(content(base .. ".html"), "</html>")) --> 2	1
etable(m1, file=base .. ".xlsx", append=true) --> error: save_tables(
print(etable(m1):docx():sub(1, 2), etable(m1):xlsx():sub(1, 2), etable(m1):rtf():sub(1, 5)) --> PK	PK	{\rtf
for _, ending in ipairs {"", ".rtf", ".doc", ".docx", ".xlsx", ".html"} do os.remove(base .. ending) end
