-- require finds .mt and .lua beside the script or on package.path; .mt is translated, .lua keeps Lua's rules.
local folder = os.tmpname()
os.remove(folder)
local function write(name, text)
  local path = folder .. name
  local f = assert(io.open(path, "w")); f:write(text); f:close()
  return path
end
local mt = write("_one.mt", "return (function(o) return o.k end)(k=41) + 1")
local lua = write("_two.lua", "return missing_global == nil")
print(dofile(mt)) --> 42
print(dofile(lua)) --> true
print(loadfile(mt)()) --> 42
package.path = folder .. "_?.lua;" .. package.path
print(require("one")) --> 42	…
print(require("two")) --> true	…
print(require("one") == require("one")) --> true
os.remove(mt) os.remove(lua)
require("no_such_module") --> error: module 'no_such_module' not found
