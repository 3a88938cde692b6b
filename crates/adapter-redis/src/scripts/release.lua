-- A connection was closed, and counts until the given expiry. Returns 2 if its subject is now away, 1
-- if it is present, 0 if the connection is unknown, in which case nothing changes.
-- KEYS: the subject's leases, the shard's subjects. ARGV: subject, connection, expiry, now.
if not redis.call('ZSCORE', KEYS[1], ARGV[2]) then
  return 0
end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[2])
local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
if tonumber(last) > tonumber(ARGV[4]) then
  redis.call('ZADD', KEYS[2], last, ARGV[1])
  return 1
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[1])
return 2
