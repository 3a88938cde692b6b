-- A connection was opened. Returns whether its subject was away, 1 or 0, and how many of its
-- connections count as open.
-- KEYS: the subject's leases, the shard's subjects. ARGV: how long to keep the keys, subject,
-- connection, expiry, now, the expiry beyond which a connection counts as open.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[5])
local away = redis.call('EXISTS', KEYS[1]) == 0
redis.call('ZADD', KEYS[1], ARGV[4], ARGV[3])
local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
redis.call('ZADD', KEYS[2], last, ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return { away and 1 or 0, redis.call('ZCOUNT', KEYS[1], '(' .. ARGV[6], '+inf') }
