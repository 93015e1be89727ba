# Margins of a linear model by their definition: counterfactual model matrices, their column means w, w'b and sqrt(w'Vw).
# Writes ../misc/margins.json: Rscript margins.R, in this folder.
suppressMessages(library(jsonlite))
DATA <- Sys.getenv("DATA", "../../../examples/pilot_zones/data")
d <- read.csv(file.path(DATA, "ydr_cities.csv"))
d$province <- factor(d$province); d$early <- as.integer(d$cohort > 0 & d$cohort <= 2018); d$early_f <- factor(d$early)
f <- ser ~ did * lngdp + I(lngdp^2) + log(lnforeign) + province * early_f
m <- lm(f, d)
keep <- !is.na(coef(m)); b <- coef(m)[keep]
X <- model.matrix(m)[, keep]; e <- resid(m); n <- nrow(X); k <- ncol(X)
bread <- solve(crossprod(X)); V <- bread %*% crossprod(X * e) %*% bread * n / (n - k)  # HC1
rows <- function(nd) model.matrix(delete.response(terms(m)), nd, xlev = m$xlevels)[, keep, drop = FALSE]
value <- function(w) c(sum(w * b), sqrt(drop(w %*% V %*% w)))
mean_at <- function(set = list(), which = TRUE) { nd <- d; for (v in names(set)) nd[[v]] <- if (is.factor(d[[v]])) factor(set[[v]], levels(d[[v]])) else set[[v]]
  colMeans(rows(nd)[which, , drop = FALSE]) }
# derivatives of the columns by lngdp, written out
slope <- function(set = list(), which = TRUE) { nd <- d; for (v in names(set)) nd[[v]] <- set[[v]]
  D <- 0 * rows(nd); D[, "lngdp"] <- 1; D[, "I(lngdp^2)"] <- 2 * nd$lngdp; D[, "did:lngdp"] <- nd$did; colMeans(D[which, , drop = FALSE]) }
foreign <- function() { D <- 0 * rows(d); D[, "log(lnforeign)"] <- 1 / d$lnforeign; colMeans(D) }
# at means: numbers at their means, dummies at their shares, interactions of factors as products of shares
at_means <- function(province) {
  share <- prop.table(table(d$early)); total <- 0
  for (g in names(share)) { nd <- d[1, ]; nd$did <- mean(d$did); nd$lngdp <- mean(d$lngdp); nd$lnforeign <- mean(d$lnforeign)
    nd$province <- factor(province, levels(d$province)); nd$early_f <- factor(g, levels(d$early_f)); total <- total + share[[g]] * drop(rows(nd)) }
  total }
out <- list(prediction = value(mean_at()), lngdp = value(slope()), lngdp_did1 = value(slope(list(did = 1))),
            lngdp_treated = value(slope(which = d$treat == 1)), lnforeign = value(foreign()),
            did_at_9 = value(mean_at(list(did = 1, lngdp = 9)) - mean_at(list(did = 0, lngdp = 9))),
            Jiangsu = value(mean_at(list(province = "Jiangsu"))), Zhejiang_effect = value(mean_at(list(province = "Zhejiang")) - mean_at(list(province = "Anhui"))),
            Jiangsu_early = value(mean_at(list(province = "Jiangsu", early_f = "1"))), Anhui_means = value(at_means("Anhui")))
flat <- list(); for (key in names(out)) { flat[[key]] <- out[[key]][1]; flat[[paste0(key, "_se")]] <- out[[key]][2] }
script <- c("gen(early = \"cond(cohort > 0 and cohort <= 2018, 1, 0)\")",
  "m = ols(\"ser ~ did*lngdp + lngdp^2 + log(lnforeign) + province*i.early\", vcov=\"hetero\")",
  "function put(t, key, e) t[key], t[key .. '_se'] = e.estimate, e.se end",
  "t = {}",
  "put(t, 'prediction', margins(result=m)._cons)",
  "put(t, 'lngdp', margins(dydx='lngdp', result=m).lngdp)",
  "put(t, 'lngdp_did1', margins(dydx='lngdp', at='did=1', result=m)['lngdp at did=1'])",
  "put(t, 'lngdp_treated', margins(dydx='lngdp', over=treat, result=m)['lngdp over treat=1'])",
  "put(t, 'lnforeign', margins(dydx='lnforeign', result=m).lnforeign)",
  "put(t, 'did_at_9', margins(dydx='did', at={lngdp=9}, result=m)['did at lngdp=9'])",
  "put(t, 'Jiangsu', margins('province', result=m)['province=Jiangsu'])",
  "put(t, 'Zhejiang_effect', margins(dydx='province', result=m)['province::Zhejiang'])",
  "put(t, 'Jiangsu_early', margins('province#early', result=m)['province=Jiangsu early=1'])",
  "put(t, 'Anhui_means', margins('province', atmeans=true, result=m)['province=Anhui'])")
case <- list(id = "misc.margins", data = "ydr_cities.csv", script = script, peer = paste("R", getRversion()),
  call = "column means of counterfactual model matrices of lm(), HC1; derivatives of the columns written out",
  generator = "margins.R", coef_tol = 1e-8, se_tol = 1e-7, why = "closed form; derivatives of ours by extrapolated differences",
  checks = list(list(of = "t", kind = "values", expect = flat, tol = 1e-8)))
writeLines(toJSON(case, auto_unbox = TRUE, digits = I(17), pretty = 1), "../misc/margins.json")
