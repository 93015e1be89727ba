# Makes city_gini.csv: Rscript make_city_gini.R, in this folder.
# Synthetic: 253 cities x 2011-2021, calibrated to the summary moments of a published study of income gaps in cities; not its data.
# The true coefficient of uil on gini is -0.10; the controls enter nonlinearly.
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
w <- function(d, f) write.csv(d, f, row.names = FALSE, na = "", quote = FALSE)
r <- function(x, k = 6) round(x, k)
std <- function(x) (x - mean(x)) / sd(x)
# squeeze into [lo, hi] smoothly in the tails only
clampsoft <- function(x, lo, hi) pmin(pmax(x, lo), hi)

set.seed(20110401)
N <- 253; yrs <- 2011:2021; TT <- length(yrs)
cg <- data.frame(city_id = rep(1:N, each = TT), year = rep(yrs, N))
muni <- as.integer(1:N %in% c(1, 2, 73, 203)); resf <- rbinom(N, 1, .40); resf[muni == 1] <- 0
cg$municipality <- muni[cg$city_id]; cg$resource <- resf[cg$city_id]
b <- rnorm(N) + 2.6 * muni - .25 * resf
bx <- b[cg$city_id]; ty <- cg$year - 2016
re <- function(s) rnorm(N, 0, s)[cg$city_id]; ee <- function(s) rnorm(N * TT, 0, s)
mkc <- function(x, m, s, lo, hi) clampsoft(m + s * std(x), lo, hi)
cg$gdp  <- mkc(.70 * bx + re(.5) + .16 * ty + ee(.10), 10.768, .566, 8.773, 12.456)
cg$dl   <- mkc(.85 * bx + re(.35) + .11 * ty + ee(.06), 17.543, 1.104, 15.079, 21.746)
cg$ei   <- mkc(.75 * bx + re(.45) + .08 * ty + ee(.10), 13.032, .981, 8.424, 16.256)
cg$sn   <- mkc(.75 * bx + re(.60) + .03 * ty + ee(.06), 10.723, 1.276, 6.640, 14.161)
cg$es   <- mkc(.75 * bx + re(.40) + .12 * ty + ee(.20), 10.569, 1.413, 6.624, 15.529)
cg$difi <- mkc(.30 * bx + re(.10) + .95 * (ty + 5) / 2 - .04 * (ty + 5)^2 + ee(.05), 185.837, 73.191, 21.260, 359.683)
S <- function(v, m, s) (v - m) / s
xg <- S(cg$gdp, 10.768, .566); xd <- S(cg$dl, 17.543, 1.104); xe <- S(cg$ei, 13.032, .981); xs <- S(cg$sn, 10.723, 1.276); xt <- S(cg$es, 10.569, 1.413)
f <- .45 * tanh(xd) + .25 * xs + .20 * pmax(xg, 0) + .12 * xg * xt - .08 * xe^2 + .3 * sin(xs)
cg$uil <- mkc(f + re(.45) + .06 * ty + ee(.45) + .45 * cg$municipality - .2 * cg$resource, 2.309, .142, 1.900, 2.836)
gX <- .065 * tanh(xg) - .030 * xs + .020 * xe^2 - .018 * xd * (xd > 0) + .025 * cos(1.5 * xt) + .012 * xg * xd
theta <- -.10
gi <- theta * (cg$uil - 2.309) + gX + re(.120) - .006 * ty + ee(.075)
gi <- gi - mean(gi); cg$gini <- clampsoft(.407 + gi * 1, .016, .792)
for (k in c("gdp","dl","ei","sn","es","uil","gini")) cg[[k]] <- r(cg[[k]], 6); cg$difi <- r(cg$difi, 3)
w(cg[, c("city_id","year","municipality","resource","gini","uil","ei","sn","es","dl","gdp","difi")], "city_gini.csv")
