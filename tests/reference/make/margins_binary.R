# Margins after logit and probit: predictions, slopes, effects of levels, elasticities, contrasts by marginaleffects, whose
# derivatives are taken by Richardson's extrapolation. Writes ../misc/margins_logit.json and margins_probit.json.
source("_reference.R")
`%||%` <- function(x, y) if (is.null(x)) y else x  # R before 4.4 lacks it
suppressMessages(library(marginaleffects))
d <- rd("partner_trade.csv")
d$traded <- as.integer(d$trade > 0); d$ldist <- log(d$dist); d$direction <- factor(d$direction)
d$zone <- factor(1 + (d$month %% 3))
row <- function(r, i = 1) c(r$estimate[i], r$std.error[i])
for (link in c("logit", "probit")) {
  m <- glm(traded ~ ldist * direction + partner * lngdp_o + zone, binomial(link), d, control = glm.control(epsilon = 1e-15, maxit = 100))
  # the observed information, as Stata's
  X <- model.matrix(m); xb <- drop(X %*% coef(m)); q <- 2 * m$y - 1
  lambda <- if (link == "probit") q * dnorm(q * xb) / pnorm(q * xb) else NULL
  h <- if (link == "probit") lambda * (lambda + xb) else plogis(xb) * plogis(-xb)
  V <- solve(crossprod(X * sqrt(h)))
  K <- list(vcov = V, numderiv = "richardson")
  slopes <- function(...) do.call(avg_slopes, c(list(m, ...), K))
  predictions <- function(...) do.call(avg_predictions, c(list(m, ...), K))
  zone <- predictions(variables = list(zone = levels(d$zone)))
  out <- list(
    prediction = row(predictions()), ldist = row(slopes(variables = "ldist")), lngdp = row(slopes(variables = "lngdp_o")),
    zone3 = row(slopes(variables = "zone"), 2), direction = row(slopes(variables = "direction")),
    zone2_level = row(zone, 2),
    pair = row(do.call(avg_predictions, c(list(m, variables = list(zone = levels(d$zone)), hypothesis = "b3 - b2 = 0"), K))),
    ldist_at = row(slopes(variables = "ldist", newdata = transform(d, direction = factor("WE", levels(d$direction)), lngdp_o = 9))),
    ldist_over = row(slopes(variables = "ldist", newdata = subset(d, month == 2))),
    eyex = row(slopes(variables = "ldist", slope = "eyex")), eydx = row(slopes(variables = "ldist", slope = "eydx")),
    dyex = row(slopes(variables = "ldist", slope = "dyex")),
    index = row(do.call(avg_slopes, c(list(m, variables = "ldist", type = "link"), K))))
  flat <- list(); for (key in names(out)) { flat[[key]] <- out[[key]][1]; flat[[paste0(key, "_se")]] <- out[[key]][2] }
  reference("misc", paste0("margins_", link), "partner_trade.csv", c(
    'gen(traded = "trade > 0", ldist = log(dist), zone = "1 + month - 3*floor(month/3)")',
    paste0('m = ', link, '("traded ~ ldist*direction + partner*lngdp_o + i.zone")'),
    "function put(t, key, e) t[key], t[key .. '_se'] = e.estimate, e.se end", "t = {}",
    "put(t, 'prediction', margins(result=m)._cons)", "put(t, 'ldist', margins(dydx='ldist', result=m).ldist)",
    "put(t, 'lngdp', margins(dydx='lngdp_o', result=m).lngdp_o)", "put(t, 'zone3', margins(dydx='zone', result=m)['zone::3'])",
    "put(t, 'direction', margins(dydx='direction', result=m)['direction::WE'])", "put(t, 'zone2_level', margins('zone', result=m)['zone=2'])",
    "put(t, 'pair', margins('zone', pwcompare=true, result=m)['zone=3 vs 2'])",
    "put(t, 'ldist_at', margins(dydx='ldist', at={direction='WE', lngdp_o=9}, result=m)['ldist at direction=WE lngdp_o=9'])",
    "put(t, 'ldist_over', margins(dydx='ldist', over=month, result=m)['ldist over month=2'])",
    "put(t, 'eyex', margins(eyex='ldist', result=m).ldist)", "put(t, 'eydx', margins(eydx='ldist', result=m).ldist)",
    "put(t, 'dyex', margins(dyex='ldist', result=m).ldist)", "put(t, 'index', margins(dydx='ldist', predict='xb', result=m).ldist)"),
    of = "t", values = flat, peer = "marginaleffects", coef_tol = 1e-6, se_tol = 1e-6, tol = 1e-6,
    call = paste0("avg_slopes, avg_predictions (numderiv = richardson) of glm(traded ~ ldist*direction + partner*lngdp_o + zone, binomial(", link, ")), vcov by the observed information"))
}
