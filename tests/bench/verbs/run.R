# Compares collapse, merge, sort and reshape with data.table in one run, at the same number of threads.
#   Rscript tests/bench/verbs/run.R PATH_TO_bench_verbs [THREADS] [ROWS]
# Build first: ninja -C build/release bench_verbs. Prints the medians of seven alternating runs and their ratio.
suppressMessages(library(data.table))
args <- commandArgs(TRUE)
program <- args[1]
threads <- if (length(args) > 1) as.integer(args[2]) else 2L
n <- if (length(args) > 2) as.integer(args[3]) else 1000000L
setDTthreads(threads)

set.seed(1)
units_n <- n / 10
rows <- data.table(
  id = rep(seq_len(units_n), each = 10), year = rep(2011:2020, units_n), g = sample(1e3, n, TRUE),
  y = rnorm(n), x1 = rnorm(n), x2 = runif(n), name = sample(sprintf("city%04d", 1:2000), n, TRUE))
units <- data.table(id = sample(units_n), area = runif(units_n), code = sample(1e6, units_n, TRUE))
towns <- data.table(name = sprintf("city%04d", sample(2000)), height = runif(2000))
other <- rows[sample(n), .(id, year, v = rnorm(n))]
wide <- data.table(id = seq_len(units_n))
for (year in 2011:2020) wide[, paste0(c("y", "x"), year) := list(rnorm(.N), rnorm(.N))]
folder <- tempfile("verbs"); dir.create(folder)
for (name in c("rows", "units", "towns", "other", "wide")) fwrite(get(name), file.path(folder, paste0(name, ".csv")))
columns <- list(y = paste0("y", 2011:2020), x = paste0("x", 2011:2020))
melted <- function() melt(wide, id.vars = "id", measure.vars = columns, variable.name = "year")
tall <- melted()

peers <- list(
  collapse_id = function() rows[, .(mean(y), sum(x1), sd(x2)), keyby = id],
  collapse_shuffled = function() other[, .(mean(v), sd(v)), keyby = id],
  collapse_two_keys = function() rows[, .(mean(y), sd(y)), keyby = .(g, year)],
  collapse_text_median = function() rows[, .(mean(y), median(y)), keyby = name],
  merge_m1_integer = function() merge(rows, units, by = "id", all = TRUE, sort = FALSE),
  merge_m1_text = function() merge(rows, towns, by = "name", all = TRUE, sort = FALSE),
  merge_11_two_keys = function() merge(rows, other, by = c("id", "year"), all = TRUE, sort = FALSE),
  sort_double = function() rows[order(y)],
  sort_text_integer = function() rows[order(name, -year)],
  sort_panel = function() other[order(id, year)],
  reshape_long = melted,
  reshape_wide = function() dcast(tall, id ~ year, value.var = c("y", "x")))

repeats <- 7
peer <- sapply(peers, function(f) numeric(repeats))
ours <- peer
for (i in seq_len(repeats)) {
  for (name in names(peers)) {
    gc(FALSE)
    peer[i, name] <- system.time(peers[[name]]())[["elapsed"]]
  }
  lines <- strsplit(system2(program, c(folder, threads, 1), stdout = TRUE), " ")
  for (line in lines) ours[i, line[1]] <- as.numeric(line[2])
}
unlink(folder, recursive = TRUE)
cat(sprintf("%-22s %12s %8s %7s   threads %d, %d rows\n", "case", "data.table s", "ours s", "ratio", threads, n))
for (name in names(peers))
  cat(sprintf("%-22s %12.3f %8.3f %7.2f\n", name, median(peer[, name]), median(ours[, name]),
              median(ours[, name]) / median(peer[, name])))
