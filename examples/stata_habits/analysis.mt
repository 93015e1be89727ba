-- The three do-files, one after the other. What they write goes to output/.
local out = folder(here "output")
do "data_work.do"
do "baseline.do"
do "robustness.do"
print("Tables and figures are in " .. out)
