-- Takes a point, if there is one. Answers whether there was, and in how many nanoseconds from now all
-- points are back.
-- KEYS: what is limited. ARGV: now in milliseconds, nanoseconds in which one point comes back, points.
--
-- What is kept is the moment at which all points will be back, as milliseconds and the nanoseconds
-- beyond them: numbers of a script are exact up to 2^53 only, so it counts from now.
local now, interval = tonumber(ARGV[1]), tonumber(ARGV[2])
local all = interval * tonumber(ARGV[3])
local owed = 0
local kept = redis.call('GET', KEYS[1])
if kept then
  local millis, nanos = string.match(kept, '^(-?%d+):(%d+)$')
  owed = (tonumber(millis) - now) * 1000000 + tonumber(nanos)
end
-- Nobody waits for longer than all points need, even when the clock was set back meanwhile.
owed = math.min(math.max(owed, 0), all)
local granted = 0
if owed + interval <= all then
  granted = 1
  owed = owed + interval
end
-- It expires by the server's clock, which may run ahead of the callers': hence a minute more.
local millis = math.floor(owed / 1000000)
local keep = string.format('%.0f', millis + 60000)
local moment = string.format('%.0f:%.0f', now + millis, owed - millis * 1000000)
redis.call('SET', KEYS[1], moment, 'PX', keep)
return {granted, owed}
