-- Columns, globals, fields and options may have names in any letters.
use(frame{ 人均={1,2,3,4,6,2}, x={2,3,5,9,1,1}, 年={2001,2002,2003,2004,2005,2006}, Größe={1,1,1,1,1,2} })
gen(平方 = 人均^2, 对数 = log(人均))
print(max(平方)) --> …
m = ols(人均 ~ x + i.Größe, where="年 > 2001")
print(m.nobs, m.names[2], m.coef.x == m.coef["x"]) --> 5	i.Größe::2	true
quietly reg 人均 x if 年 > 2003
quietly replace 人均 = 9 if 年 == 2001
结果 = {人 = 1, [2] = 3}
结果.和 = 结果.人 + 结果[2]
print(结果.和) --> 4
* 描述统计
print(人俊) --> error: unknown name '人俊'
local 人 = 2 --> error: '人' cannot name a local variable
x = 3 ≥ 2 --> error: '≥' cannot stand here
