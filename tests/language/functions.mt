-- Functions of expressions compute on numbers.
print(log(1), exp(0), sqrt(4)) --> 0.0	1.0	2.0
print(abs(-3), floor(2.7), ceil(2.1)) --> 3	2	3
print(max(1, 5, 3), min(2, 0.5)) --> 5	0.5
print(math.log(1)) --> 0.0
print(_G.log) --> nil
local log = function() return "mine" end
print(log(1)) --> mine
print(sqrt()) --> error: 'sqrt' needs an argument
