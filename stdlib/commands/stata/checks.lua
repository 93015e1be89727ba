-- Stata's statements that stop a do-file when something is not so: assert, confirm, isid.
local load = ...
local S = load("lib/statement.lua")

__form("assert", { "as" }, function(s)
  S.pass_over(s, "rc0 null fast")
  S.no_more_options(s)
  local failed = __rows_without(s.body, s.where)
  if failed > 0 then
    __fail("the assertion is false in " .. failed .. (failed == 1 and " row" or " rows"), s.words[1])
  end
end)

local types = {
  numeric = function(type, number) return number and type ~= "string" end,
  string = function(type) return type == "string" end,
  double = function(type) return type == "double" end,
}
types.str, types.float = types.string, types.double

local function variables(s, wanted)
  S.pass_over(s, "exact")
  S.no_more_options(s, "exact")
  if #s.words == 0 then __fail("confirm: no column is named", "confirm", "confirm variable ser") end
  for _, name in ipairs(__columns(s.body)) do
    local type, number = __column_type(name)
    if not type then __fail("no column '" .. name .. "'", name) end
    if wanted and not types[wanted](type, number) then
      __fail("'" .. name .. "' is no " .. wanted .. " variable: it holds " .. type .. " values", name)
    end
  end
end

local confirm = {}
function confirm.variable(s) variables(s) end
confirm.var, confirm.v, confirm.existing = confirm.variable, confirm.variable, confirm.variable

function confirm.new(s)
  local word = s.words[1]
  if word == "variable" or word == "var" then
    S.first_word(s)
  elseif word == "file" then
    S.first_word(s)
    local file = S.unquoted(s.words[1] or "")
    if S.exists(file) then __fail("the file '" .. file .. "' exists", file) end
    return
  end
  for _, name in ipairs(s.words) do
    if __is_column(name) then __fail("'" .. name .. "' is already defined", name) end
  end
end

function confirm.file(s)
  local file = S.unquoted(s.words[1] or "")
  if not S.exists(file) then __fail("no file '" .. file .. "'", s.words[1]) end
end

local function number(s, whole)
  local word = s.words[#s.words]
  local value = tonumber(word)
  if not value or (whole and not math.tointeger(value)) then
    __fail("'" .. tostring(word) .. "' is no number" .. (whole and " that is whole" or ""), word)
  end
end
function confirm.number(s) number(s) end
function confirm.integer(s) number(s, true) end
function confirm.names(s)
  for _, name in ipairs(s.words) do
    if not name:match("^[%a_][%w_]*$") then __fail("'" .. name .. "' is no name", name) end
  end
end
confirm.name = confirm.names

__form("confirm", { "conf" }, function(s)
  local word = S.first_word(s)
  if types[word] then
    local what = s.words[1]
    if what == "variable" or what == "var" then S.first_word(s) end
    return variables(s, word)
  end
  if not confirm[word] then
    __fail("confirm " .. tostring(word) .. " is not supported", word, "confirm variable, numeric variable, string variable, new variable, file, number")
  end
  confirm[word](s)
end)

-- isid city year: Stata's 459 when they do not identify the rows
__form("isid", {}, function(s)
  S.pass_over(s, "sort")
  local missing_ok = S.take(s, "missok") ~= nil
  S.no_more_options(s, "missok")
  local columns = __columns(s.body)
  if #columns == 0 then __fail("isid: no column was named", "isid", "isid city year") end
  if not missing_ok then
    for _, name in ipairs(columns) do
      local missing = __count_rows("missing(" .. name .. ")")
      if missing > 0 then __fail("'" .. name .. "' does not identify rows: it is missing in " .. missing, name) end
    end
  end
  local names = table.concat(columns, " ")
  local repeats = __repeated_rows(columns)
  if repeats > 0 then
    __fail(names .. " do not identify the rows: " .. repeats .. (repeats == 1 and " row repeats" or " rows repeat") .. " another's", columns[1])
  end
end)
