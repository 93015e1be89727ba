-- Stata's graphs: twoway and its kinds, histogram, kdensity, graph bar, graph box, graph export.
local load = ...
local S = load("lib/statement.lua")

-- How Stata's kinds are called here, and what they say besides.
local kinds = {
  scatter = { "scatter" }, sc = { "scatter" }, line = { "line" }, connected = { "connected" }, area = { "area" }, bar = { "bar" },
  lfit = { "lfit" }, lfitci = { "lfit", ci = true }, qfit = { "qfit" }, qfitci = { "qfit", ci = true }, lowess = { "lowess" },
  histogram = { "histogram" }, hist = { "histogram" }, kdensity = { "kdensity" },
  rcap = { "errorbar", points = false }, rspike = { "errorbar", points = false }, rarea = { "band" },
}
local kind_words = "scatter, line, connected, area, bar, lfit, lfitci, qfit, qfitci, lowess, histogram, kdensity, rcap, rarea"

local passed_over = "scheme graphregion plotregion bgcolor name nodraw saving replace msymbol ms mfcolor mlcolor mlwidth mlabsize mlabcolor mlabposition "
  .. "lwidth lw mlwidth xlabel ylabel xtick ytick xmtick ymtick subtitle caption aspectratio intensity fintensity gap blabel asyvars ascategory "
  .. "bargap ci region clegend plot order symxsize t1title tlabel ttick nofill outergap"

local function color_of(value)
  local word = value:gsub("%%%d+$", ""):match("^%S+")
  local r, g, b = value:match('^"?(%d+)%s+(%d+)%s+(%d+)"?$')
  if r then return string.format("#%02X%02X%02X", r, g, b) end
  return (word:gsub('"', ""):gsub("^dk", ""):gsub("^lt", ""):gsub("^gs%d+$", "gray"):gsub("^ebblue$", "blue"):gsub("^dkorange$", "orange"))
end

local function numbers(value)
  local out = {}
  for word in value:gsub(",.*", ""):gmatch("[-+]?[%d%.]+[eE]?[-+]?%d*") do table.insert(out, tonumber(word)) end
  return out
end

--- legend(off), legend(order(…) label(1 "a") label(2 "b") position(6))
local function legend(o, value)
  local labels = {}
  for number, text in value:gmatch('lab[el]*%s*%(%s*(%d+)%s*"([^"]*)"%s*%)') do labels[tonumber(number)] = text end
  for number, text in (value:match("order%s*(%b())") or ""):gmatch('(%d+)%s*"([^"]*)"') do labels[tonumber(number)] = text end
  if value:match("%f[%a]off%f[%A]") then o.legend = false
  elseif value:match("pos[ition]*%(%s*6%s*%)") then o.legend = "bottom"
  elseif value:match("pos[ition]*%(%s*3%s*%)") then o.legend = "right"
  else o.legend = true end
  return labels
end

--- Options of the whole figure: taken out of the statement into `o`; returns the labels legend() gives to layers.
local function figure_options(s, o)
  for from, to in pairs { title = "title", ti = "title", xtitle = "x_label", xti = "x_label", ytitle = "y_label", yti = "y_label", note = "note" } do
    local value = S.take(s, from)
    if value and value ~= true then o[to] = S.unquoted(__words((value:gsub(",.*$", "")))[1] or "") end
  end
  for _, axis in ipairs { "x", "y" } do
    local line, scale = S.take(s, axis .. "line"), S.take(s, axis .. "scale")
    if line then o[axis == "x" and "vline" or "hline"] = numbers(line) end
    if scale and scale ~= true then
      if scale:match("%f[%a]log%f[%A]") then o[axis .. "log"] = true end
      local range = scale:match("r[ange]*(%b())")
      if range and #numbers(range) == 2 then o[axis .. "lim"] = numbers(range) end
    end
    local label = S.take(s, axis .. "label", axis .. "lab")
    local low, high = (label and label ~= true and label or ""):match("^%s*([-%d%.]+)%s*%([%d%.]+%)%s*([-%d%.]+)")
    if low and axis == "y" then o.ylim = { tonumber(low), tonumber(high) } end
  end
  local by = S.take(s, "by")
  if by then
    o.by = S.columns((by:gsub(",.*$", "")))
    if by:match(",.*rescale") then o.scales = "free" end
    local columns = by:match("col[s]*%(%s*(%d+)")
    if columns then o.columns = tonumber(columns) end
  end
  local width, height = S.take(s, "xsize"), S.take(s, "ysize")
  o.width, o.height = width and tonumber(width), height and tonumber(height)
  local given = S.take(s, "legend", "leg")
  return given and given ~= true and legend(o, given) or {}
end

--- Options of a layer as here.
local function layer_options(s, o)
  local color = S.take(s, "mcolor", "mc", "lcolor", "lc", "color", "col", "fcolor")
  for _, name in ipairs { "lcolor", "lc", "color", "mcolor", "fcolor" } do S.take(s, name) end
  if color and color ~= true then o.color = color_of(color) end
  local size, dash, labels = S.take(s, "msize"), S.take(s, "lpattern", "lp"), S.take(s, "mlabel")
  if size then
    local sizes = { tiny = 0.4, vtiny = 0.25, vsmall = 0.6, small = 0.8, medsmall = 0.9, medium = 1, medlarge = 1.2, large = 1.5, vlarge = 2, huge = 3 }
    o.size = tonumber(size) or sizes[size] or 1
  end
  if dash and dash ~= "solid" then o.dashed = true end
  if labels then o.labels = S.columns(labels)[1] end
  S.take(s, "sort") -- lines run from left to right anyway
  local connect = S.take(s, "connect", "c")
  if connect == "J" or connect == "stairstep" then o.step = true end
end

local function weights(s, o)
  if s.weight and s.weight ~= "" then o.weights = s.weight_kind .. "(" .. s.weight .. ")" end
end

--- The words of a plot as its formula: the last is x.
local function formula_of(words, name)
  if #words < 2 then __fail("twoway " .. name .. " takes y and x", name, name .. " y x") end
  local x = words[#words]
  local ys = { table.unpack(words, 1, #words - 1) }
  return (#ys == 1 and ys[1] or "{" .. table.concat(ys, ", ") .. "}") .. " ~ " .. x
end

--- One plot of a twoway: {"scatter", "y ~ x", …}, and the statement whose options are left.
local function layer_of(s, kind)
  local own = kinds[kind] or __fail("twoway " .. tostring(kind) .. " is not supported", kind, "kinds: " .. kind_words)
  local o = { own[1] }
  for key, value in pairs(own) do
    if key ~= 1 then o[key] = value end
  end
  if s.where and s.where ~= "" then o.where = s.where end
  layer_options(s, o)
  local words = s.words
  if own[1] == "histogram" or own[1] == "kdensity" then
    o[2] = words[1] or __fail(kind .. " takes a variable", kind)
    local bins, width = S.take(s, "bin", "bins"), S.take(s, "width")
    if own[1] == "histogram" then
      o.bins, o.width_of_bins = bins and tonumber(bins), width and tonumber(width)
      for _, name in ipairs { "normal", "kdensity" } do
        local option = S.take(s, name, name == "normal" and "norm" or "kden")
        if option then o[name] = true end
      end
      for word, stat in pairs { frequency = "count", freq = "count", percent = "percent", density = "density", fraction = "percent" } do
        if S.take(s, word) then o.stat = stat end
      end
      if S.take(s, "discrete") then o.width_of_bins = 1 end
      S.take(s, "start")
    else
      local bandwidth, kernel = S.take(s, "bwidth", "bw", "width"), S.take(s, "kernel", "k")
      o.bandwidth = bandwidth and tonumber(bandwidth)
      if kernel == "gaussian" or kernel == "gau" then o.kernel = "gaussian" end
      if kernel == "epanechnikov" or kernel == "ep" then o.kernel = "epanechnikov" end
    end
  elseif own[1] == "errorbar" or own[1] == "band" then
    if #words ~= 3 then __fail(kind .. " takes low, high and x", kind, kind .. " low high x") end
    o[2], o.low, o.high = words[1] .. " ~ " .. words[3], words[1], words[2]
  else
    o[2] = formula_of(words, kind)
    if own[1] == "lowess" then
      local bandwidth = S.take(s, "bwidth", "bw")
      o.bandwidth = bandwidth and tonumber(bandwidth)
    end
    local level = S.take(s, "level")
    if level then o.level = tonumber(level) / 100 end
  end
  return o
end

--- "(scatter y x) (lfit y x)", "scatter y x || lfit y x": the texts of the plots.
local function plots_of(body)
  local out = {}
  if body:match("^%s*%(") then
    for piece in body:gmatch("%b()") do table.insert(out, piece:sub(2, -2)) end
  else
    for piece in (body .. "||"):gmatch("(.-)||") do
      if piece:match("%S") then table.insert(out, piece) end
    end
  end
  return out
end

--- A figure of the layers; labels of legend(label(1 "a")) belong to layers by their number.
local function draw(s, layers, o, labels)
  S.pass_over(s, passed_over)
  S.no_more_options(s, "title, xtitle, ytitle, note, by, xline, yline, xscale, yscale, legend, and those of the kinds")
  for number, text in pairs(labels) do
    if layers[number] then layers[number].label = text end
  end
  return "figure", layers, o
end

local function twoway(s)
  local o, layers = {}, {}
  local texts = plots_of(s.body)
  if #texts == 0 then __fail("twoway needs a plot", "twoway", "twoway (scatter y x) (lfit y x)") end
  local labels = figure_options(s, o)
  for _, text in ipairs(texts) do
    local part = __parts(text)
    local kind = part.name
    local more = figure_options(part, o)
    for number, label in pairs(more) do labels[number] = label end
    table.insert(layers, layer_of(part, kind))
    S.pass_over(part, passed_over)
    S.no_more_options(part)
  end
  if s.where ~= "" then
    for _, layer in ipairs(layers) do layer.where = layer.where and "(" .. layer.where .. ") and (" .. s.where .. ")" or s.where end
  end
  if #layers == 1 then layer_options(s, layers[1]) end
  return draw(s, layers, o, labels)
end

__form("twoway", { "tw", "two" }, twoway)

for name in pairs(kinds) do
  if name ~= "bar" and name ~= "sc" and name ~= "hist" then
    __form(name, name == "histogram" and { "hist" } or name == "scatter" and { "sc" } or {}, function(s)
      local o = {}
      local labels = figure_options(s, o)
      local layer = layer_of(s, name)
      return draw(s, { layer }, o, labels)
    end)
  end
end

local statistics = { mean = "mean", median = "median", sum = "sum", count = "count", sd = "sd", min = "min", max = "max", p50 = "median", percent = "percent" }

--- graph bar (mean) y, over(g) over(h); graph hbar; graph box
local function graph_bar(s, kind)
  local o = {}
  local labels = figure_options(s, o)
  local body = s.body
  local stat = body:match("^%s*%(%s*(%w+)%s*%)")
  body = body:gsub("^%s*%b()", "", 1)
  local words = body:match("%S") and S.columns(body) or {}
  local over, sorted = {}, false
  while true do
    local value = S.take(s, "over")
    if not value then break end
    if value:match(",.*sort") or value:match(",.*descending") then sorted = true end
    table.insert(over, 1, S.columns((value:gsub(",.*$", "")))[1])
  end
  if #over > 0 then o.over = over end
  if s.where ~= "" then o.where = s.where end
  layer_options(s, o)
  local texts = {}
  for number, text in pairs(labels) do texts[number] = text end
  if #texts > 0 then o.label = texts end
  S.pass_over(s, passed_over)
  S.no_more_options(s, "over, by, title, ytitle, note, legend")
  if kind == "box" then return "boxplot", words, o end
  weights(s, o)
  if stat then o.stat = statistics[stat] or stat end
  o.horizontal = kind == "hbar" or nil
  o.sort = sorted or nil
  return "bar", words, o
end

local last_figure
-- graph export "fig.png", replace; graph bar, box, twoway
__form("graph", { "gr" }, function(s)
  local verb = S.first_word(s)
  if verb == "bar" or verb == "hbar" or verb == "box" then return graph_bar(s, verb) end
  if verb == "twoway" or verb == "tw" then return twoway(s) end
  if verb == "drop" or verb == "close" or verb == "display" then return end
  if verb ~= "export" and verb ~= "save" then
    __fail("graph " .. tostring(verb) .. " is not supported", verb, "graph bar, graph hbar, graph box, graph twoway, graph export")
  end
  local as = S.take(s, "as")
  local file = S.file(s.words[1] or "", as and as ~= true and "." .. as or ".svg")
  local ending = file:match("%.%w+$"):lower()
  if as and "." .. tostring(as):lower() ~= ending then
    __fail("graph export: as(" .. tostring(as) .. ") and '" .. file .. "' are two formats", "as", "svg, png, pdf and txt are written by the file's ending")
  end
  S.check_replace(s, file)
  if S.take(s, "name") ~= nil then __fail("graph export: name() is not supported", "name", "the last figure is saved; f = scatter(y, x) keeps one") end
  local width, height = S.take(s, "width"), S.take(s, "height")
  for option, value in pairs { width = width, height = height } do
    if not tonumber(value) then __fail("graph export: " .. option .. "() takes a number", option, "pixels for .png and .svg, inches for .pdf") end
    if ending == ".txt" then __fail("graph export: " .. option .. "() is not for .txt", option) end
  end
  S.no_more_options(s, "replace, as, width, height")
  local function is_figure(value) return type(value) == "userdata" and pcall(function() return value.save end) and pcall(function() return value.text end) end
  local figure = __returned()
  if is_figure(figure) then last_figure = figure else figure = last_figure end -- several files of one figure
  if not figure then
    __fail("there is no figure to export", "graph", "a statement that makes one comes first: scatter y x, coefplot")
  end
  if width or height then figure = __resized(figure, ending, tonumber(width) or 0 / 0, tonumber(height) or 0 / 0) end
  figure:save(file)
  return false, "saved " .. file
end)
