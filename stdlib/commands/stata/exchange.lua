-- import, export, insheet, outsheet, save: Stata's words for files.
local load = ...
local S = load("lib/statement.lua")

-- ---- in

--- Options of a statement as those of a call: texts without quotes, numbers as numbers.
local function as_options(s, known)
  local o = {}
  for _, option in ipairs(s.options) do
    local name, value = option[1], option[2]
    if not known[name] then
      local names = {}
      for one in pairs(known) do table.insert(names, one) end
      table.sort(names)
      __fail(s.name .. ": unknown option '" .. name .. "'", name, "options: case, varnames, firstrow, stringcols, " .. table.concat(names, ", "))
    end
    if type(value) == "string" then value = tonumber(value) or S.unquoted(value) end
    o[name] = value
  end
  return o
end

--- The columns that stringcols(1 3) and numericcols(_all) mean, in the order of the file.
local function types_of(s, file, o)
  local types, names = {}, nil
  for option, type_name in pairs { stringcols = "string", numericcols = "double" } do
    local which = S.take(s, option)
    if which then
      if not names then
        local head = {}
        for name, value in pairs(o) do head[name] = value end
        head.rows = 1
        use(file, head)
        names = __all_columns()
      end
      if which == "_all" then
        for _, name in ipairs(names) do types[name] = type_name end
      else
        for number in which:gmatch("%d+") do
          local name = names[tonumber(number)] or __fail(s.name .. ": " .. option .. "(" .. number .. "), but the file has " .. #names .. " columns", option)
          types[name] = type_name
        end
      end
    end
  end
  return next(types) and types or nil
end

--- Names in lower or upper case.
local function change_case(case)
  local changes, taken = {}, {}
  for _, name in ipairs(__all_columns()) do
    local target = case == "lower" and name:lower() or name:upper()
    if taken[target] then __fail("import: two columns would be called '" .. target .. "'", target, "case(preserve) keeps the names of the file") end
    taken[target] = true
    if target ~= name then changes[name] = target end
  end
  if next(changes) then rename(changes) end
end

--- A, B, … AA: Excel's names of columns.
local function letters(number)
  local out = ""
  while number > 0 do
    out = string.char(65 + (number - 1) % 26) .. out
    number = (number - 1) // 26
  end
  return out
end

local import_known = { delimiter = true, encoding = true, sheet = true, range = true, rows = true, header = true, skip = true, format = true, thousands = true,
  decimal = true, dates = true, na = true, quote = true, fill = true }

--- kind: "delimited" or "excel", with Stata's defaults: names in lower case from text files; from sheets the first row
--- holds names when firstrow says so.
local function import(s, kind)
  S.take(s, "clear")
  S.pass_over(s, "asdouble asfloat bindquotes maxquotedrows parselocale locale")
  S.rename(s, "delimiters", "delimiter")
  S.rename(s, "delim", "delimiter")
  S.rename(s, "cellrange", "range")
  S.rename(s, "rowrange", "range")
  local file = s.using or s.words[1]
  if not file then __fail("import needs a file", "import", 'import delimited "x.csv", clear') end
  if s.using and #s.words > 0 then __fail("import: a list of columns before using is not supported", s.words[1], "keep them after the import") end
  file = S.file(file, kind == "excel" and ".xlsx" or ".csv")
  local case = S.take(s, "case") or (kind == "delimited" and "lower" or "preserve")
  if case ~= "lower" and case ~= "upper" and case ~= "preserve" then __fail("import: case(" .. tostring(case) .. ") is not supported", "case", "case(lower), case(upper), case(preserve)") end
  local firstrow, varnames = S.take(s, "firstrow", "first"), S.take(s, "varnames")
  if kind == "excel" then S.add(s, "header", firstrow ~= nil) end
  if varnames == "nonames" then
    S.add(s, "header", false)
  elseif varnames then
    local row = tonumber(varnames) or __fail("import: varnames(" .. tostring(varnames) .. ") is not supported", "varnames", "varnames(1), varnames(nonames)")
    S.add(s, "header", true)
    if row > 1 then S.add(s, "skip", tostring(row - 1)) end
  end
  local allstring = S.take(s, "allstring")
  if allstring then S.add(s, "stringcols", "_all") end
  local o = {}
  for _, option in ipairs(s.options) do
    if option[1] ~= "stringcols" and option[1] ~= "numericcols" then table.insert(o, option) end
  end
  o = as_options({ name = "import " .. kind, options = o }, import_known)
  if o.delimiter == "tab" or o.delimiter == "\\t" then o.delimiter = "\t" end
  if o.delimiter == "comma" then o.delimiter = "," end
  o.types = types_of(s, file, o)
  use(file, o)
  if kind == "excel" and not firstrow then
    S.note("import excel: the first row is data, as in Stata; firstrow makes it the names")
    local changes = {}
    for i, name in ipairs(__all_columns()) do
      if name ~= letters(i) then changes[name] = letters(i) end
    end
    if next(changes) then rename(changes) end
  end
  if case ~= "preserve" then change_case(case) end
  io.stdout:flush()
  io.stderr:write(("%s: %d rows, %d columns\n"):format(file:match("[^/]*$"), #data(), #__all_columns()))
end

local kinds = { delimited = "delimited", delim = "delimited", excel = "excel", exc = "excel" }
__form("import", { "imp" }, function(s)
  local kind = S.first_word(s)
  if not kinds[kind] then __fail("import " .. tostring(kind) .. " is not supported", kind, "import delimited, import excel; use reads SPSS, SAS, … files") end
  return import(s, kinds[kind])
end)
__form("insheet", {}, function(s)
  if S.take(s, "nonames") then S.add(s, "varnames", "nonames") else S.take(s, "names") end
  for word, delimiter in pairs { tab = "tab", comma = "," } do
    if S.take(s, word) then S.add(s, "delimiter", delimiter) end
  end
  return import(s, "delimited")
end)

-- ---- out

--- The rows of a condition with some columns, or without value labels, while `write` runs.
local function with_changed(s, columns, nolabel, write)
  if #columns == 0 and not nolabel and not s.where then return write() end
  local before = data()
  __in_use(__copy())
  local done, problem = pcall(function()
    if s.where then keep(s.where) end
    if #columns > 0 then keep(table.unpack(columns)) end
    if nolabel then
      for _, name in ipairs(__all_columns()) do
        if __value_labels(name) then __set_value_labels(name, nil) end
      end
    end
    write()
  end)
  __in_use(before)
  if not done then error(problem, 0) end
end

local function write(s, ending, columns)
  local file = S.file(s.using or s.words[1] or "", ending)
  if file == ending then __fail(s.name .. " needs a file name", s.name, s.name .. ' "x.csv", replace') end
  if S.take(s, "sheetmodify", "sheetreplace") then
    __fail(s.name .. ": sheets of a workbook that is there are not changed", "sheetmodify", "replace writes a new workbook; sheet() names its sheet")
  end
  S.check_replace(s, file)
  S.pass_over(s, "orphans all emptyok quote missing keepcellfmt")
  local o = { sheet = S.take(s, "sheet") }
  if o.sheet then o.sheet = S.unquoted((o.sheet:gsub("%s*,.*$", ""))) end
  local firstrow = S.take(s, "firstrow")
  if firstrow and firstrow ~= true and not firstrow:match("^var") then __fail("export: firstrow(" .. firstrow .. ") is not supported", "firstrow", "firstrow(variables)") end
  if firstrow and firstrow:match("^varl") then __fail("export: firstrow(varlabels) is not supported", "firstrow", "firstrow(variables)") end
  if S.take(s, "novarnames", "nonames") then __fail("export without names is not supported", "novarnames", "names are what columns are found by") end
  if S.take(s, "datafmt") then __fail("export: datafmt is not supported", "datafmt", "numbers are written so that they read back exactly") end
  local delimiter = S.take(s, "delimiter", "delim")
  if delimiter then
    delimiter = S.unquoted(delimiter)
    if delimiter == "tab" or delimiter == "\\t" then o.format = "tsv"
    elseif delimiter ~= "," and delimiter ~= "comma" then __fail("export: delimiter(" .. delimiter .. ") is not supported", "delimiter", "tab, or a comma") end
  end
  local nolabel = S.take(s, "nolabel")
  S.no_more_options(s, "replace, nolabel, delimiter, sheet")
  return with_changed(s, columns, nolabel, function() save(file, o) end)
end

-- Stata's program version → that of the format it reads
local formats = { [10] = 114, [11] = 114, [12] = 115, [13] = 117, [14] = 118, [15] = 118, [16] = 118, [17] = 118, [18] = 118 }
__form("save", { "sa", "saveold" }, function(s)
  local version = S.take(s, "version", "v")
  local file = S.file(s.using or s.words[1] or "", ".dta")
  if version then
    version = formats[tonumber(version)] or __fail("saveold: version(" .. tostring(version) .. ") is not supported", "version", "Stata 10 to 18")
  end
  S.pass_over(s, "orphans all emptyok")
  local nolabel = S.take(s, "nolabel", "nol")
  S.check_replace(s, file)
  S.no_more_options(s, "replace, nolabel, version")
  return with_changed(s, {}, nolabel, function() save(file, { version = version }) end)
end)
__form("export", { "exp" }, function(s)
  local kind = S.first_word(s)
  if not kinds[kind] then __fail("export " .. tostring(kind) .. " is not supported", kind, "export delimited, export excel; save writes .json, .geojson, .mtf, …") end
  local columns = s.using and #s.words > 0 and __columns(table.concat(s.words, " ")) or {}
  if s.using then s.words = {} end
  s.name = "export " .. kind
  return write(s, kinds[kind] == "excel" and ".xlsx" or ".csv", columns)
end)
__form("outsheet", {}, function(s)
  local columns = s.using and #s.words > 0 and __columns(table.concat(s.words, " ")) or {}
  if s.using then s.words = {} end
  S.take(s, "comma")
  S.pass_over(s, "names")
  return write(s, ".csv", columns)
end)
