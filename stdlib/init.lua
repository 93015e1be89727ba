-- The commands written in Lua, in the order of help. `load` runs a file of this folder.
local load = ...
load "commands/esttab.lua"
load "commands/outreg2.lua"
