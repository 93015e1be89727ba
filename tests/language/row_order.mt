-- Bug: predictions and residuals taken after a sort were put into the rows by position: p + r - y had a spread of 0.37.
df = frame{x={1, 2, 3, 4, 5, 6}, y={1.1, 2.3, 2.9, 4.2, 5.1, 5.8}}
m = ols(y ~ x, data=df)
df:sort(-y)
df.p = m:predict()
df.r = m:residuals()
df.d = "abs(p + r - y)"
print(df.d:values()[1] < 1e-12, df.d:values()[6] < 1e-12) --> true	true
-- Columns of the same rows in different orders find each other in arithmetic.
z = m:predict() + m:residuals() - df.y
print(math.abs(z[1]) < 1e-12, math.abs(z[6]) < 1e-12) --> true	true
-- Kept rows take their own values; rows that were not there when the values were computed are an error.
df:keep("x > 2")
df.q = m:predict()
print(math.abs(df.q[1] - df.p[1]) < 1e-12, #df) --> true	4
small = df[{1, 2}]
n = ols(y ~ 1, data=small)
df.s = n:fitted() --> error: 2 rows of the frame are not in it
-- Another frame of the same length keeps its own order.
other = frame{w={1, 2, 3, 4}}
other.v = df.x
print(other.v[1] == df.x[1]) --> true
-- The same for data read from a file.
use "towns.csv"
t = ols(ser ~ gdp)
sort(-ser)
gen(whole = t:predict() + t:residuals())
gen(off = "abs(whole - ser)")
print(data().off[1] < 1e-12, data().off[16] < 1e-12) --> true	true
keep "town > 2"
gen(r = t:residuals(), p = t:predict())
gen(off2 = "abs(r + p - ser)")
print(#data(), data().off2[1] < 1e-12, data().off2[8] < 1e-12) --> 8	true	true
