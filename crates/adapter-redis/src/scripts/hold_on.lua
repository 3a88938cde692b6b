-- Holds on to a claim, where it is the claimer who does. Answers 1 if it is, else 0.
-- KEYS: the claim. ARGV: who holds on to it, for how many milliseconds.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
