# Standard errors of the lag model of panels, pooled and with random effects: splm takes others than the curvature of its own likelihood.
# The cases hold those of the numerical Hessian of the whole log-likelihood in (b, rho[, phi], sigma2), at the maximum.
source("_reference.R")
suppressMessages(library(numDeriv))
produc <- rd("real/produc.csv"); states <- rd("real/usaww.csv")
W <- as.matrix(states[, -1]); n <- nrow(W); T <- 17; N <- n * T
d <- produc[order(produc$year, match(produc$state, states$name)), ]
y <- log(d$gsp); X <- cbind(`log(pcap)` = log(d$pcap), `log(pc)` = log(d$pc), `log(emp)` = log(d$emp), unemp = d$unemp, `_cons` = 1)
Wy <- as.numeric(W %*% matrix(y, n)); w <- Re(eigen(W)$values); k <- ncol(X)
means <- function(u) rep(rowMeans(matrix(u, n)), T)
loglik <- function(p, random) {
  rho <- p[k + 1]; s2 <- p[k + 2]; phi <- if (random) p[k + 3] else 0
  u <- y - rho * Wy - X %*% p[1:k]; m <- means(u); e <- u - m
  -N / 2 * log(2 * pi * s2) + T * sum(log(1 - rho * w)) - n / 2 * log(1 + T * phi) - (sum(e^2) + sum(m^2) / (1 + T * phi)) / (2 * s2)
}
for (random in c(FALSE, TRUE)) {
  profile <- function(q) { phi <- if (random) exp(q[2]) else 0; theta <- 1 - 1 / sqrt(1 + T * phi); f <- function(v) v - theta * means(v)
    b <- lm.fit(apply(X, 2, f), f(y - q[1] * Wy))$coefficients; e <- f(y - q[1] * Wy) - apply(X, 2, f) %*% b
    list(b = b, s2 = sum(e^2) / N, value = -N / 2 * log(sum(e^2) / N) + T * sum(log(1 - q[1] * w)) - n / 2 * log(1 + T * phi)) }
  q <- if (random) optim(c(0.1, 3), function(q) -profile(q)$value, method = "BFGS", control = list(reltol = 1e-15, parscale = c(0.01, 1)))$par
       else optimize(function(r) -profile(r)$value, c(-0.5, 0.5), tol = 1e-12)$minimum
  at <- profile(q); p <- c(at$b, rho = q[1], s2 = at$s2, if (random) c(phi = exp(q[2])))
  V <- solve(-hessian(loglik, p, random = random, method.args = list(r = 6)))
  keep <- c(colnames(X), "rho", if (random) "phi"); se <- setNames(sqrt(diag(V)), names(p))[keep]
  print(cbind(p[keep], se))
  reference("spatial", paste0("produc.errors.", if (random) "random" else "pooling", ".lag"), "real/produc.csv",
            c("panel(state, year)", 'W = weights.read("{folder}/usaww.csv", id=state)',
              paste0("m = sar(log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp, W", if (random) ', effects="random")' else ")")),
            "m.se", values = as.list(se), peer = "R", call = "numDeriv::hessian of the log-likelihood at its maximum", tol = 1e-3)
}
