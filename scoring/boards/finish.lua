-- Puts a freshly built board in the place of whatever is there, in one step.
-- KEYS: ranking, versions, state, ranking being built, versions being built, build token
-- ARGV: token, expiry (Unix seconds, 0 for never)
-- Answers the board's new version, or '' if the build is no longer ours.
local function replace(new, old)
  redis.call('UNLINK', old)
  if redis.call('EXISTS', new) == 1 then
    redis.call('RENAME', new, old)
    redis.call('PERSIST', old)
  end
end

if redis.call('GET', KEYS[6]) ~= ARGV[1] then return '' end
local clock = redis.call('TIME')
local known = tonumber(redis.call('HGET', KEYS[3], 'version') or '0')
-- From the clock, so that a board that was lost and built again never shows an old version.
local version = string.format('%.0f', math.max(known + 1, clock[1] * 1000 + math.floor(clock[2] / 1000)))
replace(KEYS[4], KEYS[1])
replace(KEYS[5], KEYS[2])
redis.call('DEL', KEYS[3], KEYS[6])
redis.call('HSET', KEYS[3], 'version', version, 'size', redis.call('ZCARD', KEYS[1]),
  'known', redis.call('HLEN', KEYS[2]))
if ARGV[2] ~= '0' then
  for i = 1, 3 do redis.call('EXPIREAT', KEYS[i], ARGV[2]) end
end
return version
