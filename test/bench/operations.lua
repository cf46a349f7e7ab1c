-- wrk script: OP picks the operation; every request is a complete AWS call with an unchecked SigV4 header.
local op = os.getenv("OP")
local queue = os.getenv("QUEUE_URL") or ""
local n = 0
local body = string.rep("x", 1024)

local function headers(service, more)
  local h = {
    ["Authorization"] = "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/" .. service .. "/aws4_request, SignedHeaders=host, Signature=0",
    ["X-Amz-Date"] = "20261121T000000Z",
  }
  for name, value in pairs(more) do h[name] = value end
  return h
end
local function json(service, target)
  return headers(service, { ["X-Amz-Target"] = target, ["Content-Type"] = "application/x-amz-json-1.0" })
end

local object = headers("s3", { ["Content-Type"] = "binary/octet-stream", ["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD" })
local put_item, get_item = json("dynamodb", "DynamoDB_20120810.PutItem"), json("dynamodb", "DynamoDB_20120810.GetItem")
local send_message = json("sqs", "AmazonSQS.SendMessage")
local form = headers("sts", { ["Content-Type"] = "application/x-www-form-urlencoded" })
local value = string.rep("y", 256)

local requests = {
  GetCallerIdentity = function() return wrk.format("POST", "/", form, "Action=GetCallerIdentity&Version=2011-06-15") end,
  PutObject = function() n = n + 1; return wrk.format("PUT", "/bench-bucket/key" .. (n % 20000), object, body) end,
  GetObject = function() n = n + 1; return wrk.format("GET", "/bench-bucket/key" .. (n % 1000), object) end,
  PutItem = function()
    n = n + 1
    local item = '{"id":{"S":"k' .. (n % 20000) .. '"},"v":{"S":"' .. value .. '"},"n":{"N":"42"}}'
    return wrk.format("POST", "/", put_item, '{"TableName":"bench-table","Item":' .. item .. '}')
  end,
  GetItem = function()
    n = n + 1
    return wrk.format("POST", "/", get_item, '{"TableName":"bench-table","Key":{"id":{"S":"k' .. (n % 1000) .. '"}}}')
  end,
  SendMessage = function() return wrk.format("POST", "/", send_message, '{"QueueUrl":"' .. queue .. '","MessageBody":"hello"}') end,
}
request = requests[op]

done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('RESULT {"perSecond":%.0f,"p50Us":%d,"p99Us":%d,"failed":%d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50), latency:percentile(99),
    e.status + e.connect + e.read + e.write + e.timeout))
end
