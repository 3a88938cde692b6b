-- Takes a point, if there is one. Returns whether there was, and in how many nanoseconds all points
-- will be restored.
-- KEYS: the limit. ARGV: now in milliseconds, nanoseconds in which one point is restored, points.
--
-- The stored value is the moment at which all points will be restored, as milliseconds and the
-- nanoseconds beyond them: numbers in Lua are exact only up to 2^53, so the script computes relative to
-- now.
local now, interval = tonumber(ARGV[1]), tonumber(ARGV[2])
local all = interval * tonumber(ARGV[3])
local owed = 0
local kept = redis.call('GET', KEYS[1])
if kept then
  local millis, nanos = string.match(kept, '^(-?%d+):(%d+)$')
  owed = (tonumber(millis) - now) * 1000000 + tonumber(nanos)
end
-- No caller waits for longer than restoring all points takes, even if the clock was set back.
owed = math.min(math.max(owed, 0), all)
local granted = 0
if owed + interval <= all then
  granted = 1
  owed = owed + interval
end
-- Expires by the server's clock, which may be ahead of the callers': hence an extra minute.
local millis = math.floor(owed / 1000000)
local keep = string.format('%.0f', millis + 60000)
local moment = string.format('%.0f:%.0f', now + millis, owed - millis * 1000000)
redis.call('SET', KEYS[1], moment, 'PX', keep)
return {granted, owed}
