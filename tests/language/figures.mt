-- Figures of a user's own: layers, panels, options; what they refuse.
use "towns.csv"
f = scatter(ser ~ gdp)
print(f) --> figure
print(scatter(ser ~ gdp, title="Towns")) --> figure: Towns
g = figure({"scatter", ser ~ gdp, color="red"}, {"lfit", ser ~ gdp, ci=true}, {"hline", 1.5, label="mean"}, title="Both")
print(g) --> figure: Both
print(figure(f, line(ser ~ gdp))) --> figure
print(figure{"scatter", ser ~ gdp}) --> figure
print(figure({"line", ser ~ year, over=town}, by=type, hline=2)) --> figure
print(bar(ser, over={town, year}, ci=true), bar(over=town), bar(ser, gdp)) --> figure	figure	figure
print(histogram(ser, bins=4, normal=true), kdensity(ser, over=treat), boxplot(ser, over=town)) --> figure	figure	figure
print(histogram(log(ser), width_of_bins=0.25, stat="percent", kdensity=true)) --> figure
print(errorbar(ser ~ year, low=ser - 1, high=ser + 1), band(ser ~ year, low=ser - 1, high=ser + 1)) --> figure	figure
print(area(ser ~ year), connected(ser ~ year, over=town), lowess(ser ~ gdp), qfit(ser ~ gdp)) --> figure	figure	figure	figure
print(scatter(ser ~ gdp, xlog=true, ylog=true, xlim={1, 100}, legend=false, fit="quadratic")) --> figure
scatter(ser) --> error: scatter takes a formula with one variable on either side
scatter(ser ~ year:treat) --> error: scatter takes a formula
scatter(ser ~ gdp, color="bleu") --> error: there is no colour 'bleu'
scatter(ser ~ gdp, color="bleu") --> error: did you mean 'blue'?
figure({"scater", ser ~ gdp}) --> error: there is no kind of figure 'scater'
figure({"scatter", ser ~ gdp, by=town}) --> error: option 'by' belongs to the figure, not to a layer
figure({"scatter", ser ~ gdp, colour="red"}) --> error: unknown option 'colour'; did you mean 'color'?
figure(f, by=town) --> error: a figure that is drawn already has no panels by town
figure(1) --> error: a layer is a list or a figure, not the number 1
figure() --> error: argument 'layers' (a value) is missing
scatter(ser ~ gdp, xlim={3, 1}) --> error: xlim takes two numbers, the lower first
scatter(ser ~ gdp, xlog=true, xlim={0, 1}) --> error: xlim begins at or below zero, which a logarithmic axis has not
bar(ser, over=town, ylog=true) --> error: bars begin at zero, which a logarithmic axis has not
bar(ser, stat="meen") --> error: there is no statistic 'meen'
bar() --> error: bar needs a variable, or over=
bar(ser ~ town) --> error: two rows stand at
histogram(ser, legend="left") --> error: legend takes "top", "right", "bottom", true or false, not 'left'
histogram(ser, bins=3, width_of_bins=1) --> error: bins= and width_of_bins= both say how wide a bin is
errorbar(ser ~ year) --> error: low= and high= say how far it reaches
lfit(ser ~ treat*0) --> error: needs as many different values of x
f:save("no_such_folder/x.svg") --> error: no_such_folder
-- Stata's statements.
quietly twoway (scatter ser gdp, mcolor(red)) (lfit ser gdp), title("Both") xtitle("GDP") by(treat)
quietly scatter ser gdp if year > 2011, by(treat)
quietly histogram ser, bin(5) frequency normal
quietly graph bar (mean) ser, over(town)
twoway (scater ser gdp) --> error: twoway scater is not supported
twoway (scatter ser gdp, colour(red)) --> error: unknown option 'colour'
graph pie ser --> error: graph pie is not supported
-- Columns with the names of kinds of figures stay columns.
gen(line = ser, bar = gdp)
print(ols(line ~ bar).depvar) --> line
