# Few clusters, sensitivity, multiplicity: clubSandwich, sensemakr, and brute force in plain R.
#   DATA=folder Rscript robust.R > robust.json
suppressMessages({library(clubSandwich); library(sensemakr)})
d <- read.csv(file.path(Sys.getenv("DATA"), "ydr_cities.csv")); d$g <- d$city_id %% 10
out <- list(); add <- function(id, ...) out[[id]] <<- list(...)
num <- function(x) as.list(signif(x, 15))
# ---- CR2, CR3
cr <- function(id, f, cl, keep, dat = d) {
  m <- lm(f, dat)
  for (type in c("CR2", "CR3")) {
    V <- vcovCR(m, cluster = dat[[cl]], type = type)
    t <- coef_test(m, vcov = V, test = "Satterthwaite", coefs = keep)
    s <- if (type == "CR3") sqrt((length(unique(dat[[cl]])) - 1) / length(unique(dat[[cl]]))) else 1
    df <- if (!is.null(t$df_Satt)) t$df_Satt else t$df
    add(paste0(id, ".", tolower(type)), coef = num(setNames(coef(m)[keep], keep)), se = num(setNames(t$SE * s, keep)), df = num(setNames(df, keep)))
  }
}
# With dummies nested in the clusters I - H is singular, and clubSandwich's inverse is noise: the jackknife itself instead.
jack <- function(id, f, cl, keep, dat = d) {
  b <- coef(lm(f, dat))[keep]; k <- unique(dat[[cl]]); G <- length(k)
  each <- sapply(k, function(g) coef(lm(f, dat[dat[[cl]] != g, ]))[keep])
  add(paste0(id, ".cr3"), coef = num(b), se = num(setNames(sqrt((G - 1) / G * rowSums((each - b)^2)), keep)))
}
cr("plain_city", ser ~ did + lngdp + lnedu, "city_id", c("did", "lngdp", "lnedu"))
cr("twoway_city", ser ~ did + lngdp + factor(city_id) + factor(year), "city_id", c("did", "lngdp"))
cr("twoway_g", ser ~ did + lngdp + factor(city_id) + factor(year), "g", c("did", "lngdp"))
for (cl in c("city_id", "g")) jack(if (cl == "g") "twoway_g" else "twoway_city", ser ~ did + lngdp + factor(city_id) + factor(year), cl, c("did", "lngdp"))
cr("year_city", ser ~ did + lngdp + factor(year), "city_id", c("did", "lngdp"))
# ---- wild cluster bootstrap: every sign vector, each fitted again with all dummies
signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), 10)))
cl <- match(d$g, sort(unique(d$g)))
X <- model.matrix(~ did + lngdp + factor(city_id) + factor(year), d); y <- d$ser; j <- which(colnames(X) == "did")
XXi <- solve(crossprod(X)); H <- XXi %*% t(X)
tstat <- function(yy, r) { b <- H %*% yy; u <- drop(yy - X %*% b); S <- rowsum(X * u, cl); V <- XXi %*% crossprod(S) %*% XXi; (b[j] - r) / sqrt(V[j, j]) }
wild <- function(r, null = TRUE) {
  if (null) { Z <- X[, -j]; e <- y - r * X[, j]; fit <- drop(Z %*% solve(crossprod(Z), crossprod(Z, e))); u <- e - fit; base <- fit + r * X[, j]; at <- r }
  else { b <- H %*% y; base <- drop(X %*% b); u <- y - base; at <- b[j] }
  t0 <- tstat(y, r); ts <- apply(signs, 1, function(s) tstat(base + u * s[cl], at)); list(t = t0, p = mean(abs(ts) > abs(t0) * (1 + 1e-7)), sum = sum(abs(ts[is.finite(ts)])), ts = ts) }
for (null in c(TRUE, FALSE)) { w <- wild(0, null); add(if (null) "wcr" else "wcu", t_plain = signif(w$t, 15), p = w$p, sum_plain = signif(w$sum, 15)) }
w2 <- wild(0.03); add("wcr_r", t_plain = signif(w2$t, 15), p = w2$p, sum_plain = signif(w2$sum, 15))
b <- drop(H %*% y)[j]; u <- drop(y - X %*% (H %*% y)); S <- rowsum(X * u, cl); se <- sqrt((XXi %*% crossprod(S) %*% XXi)[j, j])
edge <- function(sign) { p <- function(r) wild(r)$p; inside <- b; step <- sign * 2 * se; outside <- b + step; while (p(outside) > 0.05) { inside <- outside; step <- 2 * step; outside <- outside + step }
  for (i in 1:26) { mid <- (inside + outside) / 2; if (p(mid) > 0.05) inside <- mid else outside <- mid }; (inside + outside) / 2 }
add("wcr_interval", low = edge(-1), high = edge(1))
# ---- errors clustered by g and by year, weights drawn by g: V = V_g + V_year - V_g&year
ways <- list(cl, match(d$year, sort(unique(d$year))), match(paste(d$g, d$year), unique(paste(d$g, d$year))))
tstat2 <- function(yy, r) { b <- H %*% yy; u <- drop(yy - X %*% b); a <- drop(X %*% XXi[, j]) * u
  s <- sapply(ways, function(w) sum(rowsum(a, w)^2)); v <- s[1] + s[2] - s[3]; if (v > 0) (b[j] - r) / sqrt(v) else NaN }
wild2 <- function(r) { Z <- X[, -j]; e <- y - r * X[, j]; fit <- drop(Z %*% solve(crossprod(Z), crossprod(Z, e))); u <- e - fit; base <- fit + r * X[, j]
  t0 <- tstat2(y, r); ts <- apply(signs, 1, function(s) tstat2(base + u * s[cl], r)); list(t = t0, p = mean(abs(ts) > abs(t0) * (1 + 1e-7), na.rm = TRUE), sum = sum(abs(ts[is.finite(ts)])), lost = sum(!is.finite(ts))) }
w <- wild2(0); add("wcr_ways", t_plain = signif(w$t, 15), p = w$p, sum_plain = signif(w$sum, 15), lost = w$lost)
# ---- WRE with one endogenous regressor, two instruments
dd <- d; W <- model.matrix(~ lngdp + factor(city_id) + factor(year), dd); x <- dd$lninternet; Z <- cbind(dd$lnpatent, dd$gov)
tsls <- function(yy, xx) { M <- function(v) v - W %*% solve(crossprod(W), crossprod(W, v)); yp <- M(yy); xp <- M(xx); zp <- M(Z); xh <- zp %*% solve(crossprod(zp), crossprod(zp, xp)); b <- sum(xh * yp) / sum(xh * xp); u <- drop(yp - xp * b); S <- rowsum(drop(xh) * u, cl); list(b = b, t = function(r) (b - r) / (sqrt(sum(S^2)) / sum(xh * xp))) }
wre <- function(r) { f <- lm.fit(W, y - r * x); u <- f$residuals; s1 <- lm.fit(cbind(Z, W, u), x); k <- ncol(Z) + ncol(W); fit2 <- drop(cbind(Z, W) %*% s1$coefficients[1:k]); v <- x - fit2
  t0 <- tsls(y, x)$t(r); ts <- apply(signs, 1, function(s) { xs <- fit2 + v * s[cl]; ys <- r * xs + f$fitted.values + u * s[cl]; tsls(ys, xs)$t(r) }); list(t = t0, p = mean(abs(ts) > abs(t0) * (1 + 1e-7)), sum = sum(abs(ts))) }
w <- wre(0); add("wre", t_plain = signif(w$t, 15), p = w$p, sum_plain = signif(w$sum, 15), coef = tsls(y, x)$b)
# ---- sensemakr
m <- lm(ser ~ did + lngdp + lnedu + lninternet, d)
s <- sensemakr(m, treatment = "did", benchmark_covariates = "lnedu", kd = 1:2)
add("sensemakr", stats = as.list(s$sensitivity_stats[, c("estimate", "se", "t_statistic", "r2yd.x", "rv_q", "rv_qa", "dof")]),
    bounds = lapply(1:2, function(i) as.list(s$bounds[i, c("r2dz.x", "r2yz.dx", "adjusted_estimate", "adjusted_se", "adjusted_t")])))
# ---- Oster's equations, solved by brute force
ms <- lm(ser ~ did, d); b0 <- coef(ms)["did"]; r0 <- summary(ms)$r.squared; b1 <- coef(m)["did"]; r1 <- summary(m)$r.squared; rmax <- min(1, 1.3 * r1)
tau <- var(residuals(lm(did ~ lngdp + lnedu + lninternet, d))); sx <- var(d$did); sy <- var(d$ser)
delta <- function(beta) { n <- b1 - beta; (n * (r1 - r0) * sy * tau + n * sx * tau * (b0 - b1)^2 + 2 * n^2 * tau * (b0 - b1) * sx + n^3 * (tau * sx - tau^2)) /
  ((rmax - r1) * sy * (b0 - b1) * sx + n * (rmax - r1) * sy * (sx - tau) + n^2 * tau * (b0 - b1) * sx + n^3 * (tau * sx - tau^2)) }
grid <- b1 + c(-1, 1) %o% seq(1e-4, 3, length.out = 60000); roots <- c(); for (side in 1:2) { g <- grid[side, ]; v <- sapply(g, delta) - 1; k <- which(diff(sign(v)) != 0 & abs(diff(v)) < 1); if (length(k)) roots <- c(roots, uniroot(function(x) delta(x) - 1, sort(g[k[1] + 0:1]), tol = 1e-14)$root) }
add("oster", delta = unname(delta(0)), beta = roots[which.min(abs(roots - b1))], short_coef = unname(b0), short_r2 = r0, r2 = r1)
cat(jsonlite::toJSON(out, auto_unbox = TRUE, digits = NA))
