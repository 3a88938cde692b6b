-- Returns a point that turned out not to be needed.
-- KEYS: the limit. ARGV: now in milliseconds, nanoseconds in which one point is restored.
local kept = redis.call('GET', KEYS[1])
if not kept then
  return 0
end
local millis, nanos = string.match(kept, '^(-?%d+):(%d+)$')
local now = tonumber(ARGV[1])
local owed = (tonumber(millis) - now) * 1000000 + tonumber(nanos) - tonumber(ARGV[2])
if owed <= 0 then
  redis.call('DEL', KEYS[1])
  return 0
end
local left = math.floor(owed / 1000000)
local moment = string.format('%.0f:%.0f', now + left, owed - left * 1000000)
redis.call('SET', KEYS[1], moment, 'KEEPTTL')
return 0
