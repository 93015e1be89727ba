-- Why two-way fixed effects mislead when treatment is staggered: README.md tells the story.
use(here "data/staggered.csv")
local out = folder(here "output")
panel(town, year)
gen(treated = "start > 0 and year >= start")

-- 1. The truth, which only made-up data tell: the mean effect over treated town-years.
print("true average effect", summarize(effect, where="treated == 1").effect.mean)

-- 2. What two-way fixed effects say.
m = did(y ~ treated, fe=town+year)
print(m)

-- 3. What they are an average of.
b = bacon(y ~ 1, cohort=start)
print(b)
b:plot{file=out .. "/staggered_bacon.svg"}
w = twfe_weights(y ~ 1, cohort=start)
print(w)
w:plot{file=out .. "/staggered_weights.svg"}

-- 4. Estimators that keep the cohorts apart.
c = compare_did(y ~ 1, cohort=start, file=out .. "/staggered_compare.md", figure=out .. "/staggered_compare.svg")
print(c)

-- 5. The event study of each: leads of two-way fixed effects see effects of other cohorts.
a = att_gt(y ~ 1, cohort=start, base="universal", reps=999, seed=1):aggte("dynamic")
print(a)
a:plot(file=out .. "/staggered_event_study.svg")
