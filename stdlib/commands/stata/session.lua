-- Stata's words for a session: display, set, version, log; and what means nothing here.
local load = ...
local S = load("lib/statement.lua")

local function number_text(value)
  if type(value) ~= "number" then return tostring(value) end
  if value ~= value then return "." end
  return math.type(value) == "integer" and tostring(value) or string.format("%.8g", value)
end

--- Names in an expression: the script's variables, then what scripts see.
local names = setmetatable({}, {
  __index = function(_, name)
    local value = __value(name)
    if value ~= nil then return value end
    return _ENV[name]
  end,
})

--- The value of an expression: of Lua's variables, numbers, or the first row of a column.
local function value_of(text)
  local word = text:match("^%s*([%a_][%w_]*)%s*$")
  local value = word and __value(word)
  if value ~= nil then return value end
  local code = text:gsub("!=", "~="):gsub("&", " and "):gsub("|", " or ")
  local made = _G.load("return " .. code, "=[moontide] display", "t", names)
  if not made then __fail("display: '" .. text .. "' is no expression", text:match("%S+")) end
  value = made()
  if type(value) == "userdata" then value = __first(text) end
  return value
end

--- Pieces of a display: strings, formats and expressions.
local function pieces(body)
  local out, current = {}, ""
  local function close()
    if current:match("%S") then table.insert(out, { expression = current:match("^%s*(.-)%s*$") }) end
    current = ""
  end
  local at = 1
  while at <= #body do
    local rest = body:sub(at)
    local text = rest:match('^"([^"]*)"')
    local format = (at == 1 or body:sub(at - 1, at - 1):match('[%s"]')) and rest:match("^%%%-?0?%d+%.?%d*[fgecsd]+")
    local word = rest:match("^[%a_][%w_]*")
    local bracket = rest:match("^%b()")
    if text then
      close()
      table.insert(out, { text = text })
      at = at + #text + 2
    elseif format then
      close()
      table.insert(out, { format = format })
      at = at + #format
    elseif word == "as" and current == "" then
      at = at + #rest:match("^as%s+%a+")
    elseif word == "_newline" or word == "_n" and current == "" then
      table.insert(out, { text = "\n" })
      at = at + #word
    elseif word or bracket then
      current = current .. (word or bracket)
      at = at + #(word or bracket)
    else
      current = current .. rest:sub(1, 1)
      at = at + 1
    end
  end
  close()
  return out
end

local function formatted(format, value)
  local comma = format:match("c$")
  local spec = format:gsub("c$", ""):gsub("gc$", "g")
  if type(value) ~= "number" then return tostring(value) end
  if value ~= value then return "." end
  local width = spec:match("^%%(%d+)%.0g$")
  local text = width and string.format("%" .. width .. "s", number_text(value)) or string.format(spec, value)
  return comma and text:gsub("^(%s*-?%d+)", function(whole) return whole:reverse():gsub("(%d%d%d)", "%1,"):reverse():gsub("^,", "") end) or text
end

local function display(s)
  local line, format = {}, nil
  for _, piece in ipairs(pieces(s.body)) do
    if piece.text then
      table.insert(line, piece.text)
    elseif piece.format then
      format = piece.format
    else
      local value = value_of(piece.expression)
      table.insert(line, format and formatted(format, value) or number_text(value))
      format = nil
    end
  end
  return false, table.concat(line)
end

for _, name in ipairs { "display", "di" } do
  command(name) {
    topic = "stata", summary = "Shows text and numbers",
    args = { { "items", "any", doc = "strings, numbers", repeated = true } },
    example = name .. ' "mean: " %9.3f r(mean)',
    run = function(a)
      local line = {}
      for i, item in ipairs(a.items) do line[i] = number_text(item) end
      return table.concat(line)
    end,
  }
  __form(name, name == "di" and { "dis", "disp" } or {}, display)
end

-- set seed 1, set more off
local settings = "more linesize scheme matsize maxvar type varabbrev rmsg trace level sortseed cformat pformat sformat dp"
__form("set", {}, function(s)
  local what = s.words[1]
  if what == "seed" then
    S.note("set seed: commands that draw take the option seed(…); there is no common stream")
  elseif what == "obs" then
    __fail("set obs is not supported", "obs", "frame(x={1, 2, 3}) makes data")
  elseif what and (" " .. settings .. " "):find(" " .. what .. " ", 1, true) then
    S.note("set " .. what .. " means nothing here and is passed over")
  else
    __fail("set " .. tostring(what) .. " is not supported", what)
  end
end)
__form("version", {}, function(s)
  local wanted = S.unquoted(s.words[1] or "")
  local number = tonumber(wanted)
  if not number or number < 5 then return "version", s.words[1] and { wanted } or {} end -- Stata counts from 5 and more
  S.note("version " .. s.words[1] .. ": Stata's versions mean nothing here; Moontide's is " .. version())
end)
for _, name in ipairs { "ssc", "net", "adopath", "macro", "timer", "pause", "window", "compress", "discard", "mata", "matrix" } do
  __form(name, {}, function(s)
    if name == "mata" or name == "matrix" then
      __fail(name .. " is not supported", name, "Lua's tables and functions serve")
    end
    S.note(name .. " means nothing here and is passed over")
  end)
end

--- What is written with Lua instead.
for name, hint in pairs {
  program = "function name(…) … end, or command \"name\" { … } for one with options",
  ["while"] = "while condition do … end", scalar = "name = value, and {=name} in a statement",
  tempvar = "name = \"_temporary\"", tempfile = "a frame in a variable: df = data()",
  matlist = "print(m.coef)", do_ = "dofile(\"file.mt\")", run = "dofile(\"file.mt\")", cd = "paths are seen from where the program was started; here(\"x.csv\") is beside the script",
  levelsof = "for _, level in ipairs(levels(x)) do … end",
} do
  __form(name, {}, function(s) __fail(name .. " is not supported", name, "in Lua: " .. hint) end)
end
for name, hint in pairs {
  binscatter = 'scatter y x, by(g); collapse makes the means of bins', char = "a base level is written in the regression: ib4.rel",
  event_plot = "event_study(…):plot(), or coefplot after a regression", csdid_plot = "estat event, then last_estimate():plot()",
  xi = "i.g stands in the regression itself",
} do
  __form(name, {}, function() __fail(name .. " is not supported", name, hint) end)
end

--- Stata's names of what a result calls otherwise.
local in_stata = { nobs = "N", r2_adj = "r2_a", df = "df_r", loglik = "ll", F_df1 = "df_m", r2_between = "r2_b", r2_overall = "r2_o", units = "N_g" }

--- What r() and e() hold.
local listed
function listed(value, letter)
  local lines = {}
  if type(value) == "number" then return false, ("%22s = %s"):format(letter .. "(N)", number_text(value)) end -- count
  for _, name in ipairs(fields(value)) do
    local got, field = pcall(function() return value[name] end)
    if got and (type(field) == "number" or type(field) == "string") then
      table.insert(lines, ("%22s = %s"):format(letter .. "(" .. (letter == "e" and in_stata[name] or name) .. ")", number_text(field)))
    end
  end
  if #lines == 0 then -- numbers by variable: those of the last, as r(mean) is
    local got, last = pcall(function() return value[math.max(1, #value)] end)
    if got and last ~= nil and last ~= value then return listed(last, letter) end
  end
  return false, #lines > 0 and table.concat(lines, "\n") or "there is no number in " .. letter .. "()"
end
__form("return", { "ret" }, function(s)
  if s.words[1] ~= "list" then __fail("return takes list", s.words[1] or "return") end
  local value = __returned()
  if value == nil then return false, "the last statement returned nothing" end
  return listed(value, "r")
end)
__form("ereturn", { "eret" }, function(s)
  if s.words[1] ~= "list" then __fail("ereturn takes list", s.words[1] or "ereturn") end
  return listed(__last() or __fail("there is no estimate for ereturn", "ereturn"), "e")
end)

__form("mkdir", { "mkd" }, function(s)
  folder(S.unquoted(s.body))
end)

__form("log", {}, function(s)
  local verb = s.words[1]
  if s.using then
    local file = S.file(s.using, ".log")
    local append = S.take(s, "append") ~= nil
    S.take(s, "text") -- text is what it is
    S.pass_over(s, "name smcl")
    if not append then S.check_replace(s, file) end
    __log(file, append)
  elseif verb == "close" or verb == "off" then
    __log()
  else
    __fail("log " .. tostring(verb) .. " is not supported", verb, 'log using "x.log", replace; log close')
  end
end)
