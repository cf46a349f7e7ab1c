-- wrk script: OP picks the operation; every request is a complete AWS call with an unchecked SigV4 header.
-- RECORDS: how many there are of everything; keys are then picked at random among them, else they come in turn.
local op = os.getenv("OP")
local records = tonumber(os.getenv("RECORDS") or "")
local queue = os.getenv("QUEUE_URL") or ""
local n = 0
local body = string.rep("x", 1024)
local large = string.rep("x", 10 * 1024 * 1024)
math.randomseed(tonumber(os.getenv("SEED") or "1"))

local function next_of(cycle)
  n = n + 1
  return records and math.random(0, records - 1) or n % cycle
end

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
local function post(h, text) return wrk.format("POST", "/", h, text) end

local object = headers("s3", { ["Content-Type"] = "binary/octet-stream", ["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD" })
local put_item, get_item = json("dynamodb", "DynamoDB_20120810.PutItem"), json("dynamodb", "DynamoDB_20120810.GetItem")
local query, transact = json("dynamodb", "DynamoDB_20120810.Query"), json("dynamodb", "DynamoDB_20120810.TransactWriteItems")
local send_message, receive = json("sqs", "AmazonSQS.SendMessage"), json("sqs", "AmazonSQS.ReceiveMessage")
local delete_message = json("sqs", "AmazonSQS.DeleteMessage")
local form = { ["Content-Type"] = "application/x-www-form-urlencoded" }
local sts, sns = headers("sts", form), headers("sns", form)
local value = string.rep("y", 256)

local function item(key) return '{"id":{"S":"k' .. key .. '"},"v":{"S":"' .. value .. '"},"n":{"N":"42"}}' end
local function send() return post(send_message, '{"QueueUrl":"' .. queue .. '","MessageBody":"hello"}') end
local receipts = {}

local requests = {
  GetCallerIdentity = function() return post(sts, "Action=GetCallerIdentity&Version=2011-06-15") end,
  PutObject = function() return wrk.format("PUT", "/bench-bucket/key" .. next_of(20000), object, body) end,
  GetObject = function() return wrk.format("GET", "/bench-bucket/key" .. next_of(1000), object) end,
  -- Always a full page: where there are no more than that, from the beginning.
  ListObjectsV2 = function()
    local from = records > 1000 and "&start-after=key" .. next_of(1000) or ""
    return wrk.format("GET", "/bench-bucket?list-type=2&max-keys=1000" .. from, object)
  end,
  PutItem = function() return post(put_item, '{"TableName":"bench-table","Item":' .. item(next_of(20000)) .. "}") end,
  GetItem = function()
    return post(get_item, '{"TableName":"bench-table","Key":{"id":{"S":"k' .. next_of(1000) .. '"}}}')
  end,
  -- To another product each time, so that the entry in the index moves.
  PutItemIndexed = function()
    local at, product = next_of(20000), next_of(20000)
    return post(put_item, '{"TableName":"bench-indexed","Item":{"customer":{"S":"c' .. math.floor(at / 100) ..
      '"},"order":{"N":"' .. at % 100 .. '"},"product":{"S":"p' .. product .. '"},"v":{"S":"' .. value .. '"}}}')
  end,
  Query = function()
    return post(query, '{"TableName":"bench-indexed","KeyConditionExpression":"customer = :c",' ..
      '"ExpressionAttributeValues":{":c":{"S":"c' .. math.floor(next_of(1000) / 100) .. '"}}}')
  end,
  TransactWriteItems = function()
    local actions, from = {}, next_of(20000)
    for i = 1, 10 do
      actions[i] = '{"Put":{"TableName":"bench-table","Item":' .. item((from + i * 7919) % (records or 20000)) .. "}}"
    end
    local token = op .. math.random(1, 1e9) .. "-" .. n
    return post(transact, '{"ClientRequestToken":"' .. token .. '","TransactItems":[' .. table.concat(actions, ",") .. "]}")
  end,
  SendMessage = send,
  -- Whatever was received is deleted next; else a send and a receive in turn.
  SendReceiveDelete = function()
    local receipt = table.remove(receipts)
    if receipt then
      return post(delete_message, '{"QueueUrl":"' .. queue .. '","ReceiptHandle":"' .. receipt .. '"}')
    end
    n = n + 1
    return n % 2 == 0 and send() or post(receive, '{"QueueUrl":"' .. queue .. '"}')
  end,
  Publish = function()
    return post(sns, "Action=Publish&Version=2010-03-31&Message=hello&TopicArn=arn:aws:sns:us-east-1:000000000000:bench-topic")
  end,
  PutObject10MiB = function() n = n + 1; return wrk.format("PUT", "/bench-bucket/large" .. n % 8, object, large) end,
  GetObject10MiB = function() n = n + 1; return wrk.format("GET", "/bench-bucket/large" .. n % 8, object) end,
}
request = requests[op]

-- Only where it is needed: wrk hands over no bodies otherwise, which costs it less.
if op == "SendReceiveDelete" then
  response = function(_, _, text)
    local receipt = string.match(text, '"ReceiptHandle":"([^"]+)"')
    if receipt then receipts[#receipts + 1] = receipt end
  end
end

done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('RESULT {"requests":%d,"perSecond":%.1f,"p50Us":%d,"p99Us":%d,"failed":%d}\n',
    summary.requests, summary.requests / (summary.duration / 1e6), latency:percentile(50), latency:percentile(99),
    e.status + e.connect + e.read + e.write + e.timeout))
end
