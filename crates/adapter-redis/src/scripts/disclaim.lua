-- Gives up a claim, where it is the claimer who does.
-- KEYS: the claim. ARGV: who gives it up.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
return 0
