-- Verbs on values: what must hold whatever the numbers are.
local function near(a, b, what) assert(math.abs(a - b) <= 1e-9 * math.max(1, math.abs(b)), what .. ": " .. a .. " and " .. b) end
local function same(a, b, what)
  local x, y = data()[a]:values(), data()[b]:values()
  for i = 1, #x do assert(x[i] == y[i] or (x[i] ~= x[i] and y[i] ~= y[i]), what .. ", row " .. i .. ": " .. tostring(x[i]) .. " and " .. tostring(y[i])) end
end

-- A frame of 60 units over 20 years, with holes, from a fixed linear congruence.
local state = 42
local function draw() state = (state * 1103515245 + 12345) % 2147483648; return state / 2147483648 end
local units, times, xs, words = {}, {}, {}, {}
for u = 1, 60 do for t = 1, 20 do
  local i = #units + 1
  units[i], times[i] = u, 2000 + t
  xs[i] = draw() < 0.1 and 0/0 or math.exp(2 * draw()) * u
  words[i] = ({"a", "b", "c d", "é", ""})[1 + math.floor(5 * draw())]
end end
local f = frame { unit = units, time = times, x = xs, word = words }
use(f)
panel(unit, time)

-- decode(encode) and destring(tostring) give back what went in; recode by its inverse too.
encode(word, generate="code")
decode(code, generate="word2")
same("word", "word2", "decode(encode)")
to_string(x, generate="written")
destring(written, generate="x2")
same("x", "x2", "destring(tostring)")
gen(k = "mod(time, 5)")
recode(k, "0=10 1=11 2=12 3=13 4=14", generate="k2")
recode(k2, "10=0 11=1 12=2 13=3 14=4")
same("k", "k2", "recode and back")

-- Winsorising keeps order, changes only what lies beyond the cuts, and does not care about row order or units.
local w = winsor(x, cuts={10, 90})
for i = 1, #data() do
  local a, b = data().x[i], data().x_w[i]
  assert(a ~= a or (b >= w.x.low and b <= w.x.high and (a == b or a < w.x.low or a > w.x.high)), "winsor row " .. i)
end
gen(scaled = 1000 * x)
local scaled = winsor(scaled, cuts={10, 90})
near(scaled.scaled.low, 1000 * w.x.low, "winsor scales")
winsor(x, cuts={0, 100}, suffix="_all")
same("x", "x_all", "cuts at 0 and 100 change nothing")
-- By groups: as each group alone.
winsor(x, cuts={20, 80}, by=unit, suffix="_by")
winsor(x, cuts={20, 80}, where="unit == 7", suffix="_7")
for i = 1, #data() do if data().unit[i] == 7 then local a, b = data().x_by[i], data().x_7[i]; assert(a == b or a ~= a) end end

-- Standardized: mean 0, sd 1 within groups; a linear change of units does nothing.
standardize(x, by=unit)
gen(y = 5 - 3 * x)
standardize(y, by=unit)
for i = 1, #data() do local a, b = data().x_z[i], data().y_z[i]; assert(a ~= a or math.abs(a + b) < 1e-9, "standardize row " .. i) end
gen(m = mean(x_z), s = sd(x_z), by=unit)
for i = 1, #data() do near(data().m[i], 0, "mean"); near(data().s[i], 1, "sd") end
center(x, by=unit)
minmax(x, by=unit)
gen(low = min(x_01), high = max(x_01), by=unit)
check "low == 0 and high == 1"

-- Interpolation returns a straight line to itself, log interpolation constant growth.
gen(line = "cond(missing(x), x, 3 + 2*time)", power = "cond(missing(x), x, exp(0.1*(time - 2000)))")
interpolate(line, ends="extrapolate", flag="_filled")
interpolate(power, method="log", ends="extrapolate")
for i = 1, #data() do near(data().line[i], 3 + 2 * data().time[i], "line"); near(data().power[i], math.exp(0.1 * (data().time[i] - 2000)), "power") end
check "line_filled == missing(x)"

-- Growth: products of 1 + rate give back the series; log rates are logs of them.
growth(power, generate="g")
growth(power, kind="log", generate="gl")
check("abs(log(1 + g) - gl) < 1e-12", missing="pass")
check "missing(g) == (time == 2001)"
local means = growth(power)
near(means["1"].arith, math.exp(0.1) - 1, "arithmetic"); near(means["1"].geo, math.exp(0.1) - 1, "geometric"); near(means["1"].cagr, math.exp(0.1) - 1, "CAGR")

-- Deflating to two bases differs by a constant factor; the base year stays.
gen(cpi = 100 * 1.03^(time - 2000), pace = 103)
deflate(line, index=cpi, base=2005)
deflate(line, index=cpi, base=2015, suffix="_15")
deflate(line, index=pace, base=2005, chained=true, suffix="_chain")
for i = 1, #data() do
  near(data().line_15[i] / data().line_real[i], 1.03^10, "bases")
  near(data().line_chain[i], data().line_real[i], "chained")
  if data().time[i] == 2005 then near(data().line_real[i], data().line[i], "base year") end
end

-- Dates: parts put together again, whatever the day.
gen(day = "date('1999-11-28') + 37*_n")
gen(day2 = "ymd(year(day), month(day), day(day))", day3 = "date(format(day, '%d.%m.%Y'), 'dmy')", day4 = "date(format(day, '%Y-%j'), '%Y-%j')")
check "day == day2 and day == day3 and day == day4"
check "start_of(day, 'week') + weekday(day) - 1 == day and weekday(start_of(day, 'week')) == 1"
check "start_of(add_months(start_of(day, 'month'), 1), 'month') == end_of(day, 'month') + 1"
check "add_months(day, 0) == day and months_between(start_of(day, 'month'), add_months(start_of(day, 'month'), 17)) == 17"

-- match_names: a list matches itself exactly; a shuffled, decorated one by its normalized names.
local plain, decorated = {"Hangzhou", "Ningbo", "Wenzhou", "Huzhou"}, {"huzhou city", "WENZHOU", "Ｎｉｎｇｂｏ", "Hang-zhou"}
local own = match_names(plain, plain)
for i = 1, 4 do assert(own.how[i] == "exact" and own.b[i] == plain[i]) end
local cross = match_names(plain, decorated)
for i = 1, 4 do assert(cross.how[i] == "normalized" and cross.b[i] == decorated[5 - i], cross.how[i]) end

-- adopt: event time is time minus cohort, treated from the cohort on.
local rollout = frame { unit = {3, 5, 9}, effective = {"2005-03-01", "2010-07-01", "2012-12-31"} }
adopt(rollout, rule="half_year")
check("event_time == time - cohort", missing="pass")
check "treated == cond(missing(cohort), 0, time >= cohort)"
check "missing(cohort) != (unit in {3, 5, 9})"
