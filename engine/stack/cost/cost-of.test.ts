import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { awsStacksUnderTest } from "../../testing/aws-stacks.ts";
import { TEST_SCOPE } from "../../testing/stack-engine.ts";
import { costOf } from "./cost-of.ts";
import type { CostReport, MonthlyCost } from "./report.ts";
import { readUsage } from "./usage.ts";

async function inspected(text: string, before?: string, region: string = TEST_SCOPE.region) {
  const under = awsStacksUnderTest();
  if (before !== undefined) await under.deploy(before);
  const source = { file: "web.yaml", text };
  const scope = { ...TEST_SCOPE, region };
  const { resources, diagnostics } = await under.stacks.inspect({ scope, stack: "web", source });
  if (!resources) throw new Error(JSON.stringify(diagnostics));
  return resources;
}

async function reported(text: string, usage = "", options: { before?: string; region?: string } = {}) {
  const resources = await inspected(text, options.before, options.region);
  const read = readUsage({ file: "cost.yaml", text: usage }, resources);
  expect(read.diagnostics).toEqual([]);
  return costOf(resources, read.usage, "cost.yaml");
}

const words = (cost: MonthlyCost | undefined) =>
  cost && [cost.amount ?? "unknown", ...cost.unknown.map(({ what, why }) => `${what}: ${why}`)];
const afterOf = (report: CostReport) =>
  Object.fromEntries(report.resources.map(({ resource, after }) => [resource, words(after)]));

describe("what a plan costs", () => {
  test("is worked out from the price book and what is assumed, before and after", async () => {
    const before = "Resources: {Files: {Type: Bucket}, Old: {Type: Queue}}";
    const text = "Resources: {Files: {Type: AWS::S3::Bucket, Properties: {BucketName: files-2}}, Jobs: {Type: Queue}}";
    const usage = `resources:
  Files: {storageGb: 100, putRequests: 1000000, getRequests: 5000000}
  web/Jobs: {requests: 10000000}
  Old: {requests: 1000000}
`;
    const report = await reported(text, usage, { before });
    expect(report).toMatchObject({
      currency: "USD",
      pricesAsOf: "2026-11-21",
      usageFile: "cost.yaml",
      before: { amount: 9.7, unknown: 0 },
      after: { amount: 13.3, unknown: 0 },
    });
    expect(report.resources.find(({ resource }) => resource === "Files")?.after?.items).toEqual([
      { what: "storage, Standard", quantity: 100, unit: "GB-month", price: 0.023, amount: 2.3 },
      { what: "PUT, COPY, POST, LIST", quantity: 1, unit: "million requests", price: 5, amount: 5 },
      { what: "GET and others", quantity: 5, unit: "million requests", price: 0.4, amount: 2 },
    ]);
    expect(report.resources.find(({ resource }) => resource === "Old")).toMatchObject({
      action: "delete",
      before: { amount: 0.4 },
    });
    expect(report.resources.find(({ resource }) => resource === "Old")).not.toHaveProperty("after");
  });

  test("is unknown, never zero, where nothing tells it, and says why", async () => {
    const report = await reported(`Resources:
  Files: {Type: Bucket}
  Web: {Type: Instance, Properties: {Image: alpine}}
  Copy: {Type: Snapshot, Properties: {VolumeID: !Ref Disk}}
  Disk: {Type: Volume}
  Net: {Type: VPC}
`);
    expect(afterOf(report)).toEqual({
      Files: [
        "unknown",
        "storage: its usage is not told: storageGb",
        "PUT requests: its usage is not told: putRequests",
        "GET requests: its usage is not told: getRequests",
      ],
      Web: ["unknown", "compute: its usage does not tell which machine it stands for: instanceType"],
      Copy: ["unknown", "Snapshot: the price book has no figure for this type"],
      Disk: ["unknown", "storage: its usage does not tell which volume it stands for: volumeType"],
      Net: [0],
    });
    expect(report.after).toEqual({ amount: 0, unknown: 4 });
  });

  test("of a region without figures is unknown", async () => {
    const usage = "defaults: {Queue: {requests: 1000000}}";
    const report = await reported("Resources: {Jobs: {Type: Queue}}", usage, { region: "eu-north-1" });
    expect(afterOf(report)).toEqual({ Jobs: ["unknown", "requests: the price book has no figure for eu-north-1"] });
  });

  test("of a table follows its billing, its indexes and its recovery", async () => {
    const keySchema = "KeySchema: [{AttributeName: id, KeyType: HASH}]";
    const keys = `AttributeDefinitions: [{AttributeName: id, AttributeType: S}], ${keySchema}`;
    const capacity = "ProvisionedThroughput: {ReadCapacityUnits: 10, WriteCapacityUnits: 5}";
    const index = `{IndexName: by-id, ${keySchema}, Projection: {ProjectionType: ALL}, ${capacity}}`;
    const report = await reported(
      `Resources:
  Fixed: {Type: AWS::DynamoDB::Table, Properties: {${keys}, ${capacity}, GlobalSecondaryIndexes: [${index}]}}
  Open: {Type: Table, Properties: {PartitionKey: {Name: id, Type: S}, PointInTimeRecovery: true}}
`,
      "resources:\n  Open: {storageGb: 10, readUnits: 8000000, writeUnits: 2000000}\n",
    );
    expect(afterOf(report)).toEqual({
      // (5 + 5) x 730 x 0.00065 + (10 + 10) x 730 x 0.00013
      Fixed: [6.643, "storage: its usage is not told: storageGb"],
      // 2 x 0.625 + 8 x 0.125 + 10 x 0.25 + 10 x 0.2
      Open: [6.75],
    });
  });

  test("of machines and volumes is that of what they are said to stand for", async () => {
    const text = `Resources:
  Web: {Type: Instance, Properties: {Image: a}}
  Disk: {Type: Volume, Properties: {Size: 50}}
`;
    const usage = "defaults:\n  Instance: {instanceType: m5.large}\n  Volume: {volumeType: gp3}\n";
    const report = await reported(text, usage);
    expect(afterOf(report)).toEqual({ Web: [70.08], Disk: [4] });
  });

  test("goes on for what is let go", async () => {
    const before = "Resources: {Jobs: {Type: Queue, DeletionPolicy: Retain}}";
    const usage = "defaults: {Queue: {requests: 1000000}}";
    const report = await reported("Resources: {Net: {Type: VPC}}", usage, { before });
    expect(report).toMatchObject({ before: { amount: 0.4 }, after: { amount: 0.4 } });
  });

  test("grows with what is used, and its total is the sum of its parts", async () => {
    const resources = await inspected("Resources: {A: {Type: Bucket}, B: {Type: Bucket}}");
    const amountOf = (storageGb: number) =>
      costOf(resources, { defaults: { Bucket: { storageGb, putRequests: 0, getRequests: 0 } }, resources: {} });
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (less, more) => {
        const [small, large] = [amountOf(Math.min(less, more)), amountOf(Math.max(less, more))];
        expect(small.after.amount).toBeLessThanOrEqual(large.after.amount);
        const sum = large.resources.reduce((total, { after }) => total + (after?.amount ?? Number.NaN), 0);
        expect(large.after.amount).toBeCloseTo(sum, 5);
      }),
    );
  });
});

describe("usage assumptions", () => {
  const problems = async (text: string) => {
    const resources = await inspected("Resources: {Uploads: {Type: Bucket}, Jobs: {Type: Queue}}");
    const { diagnostics } = readUsage({ file: "cost.yaml", text }, resources);
    return diagnostics.map(({ message, range, hint }) =>
      [`${range?.line}:${range?.column} ${message}`, hint ?? []].flat().join("; "),
    );
  };

  test.each([
    [
      "resources:\n  Uploads: {storage: 1}\n",
      '2:13 unknown property "storage" of resources.Uploads of cost.yaml; did you mean "storageGb"?',
    ],
    ["resources:\n  Upload: {storageGb: 1}\n", '2:3 there is no resource "Upload"; did you mean "Uploads"?'],
    ["resources:\n  Jobs: {storageGb: 1}\n", '2:10 Queue has no usage "storageGb"; it takes requests'],
    ["defaults:\n  Buckets: {storageGb: 1}\n", '2:3 no usage of Buckets has a price; did you mean "Bucket"?'],
    [
      "resources:\n  Uploads: {storageGb: -1}\n",
      "2:24 resources.Uploads.storageGb of cost.yaml must be at least 0, not -1",
    ],
    ["- storageGb\n", "1:1 cost.yaml is a map, not a list"],
  ])("%j is refused where it stands", async (text, problem) => {
    expect(await problems(text)).toEqual([problem]);
  });

  test("are told all that is wrong with them at once", async () => {
    const text = "resources:\n  Upload: {storageGb: 1}\n  Jobs: {requests: many, storageGb: 1}\ndefaults: [Queue]\n";
    expect(await problems(text)).toEqual([
      '2:3 there is no resource "Upload"; did you mean "Uploads"?',
      '3:20 resources.Jobs.requests of cost.yaml takes a number, not "many"',
      '3:26 Queue has no usage "storageGb"; it takes requests',
      "4:11 defaults of cost.yaml takes a map, not a list",
    ]);
  });

  test("may speak of what could not be planned", async () => {
    const resources = await inspected("Resources: {Jobs: {Type: Queue}}");
    const source = { file: "cost.yaml", text: "resources: {Files: {storageGb: 1}}\n" };
    expect(readUsage(source, resources, false).diagnostics).toEqual([]);
    expect(readUsage(source, resources).diagnostics).toHaveLength(1);
  });

  test("may speak of stacks that are not looked at", async () => {
    expect(await problems("resources:\n  other/Files: {storageGb: 1}\n")).toEqual([]);
    expect(await problems("resources:\n  web/Files: {storageGb: 1}\n")).toHaveLength(1);
  });
});
