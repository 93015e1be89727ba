-- outreg2: Stata's habit of adding column after column to a file. The models written to each file are kept in the
-- session; every call writes the whole table anew.
local load = ...
local words = load "lib/stata_words.lua"

local files = {} -- path → { {result=…, title=…, text={{name, value}, …}}, … }

-- {{"City FE", "Yes"}, …} of a list in turn, "City FE, Yes, Year FE, Yes", or a table by name.
local function in_turn(value, option)
  local out = {}
  if value == nil then return out end
  if type(value) == "string" then
    local list = {}
    for item in (value .. ","):gmatch("%s*(.-)%s*,") do list[#list + 1] = item end
    value = list
  end
  if #value == 0 then
    local names = {}
    for name in pairs(value) do names[#names + 1] = name end
    table.sort(names)
    for i, name in ipairs(names) do out[i] = { name, value[name] } end
    return out
  end
  if #value % 2 == 1 then error("option '" .. option .. "' takes names and values in turn", 0) end
  for i = 1, #value, 2 do out[#out + 1] = { tostring(value[i]), value[i + 1] } end
  return out
end

local function exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

-- Rows over all models in the order of their first appearance; a model without the row has an empty cell.
local function rows_of(models, field, digits)
  local rows, place = {}, {}
  for m, model in ipairs(models) do
    for _, pair in ipairs(model[field]) do
      if not place[pair[1]] then
        rows[#rows + 1] = { pair[1] }
        place[pair[1]] = rows[#rows]
        for k = 1, #models do rows[#rows][k + 1] = "" end
        if field == "stat" then rows[#rows].at = "bottom" end
      end
      local value = pair[2]
      if math.type(value) == "float" then value = string.format("%." .. digits .. "f", value) end
      place[pair[1]][m + 1] = tostring(value)
    end
  end
  return rows
end

local flag = function(doc) return { "boolean", doc = doc, default = false } end

command "outreg2" {
  topic = "tables",
  summary = "Adds results as columns to a table in a file, with the options and defaults of Stata's outreg2",
  args = { { "results", "result", repeated = true, optional = true, doc = "results; the last estimate when none is given" } },
  options = {
    using = { "string", doc = "the file (.doc and .rtf, .docx, .xlsx, .tex, .txt, …)", aliases = { "file" } },
    replace = flag "begin a new table", append = flag "add columns to the table of this session in that file",
    dec = { "integer", min = 0, max = 15, doc = "decimals of all numbers", default = 3 },
    bdec = { "integer", min = 0, max = 15, doc = "decimals of estimates" },
    sdec = { "integer", min = 0, max = 15, doc = "decimals of what stands below" },
    rdec = { "integer", min = 0, max = 15, doc = "decimals of R-squared" },
    ctitle = { "any", doc = "headings of these columns" },
    addtext = { "any", doc = "rows of words: {\"City FE\", \"Yes\"}, or \"City FE, Yes\"" },
    addstat = { "any", doc = "rows of numbers: {\"F test\", m.F}" },
    e = { "any", doc = "statistics of the results: \"r2_a F\"" },
    keep = { "any", doc = "coefficients to show; * is a wildcard" }, drop = { "any", doc = "coefficients to leave out" },
    label = flag "labels of variables instead of names", nocons = flag "leave out the constant",
    nor2 = flag "no R-squared", noobs = flag "no observations", noaster = flag "no stars", nonotes = flag "no usual notes",
    tstat = flag "t statistics below", pvalue = flag "p-values below", ci = flag "confidence intervals below",
    alpha = { "any", doc = "thresholds of the stars", default = "0.01, 0.05, 0.1" },
    symbol = { "any", doc = "the stars", default = "***, **, *" },
    eform = flag "exponentiated coefficients", beta = flag "standardised coefficients",
    title = { "string", doc = "above the table" }, addnote = { "strings", doc = "lines under the table" },
    landscape = flag "a page on its side", style = { one_of = { "en", "cn" }, doc = "words and notes" },
  },
  source = "Wada (2005), outreg2, Boston College SSC",
  example = 'outreg2(m1, using="table.doc", replace=true, ctitle="Baseline", addtext={"City FE", "Yes"})',
  run = function(a)
    local path = a.using
    if not path then error("using= is missing: which file should the table go to?", 0) end
    if a.replace and a.append then error("replace and append exclude each other", 0) end
    if not a.replace and not a.append and exists(path) then
      error("the file '" .. path .. "' is there already: add replace=true or append=true", 0)
    end
    if a.append and not files[path] and exists(path) then
      error("the columns of '" .. path .. "' were not written in this session: begin it anew with replace=true", 0)
    end
    if not a.results or #a.results == 0 then
      a.results = { __last() or error("there is no estimate for outreg2: run a regression first, or give results", 0) }
    end
    local models = {}
    if a.append then table.move(files[path] or {}, 1, #(files[path] or {}), 1, models) end
    local titles = words.list(type(a.ctitle) == "string" and { a.ctitle } or a.ctitle)
    if #titles > 1 and #titles ~= #a.results then
      error("ctitle has " .. #titles .. " headings for " .. #a.results .. " results", 0)
    end
    for i, result in ipairs(a.results) do
      models[#models + 1] = { result = result, title = titles[i] or titles[1] or "",
                              text = in_turn(a.addtext, "addtext"), stat = in_turn(a.addstat, "addstat") }
    end

    local results, headers, titled = {}, {}, false
    for m, model in ipairs(models) do
      results[m], headers[m] = model.result, model.title
      titled = titled or model.title ~= ""
    end
    local symbols, alphas = {}, {}
    for symbol in (type(a.symbol) == "table" and table.concat(a.symbol, ",") or a.symbol):gmatch("[^,%s]+") do
      symbols[#symbols + 1] = symbol
    end
    for alpha in (type(a.alpha) == "table" and table.concat(a.alpha, ",") or a.alpha):gmatch("[^,%s]+") do
      alphas[#alphas + 1] = tonumber(alpha)
    end
    if #symbols ~= #alphas then error("symbol and alpha have different lengths", 0) end
    local stars = {}
    for i, symbol in ipairs(symbols) do stars[i] = { symbol, alphas[i] } end

    local stats = {}
    if not a.noobs then stats[1] = { "nobs", "Observations" } end
    if not a.nor2 then
      for _, result in ipairs(results) do
        if pcall(function() return result.r2 end) then
          stats[#stats + 1] = { "r2", "R-squared", a.rdec or a.dec }
          break
        end
      end
    end
    local names = { r2_a = "r2_adj", r2_p = "r2_pseudo", r2_w = "r2_within", ll = "loglik", N_clust = "clusters" }
    for _, name in ipairs(words.list(a.e)) do stats[#stats + 1] = { names[name] or name, name, a.dec } end

    local extra = rows_of(models, "text", a.dec)
    for _, row in ipairs(rows_of(models, "stat", a.dec)) do extra[#extra + 1] = row end
    local drop = words.list(a.drop)
    if a.nocons then drop[#drop + 1] = "_cons" end
    local below_digits = a.sdec or a.bdec or a.dec
    local made = etable(results, {
      file = path, stats = #stats > 0 and stats or false, stars = not a.noaster and stars, extra = extra,
      below = a.tstat and "t" or a.pvalue and "p" or a.ci and "ci" or "se",
      digits = { a.bdec or a.dec, se = below_digits, t = below_digits, p = below_digits, ci = below_digits },
      headers = titled and headers or nil, numbers = true, fe_rows = false, vcov_row = false,
      frame_labels = a.label, keep = a.keep and words.list(a.keep), drop = drop,
      eform = a.eform, beta = a.beta, title = a.title, notes = a.addnote, default_notes = not a.nonotes,
      landscape = a.landscape, style = a.style,
    })
    files[path] = models
    return made
  end,
}

-- outreg2 using t1.doc, replace word ctitle(OLS); outreg2 [m1 m2] using t1.doc
local S = load "lib/statement.lua"
__form("outreg2", {}, function(s)
  local kinds = { word = ".doc", excel = ".xlsx", tex = ".tex" }
  local ending
  for option, own in pairs(kinds) do
    if S.take(s, option) ~= nil then ending = own end
  end
  for _, option in ipairs { "sum", "see", "seeout", "cross", "estimates" } do
    if S.take(s, option) ~= nil then
      __fail("outreg2: " .. option .. " is not supported", option, option == "sum" and "tabstat, and save_tables or t:save(\"summary.docx\"), write tables of statistics" or nil)
    end
  end
  if s.using then
    s.using = S.file(s.using, ending or ".txt")
    local own = s.using:match("%.%w+$"):lower()
    if ending and own ~= ending and not (ending == ".doc" and (own == ".rtf" or own == ".docx")) and not (ending == ".xlsx" and own == ".xls") then
      __fail("outreg2: '" .. s.using .. "' and the option for " .. ending .. " are two formats", s.using, "the file's ending decides")
    end
    if own == ".xls" or own == ".xml" then s.using = s.using:gsub("%.%w+$", ".xlsx") end
  end
  if s.body:match("^%s*%[") then S.set_words(s, __words((s.body:gsub("[%[%]]", " ")))) end
  for i, option in ipairs(s.options) do -- drop(i.year): all levels of the factor
    if option[1] == "drop" and type(option[2]) == "string" then s.options[i][2] = option[2]:gsub("i%.([%a_][%w_]*)", "i.%1*") end
  end
  return s
end)
