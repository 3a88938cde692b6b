-- Reserves an amount of a day's budget, if the total stays within `most`. Returns whether it did.
-- KEYS: the day's total. ARGV: the amount, most, for how many seconds the day is remembered.
local taken = tonumber(redis.call('GET', KEYS[1]) or '0')
if taken + tonumber(ARGV[1]) > tonumber(ARGV[2]) then
  return 0
end
redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
