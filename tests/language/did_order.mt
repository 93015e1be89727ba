-- Without a declared panel the unit stands first among the fixed effects, and something stands for time.
use(frame{ town={"a","a","b","b","c","c","d","d"}, t={1,2,1,2,1,2,1,2}, y={1,2,1,4,2,3,1,3}, d={0,1,0,0,0,1,0,0} })
m = did(y ~ d, fe="town + t", vcov="hc1")
did(y ~ d, fe="t + town") --> error: 'town' is text and stands where periods are looked for
print(did(y ~ d, fe="town", treatment="d").notes[1] ~= nil) --> true
-- Numbers on both places: a treatment that ends again in units, and in none the other way round.
local ids, ts, ys, ds = {}, {}, {}, {}
for id = 1, 6 do
  for t = 1, 4 do
    ids[#ids + 1], ts[#ts + 1] = id, t
    ds[#ds + 1] = (id <= 2 and t >= 3) and 1 or 0
    ys[#ys + 1] = id + t * t + 2 * ds[#ds] + ((id * t) % 3)
  end
end
use(frame{ id = ids, t = ts, y = ys, d = ds })
did(y ~ d, fe="t + id") --> error: put the unit first, fe="id + t"
m = did(y ~ d, fe="id + t", vcov="hc1")
placebo(feols(y ~ d, fe="t + id", vcov="hc1"), reps=5, seed=1) --> error: put the unit first, fe="id + t"
