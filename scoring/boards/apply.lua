-- Takes new totals into one board; a total that is not newer than the known one changes nothing.
-- KEYS: ranking, versions, state, ranking being built, versions being built, build token
-- ARGV: rows (msgpack: person, value, version, visible, …), expiry (Unix seconds, 0 for never),
--       token of the build this call belongs to ('' for news), its lease in milliseconds
-- Answers {took part in, accepted, version}: 2 live, 1 only one being built, 0 there is no board,
--         -1 the build is no longer ours.
local ranking, versions, state = KEYS[1], KEYS[2], KEYS[3]
local new_ranking, new_versions, token = KEYS[4], KEYS[5], KEYS[6]
local CHUNK = 500  -- members a call; Lua's stack holds about 8,000 values

local function accept(ranking, versions, rows)
  local accepted = 0
  for from = 1, #rows, 4 * CHUNK do
    local upto = math.min(from + 4 * CHUNK - 1, #rows)
    local members = {}
    for i = from, upto, 4 do members[#members + 1] = rows[i] end
    local known = redis.call('HMGET', versions, unpack(members))
    local noted, ranked, unranked = {}, {}, {}
    for n, member in ipairs(members) do
      local i = from + 4 * (n - 1)
      local value, version, visible = rows[i + 1], rows[i + 2], rows[i + 3]
      if not known[n] or version > tonumber(string.match(known[n], '^%d+')) then
        accepted = accepted + 1
        noted[#noted + 1] = member
        if value > 0 and not visible then
          -- Kept beside the version: a hidden person's own line needs it.
          noted[#noted + 1] = string.format('%.0f %.0f', version, value)
        else
          noted[#noted + 1] = string.format('%.0f', version)
        end
        if value > 0 and visible then
          ranked[#ranked + 1] = string.format('%.0f', value)
          ranked[#ranked + 1] = member
        elseif known[n] then
          unranked[#unranked + 1] = member
        end
      end
    end
    if #noted > 0 then redis.call('HSET', versions, unpack(noted)) end
    if #ranked > 0 then redis.call('ZADD', ranking, unpack(ranked)) end
    if #unranked > 0 then redis.call('ZREM', ranking, unpack(unranked)) end
  end
  return accepted
end

local rows = cmsgpack.unpack(ARGV[1])
local building = redis.call('GET', token)

if ARGV[3] ~= '' then
  if building ~= ARGV[3] then return {-1, 0, '0'} end
  local accepted = accept(new_ranking, new_versions, rows)
  for _, key in ipairs({new_ranking, new_versions, token}) do
    redis.call('PEXPIRE', key, ARGV[4])
  end
  return {1, accepted, '0'}
end

local took_part, accepted, version = 0, 0, '0'
if building then
  accept(new_ranking, new_versions, rows)
  for _, key in ipairs({new_ranking, new_versions}) do redis.call('PEXPIRE', key, ARGV[4]) end
  took_part = 1
end
local now = redis.call('HMGET', state, 'version', 'size', 'known')
if now[1] and tonumber(now[2]) == redis.call('ZCARD', ranking)
    and tonumber(now[3]) == redis.call('HLEN', versions) then
  took_part = 2
  accepted = accept(ranking, versions, rows)
  version = now[1]
  if accepted > 0 then
    local clock = redis.call('TIME')
    version = string.format('%.0f', math.max(tonumber(now[1]) + 1,
      clock[1] * 1000 + math.floor(clock[2] / 1000)))
    redis.call('HSET', state, 'version', version, 'size', redis.call('ZCARD', ranking),
      'known', redis.call('HLEN', versions))
    if ARGV[2] ~= '0' then
      for _, key in ipairs({ranking, versions, state}) do redis.call('EXPIREAT', key, ARGV[2]) end
    end
  end
elseif now[1] then
  -- A part has vanished: what is left is not the board.
  redis.call('DEL', state)
end
return {took_part, accepted, version}
