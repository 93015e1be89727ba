# Makes ydr_cities.csv (and ydr_truth.csv, the true effects): Rscript make_ydr_cities.R, in this folder.
# Synthetic: 41 cities x 2011-2020, calibrated to the summary moments of a published study of pilot zones; not the study's data.
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
w <- function(d, f) write.csv(d, f, row.names = FALSE, na = "", quote = FALSE)
r <- function(x, k = 6) round(x, k)
std <- function(x) (x - mean(x)) / sd(x)
# squeeze into [lo, hi] smoothly in the tails only
clampsoft <- function(x, lo, hi) pmin(pmax(x, lo), hi)

set.seed(20150312)
cities <- read.csv(text = "city,province,cohort,gdp15,area,lon,lat
Shanghai,Shanghai,2016,26887,6341,121.47,31.23
Nanjing,Jiangsu,2018,9861,6587,118.80,32.06
Wuxi,Jiangsu,2018,8681,4627,120.31,31.49
Xuzhou,Jiangsu,2019,5388,11765,117.28,34.21
Changzhou,Jiangsu,2020,5274,4372,119.97,31.81
Suzhou_JS,Jiangsu,2016,14504,8657,120.58,31.30
Nantong,Jiangsu,2019,6148,10549,120.89,31.98
Lianyungang,Jiangsu,2020,2160,7615,119.22,34.60
Huaian,Jiangsu,2020,2745,10030,119.02,33.61
Yancheng,Jiangsu,2020,4212,16931,120.16,33.35
Yangzhou,Jiangsu,0,4017,6591,119.41,32.39
Zhenjiang,Jiangsu,0,3502,3840,119.43,32.19
Taizhou_JS,Jiangsu,0,3688,5787,119.92,32.46
Suqian,Jiangsu,2020,2126,8524,118.28,33.96
Hangzhou,Zhejiang,2015,10053,16596,120.16,30.27
Ningbo,Zhejiang,2016,8012,9816,121.55,29.87
Wenzhou,Zhejiang,2019,4618,12110,120.70,28.00
Jiaxing,Zhejiang,2020,3517,4223,120.76,30.75
Huzhou,Zhejiang,2020,2084,5820,120.09,30.89
Shaoxing,Zhejiang,2019,4466,8279,120.58,30.00
Jinhua,Zhejiang,2018,3402,10942,119.65,29.08
Quzhou,Zhejiang,2020,1146,8845,118.86,28.97
Zhoushan,Zhejiang,0,1094,1455,122.21,29.99
Taizhou_ZJ,Zhejiang,2020,3558,10050,121.42,28.66
Lishui,Zhejiang,2020,1102,17275,119.92,28.47
Hefei,Anhui,2016,5660,11445,117.23,31.82
Wuhu,Anhui,2019,2457,6026,118.43,31.35
Bengbu,Anhui,0,1253,5951,117.39,32.92
Huainan,Anhui,0,901,5533,117.00,32.63
Maanshan,Anhui,0,1365,4049,118.51,31.67
Huaibei,Anhui,0,760,2741,116.80,33.96
Tongling,Anhui,0,912,3008,117.81,30.95
Anqing,Anhui,2020,1417,13590,117.06,30.54
Huangshan,Anhui,0,531,9807,118.34,29.71
Chuzhou,Anhui,0,1306,13398,118.32,32.30
Fuyang,Anhui,0,1268,10118,115.81,32.89
Suzhou_AH,Anhui,0,1235,9939,116.96,33.65
Luan,Anhui,0,1016,15451,116.52,31.74
Bozhou,Anhui,0,943,8521,115.78,33.84
Chizhou,Anhui,0,545,8272,117.49,30.66
Xuancheng,Anhui,0,972,12340,118.76,30.94", stringsAsFactors = FALSE)
stopifnot(nrow(cities) == 41, sum(cities$cohort > 0) == 24)
cities$city_id <- 1:41
years <- 2011:2020; T <- length(years)
g0 <- rnorm(41, .082, .012)                     # city growth
d <- do.call(rbind, lapply(1:41, function(i) {
  c0 <- cities[i, ]
  lg <- log(c0$gdp15) + (years - 2015) * g0[i] - .0018 * (years - 2015)^2 + rnorm(T, 0, .012)
  data.frame(city = c0$city, province = c0$province, city_id = i, year = years,
             cohort = c0$cohort, lngdp = lg, lon = c0$lon, lat = c0$lat, lnarea = log(c0$area))
}))
d$treat <- as.integer(d$cohort > 0); d$post <- as.integer(d$year >= 2015)
d$did <- as.integer(d$cohort > 0 & d$year >= d$cohort)
n <- nrow(d); tt <- d$year - 2015.5
d$lngdp <- 7.877 + (d$lngdp - mean(d$lngdp)) * .950 / sd(d$lngdp)
zg <- std(d$lngdp)
ci <- d$city_id
cre <- function(s) rnorm(41, 0, s)[ci]
ar <- function(s, rho = .5) unlist(lapply(1:41, function(i) as.numeric(arima.sim(list(ar = rho), T)) * s * sqrt(1 - rho^2)))
mk <- function(z, m, s, lo, hi) clampsoft(m + s * std(z), lo, hi)
d$lnforeign  <- mk(.85 * zg + cre(.45) + .03 * tt + ar(.12), 6.212, 1.798, 2.566, 10.46)
d$retail     <- mk(exp(.25 * std(cre(1) + .10 * tt + ar(.35))) + .04 * rexp(n) , .410, .150, .138, 2.479)
d$lnedu      <- mk(.55 * zg + cre(.75) + .02 * tt + ar(.10), 1.828, 1.014, -.558, 4.520)
d$lninternet <- mk(.75 * zg + cre(.25) + .12 * tt + ar(.10), 13.87, .907, 11.44, 16.02)
d$deposit    <- mk(exp(.30 * std(.5 * zg + cre(.5) + .06 * tt + ar(.2))), 1.608, .75, .730, 13.55)
d$infra      <- mk(cre(.8) + .09 * tt + ar(.30), 22.69, 7.212, 4.040, 46.40)
d$lnpatent   <- mk(.80 * zg + cre(.25) + .09 * tt + .10 * d$did + ar(.12), 8.876, 1.322, 5.680, 11.85)
d$gov        <- mk(-.5 * zg + cre(.6) + .03 * tt - .05 * d$did + ar(.15), 1.839, .771, .896, 4.072)
d$agg        <- mk(exp(.30 * std(.3 * zg + cre(.8) + .05 * d$did + ar(.35))), .533, .183, .0750, 2.303)
# effects: by cohort and event time
tau <- function(g, y) { e <- y - g
  base <- c(`2015` = .075, `2016` = .064, `2018` = .058, `2019` = .052, `2020` = .050)[as.character(g)]
  unname(base + .006 * e) }
d$tau <- 0; s <- d$did == 1; d$tau[s] <- mapply(tau, d$cohort[s], d$year[s])
yfe <- c(0, .01, .03, .06, .12, .20, .25, .28, .31, .35)[d$year - 2010]
base <- cre(.24) + yfe + .10 * (d$lngdp - 7.877) + .02 * (d$lnforeign - 6.2) +
  .25 * (d$retail - .41) - .05 * (d$deposit - 1.6) + .06 * (d$lninternet - 13.87) + .06 * (d$lnedu - 1.8) +
  ar(.075, .35)
base <- base - mean(base)
ser <- clampsoft(.987 - mean(d$tau) + base * .335 / sd(base + d$tau), .31, 2.75) + d$tau
# sector outputs (100 million yuan) consistent with lngdp and ser
q1 <- plogis(-2.6 - .65 * zg + cre(.35) - .02 * tt); q1 <- pmin(q1, .28)
Y <- exp(d$lngdp)
d$y1 <- r(Y * q1, 2); rest <- Y * (1 - q1)
d$y2 <- r(rest / (1 + ser), 2); d$y3 <- r(rest - rest / (1 + ser), 2)
d$lngdp <- r(log(d$y1 + d$y2 + d$y3), 8)
# employment (10 thousand persons): the primary share is small, so rat is right-skewed
Ltot <- exp(.85 * zg + 4.6 + cre(.1) + ar(.03))
r1 <- exp(.62 + 1.20 * std(cre(1) + ar(.55) - .25 * d$did))
l1s <- pmin(q1 / r1, .40)
s3 <- plogis(qlogis(ser / (1 + ser)) - .10 + .25 * std(cre(1) + ar(.6)))
d$l1 <- r(Ltot * l1s, 3); d$l2 <- r(Ltot * (1 - l1s) * (1 - s3), 3); d$l3 <- r(Ltot * (1 - l1s) * s3, 3)
d$ser <- d$y3 / d$y2
Q <- d$y1 + d$y2 + d$y3; L <- d$l1 + d$l2 + d$l3
d$rat <- abs((d$y1 / Q) / (d$l1 / L) - 1) + abs((d$y2 / Q) / (d$l2 / L) - 1) + abs((d$y3 / Q) / (d$l3 / L) - 1)
d$ser <- signif(d$ser, 12); d$rat <- signif(d$rat, 12)
for (v in c("lnforeign", "retail", "lnedu", "lninternet", "lnarea", "deposit", "infra", "lnpatent", "gov", "agg")) d[[v]] <- r(d[[v]], 6)
# about 1% missing: interior gaps, one two-year gap, one leading and one trailing gap
full <- d
miss <- function(v, c0, y0) d[[v]][d$city == c0 & d$year %in% y0] <<- NA
miss("infra", "Wenzhou", 2014); miss("infra", "Luan", 2015:2016); miss("infra", "Chizhou", 2020)
miss("retail", "Quzhou", 2013); miss("retail", "Bozhou", 2017); miss("retail", "Tongling", 2011); miss("retail", "Suqian", 2018)
cols <- c("city", "province", "city_id", "year", "cohort", "treat", "post", "did", "y1", "y2", "y3", "l1", "l2", "l3",
  "ser", "rat", "lngdp", "lnforeign", "retail", "lnedu", "lninternet", "lnarea", "deposit", "infra", "lnpatent", "gov", "agg", "lon", "lat")
w(d[, cols], "ydr_cities.csv")
tr <- unique(d[d$did == 1, c("cohort", "year", "tau")]); tr$event_time <- tr$year - tr$cohort
tr$n_cities <- sapply(tr$cohort, function(g) sum(cities$cohort == g))
w(tr[order(tr$cohort, tr$year), c("cohort", "year", "event_time", "n_cities", "tau")], "ydr_truth.csv")
cat(sprintf("ydr: mean tau among treated cells %.4f; did mean %.4f\n", mean(d$tau[d$did == 1]), mean(d$did)))
v <- cols[c(15:27, 8)]
mom <- t(sapply(v, function(k) { x <- d[[k]]; c(obs = sum(!is.na(x)), mean = mean(x, na.rm = TRUE), sd = sd(x, na.rm = TRUE), min = min(x, na.rm = TRUE), max = max(x, na.rm = TRUE)) }))
print(round(mom, 3))

