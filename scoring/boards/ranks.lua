-- The standings of some people.
-- KEYS: ranking, versions, state   ARGV: people
-- Answers {} if the board is not there, else {'there', person, value, rank, …} of those on it.
local ranking, versions, state = KEYS[1], KEYS[2], KEYS[3]
local now = redis.call('HMGET', state, 'version', 'size', 'known')
if not now[1] or tonumber(now[2]) ~= redis.call('ZCARD', ranking)
    or tonumber(now[3]) ~= redis.call('HLEN', versions) then
  return {}
end
local answer = {'there'}
for _, person in ipairs(ARGV) do
  local value = redis.call('ZSCORE', ranking, person)
  if value then
    answer[#answer + 1] = person
    answer[#answer + 1] = value
    answer[#answer + 1] = redis.call('ZCOUNT', ranking, '(' .. value, '+inf') + 1
  end
end
return answer
