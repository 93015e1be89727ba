# Synthetic difference-in-differences: the minima that synthdid's Frank-Wolfe approaches (it stops early), by R's quadprog,
# in the estimate of synthdid_estimate:
#   min over weights on the simplex of |A w − b|²/rows + ζ²|w|²,  A and b less their column means (an intercept).
source("_reference.R")
suppressMessages(library(quadprog))
simplex <- function(A, b, zeta) {
  A <- sweep(A, 2, colMeans(A)); b <- b - mean(b)
  k <- ncol(A)
  H <- crossprod(A) / nrow(A) + zeta^2 * diag(k)
  scale <- max(abs(H))
  w <- solve.QP(H / scale, drop(crossprod(A, b)) / nrow(A) / scale, cbind(1, diag(k)), c(1, rep(0, k)), meq = 1)$solution
  # quadprog's active set, solved again to the last digit
  on <- which(w > 1e-9)
  system <- rbind(cbind(H[on, on] / scale, 1), c(rep(1, length(on)), 0))
  exact <- numeric(k)
  exact[on] <- solve(system, c(drop(crossprod(A[, on, drop = FALSE], b)) / nrow(A) / scale, 1))[seq_along(on)]
  stopifnot(all(exact[on] > 0), max(abs(exact - w)) < 1e-6)
  exact
}
estimate <- function(Y, N0, T0) {  # units by periods, treated last; synthdid's ζ
  N1 <- nrow(Y) - N0; T1 <- ncol(Y) - T0
  noise <- sd(apply(Y[1:N0, 1:T0], 1, diff))
  zeta <- (N1 * T1)^0.25 * noise
  before <- 1:T0; after <- T0 + 1:T1; controls <- 1:N0; treated <- N0 + 1:N1
  lambda <- simplex(Y[controls, before], rowMeans(Y[controls, after, drop = FALSE]), 1e-6 * noise)
  omega <- simplex(t(Y[controls, before]), colMeans(Y[treated, before, drop = FALSE]), zeta)
  c(estimate = drop(c(-omega, rep(1 / N1, N1)) %*% Y %*% c(-lambda, rep(1 / T1, T1))), zeta = zeta)
}
matrix_of <- function(d, unit, time, y, treat) {
  Y <- tapply(d[[y]], list(d[[unit]], d[[time]]), mean); D <- tapply(d[[treat]], list(d[[unit]], d[[time]]), mean)
  order <- order(rowSums(D)); first <- which(colSums(D) > 0)[1]
  list(Y = Y[order, ], N0 = sum(rowSums(D) == 0), T0 = unname(first) - 1)
}
california <- rd("real/california_prop99.csv")
m <- matrix_of(california, "State", "Year", "PacksPerCapita", "treated")
reference("synth", "sdid.prop99.exact", "real/california_prop99.csv", "panel(State, Year)",
          of = "sdid(PacksPerCapita ~ 1, treat=treated, vce=\"none\")", values = as.list(estimate(m$Y, m$N0, m$T0)), peer = "quadprog",
          call = "solve.QP on synthdid's two problems")
cities <- rd("ydr_cities.csv")
cities <- cities[cities$cohort %in% c(0, 2016), ]
m <- matrix_of(cities, "city", "year", "ser", "did")
reference("synth", "sdid.ydr.exact", "ydr_cities.csv", c("panel(city, year)", "keep(\"cohort == 0 or cohort == 2016\")"),
          of = "sdid(ser ~ 1, treat=did, vce=\"none\")", values = as.list(estimate(m$Y, m$N0, m$T0)), peer = "quadprog",
          call = "solve.QP on synthdid's two problems")
