-- The four do-files, one after the other. What they write goes to output/.
local out = folder(here "output")
do "data_work.do"
do "baseline.do"
do "robustness.do"
do "event_study.do"
print("Tables and figures are in " .. out)
