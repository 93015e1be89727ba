-- margins: predictions and effects, at(), over(), atmeans; marginsplot; predict after it.
use(frame{ y = {1, 3, 2, 5, 4, 8, 6, 9, 7, 12, 9, 14}, x = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, g = {1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3},
           d = {0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 1, 0}, city = {"A", "A", "B", "B", "C", "C", "A", "A", "B", "B", "C", "C"} })
local function near(a, b) print(math.abs(a - b) <= 1e-9 * math.max(1, math.abs(b))) end
margins, dydx(x) --> error: there is no estimate for margins

quietly reg y x i.g
m = margins(dydx="*")
local b = last_estimate().coef
near(m.x.estimate, b.x) --> true
near(m["g::2"].estimate, b["i.g::2"]) --> true
near(m["g::2"].se, last_estimate().se["i.g::2"]) --> true
print(#m) --> 3
m = margins "g"
near(m["g=2"].estimate - m["g=1"].estimate, b["i.g::2"]) --> true
near(m["g=1"].estimate, b._cons + 6.5 * b.x) --> true
near(margins()._cons.estimate, 80 / 12) --> true
near(margins(at={x=0, g=3})["x=0 g=3"] == nil and 0 or margins(at={x=0, g=3})["g=3 x=0"].estimate, b._cons + b["i.g::3"]) --> error: no margin 'x=0 g=3'
near(margins(at={x=0, g=3})["g=3 x=0"].estimate, b._cons + b["i.g::3"]) --> true
margins h --> error: 'h' is no variable of the estimate
margins x --> error: 'x' is no factor of the estimate
margins, dydx(z) --> error: 'z' is no variable of the estimate
print(margins(at={g=7})["g=7"]) --> nil
margins g#g --> error: 'g' stands twice in 'g#g'
margins, at(x=1 x=2) --> error: at() names 'x' twice
margins g, at(g=1) --> error: 'g' stands before the comma and in at()
margins, at(x) --> error: at() takes NAME=value, not 'x'
margins, dydx(x) eyex(x) --> error: are two questions
margins, eyex(g) --> error: eyex() takes numbers, and 'g' is a factor
margins, expression(x) --> error: margins: expression is not supported
margins, predict(pr) --> error: 'reg' predicts no probability
margins, at((mean) g) --> error: 'g' is a factor and has no mean
margins, at((mode) x) --> error: no statistic 'mode'
margins r.g#d --> error: 'd' is no variable of the estimate
margins, pwcompare --> error: pwcompare needs factors
margins g, mcompare(bonferroni) --> error: mcompare is not supported
margins, dydx(x) vce(unconditional) --> error: vce(unconditional) is not supported

-- elasticities, contrasts, several at(), statistics in at(), post
m = margins(eyex="x", at={x=4, g=1})
near(m["x at g=1 x=4"].estimate, 4 * b.x / (b._cons + 4 * b.x)) --> true
near(margins(eydx="g", atmeans=true)["g::2"].estimate, math.log((b._cons + 6.5 * b.x + b["i.g::2"]) / (b._cons + 6.5 * b.x))) --> true
near(margins(dyex="x").x.estimate, 6.5 * b.x) --> true
m = margins "r.g"
near(m["g=3 vs 1"].estimate, b["i.g::3"]) --> true
near(m["g=3 vs 1"].se, last_estimate().se["i.g::3"]) --> true
near(m.tests[1].statistic, last_estimate():test("i.g::2", "i.g::3").statistic) --> true
near(margins("ar.g")["g=3 vs 2"].estimate, b["i.g::3"] - b["i.g::2"]) --> true
near(margins("a.g")["g=1 vs 2"].estimate, -b["i.g::2"]) --> true
near(margins("g.g")["g=1 vs mean"].estimate, -(b["i.g::2"] + b["i.g::3"]) / 3) --> true
m = margins("g", pwcompare=true)
print(#m, #m.tests) --> 3	0
near(m["g=3 vs 2"].estimate, b["i.g::3"] - b["i.g::2"]) --> true
print(#margins("r.g", nowald=true).tests) --> 0
near(margins(at="(mean) x g=1")["x=(mean) g=1"].estimate, b._cons + 6.5 * b.x) --> true
near(margins(at="(p50) x g=1")["x=(p50) g=1"].estimate, b._cons + 6.5 * b.x) --> true
near(margins(at="(mean) _all")._cons == nil and 0 or margins(at="(mean) _all")["x=(mean)"].estimate, 80 / 12) --> error: no margin '_cons'
near(margins(at="(mean) _all")["x=(mean)"].estimate, 80 / 12) --> true
m = margins(dydx="x", factors={"g"})
near(m["x at g=2"].estimate, b.x) --> true
local fit = last_estimate()
quietly margins g, at(x=1) at(x=2) post
quietly lincom 2._at#2.g - 1._at#2.g
near(last_estimate():lincom("i._at::2:i.g::2 - i._at::1:i.g::2").estimate, b.x) --> true
near(last_estimate():lincom("i._at::2:i.g::2 - i._at::1:i.g::2").se, fit.se.x) --> true
margins --> error: 'margins' does not
quietly reg y x i.g

-- a given base, powers, logs, products
local m1 = reg("y ~ x + x^2 + i(g, ref=2)")
b = last_estimate().coef
near(margins(dydx="x").x.estimate, b.x + 2 * 6.5 * b["x^2"]) --> true
near(margins(dydx="x", at={x=3})["x at x=3"].estimate, b.x + 6 * b["x^2"]) --> true
near(margins(dydx="g")["g::1"].estimate, b["i(g)::1"]) --> true
local m2 = ols("y ~ log(x) + d:x + city")
b = last_estimate().coef
m = margins(dydx="x")
local expected = 0
for i = 1, 12 do expected = expected + b["log(x)"] / i / 12 + b["d:x"] * data().d[i] / 12 end
near(m.x.estimate, expected) --> true
near(margins(dydx="city")["city::B"].estimate, b["city::B"]) --> true

-- over(), if, atmeans: interactions are products of means
quietly reg y c.x##i.d
b = last_estimate().coef
near(margins(dydx="x", over=d)["x over d=1"].estimate, b.x + b["x:i.d::1"]) --> true
near(margins(dydx="x", atmeans=true).x.estimate, b.x + 0.5 * b["x:i.d::1"]) --> true
near(margins("d", atmeans=true)["d=1"].estimate, b._cons + b["i.d::1"] + 6.5 * (b.x + b["x:i.d::1"])) --> true
margins d if x > 100 --> error: no row of the sample is left
quietly margins d, at(x=(1(5)11))
quietly marginsplot, title("By treatment")
marginsplot, nosuch(1) --> error: unknown option 'nosuch'

quietly reg y c.x##d
b = last_estimate().coef
near(margins("d")["d=1"].estimate - margins("d")["d=0"].estimate, b.d + 6.5 * b["x:d"]) --> true

-- combinations that no row has are not estimable
quietly reg y i.g#i.d
print(margins("g#d")["g=1 d=0"].estimate ~= nil) --> true

-- absorbed effects: levels need a constant, effects do not
local m3 = feols("y ~ x + d | city")
near(margins(dydx="x").x.estimate, last_estimate().coef.x) --> true
margins --> error: levels are not known without the absorbed effects
predict se, stdp --> error: stdp is not supported with absorbed effects

-- stdp: sqrt(x'Vx)
quietly reg y x d
predict se, stdp
local v = last_estimate().vcov
local x, d = data().x[3], data().d[3]
near(data().se[3]^2, v._cons._cons + x * x * v.x.x + d * d * v.d.d + 2 * (x * v._cons.x + d * v._cons.d + x * d * v.x.d)) --> true

-- probabilities: means of F(x'b), by hand
quietly logit d x
b = last_estimate().coef
local function F(z) return 1 / (1 + math.exp(-z)) end
local mean, slope = 0, 0
for i = 1, 12 do
  local p = F(b._cons + b.x * i)
  mean, slope = mean + p / 12, slope + p * (1 - p) * b.x / 12
end
near(margins()._cons.estimate, mean) --> true
near(margins(dydx="x").x.estimate, slope) --> true
local e = last_estimate()
near(margins(dydx="x", predict="xb").x.estimate, b.x) --> true
near(margins(at={x=3})["x=3"].estimate, F(b._cons + 3 * b.x)) --> true
quietly margins, at(x=(1 6 12))
quietly marginsplot, noci recast(line) level(90) xdimension(x) yline(0.5)
marginsplot, xdimension(g) --> error: 'g' is no dimension of the margins
marginsplot, recast(pie) --> error: recast(pie) is not supported
marginsplot, horizontal --> error: horizontal is not supported
print(#e.names) --> 2
near(margins(dydx="x", result=e).x.se, ame(e).se.x) --> true
