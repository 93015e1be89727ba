-- levels(x): what Stata's levelsof puts into a macro, as a list to loop over.
command "levels" {
  topic = "data", summary = "The different values of a column, in order, as a list",
  args = { { "column", "column", doc = "numbers, text or dates" } },
  options = { where = { "condition", doc = "rows to look at", aliases = { "if" } } },
  example = "for _, city in ipairs(levels(city)) do … end",
  run = function(a) return __levels(tostring(a.column), a.where ~= nil and tostring(a.where) or nil, a.data) end,
}
