-- Renews the leases of open connections.
-- KEYS: the shard's subjects, then each subject's leases. ARGV: how long to keep the keys, then for
-- each subject its name, the number of its leases, and each lease's expiry and connection.
local at = 2
for place = 2, #KEYS do
  local subject, count = ARGV[at], tonumber(ARGV[at + 1])
  at = at + 2
  for _ = 1, count do
    redis.call('ZADD', KEYS[place], ARGV[at], ARGV[at + 1])
    at = at + 2
  end
  local last = redis.call('ZREVRANGE', KEYS[place], 0, 0, 'WITHSCORES')[2]
  redis.call('ZADD', KEYS[1], last, subject)
  redis.call('PEXPIRE', KEYS[place], ARGV[1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 0
