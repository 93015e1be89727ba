# Wild bootstrap after instruments (WRE) with errors clustered by g and by year and one weight for each g: every sign
# vector, each fitted again with all dummies.
source("_reference.R")
d <- rd("ydr_cities.csv")
d$g <- d$city_id %% 10
cl <- match(d$g, sort(unique(d$g)))
ways <- list(cl, match(d$year, sort(unique(d$year))), match(paste(d$g, d$year), unique(paste(d$g, d$year))))
signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), 10)))
y <- d$ser; x <- d$lninternet
W <- model.matrix(~ lngdp + factor(city_id) + factor(year), d)
Z <- cbind(d$lnpatent, d$gov)
P <- solve(crossprod(W), t(W))
partial <- function(v) v - W %*% (P %*% v)
zp <- partial(Z)
tsls <- function(yy, xx) {
  yp <- partial(yy); xp <- partial(xx)
  xh <- zp %*% solve(crossprod(zp), crossprod(zp, xp))
  b <- sum(xh * yp) / sum(xh * xp)
  score <- drop(xh) * drop(yp - xp * b)
  s <- sapply(ways, function(way) sum(rowsum(score, way)^2))
  variance <- s[1] + s[2] - s[3]
  list(b = b, t = function(r) if (variance > 0) (b - r) * sum(xh * xp) / sqrt(variance) else NaN)
}
wre <- function(r) {
  f <- lm.fit(W, y - r * x); u <- f$residuals
  s1 <- lm.fit(cbind(Z, W, u), x)
  fitted <- drop(cbind(Z, W) %*% s1$coefficients[1:(ncol(Z) + ncol(W))]); v <- x - fitted
  ts <- apply(signs, 1, function(s) { xs <- fitted + v * s[cl]; tsls(r * xs + f$fitted.values + u * s[cl], xs)$t(r) })
  t0 <- tsls(y, x)$t(r)
  list(t = t0, p = mean(abs(ts) > abs(t0) * (1 + 1e-7), na.rm = TRUE), sum = sum(abs(ts[is.finite(ts)])), lost = sum(!is.finite(ts)))
}
script <- c("gen(g = \"city_id - 10*floor(city_id/10)\")",
            "m = feols(ser ~ lngdp | city_id + year | lninternet ~ lnpatent + gov, vcov=\"cluster g\", ssc=\"none\")",
            "function sizes(b) local s, lost = 0, 0; for _, t in ipairs(b.draws) do if t == t then s = s + math.abs(t) else lost = lost + 1 end end; return s, lost end")
for (r in c(0, 0.3)) {
  w <- wre(r)
  reference("robust", paste0("wre_ways", if (r == 0) "" else "_r"), "ydr_cities.csv",
            c(script, sprintf("b = boottest(m, \"lninternet = %g\", cluster=\"g + year\", bootcluster=g, reps=1024, ci=false)", r),
              "s, lost = sizes(b)"),
            of = "{t = b.t, p = b.p, sum = s, lost = lost}", values = w, peer = "R",
            call = "WRE, errors clustered by g and by year, all 1024 sign vectors of g, each fitted again with all dummies")
}
