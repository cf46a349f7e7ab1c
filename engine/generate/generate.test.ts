import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Type } from "typebox";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { awsService, type BoundOperations } from "../clouds/aws/binding.ts";
import { coverageOf, modelledOnly } from "../clouds/aws/coverage.ts";
import { loadAwsModel } from "../protocols/aws/load-model.ts";
import { service } from "../services/manifest.ts";
import { operation } from "../services/operation.ts";
import { resourceType } from "../services/resource-type.ts";
import { createRegistry } from "../stack/registry/registry.ts";
import { awsTypesSource } from "./aws-types.ts";
import { coveragePages } from "./coverage-pages.ts";
import { emitter } from "./emit.ts";
import { typePages } from "./type-pages.ts";

const Queue = resourceType({
  name: "AWS::SQS::Queue",
  summary: "A queue.",
  properties: Type.Object({ QueueName: Type.Optional(Type.String()), Tags: Type.Array(Type.String()) }),
  attributes: Type.Object({ Arn: Type.String() }),
  ref: "Arn",
  replacement: { QueueName: "always" },
  recordedOnly: ["Tags"],
  examples: [{ title: "a queue", properties: { Tags: [] } }],
  handlers: {
    create: async () => ({ id: "1", properties: { Tags: [] }, attributes: { Arn: "arn" } }),
    read: async () => undefined,
    update: async () => ({ id: "1", properties: { Tags: [] }, attributes: { Arn: "arn" } }),
    delete: async () => undefined,
    list: async () => [],
  },
});
const queues = service({
  name: "queues",
  summary: "Queues | of messages.",
  operations: {
    createQueue: operation({
      summary: "Creates.",
      input: Type.Object({}),
      output: Type.Object({}),
      effects: "write",
      errors: [],
      run: async () => ({}),
    }),
  },
  errors: {},
  resources: [],
  limits: ["Messages are small."],
});
const row = (declared: { accepted?: readonly string[]; recordedOnly?: readonly string[] } = {}) => ({
  to: "createQueue",
  in: () => ({}),
  out: () => ({}),
  ...declared,
});
const tagging = row({ accepted: ["QueueUrl"], recordedOnly: ["Tags"] });
const sqs = awsService({
  model: "sqs",
  bound: [{ service: queues, rows: { CreateQueue: row(), TagQueue: tagging } } as unknown as BoundOperations],
  wireErrors: {},
  resources: [Queue],
});

describe("coverage", () => {
  test("says of every operation of the model whether it is done, partial or missing", () => {
    const { counts, operations, limits, name } = coverageOf(sqs);
    expect({ name, counts, limits }).toEqual({
      name: "SQS",
      counts: { done: 1, partial: 1, missing: 21 },
      limits: ["Messages are small."],
    });
    expect(operations.filter((operation) => operation.state !== "missing")).toEqual([
      { name: "CreateQueue", state: "done", accepted: [], recordedOnly: [], boundTo: "queues.createQueue" },
      {
        name: "TagQueue",
        state: "partial",
        accepted: ["QueueUrl"],
        recordedOnly: ["Tags"],
        boundTo: "queues.createQueue",
      },
    ]);
  });

  test("names the resource types of a service", () => {
    expect(coverageOf(sqs).resourceTypes).toEqual(["AWS::SQS::Queue"]);
  });

  test("counts the services that are modelled only", () => {
    const others = modelledOnly([sqs]);
    expect(others).toHaveLength(438);
    expect(others.some((other) => other.id === "sqs")).toBe(false);
  });

  test("is written as one page per bound service, one for the others and one for resource types", () => {
    const pages = coveragePages([queues], [sqs]);
    expect([...pages.keys()]).toEqual(["README.md", "aws-modelled.md", "resource-types.md", "aws/sqs.md"]);
    expect(pages.get("README.md")).toContain("| [SQS](aws/sqs.md) | 23 | 1 | 1 | 21 |");
    expect(pages.get("README.md")).toContain("[438 more services](aws-modelled.md) with 19769 operations");
    expect(pages.get("README.md")).toContain("| `queues` | 1 | Queues \\| of messages. |");
    expect(pages.get("aws/sqs.md")).toContain("| TagQueue | partial | `Tags` | `QueueUrl` |");
    expect(pages.get("aws/sqs.md")).toContain("- [AWS::SQS::Queue](../../types/AWS-SQS-Queue.md)");
    expect(pages.get("aws-modelled.md")).toContain("| `ec2` | EC2 | 830 | ec2 |");
    const row = "| [AWS::SQS::Queue](../types/AWS-SQS-Queue.md) | 1 | `Tags` |  |";
    expect(pages.get("resource-types.md")).toContain(row);
  });
});

describe("pages of resource types", () => {
  const pages = typePages(createRegistry([], [{ type: Queue, service: queues }]));

  test("are one per type, and a list of them", () => {
    expect([...pages.keys()]).toEqual(["README.md", "AWS-SQS-Queue.md"]);
    expect(pages.get("README.md")).toContain("| [AWS::SQS::Queue](AWS-SQS-Queue.md) | A queue. |  |");
  });

  test("tell what a change of each property does, and show a template that deploys", () => {
    const page = pages.get("AWS-SQS-Queue.md");
    expect(page).toContain("| `QueueName` | text |  |  | replaces |  |");
    expect(page).toContain("| `Tags` | list of texts | yes |  | in place | *Recorded only: nothing acts on it yet.* |");
    expect(page).toContain("`Ref` gives `Arn`.");
    expect(page).toContain("A queue:\n\n```yaml\nResources:\n  Queue:\n    Type: AWS::SQS::Queue\n");
  });
});

describe("the types of operations", () => {
  test("say what is required, what streams, and leave enums open", () => {
    const types = awsTypesSource(loadAwsModel("sqs")!);
    expect(types).toContain("export interface SqsOperations {\n");
    expect(types).toContain("  SendMessage: { input: SendMessageRequest; output: SendMessageResult };\n");
    expect(types).toContain("  DeleteQueue: { input: DeleteQueueRequest; output: {} };\n");
    expect(types).toContain(
      "export interface MessageAttributeValue {\n  StringValue?: string;\n  BinaryValue?: Uint8Array;\n",
    );
    expect(types).toContain('  MessageSystemAttributeNames?: ("All" | "SenderId" |');
    expect(awsTypesSource(loadAwsModel("s3")!)).toContain("  Body?: Readable | Uint8Array;\n");
  });

  test("rename what the language calls so already", () => {
    expect(awsTypesSource(loadAwsModel("s3")!)).toContain("export interface S3Object {\n");
  });
});

describe("keeping generated files", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "cloudstacks-emit-"));
    mkdirSync(join(root, "docs"));
    writeFileSync(join(root, "docs/old.md"), "old");
    writeFileSync(join(root, "docs/kept.txt"), "by hand");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function run(checkOnly: boolean): readonly string[] {
    const emit = emitter(root, checkOnly);
    emit.file("docs/new.md", "new");
    emit.sweep("docs", (name) => name.endsWith(".md"));
    return emit.stale;
  }

  test("writes what differs, removes what nothing writes any more, and leaves the rest", () => {
    expect(run(false)).toEqual(["docs/new.md", "docs/old.md"]);
    expect(readdirSync(join(root, "docs")).sort()).toEqual(["kept.txt", "new.md"]);
    expect(readFileSync(join(root, "docs/new.md"), "utf8")).toBe("new");
    expect(run(false)).toEqual([]);
  });

  test("a check names what is stale and touches nothing", () => {
    expect(run(true)).toEqual(["docs/new.md", "docs/old.md"]);
    expect(readdirSync(join(root, "docs")).sort()).toEqual(["kept.txt", "old.md"]);
  });
});
