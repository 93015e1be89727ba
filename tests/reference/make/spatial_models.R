# Spatial models beyond those of spatial.json: matrix exponential, predictions, conditional Baltagi-Song-Koh tests, GWR.
source("_reference.R")
suppressMessages({ library(spdep); library(spatialreg); library(splm); library(spgwr) })
invisible(set.VerboseOption(FALSE))
columbus <- rd("real/columbus.csv"); edges <- rd("real/columbus_nb.csv"); produc <- rd("real/produc.csv"); states <- rd("real/usaww.csv")
B <- matrix(0, 49, 49); B[cbind(edges$i, edges$j)] <- 1; W <- mat2listw(B, style = "W")
setup <- 'W = weights.edges("{folder}/columbus_nb.csv", "i", "j", id="POLYID")'
f <- CRIME ~ INC + HOVAL; tight <- list(tol.opt = 1e-13)
ours <- function(x) setNames(x, sub("^lag\\.", "W*", sub("\\(Intercept\\)", "_cons", names(x))))

# ---- MESS. lagmess takes alpha as known in the standard errors of b; the likelihood and the estimates are compared.
m <- lagmess(f, columbus, W, use_expm = TRUE, control = list(abstol = 1e-14, reltol = 1e-14))
b <- ours(coef(m$lmobj)); names(b) <- c("_cons", "INC", "HOVAL")
reference("spatial", "columbus.mess", "real/columbus.csv", c(setup, "m = mess(CRIME ~ INC + HOVAL, W)", "v = {alpha = m.coef.alpha, loglik = m.loglik, _cons = m.coef._cons, INC = m.coef.INC, HOVAL = m.coef.HOVAL}"),
          "v", values = c(as.list(b), alpha = m$alpha, loglik = as.numeric(logLik(m))), peer = "spatialreg", call = "lagmess(CRIME ~ INC + HOVAL)", tol = 1e-6)

# ---- predictions
lag <- lagsarlm(f, columbus, W, method = "eigen", control = tight, tol.solve = 1e-16)
err <- errorsarlm(f, columbus, W, method = "eigen", control = tight, tol.solve = 1e-16)
first <- function(x) setNames(as.list(as.numeric(x)[1:10]), as.character(1:10))
for (type in c("trend", "TS", "TC")) for (model in if (type == "TC") "sar" else c("sar", "sem")) {
  fit <- if (model == "sar") lag else err
  p <- predict(fit, pred.type = type, listw = W)
  reference("spatial", paste0("columbus.predict.", model, ".", type), "real/columbus.csv",
            c(setup, paste0("m = ", model, "(CRIME ~ INC + HOVAL, W)"), paste0('p = m:predict("', type, '"):values()'), "v = {}", "for i = 1, 10 do v[tostring(i)] = p[i] end"),
            "v", values = first(p), peer = "spatialreg", call = paste0('predict(', if (model == "sar") "lagsarlm" else "errorsarlm", '(CRIME ~ INC + HOVAL), pred.type = "', type, '")'), tol = 1e-6)
}

# ---- conditional tests
Wus <- as.matrix(states[, -1]); rownames(Wus) <- colnames(Wus) <- states$name
g <- log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp
panel <- c("panel(state, year)", 'W = weights.read("{folder}/usaww.csv", id=state)', "t = bsktests(ols(log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp), W)")
for (test in c("CLMlambda", "CLMmu")) {
  h <- bsktest(g, data = produc, index = c("state", "year"), listw = mat2listw(Wus), test = test)
  name <- if (test == "CLMlambda") "spatial errors given random effects" else "random effects given spatial errors"
  reference("spatial", paste0("produc.bsktest.", test), "real/produc.csv", c(panel, paste0('v = {z = t["', name, '"].statistic}')), "v",
            values = list(z = as.numeric(h$statistic)), peer = "splm", call = paste0('bsktest(g, test = "', test, '")'), tol = 1e-5)
}

# ---- GWR. The peer's standard errors take RSS/(n - tr S) for the variance, ours (as GWmodel) RSS/(n - 2 tr S + tr S'S): they are put on ours here.
# Its AICb is the AICc of Fotheringham, Brunsdon & Charlton.
xy <- cbind(columbus$X, columbus$Y)
for (kernel in c("gaussian", "bisquare")) {
  weight <- if (kernel == "gaussian") gwr.Gauss else gwr.bisquare
  bandwidth <- if (kernel == "gaussian") 2 else 6
  m <- gwr(f, data = columbus, coords = xy, bandwidth = bandwidth, gweight = weight, hatmatrix = TRUE, se.fit = TRUE)
  call <- sprintf("g = gwr(CRIME ~ INC + HOVAL, X, Y, metric=\"planar\", adaptive=false, bandwidth=%d, kernel=\"%s\")", bandwidth, kernel)
  b <- m$SDF@data
  reference("spatial", paste0("columbus.gwr.", kernel), "real/columbus.csv", c(call, "v = {rss = g.rss, aicc = g.aicc, edf = g.edf, trace = g.trace}", "for i = 1, 10 do v['INC' .. i] = g.frame.b_INC:values()[i]; v['se' .. i] = g.frame.b_INC_se:values()[i]; v['r2' .. i] = g.frame.b_r2:values()[i] end"),
            "v", values = c(list(rss = m$results$rss, aicc = m$results$AICb, edf = m$results$edf, trace = m$results$v1),
                            setNames(as.list(b$INC[1:10]), paste0("INC", 1:10)), setNames(as.list(b$INC_se[1:10] * sqrt((49 - m$results$v1) / m$results$edf)), paste0("se", 1:10)), setNames(as.list(b$localR2[1:10]), paste0("r2", 1:10))),
            peer = "spgwr", call = sprintf("gwr(CRIME ~ INC + HOVAL, bandwidth = %d, gweight = gwr.%s, hatmatrix = TRUE)", bandwidth, kernel), tol = 1e-8)
  # With the bisquare kernel the peer's search ends at its own bound, which is narrower than the map.
  if (kernel == "gaussian") for (method in c("cv", "aic")) {
    h <- gwr.sel(f, data = columbus, coords = xy, gweight = weight, method = method, verbose = FALSE, tol = 1e-10, show.error.messages = FALSE)
    criterion <- if (method == "cv") "cv" else "aicc"
    reference("spatial", paste0("columbus.gwr.", kernel, ".", criterion), "real/columbus.csv", c(sprintf("g = gwr(CRIME ~ INC + HOVAL, X, Y, metric=\"planar\", adaptive=false, kernel=\"%s\", criterion=\"%s\")", kernel, criterion), "v = {bandwidth = g.bandwidth}"),
              "v", values = list(bandwidth = h), peer = "spgwr", call = sprintf('gwr.sel(CRIME ~ INC + HOVAL, gweight = gwr.%s, method = "%s")', kernel, method), tol = 1e-6)
  }
}

# ---- random effects by moments. The peer's standard errors take sigma2_v of the moments, ours the residual variance of the last step.
g <- spgm(log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp, produc, index = c("state", "year"), listw = mat2listw(Wus, style = "W"), lag = FALSE, spatial.error = TRUE, model = "random", moments = "fullweights")
e <- as.numeric(g$errcomp)
reference("spatial", "produc.spgm.random", "real/produc.csv",
          c("panel(state, year)", 'W = weights.read("{folder}/usaww.csv", id=state)', 'm = gmerror(log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp, W, effects="random")',
            "s = {lambda = m.lambda, sigma2_v = m.sigma2_v, sigma2_1 = m.sigma2_1}",
            'for short, name in pairs{cons = "_cons", pcap = "log(pcap)", pc = "log(pc)", emp = "log(emp)", unemp = "unemp"} do s["b_" .. short], s["se_" .. short] = m.coef[name], m.se[name]*math.sqrt(m.sigma2_v/m.sigma2) end'),
          "s", values = as.list(setNames(c(e[1:3], g$coefficients, sqrt(diag(g$vcov))), c("lambda", "sigma2_v", "sigma2_1", paste0("b_", c("cons", "pcap", "pc", "emp", "unemp")), paste0("se_", c("cons", "pcap", "pc", "emp", "unemp"))))),
          peer = "splm", call = 'spgm(f, lag = FALSE, spatial.error = TRUE, model = "random", moments = "fullweights")', tol = 1e-6)

# ---- GS2SLS with heteroskedastic moments: formulas of Kelejian & Prucha (2010) in plain matrices; sphet's spreg(het = TRUE) prints the same to its digits.
M <- as.matrix(B/rowSums(B)); n <- nrow(M); y <- columbus$CRIME; X <- cbind(1, columbus$INC, columbus$HOVAL); Z <- cbind(X, M %*% y)
H <- cbind(X, M %*% X[, -1], M %*% M %*% X[, -1]); P <- H %*% solve(crossprod(H), t(H)); A <- list(crossprod(M), M); diag(A[[1]]) <- 0
tsls <- function(Z, y) { Zh <- P %*% Z; solve(crossprod(Zh), crossprod(Zh, y)) }
moments <- function(l, u) { e <- as.vector(u - l*M %*% u); sapply(A, function(Q) sum(e*(Q %*% e)))/n }
least <- function(f) optimize(f, c(-0.99, 0.99), tol = 1e-13)$minimum
first <- least(function(l) sum(moments(l, as.vector(y - Z %*% tsls(Z, y)))^2))
b <- tsls(Z - first*M %*% Z, y - first*M %*% y); u <- as.vector(y - Z %*% b)
parts <- function(l) {
  e <- as.vector(u - l*M %*% u); Zl <- Z - l*M %*% Z; Zh <- P %*% Zl; D <- solve(crossprod(Zh)); S <- diag(e^2)
  both <- lapply(A, function(Q) Q + t(Q)); a <- sapply(both, function(Q) -Zh %*% D %*% t(Zl) %*% (Q %*% e))
  Psi <- outer(1:2, 1:2, Vectorize(function(r, s) sum(diag(both[[r]] %*% S %*% both[[s]] %*% S))/2 + sum(a[, r]*e^2*a[, s])))/n
  list(Psi = Psi, J = -sapply(both, function(Q) sum((M %*% u)*(Q %*% e)))/n, V = D %*% crossprod(Zh*e) %*% D)
}
weight <- solve(parts(first)$Psi); l <- least(function(l) { m <- moments(l, u); sum(m*(weight %*% m)) }); p <- parts(l)
se <- sqrt(c(diag(p$V), 1/(n*sum(p$J*solve(p$Psi, p$J)))))
reference("spatial", "columbus.gs2sls.het", "real/columbus.csv", c(setup, 'm = gs2sls(CRIME ~ INC + HOVAL, W, moments="het")', "s = {}", 'for _, name in ipairs{"_cons", "INC", "HOVAL", "rho", "lambda"} do s["b_" .. name], s["se_" .. name] = m.coef[name], m.se[name] end'),
          "s", values = as.list(setNames(c(b, l, se), c(paste0("b_", c("_cons", "INC", "HOVAL", "rho", "lambda")), paste0("se_", c("_cons", "INC", "HOVAL", "rho", "lambda"))))), peer = "R", call = "Kelejian & Prucha (2010) in plain matrices; sphet::spreg(het = TRUE)", tol = 1e-6)

# ---- W^2 has no negative eigenvalue: rho is unbounded below, and the maximum inside.
M2 <- M %*% M; X <- cbind(1, columbus$INC); ev <- Re(eigen(M2)$values)
loglik <- function(r) { s <- sum(lm.fit(X, y - r*M2 %*% y)$residuals^2)/n; -n/2*log(2*pi*s) - n/2 + sum(log(1 - r*ev)) }
o <- optimize(loglik, c(-3, 0.999), maximum = TRUE, tol = 1e-12); b <- lm.fit(X, y - o$maximum*M2 %*% y)$coefficients
reference("spatial", "columbus.sar.square", "real/columbus.csv", c(setup, "m = sar(CRIME ~ INC, W^2)", "s = {rho = m.coef.rho, loglik = m.loglik, _cons = m.coef._cons, INC = m.coef.INC}"),
          "s", values = list(rho = o$maximum, loglik = o$objective, "_cons" = b[[1]], INC = b[[2]]), peer = "R", call = "optimize() of the concentrated likelihood by eigenvalues: no eigenvalue of W^2 is negative, rho is unbounded below", tol = 1e-7)
