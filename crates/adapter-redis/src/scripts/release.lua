-- A connection has closed, and counts until then. Answers 2 when its subject is away by that, 1 when it
-- is here, 0 when the connection is unknown, which leaves nothing.
-- KEYS: the subject's leases, the subjects of the shard. ARGV: subject, connection, until when, now.
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
