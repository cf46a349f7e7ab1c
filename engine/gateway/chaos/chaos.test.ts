import {
  CreateBucketCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import {
  CreateQueueCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, onTestFinished, test } from "vitest";
import { composeEngine } from "../../compose.ts";
import { memoryBlobStore } from "../../kernel/memory-blobs.ts";
import { memoryStore } from "../../kernel/memory.ts";
import { manualClock } from "../../platform/clock.ts";
import { seededRandom } from "../../platform/random.ts";
import { startCloud, type TestCloud } from "../../testing/cloud.ts";
import type { RuleInput } from "./rule.ts";

const START_MS = Date.parse("2030-01-01T00:00:00Z");

async function started(parts: Parameters<typeof startCloud>[0] = {}): Promise<TestCloud> {
  const cloud = await startCloud({ clock: manualClock(), ...parts });
  onTestFinished(() => cloud.stop());
  return cloud;
}

const s3On = (cloud: TestCloud, more: object = {}) =>
  new S3Client({ ...cloud.aws(), forcePathStyle: true, ...more });
const failureOf = (sent: Promise<unknown>) =>
  sent.then(
    () => "no failure",
    ({ name, message, $metadata }) => ({ name, message, status: $metadata?.httpStatusCode, id: $metadata?.requestId }),
  );

describe("a request that a rule is about", () => {
  test("fails as its cloud fails: with the code, the status and the id of the request", async () => {
    const cloud = await started();
    await cloud.engine.chaos.add({ effect: "fail", service: "s3", operation: "CreateBucket", error: "AccessDenied" });
    const s3 = s3On(cloud);
    expect(await failureOf(s3.send(new CreateBucketCommand({ Bucket: "photos" })))).toEqual({
      name: "AccessDenied",
      message: "Rule 1 of chaos makes this fail.",
      status: 403,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
  });

  test("fails with an error that its model has a shape for, and with any other that is given a status", async () => {
    const cloud = await started();
    const { chaos } = cloud.engine;
    await chaos.add({ effect: "fail", service: "dynamodb", error: "ResourceNotFoundException", count: 1 });
    await chaos.add({ effect: "fail", service: "dynamodb", error: "Gremlins", status: 418, count: 1 });
    const dynamodb = new DynamoDBClient(cloud.aws());
    const get = () => failureOf(dynamodb.send(new GetItemCommand({ TableName: "t", Key: { id: { S: "1" } } })));
    expect(await get()).toMatchObject({ name: "ResourceNotFoundException", status: 400 });
    expect(await get()).toMatchObject({ name: "Gremlins", status: 418 });
  });

  test("fails, without a code, with what each service says of a failure inside", async () => {
    const cloud = await started();
    await cloud.engine.chaos.add({ effect: "fail" });
    const once = { ...cloud.aws(), maxAttempts: 1 };
    const failed = async (sent: Promise<unknown>) => {
      const { name, status } = (await failureOf(sent)) as { name: string; status: number };
      return [name, status];
    };
    const s3 = s3On(cloud, { maxAttempts: 1 });
    expect(await failed(s3.send(new ListBucketsCommand({})))).toEqual(["InternalError", 500]);
    const get = new GetItemCommand({ TableName: "notes", Key: { id: { S: "1" } } });
    expect(await failed(new DynamoDBClient(once).send(get))).toEqual(["InternalServerError", 500]);
    expect(await failed(new SQSClient(once).send(new ListQueuesCommand({})))).toEqual(["InternalFailure", 500]);
  });

  test("is any that names the resource, batches, transactions and statements too", async () => {
    const cloud = await started();
    await cloud.engine.chaos.add({ effect: "fail", resource: "notes", error: "Gremlins", status: 400 });
    const dynamodb = new DynamoDBClient(cloud.aws());
    const put = { TableName: "notes", Item: { id: { S: "1" } } };
    const keys = { Keys: [{ id: { S: "1" } }] };
    const transaction = [{ Put: { ...put, TableName: "others" } }, { Put: put }];
    const statements = [{ Statement: "DELETE FROM notes WHERE id = '1'" }];
    const requests = [
      dynamodb.send(new BatchGetItemCommand({ RequestItems: { others: keys, notes: keys } })),
      dynamodb.send(new BatchWriteItemCommand({ RequestItems: { notes: [{ PutRequest: { Item: put.Item } }] } })),
      dynamodb.send(new TransactWriteItemsCommand({ TransactItems: transaction })),
      dynamodb.send(new ExecuteStatementCommand({ Statement: 'SELECT * FROM "notes"."by-day" WHERE day = 1' })),
      dynamodb.send(new BatchExecuteStatementCommand({ Statements: statements })),
    ];
    for (const request of requests) expect(await failureOf(request)).toMatchObject({ name: "Gremlins" });
    expect(await failureOf(dynamodb.send(new BatchGetItemCommand({ RequestItems: { others: keys } })))).toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  test("is throttled with the code that each service has for it, so that the SDK tries again", async () => {
    const cloud = await started();
    const calls: [string, (client: { aws: object }) => Promise<unknown>, string, number][] = [
      ["s3 ListBuckets", ({ aws }) => s3On(cloud, aws).send(new ListBucketsCommand({})), "SlowDown", 503],
      [
        "dynamodb GetItem",
        ({ aws }) =>
          new DynamoDBClient({ ...cloud.aws(), ...aws }).send(
            new GetItemCommand({ TableName: "notes", Key: { id: { S: "1" } } }),
          ),
        "ProvisionedThroughputExceededException",
        400,
      ],
      [
        "sqs ListQueues",
        ({ aws }) => new SQSClient({ ...cloud.aws(), ...aws }).send(new ListQueuesCommand({})),
        "ThrottlingException",
        400,
      ],
      [
        "iam ListRoles",
        ({ aws }) => new IAMClient({ ...cloud.aws(), ...aws }).send(new ListRolesCommand({})),
        "Throttling",
        400,
      ],
      [
        "sts GetCallerIdentity",
        ({ aws }) => new STSClient({ ...cloud.aws(), ...aws }).send(new GetCallerIdentityCommand({})),
        "Throttling",
        400,
      ],
    ];
    await new DynamoDBClient(cloud.aws()).send(
      new CreateTableCommand({
        TableName: "notes",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    for (const [name, call, code, status] of calls) {
      const [service, operation] = name.split(" ");
      const { id } = await cloud.engine.chaos.add({ effect: "throttle", service, operation, count: 2 });
      expect(await failureOf(call({ aws: { maxAttempts: 1 } }))).toMatchObject({ name: code, status });
      const answered = (await call({ aws: { maxAttempts: 2 } })) as { $metadata: object };
      expect(answered.$metadata).toMatchObject({ httpStatusCode: 200, attempts: 2 });
      await cloud.engine.chaos.remove(id);
    }
  });

  test("is delayed on the engine's clock, and carried out then", async () => {
    const clock = manualClock();
    const cloud = await started({ clock });
    await cloud.engine.chaos.add({ effect: "delay", service: "s3", operation: "CreateBucket", delayMs: 5000 });
    const s3 = s3On(cloud);
    let isDone = false;
    const created = s3.send(new CreateBucketCommand({ Bucket: "photos" })).then(() => (isDone = true));
    await expect.poll(async () => (await cloud.engine.chaos.events()).at(-1)?.what).toBe("disturbed");
    clock.advanceMs(4999);
    expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
    expect(isDone).toBe(false);
    clock.advanceMs(1);
    await created;
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toHaveLength(1);
  });

  test("loses its connection, before it is carried out or with the answer on its way", async () => {
    const cloud = await started();
    const sqs = new SQSClient(cloud.aws());
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "jobs" }));
    const rule = { effect: "drop", service: "sqs", operation: "SendMessage", count: 1 } as const;
    const send = () => failureOf(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" })));
    const received = async () =>
      (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))).Messages?.length ?? 0;
    await cloud.engine.chaos.add(rule);
    expect(await send()).toMatchObject({ status: undefined, id: undefined });
    expect(await received()).toBe(0);
    await cloud.engine.chaos.add({ ...rule, isAfter: true });
    expect(await send()).toMatchObject({ status: undefined, id: undefined });
    expect(await received()).toBe(1);
  });

  test("also has a large body cut off, over the connection that carries it", async () => {
    const cloud = await started();
    const s3 = s3On(cloud);
    await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
    await cloud.engine.chaos.add({ effect: "drop", operation: "PutObject" });
    const Body = Buffer.alloc(3_000_000);
    expect(await failureOf(s3.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body })))).toMatchObject({
      status: undefined,
    });
  });

  test("of the engine's own API is not carried out when its client has gone while it was delayed", async () => {
    const clock = manualClock();
    const { endpoint, engine } = await started({ clock });
    await engine.chaos.add({ effect: "delay", delayMs: 60_000, operation: "createQueue" });
    const call = (operation: string, input: object, more: object = {}) =>
      fetch(`${endpoint}/_cloudstack/api/queues/${operation}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(input),
        ...more,
      });
    const impatient = new AbortController();
    const given = call("createQueue", { queue: "jobs" }, { signal: impatient.signal }).catch(() => "gone");
    await expect.poll(async () => (await engine.chaos.list())[0]?.disturbed, { timeout: 30_000 }).toBe(1);
    impatient.abort();
    expect(await given).toBe("gone");
    // One more, so that the server has heard of the end of the first.
    expect(await (await call("listQueues", {})).json()).toMatchObject({ queues: [] });
    clock.advanceSeconds(60);
    expect(await (await call("listQueues", {})).json()).toMatchObject({ queues: [] });
  });

  test("is one of the engine's own API, too", async () => {
    const cloud = await started();
    await cloud.engine.chaos.add({ effect: "throttle", cloud: "native", operation: "createQueue", count: 1 });
    await cloud.engine.chaos.add({ effect: "drop", cloud: "native", operation: "createQueue", skip: 0, count: 1 });
    const create = () =>
      fetch(`${cloud.endpoint}/_cloudstack/api/queues/createQueue`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ queue: "jobs" }),
      });
    const throttled = await create();
    expect(throttled.status).toBe(429);
    expect(await throttled.json()).toMatchObject({ error: { code: "Throttled", kind: "throttled" } });
    await expect(create()).rejects.toThrow("fetch failed");
    expect((await create()).status).toBe(200);
  });
});

describe("a rule", () => {
  test("is about a service, an operation or a resource, by name or by pattern", async () => {
    const cloud = await started();
    const s3 = s3On(cloud);
    for (const Bucket of ["photos", "films"]) await s3.send(new CreateBucketCommand({ Bucket }));
    const put = async (Bucket: string, Key: string) =>
      (await failureOf(s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" })))) === "no failure";
    const holds = async (rule: Omit<RuleInput, "effect">) => {
      const { id } = await cloud.engine.chaos.add({ effect: "fail", status: 403, ...rule });
      const photos = [await put("photos", "2030/a.jpg"), await put("photos", "2030/b.jpg")];
      const passed = [...photos, await put("films", "a.jpg")];
      await cloud.engine.chaos.remove(id);
      return passed;
    };
    expect(await holds({ operation: "put*" })).toEqual([false, false, false]);
    expect(await holds({ cloud: "aws", service: "s3", resource: "photos" })).toEqual([false, false, true]);
    expect(await holds({ resource: "a.jpg" })).toEqual([false, true, false]);
    expect(await holds({ resource: "photos/2030/b*" })).toEqual([true, false, true]);
    expect(await holds({ service: "sqs" })).toEqual([true, true, true]);
    expect(await holds({ cloud: "native" })).toEqual([true, true, true]);
  });

  test("lets the first calls pass and ends after its number of disturbances", async () => {
    const cloud = await started();
    await cloud.engine.chaos.add({ effect: "fail", operation: "HeadBucket", skip: 2, count: 2, status: 500 });
    const s3 = s3On(cloud);
    await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
    const statuses: unknown[] = [];
    for (let call = 0; call < 6; call += 1)
      statuses.push(
        await s3.send(new HeadBucketCommand({ Bucket: "photos" })).then(
          () => 200,
          ({ $metadata }) => $metadata.httpStatusCode,
        ),
      );
    expect(statuses).toEqual([200, 200, 500, 500, 200, 200]);
    expect(await cloud.engine.chaos.list()).toMatchObject([{ seen: 4, disturbed: 2 }]);
    expect(cloud.engine.passage.gate).toBeUndefined();
  });

  test("with a probability disturbs the same calls for the same seed", async () => {
    const pattern = async (seed: number) => {
      const cloud = await started();
      await cloud.engine.chaos.add({ effect: "fail", operation: "ListQueues", probability: 0.4, seed, status: 500 });
      const sqs = new SQSClient(cloud.aws());
      let text = "";
      for (let call = 0; call < 40; call += 1)
        text += (await failureOf(sqs.send(new ListQueuesCommand({})))) === "no failure" ? "." : "x";
      return text;
    };
    const first = await pattern(1);
    expect(await pattern(1)).toBe(first);
    expect(await pattern(2)).not.toBe(first);
    expect([...first].filter((each) => each === "x").length).toBeGreaterThan(8);
    expect([...first].filter((each) => each === "x").length).toBeLessThan(25);
  });

  test("is kept with what it has done, by engines that come later and by others on its store", async () => {
    const store = memoryStore();
    const engineOn = async () => {
      const engine = composeEngine({ store, blobs: memoryBlobStore(), clock: manualClock(), random: seededRandom(1) });
      await engine.start();
      return engine;
    };
    const [first, second] = [await engineOn(), await engineOn()];
    const { id } = await first.chaos.add({ effect: "throttle", service: "sqs", probability: 0.5 });
    await first.chaos.add({ effect: "fail", service: "s3", count: 1 });
    await expect.poll(() => second.passage.gate).toBeDefined();
    const third = await engineOn();
    onTestFinished(() => third.close());
    const rules = await third.chaos.list();
    expect(rules).toMatchObject([
      { id: "1", effect: "throttle", probability: 0.5, seed: expect.any(Number), seen: 0, disturbed: 0 },
      { id: "2", effect: "fail", count: 1, createdAtMs: START_MS },
    ]);
    await third.chaos.remove(id);
    expect(await third.chaos.clear()).toBe(1);
    await expect.poll(() => first.passage.gate).toBeUndefined();
    expect((await third.chaos.add({ effect: "throttle" })).id).toBe("3");
  });

  test("tells what was done to it and what it did", async () => {
    const cloud = await started();
    const { chaos } = cloud.engine;
    const { id } = await chaos.add({ effect: "fail", service: "s3", operation: "CreateBucket", status: 503, count: 1 });
    await failureOf(s3On(cloud).send(new CreateBucketCommand({ Bucket: "photos" })));
    await chaos.remove(id);
    const text = "fail s3 CreateBucket with status 503, once";
    const common = { about: "chaos", atMs: START_MS, rule: "1", text };
    const call = {
      cloud: "aws",
      service: "s3",
      operation: "CreateBucket",
      resource: "photos",
      account: "111111111111",
      region: "us-east-1",
    };
    expect(await chaos.events()).toEqual([
      { ...common, what: "added" },
      { ...common, what: "disturbed", call },
      { ...common, what: "removed" },
    ]);
  });

  test.each<[RuleInput | object, string]>([
    [{ effect: "break" }, 'There is no effect "break": fail, delay, throttle, drop.'],
    [{ effect: "fail", cloud: "awz" }, 'There is no cloud "awz": did you mean "aws"?'],
    [{ effect: "fail", service: "dynamobd" }, 'There is no service "dynamobd": did you mean "dynamodb"?'],
    [
      { effect: "fail", service: "s3", operation: "PutObjct" },
      'There is no operation "PutObjct" of s3: did you mean "PutObject"?',
    ],
    [{ effect: "fail", operation: "Queue.creat" }, 'There is no operation "Queue.creat": did you mean "Queue.create"?'],
    [{ effect: "fail", service: "sqs", operation: "PutObject" }, 'There is no operation "PutObject" of sqs.'],
    [
      { effect: "fail", service: "dynamodb", error: "ResourceNotFoundExeption" },
      'knows the error "ResourceNotFoundExeption" (did you mean "ResourceNotFoundException"?).',
    ],
    [{ effect: "fail", status: 200 }, "The status of a failure is from 400 to 599, not 200."],
    [{ effect: "fail", probability: 1.5 }, "A probability is above 0 and at most 1, not 1.5."],
    [{ effect: "fail", count: 0 }, "A count is a whole number from 1, not 0."],
    [{ effect: "delay" }, "A delay needs a time: how long."],
    [{ effect: "delay", delayMs: -1 }, "A delay takes more than nothing and at most a day, not -1 ms."],
    [{ effect: "throttle", error: "SlowDown" }, 'An error belongs to "fail", not to "throttle".'],
    [{ effect: "throttle", seed: 4 }, "A seed belongs to a probability: without one every call is disturbed."],
  ])("that could not do anything is refused: %j", async (rule, message) => {
    const { engine } = await started();
    const refused = { code: "InvalidChaosRule", kind: "invalidInput", message: expect.stringContaining(message) };
    await expect(engine.chaos.add(rule as RuleInput)).rejects.toMatchObject(refused);
    expect(await engine.chaos.list()).toEqual([]);
  });

  test("that is not there cannot be removed", async () => {
    const { engine } = await started();
    await expect(engine.chaos.remove("7")).rejects.toMatchObject({ code: "NoSuchChaosRule", kind: "notFound" });
  });
});
