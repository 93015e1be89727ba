# Spatial errors with fixed effects on unbalanced panels, and with weights that change over time: the likelihood with a dummy for every unit
# (and period) written out, everything dense, maximised by nlminb and Newton steps. W covers the units of each period, rows standardised again.
source("_reference.R")
suppressMessages(library(numDeriv))
d <- rd("real/produc.csv"); states <- rd("real/usaww.csv"); W <- as.matrix(states[, -1]); f <- log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp
where <- "not (state == 'ALABAMA' and year == 1975) and not (state == 'TEXAS' and year > 1980) and not (state == 'OHIO' and year < 1973)"
d <- d[order(d$year, match(d$state, states$name)), ]; gaps <- !(d$state == "ALABAMA" & d$year == 1975) & !(d$state == "TEXAS" & d$year > 1980) & !(d$state == "OHIO" & d$year < 1973)
g <- d[gaps, ]; y <- model.response(model.frame(f, g)); X <- model.matrix(f, g)[, -1]; n <- nrow(g)
V <- matrix(0, n, n); roots <- c()
for (t in unique(g$year)) { at <- which(g$year == t); i <- match(g$state[at], states$name); w <- W[i, i] / rowSums(W[i, i]); V[at, at] <- w; roots <- c(roots, eigen(w, only.values = TRUE)$values) }
units <- outer(g$state, unique(g$state), "==") * 1; times <- outer(g$year, unique(g$year)[-1], "==") * 1; Vy <- V %*% y
likelihood <- function(p, rho, D) {
  r <- if (rho) p[1] else 0; l <- p[length(p)]; Z <- cbind(y - r * Vy, X, D); Z <- Z - l * V %*% Z
  fit <- lm.fit(Z[, -1], Z[, 1]); s2 <- sum(fit$residuals^2) / n
  list(value = -n / 2 * (log(2 * pi * s2) + 1) + sum(log(Mod(1 - r * roots))) + sum(log(Mod(1 - l * roots))), b = fit$coefficients[1:4], sigma2 = s2)
}
for (command in c("sem", "sac")) for (effect in c("unit", "both")) {
  rho <- command == "sac"; D <- if (effect == "unit") units else cbind(units, times); value <- function(p) likelihood(p, rho, D)$value
  p <- nlminb(c(if (rho) 0.05, 0.3), function(p) -value(p), lower = -0.9, upper = 0.95)$par
  for (i in 1:5) p <- p - solve(hessian(value, p), grad(value, p))
  best <- likelihood(p, rho, D); cat(command, effect, p, "gradient", max(abs(grad(value, p))), "log-likelihood", best$value, "\n")
  names <- c(if (rho) "rho", "lambda"); fields <- paste0(names, " = m.coef.", names, collapse = ", ")
  name <- paste0("produc.unbalanced.within.", command, ".", effect)
  reference("spatial", name, "real/produc.csv",
            c("panel(state, year)", 'W = weights.read("{folder}/usaww.csv", id=state)',
              sprintf('m = %s(log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp, W, fe="%s", unbalanced=true, where="%s")', command, effect, where),
              sprintf('s = {%s, sigma2 = m.sigma2, pcap = m.coef["log(pcap)"], pc = m.coef["log(pc)"], emp = m.coef["log(emp)"], unemp = m.coef.unemp}', fields), "l = {loglik = m.loglik}"),
            "s", values = as.list(setNames(c(p, best$sigma2, best$b), c(names, "sigma2", "pcap", "pc", "emp", "unemp"))), peer = "R",
            call = "the likelihood with dummies for units (and periods) in dense matrices, maximised by nlminb and Newton steps", tol = 1e-6)
  file <- file.path("../spatial", paste0(name, ".json")); case <- fromJSON(file, simplifyVector = FALSE)
  case$checks[[2]] <- list(of = "l", kind = "values", expect = list(loglik = best$value), tol = 1e-8)
  writeLines(toJSON(case, auto_unbox = TRUE, digits = I(17), pretty = 1), file)
}
