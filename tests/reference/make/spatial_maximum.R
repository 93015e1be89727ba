# Spatial models whose peers (spatialreg, splm) end before the maximum: the same likelihoods in plain matrices, maximised by Newton steps on
# the analytic score, with the standard errors of the expected information. What is printed beside: how far the peer's estimate is off.
source("_reference.R")
suppressMessages({ library(spatialreg); library(spdep); library(splm); library(numDeriv) })
# A y = X b + u, B u = e, A = I - rho W, B = I - lambda W, over T periods; out() removes effects.
model <- function(y, X, W, T = 1, rho = TRUE, lambda = TRUE, out = identity) {
  N <- nrow(W); n <- N * T; roots <- eigen(W, only.values = TRUE)$values; I <- diag(N)
  over <- function(A, Z) apply(as.matrix(Z), 2, function(v) as.vector(A %*% matrix(v, N)))
  part <- function(p) list(r = if (rho) p[1] else 0, l = if (lambda) p[rho + 1] else 0)
  fit <- function(p) { q <- part(p); B <- I - q$l * W
    Z <- over(B, cbind(y - q$r * over(W, y), X)); f <- lm.fit(Z[, -1, drop = FALSE], Z[, 1])
    s2 <- sum(f$residuals^2) / n; list(b = f$coefficients, e = f$residuals, s2 = s2, BX = Z[, -1, drop = FALSE],
      value = -n / 2 * (log(2 * pi * s2) + 1) + T * sum(log(Mod(1 - q$r * roots))) + T * sum(log(Mod(1 - q$l * roots)))) }
  score <- function(p) { q <- part(p); f <- fit(p); B <- I - q$l * W
    c(if (rho) sum(f$e * over(B, over(W, y))) / f$s2 - T * sum(Re(roots / (1 - q$r * roots))),
      if (lambda) { u <- y - q$r * over(W, y) - X %*% f$b; sum(f$e * over(W, u)) / f$s2 - T * sum(Re(roots / (1 - q$l * roots))) }) }
  maximum <- function(p) { for (i in 1:12) p <- p - solve(jacobian(score, p), score(p)); stopifnot(max(abs(score(p))) < 1e-9); p }
  errors <- function(p) {  # expected information of (b, rho, lambda, s2)
    q <- part(p); f <- fit(p); B <- I - q$l * W; G <- W %*% solve(I - q$r * W); H <- W %*% solve(B); BGB <- B %*% G %*% solve(B)
    k <- ncol(X); m <- k + rho + lambda + 1; J <- matrix(0, m, m); tr <- function(A) sum(diag(A))
    J[1:k, 1:k] <- crossprod(f$BX) / f$s2; J[m, m] <- n / (2 * f$s2^2)
    if (rho) { g <- over(B, out(over(G, X %*% f$b))); J[1:k, k + 1] <- crossprod(f$BX, g) / f$s2
      J[k + 1, k + 1] <- T * (tr(BGB %*% BGB) + sum(BGB^2)) + sum(g^2) / f$s2; J[k + 1, m] <- T * tr(G) / f$s2 }
    if (lambda) { l <- k + rho + 1; J[l, l] <- T * (tr(H %*% H) + sum(H^2)); J[l, m] <- T * tr(H) / f$s2
      if (rho) J[k + 1, l] <- T * (tr(H %*% BGB) + sum(H * BGB)) }
    J[lower.tri(J)] <- t(J)[lower.tri(J)]; solve(J) }
  impacts <- function(p) { S <- solve(I - part(p)$r * W); d <- mean(diag(S)); t <- sum(S) / N; list(direct = d, indirect = t - d, total = t) }
  list(fit = fit, maximum = maximum, errors = errors, impacts = impacts, n = n)
}
# One case: coefficients and errors as a result, log-likelihood to 1e-8, sigma2 and impacts.
write_case <- function(name, data, script, m, p, extra, X, call, peer) {
  f <- m$fit(p); b <- c(f$b, p); names(b) <- c(sub("(Intercept)", "_cons", colnames(X), fixed = TRUE), extra)
  se <- sqrt(diag(m$errors(p)))[seq_along(b)]; names(se) <- names(b)
  reference("spatial", name, data, c(script, "l = {loglik = m.loglik}", "s = {sigma2 = m.sigma2}", if ("rho" %in% extra) "i = impacts(m)"), "m",
            coef = b, se = se, peer = peer, call = call, coef_tol = 1e-6, se_tol = 1e-6)
  file <- file.path("../spatial", paste0(name, ".json")); case <- fromJSON(file, simplifyVector = FALSE)
  case$checks[[2]] <- list(of = "l", kind = "values", expect = list(loglik = f$value), tol = 1e-8)
  case$checks[[3]] <- list(of = "s", kind = "values", expect = list(sigma2 = f$s2), tol = 1e-6)
  if ("rho" %in% extra) { i <- m$impacts(p); slopes <- setdiff(names(b), c("_cons", extra))
    case$checks[[4]] <- list(of = "i", kind = "values", expect = unlist(lapply(slopes, function(x) setNames(lapply(i, function(v) b[[x]] * v), paste0(x, ".", names(i)))), FALSE), tol = 1e-6) }
  writeLines(toJSON(case, auto_unbox = TRUE, digits = I(17), pretty = 1), file)
}
square <- function(lon, lat) { r <- pi / 180; a <- outer(lat, lat, function(a, b) sin((b - a) * r / 2)^2) + outer(lat, lat, function(a, b) cos(a * r) * cos(b * r)) * outer(lon, lon, function(a, b) sin((b - a) * r / 2)^2)
  w <- 1 / (2 * 6371 * asin(sqrt(a)))^2; diag(w) <- 0; w / rowSums(w) }

# ---- ydr 2020: SARAR; the LM test of a spatial error left after the Durbin model.
ydr <- rd("ydr_cities.csv"); y20 <- ydr[ydr$year == 2020, ]; Wy <- square(y20$lon, y20$lat); lw <- mat2listw(Wy, style = "M"); fy <- ser ~ lngdp + lnedu + lninternet + did
setup <- c("panel(city_id, year)", "W = weights.inverse_distance(lon, lat, power=2, id=city_id, radius=6371)")
X <- model.matrix(fy, y20); m <- model(y20$ser, X, Wy); peer <- sacsarlm(fy, y20, lw, method = "eigen", tol.solve = 1e-16)
p <- m$maximum(c(peer$rho, peer$lambda)); cat("ydr2020.sac: log-likelihood of the peer", m$fit(p)$value - as.numeric(logLik(peer)), "below; rho", peer$rho - p[1], "lambda", peer$lambda - p[2], "off\n")
write_case("ydr2020.sac", "ydr_cities.csv", c(setup, 'm = sac(ser ~ lngdp + lnedu + lninternet + did, W, where="year == 2020")'), m, p, c("rho", "lambda"), X,
           "the likelihood of sacsarlm, maximised by Newton steps from its estimate", "spatialreg")
XD <- cbind(X, Wy %*% X[, -1]); colnames(XD) <- c(colnames(X), paste0("W*", colnames(X)[-1])); m <- model(y20$ser, XD, Wy, lambda = FALSE)
durbin <- lagsarlm(fy, y20, lw, Durbin = TRUE, method = "eigen", control = list(tol.opt = 1e-13), tol.solve = 1e-16)
p <- m$maximum(durbin$rho); f <- m$fit(p); G <- Wy %*% solve(diag(41) - p * Wy); V <- m$errors(p)
T22 <- sum(Wy * t(Wy)) + sum(Wy^2); T21 <- sum(Wy * t(G)) + sum(Wy * G); k <- ncol(XD)
LM <- (sum(f$e * (Wy %*% f$e)) / f$s2)^2 / (T22 - T21^2 * V[k + 1, k + 1]); cat("ydr2020.sdm: LM", LM, "peer", durbin$LMtest, "off by", durbin$LMtest / LM - 1, "; rho", durbin$rho - p, "off\n")
reference("spatial", "ydr2020.sdm.left", "ydr_cities.csv", c(setup, 'm = sdm(ser ~ lngdp + lnedu + lninternet + did, W, where="year == 2020")', 'lm = {left = m.tests["spatial error left (LM)"].statistic}'),
          "lm", values = list(left = LM), peer = "spatialreg", call = "the LM test of lagsarlm(Durbin = TRUE) at the maximum, by its formula", tol = 1e-6)

# ---- zj 2017-2020: two-way effects as splm has them (lags of demeaned data, not demeaned again).
zj <- rd("zj_exports.csv"); z <- zj[zj$year > 2016, ]; cities <- unique(z$city); z <- z[order(z$year, match(z$city, cities)), ]; z1 <- z[z$year == 2017, ]; Wz <- square(z1$lon, z1$lat)
out <- function(v) { v <- as.matrix(v); apply(v, 2, function(x) { a <- matrix(x, 11); as.vector(a - rowMeans(a) - rep(colMeans(a), each = 11) + mean(a)) }) }
fz <- y ~ lnretail + lnwage + digital + open + human + lnaccess + lnqiyeshu + lnpatents; X <- out(model.matrix(fz, z)[, -1]); m <- model(as.vector(out(z$y)), X, Wz, T = 4, lambda = FALSE)
peer <- suppressWarnings(spml(fz, z[, c("city_id", "year", all.vars(fz))], index = c("city_id", "year"), listw = mat2listw(Wz, style = "W"), model = "within", effect = "twoways", lag = TRUE, spatial.error = "none"))
rho <- as.numeric(coef(peer)["lambda"]); p <- m$maximum(rho); cat("zj.within.twoways.lag: log-likelihood of the peer", m$fit(p)$value - m$fit(rho)$value, "below; rho", rho - p, "off\n")
write_case("zj.within.twoways.lag", "zj_exports.csv", c("panel(city, year)", "W = weights.inverse_distance(lon, lat, power=2, id=city, radius=6371)",
           'm = sar(y ~ lnretail + lnwage + digital + open + human + lnaccess + lnqiyeshu + lnpatents, W, fe="both", demean="first", where="year > 2016")'), m, p, "rho", X,
           'the likelihood of spml(f, model = "within", effect = "twoways", lag = TRUE, spatial.error = "none"), maximised by Newton steps from its estimate', "splm")

# ---- produc: errors of the pooled error model; spatial Hausman tests at the maxima.
d <- rd("real/produc.csv"); states <- rd("real/usaww.csv"); W <- as.matrix(states[, -1]); W <- W / rowSums(W); N <- 48; T <- 17
d <- d[order(d$year, match(d$state, states$name)), ]; fp <- log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp; y <- log(d$gsp); X <- model.matrix(fp, d)
panel <- c("panel(state, year)", 'W = weights.read("{folder}/usaww.csv", id=state)')
m <- model(y, X, W, T = T, rho = FALSE); p <- m$maximum(0.5)
write_case("produc.pooling.error_b", "real/produc.csv", c(panel, "m = sem(log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp, W)"), m, p, "lambda", X,
           'the likelihood of spml(f, model = "pooling", spatial.error = "b"), maximised by Newton steps', "splm")
means <- function(v) rowMeans(matrix(v, N)); less <- function(v, share) { v <- as.matrix(v); apply(v, 2, function(x) x - share * rep(means(x), T)) }
XF <- less(X[, -1], 1); yF <- as.vector(less(y, 1)); over <- function(A, Z) apply(as.matrix(Z), 2, function(v) as.vector(A %*% matrix(v, N))); roots <- Re(eigen(W, only.values = TRUE)$values)
# Random effects: (spatial, phi) by Newton steps; for the error model filtered like the errors (Kapoor, Kelejian & Prucha).
random <- function(error, start) {
  at <- function(p) { A <- diag(N) - p[1] * W; Z <- if (error) over(A, cbind(y, X)) else cbind(over(A, y), X); Z <- less(Z, 1 - 1 / sqrt(1 + T * p[2]))
    f <- lm.fit(Z[, -1], Z[, 1]); s2 <- sum(f$residuals^2) / (N * T)
    list(b = f$coefficients, V = s2 * solve(crossprod(Z[, -1])), value = -N * T / 2 * (log(2 * pi * s2) + 1) + T * sum(log(1 - p[1] * roots)) - N / 2 * log(1 + T * p[2])) }
  value <- function(p) at(p)$value; p <- nlminb(start, function(p) -value(p), lower = c(-0.9, 0.1), upper = c(0.99, 1000), control = list(rel.tol = 1e-15))$par
  for (i in 1:8) p <- p - solve(hessian(value, p), grad(value, p)); cat("  gradient", max(abs(grad(value, p))), "at", p, "\n"); at(p) }
test <- function(F, p, R) { b <- F$fit(p)$b - R$b[-1]; V <- F$errors(p)[1:4, 1:4] - R$V[-1, -1]; as.numeric(b %*% solve(V, b)) }
E <- model(yF, XF, W, T = T, rho = FALSE); L <- model(yF, XF, W, T = T, lambda = FALSE, out = function(v) less(v, 1))
h <- test(E, E$maximum(0.5), random(TRUE, c(0.5, 5))); l <- test(L, L$maximum(0.2), random(FALSE, c(0.02, 20))); cat("Hausman: error", h, "lag", l, "\n")
reference("spatial", "produc.sphtest", "real/produc.csv", c(panel, "f = log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp", 'h = spatial_hausman(sem(f, W, fe="unit"), sem(f, W, effects="random", error="kkp"))',
          'l = spatial_hausman(sar(f, W, fe="unit"), sar(f, W, effects="random"), variance="given_rho")', "s = {error = h.Hausman.statistic, lag = l.Hausman.statistic}"), "s",
          values = list(error = h, lag = l), peer = "splm", call = "the statistic of sphtest at the maxima of the likelihoods (splm: 35.1559907, 83.0793001)", tol = 1e-6)
