import {
  CancelMessageMoveTaskCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskRequest,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { manualClock, type ManualClock } from "../../../platform/clock.ts";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";

let cloud: TestCloud;
let clock: ManualClock;
let sqs: SQSClient;
beforeEach(async () => {
  clock = manualClock();
  cloud = await startCloud({ clock });
  sqs = new SQSClient(cloud.aws());
});
afterEach(async () => {
  sqs.destroy();
  await cloud.stop();
});

const arn = (name: string) => `arn:aws:sqs:us-east-1:111111111111:${name}`;
const url = (name: string) => `${cloud.endpoint}/111111111111/${name}`;
const create = (QueueName: string, Attributes: Record<string, string> = {}) =>
  sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
const send = (name: string, MessageBody: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl: url(name), MessageBody }));
const receive = async (name: string) =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl: url(name), MaxNumberOfMessages: 10 }))).Messages ?? [];
const start = (request: StartMessageMoveTaskRequest) => sqs.send(new StartMessageMoveTaskCommand(request));
const list = async (name: string, MaxResults = 10) =>
  (await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arn(name), MaxResults }))).Results ?? [];
const count = async (name: string) => {
  const wish = { QueueUrl: url(name), AttributeNames: ["ApproximateNumberOfMessages" as const] };
  return (await sqs.send(new GetQueueAttributesCommand(wish))).Attributes?.ApproximateNumberOfMessages;
};

/** A queue whose messages, once received, go to `dead` at the next receive. */
async function dying(name: string): Promise<void> {
  await create("dead");
  await create(name, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn("dead"), maxReceiveCount: 1 }) });
}
async function bury(name: string, ...bodies: string[]): Promise<void> {
  for (const body of bodies) await send(name, body);
  for (const { ReceiptHandle } of await receive(name)) {
    const shown = { QueueUrl: url(name), ReceiptHandle: ReceiptHandle!, VisibilityTimeout: 0 };
    await sqs.send(new ChangeMessageVisibilityCommand(shown));
  }
  expect(await receive(name)).toEqual([]);
}

describe("a move of messages", () => {
  test("brings each message back to the queue that gave it up, as a new message", async () => {
    await dying("one");
    await dying("two");
    await bury("one", "a");
    await bury("two", "b");
    const { TaskHandle } = await start({ SourceArn: arn("dead") });
    expect(JSON.parse(Buffer.from(TaskHandle!, "base64").toString())).toMatchObject({ sourceArn: arn("dead") });
    await cloud.engine.settled();
    expect([(await receive("one"))[0]?.Body, (await receive("two"))[0]?.Body, await count("dead")]).toEqual([
      "a",
      "b",
      "0",
    ]);
    expect(await list("dead")).toEqual([
      {
        Status: "COMPLETED",
        SourceArn: arn("dead"),
        ApproximateNumberOfMessagesMoved: 2,
        ApproximateNumberOfMessagesToMove: 2,
        StartedTimestamp: clock.nowMs(),
      },
    ]);
  });

  test("takes the messages to another queue when it is told to", async () => {
    await dying("one");
    await create("other");
    await send("dead", "sent here directly");
    await start({ SourceArn: arn("dead"), DestinationArn: arn("other") });
    await cloud.engine.settled();
    expect((await receive("other")).map(({ Body }) => Body)).toEqual(["sent here directly"]);
  });

  test("fails over a message whose origin nobody knows, and leaves it", async () => {
    await dying("one");
    await send("dead", "sent here directly");
    await start({ SourceArn: arn("dead") });
    await cloud.engine.settled();
    expect(await list("dead")).toMatchObject([{ Status: "FAILED", FailureReason: "CouldNotDetermineMessageSource" }]);
    expect(await count("dead")).toBe("1");
  });

  test("keeps to its rate, and is seen, refused a second time and cancelled while it runs", async () => {
    await dying("one");
    await create("other");
    for (const body of ["a", "b", "c", "d", "e"]) await send("dead", body);
    const wish = { SourceArn: arn("dead"), DestinationArn: arn("other"), MaxNumberOfMessagesPerSecond: 2 };
    const { TaskHandle } = await start(wish);
    await cloud.engine.settled();
    expect(await count("other")).toBe("2");
    clock.advanceSeconds(1);
    await cloud.engine.settled();
    expect(await list("dead")).toEqual([
      {
        TaskHandle,
        Status: "RUNNING",
        SourceArn: arn("dead"),
        DestinationArn: arn("other"),
        MaxNumberOfMessagesPerSecond: 2,
        ApproximateNumberOfMessagesMoved: 4,
        ApproximateNumberOfMessagesToMove: 5,
        StartedTimestamp: clock.nowMs() - 1000,
      },
    ]);
    await expect(start(wish)).rejects.toMatchObject({
      name: "InvalidParameterValue",
      message:
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
    });
    const cancel = () => sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: TaskHandle! }));
    expect(await cancel()).toMatchObject({ ApproximateNumberOfMessagesMoved: 4 });
    clock.advanceSeconds(1);
    await cloud.engine.settled();
    expect(await list("dead")).toMatchObject([{ Status: "CANCELLED", ApproximateNumberOfMessagesMoved: 4 }]);
    expect([await count("dead"), await count("other")]).toEqual(["1", "4"]);
    await expect(cancel()).rejects.toMatchObject({
      name: "UnsupportedOperation",
      message: "Only active tasks can be cancelled.",
    });
  });

  test("is listed the newest first, ten of them at most", async () => {
    await dying("one");
    for (let i = 0; i < 12; i++) {
      await start({ SourceArn: arn("dead") });
      await cloud.engine.settled();
      clock.advanceSeconds(1);
    }
    const started = (await list("dead")).map(({ StartedTimestamp }) => StartedTimestamp!);
    expect(started).toHaveLength(10);
    expect(started).toEqual([...started].sort((a, b) => b - a));
    expect(await list("dead", 1)).toHaveLength(1);
  });

  test.each([
    ["from a queue that is not there", { SourceArn: "none" }, "ResourceNotFoundException",
      "The resource that you specified for the SourceArn parameter doesn't exist."],
    ["to a queue that is not there", { SourceArn: "dead", DestinationArn: "none" }, "ResourceNotFoundException",
      "The resource that you specified for the DestinationArn parameter doesn't exist."],
    ["from a queue that takes no dead letters", { SourceArn: "one" }, "InvalidParameterValue",
      "Source queue must be configured as a Dead Letter Queue."],
    ["into itself", { SourceArn: "dead", DestinationArn: "dead" }, "InvalidParameterValue",
      "Source queue and destination queue must not be the same queue."],
    ["to a queue of another kind", { SourceArn: "dead", DestinationArn: "f.fifo" }, "InvalidParameterValue",
      "Source queue and destination queue must be of the same type."],
    ["at no rate", { SourceArn: "dead", MaxNumberOfMessagesPerSecond: 501 }, "InvalidParameterValue",
      "Value 501 for parameter MaxNumberOfMessagesPerSecond is invalid. " +
        "Reason: Must be between 1 and 500, if provided."],
  ])("%s is refused", async (_, { SourceArn, DestinationArn, ...rest }: StartMessageMoveTaskRequest, name, message) => {
    await dying("one");
    await create("f.fifo", { FifoQueue: "true" });
    const ends = { SourceArn: arn(SourceArn!), ...(DestinationArn && { DestinationArn: arn(DestinationArn) }) };
    await expect(start({ ...ends, ...rest })).rejects.toMatchObject({ name, message });
  });

  test("that nobody began is not cancelled", async () => {
    await dying("one");
    const handle = (task: object) => Buffer.from(JSON.stringify(task)).toString("base64");
    const cancel = (TaskHandle: string) => sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    await expect(cancel(handle({ taskId: "x", sourceArn: arn("dead") }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Task does not exist.",
    });
    await expect(cancel("nonsense")).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });
});
