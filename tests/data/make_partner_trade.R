# Makes partner_trade.csv: Rscript make_partner_trade.R, in this folder. Synthetic: 24 east x 30 west cities x 2 directions x 24 months.
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
w <- function(d, f) write.csv(d, f, row.names = FALSE, na = "", quote = FALSE)
r <- function(x, k = 6) round(x, k)
std <- function(x) (x - mean(x)) / sd(x)
# squeeze into [lo, hi] smoothly in the tails only
clampsoft <- function(x, lo, hi) pmin(pmax(x, lo), hi)

set.seed(20170117)
nE <- 24; nW <- 30; nM <- 24
Ecity <- data.frame(id = sprintf("E%02d", 1:nE), lon = runif(nE, 113.5, 121.5), lat = runif(nE, 22.5, 37), lngdp = rnorm(nE, 8.6, .8), a = rnorm(nE, 0, .35), m = rnorm(nE, 0, .25))
Wcity <- data.frame(id = sprintf("W%02d", 1:nW), lon = runif(nW, 99, 109), lat = runif(nW, 24, 36.5), lngdp = rnorm(nW, 6.6, .7), a = rnorm(nW, 0, .45), m = rnorm(nW, 0, .25))
hav <- function(lo1, la1, lo2, la2) { k <- pi / 180; h <- sin((la2 - la1) * k / 2)^2 + cos(la1 * k) * cos(la2 * k) * sin((lo2 - lo1) * k / 2)^2; 2 * 6371 * asin(sqrt(h)) }
cen <- data.frame(lon = runif(nE, 100.5, 107.5), lat = runif(nE, 25.5, 35)); rad <- runif(nE, 260, 430)
g <- expand.grid(month = 1:nM, w = 1:nW, e = 1:nE, direction = c("EW", "WE"), stringsAsFactors = FALSE)
ew <- g$direction == "EW"
o <- ifelse(ew, Ecity$id[g$e], Wcity$id[g$w]); de <- ifelse(ew, Wcity$id[g$w], Ecity$id[g$e])
dist <- hav(Ecity$lon[g$e], Ecity$lat[g$e], Wcity$lon[g$w], Wcity$lat[g$w])
bd <- rad[g$e] - hav(cen$lon[g$e], cen$lat[g$e], Wcity$lon[g$w], Wcity$lat[g$w])
bd <- r(bd, 4); partner <- as.integer(bd >= 0)
mth <- g$month
eM <- matrix(rnorm(nE * nM, 0, .10), nE) + outer(rep(1, nE), .012 * (1:nM) + .10 * sin(2 * pi * (1:nM) / 12))
wM <- matrix(rnorm(nW * nM, 0, .12), nW) + outer(rep(1, nW), .016 * (1:nM))
lgE <- Ecity$lngdp[g$e] + .0045 * mth; lgW <- Wcity$lngdp[g$w] + .0060 * mth
lo_ <- ifelse(ew, lgE, lgW); ld_ <- ifelse(ew, lgW, lgE)
pairfe <- rnorm(nE * nW, 0, .30)[(g$e - 1) * nW + g$w]; dirfe <- rnorm(2 * nE * nW, 0, .15)[(g$e - 1) * nW + g$w + ifelse(ew, 0, nE * nW)]
eff <- ifelse(ew, 0, .10) * partner
x <- bd / 400
eta <- 7.6 + .85 * (lo_ - 7.6) + .65 * (ld_ - 7.6) - .75 * (log(dist) - 7.2) + ifelse(ew, Ecity$a[g$e] + Wcity$m[g$w], Wcity$a[g$w] + Ecity$m[g$e]) +
  eM[cbind(g$e, mth)] + wM[cbind(g$w, mth)] + pairfe * .5 + dirfe * .5 + .06 * x - .03 * x^2 + eff
mult <- rgamma(length(eta), shape = 4, rate = 4)
trade <- exp(eta) * mult
pz <- plogis(-4.3 - .9 * (eta - 7.6) + .8 * (!ew))
zero <- runif(length(eta)) < pz
deadpair <- (g$e == 5 & g$w %in% c(3, 17)) | (g$e == 19 & g$w == 28 & !ew)     # never trade: separated in pair-FE models
zero <- zero | deadpair
trade[zero] <- 0
deals <- ifelse(zero, 0L, 1L + rpois(length(eta), pmin(exp(eta - 3.4) * rgamma(length(eta), 6, 6), 5e6)))
cr <- 100 * plogis(2.15 - .12 * (eta - 7.6) + rnorm(length(eta), 0, .75)); cr[zero] <- NA
pt <- data.frame(origin = o, dest = de, month = mth, direction = g$direction, partner = partner, dist = r(dist, 3), lngdp_o = r(lo_, 5), lngdp_d = r(ld_, 5),
  trade = r(trade, 3), deals = as.integer(deals), seller_cr10 = r(cr, 2), bdist = bd)
w(pt, "partner_trade.csv")
cat("partner_trade rows", nrow(pt), "zero share", mean(pt$trade == 0), "partner share", mean(pt$partner), "\n")

