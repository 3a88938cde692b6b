-- Has what was spent of a day's budget take the place of what was set aside for it.
-- KEYS: what is taken of the day. ARGV: what was set aside, what was spent, for how many seconds the day
-- is remembered.
local taken = tonumber(redis.call('GET', KEYS[1]) or '0')
taken = math.max(taken + tonumber(ARGV[2]) - tonumber(ARGV[1]), 0)
redis.call('SET', KEYS[1], string.format('%.0f', taken), 'EX', ARGV[3])
return 0
