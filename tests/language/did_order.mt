-- Without a declared panel the unit stands first among the fixed effects, and something stands for time.
use(frame{ town={"a","a","b","b","c","c","d","d"}, t={1,2,1,2,1,2,1,2}, y={1,2,1,4,2,3,1,3}, d={0,1,0,0,0,1,0,0} })
m = did(y ~ d, fe="town + t", vcov="hc1")
did(y ~ d, fe="t + town") --> error: 'town' is text and stands where periods are looked for
print(did(y ~ d, fe="town", treatment="d").notes[1] ~= nil) --> true
