-- A connection has closed, and counts until then. One that is unknown leaves nothing.
-- KEYS: the person's leases, the people of the shard. ARGV: person, connection, until when.
if redis.call('ZSCORE', KEYS[1], ARGV[2]) then
  redis.call('ZADD', KEYS[1], ARGV[3], ARGV[2])
  local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
  redis.call('ZADD', KEYS[2], last, ARGV[1])
end
return 0
