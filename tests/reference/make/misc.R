# Measures: indices of structure, inequality, composite indices, convergence. Most have no peer that computes just them: their
# formulas are written out here; the others come from ineq, REAT, topsis and ConvergenceClubs.
source("_common.R"); suppressMessages({library(ineq); library(REAT); library(topsis); library(ConvergenceClubs)})
ydr <- rd("ydr_cities.csv"); zj <- rd("zj_exports.csv")
ydr <- ydr[order(ydr$city_id, ydr$year), ]; rownames(ydr) <- NULL

# ---- industrial structure
Q <- as.matrix(ydr[, c("y1", "y2", "y3")]); E <- as.matrix(ydr[, c("l1", "l2", "l3")])
rat <- rowSums(abs((Q / rowSums(Q)) / (E / rowSums(E)) - 1))
theil_form <- rowSums(Q * log((Q / E) / (rowSums(Q) / rowSums(E)))) / rowSums(Q)
upgrading <- as.numeric((Q / rowSums(Q)) %*% 1:3)
ratio <- ydr$y3 / ydr$y2
add("misc.structure_indices", "ydr_cities.csv",
    "ser = y3/y2; rat = sum_i |(y_i/Y)/(l_i/L) - 1|; theil = sum_i (y_i/Y) ln((y_i/l_i)/(Y/L)); upgrading index = sum_i i*y_i/Y",
    list(first10 = list(ser = L(ratio[1:10]), rat = L(unname(rat[1:10])), theil = L(unname(theil_form[1:10])), upgrading = L(upgrading[1:10])),
         mean = list(ser = mean(ratio), rat = mean(rat), theil = mean(theil_form), upgrading = mean(upgrading))), "R")
quotient <- function(E) (E / rowSums(E)) / matrix(colSums(E) / sum(E), nrow(E), ncol(E), byrow = TRUE)
e20 <- E[ydr$year == 2020, ]; rownames(e20) <- ydr$city[ydr$year == 2020]
add("misc.location_quotient", "ydr_cities.csv", "year 2020, employment l1..l3: LQ_ij = (e_ij/sum_j e_ij)/(sum_i e_ij/sum_ij e_ij)",
    list(lq3 = L(unname(quotient(e20)[, 3])), lq2 = L(unname(quotient(e20)[, 2]))), "R")
add("misc.krugman", "ydr_cities.csv", "year 2020, employment l1..l3: REAT::krugman.spec(city, all other cities together)",
    list(spec = L(unname(sapply(1:41, function(j) krugman.spec(e20[j, ], colSums(e20[-j, ])))))), "REAT")
# Ellison-Glaeser with the rows (city x sector, 2020) as plants, sectors as industries, provinces as regions.
prov <- ydr$province[ydr$year == 2020]; all <- tapply(rowSums(e20), prov, sum)
eg <- lapply(1:3, function(i) { o <- ellison.a(e20[order(prov), i], as.numeric(all), sort(prov), print.results = FALSE); list(gamma = o[1, 1], G = o[1, 2], herfindahl = o[1, 5]) })
add("misc.ellison_glaeser", "ydr_cities.csv", "REAT::ellison.a by sector: employment of 41 cities in 2020 as plants, provinces as regions",
    setNames(eg, c("l1", "l2", "l3")), "REAT")

# ---- inequality
x20 <- exp(ydr$lngdp[ydr$year == 2020]); p20 <- rowSums(E)[ydr$year == 2020]
gini <- function(x) { n <- length(x); sum(abs(outer(x, x, "-"))) / (2 * n^2 * mean(x)) }
gini_weighted <- function(x, w) { w <- w / sum(w); sum(outer(w, w) * abs(outer(x, x, "-"))) / (2 * sum(w * x)) }
theil <- function(x) mean(x / mean(x) * log(x / mean(x)))
add("misc.inequality", "ydr_cities.csv",
    "Gini = sum|xi-xj|/(2 n^2 mean), weighted Gini of x/p with weights p = l1+l2+l3, Theil T, Theil L, Atkinson(0.5), CV, HHI; x = exp(lngdp) 2020",
    list(gini = gini(x20), gini_weighted = gini_weighted(x20 / p20, p20), theil_T = theil(x20), theil_L = mean(log(mean(x20) / x20)),
         atkinson_05 = 1 - mean(sqrt(x20))^2 / mean(x20), cv = sd(x20) / mean(x20), hhi = sum((x20 / sum(x20))^2)), "R")
add("misc.inequality_ineq", "ydr_cities.csv",
    "ineq: Gini(x), Gini(x, corr = TRUE), Theil(x, 0), Theil(x, 1), Atkinson(x, 0.5), Atkinson(x, 1), var.coeff(x) (divides by n), Herfindahl(x); x = exp(lngdp) 2020",
    list(gini = Gini(x20), gini_corrected = Gini(x20, corr = TRUE), theil_T = Theil(x20, parameter = 0), theil_L = Theil(x20, parameter = 1),
         atkinson_05 = Atkinson(x20, parameter = 0.5), atkinson_1 = Atkinson(x20, parameter = 1), cv_population = var.coeff(x20), hhi = Herfindahl(x20)), "ineq")
# Standard errors by their definition: 41 Ginis, each without one city; the linearised variance.
loo <- sapply(1:41, function(i) gini(x20[-i])); inf <- rowMeans(abs(outer(x20, x20, "-"))) / mean(x20) - gini(x20) - gini(x20) * x20 / mean(x20)
add("misc.gini_se", "ydr_cities.csv", "Gini of exp(lngdp) 2020: jackknife sqrt((n-1)/n sum(G_(i) - mean)^2); influence sqrt(sum IF^2 / (n (n-1)))",
    list(jackknife = sqrt(40 / 41 * sum((loo - mean(loo))^2)), influence = sqrt(sum(inf^2) / (41 * 40))), "R")
sorted <- sort(x20, decreasing = TRUE); q2 <- function(p) unname(quantile(x20, p, type = 2))
add("misc.concentration", "ydr_cities.csv", "exp(lngdp) 2020: CR4, CR8, normalised HHI, top 10% (4.1 cities), p90/p10 and p75/p25 by quantile type 2",
    list(cr4 = sum(sorted[1:4]) / sum(x20), cr8 = sum(sorted[1:8]) / sum(x20), hhi_normalised = (sum((x20 / sum(x20))^2) - 1 / 41) / (1 - 1 / 41),
         top10 = (sum(sorted[1:4]) + 0.1 * sorted[5]) / sum(x20), p90_p10 = q2(.9) / q2(.1), p75_p25 = q2(.75) / q2(.25)), "R")
add("misc.zj_exports_gini", "zj_exports.csv", "Gini of exports by year", L(tapply(zj$exports, zj$year, gini)), "R")
decompose <- function(x, g) { n <- length(x); mu <- mean(x)
  list(total = theil(x), between = sum(tapply(x, g, function(v) length(v) / n * mean(v) / mu * log(mean(v) / mu))),
       within = sum(tapply(x, g, function(v) sum(v) / sum(x) * theil(v)))) }
add("misc.theil_decomposition", "ydr_cities.csv", "Theil T of exp(lngdp) 2020 by province: between + within", decompose(x20, prov), "R")
dagum <- function(x, g) {
  k <- sort(unique(g)); p <- sapply(k, function(a) mean(g == a)); s <- sapply(k, function(a) sum(x[g == a]) / sum(x))
  pairs <- outer(k, k, Vectorize(function(a, b) mean(abs(outer(x[g == a], x[g == b], "-"))) / (mean(x[g == a]) + mean(x[g == b]))))
  D <- outer(k, k, Vectorize(function(a, b) { if (a == b) return(0)
    xa <- x[g == a]; xb <- x[g == b]; if (mean(xa) < mean(xb)) { t <- xa; xa <- xb; xb <- t }
    d <- outer(xa, xb, "-"); above <- mean(pmax(d, 0)); below <- mean(pmax(-d, 0)); (above - below) / (above + below) }))
  ps <- outer(p, s) + outer(s, p); up <- upper.tri(pairs)
  list(total = gini(x), within = sum(diag(pairs) * p * s), net_between = sum((pairs * ps * D)[up]), transvariation = sum((pairs * ps * (1 - D))[up]),
       groups = as.list(k), gini_between = lapply(seq_along(k), function(i) as.list(unname(pairs[i, ])))) }
add("misc.dagum_gini", "ydr_cities.csv", "Dagum (1997) decomposition of the Gini of ser 2020 by province", dagum(ydr$ser[ydr$year == 2020], prov), "R",
    "province Shanghai has one city")

# ---- composite indices
entropy <- function(X, shift = 0) { Z <- apply(X, 2, function(v) (v - min(v)) / (max(v) - min(v)) + shift); P <- sweep(Z, 2, colSums(Z), "/")
  e <- -colSums(ifelse(P > 0, P * log(P), 0)) / log(nrow(X)); g <- 1 - e; w <- g / sum(g)
  list(entropy = L(e), utility = L(g), weight = L(w), score = L(as.numeric(Z %*% w))) }
X <- as.matrix(zj[, c("broadband", "mobile", "ecompark")])
what <- "min-max standardise over all 55 city-years; p = z/sum z; e_j = -(1/ln n) sum p ln p (0 ln 0 = 0); g = 1-e; w = g/sum g; score = sum w z"
add("misc.entropy_weights.zj", "zj_exports.csv", what, entropy(X), "R")
add("misc.entropy_weights.zj_shift", "zj_exports.csv", paste0(what, ", with 0.0001 added to every standardised value"), entropy(X, 1e-4), "R")
add("misc.entropy_weights.ydr", "ydr_cities.csv", "year 2020: lninternet, lnpatent, lnedu",
    entropy(as.matrix(ydr[ydr$year == 2020, c("lninternet", "lnpatent", "lnedu")])), "R")
T20 <- as.matrix(ydr[ydr$year == 2020, c("lngdp", "lnpatent", "agg")])
add("misc.topsis", "ydr_cities.csv", "topsis::topsis(lngdp, lnpatent, agg of 2020; weights 0.5, 0.3, 0.2; agg is a cost)",
    list(score = L(topsis(T20, c(.5, .3, .2), c("+", "+", "-"))$score)), "topsis")
v5 <- c("lngdp", "lnforeign", "lnedu", "lninternet", "lnpatent"); P20 <- ydr[ydr$year == 2020, v5]
pc <- prcomp(P20, scale. = TRUE); cv <- prcomp(P20); R <- cor(P20); inv <- solve(R); q <- -cov2cor(inv); diag(q) <- 0; r0 <- R; diag(r0) <- 0
chi <- -(41 - 1 - (2 * 5 + 5) / 6) * log(det(R))
up <- function(v) v * sign(sum(v))
add("misc.pca", "ydr_cities.csv",
    "year 2020: prcomp of lngdp, lnforeign, lnedu, lninternet, lnpatent, scaled and not; KMO = sum r^2/(sum r^2 + sum q^2), q partial correlations; Bartlett -(n-1-(2k+5)/6) ln|R|",
    list(eigenvalues = L(unname(pc$sdev^2)), shares = L(unname(pc$sdev^2 / 5)), loadings = L(up(pc$rotation[, 1])), score = L(unname((scale(as.matrix(P20)) %*% up(pc$rotation[, 1]))[, 1])),
         kmo = sum(r0^2) / (sum(r0^2) + sum(q^2)), msa = L(rowSums(r0^2) / (rowSums(r0^2) + rowSums(q^2))),
         bartlett = chi, bartlett_p = pchisq(chi, 10, lower.tail = FALSE), covariance = list(eigenvalues = L(unname(cv$sdev^2)), loadings = L(up(cv$rotation[, 1])))),
    "R", "a loading's column points where its sum is positive")
scaled <- function(v) (v - min(v)) / (max(v) - min(v)) * .99 + .01
u1 <- scaled(zj$digital); u2 <- scaled(zj$lnexports); C <- 2 * sqrt(u1 * u2) / (u1 + u2); D <- sqrt(C * (u1 + u2) / 2)
add("misc.coupling", "zj_exports.csv", "u = 0.01+0.99*minmax(digital), minmax(lnexports); C = 2 sqrt(u1 u2)/(u1+u2); T = (u1+u2)/2; D = sqrt(C T)",
    list(D_first5 = L(D[1:5]), mean_D = mean(D), mean_C = mean(C)), "R")
u3 <- scaled(zj$human); U <- cbind(u1, u2, u3); C3 <- 3 * (u1 * u2 * u3)^(1 / 3) / rowSums(U); T3 <- as.numeric(U %*% c(.5, .3, .2))
revised <- sqrt((1 - (abs(u1 - u2) + abs(u1 - u3) + abs(u2 - u3)) / 3) * sqrt(u1 * u2 * u3 / apply(U, 1, max)^3))
add("misc.coupling3", "zj_exports.csv", "three systems (digital, lnexports, human), importance 0.5, 0.3, 0.2; C geometric and revised (Wang et al. 2021)",
    list(C = L(C3[1:5]), D = L(sqrt(C3 * T3)[1:5]), revised = L(revised[1:5])), "R")

# ---- filling gaps
filled <- function(v) do.call(rbind, lapply(split(ydr, ydr$city_id), function(q) { k <- !is.na(q[[v]])
  data.frame(city = q$city, year = q$year, value = approx(q$year[k], q[[v]][k], q$year)$y)[!k, ] }))
cells <- function(v) { o <- filled(v); o <- o[!is.na(o$value), ]; lapply(seq_len(nrow(o)), function(i) as.list(o[i, ])) }
add("misc.interpolation", "ydr_cities.csv", "linear interpolation of infra and retail by city over year; leading and trailing gaps stay missing",
    list(infra = cells("infra"), retail = cells("retail")), "R")

# ---- convergence
spread <- tapply(zj$lnexports, zj$year, sd); cvl <- tapply(zj$lnexports, zj$year, function(v) sd(v) / mean(v)); yr <- 2016:2020
tr <- summary(lm(spread ~ yr))$coefficients[2, ]; tc <- summary(lm(cvl ~ yr))$coefficients[2, ]
add("misc.sigma_convergence", "zj_exports.csv", "sd and cv of ln exports by year; OLS trend of each",
    list(sd_log = L(spread), cv_log = L(cvl), sd_trend = L(setNames(tr, c("slope", "se", "t", "p"))), cv_trend = L(setNames(tc, c("slope", "se", "t", "p")))), "R")
d <- zj[zj$year == 2020, ]; x0 <- zj$lnexports[zj$year == 2016]; g <- (d$lnexports - x0) / 4
speed <- function(m) { b <- unname(coef(m)[2]); s <- -log(1 + 4 * b) / 4; se <- unname(sqrt(diag(vcov(m)))[2]); ss <- se / (1 + 4 * b); h <- log(2) / s
  list(beta = b, se = se, t = b / se, p = unname(summary(m)$coefficients[2, 4]), speed = s, speed_se = ss, half_life = h, half_life_se = log(2) / s^2 * ss,
       speed_low = s - qt(.975, m$df.residual) * ss, r2 = summary(m)$r.squared) }
h0 <- zj$human[zj$year == 2016]; o0 <- zj$open[zj$year == 2016]
add("misc.beta_convergence", "zj_exports.csv",
    "g = (ln X_2020 - ln X_2016)/4 on ln X_2016 (and human, open of 2016); speed = -ln(1+4 b)/4; half-life = ln 2/speed; delta-method s.e.",
    list(absolute = speed(lm(g ~ x0)), conditional = speed(lm(g ~ x0 + h0 + o0))), "R")
wide <- reshape(ydr[, c("city", "year", "lngdp")], idvar = "city", timevar = "year", direction = "wide"); cols <- 2:11
all <- estimateMod(computeH(wide[, cols]), time_trim = 0.3, HACmethod = "FQSB")
found <- findClubs(wide, dataCols = cols, unit_names = 1, refCol = 11, time_trim = 0.3, HACmethod = "FQSB", cstar_method = "incremental")
joined <- mergeClubs(found, mergeMethod = "PS")
clubs <- function(o) { o <- unclass(o); k <- grep("^club", names(o), value = TRUE)
  list(clubs = length(k), size = L(unname(sapply(o[k], function(c) length(c$id)))), b = L(unname(sapply(o[k], function(c) unname(c$model["beta"])))), t = L(unname(sapply(o[k], function(c) unname(c$model["tvalue"])))),
       divergent = length(o$divergent$id)) }
add("misc.convergence_clubs", "ydr_cities.csv",
    "ConvergenceClubs: estimateMod, findClubs(cstar_method = 'incremental'), mergeClubs('PS') of lngdp, 41 cities x 2011-2020, time_trim 0.3, FQSB",
    list(log_t = list(b = unname(all["beta"]), se = unname(all["std.err"]), t = unname(all["tvalue"]), p = unname(all["pvalue"])), found = clubs(found), merged = clubs(joined)), "ConvergenceClubs")
flush_json("misc", "Measures: structure, inequality, composite indices, convergence")
