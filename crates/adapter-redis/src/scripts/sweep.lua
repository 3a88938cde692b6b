-- Clears subjects whose leases have all expired, and returns them. A subject that has come back since
-- the lookup is left alone, and one that another sweep has cleared is not returned again.
-- KEYS: the shard's subjects, then each subject's leases. ARGV: now, then the subjects.
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
