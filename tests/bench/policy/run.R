# Compares estimators of policy effects with R, one thread each: synthetic difference-in-differences with placebo errors (synthdid, California,
# 200 draws), group-time effects with a dynamic aggregation and 999 multiplier draws (did).
#   Rscript tests/bench/policy/run.R PATH_TO_moontide [UNITS]
# Processor seconds (R's user + system, os.clock here), so that other work on the machine counts little: medians of three alternating runs and
# their ratio. Reading the file is outside. UNITS: of the panel for did, 10 periods, 100,000 by default. A package that is not installed is left out.
args <- commandArgs(TRUE)
program <- normalizePath(args[1])
units <- if (length(args) > 1) as.integer(args[2]) else 100000L
runs <- 3

ours <- function(lines) {
  path <- file.path(tempdir(), "bench.mt")
  writeLines(lines, path)
  out <- grep("^@@", system2(program, path, stdout = TRUE, stderr = FALSE), value = TRUE)
  as.numeric(sub("@@", "", out))
}
timed <- function(call) c("threads(1)", "t0 = os.clock()", call, "print(string.format('@@%.6f', os.clock() - t0))")
compare <- function(name, script, peer) {
  times <- replicate(runs, c(sum(system.time(peer())[1:2]), ours(script)))
  cat(sprintf("%-44s %9.3f %9.3f %7.1f\n", name, median(times[1, ]), median(times[2, ]), median(times[1, ]) / median(times[2, ])))
}
cat(sprintf("%-44s %9s %9s %7s\n", "work", "R s", "ours s", "R/ours"))

if (requireNamespace("synthdid", quietly = TRUE)) {
  library(synthdid)
  data("california_prop99")
  file <- file.path(tempdir(), "california.csv")
  write.csv(california_prop99, file, row.names = FALSE)
  setup <- panel.matrices(california_prop99)
  estimate <- synthdid_estimate(setup$Y, setup$N0, setup$T0)
  compare("sdid, California, placebo errors, 200 draws",
          c(sprintf("use '%s'", file), "panel('State', 'Year')", timed("sdid(PacksPerCapita ~ 1, treat=treated, vce='placebo', reps=200, seed=1)")),
          function() vcov(synthdid_estimate(setup$Y, setup$N0, setup$T0), method = "placebo", replications = 200))
}

if (requireNamespace("did", quietly = TRUE)) {
  set.seed(1)
  periods <- 10
  first <- rep(sample(c(0, 3:9), units, TRUE), each = periods)
  d <- data.frame(unit = rep(seq_len(units), each = periods), year = rep(seq_len(periods), units), first = first, x = rep(rnorm(units), each = periods))
  d$y <- d$x + 0.1 * d$year + (d$first > 0 & d$year >= d$first) * (1 + 0.1 * (d$year - d$first)) + rnorm(nrow(d))
  file <- file.path(tempdir(), "did.csv")
  write.csv(d, file, row.names = FALSE)
  compare(sprintf("att_gt, dynamic, 999 draws, %d units", units),
          c(sprintf("use '%s'", file), "panel(unit, year)",
            timed("m = att_gt(y ~ x, cohort=first, control='never', reps=999, seed=1):aggte('dynamic')")),
          function() {
            m <- did::att_gt("y", "year", "unit", "first", xformla = ~x, data = d, control_group = "nevertreated", biters = 999)
            did::aggte(m, type = "dynamic", biters = 999)
          })
}
