-- Clears people whose leases have all lapsed, and answers who they are. Whoever came back since they
-- were looked up is left alone, and whom another sweep has cleared is not named again.
-- KEYS: the people of the shard, then each person's leases. ARGV: now, then the people.
local away = {}
for place = 2, #KEYS do
  local person = ARGV[place]
  local last = redis.call('ZSCORE', KEYS[1], person)
  if last and tonumber(last) <= tonumber(ARGV[1]) then
    redis.call('ZREM', KEYS[1], person)
    redis.call('DEL', KEYS[place])
    away[#away + 1] = person
  end
end
return away
