# Dynamic effects of treatments that rise and fall: R's DIDmultiplegtDYN, 2.1.2 (later versions need a package that CRAN lacks).
source("_reference.R")
options(rgl.useNULL = TRUE)
suppressMessages({library(MASS); library(fixest); library(DIDmultiplegtDYN)})  # the first two: called without a prefix

# With controls the peer's variance takes θ off scores of θ that are centred already: it is left in here.
core <- deparse(did_multiplegt_dyn_core <- getFromNamespace("did_multiplegt_dyn_core", "DIDmultiplegtDYN"), width.cutoff = 500)
centred <- '- get(paste0("coefs_sq_", l, "_XX"))[j, 1]'
stopifnot(sum(grepl(centred, core, fixed = TRUE)) == 2)
core <- eval(parse(text = sub(centred, "", core, fixed = TRUE)))
environment(core) <- environment(did_multiplegt_dyn_core)
assignInNamespace("did_multiplegt_dyn_core", core, "DIDmultiplegtDYN")

cities <- rd("ydr_cities.csv")
# Doses 1 to 3 by city; after two periods one less; city 7 has the first treatment 1.
cities$dose <- with(cities, did * (1 + city_id %% 3) - (did == 1 & year >= cohort + 2))
cities$kind <- cities$city_id %% 2
cities$region <- cities$city_id %/% 3
script <- c("panel(city, year)", "gen(dose = \"did * (1 + city_id - 3 * floor(city_id / 3)) - (did == 1 and year >= cohort + 2)\")",
            "gen(kind = \"city_id - 2 * floor(city_id / 2)\")", "gen(region = \"floor(city_id / 3)\")")
mpdta <- rd("real/mpdta.csv")
mpdta$D <- as.integer(mpdta$first.treat > 0 & mpdta$year >= mpdta$first.treat)
castle <- rd("real/castle.csv")

put <- function(name, data, d, script, of, y, unit, time, D, ...) {
  arguments <- list(df = d, outcome = y, group = unit, time = time, treatment = D, graph_off = TRUE, ...)
  m <- suppressWarnings(do.call(did_multiplegt_dyn, arguments))$results
  take <- function(table, events) if (is.null(table)) NULL else
    list(coef = setNames(table[, "Estimate"], events), se = setNames(table[, "SE"], events))
  parts <- list(if (is.null(m$ATE) || isTRUE(list(...)$trends_lin)) NULL else take(rbind(m$ATE)[, c("Estimate", "SE"), drop = FALSE], "ATT"),
                take(m$Placebos, paste0("event::", -1 - seq_len(NROW(m$Placebos)))),
                take(m$Effects, paste0("event::", seq_len(NROW(m$Effects)) - 1)))
  shown <- paste(names(list(...)), sapply(list(...), function(v) deparse(v)), sep = "=", collapse = ", ")
  reference("did", name, data, script, of = of, coef = unlist(lapply(parts, `[[`, "coef")), se = unlist(lapply(parts, `[[`, "se")),
            peer = "DIDmultiplegtDYN", call = sprintf("did_multiplegt_dyn('%s', '%s', '%s', '%s', %s)", y, unit, time, D, shown))
}
on_cities <- function(name, ours, ...)
  put(paste0("ydr.dcdh.", name), "ydr_cities.csv", cities, script, sprintf("dcdh(%s)", ours), "ser", "city", "year", ...)
on_cities("binary", "ser ~ 1, did, effects=3, placebo=2", "did", effects = 3, placebo = 2)
on_cities("dose", "ser ~ 1, dose, effects=3, placebo=2", "dose", effects = 3, placebo = 2)
on_cities("normalized", "ser ~ 1, dose, effects=3, placebo=2, normalized=true", "dose", effects = 3, placebo = 2, normalized = TRUE)
on_cities("same", "ser ~ 1, dose, effects=3, placebo=1, same_switchers=true", "dose", effects = 3, placebo = 1, same_switchers = TRUE)
on_cities("never", "ser ~ 1, dose, effects=3, placebo=2, only_never=true", "dose", effects = 3, placebo = 2, only_never_switchers = TRUE)
on_cities("controls", "ser ~ lngdp + lnedu, did, effects=3, placebo=2", "did", effects = 3, placebo = 2, controls = c("lngdp", "lnedu"))
on_cities("within", "ser ~ 1, did, effects=2, placebo=1, within=kind", "did", effects = 2, placebo = 1, trends_nonparam = "kind")
on_cities("cluster", "ser ~ 1, dose, effects=3, placebo=2, cluster=region", "dose", effects = 3, placebo = 2, cluster = "region")
put("mpdta.dcdh", "real/mpdta.csv", mpdta, c("panel(countyreal, year)", "gen(D = \"`first.treat` > 0 and year >= `first.treat`\")"),
    "dcdh(lemp ~ 1, D, effects=3, placebo=2)", "lemp", "countyreal", "year", "D", effects = 3, placebo = 2)
put("castle.dcdh", "real/castle.csv", castle, "panel(sid, year)", "dcdh(l_homicide ~ 1, cdl, effects=3, placebo=2)",
    "l_homicide", "sid", "year", "cdl", effects = 3, placebo = 2)
put("castle.dcdh.weighted", "real/castle.csv", castle, "panel(sid, year)", "dcdh(l_homicide ~ 1, cdl, effects=3, placebo=2, weights=aw(popwt))",
    "l_homicide", "sid", "year", "cdl", effects = 3, placebo = 2, weight = "popwt")
treated <- cities[cities$cohort > 0, ]
put("ydr.dcdh.same.treated", "ydr_cities.csv", treated, script,
    "dcdh(ser ~ 1, did, effects=2, placebo=1, same_switchers=true, where=\"cohort > 0\")", "ser", "city", "year", "did",
    effects = 2, placebo = 1, same_switchers = TRUE)
on_cities("trends", "ser ~ 1, did, effects=2, placebo=2, unit_trends=true", "did", effects = 2, placebo = 2, trends_lin = TRUE)
on_cities("trends.dose", "ser ~ lngdp, dose, effects=3, unit_trends=true, placebo=0", "dose", effects = 3, controls = "lngdp", trends_lin = TRUE)
