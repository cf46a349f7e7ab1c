import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { App, IncludedCdkApp, IncludedTemplate, Resource, Stack, Tags } from "../index.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "constructs-include-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** A template without where its resources were made. */
const declared = (stack: Stack): unknown =>
  JSON.parse(
    JSON.stringify(stack.toTemplate(), (key, value: unknown) => (key.startsWith("cloudstacks:") ? undefined : value)),
  );

const YAML = `
Parameters:
  Stage: {Type: String, Default: dev}
  Tier: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Condition: IsProd
    DeletionPolicy: Retain
    Metadata: {Owner: ops}
    Properties:
      QueueName: !Sub "jobs-\${Stage}-\${Tier}"
      Tags: [{Key: tier, Value: !Ref Tier}]
  Fn::ForEach::Shards:
    - Shard
    - [a, b]
    - Work\${Shard}: {Type: Queue, Properties: {Labels: {shard: !Ref Shard}}}
Outputs:
  Url: {Value: !GetAtt Jobs.QueueUrl, Condition: IsProd}
`;

describe("an included template", () => {
  test("is a part of the stack under its own names", () => {
    const stack = new Stack(new App(), "Web");
    new IncludedTemplate(stack, "Old", { file: file("old.yaml", YAML) });
    expect(declared(stack)).toEqual({
      Parameters: { Stage: { Type: "String", Default: "dev" }, Tier: { Type: "String" } },
      Conditions: { IsProd: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] } },
      Resources: {
        Jobs: {
          Type: "AWS::SQS::Queue",
          Condition: "IsProd",
          DeletionPolicy: "Retain",
          Metadata: { Owner: "ops" },
          Properties: {
            QueueName: { "Fn::Sub": "jobs-${Stage}-${Tier}" },
            Tags: [{ Key: "tier", Value: { Ref: "Tier" } }],
          },
        },
        "Fn::ForEach::Shards": [
          "Shard",
          ["a", "b"],
          { "Work${Shard}": { Type: "Queue", Properties: { Labels: { shard: { Ref: "Shard" } } } } },
        ],
      },
      Outputs: { Url: { Condition: "IsProd", Value: { "Fn::GetAtt": ["Jobs", "QueueUrl"] } } },
    });
  });

  test("takes values for its parameters, and changes to its resources", () => {
    const stack = new Stack(new App(), "Web");
    const tier = new Resource(stack, "Tier", { type: "Bucket" });
    const old = new IncludedTemplate(stack, "Old", {
      file: file("old.yaml", YAML),
      parameters: { Tier: tier.ref },
    });
    const jobs = old.resource("Jobs");
    jobs.addPropertyOverride("DelaySeconds", 5);
    jobs.addDependency(tier);
    new Resource(stack, "Alarm", { type: "Topic", properties: { Labels: { of: jobs.getAtt("Arn") } } });
    expect(declared(stack)).toMatchObject({
      Parameters: { Stage: { Type: "String", Default: "dev" } },
      Resources: {
        Jobs: {
          DependsOn: ["Tier"],
          Properties: {
            QueueName: { "Fn::Sub": ["jobs-${Stage}-${Tier}", { Tier: { Ref: "Tier" } }] },
            Tags: [{ Key: "tier", Value: { Ref: "Tier" } }],
            DelaySeconds: 5,
          },
        },
        Alarm: { Properties: { Labels: { of: { "Fn::GetAtt": ["Jobs", "Arn"] } } } },
      },
    });
  });

  test("is refused where it asks for what cannot be included, by name", () => {
    const stack = new Stack(new App(), "Web");
    const include = (id: string, content: unknown, parameters = {}) =>
      new IncludedTemplate(stack, id, { file: file(`${id}.json`, content), parameters });
    expect(() => include("a", { Transform: "AWS::Serverless-2016-10-31" })).toThrow(
      `${folder}/a.json: the transform AWS::Serverless-2016-10-31 cannot be included`,
    );
    expect(() => include("b", { Resources: { Jobs: {} } })).toThrow(`${folder}/b.json: the resource Jobs has no Type`);
    expect(() => include("c", { Hooks: {} })).toThrow(`${folder}/c.json: the section Hooks cannot be included`);
    expect(() => include("d", { Resources: {} }, { Stage: "x" })).toThrow(
      'the template has no parameter "Stage": it has none',
    );
    expect(() => include("e", { Resources: {} }).resource("Jobs")).toThrow(
      'the template has no resource "Jobs": it has none',
    );
    expect(() => include("f", "a: [")).toThrow(`${folder}/f.json cannot be read: `);
  });
});

test("a synthesized CDK app keeps its stacks' names, order, parameters and assets", () => {
  mkdirSync(join(folder, "asset.1"));
  file("asset.1/index.js", "exports.handler = 1");
  file("Net.template.json", { Resources: { Topic: { Type: "AWS::SNS::Topic" } } });
  file("Shop.template.json", {
    Resources: { Jobs: { Type: "AWS::SQS::Queue" } },
    Parameters: { BootstrapVersion: { Type: "String" } },
    Rules: { CheckBootstrapVersion: { Assertions: [] } },
  });
  file("Shop.assets.json", {
    files: {
      "1": {
        source: { path: "asset.1", packaging: "zip" },
        destinations: { here: { bucketName: "cdk-assets-${AWS::AccountId}", objectKey: "1.zip" } },
      },
      "2": {
        source: { path: "Shop.template.json", packaging: "file" },
        destinations: { here: { bucketName: "cdk-assets-${AWS::AccountId}", objectKey: "2.json" } },
      },
    },
  });
  file("manifest.json", {
    artifacts: {
      "Shop.assets": { type: "cdk:asset-manifest", properties: { file: "Shop.assets.json" } },
      Shop: {
        type: "aws:cloudformation:stack",
        environment: "aws://unknown-account/eu-west-1",
        dependencies: ["Shop.assets", "Net"],
        properties: { templateFile: "Shop.template.json", stackName: "shop", tags: { team: "shop" } },
      },
      Net: { type: "aws:cloudformation:stack", environment: "aws://unknown-account/eu-west-1", properties: {} },
      Tree: { type: "cdk:tree" },
    },
  });
  const app = new App();
  const cdk = new IncludedCdkApp(app, "Cdk", { directory: folder });
  cdk.template("shop").resource("Jobs").addPropertyOverride("QueueName", "jobs");
  Tags.of(cdk).add("app", "cdk");
  const { stacks } = app.synth({ outdir: join(folder, "out") });
  expect(stacks.map(({ name, region, dependencies, tags }) => ({ name, region, dependencies, tags }))).toEqual([
    { name: "Net", region: "eu-west-1", dependencies: [], tags: {} },
    { name: "shop", region: "eu-west-1", dependencies: ["Net"], tags: { team: "shop" } },
  ]);
  const bucket = "cdk-assets-${AWS::AccountId}";
  expect(stacks[1]?.assets).toMatchObject([{ kind: "directory", bucket, key: "1.zip" }]);
  expect(declared(cdk.stack("shop"))).toEqual({
    Resources: { Jobs: { Type: "AWS::SQS::Queue", Properties: { QueueName: "jobs" }, Metadata: {} } },
  });
});
