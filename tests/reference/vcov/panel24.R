# Covariances of a regression on a made-up panel of 6 units and 4 periods, by fixest and sandwich.
# Run in this folder: Rscript panel24.R
suppressMessages({library(fixest); library(sandwich); library(jsonlite)})
d <- data.frame(unit = rep(1:6, each = 4), time = rep(1:4, 6), region = rep(c(1, 2, 1, 3, 2, 3), each = 4),
  y = c(2.1, 3.4, 2.8, 4.9, 1.2, 0.7, 2.2, 1.9, 5.3, 4.1, 6.2, 5.8, 3.3, 2.9, 3.7, 4.4, 0.4, 1.8, 1.1, 2.6, 4.7, 3.6, 5.1, 6.3),
  x = c(0.5, 1.9, 1.1, 2.7, -0.3, 0.2, 0.9, 0.4, 2.2, 1.3, 3.1, 2.5, 1.0, 0.6, 1.8, 2.4, -1.2, 0.1, -0.5, 0.8, 1.7, 1.2, 2.6, 3.3),
  z = c(1, 0, 2, 1, 3, 1, 0, 2, 1, 1, 4, 0, 2, 3, 1, 0, 0, 2, 1, 1, 3, 0, 2, 5),
  w = c(1, 2, 1, 3, 2, 1, 1, 2, 3, 1, 1, 2, 2, 1, 3, 1, 1, 1, 2, 2, 1, 3, 1, 2),
  lat = rep(c(30.0, 30.5, 31.2, 29.8, 30.1, 32.0), each = 4), lon = rep(c(120.0, 121.1, 119.4, 120.9, 118.7, 120.3), each = 4))
fixed <- feols(y ~ x + z | unit + time, d, panel.id = ~unit + time)
plain <- feols(y ~ x + z, d, panel.id = ~unit + time)
weighted <- feols(y ~ x + z, d, weights = ~w)
linear <- lm(y ~ x + z, d); linear_weighted <- lm(y ~ x + z, d, weights = w)
cases <- list()
add <- function(model, vcov, V, df = NULL, K = NULL) cases[[length(cases) + 1]] <<- list(model = model, vcov = vcov,
  matrix = matrix(as.numeric(V), nrow(V)), df_t = df, K = K)
fx <- function(model, e, text, vc, ...) { V <- vcov(e, vcov = vc, attr = TRUE, vcov_fix = FALSE, ...)
  add(model, text, V, attr(V, "df.t"), attr(V, "df.K")) }
for (m in c("fixed", "plain", "weighted")) { e <- get(m)
  fx(m, e, "iid", "iid"); fx(m, e, "hetero", "hetero"); if (m != "weighted") { fx(m, e, "HC2", "HC2"); fx(m, e, "HC3", "HC3") }
  fx(m, e, "cluster unit", ~unit); fx(m, e, "cluster region", ~region); fx(m, e, "cluster unit time", ~unit + time)
  fx(m, e, "cluster unit time region", ~unit + time + region) }
for (m in c("fixed", "plain")) { e <- get(m)
  for (l in 0:2) { fx(m, e, paste("newey_west", l), NW(l)); fx(m, e, paste("driscoll_kraay", l), DK(l)) } }
last <- feols(y ~ x + z, d[d$time == 4, ])
fx("last", last, "conley 110", vcov_conley(lat = ~lat, lon = ~lon, cutoff = 110, distance = "spherical"))
add("plain", "HC0", vcovHC(linear, "HC0"))
# With weights, sandwich's leverage is w x'(X'WX)^-1 x, the projection's diagonal; fixest's HC2 and HC3 differ.
for (type in c("HC0", "HC2", "HC3")) add("weighted", type, vcovHC(linear_weighted, type))
write_json(list(peer = c("fixest 0.14.2, default ssc, no repair", "sandwich 3.0-2 (HC0; weighted HC2, HC3)", "R 4.2.2"), generator = "panel24.R", rel_tol = 1e-9,
  why = "closed forms; fixest's two fixed effects on a balanced panel converge at once; weights are analytic",
  data = as.list(d), cases = cases), "panel24.json", digits = 17, auto_unbox = TRUE, pretty = TRUE, null = "null")
