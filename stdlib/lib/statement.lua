-- What the forms of statements share: options taken, renamed, passed over; notes that are said once.
local S = {}
local said = {}

--- A note on standard error, once a session.
function S.note(text)
  if said[text] then return end
  said[text] = true
  io.stdout:flush()
  io.stderr:write("note: " .. text .. "\n")
end

--- Takes the option of the first of these names out of the statement: its value, true when it has none, or nil.
function S.take(s, ...)
  for _, name in ipairs { ... } do
    for i, option in ipairs(s.options) do
      if option[1] == name then
        table.remove(s.options, i)
        return option[2]
      end
    end
  end
end

--- Takes out options that mean nothing here; each says so once.
function S.pass_over(s, names)
  for name in names:gmatch("%S+") do
    if S.take(s, name) ~= nil then S.note(s.name .. ": option '" .. name .. "' means nothing here and is passed over") end
  end
end

function S.add(s, name, value) table.insert(s.options, { name, value == nil and true or value }) end

--- Gives an option another name.
function S.rename(s, from, to)
  for _, option in ipairs(s.options) do
    if option[1] == from then option[1] = to end
  end
end

--- The options that are left are unknown; `known` are names for the near one.
function S.no_more_options(s, known)
  local option = s.options[1]
  if not option then return end
  local hint = known and "options: " .. known or s.name .. " takes no options"
  __fail(s.name .. ": unknown option '" .. option[1] .. "'", option[1], hint)
end

--- Words that are no variable list.
function S.no_words(s)
  if s.words[1] then __fail(s.name .. " takes no words: '" .. s.words[1] .. "'", s.words[1]) end
end

function S.unquoted(text) return (text:gsub('^"(.*)"$', "%1"):gsub("^'(.*)'$", "%1")) end

--- `sub` words of a command: label variable, import delimited. Takes the first word off.
function S.first_word(s)
  local word = table.remove(s.words, 1)
  s.body = s.body:gsub("^%s*%S+%s*", "", 1)
  return word
end

function S.set_words(s, words)
  s.words = words
  s.body = table.concat(words, " ")
  return s
end

--- "command", with the file's ending when it has none.
function S.file(name, ending)
  name = S.unquoted(name)
  if not name:match("%.[%w]+$") then name = name .. ending end
  return name
end

function S.exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

--- save "x.csv", replace: Stata's rule that an existing file is an error without replace.
function S.check_replace(s, path)
  if S.take(s, "replace") == nil and S.exists(path) then
    __fail(s.name .. ": '" .. path .. "' exists", path, "the option replace writes over it")
  end
end

--- The columns whose names stand in a text: words, patterns, ranges.
function S.columns(text) return __columns(text) end

return S
