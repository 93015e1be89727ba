# Values of the cases tests/reference/did/base_did.honest.*.json: HonestDiD's conditional sets on fine grids around their
# ends (a whole grid of that step would take hours), and fixed-length intervals by direct minimisation.
suppressMessages({library(HonestDiD); library(jsonlite)})
case <- fromJSON("../did/base_did.event_study.json", simplifyVector = FALSE)$checks[[1]]$expect
V <- matrix(unlist(case$vcov$values), length(case$vcov$names))[1:9, 1:9]
b <- unlist(case$coef)[1:9]
K <- 4; P <- 5
l1 <- c(1, 0, 0, 0, 0); la <- rep(1 / 5, 5)
ends <- function(f, l, grids, ...) for (g in grids) {
  ci <- f(b, V, K, P, l_vec = l, hybrid_flag = "ARP", gridPoints = 9, grid.lb = g[1], grid.ub = g[2], ...)
  print(range(ci$grid[ci$accept == 1]))
}
rm <- HonestDiD:::computeConditionalCS_DeltaRM
ends(rm, l = l1, Mbar = 0.5, grids = list(c(-2.419, -2.415), c(3.610, 3.614)))
ends(rm, l = l1, Mbar = 1, grids = list(c(-4.029, -4.025), c(4.977, 4.981)))
ends(HonestDiD:::computeConditionalCS_DeltaSDRM, l = l1, Mbar = 0.5, grids = list(c(-6.971, -6.967), c(3.569, 3.573)))
ends(HonestDiD:::computeConditionalCS_DeltaSD, l = la, M = 0.5, grids = list(c(-11.732, -11.728), c(8.766, 8.770)))

cv <- function(t,a=.05) uniroot(function(c) pnorm(c-t)-pnorm(-c-t)-(1-a), c(0,t+10), tol=1e-13)$root
t <- c(-K:-1, 1:P)
flci <- function(l, M) {
  h <- function(c) if (c>=0) pmax(t-c,0) else pmax(c-t,0)
  cs <- (-(K-1)):(P-1)
  H <- sapply(cs, h)
  f <- function(p) { v <- c(p, NA); v[K] <- -( sum(p*t[1:(K-1)]) + sum(l*t[-(1:K)]) )/t[K]; v <- c(v, l)
    s <- sqrt(drop(t(v)%*%V%*%v)); B <- M*sum(abs(crossprod(H,v))); list(len=s*cv(B/s), mid=sum(v*b)) }
  best <- NULL
  for (r in 1:30) { set.seed(r); o <- optim(rnorm(K-1), function(p) f(p)$len, control=list(maxit=20000, reltol=1e-15)); for (q in 1:20) o <- optim(o$par, function(p) f(p)$len, control=list(maxit=20000, reltol=1e-16)); if (is.null(best)||o$value<best$value) best <- o }
  z <- f(best$par); sprintf("%.8f", c(z$mid-z$len, z$mid+z$len, z$len)) }
print(flci(l1, 0.5))
print(flci(la, 0.5))
