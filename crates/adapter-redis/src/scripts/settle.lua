-- Replaces an amount reserved from a day's budget by what was actually spent.
-- KEYS: the day's total. ARGV: what was reserved, what was spent, for how many seconds the day is
-- remembered.
local taken = tonumber(redis.call('GET', KEYS[1]) or '0')
taken = math.max(taken + tonumber(ARGV[2]) - tonumber(ARGV[1]), 0)
redis.call('SET', KEYS[1], string.format('%.0f', taken), 'EX', ARGV[3])
return 0
