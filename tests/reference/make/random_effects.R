# Random effects of plm (Swamy and Arora) and its Hausman test; Stata's components of unbalanced panels by their formula.
source("_reference.R")
suppressMessages(library(plm))

d <- rd("ydr_cities.csv")
keep <- c("city", "year", "ser", "did", "lngdp", "retail")
d <- d[complete.cases(d[keep]), keep]
f <- ser ~ did + lngdp + retail
named <- function(x) setNames(as.numeric(x), sub("(Intercept)", "_cons", names(x), fixed = TRUE))
errors <- function(m, V = vcov(m)) named(sqrt(diag(V)))

balanced <- d[!(d$city %in% names(which(table(d$city) < 10))), ]
unbalanced <- d[!(d$year >= 2018 & d$lngdp > 8.5), ]
declare <- "panel(city, year)"
whole <- c(declare, "gen(n = count(retail), by=city)", 'keep "n == 10"')
part <- c(declare, 'drop "missing(retail) or (year >= 2018 and lngdp > 8.5)"')

random <- function(data, ...) plm(f, data, index = c("city", "year"), model = "random", random.method = "swar", ...)
m <- random(balanced)
within <- plm(f, balanced, index = c("city", "year"), model = "within")
h <- phtest(within, m)
reference("random_effects", "balanced", "ydr_cities.csv", c(whole, "m = random_effects(ser ~ did + lngdp + retail)"), "m",
          coef = named(coef(m)), se = errors(m), peer = "plm", call = "plm(…, model = 'random', random.method = 'swar')")
s <- ercomp(m)
reference("random_effects", "components", "ydr_cities.csv", c(whole, "m = random_effects(ser ~ did + lngdp + retail)",
          "v = {sigma_u=m.sigma_u, sigma_e=m.sigma_e, theta=m.theta_min}"), "v",
          values = c(sigma_u = sqrt(s$sigma2[["id"]]), sigma_e = sqrt(s$sigma2[["idios"]]), theta = s$theta[["id"]]), peer = "plm",
          call = "ercomp()")
reference("random_effects", "cluster", "ydr_cities.csv",
          c(whole, "m = random_effects(ser ~ did + lngdp + retail, vcov=cluster(city))"), "m", coef = named(coef(m)),
          se = errors(m, vcovHC(m, method = "arellano", type = "sss", cluster = "group")), peer = "plm",
          call = "vcovHC(m, method = 'arellano', type = 'sss', cluster = 'group')")
reference("random_effects", "hausman", "ydr_cities.csv",
          c(whole, "h = hausman(feols(ser ~ did + lngdp + retail, fe=city), random_effects(ser ~ did + lngdp + retail))"), "h",
          values = c(chi2 = unname(h$statistic), df = unname(h$parameter), p = unname(h$p.value)), peer = "plm", call = "phtest()")
u <- random(unbalanced)
reference("random_effects", "unbalanced_sa", "ydr_cities.csv",
          c(part, "m = random_effects(ser ~ did + lngdp + retail, sa=true)"), "m", coef = named(coef(u)), se = errors(u),
          peer = "plm", call = "plm(…, model = 'random', random.method = 'swar')")
time <- plm(update(f, . ~ . + factor(year)), balanced, index = c("city", "year"), model = "random", random.method = "swar")
renamed <- function(x) setNames(x, sub("factor\\(year\\)", "i.year::", names(x)))
reference("random_effects", "years", "ydr_cities.csv", c(whole, "m = random_effects(ser ~ did + lngdp + retail + i.year)"), "m",
          coef = renamed(named(coef(time))), se = renamed(errors(time)), peer = "plm",
          call = "plm(… + factor(year), model = 'random', random.method = 'swar')")

# xtreg, re: the between regression is unweighted and T is the harmonic mean (Stata's manual, [XT] xtreg).
within <- lm(ser ~ did + lngdp + retail + factor(city), unbalanced)
sigma2_e <- sum(resid(within)^2) / within$df.residual
means <- aggregate(unbalanced[c("ser", "did", "lngdp", "retail")], unbalanced["city"], mean)
T <- as.numeric(table(unbalanced$city)[means$city])
between <- lm(f, means)
sigma2_u <- max(0, sum(resid(between)^2) / between$df.residual - sigma2_e * mean(1 / T))
theta <- 1 - sqrt(sigma2_e / (T * sigma2_u + sigma2_e))
at <- match(unbalanced$city, means$city)
Z <- cbind(unbalanced$ser, 1, as.matrix(unbalanced[c("did", "lngdp", "retail")])) -
  theta[at] * cbind(means$ser, 1, as.matrix(means[c("did", "lngdp", "retail")]))[at, ]
gls <- lm(Z[, 1] ~ Z[, -1] - 1)
names <- c("_cons", "did", "lngdp", "retail")
reference("random_effects", "unbalanced", "ydr_cities.csv", c(part, "m = random_effects(ser ~ did + lngdp + retail)"), "m",
          coef = setNames(coef(gls), names), se = setNames(sqrt(diag(vcov(gls))), names), peer = "R",
          call = "lm of the transformed columns, components by Stata's formulas")
