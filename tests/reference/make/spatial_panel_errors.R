# Standard errors of the pooled lag model of a panel: splm takes rho as known in those of b, and others for rho. Here they come from
# the expected information of (b, rho, sigma2), written out, and from the numerical Hessian of the whole log-likelihood, printed beside
# them and beside those of splm: the Hessian stands by the information.
#              expected  Hessian  splm              with random effects (not a case, see docs/conventions.md):  ours    Hessian  splm
#   _cons      0.0872    0.0890   0.0574                                                                        0.1882  0.1664   0.1507
#   rho        0.00588   0.00598  0.00466                                                                       0.0291  0.0291   0.0289
source("_reference.R")
suppressMessages(library(numDeriv))
produc <- rd("real/produc.csv"); states <- rd("real/usaww.csv")
W <- as.matrix(states[, -1]); n <- nrow(W); T <- 17; N <- n * T
d <- produc[order(produc$year, match(produc$state, states$name)), ]
y <- log(d$gsp); X <- cbind(`log(pcap)` = log(d$pcap), `log(pc)` = log(d$pc), `log(emp)` = log(d$emp), unemp = d$unemp, `_cons` = 1)
lag <- function(x) as.numeric(W %*% matrix(x, n)); Wy <- lag(y); w <- Re(eigen(W)$values); k <- ncol(X)
profile <- function(rho) { b <- lm.fit(X, y - rho * Wy)$coefficients; e <- y - rho * Wy - X %*% b; list(b = b, s2 = sum(e^2) / N) }
value <- function(rho) -N / 2 * log(profile(rho)$s2) + T * sum(log(1 - rho * w))
score <- function(rho) { at <- profile(rho); e <- y - rho * Wy - X %*% at$b; sum(e * Wy) / at$s2 - T * sum(w / (1 - rho * w)) }
rho <- uniroot(score, optimize(function(r) -value(r), c(-0.5, 0.5))$minimum + c(-0.01, 0.01), tol = 1e-15)$root
at <- profile(rho); G <- W %*% solve(diag(n) - rho * W); GXb <- as.numeric(G %*% matrix(X %*% at$b, n))
I <- matrix(0, k + 2, k + 2)
I[1:k, 1:k] <- crossprod(X) / at$s2; I[1:k, k + 1] <- crossprod(X, GXb) / at$s2
I[k + 1, k + 1] <- T * (sum(G * t(G)) + sum(G^2)) + sum(GXb^2) / at$s2; I[k + 1, k + 2] <- T * sum(diag(G)) / at$s2; I[k + 2, k + 2] <- N / (2 * at$s2^2)
I[lower.tri(I)] <- t(I)[lower.tri(I)]
se <- setNames(sqrt(diag(solve(I)))[1:(k + 1)], c(colnames(X), "rho"))
loglik <- function(p) { e <- y - p[k + 1] * Wy - X %*% p[1:k]; -N / 2 * log(2 * pi * p[k + 2]) + T * sum(log(1 - p[k + 1] * w)) - sum(e^2) / (2 * p[k + 2]) }
print(cbind(expected = se, Hessian = sqrt(diag(solve(-hessian(loglik, c(at$b, rho, at$s2)))))[1:(k + 1)]))
reference("spatial", "produc.pooling.lag.errors", "real/produc.csv",
          c("panel(state, year)", 'W = weights.read("{folder}/usaww.csv", id=state)', "m = sar(log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp, W)"),
          "m.se", values = as.list(se), peer = "R", call = "the expected information of (b, rho, sigma2) written out; the numerical Hessian agrees to 2%, splm's standard errors are up to a third smaller", tol = 1e-6)
