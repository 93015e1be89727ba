-- Files that are cut short: what is missing must never go unnoticed.
local tmp = os.tmpname()
local function cut(path, bytes)
  local from = io.open("../data/files/" .. path, "rb")
  local text = from:read("a")
  from:close()
  local to = io.open(tmp, "wb")
  to:write(text:sub(1, bytes < 0 and #text + bytes or bytes))
  to:close()
  return tmp
end
-- ReadStat reads a .dta without its end, and with it go the value labels
read(cut("chinese_stata13.dta", -1)) --> error: it is cut short: its last tag, </stata_dta>, is missing
read(cut("chinese_stata13.dta", 2552)) --> error: it is cut short
read(cut("strl.dta", -8)) --> error: it is cut short
read(cut("cities_stata14.dta", -100)) --> error: truncated or damaged
-- a transport file says nowhere how many rows it has
read(cut("cities.xpt", 1330)) --> error: it is cut short: its size is no multiple of 80 bytes
read(cut("cities.xpt", -8)) --> error: no multiple of 80 bytes
-- the first bytes of a database decide, and there must be some
read(cut("cities.sqlite", 16)) --> error: SQLite
read(cut("cities.sqlite", 700)) --> error: SQLite
read(cut("book.xlsx", -20)) --> error: its list of contents cannot be read
read(cut("table.ods", 1000)) --> error: its list of contents cannot be read
read(cut("cities.sav", 900)) --> error: truncated or damaged
read(cut("small.por", 400)) --> error: truncated or damaged
read(cut("cities.sas7bdat", 9000)) --> error: truncated or damaged
read(cut("map.geojson", 300), { format = "geojson" }) --> error: not a GeoJSON map
os.remove(tmp)
