-- Requests of one workload. Arguments after `--`: workload, folder with tokens.txt and lessons.txt, first user.
-- Every request is by the next user, so that no row of anybody stays hot by accident.
local workload, folder, first

local function lines(name)
  local all = {}
  for line in io.lines(folder .. "/" .. name) do all[#all + 1] = line end
  return all
end

local count = 0
local made = {}
local tokens, lessons

function init(args)
  workload, folder, first = args[1], args[2], tonumber(args[3] or "0")
  count = first
  tokens, lessons = lines("tokens.txt"), lines("lessons.txt")
  if workload == "profile" or workload == "lesson" then
    for i = 1, #tokens do
      local path = workload == "profile" and "/api/users/profile" or "/api/lessons/" .. lessons[i % #lessons + 1]
      made[i] = wrk.format("GET", path, { ["Authorization"] = "Bearer " .. tokens[i] })
    end
  elseif workload == "plans" then
    made[1] = wrk.format("GET", "/api/plans")
  elseif workload == "nginx" then
    made[1] = wrk.format("GET", "/")
  end
end

function request()
  count = count + 1
  if workload == "progress" then
    -- Walks users fast and lessons slowly: after all users, the next lesson. The score is never the same twice in a row.
    local user = count % #tokens + 1
    local lesson = lessons[math.floor(count / #tokens) % #lessons + 1]
    local body = '{"lessonId":"' .. lesson .. '","score":' .. count % 101 .. ',"positionSeconds":' .. count % 600 .. '}'
    return "POST /api/progress/save HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. tokens[user] ..
      "\r\nContent-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
  end
  return made[count % #made + 1]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('RESULT {"requests":%d,"us":%d,"p50":%d,"p99":%d,"max":%d,"status":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect, errors.read, errors.write, errors.timeout))
end
