# Synthetic control with V from the regression of the outcome before on the predictors: Synth's weights at that V (interior point, ten digits).
#   scripts/dev/make_reference synth
source("_reference.R")
suppressMessages(library(Synth))
d <- rd("ydr_cities.csv")
d <- d[d$treat == 0 | d$city == "Hangzhou", ]
d$id <- as.numeric(factor(d$city))
treated <- unique(d$id[d$city == "Hangzhou"])
dp <- dataprep(foo = d, predictors = c("lngdp", "lnedu"), predictors.op = "mean", dependent = "ser", unit.variable = "id", time.variable = "year",
               special.predictors = list(list("ser", 2011, "mean"), list("ser", 2014, "mean")), treatment.identifier = treated,
               controls.identifier = setdiff(unique(d$id), treated), time.predictors.prior = 2011:2014, time.optimize.ssr = 2011:2014,
               unit.names.variable = "city", time.plot = 2011:2020)
X <- cbind(dp$X0, dp$X1)
b <- coef(lm(t(cbind(dp$Z0, dp$Z1)) ~ t(X / apply(X, 1, sd))))[-1, ]
V <- rowSums(b^2) / sum(b^2)
o <- suppressWarnings(synth(dp, custom.v = V, Margin.ipop = 1e-7, Sigf.ipop = 10, Bound.ipop = 10))
w <- o$solution.w[, 1]
names(w) <- dp$names.and.numbers$unit.names[match(as.numeric(rownames(o$solution.w)), dp$names.and.numbers$unit.numbers)]
gap <- dp$Y1plot - dp$Y0plot %*% w
script <- c("panel(city, year)",
            "s = synth(ser ~ lngdp + lnedu, treated=\"Hangzhou\", at=2015, lags={\"2011\", \"2014\"}, where=\"treat == 0 or city == 'Hangzhou'\", nested=false, placebo=false, leave_one_out=false)")
reference("synth", "ydr.weights", "ydr_cities.csv", script, of = "s.weights", values = w[w > 1e-6], peer = "Synth",
          call = "dataprep; synth(custom.v = V of the regression, Sigf.ipop = 10)", tol = 1e-7)
reference("synth", "ydr.gap", "ydr_cities.csv", script, of = "s", values = c(estimate = mean(gap[5:10]), rmspe_before = sqrt(mean(gap[1:4]^2))), peer = "Synth",
          call = "mean gap after 2015, and the root mean square gap before, of the same weights", tol = 1e-7)
