# Effects of a continuous dose by hand: changes of treated units less the mean change of untreated ones, regressed on
# R's B-spline basis (splines::splineDesign), with robust variances of both parts (sandwich's HC0). One cohort, one period after.
source("_reference.R")
suppressMessages({library(splines); library(sandwich)})
d <- rd("ydr_cities.csv")
d <- d[d$cohort %in% c(0, 2020) & d$year %in% c(2019, 2020), ]
wide <- reshape(d[c("city", "year", "ser", "cohort", "lnarea")], idvar = c("city", "cohort", "lnarea"), timevar = "year", direction = "wide")
change <- wide$ser.2020 - wide$ser.2019
treated <- wide$cohort == 2020
dose <- wide$lnarea[treated]
r <- change[treated] - mean(change[!treated])
control <- mean((change[!treated] - mean(change[!treated]))^2) / sum(!treated)
at <- c(8.5, 9, 9.5)
stopifnot(min(dose) < 8.5, max(dose) > 9.5)
case <- function(name, degree, knots) {
  inner <- if (knots > 0) quantile(dose, seq_len(knots) / (knots + 1)) else NULL
  all_knots <- c(rep(min(dose), degree + 1), inner, rep(max(dose), degree + 1))
  B <- function(x) splineDesign(all_knots, x, ord = degree + 1)
  dB <- function(x) splineDesign(all_knots, pmin(x, max(dose) - 1e-10), ord = degree + 1, derivs = rep(1, length(x)))
  X <- B(dose)
  m <- lm(r ~ X - 1)
  V <- vcovHC(m, type = "HC0")
  b <- coef(m)
  levels <- drop(B(at) %*% b); slopes <- drop(dB(at) %*% b)
  level_se <- sqrt(diag(B(at) %*% V %*% t(B(at))) + control); slope_se <- sqrt(diag(dB(at) %*% V %*% t(dB(at))))
  own <- drop(dB(dose) %*% b)
  # the mean slope: its influence is that of b at the mean of b', and that of the mean itself
  psi <- drop(estfun(m) %*% (solve(crossprod(X)) %*% colMeans(dB(dose)))) + (own - mean(own)) / length(own)
  names <- c(paste0("ATT::", at), paste0("ACRT::", at))
  options <- sprintf("dose=lnarea, cohort=cohort, degree=%d, knots=%d", degree, knots)
  reference("did", paste0("ydr.dose.", name), "ydr_cities.csv", c("panel(city, year)"),
            of = sprintf("dose_did(ser ~ 1, %s, at={8.5, 9, 9.5}, where=\"(cohort == 0 or cohort == 2020) and year >= 2019\")", options),
            coef = c(ATT = mean(r), ACRT = mean(own), setNames(c(levels, slopes), names)),
            se = c(ATT = sqrt(sum((r - mean(r))^2) / length(r)^2 + control), ACRT = sqrt(sum(psi^2)), setNames(c(level_se, slope_se), names)),
            peer = "sandwich", call = sprintf("lm(change less the controls' ~ splines::splineDesign(lnarea), degree %d, %d knots), HC0", degree, knots),
            coef_tol = 1e-7, se_tol = 1e-7)
}
case("linear", 1, 0)
case("cubic", 3, 0)
case("knots", 2, 1)
