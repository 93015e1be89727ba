# Makes exchange.dta (haven) and exchange.xlsx (openxlsx) beside it: Rscript make_exchange.R. What tests/language/exchange.mt reads.
suppressMessages(library(haven))
w <- data.frame(a = c(0.1, NA, 1e300), a_name_of_thirty_two_characters_ = 1:3)
w$t <- labelled(c(1, tagged_na("a"), 2), c(yes = 1, no = 2, never = 9, refused = tagged_na("a")))
w$part <- labelled(c(1, 2, 3), c(one = 1))
w$day <- as.Date(c("2020-02-29", NA, "1959-12-31"))
w$month <- c(0, 13, -1); attr(w$month, "format.stata") <- "%tm"
w$txt <- c("\u4e0a\u6d77", "", "Z\u00fcrich"); w$longer <- c(strrep("\u00e9", 1200), "short", "")
w$f <- factor(c("b", "a", NA), levels = c("b", "a"))
attr(w$a, "label") <- "\u53d8\u91cf"
write_dta(w, "exchange.dta")
openxlsx::write.xlsx(w[c("a", "day", "txt", "longer", "f")], "exchange.xlsx", sheetName = "\u6570\u636e")
