# Rscript fixest.R FOLDER DIMENSIONS [THREADS]: times feols on a data set that absorb_bench wrote.
suppressPackageStartupMessages(library(fixest))
arguments <- commandArgs(TRUE)
folder <- arguments[1]
dimensions <- as.integer(arguments[2])
setFixest_nthreads(if (length(arguments) > 2) as.integer(arguments[3]) else 2)
setFixest_notes(FALSE)

raw <- function(name, what, size) {
  path <- file.path(folder, name)
  readBin(path, what, file.size(path) / size)
}
d <- list()
for (name in grep("^[yx]", list.files(folder), value = TRUE)) d[[name]] <- raw(name, "double", 8)
for (name in paste0("fe", seq_len(dimensions))) d[[name]] <- raw(name, "integer", 4)
d <- as.data.frame(d)
right <- paste(grep("^x", names(d), value = TRUE), collapse = " + ")
model <- as.formula(paste("y ~", right, "|", paste0("fe", seq_len(dimensions), collapse = " + ")))
for (run in 1:3) {
  seconds <- system.time(m <- feols(model, d, vcov = "iid"))[["elapsed"]]
  cat(sprintf("%.3f s  fixest %s, %d iterations, x1 %.12g\n", seconds, packageVersion("fixest"),
              if (is.null(m$iterations)) 0L else max(m$iterations), coef(m)[["x1"]]))
}
