-- Renews a claim, if it belongs to the caller. Returns 1 if it does, else 0.
-- KEYS: the claim. ARGV: the caller, for how many milliseconds.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
