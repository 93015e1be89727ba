-- Few clusters, matching, synthetic control, mediation, heterogeneity: truths that hold whatever the numbers are, and refusals.
local function near(a, b, tol) return math.abs(a - b) <= (tol or 1e-8) * math.max(1, math.abs(b)) end
math.randomseed(42)
local function normal() return math.sqrt(-2 * math.log(1 - math.random())) * math.cos(2 * math.pi * math.random()) end

-- a panel of 24 units in 8 groups, 9 periods; half the groups treated from period 6 on, effect 2
do
local unit, time, group, d, x, y, m_, late = {}, {}, {}, {}, {}, {}, {}, {}
for i = 1, 24 do
  local a = normal()
  for t = 1, 9 do
    local k = #unit + 1
    unit[k], time[k], group[k], late[k] = i, t, i % 8 + 1, i % 2
    d[k] = (i % 8 < 4 and t >= 6) and 1 or 0
    x[k] = normal() + a
    m_[k] = 0.8 * d[k] + 0.3 * x[k] + normal()
    y[k] = a + 0.1 * t + 2 * d[k] + 0.5 * m_[k] + 0.4 * x[k] + normal()
  end
end
f = frame{ unit = unit, time = time, g = group, d = d, x = x, y = y, m = m_, late = late }
end
local quiet = panel("unit", "time", data=f)
fit = feols(y ~ d + x, fe="unit + time", vcov="cluster g", data=f)

-- wild bootstrap: all 256 sign vectors; the interval holds what is not rejected
b = boottest(fit, "d", reps=999)
print(b.draws_used, #b.draws, b.p <= 1, b.low < b.estimate and b.estimate < b.high) --> 256.0	256	true	true
print(near(b.t, fit.t.d, 1e-6), near(boottest(fit, "d = " .. string.format("%.17g", fit.coef.d), reps=999, ci=false).t, 0, 1e-9)) --> true	true
print(boottest(fit, "d = " .. (b.low + 1e-6), reps=999, ci=false).p > 0.05, boottest(fit, "d = " .. (b.low - 1e-4), reps=999, ci=false).p <= 0.05) --> true	true
print(boottest(fit, "d", type="webb", reps=399, seed=7).p == boottest(fit, "d", type="webb", reps=399, seed=7).p) --> true
wcu = boottest(fit, "d", null=false, reps=999) -- 8 clusters: all 256 sign vectors, and the effect is far from 0
print(wcu.p * 256 == math.floor(wcu.p * 256), wcu.p < 0.05) --> true	true
boottest(fit, "d = x = 0") --> error: takes one restriction
boottest(fit, "z") --> error: no coefficient 'z'
boottest(feols(y ~ d, data=f), "d") --> error: needs clusters
boottest(fit, "d", cluster=nowhere) --> error: nowhere

-- CR3 is the jackknife over clusters
local sum, G = 0, 8
for k = 1, G do
  local without = feols(y ~ d + x, fe="unit + time", where="g != " .. k, data=f)
  sum = sum + (without.coef.d - fit.coef.d) ^ 2
end
print(near(crv(fit, "cr3").se.d, math.sqrt((G - 1) / G * sum), 1e-7)) --> true
r = cluster_report(fit, "d")
print(r.clusters, r.effective <= 8.0001, #r.frame, r.without_min <= r.without_max) --> 8.0	true	8	true
print(crv(fit).df_coef.d < 7.5, crv(fit).se.d > 0) --> true	true
cr2 = feols(y ~ d + x, fe="unit + time", vcov="cr2", cluster=g, data=f)
print(cr2.se.d == crv(fit).se.d, cr2.df_coef.x == crv(fit).df_coef.x, cr2.vcov_label) --> true	true	CR2, clustered by g (8)
alone = feols(y ~ d, vcov="cr2 g", data=f)
print(near(alone.F_p, alone.p.d, 1e-12), alone.df_coef.d ~= alone.df_coef._cons) --> true	true
print(near(fit:vcov_as("cr3 g").se.d, crv(fit, "cr3").se.d, 1e-12)) --> true
one = cr2:lincom("d")
print(near(one.p, cr2.p.d, 1e-9), cr2:lincom("d + x").p ~= nil) --> true	true
print(feols(y ~ d + x, fe="g + time", vcov="cr2", data=f).vcov_label) --> CR2, clustered by g (8)
feols(y ~ d + x, vcov="cr2", data=f) --> error: by the first fixed effect
feols(y ~ d + x, vcov="cr2 g unit", data=f) --> error: takes one cluster variable
feols(y ~ d + x, vcov="hetero", cluster=g, data=f) --> error: both vcov= and cluster= are given
logit(late ~ x, vcov="cr2 g", data=f) --> error: is for least squares
crv(fit, "cr9") --> error: no type 'cr9'

-- two ways of clustering: 8 clusters of units times 9 periods, weights by g
two = boottest(fit, "d", cluster="g + time", reps=999)
print(two.clusters, two.draws_used, two.se > 0) --> 8.0	256.0	true
print(near(two.t, fit:vcov_as("cluster g time").t.d, 1e-6)) --> true
print(boottest(fit, "d", cluster="g + time", bootcluster=time, reps=999, seed=1).clusters) --> 9.0

-- the sample in parts: a list that prints as a table; the parts' fits are those of where=
parts = feols(y ~ d + x, fe="unit + time", vcov="cluster g", split=late, data=f)
print(#parts, parts[2].coef.d == feols(y ~ d + x, fe="unit + time", where="late == 1", data=f).coef.d) --> 2	true
whole = did(y ~ d + x, fe="unit + time", fsplit="x > 0", keep_singletons=true, data=f)
print(#whole, whole[1].nobs, whole[2].nobs + whole[3].nobs) --> 3	216	216
print(etable(parts):csv():match("late")) --> late
same = split_test(parts, x="d")
by_hand = heterogeneity(y ~ d + x, by=late, fe="unit + time", vcov="cluster g", data=f)
print(near(same.wald, by_hand.wald, 1e-12), near(same.difference, parts[2].coef.d - parts[1].coef.d, 1e-12)) --> true	true
print(split_test(parts, x="d", reps=19, seed=2).p_permutation == split_test(parts, x="d", reps=19, seed=2).p_permutation) --> true
drawn_parts = did(y ~ d + x, fe="unit + time", by=late, data=f)
print(#drawn_parts) --> 2
feols(y ~ d, split=late, fsplit=late, data=f) --> error: both split= and fsplit= are given
feols(y ~ d, split="unit > 0", data=f) --> error: fewer than two values
feols(y ~ d, split=x, data=f) --> error: too many groups
split_test({}) --> error: the list that split= makes

-- randomisation and several hypotheses
-- 4 of 8 clusters are treated: 70 assignments, of which only the one seen and its mirror are as far from 0
drawn = ri(fit, assign="cluster", cluster=g, reps=999, seed=3)
print(drawn.p > 0.005, drawn.p < 0.1) --> true	true
ri(fit, assign="strata") --> error: needs to know them
print(assignment.units(within=late), assignment.timing(from=2, to=7)) --> assignment: units within late	assignment: dates of the treated units, uniform from 2 to 7
print(ri(fit, assign=assignment.clusters(g), reps=99, seed=3).p == ri(fit, assign="cluster", cluster=g, reps=99, seed=3).p) --> true
print(placebo(fit, reps=9, seed=1, assign=assignment.units()).p == placebo(fit, reps=9, seed=1).p) --> true
print(#placebo(fit, reps=9, seed=1, assign=assignment.rollout(from=4, to=8)).draws) --> 9
ri(fit, assign=assignment.timing(dates="permute")) --> error: no dates can change places
ri(fit, assign=assignment.timing(from=40)) --> error: no period after the first lies between
assignment.timing(dates="permute", from=3) --> error: keeps those observed
ri(fit, assign=assignment.units(), strata=late) --> error: is a design
ri(fit, assign="units") --> error: knows no 'units'
rw = romano_wolf(fit, feols(m ~ d + x, fe="unit + time", vcov="cluster g", data=f), x="d", reps=999)
print(#rw.p, rw.romano_wolf[1] >= rw.p[1] - 1 / 257, rw.romano_wolf[2] >= rw.p[2] - 1 / 257) --> 2	true	true
q = qvalues({0.01, 0.02, 0.03, 0.04, 0.05})
print(string.format("%.2f %.2f %.4f", q.holm[1], q.bh[1], q.q[1])) --> 0.05 0.05 0.0527
qvalues({1.5}) --> error: between 0 and 1

-- omitted variables
s = sensitivity(fit, "d", benchmark="x", kd=1)
print(s.rv > 0 and s.rv < 1, s.rv_alpha <= s.rv) --> true	true
sensitivity(fit, "nothing") --> error: no coefficient 'nothing'
o = oster(feols(y ~ d + x, data=f), "d")
print(near(o.coef, feols(y ~ d + x, data=f).coef.d, 1e-9)) --> true
print(near(oster(feols(y ~ d + x, data=f), "d", beta=o.beta).delta, 1, 1e-6)) --> true
oster(feols(y ~ d, data=f), "d") --> error: there is no control

-- logit on a 2×2 table: log odds ratio; the effect is the difference of shares
g2 = frame{ w = {1, 1, 1, 1, 0, 0, 0, 0, 0, 0}, z = {1, 1, 1, 0, 1, 1, 0, 0, 0, 0}, sep = {1, 1, 1, 0, 1, 1, 0, 0, 0, 0} }
l = logit(z ~ w, data=g2)
print(near(l.coef.w, math.log((3 / 1) / (2 / 4))), near(ame(l).coef.w, 3 / 4 - 2 / 6), near(l:predict("pr"):values()[1], 0.75)) --> true	true	true
logit(z ~ sep, data=g2) --> error: predicted perfectly by 'sep'
logit(y ~ x, data=f) --> error: is not 0 or 1

-- matching: y = 2 treat + x exactly, so that exact strata give 2; entropy balancing equalises means
do
local tr, xx, yy = {}, {}, {}
for i = 1, 60 do
  xx[i] = i % 3
  tr[i] = (i % 7 < 2 + xx[i]) and 1 or 0
  yy[i] = 2 * tr[i] + xx[i]
end
h = frame{ t = tr, x = xx, y = yy }
end
print(match(t ~ x, y=y, method="exact", data=h).estimate, match(t ~ x, y=y, replace=true, ties=true, data=h).estimate) --> 2.0	2.0
print(near(match(t ~ x, y=y, method="exact", estimand="ate", data=h).estimate, 2)) --> true
e = ebalance(t ~ x, y=y, data=h)
print(near(e.estimate, 2), near(e.x.difference, 0, 1e-8)) --> true	true
print(near(teffects(y ~ x, t ~ x, method="aipw", data=h).coef.ATE, 2, 1e-9)) --> true
match(y ~ x, data=h) --> error: is not 0 or 1
match(t ~ x, method="radius", data=h) --> error: radius matching needs a caliper
match(t ~ x, method="cem", k=2, data=h) --> error: k= means nothing for method="cem"
match(t ~ x, nn=2, data=h) --> error: give y=
print(match(t ~ x, y=y, method="subclass", subclasses=2, common=true, data=h).off_support) --> 0.0
match(t ~ x, y=y, caliper=0.1, method="mahalanobis", data=h) --> error: caliper on Mahalanobis distances

-- counterfactuals without noise: every method finds the effect
do
local u2, t2, d2, add, mix, fac = {}, {}, {}, {}, {}, {}
for i = 1, 7 do
  for t = 1, 12 do
    local k = #u2 + 1
    u2[k], t2[k] = i == 1 and "treated" or "c" .. i, t
    d2[k] = (i == 1 and t > 8) and 1 or 0
    add[k] = i * i + math.sin(t) + 3 * d2[k]
    fac[k] = i + 0.1 * t + (i + 1) * math.cos(1.3 * t) + 3 * d2[k]
    local function path(j) return math.sin(j * t) + j * 0.2 * t end
    mix[k] = i == 1 and (0.3 * path(2) + 0.7 * path(3) + 3 * d2[k]) or path(i)
  end
end
p = frame{ unit = u2, time = t2, d = d2, add = add, fac = fac, mix = mix }
end
quiet = panel("unit", "time", data=p)
for _, method in ipairs{ "sdid", "did" } do
  assert(near(sdid(add ~ 1, treat=d, method=method, vce="none", data=p).estimate, 3, 1e-6), method)
end
sy = synth(mix ~ 1, treated="treated", at=9, placebo=false, leave_one_out=false, data=p)
print(near(sy.estimate, 3, 1e-4), near(sy.weights.c2, 0.3, 1e-3), near(sy.weights.c3, 0.7, 1e-3)) --> true	true	true
print(near(gsynth(fac ~ 1, treat=d, factors=1, reps=0, data=p).estimate, 3, 1e-6)) --> true
print(near(panel_approach(mix ~ 1, treat=d, max=2, data=p).estimate, 3, 1e-6)) --> true
print(near(mcpanel(add ~ 1, treat=d, lambda=100, data=p).estimate, 3, 1e-5)) --> true
synth(mix ~ 1, treated="nobody", at="9", data=p) --> error: no unit is called 'nobody'
sdid(mix ~ 1, treat="time > 8", data=p) --> error: never treated
sdid(mix ~ 1, treat=d, vce="jackknife", data=p) --> error: one treated unit
gsynth(fac ~ 1, treat=d, factors=20, data=p) --> error: too many

-- mediation: total = direct + indirect on one sample
me = mediate(y ~ d + x, mediator=m, fe="unit + time", vcov="cluster g", reps=99, seed=5, data=f)
print(near(me.total, me.direct + me.indirect), me.low < me.high, near(me.indirect, me.a * me.b)) --> true	true	true
mediate(y ~ d, data=f) --> error: option 'mediator' is missing

-- groups and moderators: slopes do not depend on centring
he = heterogeneity(y ~ d + x, by=late, fe="unit + time", vcov="cluster unit", reps=19, seed=1, data=f)
print(near(he.estimates["0"], feols(y ~ d + x, fe="unit + time", where="late == 0", data=f).coef.d), he.p_permutation >= 0.05) --> true	true
heterogeneity(y ~ d, by="unit > 0", data=f) --> error: fewer than two values
mo = moderate(y ~ m, x=d, z=x, fe="unit + time", at={0, 1}, data=f)
mn = moderate(y ~ m, x=d, z=x, scale="none", fe="unit + time", at={0, 1}, data=f)
print(near(mo.slopes["1"], mn.slopes["1"], 1e-7), near(mo.interaction, mn.interaction, 1e-7)) --> true	true
rb = robust(y ~ d + x, fe="unit + time", vcov="cluster g", drop={"x"}, windows={"time >= 2"}, lag=true, outcomes={"m"}, data=f)
print(#rb.estimates, near(rb.estimates[1], fit.coef.d)) --> 5	true
