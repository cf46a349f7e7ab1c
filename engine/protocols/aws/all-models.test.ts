import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../platform/random.ts";
import type { WireRequest } from "../wire.ts";
import { AwsFailure, type AwsRoute } from "./codec.ts";
import { codecFor } from "./codecs.ts";
import { loadAwsModel } from "./load-model.ts";
import { modelIndex } from "./model-index.ts";
import { randomValue } from "../../testing/random-values.ts";
import { violationsOf } from "./validate.ts";

const random = seededRandom(7);
const requestOf = (body: Uint8Array | string, headers: WireRequest["headers"] = {}): WireRequest => ({
  method: "POST",
  path: "/",
  query: "",
  headers,
  body: Readable.from([Buffer.from(body)]),
  isSecure: false,
  host: "localhost",
  requestId: "r",
});

describe("every operation of every AWS service", () => {
  test("writes a random output, and a failure, in each of its protocols", () => {
    let operations = 0;
    for (const { id } of modelIndex().rows) {
      const model = loadAwsModel(id)!;
      for (const operation of model.operations.values()) {
        if (operation.output !== undefined && hasEvents(operation.output.members)) continue;
        operations++;
        const output =
          operation.output === undefined ? {} : (randomValue(operation.output, random) as Record<string, unknown>);
        for (const protocol of model.protocols) {
          const route: AwsRoute = { model, operation, protocol, labels: {} };
          const { status, body } = codecFor(protocol).serialize(route, output, "r");
          if (!Number.isInteger(status) || String(body).includes("[object Object]"))
            expect.fail(`${id}.${operation.name} over ${protocol}`);
        }
      }
      for (const protocol of model.protocols) {
        const failure = { code: "SomeException", status: 400, message: "m", fault: "client" as const };
        expect(codecFor(protocol).serializeFailure({ model, protocol }, failure, "r").status).toBe(400);
      }
    }
    expect(operations).toBeGreaterThan(19_000);
  }, 120_000);

  test("reads back, over CBOR and JSON, what was written from the same shape", async () => {
    for (const { id } of modelIndex().rows) {
      const model = loadAwsModel(id)!;
      const protocol = (["json", "rpc-v2-cbor"] as const).find((candidate) => model.protocols.includes(candidate));
      if (protocol === undefined) continue;
      for (const operation of model.operations.values()) {
        if (operation.output === undefined || hasEvents(operation.output.members)) continue;
        const value = randomValue(operation.output, random) as Record<string, unknown>;
        const route: AwsRoute = { model, operation: { ...operation, input: operation.output }, protocol, labels: {} };
        const { body } = codecFor(protocol).serialize(route, value, "r");
        expect(await codecFor(protocol).parse(route, requestOf(body as string)), `${id}.${operation.name}`).toEqual(
          value,
        );
      }
    }
  }, 120_000);

  test("checks a random input without failing", () => {
    for (const { id } of modelIndex().rows) {
      for (const { input } of loadAwsModel(id)!.operations.values()) {
        if (input !== undefined) violationsOf(input, randomValue(input, random), { refusesUnknownEnumValues: true });
      }
    }
  }, 120_000);
});

function hasEvents(
  members: ReadonlyMap<string, { readonly shape: { readonly type: string; readonly isEventStream?: boolean } }>,
): boolean {
  return Array.from(members.values()).some(({ shape }) => shape.isEventStream === true);
}

describe("ten thousand broken bodies", () => {
  const SEEDS: readonly [string, string, string][] = [
    [
      "dynamodb",
      "PutItem",
      '{"TableName":"t","Item":{"a":{"S":"x"},"b":{"L":[{"N":"1"},{"B":"AAA="}]}},"ReturnValues":"NONE"}',
    ],
    [
      "sqs",
      "SendMessage",
      '{"QueueUrl":"http://h/1/q","MessageBody":"b","DelaySeconds":3,' +
        '"MessageAttributes":{"k":{"DataType":"String","StringValue":"v"}}}',
    ],
    [
      "s3",
      "DeleteObjects",
      "<?xml version='1.0'?><Delete xmlns=\"x\"><Object><Key>a&amp;b</Key></Object>" +
        "<!-- c --><Quiet>true</Quiet></Delete>",
    ],
    ["iam", "CreateUser", "Action=CreateUser&Version=2010-05-08&UserName=u&Tags.member.1.Key=k&Tags.member.1.Value=v"],
    ["ec2", "DescribeVpcs", "Action=DescribeVpcs&Filter.1.Name=n&Filter.1.Value.1=v&VpcId.1=vpc-1&MaxResults=5"],
    [
      "lambda",
      "CreateFunction",
      '{"FunctionName":"f","Role":"r","Code":{"ZipFile":"AAAA"},"Environment":{"Variables":{"a":"b"}}}',
    ],
    [
      "cloudwatch",
      "PutMetricData",
      "\u00bf\u0069Namespace\u0061n\u006aMetricData\u0081\u00a1\u006aMetricName\u0061m\u00ff",
    ],
  ];

  for (const [id, name, seed] of SEEDS) {
    test(`of ${id} are read or refused by name, never anything else`, async () => {
      const model = loadAwsModel(id)!;
      const operation = model.operations.get(name)!;
      const isCbor = id === "cloudwatch";
      const protocol = isCbor ? "rpc-v2-cbor" : model.protocols[0]!;
      const bytes = Buffer.from(seed, "latin1");
      let refused = 0;
      for (let i = 0; i < 1500; i++) {
        const broken = Buffer.from(bytes);
        for (const byte of random.bytes(1 + (i % 4))) broken[(byte * 7 + i) % broken.length] = random.bytes(1)[0]!;
        const cut = i % 5 === 0 ? broken.subarray(0, i % broken.length) : broken;
        try {
          await codecFor(protocol).parse({ model, operation, protocol, labels: {} }, requestOf(cut));
        } catch (problem) {
          if (!(problem instanceof AwsFailure) || problem.failure.status !== 400) throw problem;
          refused++;
        }
      }
      expect(refused).toBeGreaterThan(0);
    });
  }
});
