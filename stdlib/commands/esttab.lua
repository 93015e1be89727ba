-- eststo, eststo_clear, esttab: Stata's habits on top of etable.
local load = ...
local words = load "lib/stata_words.lua"

local stored = {}

command "eststo" {
  topic = "tables",
  summary = "Keeps a result for esttab without arguments",
  args = { { "result", "result", doc = "what an estimator returned" } },
  options = { title = { "string", doc = "its heading in esttab" } },
  example = "eststo(did(ser ~ did, fe=city+year))",
  run = function(a)
    stored[#stored + 1] = { result = a.result, title = a.title }
  end,
}

command "eststo_clear" {
  topic = "tables",
  summary = "Forgets the results that eststo keeps",
  example = "eststo_clear()",
  run = function() stored = {} end,
}

-- Stata's name of a statistic → ours, and the label esttab prints (without and with label=true).
local statistics = {
  N = { "nobs", "N", "Observations" }, r2 = { "r2", "R-sq", "R-squared" },
  r2_a = { "r2_adj", "adj. R-sq", "Adjusted R-squared" }, r2_p = { "r2_pseudo", "pseudo R-sq", "Pseudo R-squared" },
  r2_w = { "r2_within", "within R-sq", "Within R-squared" }, r2_within = { "r2_within", "within R-sq", "Within R-squared" },
  r2_a_within = { "r2_within_adj", "adj. within R-sq", "Adjusted within R-squared" },
  ll = { "loglik", "ll", "Log likelihood" }, aic = { "aic", "AIC", "AIC" }, bic = { "bic", "BIC", "BIC" },
  F = { "F", "F", "F" }, p = { "F_p", "p", "p-value" }, rmse = { "rmse", "rmse", "Root MSE" }, rss = { "rss", "rss", "RSS" },
  N_clust = { "clusters", "N_clust", "Clusters" }, df_r = { "df_residual", "df_r", "Residual df" },
  ymean = { "depvar_mean", "ymean", "Mean of dependent variable" }, ysd = { "depvar_sd", "ysd", "S.D. of dependent variable" },
}

local function statistic(item, label, format, long)
  local name, own = item, nil
  if type(item) == "table" then
    name, own = item[1], item[2]
    format = item[3] or format
  elseif item:find(" ") then -- "ymean Mean of y"
    name, own = item:match("^(%S+)%s+(.*)$")
  end
  local known = statistics[name]
  return { known and known[1] or name, label or own or (known and known[long and 3 or 2]) or nil, format }
end

-- What is written after the name: a format, or true for the usual one.
local function statistic_rows(a)
  if a.stats ~= nil then
    local names, options = words.with_options(a.stats)
    local formats, labels = options.fmt or words.list(a.sfmt), options.labels or options.label or {}
    local rows = {}
    for i, name in ipairs(names) do
      rows[i] = statistic(name, labels[i], words.format(formats[i] or formats[#formats], nil), a.label)
    end
    return rows
  end
  local rows = {}
  if not a.noobs then rows[1] = statistic("N", nil, nil, a.label) end
  for _, pair in ipairs { { "r2", "r2" }, { "ar2", "r2_a" }, { "pr2", "r2_p" }, { "aic", "aic" }, { "bic", "bic" } } do
    local value = a[pair[1]]
    if value then rows[#rows + 1] = statistic(pair[2], nil, words.format(value, 3), a.label) end
  end
  local names, options = words.with_options(a.scalars)
  local formats = words.list(a.sfmt)
  for i, name in ipairs(names) do
    rows[#rows + 1] = statistic(name, (options.labels or {})[i], words.format(formats[i] or formats[#formats], 3), a.label)
  end
  return #rows > 0 and rows or false
end

local function stars(a)
  if a.nostar or a.star == false then return false end
  if a.star == nil or a.star == true then return { { "*", 0.05 }, { "**", 0.01 }, { "***", 0.001 } } end
  return a.star
end

-- The statistic under the estimates, and its format.
local function below(a, digits)
  for _, kind in ipairs { "se", "p", "ci", "t" } do
    if a[kind] then
      local usual = { se = "a3", ci = "a3", p = 3, t = 2 }
      digits[kind] = words.format(a[kind], type(a.b) == "number" and (kind == "se" or kind == "ci") and a.b or usual[kind])
      return kind
    end
  end
  if a.t == false or a["not"] then return false end
  digits.t = 2
  return "t"
end

local function file_of(a)
  local path = a.using
  if not path then
    if a.replace or a.append then error("replace and append say what happens to a file: give it as using=", 0) end
    return nil
  end
  local old = io.open(path, "rb")
  if old then old:close() end
  if old and not a.replace and not a.append then
    error("the file '" .. path .. "' is there already: add replace=true or append=true", 0)
  end
  return path
end

local any = function(doc) return { "any", doc = doc } end
local flag = function(doc) return { "boolean", doc = doc, default = false } end

command "esttab" {
  topic = "tables",
  summary = "Table of results with the options and defaults of Stata's esttab",
  args = { { "results", "result", repeated = true, optional = true, doc = "results; those of eststo when none is given" } },
  options = {
    using = { "string", doc = "where to save it", aliases = { "file" } },
    replace = flag "overwrite that file", append = flag "add the table to its end",
    b = any "format of estimates: decimals, \"a3\", \"%9.3f\"",
    se = any "standard errors below: true, or their format", t = any "t statistics below (the default)",
    p = any "p-values below", ci = any "confidence intervals below",
    ["not"] = flag "nothing below the estimates",
    star = any "marks: {0.1, 0.05, 0.01}, \"* 0.1 ** 0.05 *** 0.01\", or false", nostar = flag "no marks",
    label = flag "labels of variables instead of names",
    r2 = any "R-squared: true, or its format", ar2 = any "adjusted R-squared", pr2 = any "pseudo R-squared",
    aic = any "Akaike's criterion", bic = any "Schwarz's criterion", noobs = flag "no row of observations",
    scalars = any "further statistics by Stata's names or ours: \"F ymean\", {{\"F\", \"F test\"}}",
    sfmt = any "formats of scalars and stats",
    stats = any "exactly these statistics: \"N r2, fmt(0 3) labels(\\\"N\\\" \\\"R2\\\")\"",
    extra = any "rows of words: {{\"City FE\", \"Yes\", \"No\"}}, with at=\"bottom\" under the statistics",
    mtitles = any "headings of models instead of dependent variables", nomtitles = flag "no row of headings",
    nonumbers = flag "no row (1), (2), …",
    mgroups = any "headings over models: {{\"OLS\", 2}, {\"IV\", 1}}",
    keep = any "coefficients to show; * is a wildcard", drop = any "coefficients to leave out",
    order = any "coefficients to put first", noconstant = flag "leave out the constant",
    coeflabels = { "any", doc = "labels: {did = \"Pilot\"}, or \"did \\\"Pilot\\\" …\"", aliases = { "varlabels" } },
    rename = any "{old = \"new\"}, or \"old new …\"", indicate = any "\"Controls = lngdp retail\", or a list of those",
    labels = any "the two words of indicate", eform = flag "exponentiated coefficients",
    beta = flag "standardised coefficients", level = { "number", min = 50, max = 99.99, doc = "of intervals, in percent" },
    title = { "string", doc = "above the table" }, addnotes = { "strings", doc = "lines under the table" },
    nonotes = flag "no usual notes", nogaps = flag "no empty lines between coefficients: there never are any",
    booktabs = flag "rules of booktabs: .tex files always have them",
    landscape = flag "a page on its side", style = { one_of = { "en", "cn" }, doc = "words and notes" },
  },
  source = "Jann (2007), Stata Journal 7(2)",
  example = 'esttab(m1, m2, using="table.rtf", se=true, star={0.1, 0.05, 0.01}, b=3, r2=true, label=true, replace=true)',
  run = function(a)
    local results, titles = a.results or {}, {}
    if #results == 0 then
      for i, kept in ipairs(stored) do
        results[i] = kept.result
        titles[i] = kept.title or kept.result.depvar
      end
      local named = false
      for _, kept in ipairs(stored) do named = named or kept.title ~= nil end
      if not named then titles = {} end
    end
    if #results == 0 then
      error("there is no result to put in the table: give some, or keep them by eststo(…) first", 0)
    end
    if a.replace and a.append then error("replace and append exclude each other", 0) end
    local digits = { words.format(a.b, "a3") }
    local options = {
      below = below(a, digits), digits = digits, stars = stars(a), stats = statistic_rows(a),
      file = file_of(a), append = a.using and a.append or nil,
      fe_rows = false, vcov_row = false, frame_labels = a.label, numbers = not a.nonumbers,
      keep = a.keep and words.list(a.keep), drop = words.list(a.drop), order = a.order and words.list(a.order),
      labels = words.pairs(a.coeflabels, "coeflabels"), rename = words.pairs(a.rename, "rename"),
      indicate = a.indicate, extra = a.extra, yes_no = a.labels and words.list(a.labels), groups = a.mgroups,
      eform = a.eform, beta = a.beta, level = a.level and a.level / 100,
      title = a.title, notes = a.addnotes, default_notes = not a.nonotes, landscape = a.landscape, style = a.style,
    }
    if not a.label and not a.coeflabels and a.style ~= "cn" then options.labels._cons = "_cons" end
    if a.noconstant then table.insert(options.drop, "_cons") end
    local headings = type(a.mtitles) ~= "boolean" and a.mtitles ~= nil and words.list(a.mtitles) or titles
    if #headings > 0 then options.headers = headings end
    options.depvar = not a.nomtitles and #headings == 0
    return etable(results, options)
  end,
}
