# The Goodman-Bacon decomposition with covariates: R's bacondecomp. Its weights of pairs add up to 1, ours with the
# share within cohorts.
source("_reference.R")
suppressMessages(library(bacondecomp))
d <- rd("ydr_cities.csv")
invisible(capture.output(b <- bacon(ser ~ did + lngdp + lnedu, data = d, id_var = "city_id", time_var = "year")))
pairs <- b$two_by_twos
pairs$untreated[pairs$untreated == 99999] <- "never"
key <- paste(pairs$treated, pairs$untreated, sep = "_")
values <- c(setNames(pairs$estimate, paste0(key, ".estimate")), setNames(pairs$weight * (1 - b$Omega), paste0(key, ".weight")),
            each_each.estimate = b$beta_hat_w, each_each.weight = b$Omega)
reference("did", "ydr.bacon.controls", "ydr_cities.csv", c("panel(city_id, year)", "b = bacon(ser ~ lngdp + lnedu, treatment=did)"),
          of = "(function() local t = {}; for _, p in ipairs(b.comparisons) do t[p.treated .. '_' .. p.control] = p end return t end)()",
          values = values, peer = "bacondecomp", call = "bacon(ser ~ did + lngdp + lnedu, id_var=\"city_id\", time_var=\"year\")")
