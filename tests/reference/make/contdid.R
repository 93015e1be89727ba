# Effects of a continuous dose: R's contdid, one cohort and one period after. Its curves are right only where dvals
# holds the least and the greatest dose (it takes the spline's range from them), so both are given, and standard errors
# are those of its influence functions (it draws multipliers). Its error of the average slope lacks what estimating the
# curve adds (of a straight line it is smaller than the error of the slope, which is the same number) and is left out.
source("_reference.R")
suppressMessages(library(contdid))
d <- rd("ydr_cities.csv")
d <- d[d$cohort %in% c(0, 2020) & d$year %in% c(2019, 2020), ]
d$dose <- ifelse(d$cohort > 0, 10 * d$lnarea, 0)
range <- range(d$dose[d$dose > 0])
at <- c(85, 90, 95)
run <- function(target, degree, knots) {
  set.seed(1)
  suppressWarnings(cont_did(yname = "ser", tname = "year", idname = "city_id", gname = "cohort", dname = "dose", data = d,
    treatment_type = "continuous", control_group = "nevertreated", biters = 10, cband = FALSE, aggregation = "dose",
    target_parameter = target, degree = degree, num_knots = knots, dvals = c(range[1], at, range[2])))
}
error <- function(influence) sqrt(colSums(as.matrix(influence)^2)) / nrow(as.matrix(influence))
for (shape in list(c(1, 0), c(3, 0), c(2, 1))) {
  level <- run("level", shape[1], shape[2]); slope <- run("slope", shape[1], shape[2])
  values <- c(coef.ATT = level$overall_att, se.ATT = error(level$overall_att_inffunc), coef.ACRT = level$overall_acrt,
              setNames(level$att.d[2:4], paste0("coef.ATT::", at)), setNames(error(level$att.d_inffunc)[2:4], paste0("se.ATT::", at)),
              setNames(slope$acrt.d[2:4], paste0("coef.ACRT::", at)), setNames(error(slope$acrt.d_inffunc)[2:4], paste0("se.ACRT::", at)))
  reference("did", sprintf("ydr.contdid.%d.%d", shape[1], shape[2]), "ydr_cities.csv",
            c("panel(city, year)", "gen(dose = 10 * lnarea)",
              sprintf("m = dose_did(ser ~ 1, dose=dose, cohort=cohort, degree=%d, knots=%d, at={85, 90, 95}, where=\"(cohort == 0 or cohort == 2020) and year >= 2019\")", shape[1], shape[2])),
            of = "{coef = m.coef, se = m.se}", values = as.list(values), peer = "contdid",
            call = sprintf("cont_did(…, aggregation='dose', degree=%d, num_knots=%d, dvals=c(min, 85, 90, 95, max))", shape[1], shape[2]))
}
