# reference(): writes one case, with the peer's version and call, for scripts run by scripts/dev/make_reference.
suppressMessages(library(jsonlite))
options(stringsAsFactors = FALSE, digits = 17, warn = 1)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

folders <- c(Sys.getenv("DATA"), "../../../examples/pilot_zones/data", "../../data", Sys.getenv("MOONTIDE_REAL_DATA"), "../../../../shared/data")
rd <- function(file, ...) {
  path <- file.path(folders, file)
  path <- path[nzchar(folders) & file.exists(path)]
  if (!length(path)) stop("no data set ", file, " in ", paste(folders[nzchar(folders)], collapse = ", "))
  read.csv(path[1], check.names = FALSE, na.strings = c("", "NA"), ...)
}

version_of <- function(peer) if (peer == "R") paste0("R ", R.version$major, ".", R.version$minor) else
  paste0(peer, " ", packageVersion(peer), ", R ", R.version$major, ".", R.version$minor)

# coef, se: named by our names; `values`: named numbers instead, read as fields of `of` ("a.b" is a field of a field).
reference <- function(command, name, data, script, of, coef = NULL, se = NULL, values = NULL, peer, call,
                      coef_tol = 1e-8, se_tol = 1e-7, tol = 1e-8) {
  check <- if (is.null(values)) list(of = of, kind = "result", expect = list(coef = as.list(coef), se = as.list(se)))
           else list(of = of, kind = "values", expect = as.list(values), tol = tol)
  script_file <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
  case <- list(id = paste0(command, ".", name), data = data, script = as.list(script), peer = version_of(peer), call = call,
               generator = basename(script_file), coef_tol = coef_tol, se_tol = se_tol, checks = list(check))
  folder <- file.path("..", command)
  dir.create(folder, showWarnings = FALSE)
  path <- file.path(folder, paste0(name, ".json"))
  writeLines(toJSON(case, auto_unbox = TRUE, digits = I(17), pretty = 1), path)
  cat("wrote tests/reference/", command, "/", name, ".json (", version_of(peer), ")\n", sep = "")
}
