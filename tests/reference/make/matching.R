# Matching by plain loops in R, Abadie-Imbens errors by Matching, entropy balancing by ebal.
#   DATA=folder REAL=folder Rscript matching.R > matching.json
# MatchIt 4.5.1's nearest neighbours are not always the nearest (ydr2014: Quzhou, score 0.5853, gets 0.5570, with 0.6038 at hand): loops instead.
suppressMessages({library(Matching); library(ebal)})
la <- read.csv(file.path(Sys.getenv("REAL"), "lalonde.csv")); la$race <- factor(la$race)
ydr <- read.csv(file.path(Sys.getenv("DATA"), "ydr_cities.csv")); y14 <- ydr[ydr$year == 2014, ]
f <- treat ~ age + educ + race + married + nodegree + re74 + re75; fy <- treat ~ lngdp + lnedu + lnpatent
fit <- function(f, d, ...) glm(f, binomial(...), d, control = glm.control(epsilon = 1e-14))
out <- list(); add <- function(id, ...) out[[id]] <<- list(...)
# the nearest of `pool`; distances that are equal but for rounding go to the first row
first <- function(dist, pool) { m <- min(dist[pool]); pool[which(dist[pool] <= m + 1e-10 * m + 1e-13)[1]] }
nearest <- function(t, P, replace = FALSE, caliper = Inf) {
  P <- as.matrix(P); T <- which(t == 1); free <- which(t == 0); mate <- setNames(rep(NA, length(T)), T)
  for (i in if (replace) T else T[order(-P[T, 1])]) { dist <- sqrt(rowSums(sweep(P, 2, P[i, ])^2)); j <- first(dist, free)
    if (dist[j] <= caliper) { mate[as.character(i)] <- j; if (!replace) free <- setdiff(free, j) } }
  mate }
result <- function(id, d, y, mate) { t <- d$treat; w <- numeric(length(t)); ok <- !is.na(mate); w[as.integer(names(mate)[ok])] <- 1
  k <- table(mate[ok]); w[as.integer(names(k))] <- as.numeric(k); c <- t == 0 & w > 0; w[c] <- w[c] * sum(c) / sum(w[c])
  add(id, estimate = sum(w * t * y) / sum(w * t) - sum(w * (1 - t) * y) / sum(w * (1 - t)), treated = sum(ok), controls = sum(c), ess_control = sum(w[c])^2 / sum(w[c]^2)); w }
g <- fit(f, la); p <- fitted(g); lin <- predict(g); t <- la$treat; y <- la$re78
invisible(result("lalonde.nn1", la, y, nearest(t, p)))
invisible(result("lalonde.nn1_replace", la, y, nearest(t, p, TRUE)))
invisible(result("lalonde.nn1_caliper", la, y, nearest(t, p, FALSE, 0.1 * sd(p))))
invisible(result("lalonde.nn1_linear_caliper", la, y, nearest(t, lin, FALSE, 0.2 * sd(lin))))
X <- as.matrix(la[, c("age", "educ", "re74", "re75")]); C <- X; for (v in 0:1) C[t == v, ] <- scale(X[t == v, ], scale = FALSE); S <- crossprod(C) / (nrow(X) - 2)
invisible(result("lalonde.mahalanobis", la, y, nearest(t, X %*% t(chol(solve(S))), TRUE)))
gy <- fit(fy, y14); w <- result("ydr2014.nn1", y14, y14$ser, nearest(y14$treat, fitted(gy), TRUE))
# matched cities, two-way fixed effects, clustered by city: G/(G-1) (n-1)/(n-K), K without the city effects
d <- ydr[ydr$city %in% y14$city[w > 0], ]; m <- lm(ser ~ did + lngdp + factor(year) + factor(city), d); X <- model.matrix(m); B <- solve(crossprod(X)); u <- rowsum(X * resid(m), d$city)
G <- length(unique(d$city)); K <- 2 + 10; V <- B %*% crossprod(u) %*% B * G / (G - 1) * (nrow(d) - 1) / (nrow(d) - K)
k <- c("did", "lngdp"); add("ydr.psm_did", coef = as.list(coef(m)[k]), se = as.list(sqrt(diag(V))[k]), nobs = nrow(d))
# Abadie-Imbens
for (e in c("ATT", "ATE")) for (J in 1:2) { r <- Match(Y = y, Tr = t, X = p, estimand = e, M = 1, ties = TRUE, Var.calc = J, distance.tolerance = 1e-18); add(paste0("ai.", tolower(e), J), estimate = as.numeric(r$est), se = r$se) }
# entropy balancing
E <- model.matrix(~ age + educ + married + re74 + re75, la)[, -1]; e <- ebalance(t, E, print.level = -1, constraint.tolerance = 1e-10, max.iterations = 500)
wc <- e$w / sum(e$w); add("ebal", estimate = mean(y[t == 1]) - sum(wc * y[t == 0]), ess_control = 1 / sum(wc^2))
cat(jsonlite::toJSON(out, auto_unbox = TRUE, digits = NA))
