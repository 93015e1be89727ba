-- The numbers of a Stata numlist, as texts: 1 2 3, 1/3, 1(2)9.
return function(text)
  local out = {}
  for word in text:gsub("(%S)%s*%(%s*(%-?[%d%.]+)%s*%)%s*", "%1(%2)"):gmatch("%S+") do
    local from, step, to = word:match("^(%-?[%d%.]+)%((%-?[%d%.]+)%)(%-?[%d%.]+)$")
    if not from then
      from, to = word:match("^(%-?[%d%.]+)/(%-?[%d%.]+)$")
      step = 1
    end
    from, step, to = tonumber(from), tonumber(step), tonumber(to)
    if from and to and step and step ~= 0 then
      for k = 0, math.floor((to - from) / step + 1e-9) do
        local value = from + k * step
        table.insert(out, ("%.15g"):format(value))
      end
    else
      table.insert(out, (word:gsub('^"(.*)"$', "%1")))
    end
  end
  return out
end
