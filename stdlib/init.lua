-- The commands written in Lua, in the order of help. `load` runs a file of this folder.
local load = ...
load("commands/esttab.lua")
load("commands/outreg2.lua")
load("commands/labels.lua")
load("commands/levels.lua")
load("commands/psmdid.lua")
load("commands/robust.lua")

-- Stata's names, with Stata's defaults, on top of the native commands (docs/language.md section 5).
load("commands/stata/data.lua")
load("commands/stata/exchange.lua")
load("commands/stata/labels.lua")
load("commands/stata/checks.lua")
load("commands/stata/egen.lua")
load("commands/stata/statistics.lua")
load("commands/stata/estimation.lua")
load("commands/stata/staggered.lua")
load("commands/stata/postestimation.lua")
load("commands/stata/margins.lua")
load("commands/stata/policy.lua")
load("commands/stata/estimates.lua")
load("commands/stata/graphs.lua")
load("commands/stata/session.lua")
