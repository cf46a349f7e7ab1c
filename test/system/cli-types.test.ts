import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { ROOT, startServer } from "./kit/cloudstack.ts";
import { ownFolder } from "./kit/own-folder.ts";

const { folder, json, run } = ownFolder();

describe("CloudFormation's types", () => {
  test("stand beside native ones in a stack, and what they make is what clients see", async () => {
    copyFileSync(join(ROOT, "templates/aws-intake.yaml"), join(folder.path, "web.yaml"));
    const server = await startServer(folder.path);
    try {
      expect(await run("deploy", "web.yaml", "--yes")).toMatchObject({ code: 0, err: "" });
      expect((await run("plan", "web.yaml", "--detailed-exitcode")).code).toBe(0);
      const outputs = await json<Record<string, string>>("outputs", "web");
      const client = {
        endpoint: server.endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: "000000000000", secretAccessKey: "test" },
      };
      const { Buckets } = await new S3Client({ ...client, forcePathStyle: true }).send(new ListBucketsCommand({}));
      expect(Buckets?.map(({ Name }) => Name)).toEqual([outputs["Bucket"]]);
      const { QueueUrls } = await new SQSClient(client).send(new ListQueuesCommand({}));
      const names = QueueUrls?.map((url) => url.split("/").at(-1));
      expect(names).toContain(outputs["QueueUrl"]?.split("/").at(-1));
      expect(names).toHaveLength(3);
      expect((await run("destroy", "web", "--yes")).code).toBe(0);
      expect((await run("resources")).out).toBe("There is nothing.\n");
    } finally {
      await server.end("SIGTERM");
    }
  });

  test("and native ones are listed once, under both names", async () => {
    copyFileSync(join(ROOT, "templates/aws-intake.yaml"), join(folder.path, "web.yaml"));
    await run("deploy", "web.yaml", "--yes");
    type Listing = { resources: { type: string; alsoCalled?: string[] }[] };
    const { resources } = await json<Listing>("resources");
    const shown = resources.map(({ type, alsoCalled = [] }) => [type, ...alsoCalled].join(" "));
    expect(shown).toEqual([
      "AWS::S3::BucketPolicy",
      "AWS::SQS::QueuePolicy",
      "Bucket AWS::S3::Bucket",
      "Queue AWS::SQS::Queue",
      "Queue AWS::SQS::Queue",
      "Queue AWS::SQS::Queue",
      "Subscription AWS::SNS::Subscription",
      "Table AWS::DynamoDB::Table",
      "Topic AWS::SNS::Topic",
    ]);
    const asked = await json<Listing>("resources", "--type", "AWS::SQS::Queue");
    expect(asked.resources).toHaveLength(3);
  });
});

describe("the manual of types", () => {
  test("lists them and explains each, and a property of each, without an engine", async () => {
    const { types } = await json<{ types: { name: string; twinOf?: string }[] }>("types");
    expect(types.find(({ name }) => name === "AWS::S3::Bucket")?.twinOf).toBe("Bucket");
    const { out } = await run("explain", "Snapshot");
    expect(out).toBe(`Snapshot  A volume as it was at one moment; stands alone once taken.
  Ref gives SnapshotID; Fn::GetAtt: SnapshotID, Name, VolumeID

properties
  VolumeID  text          required; replaces the resource; Ref of Volume; The volume it is taken of.
  Name      text          A name for people; generated when omitted.
  Labels    map of texts  Labels as key and value.

example  a snapshot of a volume
  Resources:
    Volume:
      Type: Volume
      Properties:
        Name: disk
        Size: 20
        Labels:
          tier: front
    Snapshot:
      Type: Snapshot
      Properties:
        VolumeID:
          Ref: Volume
        Name: before-upgrade
        Labels: {}
`);
    expect((await run("explain", "AWS::SQS::Queue.RedrivePolicy")).out).toBe(`AWS::SQS::Queue.RedrivePolicy  map or text
  a change  is made in place

below it
  deadLetterTargetArn  text
  maxReceiveCount      whole number
`);
  });

  test("says what was probably meant", async () => {
    expect((await run("explain", "Stack")).out).toContain("Stack  A template within a template");
    expect(await run("explain", "AWS::SQS::Queu")).toMatchObject({
      code: 1,
      err: 'error: There is nothing to explain called "AWS::SQS::Queu".\n  Did you mean AWS::SQS::Queue?\n',
    });
    expect((await run("explain", "Queue.Labls")).err).toBe(
      'error: Queue has no property "Labls".\n  did you mean "Labels"?\n',
    );
  });
});
