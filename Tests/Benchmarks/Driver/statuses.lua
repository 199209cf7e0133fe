-- wrk -s statuses.lua URL -- PATHS: asks for the paths of a file in turn, each thread from another place, and counts the answers by
-- status; prints one JSON line.
local threads = {}

function setup(thread)
  thread:set("number", #threads)
  threads[#threads + 1] = thread
end

function init(arguments)
  requests, counts, place = {}, "", 0
  ok, empty, busy, other = 0, 0, 0, 0
  for path in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", path, {["Accept-Encoding"] = "gzip"})
  end
  place = math.floor(#requests * number / 2)
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function response(status)
  if status == 200 then ok = ok + 1
  elseif status == 204 then empty = empty + 1
  elseif status == 503 then busy = busy + 1
  else other = other + 1 end
end

function done(summary, latency)
  local total = {ok = 0, empty = 0, busy = 0, other = 0}
  for _, thread in ipairs(threads) do
    for name in pairs(total) do total[name] = total[name] + thread:get(name) end
  end
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.2f,"ok":%d,"empty":%d,"busy":%d,"other":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d,' ..
      '"p50_ms":%.1f,"p99_ms":%.1f,"max_ms":%.1f}\n',
    summary.requests, summary.duration / 1e6, total.ok, total.empty, total.busy, total.other, errors.connect, errors.read, errors.write,
    errors.timeout, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
