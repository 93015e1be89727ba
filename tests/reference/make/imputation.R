# Imputation estimator: R's didimputation, with its fixed effects iterated to 2.3e-12, the least that fixest takes.
# Its pre-trends carry a small-sample factor, which is divided out.
source("_reference.R")
suppressMessages({library(fixest); library(didimputation)})
setFixest_estimation(fixef.tol = 2.3e-12, fixef.iter = 1e6)
for (case in list(
  list(name = "ydr.imputation", data = "ydr_cities.csv", y = "ser", g = "cohort", t = "year", i = "city_id",
       script = "panel(city_id, year)", of = "imputation(ser ~ 1, cohort=cohort, leads=3)"),
  list(name = "mpdta.imputation", data = "real/mpdta.csv", y = "lemp", g = "first.treat", t = "year", i = "countyreal",
       script = "panel(countyreal, year)", of = "imputation(lemp ~ 1, cohort=\"`first.treat`\", leads=3)"))) {
  d <- rd(case$data)
  run <- function(...) did_imputation(data = d, yname = case$y, gname = case$g, tname = case$t, idname = case$i, ...)
  att <- run()
  events <- run(horizon = TRUE, pretrends = -3:-1)
  before <- as.numeric(events$term) < 0
  # feols on untreated rows: (n - 1)/(n - K) with K the pre-trends and the effects not nested in units, times G/(G - 1)
  untreated <- d[is.na(d[[case$g]]) | d[[case$g]] == 0 | d[[case$t]] < d[[case$g]], ]
  n <- nrow(untreated); G <- length(unique(untreated[[case$i]]))
  K <- 3 + length(unique(untreated[[case$t]]))
  factor <- ifelse(before, sqrt((n - 1) / (n - K) * G / (G - 1)), 1)
  reference("did", case$name, case$data, case$script, of = case$of,
            coef = c(ATT = att$estimate, setNames(events$estimate, paste0("event::", events$term))),
            se = c(ATT = att$std.error, setNames(events$std.error / factor, paste0("event::", events$term))),
            peer = "didimputation", call = sprintf("did_imputation(yname='%s', gname='%s', tname='%s', idname='%s'); horizon=TRUE, pretrends=-3:-1", case$y, case$g, case$t, case$i))
}
