# Makes cities.csv, prices.csv and rollout.csv: Rscript make_rollout.R, in this folder. Synthetic: 24 cities x 2010-2020.
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20121126)
w <- function(d, f) write.csv(d, f, row.names = FALSE, na = "", quote = FALSE)
cities <- read.csv(text = "city,province,year,exports10
Hangzhou,Zhejiang,2013,353
Ningbo,Zhejiang,2013,520
Wenzhou,Zhejiang,2018,145
Jiaxing,Zhejiang,0,156
Huzhou,Zhejiang,0,45
Shaoxing,Zhejiang,0,186
Jinhua,Zhejiang,2018,98
Quzhou,Zhejiang,0,11
Zhoushan,Zhejiang,0,60
Taizhou,Zhejiang,0,121
Lishui,Zhejiang,0,12
Nanjing,Jiangsu,2018,246
Wuxi,Jiangsu,0,356
Xuzhou,Jiangsu,0,29
Changzhou,Jiangsu,2018,161
Suzhou,Jiangsu,2013,1531
Nantong,Jiangsu,0,152
Yangzhou,Jiangsu,0,62
Zhenjiang,Jiangsu,2013,51
Hefei,Anhui,2018,61
Wuhu,Anhui,0,15
Huangshan,Anhui,2018,4
Chuzhou,Anhui,2018,9
Chizhou,Anhui,2013,2")
years <- 2010:2020
panel <- merge(cities, data.frame(t = years))
panel <- panel[order(match(panel$city, cities$city), panel$t), ]
trend <- rnorm(nrow(cities), 0.06, 0.02)[match(panel$city, cities$city)]
shock <- c(0, 0.12, 0.02, 0.05, 0.04, -0.06, -0.02, 0.08, 0.07, 0.02, 0.03)
treated <- panel$year > 0 & panel$t >= panel$year
effect <- ifelse(treated, 0.04 + 0.02 * pmin(panel$t - panel$year, 3), 0)
log_exports <- log(panel$exports10) + trend * (panel$t - 2010) + cumsum(shock)[panel$t - 2009] + effect + rnorm(nrow(panel), 0, 0.03)
panel$exports <- round(exp(log_exports), 2)
panel$exports[panel$city == "Chizhou" & panel$t == 2011] <- NA
w(data.frame(city = panel$city, province = panel$province, year = panel$t, exports = panel$exports), "cities.csv")
# Price index of a province, the year before = 100, as yearbooks print it
provinces <- unique(cities$province)
prices <- merge(data.frame(province = provinces), data.frame(year = years))
prices <- prices[order(match(prices$province, provinces), prices$year), ]
prices$cpi <- round(100 + rnorm(nrow(prices), 2.3, 0.7), 1)
w(prices, "prices.csv")
