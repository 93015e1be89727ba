# Conley errors of a panel as fixest has them: rows of all periods within the cutoff, on the sphere.
#   scripts/dev/make_reference conley
source("_reference.R")
suppressMessages(library(fixest))
d <- rd("ydr_cities.csv")
m <- feols(ser ~ did + lngdp, d)
V <- vcov(m, vcov = vcov_conley(lat = ~lat, lon = ~lon, cutoff = 150, distance = "spherical"), vcov_fix = FALSE)
reference("ols", "ydr.conley_panel", "ydr_cities.csv", c("panel(city, year)", "m = feols(ser ~ did + lngdp, vcov=conley(150), like=\"fixest\")"),
          of = "m", coef = setNames(coef(m), c("_cons", "did", "lngdp")), se = setNames(sqrt(diag(V)), c("_cons", "did", "lngdp")), peer = "fixest",
          call = "vcov(feols(ser ~ did + lngdp), vcov_conley(cutoff = 150, distance = 'spherical'), vcov_fix = FALSE)")
