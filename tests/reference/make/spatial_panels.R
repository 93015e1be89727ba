# Spatial panels on `produc`: the likelihoods that splm maximises, in plain matrices, maximised from splm's estimates until the gradient is
# nothing. splm's own optimisers stop earlier: what they leave is printed. Cases produc.maximum.*: coefficients, sigma2, log-likelihood.
source("_reference.R")
suppressMessages({ library(splm); library(spdep); library(numDeriv) })
d <- rd("real/produc.csv"); states <- rd("real/usaww.csv"); W <- as.matrix(states[, -1]); W <- W/rowSums(W)
d <- d[order(d$year, match(d$state, states$name)), ]; N <- nrow(W); T <- nrow(d)/N
f <- log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp; listw <- mat2listw(W, style = "W")
y <- model.response(model.frame(f, d)); X <- model.matrix(f, d); I <- diag(N); roots <- eigen(W, only.values = TRUE)$values
logdet <- function(k) sum(log(Mod(1 - k*roots))); over <- function(A, x) as.vector(A %*% matrix(x, N))
means <- function(x) rowMeans(matrix(x, N))

# theta: named rho, lambda, phi, of which a model has some. Returns the log-likelihood with b and sigma2 concentrated out, and its derivative by rho.
likelihood <- function(theta, y, X, kkp) {
  at <- function(n) if (n %in% names(theta)) theta[[n]] else 0
  rho <- at("rho"); lambda <- at("lambda"); phi <- at("phi"); B <- I - lambda*W; all <- cbind(y - rho*over(W, y), over(W, y), X)
  if (!"phi" %in% names(theta)) { Z <- apply(all, 2, function(v) over(B, v)); det <- T*logdet(lambda)
  } else {
    M <- apply(all, 2, means); Z <- apply(all - M[rep(1:N, T), ], 2, function(v) over(B, v))
    root <- if (kkp) B/sqrt(1 + T*phi) else chol(solve(T*phi*I + solve(crossprod(B))))
    Z <- rbind(Z, sqrt(T)*root %*% M); det <- (T - 1)*logdet(lambda) + determinant(root)$modulus[1]
  }
  fit <- lm.fit(Z[, -(1:2), drop = FALSE], Z[, 1]); n <- N*T; s2 <- sum(fit$residuals^2)/n
  list(score = sum(fit$residuals*Z[, 2])/s2 - T*sum(Re(roots/(1 - rho*roots))), value = -n/2*(log(2*pi*s2) + 1) + T*logdet(rho) + det, b = fit$coefficients, sigma2 = s2)
}

maximum <- function(start, y, X, kkp) {
  value <- function(p) likelihood(setNames(p, names(start)), y, X, kkp)$value
  p <- start
  slope <- function(p) { g <- grad(value, p); if ("rho" %in% names(start)) g[1] <- likelihood(setNames(p, names(start)), y, X, kkp)$score; g }
  for (i in 1:8) p <- p - solve(hessian(value, p), slope(p))
  cat(sprintf("  splm's estimate: log-likelihood %.3g below the maximum, gradient %.2g; here %.2g\n", value(p) - value(start), max(abs(slope(start))), max(abs(slope(p)))))
  c(list(theta = setNames(p, names(start))), likelihood(setNames(p, names(start)), y, X, kkp))
}

case <- function(name, command, options, model, effect, lag, error, kkp = FALSE) {
  cat(name, "\n")
  m <- suppressWarnings(spml(f, d, index = c("state", "year"), listw = listw, model = model, effect = effect, lag = lag, spatial.error = error))
  found <- c(coef(m), m$errcomp, m$arcoef); pick <- function(x) as.numeric(found[names(found) == x][1])
  start <- c(if (lag) c(rho = pick("lambda")), if (error != "none") c(lambda = pick("rho")), if (model == "random") c(phi = pick("phi")))
  out <- function(v) { v <- if (effect %in% c("individual", "twoways")) v - rep(means(v), T) else v; if (effect == "individual") v else v - rep(colMeans(matrix(v, N)), each = N) }
  u <- if (model == "within") out(y) else y; V <- if (model == "within") apply(X[, -1], 2, out) else X
  best <- maximum(start, u, V, kkp); b <- best$b; names(b) <- sub("(Intercept)", "_cons", colnames(V), fixed = TRUE)
  short <- c(rho = "rho", lambda = "lambda", phi = "phi", "_cons" = "cons", "log(pcap)" = "pcap", "log(pc)" = "pc", "log(emp)" = "emp", unemp = "unemp")
  all <- c(best$theta, b)
  pairs <- paste(sprintf('%s = "%s"', short[names(all)], names(all)), collapse = ", ")
  script <- c("panel(state, year)", 'W = weights.read("{folder}/usaww.csv", id=state)', sprintf("m = %s(log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp, W%s)", command, options),
              sprintf("s = {sigma2 = m.sigma2}; for short, name in pairs{%s} do s[short] = m.coef[name] end", pairs), "l = {loglik = m.loglik}")
  path <- paste0("produc.maximum.", name)
  reference("spatial", path, "real/produc.csv", script, "s", values = c(as.list(setNames(all, short[names(all)])), sigma2 = best$sigma2), peer = "splm", tol = 1e-6,
            call = sprintf('the likelihood of spml(f, model = "%s", effect = "%s", lag = %s, spatial.error = "%s"), maximised from its estimate by Newton steps', model, effect, lag, error))
  file <- file.path("../spatial", paste0(path, ".json")); written <- fromJSON(file, simplifyVector = FALSE)
  written$checks[[2]] <- list(of = "l", kind = "values", expect = list(loglik = best$value), tol = 1e-8)
  writeLines(toJSON(written, auto_unbox = TRUE, digits = I(17), pretty = 1), file)
}

for (effect in c("individual", "time", "twoways")) {
  options <- c(individual = ', fe="unit"', time = ', fe="time", demean="first"', twoways = ', fe="both", demean="first"')[[effect]]
  case(paste0("within.", effect, ".lag"), "sar", options, "within", effect, TRUE, "none")
  case(paste0("within.", effect, ".error"), "sem", options, "within", effect, FALSE, "b")
  case(paste0("within.", effect, ".sarar"), "sac", options, "within", effect, TRUE, "b")
}
case("random.lag", "sar", ', effects="random"', "random", "individual", TRUE, "none")
case("random.error_b", "sem", ', effects="random"', "random", "individual", FALSE, "b")
case("random.error_kkp", "sem", ', effects="random", error="kkp"', "random", "individual", FALSE, "kkp", TRUE)
case("random.lag_error_b", "sac", ', effects="random"', "random", "individual", TRUE, "b")
case("pooling.lag", "sar", "", "pooling", "individual", TRUE, "none")
case("pooling.error", "sem", "", "pooling", "individual", FALSE, "b")

# ---- Unbalanced panels with random effects: everything dense. W covers the units of each period, rows standardised again; the covariance of the
# filtered rows is sigma2 (I + phi DD'), D the units' dummies.
gaps <- !(d$state == "ALABAMA" & d$year == 1975) & !(d$state == "TEXAS" & d$year > 1980) & !(d$state == "OHIO" & d$year < 1973)
g <- d[gaps, ]; yg <- model.response(model.frame(f, g)); Xg <- model.matrix(f, g); V <- matrix(0, nrow(g), nrow(g))
for (t in unique(g$year)) { at <- which(g$year == t); w <- W[match(g$state[at], states$name), match(g$state[at], states$name)]; V[at, at] <- w/rowSums(w) }
D <- outer(g$state, unique(g$state), "=="); eg <- eigen(V, only.values = TRUE)$values; ng <- nrow(g); counts <- colSums(D)
dense <- function(p, error) {
  A <- diag(ng) - p[1]*V; u <- if (error) A %*% cbind(yg, Xg) else cbind(A %*% yg, Xg)
  m <- crossprod(D, u)/counts; u <- u - D %*% (m*(1 - 1/sqrt(1 + counts*p[2]))); fit <- lm.fit(u[, -1], u[, 1]); s2 <- sum(fit$residuals^2)/ng
  list(value = -ng/2*(log(2*pi*s2) + 1) + sum(log(Mod(1 - p[1]*eg))) - sum(log(1 + counts*p[2]))/2, b = fit$coefficients, sigma2 = s2)
}
for (command in c("sar", "sem")) {
  value <- function(p) dense(p, command == "sem")$value
  p <- nlminb(c(0.2, 10), function(p) -value(p), lower = c(-0.9, 0.1), upper = c(0.9, 100))$par
  for (i in 1:6) p <- p - solve(hessian(value, p), grad(value, p))
  best <- dense(p, command == "sem"); name <- if (command == "sar") "rho" else "lambda"
  reference("spatial", paste0("produc.unbalanced.random.", command), "real/produc.csv",
            c("panel(state, year)", 'W = weights.read("{folder}/usaww.csv", id=state)',
              sprintf("m = %s(log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp, W, effects=\"random\"%s, unbalanced=true, where=\"not (state == 'ALABAMA' and year == 1975) and not (state == 'TEXAS' and year > 1980) and not (state == 'OHIO' and year < 1973)\")", command, if (command == "sem") ", error=\"kkp\"" else ""),
              sprintf('s = {spatial = m.coef.%s, phi = m.coef.phi, loglik = m.loglik, sigma2 = m.sigma2, cons = m.coef._cons, pcap = m.coef["log(pcap)"], pc = m.coef["log(pc)"], emp = m.coef["log(emp)"], unemp = m.coef.unemp}', name)),
            "s", values = as.list(setNames(c(p, best$value, best$sigma2, best$b), c("spatial", "phi", "loglik", "sigma2", "cons", "pcap", "pc", "emp", "unemp"))), peer = "R",
            call = "the likelihood of an unbalanced panel in dense matrices, maximised by nlminb and Newton steps", tol = 1e-6)
}
