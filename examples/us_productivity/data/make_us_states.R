# Makes us_states.csv, us_borders.csv and us_tiles.geojson: Rscript make_us_states.R, in this folder.
# Synthetic: 48 contiguous states x 1970-1986 on the design of the panel of public capital and output (Munnell 1990). Borders are
# those of the map; every number about output, capital, employment and unemployment is drawn.
#   ln gsp = 0.35 W ln gsp + 0.04 ln pcap + 0.25 ln pc + 0.60 ln emp - 0.006 unemp + W(-0.02, 0.30, -0.15, -0.002) + a + d + e
# with effects of states a and years d, and capital and employment that depend on a: random effects are not consistent.
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(1970)
tiles <- read.table(header = TRUE, text = "
abbr row col state
ME 1 11 Maine
VT 2 10 Vermont
NH 2 11 New_Hampshire
WA 3 1 Washington
ID 3 2 Idaho
MT 3 3 Montana
ND 3 4 North_Dakota
MN 3 5 Minnesota
IL 3 6 Illinois
WI 3 7 Wisconsin
MI 3 8 Michigan
NY 3 9 New_York
RI 3 10 Rhode_Island
MA 3 11 Massachusetts
OR 4 1 Oregon
NV 4 2 Nevada
WY 4 3 Wyoming
SD 4 4 South_Dakota
IA 4 5 Iowa
IN 4 6 Indiana
OH 4 7 Ohio
PA 4 8 Pennsylvania
NJ 4 9 New_Jersey
CT 4 10 Connecticut
CA 5 1 California
UT 5 2 Utah
CO 5 3 Colorado
NE 5 4 Nebraska
MO 5 5 Missouri
KY 5 6 Kentucky
WV 5 7 West_Virginia
VA 5 8 Virginia
MD 5 9 Maryland
DE 5 10 Delaware
AZ 6 2 Arizona
NM 6 3 New_Mexico
KS 6 4 Kansas
AR 6 5 Arkansas
TN 6 6 Tennessee
NC 6 7 North_Carolina
SC 6 8 South_Carolina
OK 7 4 Oklahoma
LA 7 5 Louisiana
MS 7 6 Mississippi
AL 7 7 Alabama
GA 7 8 Georgia
TX 8 4 Texas
FL 8 9 Florida")
tiles$state <- gsub("_", " ", tiles$state)
tiles <- tiles[order(tiles$state), ]
borders <- "AL-FL AL-GA AL-MS AL-TN AR-LA AR-MO AR-MS AR-OK AR-TN AR-TX AZ-CA AZ-NM AZ-NV AZ-UT CA-NV CA-OR CO-KS CO-NE CO-NM CO-OK CO-UT CO-WY
CT-MA CT-NY CT-RI DE-MD DE-NJ DE-PA FL-GA GA-NC GA-SC GA-TN IA-IL IA-MN IA-MO IA-NE IA-SD IA-WI ID-MT ID-NV ID-OR ID-UT ID-WA ID-WY IL-IN IL-KY
IL-MO IL-WI IN-KY IN-MI IN-OH KS-MO KS-NE KS-OK KY-MO KY-OH KY-TN KY-VA KY-WV LA-MS LA-TX MA-NH MA-NY MA-RI MA-VT MD-PA MD-VA MD-WV ME-NH MI-OH
MI-WI MN-ND MN-SD MN-WI MO-NE MO-OK MO-TN MS-TN MT-ND MT-SD MT-WY NC-SC NC-TN NC-VA ND-SD NE-SD NE-WY NH-VT NJ-NY NJ-PA NM-OK NM-TX NV-OR NV-UT
NY-PA NY-VT OH-PA OH-WV OK-TX OR-WA PA-WV SD-WY TN-VA UT-WY VA-WV"
pairs <- do.call(rbind, strsplit(strsplit(borders, "[ \n]+")[[1]], "-"))
named <- setNames(tiles$state, tiles$abbr)
write.csv(data.frame(a = named[pairs[, 1]], b = named[pairs[, 2]]), "us_borders.csv", row.names = FALSE, quote = FALSE)

n <- 48; years <- 1970:1986; T <- length(years); burn <- 10
B <- matrix(0, n, n, dimnames = list(tiles$abbr, tiles$abbr)); B[pairs] <- 1; B <- pmax(B, t(B)); W <- B / rowSums(B)
std <- function(x) (x - mean(x)) / sd(x)
size <- std(rnorm(n)); a <- 0.25 * std(0.5 * size + 0.6 * as.numeric(W %*% rnorm(n)) + rnorm(n))
cycle <- as.numeric(arima.sim(list(ar = 0.6), T + burn, sd = 0.01))[-(1:burn)]
filter <- solve(diag(n) - 0.35 * W); near <- solve(diag(n) - 0.5 * W)
emp <- pcap <- pc <- unemp <- lgsp <- matrix(0, n, T)
drift <- 0.015 + 0.008 * std(near %*% rnorm(n)); shock <- rep(0, n)
for (t in 1:T) {
  shock <- 0.7 * shock + as.numeric(near %*% rnorm(n, sd = 0.015))
  emp[, t] <- 7 + 0.9 * size + 0.4 * a + drift * t + cycle[t] + shock
  pc[, t] <- 10.5 + 0.8 * size + 0.5 * a + 0.025 * t + 0.6 * drift * t + 0.5 * shock + rnorm(n, sd = 0.03)
  pcap[, t] <- 9.7 + 0.85 * size + 0.3 * a + 0.012 * t + as.numeric(near %*% rnorm(n, sd = 0.02))
  unemp[, t] <- pmax(1.5, 6.5 - 35 * shock - 60 * cycle[t] + rnorm(n, sd = 0.8))
  X <- cbind(pcap[, t], pc[, t], emp[, t], unemp[, t])
  lgsp[, t] <- filter %*% (-1.6 + X %*% c(0.04, 0.25, 0.60, -0.006) + W %*% X %*% c(-0.02, 0.30, -0.15, -0.002) + a + 0.3 * cycle[t] + rnorm(n, sd = 0.03))
}
frame <- data.frame(state = rep(tiles$state, each = T), year = rep(years, n), pcap = c(t(exp(pcap))), pc = c(t(exp(pc))), emp = c(t(exp(emp))), unemp = c(t(unemp)), gsp = c(t(exp(lgsp))))
frame$pcap <- round(frame$pcap, 1); frame$pc <- round(frame$pc, 1); frame$emp <- round(frame$emp, 1); frame$unemp <- round(frame$unemp, 2); frame$gsp <- round(frame$gsp, 1)
write.csv(frame, "us_states.csv", row.names = FALSE, quote = FALSE)

# One square a state: a map that needs no borders and gives small states their room.
square <- function(k) { x <- tiles$col[k]; y <- 9 - tiles$row[k]; p <- rbind(c(x, y), c(x + 0.94, y), c(x + 0.94, y + 0.94), c(x, y + 0.94), c(x, y))
  sprintf('{"type":"Feature","properties":{"state":"%s","abbr":"%s"},"geometry":{"type":"Polygon","coordinates":[[%s]]}}', tiles$state[k], tiles$abbr[k], paste(sprintf("[%g,%g]", p[, 1], p[, 2]), collapse = ",")) }
writeLines(c('{"type":"FeatureCollection","features":[', paste(sapply(1:n, square), collapse = ",\n"), "]}"), "us_tiles.geojson")
