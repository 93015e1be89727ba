# Compares read_csv with data.table::fread in one run, at the same number of threads.
#   Rscript tests/bench/csv/run.R PATH_TO_bench_csv [THREADS] [ROWS]
# Build first: ninja -C build/release bench_csv. Prints the medians of nine alternating runs and their ratio.
suppressMessages(library(data.table))
args <- commandArgs(TRUE)
program <- args[1]
threads <- if (length(args) > 1) as.integer(args[2]) else 2L
n <- if (length(args) > 2) as.integer(args[3]) else 1000000L
setDTthreads(threads)

set.seed(1)
numbers <- data.table(
  id = rep(seq_len(n / 10), each = 10), year = rep(2011:2020, n / 10), g = sample(1e3, n, TRUE),
  y = round(rnorm(n), 6), x1 = round(rnorm(n), 6), x2 = round(runif(n), 6), x3 = round(rexp(n), 5),
  name = sample(sprintf("city%04d", 1:2000), n, TRUE), treat = sample(0:1, n, TRUE))
files <- list(
  mixed = numbers,                                                          # about 61 MB
  full_precision = numbers[, .(id, year, y = rnorm(n), x = runif(n), z = rexp(n))],  # 15 to 17 digits
  quoted = numbers[, .(id, year, name = paste0(name, ", \"", g, "\""), y)],
  missing = numbers[, .(id, year, y = fifelse(g %% 3 == 0, NA_real_, y), x1 = fifelse(g %% 2 == 0, NA_real_, x1))],
  unique_text = numbers[, .(key = sprintf("k%08d", sample(n)), y)])

seconds_of_ours <- function(file)
  as.numeric(sub(" .*", "", system2(program, c(file, threads, 1), stdout = TRUE)))
cat(sprintf("%-15s %8s %8s %8s %7s   threads %d\n", "file", "MB", "fread s", "ours s", "ratio", threads))
for (name in names(files)) {
  file <- file.path(tempdir(), paste0(name, ".csv"))
  fwrite(files[[name]], file, na = "NA")
  peer <- ours <- numeric(9)
  for (i in seq_along(peer)) {
    peer[i] <- system.time(fread(file, showProgress = FALSE))[["elapsed"]]
    ours[i] <- seconds_of_ours(file)
  }
  cat(sprintf("%-15s %8.1f %8.3f %8.3f %7.2f\n", name, file.size(file) / 1e6, median(peer), median(ours),
              median(ours) / median(peer)))
  unlink(file)
}
