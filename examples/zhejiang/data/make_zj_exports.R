# Makes zj_exports.csv: Rscript make_zj_exports.R, in this folder.
# Synthetic: 11 cities x 2016-2020, growth rates and digital index as published for cities of one province, the rest made up.
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
w <- function(d, f) write.csv(d, f, row.names = FALSE, na = "", quote = FALSE)
r <- function(x, k = 6) round(x, k)
std <- function(x) (x - mean(x)) / sd(x)
# squeeze into [lo, hi] smoothly in the tails only
clampsoft <- function(x, lo, hi) pmin(pmax(x, lo), hi)

set.seed(20160101)
zj <- data.frame(city = c("Hangzhou","Ningbo","Wenzhou","Jiaxing","Huzhou","Shaoxing","Jinhua","Quzhou","Zhoushan","Taizhou","Lishui"),
  lon = c(120.16,121.55,120.70,120.76,120.09,120.58,119.65,118.86,122.21,121.42,119.92),
  lat = c(30.27,29.87,28.00,30.75,30.89,30.00,29.08,28.97,29.99,28.66,28.47),
  region = c("NE","NE","SW","NE","NE","NE","SW","SW","NE","SW","SW"))
gr <- rbind(c(42.44,33.30,41.19,37.71),c(43.04,32.54,37.60,52.88),c(52.18,28.62,35.50,35.68),c(425.20,28.13,33.25,70.51),
  c(-59.02,27.08,34.56,90.07),c(36.48,29.38,40.37,56.40),c(26.33,25.65,25.93,15.30),c(37.81,29.17,20.82,29.63),
  c(137.44,22.19,16.62,5.90),c(53.86,27.55,36.24,51.84),c(75.36,26.36,24.69,30.81)) / 100
dig <- rbind(c(.818,.854,.876,.897,.936),c(.536,.557,.596,.598,.614),c(.277,.531,.581,.579,.586),c(.128,.282,.257,.255,.266),
  c(.260,.152,.183,.184,.195),c(.001,.287,.273,.258,.268),c(.510,.379,.469,.403,.405),c(.344,.040,.047,.052,.052),
  c(.022,.006,.007,.010,.017),c(.301,.316,.356,.367,.365),c(.046,.045,.051,.058,.062))
lv16 <- c(62, 29, 25, 1.5, 4.8, 4.6, 187.2, 2.1, .33, 4.2, 2.0)   # 100 million yuan, plausible 2016 levels
z <- do.call(rbind, lapply(1:11, function(i) data.frame(city = zj$city[i], city_id = i, region = zj$region[i], year = 2016:2020,
  exports = cumprod(c(lv16[i], 1 + gr[i, ])), growth = c(NA, gr[i, ]), digital = dig[i, ], lon = zj$lon[i], lat = zj$lat[i])))
z$exports <- r(z$exports, 6); z$lnexports <- log(z$exports)
z$y <- ave(z$lnexports, z$city_id, FUN = function(x) c(NA, diff(x)))
z$lnretail <- ave(z$lnexports, z$city_id, FUN = function(x) c(NA, head(x, -1)))   # previous year
sz <- c(1.5, 1.1, .6, .5, .1, .3, .5, -.9, -1.2, .2, -1.0)[z$city_id]
u <- z$year > 2016
cal <- function(x, m, s, lo, hi) { x <- (x - mean(x[u])) / sd(x[u]); clampsoft(m + s * x, lo - .02 * abs(lo), hi + .02 * abs(hi)) }
zr <- function(s) rnorm(11, 0, s)[z$city_id]
z$lnwage    <- cal(.4 * sz + .9 * (z$year - 2018) + zr(.2) + rnorm(55, 0, .15), 11.2636, .1754, 10.936, 11.6007)
z$open      <- cal(.7 * sz + zr(.7) + .02 * (z$year - 2018) + rnorm(55, 0, .1), .5152, .2775, .1782, 1.1027)
z$human     <- cal(exp(.6 * sz) + zr(.3) + .04 * (z$year - 2018) + rnorm(55, 0, .05), 155.3314, 99.5297, 55.9446, 449.6926)
z$lnaccess  <- cal(.6 * sz + zr(.5) - .08 * (z$year - 2018) + rnorm(55, 0, .12), 9.9346, .6493, 8.6039, 11.1457)
z$lnqiyeshu <- cal(.8 * sz + zr(.4) + .12 * (z$year - 2018) + rnorm(55, 0, .08), 9.2024, 1.0588, 7.2034, 10.6982)
z$lnpatents <- cal(.9 * sz + zr(.3) + .10 * (z$year - 2018) + rnorm(55, 0, .08), 9.8253, 1.0011, 7.5601, 11.4339)
for (k in c("lnwage","open","lnaccess","lnqiyeshu","lnpatents")) z[[k]] <- r(z[[k]], 6); z$human <- r(z$human, 4)
# three raw indicators for entropy-weight examples (made up)
z$broadband <- r(exp(2 + .8 * z$digital * 2 + rnorm(55, 0, .15)), 3)
z$mobile    <- r(80 + 60 * z$digital + 5 * (z$year - 2016) + rnorm(55, 0, 6), 2)
z$ecompark  <- pmax(0L, as.integer(round(8 * z$digital + rnorm(55, 1, 1))))
for (k in c("lnexports", "y", "lnretail")) z[[k]] <- signif(z[[k]], 12)
w(z[, c("city","city_id","region","year","exports","growth","lnexports","y","lnretail","digital","lnwage","open","human","lnaccess","lnqiyeshu","lnpatents","broadband","mobile","ecompark","lon","lat")], "zj_exports.csv")
