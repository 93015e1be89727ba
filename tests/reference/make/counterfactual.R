# Interactive fixed effects and matrix completion: R's fect (which gsynth calls), iterated to 1e-13.
# Its penalty is on Σ(…)²/2 and in units of all N·T cells, ours on Σ(…)²/|O| over the untreated ones: λ = 2 λ' N T/|O|.
source("_reference.R")
suppressMessages(library(fect))
d <- rd("ydr_cities.csv")
d <- d[d$cohort %in% c(0, 2018, 2019, 2020), ]
untreated <- sum(d$did == 0)
script <- c("panel(city, year)", "keep(\"cohort == 0 or cohort >= 2018\")")
by_event <- function(m) setNames(as.list(m$att), paste0("events.", m$time - 1))
put <- function(name, formula, ours, method, call, ...) {
  m <- fect(formula, data = d, index = c("city", "year"), method = method, force = "two-way", CV = FALSE, se = FALSE,
            tol = 1e-13, max.iteration = 1e6, ...)
  covariates <- setNames(as.list(m$beta), all.vars(formula)[-(1:2)])[seq_len(length(all.vars(formula)) - 2)]
  reference("synth", name, "ydr_cities.csv", c(script, paste("c =", ours), "e = {}",
            "for time, effect in pairs(c.effects) do e[string.format('%d', time)] = effect end"),
            of = if (length(covariates) == 0) "{estimate = c.estimate, events = e}" else "{estimate = c.estimate, events = e, lngdp = c.lngdp}",
            values = c(list(estimate = m$att.avg), by_event(m), covariates), peer = "fect", call = call, tol = 1e-6)
}
for (r in 0:2)
  put(paste0("ydr.gsynth.", r), ser ~ did, sprintf("gsynth(ser ~ 1, treat=did, factors=%d, reps=0)", r), "gsynth",
      sprintf("fect(ser ~ did, method='gsynth', force='two-way', r=%d, tol=1e-13)", r), r = r)
put("ydr.gsynth.x", ser ~ did + lngdp, "gsynth(ser ~ lngdp, treat=did, factors=1, reps=0)", "gsynth",
    "fect(ser ~ did + lngdp, method='gsynth', force='two-way', r=1, tol=1e-13)", r = 1)
for (lambda in c(0.003, 0.001, 0.0003))
  put(sprintf("ydr.mcpanel.%.4f", lambda), ser ~ did, sprintf("mcpanel(ser ~ 1, treat=did, lambda=%.17g)", 2 * lambda * nrow(d) / untreated), "mc",
      sprintf("fect(ser ~ did, method='mc', force='two-way', lambda=%g, tol=1e-13)", lambda), lambda = lambda)
