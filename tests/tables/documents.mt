-- Writes the tables that run.py opens. Its folder is the current one.
use "towns.csv"
label(ser="产业升级", treat="试验区", gdp="地区生产总值")
m1 = ols(ser ~ treat)
m2 = ols(ser ~ treat + gdp, vcov="hetero")
t = etable(m1, m2, title="表2 基准回归", style="cn", digits=3, groups={{"全样本", 2}})
t:save("t.docx"):save("t.xlsx"):save("t.rtf"):save("t.tex"):save("t.html"):save("t.md"):save("t.csv"):save("t.txt")
wide = summarize(ser, gdp, treat, detail=true).table:with(title="表1 描述性统计", landscape=true)
wide:save("t.docx", append=true)
save_tables(t, wide, file="both.xlsx")
t:save("again.docx")
t:save("again.xlsx")
