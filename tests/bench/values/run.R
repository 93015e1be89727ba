# Compares verbs on values with R (data.table and base) on a million rows, one thread each.
#   Rscript tests/bench/values/run.R PATH_TO_moontide [ROWS]
# Processor seconds (R's user + system, os.clock here), so that other work on the machine counts little: medians of five
# alternating runs and their ratio. Reading the file is outside.
suppressMessages(library(data.table))
args <- commandArgs(TRUE)
program <- normalizePath(args[1])
n <- if (length(args) > 1) as.integer(args[2]) else 1000000L
setDTthreads(1)
set.seed(1)
units <- n %/% 20
d <- data.table(unit = rep(seq_len(units), each = 20), year = rep(2001:2020, units), g = rep(sample(1000L, units, TRUE), each = 20),
                x = round(rlnorm(n), 6), code = sample(sprintf("%06d", 1:5000), n, TRUE),
                day = sample(format(as.Date("2000-01-01") + 0:9000), n, TRUE))
d[sample(n, n %/% 10), x := NA]
file <- file.path(tempdir(), "values.csv")
fwrite(d, file, na = "NA")
d[, date := as.Date(day)]

wins <- function(x) { q <- quantile(x, c(.01, .99), type = 2, na.rm = TRUE); pmin(pmax(x, q[1]), q[2]) }
fill <- function(x) { k <- which(!is.na(x)); if (length(k) < 2) x else approx(k, x[k], seq_along(x))$y }
work <- list(  # name, ours, the peer's
  list("winsor", "winsor(x, suffix='_1')", function() d[, wins(x)]),
  list("winsor by 1000 groups", "winsor(x, by=g, suffix='_2')", function() d[, wins(x), by = g]),
  list("standardize by group", "standardize(x, by=g)", function() d[, (x - mean(x, na.rm = TRUE)) / sd(x, na.rm = TRUE), by = g]),
  list("recode", "recode(year, '2001/2005=1 2006/2010=2 else=3', generate='era')",
       function() fcase(d$year %between% c(2001, 2005), 1L, d$year %between% c(2006, 2010), 2L, default = 3L)),
  list("encode", "encode(code, generate='c')", function() factor(d$code)),
  list("destring", "destring(code, generate='k')", function() as.numeric(d$code)),
  list("interpolate", "interpolate(x, suffix='_3')", function() d[, fill(x), by = unit]),
  list("growth", "growth(x, generate='r')", function() d[, x / shift(x) - 1, by = unit]),
  list("upper, substr", "gen(s = substr(upper(code), 1, 2))", function() substr(toupper(d$code), 1, 2)),
  list("regex_extract", "gen(e = regex_extract(code, '([1-9]+)'))", function() sub("^[^1-9]*([1-9]+).*$", "\\1", d$code)),
  list("date of text", "gen(dd = \"date(day, 'ymd')\")", function() as.Date(d$day)),
  list("year, month", "gen(ym = \"12*year(dd) + month(dd)\")", function() 12L * year(d$date) + month(d$date)))

script <- c(sprintf("use '%s'", file), "threads(1)", "panel(unit, year)",
            unlist(lapply(work, function(w) c("t0 = os.clock()", w[[2]], "print(string.format('@@%.6f', os.clock() - t0))"))))
runs <- 5
peer <- ours <- matrix(NA_real_, runs, length(work))
for (run in seq_len(runs)) {
  path <- file.path(tempdir(), "values.mt")
  writeLines(script, path)
  out <- grep("^@@", system2(program, path, stdout = TRUE, stderr = FALSE), value = TRUE)
  ours[run, ] <- as.numeric(sub("@@", "", out))
  for (k in seq_along(work)) peer[run, k] <- sum(system.time(work[[k]][[3]]())[1:2])
}
cat(sprintf("%-24s %9s %9s %7s   %d rows\n", "work", "R s", "ours s", "ratio", n))
for (k in seq_along(work))
  cat(sprintf("%-24s %9.3f %9.3f %7.2f\n", work[[k]][[1]], median(peer[, k]), median(ours[, k]), median(ours[, k]) / median(peer[, k])))
