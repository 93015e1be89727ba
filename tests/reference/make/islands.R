# Units without neighbours in Moran's I, Geary's C, Getis and Ord's G and join counts: spdep's adjust.n = TRUE (islands="adjust"),
# adjust.n = FALSE ("keep"), and the statistic of the units with neighbours alone ("drop").
# Geary's C with adjust.n = TRUE: spdep's variance takes n of all units in some places and n of those with neighbours in others;
# the case has one n, that of the units with neighbours, in all of it (formula of Cliff & Ord written out below).
source("_reference.R")
suppressMessages(library(spdep))
d <- rd("real/columbus.csv"); d <- d[order(d$POLYID), ]
nb <- dnearneigh(as.matrix(d[, c("X", "Y")]), 0, 0.5); alone <- card(nb) == 0
cat(sum(alone), "islands:", d$POLYID[alone], "\n"); stopifnot(sum(alone) >= 3)
lw <- nb2listw(nb, style = "W", zero.policy = TRUE); bin <- nb2listw(nb, style = "B", zero.policy = TRUE)
left <- subset(nb, !alone); lw_left <- nb2listw(left, style = "W"); bin_left <- nb2listw(left, style = "B")
x <- d$CRIME; high <- factor(x > 35)
values <- function(test) setNames(c(unname(test$estimate), unname(test$statistic), test$p.value), c("statistic", "expected", "variance", "z", "p"))
script <- c('W = weights.band(X, Y, most=0.5, metric="planar", id=POLYID)', 'gen(high = "CRIME > 35")', "t = {}")
lines <- function(command, name, islands, more = "") paste0("t.", name, " = ", command, ", islands=\"", islands, "\"", more, ")")
all <- list(); add <- function(name, v) { names(v) <- paste0(name, ".", names(v)); all <<- c(all, as.list(v)) }
for (variance in c("randomisation", "normality")) {
  random <- variance == "randomisation"; option <- paste0(", variance=\"", variance, "\"")
  n <- function(what) paste0(what, "_", variance)
  add(n("moran_adjust"), values(moran.test(x, lw, random, zero.policy = TRUE, alternative = "two.sided")))
  add(n("moran_keep"), values(moran.test(x, lw, random, zero.policy = TRUE, alternative = "two.sided", adjust.n = FALSE)))
  add(n("moran_drop"), values(moran.test(x[!alone], lw_left, random, alternative = "two.sided")))
  add(n("geary_keep"), values(geary.test(x, lw, random, zero.policy = TRUE, alternative = "two.sided", adjust.n = FALSE)))
  add(n("geary_drop"), values(geary.test(x[!alone], lw_left, random, alternative = "two.sided")))
  mixed <- values(geary.test(x, lw, random, zero.policy = TRUE, alternative = "two.sided"))
  c1 <- spweights.constants(lw, zero.policy = TRUE); N <- c1$n; S0 <- c1$S0; S1 <- c1$S1; S2 <- c1$S2
  z <- x - mean(x); K <- length(x) * sum(z^4) / sum(z^2)^2
  V <- if (!random) ((2 * S1 + S2) * (N - 1) - 4 * S0^2) / (2 * (N + 1) * S0^2) else
    ((N - 1) * S1 * (N^2 - 3 * N + 3 - (N - 1) * K) - (N - 1) * S2 * (N^2 + 3 * N - 6 - (N^2 - N + 2) * K) / 4 +
       S0^2 * (N^2 - 3 - (N - 1)^2 * K)) / (N * (N - 2) * (N - 3) * S0^2)
  cat(variance, "variance of C: spdep", mixed["variance"], "one n", V, "\n")
  add(n("geary_adjust"), c(mixed[c("statistic", "expected")], variance = V))
  for (islands in c("adjust", "keep", "drop"))
    script <- c(script, lines("moran(CRIME, W", n(paste0("moran_", islands)), islands, option), lines("geary(CRIME, W", n(paste0("geary_", islands)), islands, option))
}
b <- function(test) { v <- values(test); names(v) <- c("statistic", "expected", "variance", "z", "p"); v }
add("g_adjust", b(globalG.test(x, bin, zero.policy = TRUE, alternative = "two.sided")))
add("g_keep", b(globalG.test(x, bin, zero.policy = TRUE, alternative = "two.sided", adjust.n = FALSE, adjust.x = FALSE)))
add("g_drop", b(globalG.test(x[!alone], bin_left, alternative = "two.sided")))
joins <- function(high, lw, ...) joincount.test(high, lw, zero.policy = TRUE, alternative = "two.sided", ...)[[2]]
add("j_adjust.true:true", b(joins(high, bin))); add("j_keep.true:true", b(joins(high, bin, adjust.n = FALSE)))
add("j_drop.true:true", b(joins(high[!alone], bin_left)))
for (islands in c("adjust", "keep", "drop"))
  script <- c(script, lines("getis_ord(CRIME, W:binary()", paste0("g_", islands), islands), lines("join_counts(high, W:binary()", paste0("j_", islands), islands))
reference("spatial", "columbus.islands", "real/columbus.csv", script, "t", values = all, peer = "spdep",
          call = "moran.test, geary.test, globalG.test, joincount.test with zero.policy = TRUE and adjust.n = TRUE or FALSE, and of the units with neighbours", tol = 1e-10)

# Moran's I of residuals. With islands spdep takes the number of units with neighbours for n, in n - k too, though the regression has all rows:
# the case with islands has the moments of Cliff & Ord (1981), ch. 8, in plain matrices.
fit <- lm(CRIME ~ INC + HOVAL, d); pairs <- rd("real/columbus_nb.csv")
m <- matrix(0, 49, 49); m[cbind(match(pairs$i, d$POLYID), match(pairs$j, d$POLYID))] <- 1; contiguity <- mat2listw(m, style = "W")
five <- c("statistic", "expected", "variance", "z", "p"); tr <- function(A) sum(diag(A))
plain <- function(W) { X <- model.matrix(fit); e <- residuals(fit); n <- nrow(X); k <- ncol(X); S0 <- sum(W); U <- (W + t(W)) / 2; P <- diag(n) - X %*% solve(crossprod(X), t(X)); A <- P %*% U %*% P
  I <- n / S0 * sum(e * (W %*% e)) / sum(e^2); E <- n / S0 * tr(A) / (n - k); V <- (n / S0)^2 * (2 * tr(A %*% A) + tr(A)^2) / ((n - k) * (n - k + 2)) - E^2
  z <- (I - E) / sqrt(V); setNames(c(I, E, V, z, 2 * pnorm(-abs(z))), five) }
t <- lm.morantest(fit, contiguity, alternative = "two.sided"); peer <- setNames(c(unname(t$estimate), unname(t$statistic), t$p.value), five)
stopifnot(max(abs(plain(listw2mat(contiguity)) / peer - 1)) < 1e-10)
write_residuals <- function(name, weights, values, peer, call)
  reference("spatial", paste0("columbus.residual_moran.", name), "real/columbus.csv", c(weights, "m = ols(CRIME ~ INC + HOVAL)", "t = moran(m, W)"), "t", values = as.list(values), peer = peer, call = call, tol = 1e-10)
write_residuals("contiguity", 'W = weights.edges("{folder}/columbus_nb.csv", "i", "j", id="POLYID")', peer, "spdep", "lm.morantest(lm(CRIME ~ INC + HOVAL), alternative = 'two.sided')")
write_residuals("islands", 'W = weights.band(X, Y, most=0.5, metric="planar", id=POLYID)', plain(listw2mat(lw)), "R", "moments of Moran's I of residuals in plain matrices, every unit counted")
