import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  GetBucketTaggingCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect, onTestFinished, test } from "vitest";
import { startCloud } from "../../engine/testing/cloud.ts";
import { isTerraformMissing, terraformIn } from "./kit/terraform.ts";
import { environmentOf } from "./kit/terraform-folder.ts";

const resources = readFileSync(join(import.meta.dirname, "terraform/s3.tf"), "utf8");
const configurations = readFileSync(join(import.meta.dirname, "terraform/s3-buckets.tf"), "utf8");

describe.skipIf(isTerraformMissing)("Terraform's AWS provider manages buckets", () => {
  test("apply, empty plan, change of everything, apply, empty plan, destroy", async () => {
    const cloud = await startCloud();
    onTestFinished(() => cloud.stop());
    const terraform = await terraformIn(environmentOf(cloud.endpoint), resources);
    onTestFinished(() => terraform.remove());
    const s3 = new S3Client({ ...cloud.aws(), forcePathStyle: true });
    const Bucket = "quarterly-reports";
    const stages = [
      { stage: "first", body: "profit", tag: { Key: "old", Value: "yes" }, versions: 1 },
      // Versioning is suspended with the second: its version is called null and stands beside the first.
      { stage: "second", body: "loss", tag: { Key: "tier", Value: "2" }, versions: 2 },
    ];
    for (const { stage, body, tag, versions } of stages) {
      await terraform.settle(stage);
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: "2030/über uns.txt" }));
      expect([await got.Body?.transformToString(), got.ContentType, got.Metadata]).toEqual([
        body,
        "text/plain",
        { author: "ada" },
      ]);
      expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toContainEqual(tag);
      expect((await s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions).toHaveLength(versions);
    }
    await terraform.run("destroy", "second", "-auto-approve");
    expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
    s3.destroy();
  });

  test("every configuration of a bucket: apply, empty plan, change, empty plan, destroy", async () => {
    const cloud = await startCloud();
    onTestFinished(() => cloud.stop());
    const terraform = await terraformIn(environmentOf(cloud.endpoint), configurations);
    onTestFinished(() => terraform.remove());
    for (const stage of ["first", "second"]) await terraform.settle(stage);
    expect(JSON.parse(await terraform.run("output", undefined, "-json", "found"))).toEqual({
      region: "us-east-1",
      etag: "b8a9f715dbb64fd5c56e7783c6820a61",
      keys: ["in/a.mp4"],
      owner: 64,
    });
    await terraform.run("destroy", "second", "-auto-approve");
  });
});
