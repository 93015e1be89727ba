# Logit with fixest's small-sample rules, at the maximum: R's glm to 1e-12, Newton steps and the information matrix of the estimates.
# (feglm takes that of the step before the last, which is off by 2e-5.)
source("_reference.R")
d <- rd("partner_trade.csv")
d$traded <- as.integer(d$trade > 0)
d$ldist <- log(d$dist)
put <- function(name, formula, keep, right) {
  m <- glm(formula, binomial, d, control = glm.control(epsilon = 1e-12, maxit = 100))
  X <- model.matrix(m); use <- !is.na(coef(m)); X <- X[, use]; b <- coef(m)[use]
  for (i in 1:3) {  # Newton to the last digit
    mu <- plogis(drop(X %*% b))
    b <- b + drop(solve(crossprod(X * sqrt(mu * (1 - mu))), crossprod(X, m$y - mu)))
  }
  mu <- plogis(drop(X %*% b))
  bread <- solve(crossprod(X * sqrt(mu * (1 - mu))))
  n <- nrow(X); k <- ncol(X)
  iid <- bread * (n - 1) / (n - k)
  hetero <- bread %*% crossprod(X * (m$y - mu)) %*% bread * n / (n - k)
  at <- match(keep, names(b)); names <- sub("(Intercept)", "_cons", keep, fixed = TRUE)
  script <- c("gen(traded = \"trade > 0\")", "gen(ldist = log(dist))")
  for (vcov in c("iid", "hetero"))
    reference("glm", paste0("partner.", name, ".", vcov), "partner_trade.csv", script,
              of = sprintf("logit(traded ~ %s, ssc=\"fixest\", vcov=\"%s\")", right, vcov),
              coef = setNames(b[at], names), se = setNames(sqrt(diag(get(vcov)))[at], names), peer = "R",
              call = sprintf("glm(%s, binomial) to 1e-12, Newton steps, inverse information there, %s", right, if (vcov == "iid") "(n-1)/(n-k)" else "n/(n-k)"))
}
slopes <- c("ldist", "partner", "lngdp_o")
put("logit_exact", traded ~ ldist + partner + lngdp_o, c("(Intercept)", slopes), "ldist + partner + lngdp_o")
