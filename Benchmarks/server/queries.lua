-- What wrk sends: the questions of a file, one after the other, as searches.
--   wrk -s queries.lua http://127.0.0.1:7878 -- QUESTIONS PATH MEMBERS
-- QUESTIONS has one question a line; MEMBERS is what stands beside the query in the JSON.
local questions = {}
local place = 0
local offset = 0
local statuses = {}

local threads = {}
function setup(thread)
  table.insert(threads, thread)
  thread:set("number", #threads)
end

local function escaped(text)
  return (text:gsub('[%c"\\]', function(c) return string.format("\\u%04x", c:byte()) end))
end

function init(args)
  path = args[2]
  members = args[3] or ""
  for line in io.lines(args[1]) do questions[#questions + 1] = escaped(line) end
  place = number * 7919 -- threads begin at different questions
  ok, busy, failed = 0, 0, 0
end

function request()
  place = place + 1
  local body = '{"query":"' .. questions[place % #questions + 1] .. '"' .. members .. "}"
  return wrk.format("POST", path, { ["Content-Type"] = "application/json" }, body)
end

function response(status)
  if status == 200 then ok = ok + 1 elseif status == 503 then busy = busy + 1 else failed = failed + 1 end
end

function done(summary, latency)
  local ok, busy, failed = 0, 0, 0
  for _, thread in ipairs(threads) do
    ok, busy, failed = ok + thread:get("ok"), busy + thread:get("busy"), failed + thread:get("failed")
  end
  local errors = summary.errors
  io.write(string.format("figures %.0f %.2f %.2f %.2f %d %d %d\n",
    ok / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    latency:percentile(99) / 1000, busy, failed, errors.connect + errors.read + errors.write + errors.timeout))
end
