# Small files as other programs write them, for tests/unit/files: Rscript make_files.R (in this folder)
# haven 2.5.1 (Stata, SPSS, SAS), foreign 0.8 (Stata 5-7 formats), openxlsx 4.2.5, GDAL's ogr2ogr (OpenDocument,
# maps), ReadStat's readstat (.por), sqlite3. The data is made up.
library(haven)
out <- "files"
dir.create(out, showWarnings = FALSE)
at <- function(name) file.path(out, name)

d <- data.frame(
  city = c("Beijing", "上海", "Xi'an, old", "", "Chengdu"),
  year = c(2011L, 2012L, NA, 2014L, 2015L),
  gdp = c(1.5, 0.1, NA, -1e300, 12345678.9),
  stringsAsFactors = FALSE
)
d$day <- as.Date(c("2011-03-15", "1959-12-31", NA, "2020-02-29", "1970-01-01"))
d$kind <- labelled(c(1, 2, 2, NA, 5), c(coastal = 1, inland = 2, border = 5), label = "Kind of city")
d$some <- labelled(c(1, 2, 3, 4, NA), c(one = 1))
attr(d$gdp, "label") <- "GDP, 100 million yuan"
d$refused <- labelled(c(10, tagged_na("a"), tagged_na("a"), tagged_na("z"), 5),
                      c("does not know" = tagged_na("a")))
d$moment <- as.POSIXct(c("2011-03-15 12:30:00", "2011-03-15 00:00:00", NA, "1999-12-31 23:59:59", "2000-01-01 00:00:00"), tz = "UTC")
attr(d, "label") <- "cities"

for (v in c(14, 15)) write_dta(d, at(sprintf("cities_stata%d.dta", v)), version = v)
plain <- d
plain$city[2] <- "Shanghai"
for (v in c(8, 10, 12, 13)) write_dta(plain, at(sprintf("cities_stata%d.dta", v)), version = v)
long <- data.frame(id = 1:2, text = c(strrep("long ", 500), "short"))
write_dta(long, at("strl.dta"), version = 14, strl_threshold = 200)
for (v in c(6, 7)) foreign::write.dta(data.frame(id = 1:3, y = c(1.5, NA, 2.5), s = c("a", "bc", "d")),
                                      at(sprintf("foreign%d.dta", v)), version = v)
periods <- data.frame(m = c(0, 13, -1), q = c(0, 5, -1), h = c(0, 3, -1), y = c(1960, 2011, 1999), w = c(0, 53, 10))
for (n in names(periods)) attr(periods[[n]], "format.stata") <- paste0("%t", n)
write_dta(periods, at("periods.dta"))

s <- d
s$refused <- NULL
s$code <- labelled_spss(c(1, 2, 9, 1, NA), c(yes = 1, no = 2, refused = 9), na_values = 9)
write_sav(s, at("cities.sav"))
write_sav(s, at("cities.zsav"), compress = "zsav")
x <- plain[c("city", "year", "gdp", "day")]
write_xpt(x, at("cities.xpt"), version = 8, name = "CITIES")
suppressWarnings(write_sas(x, at("cities.sas7bdat")))
upper <- tempfile(fileext = ".sav")
write_sav(data.frame(ID = c(1, 2, 3), Y = c(1.5, NA, 2.5), S = c("a", "bc", "d")), upper)
system2("readstat", c("-f", upper, at("small.por")), stdout = FALSE)

# A Chinese file of Stata 13: its bytes are GB18030, which the format does not say.
raw <- readBin(at("cities_stata13.dta"), "raw", 1e6)
old <- iconv("Shanghai", "UTF-8", "GB18030", toRaw = TRUE)[[1]]
new <- iconv("\u4e0a\u6d77\u5e02\u533a", "UTF-8", "GB18030", toRaw = TRUE)[[1]]
where <- which(vapply(seq_len(length(raw) - 8), function(i) all(raw[i + 0:7] == old), TRUE))
raw[where + 0:7] <- new
writeBin(raw, at("chinese_stata13.dta"))

library(openxlsx)
book <- createWorkbook()
addWorksheet(book, "2019")
writeData(book, "2019", "A title above the table", startCol = 1, startRow = 1)
t <- data.frame(city = c("Beijing", "上海", "007"), n = c(1, 2, 3), y = c(0.1, NA, 1e-10),
                day = as.Date(c("2019-01-01", "2020-02-29", NA)), ok = c(TRUE, FALSE, NA),
                mixed = c("1", "NA", "x"))
writeData(book, "2019", t, startCol = 2, startRow = 3)
addWorksheet(book, "Second")
writeData(book, "Second", data.frame(a = 1:2, b = c("x", "y")))
writeFormula(book, "Second", "1/0", startCol = 1, startRow = 4)
saveWorkbook(book, at("book.xlsx"), overwrite = TRUE)

geo <- '{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"Square","pop":10,"y":1.5,"day":"2020-02-29"},"geometry":{"type":"Polygon","coordinates":[[[100,30],[101,30],[101,31],[100,31],[100,30]],[[100.2,30.2],[100.2,30.4],[100.4,30.4],[100.2,30.2]]]}},
{"type":"Feature","properties":{"name":"两个","pop":20,"y":null,"day":null},"geometry":{"type":"MultiPolygon","coordinates":[[[[102,30],[103,30],[103,31],[102,30]]],[[[104,30],[105,30],[105,31],[104,30]]]]}},
{"type":"Feature","properties":{"name":"Nowhere","pop":30,"y":2.5,"day":"1970-01-01"},"geometry":null}]}'
writeLines(geo, at("map.geojson"))
run <- function(...) stopifnot(system2("ogr2ogr", c(...), stdout = FALSE, stderr = FALSE) == 0)
for (f in c("map.shp", "map.dbf", "map.shx", "map.prj", "map.cpg", "map.gpkg", "table.ods", "utm.shp", "utm.dbf", "utm.shx", "utm.prj", "utm.cpg"))
  unlink(at(f))
run("-f", shQuote("ESRI Shapefile"), at("map.shp"), at("map.geojson"), "-lco", "ENCODING=GBK")
unlink(at("map.cpg"))
run("-f", "GPKG", at("map.gpkg"), at("map.geojson"), "-nln", "regions")
system2("sqlite3", at("map.gpkg"), input = c("pragma journal_mode=delete;", "pragma page_size=512;", "vacuum;"), stdout = FALSE)
run("-f", shQuote("ESRI Shapefile"), at("utm.shp"), at("map.geojson"), "-t_srs", "EPSG:32648", "-lco", "ENCODING=UTF-8")
writeLines(c("city,n,y,day", "Beijing,1,0.5,2019-01-01", "上海,2,,2020-02-29"), at("table.csv"))
run("-f", "ODS", at("table.ods"), at("table.csv"), "-oo", "AUTODETECT_TYPE=YES")
unlink(at("table.csv"))
unlink(at("cities.sqlite"))
system2("sqlite3", at("cities.sqlite"), input = c("pragma page_size=512;",
  "create table city(name text, n integer, y real, ok boolean, day text);",
  "insert into city values('Beijing', 1, 0.5, 1, '2020-02-29'), ('上海', 2, null, 0, null), (null, null, 1, null, '1970-01-01');",
  "create table other(a integer); insert into other values(7);"))
