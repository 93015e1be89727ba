# The same by spdep and spatialreg, in seconds of CPU: Rscript peer.R FOLDER [permutations], with the files of bench.mt FOLDER.
suppressMessages({ library(spdep); library(spatialreg) })
args <- commandArgs(TRUE); folder <- args[1]; permutations <- if (length(args) > 1) as.integer(args[2]) else 9999L
cpu <- function(what, work) { t <- system.time(out <- work); cat(sprintf("%-60s %8.2f s CPU\n", what, sum(t[c(1, 2)]))); invisible(out) }
weights_of <- function(d) nb2listw(knn2nb(knearneigh(cbind(d$col, d$row), k = 4)), style = "W")
d <- read.csv(file.path(folder, "grid25.csv")); W <- cpu("kNN weights", weights_of(d))
m <- cpu("lagsarlm, method = 'LU'", lagsarlm(y ~ x, d, W, method = "LU", trs = trW(as(W, "CsparseMatrix"), m = 30, type = "MC")))
cat(sprintf("  rho %.4f (%.4f), x %.4f\n", m$rho, m$rho.se, coef(m)["x"]))
d <- read.csv(file.path(folder, "grid100.csv")); W <- weights_of(d)
h <- cpu(sprintf("moran.mc, %d permutations", permutations), moran.mc(d$u, W, nsim = permutations))
cat(sprintf("  I %.5f, p %.4f\n", h$statistic, h$p.value))
