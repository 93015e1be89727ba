# Times haven and readxl on the files that bench_files wrote, beside its own numbers.
#   Rscript tests/bench/files/run.R PATH_TO_bench_files [ROWS]
# Build first: ninja -C build/release bench_files.
args <- commandArgs(TRUE)
rows <- if (length(args) > 1) args[2] else "1000000"
folder <- tempdir()
cat(system2(args[1], c(folder, rows), stdout = TRUE), sep = "\n")
at <- file.path(folder, "bench.dta")
time <- function(expr) min(replicate(3, system.time(eval.parent(substitute(expr)))[["elapsed"]]))
d <- haven::read_dta(at)
cat(sprintf("haven read_dta %.4f write_dta %.4f\n", time(haven::read_dta(at)),
            system.time(haven::write_dta(d, file.path(folder, "peer.dta")))[["elapsed"]]))
if (file.exists(file.path(folder, "bench.xlsx")))
  cat(sprintf("readxl read_xlsx %.4f\n", system.time(readxl::read_xlsx(file.path(folder, "bench.xlsx")))[["elapsed"]]))
