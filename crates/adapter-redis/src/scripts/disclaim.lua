-- Releases a claim, if it belongs to the caller.
-- KEYS: the claim. ARGV: the caller.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
return 0
