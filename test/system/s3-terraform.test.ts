import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  GetBucketTaggingCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../engine/testing/cloud.ts";

/** Providers on this machine; Terraform never asks the network for them. */
const MIRRORS = [process.env["CLOUDSTACKS_TERRAFORM_MIRROR"], "/opt/tf-plugins", "/usr/share/terraform/plugins"];
const mirror = MIRRORS.find(
  (folder) => folder !== undefined && existsSync(join(folder, "registry.terraform.io/hashicorp/aws")),
);
if (mirror === undefined)
  console.warn("SKIPPED: no mirror of the hashicorp/aws provider; set CLOUDSTACKS_TERRAFORM_MIRROR to its folder.");

describe.skipIf(mirror === undefined)("Terraform's AWS provider manages buckets", { timeout: 600_000 }, () => {
  let cloud: TestCloud;
  let folder: string;

  const terraform = (...args: string[]) =>
    new Promise<{ code: number; text: string }>((resolve) => {
      const env = {
        ...process.env,
        TF_CLI_CONFIG_FILE: join(folder, "terraform.rc"),
        TF_VAR_endpoint: cloud.endpoint,
        TF_IN_AUTOMATION: "1",
      };
      execFile("terraform", args, { cwd: folder, env, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), text: stdout + stderr });
      });
    });
  const succeed = async (...args: string[]) => {
    expect(await terraform(...args)).toMatchObject({ code: 0 });
  };

  beforeAll(async () => {
    cloud = await startCloud();
    folder = mkdtempSync(join(tmpdir(), "cloudstacks-terraform-"));
    cpSync(join(import.meta.dirname, "terraform/s3/main.tf"), join(folder, "main.tf"));
    const installation = [
      "provider_installation {",
      "  filesystem_mirror {",
      `    path = ${JSON.stringify(mirror)}`,
      "  }",
      "}",
      "",
    ].join("\n");
    writeFileSync(join(folder, "terraform.rc"), installation);
    await succeed("init", "-no-color", "-input=false");
  });
  afterAll(async () => {
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("apply, empty plan, change of everything, apply, empty plan, destroy", async () => {
    const s3 = new S3Client({ ...cloud.aws(), forcePathStyle: true });
    const Bucket = "quarterly-reports";
    const stages = [
      { stage: "first", body: "profit", tag: { Key: "old", Value: "yes" }, versions: 1 },
      // Versioning is suspended with the second: its version is called null and stands beside the first.
      { stage: "second", body: "loss", tag: { Key: "tier", Value: "2" }, versions: 2 },
    ];
    for (const { stage, body, tag, versions } of stages) {
      const variable = `-var=stage=${stage}`;
      await succeed("apply", "-no-color", "-auto-approve", variable);
      const plan = await terraform("plan", "-no-color", "-detailed-exitcode", variable);
      expect(plan).toMatchObject({ code: 0 });
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: "2030/über uns.txt" }));
      expect([await got.Body?.transformToString(), got.ContentType, got.Metadata]).toEqual([
        body,
        "text/plain",
        { author: "ada" },
      ]);
      expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toContainEqual(tag);
      expect((await s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions).toHaveLength(versions);
    }
    await succeed("destroy", "-no-color", "-auto-approve", "-var=stage=second");
    expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
    s3.destroy();
  });
});
