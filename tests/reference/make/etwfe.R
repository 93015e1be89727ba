# Extended two-way fixed effects with covariates that change over time: R's etwfe, averages by its emfx.
source("_reference.R")
`%||%` <- function(a, b) if (is.null(a)) b else a  # of later versions of R, which marginaleffects uses
suppressMessages({library(etwfe); library(fixest)})
setFixest_estimation(fixef.tol = 2.3e-12, fixef.iter = 1e6)  # the least that fixest takes
precise <- list("richardson")  # derivatives of the delta method
d <- rd("ydr_cities.csv")
for (covariates in list("1", "lngdp", c("lngdp", "lnedu"))) {
  right <- paste(covariates, collapse = " + ")
  m <- etwfe(as.formula(paste("ser ~", right)), tvar = year, gvar = cohort, ivar = city, data = d, vcov = ~city)
  att <- emfx(m, numderiv = precise)
  events <- emfx(m, type = "event", numderiv = precise)
  reference("did", paste0("ydr.etwfe.", gsub(" ", "", right)), "ydr_cities.csv", c("panel(city, year)"),
            of = sprintf("etwfe(ser ~ %s, cohort=cohort, ssc=\"fixest\")", right),
            coef = setNames(events$estimate, paste0("event::", events$event)),
            se = setNames(events$std.error, paste0("event::", events$event)),
            peer = "etwfe", call = sprintf("emfx(etwfe(ser ~ %s, tvar=year, gvar=cohort, ivar=city, vcov=~city), type=\"event\")", right),
            coef_tol = 1e-8, se_tol = 1e-7)
  reference("did", paste0("ydr.etwfe.", gsub(" ", "", right), ".att"), "ydr_cities.csv", c("panel(city, year)"),
            of = sprintf("etwfe(ser ~ %s, cohort=cohort, ssc=\"fixest\", agg=\"att\")", right),
            coef = c(ATT = att$estimate), se = c(ATT = att$std.error), peer = "etwfe",
            call = sprintf("emfx(etwfe(ser ~ %s, tvar=year, gvar=cohort, ivar=city, vcov=~city))", right),
            coef_tol = 1e-8, se_tol = 1e-7)
}
