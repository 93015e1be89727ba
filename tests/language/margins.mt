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
margins, eyex(x) --> error: elasticities (eyex) are not supported
margins, dydx(x) vce(unconditional) --> error: vce(unconditional) is not supported
margins, dydx(x) post --> error: margins: post is not supported

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
