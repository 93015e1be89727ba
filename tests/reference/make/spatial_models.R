# Spatial models beyond those of spatial.json: matrix exponential, predictions, conditional Baltagi-Song-Koh tests, GWR.
source("_reference.R")
suppressMessages({ library(spdep); library(spatialreg); library(splm); library(spgwr) })
invisible(set.VerboseOption(FALSE))
columbus <- rd("real/columbus.csv"); edges <- rd("real/columbus_nb.csv"); produc <- rd("real/produc.csv"); states <- rd("real/usaww.csv")
B <- matrix(0, 49, 49); B[cbind(edges$i, edges$j)] <- 1; W <- mat2listw(B, style = "W")
setup <- 'W = weights.edges("{folder}/columbus_nb.csv", "i", "j", id="POLYID")'
f <- CRIME ~ INC + HOVAL; tight <- list(tol.opt = 1e-13)
ours <- function(x) setNames(x, sub("^lag\\.", "W*", sub("\\(Intercept\\)", "_cons", names(x))))

# ---- MESS. lagmess takes alpha as known in the standard errors of b; the likelihood and the estimates are compared.
m <- lagmess(f, columbus, W, use_expm = TRUE, control = list(abstol = 1e-14, reltol = 1e-14))
b <- ours(coef(m$lmobj)); names(b) <- c("_cons", "INC", "HOVAL")
reference("spatial", "columbus.mess", "real/columbus.csv", c(setup, "m = mess(CRIME ~ INC + HOVAL, W)", "v = {alpha = m.coef.alpha, loglik = m.loglik, _cons = m.coef._cons, INC = m.coef.INC, HOVAL = m.coef.HOVAL}"),
          "v", values = c(as.list(b), alpha = m$alpha, loglik = as.numeric(logLik(m))), peer = "spatialreg", call = "lagmess(CRIME ~ INC + HOVAL)", tol = 1e-6)

# ---- predictions
lag <- lagsarlm(f, columbus, W, method = "eigen", control = tight, tol.solve = 1e-16)
err <- errorsarlm(f, columbus, W, method = "eigen", control = tight, tol.solve = 1e-16)
first <- function(x) setNames(as.list(as.numeric(x)[1:10]), as.character(1:10))
for (type in c("trend", "TS", "TC")) for (model in if (type == "TC") "sar" else c("sar", "sem")) {
  fit <- if (model == "sar") lag else err
  p <- predict(fit, pred.type = type, listw = W)
  reference("spatial", paste0("columbus.predict.", model, ".", type), "real/columbus.csv",
            c(setup, paste0("m = ", model, "(CRIME ~ INC + HOVAL, W)"), paste0('p = m:predict("', type, '"):values()'), "v = {}", "for i = 1, 10 do v[tostring(i)] = p[i] end"),
            "v", values = first(p), peer = "spatialreg", call = paste0('predict(', if (model == "sar") "lagsarlm" else "errorsarlm", '(CRIME ~ INC + HOVAL), pred.type = "', type, '")'), tol = 1e-6)
}

# ---- conditional tests
Wus <- as.matrix(states[, -1]); rownames(Wus) <- colnames(Wus) <- states$name
g <- log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp
panel <- c("panel(state, year)", 'W = weights.read("{folder}/usaww.csv", id=state)', "t = bsktests(ols(log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp), W)")
for (test in c("CLMlambda", "CLMmu")) {
  h <- bsktest(g, data = produc, index = c("state", "year"), listw = mat2listw(Wus), test = test)
  name <- if (test == "CLMlambda") "spatial errors given random effects" else "random effects given spatial errors"
  reference("spatial", paste0("produc.bsktest.", test), "real/produc.csv", c(panel, paste0('v = {z = t["', name, '"].statistic}')), "v",
            values = list(z = as.numeric(h$statistic)), peer = "splm", call = paste0('bsktest(g, test = "', test, '")'), tol = 1e-5)
}

# ---- GWR. The peer's standard errors take RSS/(n - tr S) for the variance, ours (as GWmodel) RSS/(n - 2 tr S + tr S'S): they are put on ours here.
# Its AICb is the AICc of Fotheringham, Brunsdon & Charlton.
xy <- cbind(columbus$X, columbus$Y)
for (kernel in c("gaussian", "bisquare")) {
  weight <- if (kernel == "gaussian") gwr.Gauss else gwr.bisquare
  bandwidth <- if (kernel == "gaussian") 2 else 6
  m <- gwr(f, data = columbus, coords = xy, bandwidth = bandwidth, gweight = weight, hatmatrix = TRUE, se.fit = TRUE)
  call <- sprintf("g = gwr(CRIME ~ INC + HOVAL, X, Y, metric=\"planar\", adaptive=false, bandwidth=%d, kernel=\"%s\")", bandwidth, kernel)
  b <- m$SDF@data
  reference("spatial", paste0("columbus.gwr.", kernel), "real/columbus.csv", c(call, "v = {rss = g.rss, aicc = g.aicc, edf = g.edf, trace = g.trace}", "for i = 1, 10 do v['INC' .. i] = g.frame.b_INC:values()[i]; v['se' .. i] = g.frame.b_INC_se:values()[i]; v['r2' .. i] = g.frame.b_r2:values()[i] end"),
            "v", values = c(list(rss = m$results$rss, aicc = m$results$AICb, edf = m$results$edf, trace = m$results$v1),
                            setNames(as.list(b$INC[1:10]), paste0("INC", 1:10)), setNames(as.list(b$INC_se[1:10] * sqrt((49 - m$results$v1) / m$results$edf)), paste0("se", 1:10)), setNames(as.list(b$localR2[1:10]), paste0("r2", 1:10))),
            peer = "spgwr", call = sprintf("gwr(CRIME ~ INC + HOVAL, bandwidth = %d, gweight = gwr.%s, hatmatrix = TRUE)", bandwidth, kernel), tol = 1e-8)
  # With the bisquare kernel the peer's search ends at its own bound, which is narrower than the map.
  if (kernel == "gaussian") for (method in c("cv", "aic")) {
    h <- gwr.sel(f, data = columbus, coords = xy, gweight = weight, method = method, verbose = FALSE, tol = 1e-10, show.error.messages = FALSE)
    criterion <- if (method == "cv") "cv" else "aicc"
    reference("spatial", paste0("columbus.gwr.", kernel, ".", criterion), "real/columbus.csv", c(sprintf("g = gwr(CRIME ~ INC + HOVAL, X, Y, metric=\"planar\", adaptive=false, kernel=\"%s\", criterion=\"%s\")", kernel, criterion), "v = {bandwidth = g.bandwidth}"),
              "v", values = list(bandwidth = h), peer = "spgwr", call = sprintf('gwr.sel(CRIME ~ INC + HOVAL, gweight = gwr.%s, method = "%s")', kernel, method), tol = 1e-4)
  }
}
