# Cases of verbs on values (interpolation, winsorising, scaling, growth): R's own functions and zoo.
#   DATA=folder of ydr_cities.csv Rscript values.R      rewrites ../misc/
suppressMessages({ library(jsonlite); library(zoo) })
DATA <- Sys.getenv("DATA", "../../../examples/pilot_zones/data")
ydr <- read.csv(file.path(DATA, "ydr_cities.csv"), na.strings = c("", "NA"))
r <- paste(R.version$major, R.version$minor, sep = ".")
case <- function(id, script, checks, call, peer = paste("R", r)) {
  o <- list(id = paste0("misc.", id), data = "ydr_cities.csv", script = I(script), peer = peer, call = call,
            generator = "values.R", coef_tol = 1e-8, se_tol = 1e-7, checks = checks)
  writeLines(toJSON(o, auto_unbox = TRUE, digits = I(17), pretty = 1, null = "null"), file.path("../misc", paste0(id, ".json")))
}
values <- function(of, ..., tol = 1e-8) list(of = of, kind = "values", expect = list(...), tol = tol)
keyed <- function(of, v, keys, tol = 1e-8) list(of = of, kind = "values", expect = setNames(as.list(unname(v)), keys), tol = tol)

# Interpolation within cities; what stays missing is counted.
s <- ydr[order(ydr$city_id, ydr$year), ]
key <- paste(s$city, s$year)
by_city <- function(v, f) unsplit(lapply(split(v, s$city_id), function(z) as.numeric(f(z))), s$city_id)
holes <- function(v) which(is.na(s[[v]]))
cells <- function(name, column) c(
  sprintf("%s = {}", name),
  sprintf("for i = 1, #data() do %s[data().city[i] .. ' ' .. math.tointeger(data().year[i])] = data().%s[i] end", name, column))
linear <- lapply(c(infra = "infra", retail = "retail"), function(v) by_city(s[[v]], function(z) na.approx(zoo(z, 2011:2020), na.rm = FALSE)))
found <- function(x, v) { k <- holes(v); k[!is.na(x[k])] }
case("interpolation",
     c("panel(city, year)", "done = interpolate(infra, retail)", cells("infra_at", "infra"), cells("retail_at", "retail")),
     list(keyed("infra_at", linear$infra[found(linear$infra, "infra")], key[found(linear$infra, "infra")]),
          keyed("retail_at", linear$retail[found(linear$retail, "retail")], key[found(linear$retail, "retail")]),
          values("done.infra", filled = length(found(linear$infra, "infra")), missing = sum(is.na(linear$infra))),
          values("done.retail", filled = length(found(linear$retail, "retail")), missing = sum(is.na(linear$retail)))),
     "zoo::na.approx(zoo(x, year), na.rm = FALSE) by city", paste("zoo", packageVersion("zoo")))
geometric <- by_city(s$retail, function(z) exp(na.approx(log(z), na.rm = FALSE)))
carried <- by_city(s$infra, function(z) na.locf(z, na.rm = FALSE))
ends <- by_city(s$infra, function(z) na.approx(z, rule = 2))
inner <- found(linear$infra, "infra")
case("interpolation_methods",
     c("panel(city, year)", "interpolate(retail, method='log', suffix='_log')", "interpolate(infra, method='previous', suffix='_prev')",
       "interpolate(infra, ends='nearest', suffix='_ends')", cells("log_at", "retail_log"), cells("prev_at", "infra_prev"), cells("ends_at", "infra_ends")),
     list(keyed("log_at", geometric[found(geometric, "retail")], key[found(geometric, "retail")]),
          keyed("prev_at", carried[inner], key[inner]),
          keyed("ends_at", ends[holes("infra")], key[holes("infra")])),
     "exp(na.approx(log(x))), na.locf(x), na.approx(x, rule = 2) by city", paste("zoo", packageVersion("zoo")))

# Winsorising: cut points, and mean and sd of what comes out.
wins <- function(x, q) pmin(pmax(x, q[1]), q[2])
checks <- list(); script <- character()
for (p in c(1, 5)) for (rule in c(stata = 2, r6 = 6, r7 = 7)) {
  word <- c(`2` = "stata", `6` = "r6", `7` = "r7")[[as.character(rule)]]
  name <- sprintf("w%d%s", p, word)
  script <- c(script, sprintf("%s = winsor(rat, cuts={%d, %d}, percentiles='%s', suffix='_%s')", name, p, 100 - p, word, name))
  q <- unname(quantile(ydr$rat, c(p, 100 - p) / 100, type = rule)); w <- wins(ydr$rat, q)
  checks <- c(checks, list(values(paste0(name, ".rat"), low = q[1], high = q[2], below = sum(ydr$rat < q[1]), above = sum(ydr$rat > q[2])),
                           values(sprintf("summarize(rat_%s).rat_%s", name, name), mean = mean(w), sd = sd(w))))
}
case("winsorise", script, checks, "quantile(rat, c(p, 1 - p), type = 2, 6, 7), values beyond set to the quantile")
by_year <- ave(ydr$rat, ydr$year, FUN = function(x) wins(x, quantile(x, c(.05, .95), type = 2)))
trimmed <- ave(ydr$rat, ydr$year, FUN = function(x) { q <- quantile(x, c(.05, .95), type = 2); ifelse(x < q[1] | x > q[2], NA, x) })
h <- function(x, p) { n <- length(x); k <- floor(p * n + 1e-9); o <- sort(x); wins(x, c(o[k + 1], o[n - k])) }
ordered <- h(ydr$rat, .05)
case("winsorise_groups",
     c("winsor(rat, cuts={5, 95}, by=year)", "trim(rat, cuts={5, 95}, by=year)", "winsor(rat, cuts={5, 95}, percentiles='order', suffix='_o')"),
     list(values("summarize(rat_w).rat_w", mean = mean(by_year), sd = sd(by_year)),
          values("summarize(rat_tr).rat_tr", N = sum(!is.na(trimmed)), mean = mean(trimmed, na.rm = TRUE), sd = sd(trimmed, na.rm = TRUE)),
          values("summarize(rat_o).rat_o", mean = mean(ordered), sd = sd(ordered), min = min(ordered), max = max(ordered))),
     "the same within years; order statistics h = floor(p n) (Cox's winsor)")

# Scaling.
z <- as.numeric(scale(ydr$lnedu)); zy <- ave(ydr$lnedu, ydr$year, FUN = function(x) as.numeric(scale(x)))
cy <- ave(ydr$lnedu, ydr$city, FUN = function(x) x - mean(x)); m <- (ydr$lnedu - min(ydr$lnedu)) / diff(range(ydr$lnedu))
first <- function(of, v) list(of = of, kind = "first", expect = I(unname(v[1:25])), tol = 1e-8)
case("rescale",
     c("standardize(lnedu)", "standardize(lnedu, by=year, suffix='_zy')", "center(lnedu, by=city)", "minmax(lnedu)", "minmax(lnedu, reverse=true, suffix='_cost')"),
     list(first("data().lnedu_z", z), first("data().lnedu_zy", zy), first("data().lnedu_c", cy), first("data().lnedu_01", m), first("data().lnedu_cost", 1 - m)),
     "scale(x), by year; x - ave(x, city); (x - min)/(max - min)")

# Growth of secondary output: yearly rates, their means, compound rates.
g <- lapply(split(s$y2, s$city), function(x) { r <- diff(x) / head(x, -1); n <- length(r); c(arith = mean(r), geo = exp(mean(log1p(r))) - 1, cagr = (tail(x, 1) / x[1])^(1 / n) - 1) })
total <- as.numeric(tapply(ydr$y2, ydr$year, sum)); rt <- diff(total) / head(total, -1)
span <- sapply(split(s$y2, s$city), function(x) mean(diff(x[1:5]) / x[1:4]))
case("growth",
     c("panel(city, year)", "means = growth(y2, total=true)", "spans = growth(y2, spans={2011, 2015, 2020})", "growth(y2, generate='g')", "growth(y2, kind='log', generate='gl')"),
     c(lapply(c("Shanghai", "Hefei", "Wuhu"), function(city) do.call(values, c(list(paste0("means.", city)), as.list(g[[city]])))),
       list(values("means.Total", arith = mean(rt), geo = exp(mean(log1p(rt))) - 1, cagr = unname((tail(total, 1) / total[1])^(1 / 9) - 1)),
            keyed("spans.Hefei", span[["Hefei"]], "2011-2015"),
            values("summarize(g).g", N = 369, mean = mean(unlist(lapply(split(s$y2, s$city), function(x) diff(x) / head(x, -1))))),
            values("summarize(gl).gl", mean = mean(unlist(lapply(split(s$y2, s$city), function(x) diff(log(x)))))))),
     "diff(x)/x[-n]; mean; exp(mean(log1p(r))) - 1; (x_T/x_0)^(1/T) - 1 by city")
