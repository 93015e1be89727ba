# Two-stage difference-in-differences: R's did2s, with its fixed effects iterated to 2.3e-12, the least it takes.
source("_reference.R")
suppressMessages({library(fixest); library(did2s)})
setFixest_estimation(fixef.tol = 2.3e-12, fixef.iter = 1e6)

run <- function(d, first, second, y, cluster, weights = NULL) {
  m <- did2s(d, yname = y, first_stage = first, second_stage = second, treatment = "treated", cluster_var = cluster,
             weights = weights)
  list(coef = coef(m), se = sqrt(diag(vcov(m))))
}
named <- function(m, names) lapply(m, setNames, names)
events <- function(m) named(m, sub(".*::", "event::", names(m$coef)))

mpdta <- rd("real/mpdta.csv")
mpdta$treated <- as.integer(mpdta$first.treat > 0 & mpdta$year >= mpdta$first.treat)
mpdta$event <- ifelse(mpdta$first.treat > 0, mpdta$year - mpdta$first.treat, -1000)
put <- function(name, data, script, of, m, call)
  reference("did", name, data, script, of = of, coef = m$coef, se = m$se, peer = "did2s", call = call)

put("mpdta.gardner.static", "real/mpdta.csv", "panel(countyreal, year)",
    "gardner(lemp ~ 1, cohort=\"`first.treat`\", effects=\"static\")",
    named(run(mpdta, ~ 0 | countyreal + year, ~ treated, "lemp", "countyreal"), "ATT"),
    "did2s(yname='lemp', first_stage=~0|countyreal+year, second_stage=~treated, treatment='treated', cluster_var='countyreal')")
put("mpdta.gardner.event", "real/mpdta.csv", "panel(countyreal, year)",
    "gardner(lemp ~ 1, cohort=\"`first.treat`\", leads=2)",
    events(run(mpdta, ~ 0 | countyreal + year, ~ i(event, ref = c(-1000, -4, -3)), "lemp", "countyreal")),
    "did2s(…, second_stage=~i(event, ref=c(-1000, -4, -3)))")

cities <- rd("ydr_cities.csv")
cities$treated <- as.integer(!is.na(cities$cohort) & cities$cohort > 0 & cities$year >= cities$cohort)
put("ydr.gardner.controls", "ydr_cities.csv", "panel(city, year)",
    "gardner(ser ~ lngdp + lnedu, cohort=cohort, effects=\"static\")",
    named(run(cities, ~ lngdp + lnedu | city + year, ~ treated, "ser", "city"), "ATT"),
    "did2s(yname='ser', first_stage=~lngdp+lnedu|city+year, second_stage=~treated, treatment='treated', cluster_var='city')")

castle <- rd("real/castle.csv")
castle$treated <- castle$post
put("castle.gardner.weighted", "real/castle.csv", "panel(sid, year)",
    "gardner(l_homicide ~ 1, cohort=effyear, effects=\"static\", weights=aw(popwt))",
    named(run(castle, ~ 0 | sid + year, ~ treated, "l_homicide", "sid", "popwt"), "ATT"),
    "did2s(castle, yname='l_homicide', first_stage=~0|sid+year, second_stage=~treated, treatment='treated', cluster_var='sid', weights='popwt')")

stagg <- rd("real/base_stagg.csv")
stagg$treated <- as.integer(stagg$year >= stagg$year_treated)
stagg$event <- ifelse(stagg$year_treated > 10, -1000, stagg$year - stagg$year_treated)
before <- sort(unique(stagg$event[stagg$event < 0]))
after_only <- as.formula(sprintf("~ i(event, ref = c(%s))", paste(before, collapse = ", ")))
put("base_stagg.gardner.controls", "real/base_stagg.csv", "panel(id, year)",
    "gardner(y ~ x1, cohort=year_treated)",
    events(run(stagg, ~ x1 | id + year, after_only, "y", "id")),
    "did2s(base_stagg, yname='y', first_stage=~x1|id+year, second_stage=~i(event, ref=<those before 0>), treatment='treated', cluster_var='id')")
