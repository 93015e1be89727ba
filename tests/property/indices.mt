-- Composite indices and location quotients.
local common = require "common"
math.randomseed(5)
local columns = { a = {}, b = {}, c = {}, year = {}, e1 = {}, e2 = {}, e3 = {} }
for i = 1, 120 do
  for _, k in ipairs { "a", "b", "c" } do columns[k][i] = math.random() * 10 - 2 end
  for _, k in ipairs { "e1", "e2", "e3" } do columns[k][i] = math.random() * 100 end
  columns.year[i] = 2001 + i % 4
end
local df = frame(columns)

-- weights sum to one, pooled and within years; scores lie in [0, 1]
local pooled = entropy_index(a, b, -c, data=df)
common.near(pooled.a.weight + pooled.b.weight + pooled.c.weight, 1, 1e-13, "weights")
local yearly = entropy_index(a, b, -c, by=year, name="y", data=df)
for y = 2001, 2004 do
  local m = yearly[tostring(y)]
  common.near(m.a.weight + m.b.weight + m.c.weight, 1, 1e-13, "weights of " .. y)
end
for _, column in ipairs { "entropy_index", "y" } do
  local s = summarize(column, data=df)[column]
  assert(s.min >= 0 and s.max <= 1 and s.N == 120)
end

-- by year is the same as each year alone
for y = 2001, 2004 do
  local one = entropy_index(a, b, -c, name="one", where="year == " .. y, replace=true, data=df)
  common.near(one.b.weight, yearly[tostring(y)].b.weight, 1e-13, "one year alone")
end

-- a cost is its negative; units do not matter
gen(m = -c, u = 100 + 7 * a, data=df)
local turned, moved = entropy_index(a, b, m, name="t", data=df), entropy_index(u, b, -c, name="v", data=df)
common.near(turned.m.weight, pooled.c.weight, 1e-12, "cost")
common.near(moved.u.weight, pooled.a.weight, 1e-10, "units")
gen(d1 = "abs(t - entropy_index)", d2 = "abs(v - entropy_index)", data=df)
assert(summarize(d1, data=df).d1.max < 1e-12 and summarize(d2, data=df).d2.max < 1e-12)

-- TOPSIS: minmax does not depend on units, the vector form not on the unit of a ratio scale
topsis(a, b, -c, scale="minmax", name="t1", data=df)
topsis(u, b, -c, scale="minmax", name="t2", data=df)
gen(e9 = 1000 * e1, data=df)
topsis(e1, e2, e3, scheme="equal", name="t3", data=df)
topsis(e9, e2, e3, scheme="equal", name="t4", data=df)
gen(d3 = "abs(t1 - t2)", d4 = "abs(t3 - t4)", data=df)
assert(summarize(d3, data=df).d3.max < 1e-12 and summarize(d4, data=df).d4.max < 1e-12)

-- PCA: shares sum to one, loadings have length one, the index has mean zero and the eigenvalue as variance
local pcs = pca_index(e1, e2, a, b, data=df)
local shares, length = 0, 0
for i = 1, 4 do shares = shares + pcs.shares[i] end
for _, k in ipairs { "e1", "e2", "a", "b" } do length = length + pcs[k].pc1 ^ 2 end
common.near(shares, 1, 1e-13, "shares"); common.near(length, 1, 1e-13, "length of loadings")
local s = summarize(pca_index, data=df).pca_index
common.near(s.sd ^ 2, pcs.eigenvalues[1], 1e-11, "variance"); assert(math.abs(s.mean) < 1e-13)

-- location quotients average to one with the regions' weights; wide and long agree
lq(e1, e2, e3, by=year, data=df)
gen(total = e1 + e2 + e3, data=df)
gen(q = lq_e1 * total / sum(total), by=year, data=df)
for y = 2001, 2004 do common.near(summarize(q, where="year == " .. y, data=df).q.sum, 1, 1e-12, "LQ mean") end
local long = { e = {}, industry = {}, region = {}, year = {}, want = {} }
for i = 1, 120 do
  for _, k in ipairs { "e1", "e2", "e3" } do
    table.insert(long.e, columns[k][i]); table.insert(long.industry, k); table.insert(long.region, "r" .. i); table.insert(long.year, columns.year[i])
    table.insert(long.want, df["lq_" .. k]:values()[i])
  end
end
local lf = frame(long)
lq(e, region=region, industry=industry, by=year, data=lf)
gen(d = "abs(lq - want)", data=lf)
assert(summarize(d, data=lf).d.max < 1e-12)
lq(e1, e2, e3, by=year, form="symmetric", name="sym", data=df)
gen(d5 = "abs(sym_e1 - (lq_e1 - 1) / (lq_e1 + 1))", data=df)
assert(summarize(d5, data=df).d5.max < 1e-14)
specialisation(e1, e2, e3, by=year, data=df)
local k = summarize(specialisation, data=df).specialisation
assert(k.min >= 0 and k.max <= 2 and k.N == 120)

-- coupling: D² = C T, and C of equal systems is one
coupling(e1, e2, data=df)
gen(d6 = "abs(coupling_D ^ 2 - coupling_C * coupling_T)", data=df)
assert(summarize(d6, data=df).d6.max < 1e-14)
coupling(e1, e1 * 2 + 1, name="same", data=df)
common.near(summarize(same_C, data=df).same_C.min, 1, 1e-12, "equal systems")
