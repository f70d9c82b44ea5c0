-- One look at a board: its top, and one person with neighbours.
-- KEYS: ranking, versions, state, the ranking at the eve
-- ARGV: offset, limit, person ('' for nobody), neighbours on each side
-- Answers {} if the board is not there, else {version, size, whether the eve is there, top, own, around}
--   top, around: {position from 0, rank of the first, person, value, rank at the eve, …}
--   own: {value, '1' if ranked in public, rank, next better value or '', its rank or '', eve rank}
local ranking, versions, state, eve = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

local now = redis.call('HMGET', state, 'version', 'size', 'known')
if not now[1] or tonumber(now[2]) ~= redis.call('ZCARD', ranking)
    or tonumber(now[3]) ~= redis.call('HLEN', versions) then
  return {}
end

local function better(key, value) return redis.call('ZCOUNT', key, '(' .. value, '+inf') end

local function eve_rank(person)
  local value = redis.call('ZSCORE', eve, person)
  if not value then return '' end
  return better(eve, value) + 1
end

local function rows(from, upto)
  if upto < from then return {} end
  local got = redis.call('ZREVRANGE', ranking, from, upto, 'WITHSCORES')
  if #got == 0 then return {} end
  local answer = {from, better(ranking, got[2]) + 1}
  for i = 1, #got, 2 do
    answer[#answer + 1] = got[i]
    answer[#answer + 1] = got[i + 1]
    answer[#answer + 1] = eve_rank(got[i])
  end
  return answer
end

local own, around = {}, {}
if ARGV[3] ~= '' then
  local value = redis.call('ZSCORE', ranking, ARGV[3])
  local public = value and '1' or '0'
  if not value then
    value = string.match(redis.call('HGET', versions, ARGV[3]) or '', ' (%d+)$') or '0'
  end
  local position = better(ranking, value)
  local next = redis.call('ZRANGEBYSCORE', ranking, '(' .. value, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
  own = {value, public, position + 1, next or '', next and better(ranking, next) + 1 or '',
    eve_rank(ARGV[3])}
  local span = tonumber(ARGV[4])
  if span > 0 and value ~= '0' then
    local place = public == '1' and redis.call('ZREVRANK', ranking, ARGV[3]) or position
    around = rows(math.max(place - span, 0), place + span - (public == '1' and 0 or 1))
  end
end
local offset, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
return {now[1], now[2], redis.call('EXISTS', eve), rows(offset, offset + limit - 1), own, around}
