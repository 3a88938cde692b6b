-- Clears subjects whose leases have all lapsed, and answers which they are. What came back since it was
-- looked up is left alone, and what another sweep has cleared is not named again.
-- KEYS: the subjects of the shard, then each one's leases. ARGV: now, then the subjects.
local away = {}
for place = 2, #KEYS do
  local subject = ARGV[place]
  local last = redis.call('ZSCORE', KEYS[1], subject)
  if last and tonumber(last) <= tonumber(ARGV[1]) then
    redis.call('ZREM', KEYS[1], subject)
    redis.call('DEL', KEYS[place])
    away[#away + 1] = subject
  end
end
return away
